// The tables of situations: claims, events, words.
#include "proof/situation.hpp"

namespace redress::proof {
namespace {

struct Step {
  std::string_view event;
  Situations from;
  Situations to;
};

// What a department or a person answers. A person may decide before the department was asked, and on what is unknown.
constexpr Step steps[] = {
    {"accepted", requested, in_progress},
    {"progress", in_progress, in_progress},
    {"fulfilled", requested | in_progress | unknown | unknown_accepted, fulfilled},
    {"declined", awaiting, declined_unasked},
    {"declined", requested | unknown, declined},
    {"declined", in_progress | unknown_accepted, declined_accepted},
    {"failed", requested | unknown, failed},
    {"failed", in_progress | unknown_accepted, failed_accepted},
    {"unknown", requested, unknown | unknown_accepted},
    {"unknown", in_progress, unknown_accepted},
    {"unknown", undoing, undoing},
    {"undone", undoing, undone},
    {"cancelled", cancelled, called_off},
    {"cancelled", cancelled_unasked, called_off_unasked},
};

struct Word {
  Situations situations;
  std::string_view word;
  std::string_view states;  // Between commas.
};

constexpr Word words[] = {
    {not_here, "not committed", ""},
    {awaiting, "awaiting its approval", "awaiting_approval"},
    {requested, "requested", "requested,attempting"},
    {in_progress, "in progress", "in_progress,attempting"},
    {unknown | unknown_accepted, "unknown", "unknown"},
    {fulfilled, "fulfilled", "fulfilled"},
    {declined_unasked, "declined, since its approval was refused", "declined"},
    {declined | declined_accepted, "declined", "declined"},
    {failed | failed_accepted, "failed", "failed"},
    {cancelled_unasked | cancelled | called_off_unasked | called_off, "cancelled", "cancelled"},
    {revoked, "revoked", "revoked"},
    {undoing, "about to be undone", "undoing,unknown"},
    {undone, "undone", "undone"},
};

constexpr Situations accepted_once =
    in_progress | unknown_accepted | fulfilled | declined_accepted | failed_accepted | revoked | undoing | undone;

constexpr Situations over = ~(not_here | (open & ~undoing));

}  // namespace

Situations holding(ClaimLevel level) {
  switch (level) {
    case ClaimLevel::requested:
      return ~(not_here | awaiting | declined_unasked | cancelled_unasked | called_off_unasked);
    case ClaimLevel::accepted:
      return accepted_once;
    case ClaimLevel::fulfilled:
      return fulfilled;
    case ClaimLevel::declined:
      return declined_unasked | declined | declined_accepted;
    case ClaimLevel::failed:
      return failed | failed_accepted;
    case ClaimLevel::revoked:
      return revoked | revoked_before;
  }
  return 0;
}

Situations after_event(Situations from, std::string_view kind, bool revocable) {
  if ((from & ~not_here) == 0) return 0;
  if (kind == "revoked") return revocable && (from & fulfilled) != 0 ? revoked : 0;
  if (kind == "overdue" || kind == "at_risk") return from & open;
  Situations to = 0;
  for (const Step& step : steps) {
    if (step.event == kind && (from & step.from) != 0) to |= step.to;
  }
  return to;
}

Situations with_silent(Situations from) {
  if ((from & awaiting) != 0) from |= requested;
  return from;
}

Situations lasting(Situations from) {
  from &= open;
  for (Situations before = 0; from != before;) {
    before = from;
    from = with_silent(from) & open;
    for (const Step& step : steps)
      if ((from & step.from) != 0) from |= step.to & open;
  }
  return from;
}

Situations phases_of(Situations situations) {
  Situations phases = 0;
  for (const Situations phase : {not_here, awaiting | requested | unknown, in_progress | unknown_accepted, over})
    if ((situations & phase) != 0) phases |= phase & (~phase + 1);
  return phases;
}

std::vector<std::string> state_texts(Situations one) {
  std::vector<std::string> texts;
  for (const Word& word : words) {
    if ((word.situations & one) == 0 || word.states.empty()) continue;
    const std::size_t comma = word.states.find(',');
    texts.emplace_back(word.states.substr(0, comma));
    if (comma != std::string_view::npos) texts.emplace_back(word.states.substr(comma + 1));
  }
  return texts;
}

std::string describe(Situations situations) {
  std::string text;
  for (const Word& word : words)
    if ((word.situations & situations) != 0) text += (text.empty() ? "" : " or ") + std::string(word.word);
  return text;
}

}  // namespace redress::proof
