// Guards, and what an expression reads that may not be there.
#include "proof/attempt.hpp"

#include <algorithm>

#include "workflow/names.hpp"

namespace redress::proof {

using workflow::in_quotes;
using workflow::Transition;

std::pair<std::string, std::string> Attempt::lacking(const Needs& needs) {
  for (const std::size_t field : needs.fields) {
    const std::string name = "case." + all_.terms_.fields[field];
    if (turn.after.set[field] == 0)
      return {in_quotes(name) + " may not be set yet", "Set it on every way to here, or ask for it with has(" + name + ")."};
  }
  for (const std::size_t which : needs.commitments)
    if ((situations(which) & not_here) != 0)
      return {in_quotes(spec(which).name) + " may not be committed yet",
              "Commit it on every way to here, or ask for it with has(" + spec(which).name + ".state)."};
  for (const std::size_t which : needs.evidence) {
    const std::string& name = spec(which).name;
    if (const Situations without = situations(which) & ~with_evidence; without != 0)
      return {
          "there may be no evidence of " + in_quotes(name) + ": it can be " + describe(without),
          "Read it only where " + in_quotes(name + ".fulfilled") + " has come, or ask for it with has(" + name + ".evidence)."};
  }
  return {};
}

void Attempt::read(const Needs& needs, const std::string& pointer) {
  auto [why, mend] = lacking(needs);
  if (!why.empty()) breach("unset", pointer, "", std::move(why), std::move(mend));
}

std::optional<bool> Attempt::surely(const expression::Expression& guard, Guards::Data data) const {
  return all_.guards_.surely(guard, turn.after.commitments, memory_.active, data);
}

std::optional<bool> Attempt::surely_in(const expression::Expression& guard, std::size_t which, Situations one) {
  const Situations all = std::exchange(situations(which), one);
  const auto sure = surely(guard);
  situations(which) = all;
  return sure;
}

void Attempt::read_guard(const expression::Expression& guard, const std::string& pointer) {
  Needs needs = all_.needs_of(&guard);
  const auto is_settled_in = [&](std::size_t which, Situations without) {
    for (; without != 0; without &= without - 1)
      if (!surely_in(guard, which, without & (~without + 1))) return false;
    return true;
  };
  std::erase_if(needs.evidence, [&](auto which) { return is_settled_in(which, situations(which) & ~with_evidence); });
  std::erase_if(needs.commitments, [&](auto which) { return is_settled_in(which, situations(which) & not_here); });
  read(needs, pointer);
}

void Attempt::learn(const expression::Expression& guard, bool held) {
  for (const std::size_t which : all_.needs_of(&guard).read) {
    Situations left = 0;
    for (Situations bits = situations(which); bits != 0; bits &= bits - 1) {
      const Situations one = bits & (~bits + 1);
      if (surely_in(guard, which, one).value_or(held) == held) left |= one;
    }
    if (left != 0) situations(which) = left;
  }
  const std::size_t field = all_.guards_.only_field(guard);
  if (field == Terms::npos) return;
  // Were it not set, it had turned out otherwise.
  if (surely(guard, Guards::Data::unset).value_or(held) != held) turn.after.set[field] = 1;
}

bool Attempt::holds(const Transition& transition) {
  if (!transition.guard) return true;
  guarded_ = true;
  const expression::Expression& guard = *transition.guard;
  if (const auto sure = surely(guard)) return *sure;
  turn.asks_event = turn.asks_event || reads_event(guard);
  read_guard(guard, transition.pointer + "/guard");
  const bool held = forks_.choose();
  learn(guard, held);
  if (!held && can_fail() && forks_.choose()) fail(transition.pointer + "/guard");
  return held;
}

bool Attempt::reads_event(const expression::Expression& guard) {
  const auto reads = guard.reads();
  return std::any_of(reads.begin(), reads.end(),
                     [](const std::string& path) { return path == "event" || path.starts_with("event."); });
}

void Attempt::fail(const std::string& pointer) {
  internal_.emplace_back(error_event);
  failed_at_ = pointer;
}

const Transition* Attempt::first(const std::vector<Transition>& transitions) {
  for (const Transition& transition : transitions)
    if (holds(transition)) return &transition;
  return nullptr;
}

const Transition* Attempt::handled(const std::vector<workflow::Handler>& handlers, const std::string& event) {
  for (const workflow::Handler& handler : handlers) {
    if (!handler.takes(event)) continue;
    if (const Transition* transition = first(handler.transitions)) return transition;
  }
  return nullptr;
}

}  // namespace redress::proof
