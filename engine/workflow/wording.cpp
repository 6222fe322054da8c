// Counts by the functions that the gate counts with at run time (engine/wording), and reads what is written in the file alone.
#include "workflow/wording.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wording/bound.hpp"
#include "wording/flaws.hpp"
#include "wording/private_data.hpp"
#include "workflow/names.hpp"

namespace redress::workflow {
namespace {

using wording::Bound;
using wording::Piece;
using wording::Profile;

// One text of a reply, and where it stands.
struct Written {
  const Workflow& workflow;
  const ReplySpec& reply;
  const std::string& language;
  const std::string& channel;  // "default".
  const Template& text;
  std::string pointer;
};

std::optional<wording::Span> span_of(const expression::Type& type) {
  const auto length = expression::text_length_max(type);
  if (!length) return std::nullopt;
  const bool text = type.kind == expression::Kind::string || type.localized;
  return wording::Span{
      .signs_max = *length, .light = !text || type.light, .has_dots = text && type.has_dots, .handle = text && type.handle};
}

// Nothing where a value has no bound.
std::optional<std::vector<Piece>> pieces_of(const Written& written, const expression::Scope& scope) {
  std::vector<Piece> pieces;
  for (const Template::Piece& piece : written.text.pieces()) {
    if (piece.expression == nullptr) {
      pieces.push_back({std::string(piece.written), std::nullopt});
      continue;
    }
    std::vector<expression::Finding> found;
    const auto span = span_of(piece.expression->check(scope, found));
    if (!span || !found.empty()) return std::nullopt;
    pieces.push_back({"", span});
  }
  const std::string signature = wording::signature_in(written.workflow.rules->brand, written.language);
  if (!signature.empty()) pieces.push_back({signature, std::nullopt});
  return pieces;
}

// "{{ x.evidence.answer }} with up to 259", and where it stands.
std::pair<std::string, std::size_t> longest_part(const Written& written, const Bound& bound) {
  const auto pieces = written.text.pieces();
  std::size_t longest = 0, text = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].expression == nullptr) text += bound.by_piece[i];
    if (bound.by_piece[i] > bound.by_piece[longest] || pieces[longest].expression == nullptr) longest = i;
  }
  if (pieces[longest].expression == nullptr || bound.by_piece[longest] < text)
    return {"what is written itself, with " + std::to_string(text), 0};
  return {"{{ " + pieces[longest].expression->text() + " }}, with up to " + std::to_string(bound.by_piece[longest]),
          pieces[longest].offset};
}

bool fits(const Profile& profile, const Bound& bound) {
  return bound.length_max <= profile.length_max && (profile.bytes_max == 0 || bound.bytes_max <= profile.bytes_max);
}

std::string too_much(const Profile& profile, const Bound& bound) {
  if (bound.length_max > profile.length_max)
    return "can get " + std::to_string(bound.length_max) + " long on " + profile.name + ", which takes " +
           std::to_string(profile.length_max);
  return "can get " + std::to_string(bound.bytes_max) + " bytes long on " + profile.name + ", which takes " +
         std::to_string(profile.bytes_max);
}

// One finding for the text: what is mended for the first channel is often mended for the others.
void check_lengths(const Written& written, const std::vector<const Profile*>& profiles, const std::vector<Piece>& pieces,
                   Findings& findings) {
  std::vector<const Profile*> narrow;
  for (const Profile* profile : profiles)
    if (!fits(*profile, wording::bound_of(*profile, pieces))) narrow.push_back(profile);
  if (narrow.empty()) return;
  const Profile& first = *narrow.front();
  const Bound bound = wording::bound_of(first, pieces);
  const auto [part, offset] = longest_part(written, bound);
  std::string others;
  for (std::size_t i = 1; i < narrow.size(); ++i) others += (i == 1 ? ", and is too long for " : ", ") + narrow[i]->name;
  findings.add({.rule = "too_long",
                .pointer = written.pointer,
                .message = "the reply " + in_quotes(written.reply.name) + " in " + written.language + " " +
                           too_much(first, bound) + others + "; the most of it is " + part,
                .mend = "Write less, give the value a smaller maxLength or a pattern of Latin letters where it is declared, or "
                        "write a text of its own: { \"default\": \"...\", \"" +
                        first.name + "\": \"...\" }.",
                .inside = offset});
}

