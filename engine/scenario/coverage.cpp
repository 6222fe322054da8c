// A state is entered where the configuration has it, and where a transition that was taken leads: one that is left again within
// the same step stands in no row.
#include "scenario/coverage.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "redress/limits.hpp"

namespace redress {

std::string_view to_string(CoverageItem::Kind kind) {
  using enum CoverageItem::Kind;
  return kind == state ? "state" : kind == transition ? "transition" : kind == reply ? "reply" : "outcome";
}

}  // namespace redress

namespace redress::scenario {

using Kind = CoverageItem::Kind;

void Coverage::begin() { last_seen_.clear(); }

void Coverage::count(std::string_view entry, const CaseRecord& after) {
  count_configuration(after.row);
  count_rules(entry);
  count_outcomes(after);
}

// With all the states around it.
void Coverage::enter(const std::string& path) {
  for (std::size_t end = path.find('.'); end != std::string::npos; end = path.find('.', end + 1))
    ++times_[{Kind::state, path.substr(0, end)}];
  ++times_[{Kind::state, path}];
}

// The same thing is counted once for as long as it stays.
void Coverage::count_once(const std::string& seen, Kind kind, const std::string& name) {
  std::string& last = last_seen_[seen];
  if (last == name) return;
  last = name;
  ++times_[{kind, name}];
}

void Coverage::count_configuration(const CaseRow& row) {
  const std::string subject = "case " + std::to_string(row.id);
  const auto configuration = Json::parse(row.configuration, nullptr, false);
  if (!configuration.is_array()) return;
  if (last_seen_.find(subject) == last_seen_.end())
    for (const std::string& path : inventory_.first_states) enter(path);
  if (last_seen_[subject] == row.configuration) return;
  last_seen_[subject] = row.configuration;
  for (const Json& path : configuration)
    if (path.is_string()) enter(path.get<std::string>());
}

void Coverage::count_rules(std::string_view entry) {
  const auto json = Json::parse(entry, nullptr, false);
  if (!json.is_object() || !json.contains("rules")) return;
  for (const Json& rule : json["rules"]) {
    if (!rule.is_object() || rule.value("taken", false) != true) continue;
    const std::string pointer = rule.value("rule", "");
    ++times_[{Kind::transition, pointer}];
    const auto found = std::find_if(inventory_.transitions.begin(), inventory_.transitions.end(),
                                    [&](const Transition& one) { return one.pointer == pointer; });
    if (found == inventory_.transitions.end()) continue;
    if (!found->source.empty()) enter(found->source);
    for (const std::string& path : found->enters) enter(path);
  }
}

void Coverage::count_outcomes(const CaseRecord& after) {
  for (const auto& [id, member] : after.members) {
    const auto row = after.commitments.find(member.commitment_id);
    if (row == after.commitments.end()) continue;
    const std::string subject = std::to_string(after.row.id) + " " + member.name + " " + std::to_string(member.instance);
    count_once("state of " + subject, Kind::outcome, member.name + " " + std::string(to_string(row->second.state)));
    count_once("lateness of " + subject, Kind::outcome, member.name + " " + std::string(to_string(row->second.due)));
  }
  for (const auto& [id, reply] : after.replies) {
    if (reply.state != ReplyState::published && reply.state != ReplyState::corrected) continue;
    count_once("reply " + std::to_string(id), Kind::reply, reply.name);
  }
}

WorkflowCoverage Coverage::result() const {
  WorkflowCoverage coverage{inventory_.file, inventory_.id, inventory_.items};
  for (CoverageItem& item : coverage.items) {
    const auto found = times_.find({item.kind, item.kind == Kind::transition ? item.pointer : item.name});
    item.times = found == times_.end() ? 0 : found->second;
  }
  return coverage;
}

}  // namespace redress::scenario