// What stands in the file: the text's own words, and those within its expressions.
void check_words(const Written& written, std::string_view words, std::size_t offset, Findings& findings) {
  const auto add = [&](const char* rule, std::size_t at, const std::string& message, const std::string& mend) {
    findings.add({.rule = rule, .pointer = written.pointer, .message = message, .mend = mend, .inside = offset + at});
  };
  if (const auto flaw = wording::find_flaw(words)) return add("signs", flaw->offset, flaw->message, flaw->mend);
  if (const std::string why = wording::looks_private(words, {}); !why.empty())
    add("privacy", 0, "the text cannot be public: " + why, "Leave it out of the text.");
  for (const auto& breach : wording::find_breaches(written.workflow.rules->brand, written.language, words))
    add("brand", breach.offset, breach.message, breach.mend);
}

void check_all_words(const Written& written, Findings& findings) {
  for (const Template::Piece& piece : written.text.pieces()) {
    if (piece.expression == nullptr) {
      check_words(written, piece.written, piece.offset, findings);
      continue;
    }
    for (const auto& literal : piece.expression->literals())
      check_words(written, literal.text, piece.offset + literal.offset, findings);
  }
}

// The channels that get this text: those to fit, and the one that it is written for.
std::vector<const Profile*> profiles_of(const Written& written, const std::map<std::string, Template>& by_channel) {
  std::vector<const Profile*> found;
  for (const Profile* profile : channels_of(written.workflow))
    if (find_text(by_channel, *profile) == &written.text) found.push_back(profile);
  const Profile& named = written.workflow.rules->on(written.channel);
  if (written.channel != "default" && std::ranges::find(found, &named) == found.end()) found.push_back(&named);
  return found;
}

}  // namespace

const Template* find_text(const std::map<std::string, Template>& by_channel, const wording::Profile& profile) {
  if (const auto own = by_channel.find(profile.name); own != by_channel.end()) return &own->second;
  for (const std::string& name : profile.other_names)
    if (const auto own = by_channel.find(name); own != by_channel.end()) return &own->second;
  const auto any = by_channel.find("default");
  return any == by_channel.end() ? nullptr : &any->second;
}

std::vector<const Profile*> channels_of(const Workflow& workflow) {
  std::vector<const Profile*> found;
  for (const Profile& profile : workflow.rules->channels) {
    const bool named = std::ranges::any_of(workflow.channels, [&](const auto& name) { return &workflow.rules->on(name) == &profile; });
    if (workflow.channels.empty() ? profile.expected : named) found.push_back(&profile);
  }
  return found;
}

void check_wording(const Workflow& workflow, const expression::Scope& scope, const Place& replies, Findings& findings) {
  for (const ReplySpec& reply : workflow.replies) {
    const auto place = member(replies, reply.name);
    const auto texts = place ? member(*place, "text") : std::nullopt;
    for (const auto& [language, by_channel] : reply.texts) {
      const auto of_language = texts ? member(*texts, language) : std::nullopt;
      if (!of_language) continue;
      for (const auto& [channel, text] : by_channel) {
        const bool alone = of_language->json->is_string();
        const Written written{workflow, reply, language, channel, text,
                              of_language->pointer + (alone ? "" : pointer_part(channel))};
        check_all_words(written, findings);
        if (const auto pieces = pieces_of(written, scope)) check_lengths(written, profiles_of(written, by_channel), *pieces, findings);
      }
    }
  }
}

}  // namespace redress::workflow
