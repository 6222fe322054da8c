// Walks over `states` and what leads from one to another: `on`, `after`, `always` and `onDone` at every depth, and `reopen`.
#include "scenario/inventory.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "redress/limits.hpp"
#include "workflow/locate.hpp"
#include "workflow/names.hpp"

namespace redress::scenario {
namespace {

using Kind = CoverageItem::Kind;

constexpr std::array<std::string_view, 5> case_states{"received", "active", "waiting_customer", "resolved", "closed"};

const Json* member(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

std::string text_of(const Json& json, const char* name) {
  const Json* found = member(json, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : "";
}

// Whether some action anywhere in the workflow undoes this commitment.
bool is_undone_somewhere(const Json& json, const std::string& commitment) {
  if (json.is_object() && json.size() == 1 && text_of(json, "undo") == commitment) return true;
  return json.is_structured() &&
         std::any_of(json.begin(), json.end(), [&](const Json& part) { return is_undone_somewhere(part, commitment); });
}

class Walk {
 public:
  Walk(const NamedText& file, const Json& workflow, std::span<const std::string> manifests)
      : text_(file.text), workflow_(workflow), manifests_(manifests) {
    inventory_.file = file.name;
    inventory_.id = text_of(workflow, "id");
  }

  Inventory take() {
    if (const Json* states = member(workflow_, "states")) walk_states(*states, "/states", "");
    walk_leads(workflow_, "", "");
    if (const Json* reopen = member(workflow_, "reopen")) add_transition(*reopen, "/reopen", "", "reopen");
    for (Pending& pending : pending_) resolve(pending);
    inventory_.first_states = entered(text_of(workflow_, "initial"), "");
    add_replies();
    add_outcomes();
    std::stable_sort(inventory_.items.begin(), inventory_.items.end(),
                     [](const CoverageItem& a, const CoverageItem& b) { return a.kind < b.kind; });
    return std::move(inventory_);
  }

 private:
  struct Pending {  // Its target may come later in the file.
    std::size_t transition = 0;
    std::vector<std::string> targets;
  };

  void add(Kind kind, std::string name, std::string pointer) {
    const std::size_t at = workflow::locate(text_, pointer, workflow::Part::key);
    inventory_.items.push_back({kind, std::move(name), std::move(pointer), workflow::position_at(text_, at).line, 0});
  }

  void walk_states(const Json& states, const std::string& pointer, const std::string& around) {
    if (!states.is_object()) return;
    for (const auto& [name, state] : states.items()) {
      const std::string path = around.empty() ? name : around + "." + name;
      const std::string here = pointer + workflow::pointer_part(name);
      nodes_[path] = &state;
      inventory_.states.insert(path);
      if (text_of(state, "type") != "history") add(Kind::state, path, here);  // Nothing rests in one of history.
      if (const Json* acts = member(state, "manual"); acts != nullptr && acts->is_object())
        for (const auto& [act, unused] : acts->items()) inventory_.events.insert("manual." + act);
      walk_leads(state, here, path);
      if (const Json* inner = member(state, "states")) walk_states(*inner, here + "/states", path);
    }
  }

  void walk_leads(const Json& state, const std::string& pointer, const std::string& path) {
    for (const char* key : {"on", "after"}) {
      const Json* leads = member(state, key);
      if (leads == nullptr || !leads->is_object()) continue;
      for (const auto& [event, transitions] : leads->items())
        add_transitions(transitions, pointer + "/" + key + workflow::pointer_part(event), path, std::string(key) + " " + event);
    }
    for (const char* key : {"always", "onDone"})
      if (const Json* leads = member(state, key)) add_transitions(*leads, pointer + "/" + key, path, key);
  }

  void add_transitions(const Json& transitions, const std::string& pointer, const std::string& path, const std::string& cause) {
    if (!transitions.is_array()) return add_transition(transitions, pointer, path, cause);
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const std::string number = std::to_string(i);
      add_transition(transitions[i], pointer + "/" + number, path,
                     transitions.size() == 1 ? cause : cause + " [" + number + "]");
    }
  }

  void add_transition(const Json& transition, const std::string& pointer, const std::string& path, const std::string& cause) {
    std::vector<std::string> targets;
    std::string shown;
    const Json* target = member(transition, "target");
    if (target != nullptr && target->is_string()) targets.push_back(target->get<std::string>());
    if (target != nullptr && target->is_array())
      for (const Json& one : *target)
        if (one.is_string()) targets.push_back(one.get<std::string>());
    for (const std::string& one : targets) shown += (shown.empty() ? " -> " : ", ") + one;
    add(Kind::transition, (path.empty() ? "" : path + " ") + cause + shown, pointer);
    inventory_.transitions.push_back({pointer, path, {}});
    pending_.push_back({inventory_.transitions.size() - 1, std::move(targets)});
  }

  void resolve(const Pending& pending) {
    Transition& transition = inventory_.transitions[pending.transition];
    for (const std::string& target : pending.targets)
      for (std::string& path : entered(target, transition.source)) transition.enters.push_back(std::move(path));
  }

  // The path that a target means: a whole one, else one beside or around the source, else the one that ends so.
  [[nodiscard]] std::string path_of(const std::string& target, std::string around) const {
    while (!around.empty()) {
      if (nodes_.contains(around + "." + target)) return around + "." + target;
      const std::size_t dot = around.rfind('.');
      around = dot == std::string::npos ? "" : around.substr(0, dot);
    }
    if (nodes_.contains(target)) return target;
    const auto found =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& node) { return node.first.ends_with("." + target); });
    return found == nodes_.end() ? "" : found->first;
  }

  // The state and, where it is one of several, those that are entered with it.
  [[nodiscard]] std::vector<std::string> entered(const std::string& target, const std::string& source) const {
    std::vector<std::string> all;
    std::vector<std::string> next{path_of(target, source)};
    while (!next.empty()) {
      const std::string path = next.back();
      next.pop_back();
      const auto node = nodes_.find(path);
      if (node == nodes_.end() || text_of(*node->second, "type") == "history") continue;
      all.push_back(path);
      const Json* inner = member(*node->second, "states");
      if (inner == nullptr) continue;
      if (text_of(*node->second, "type") != "parallel")
        next.push_back(path + "." + text_of(*node->second, "initial"));
      else
        for (const auto& [name, unused] : inner->items()) next.push_back(path + "." + name);
    }
    return all;
  }

  void add_replies() {
    const Json* replies = member(workflow_, "replies");
    if (replies == nullptr || !replies->is_object()) return;
    for (const auto& [name, reply] : replies->items()) {
      inventory_.replies.insert(name);
      add(Kind::reply, name, "/replies" + workflow::pointer_part(name));
    }
  }

  void add_outcomes() {
    const Json* commitments = member(workflow_, "commitments");
    if (commitments == nullptr || !commitments->is_object()) return;
    for (const auto& [name, commitment] : commitments->items()) {
      inventory_.commitments.insert(name);
      std::vector<std::string> outcomes{"fulfilled", "declined", "failed", "overdue", "unknown"};
      if (is_revocable(text_of(commitment, "department"), text_of(commitment, "action"))) outcomes.emplace_back("revoked");
      if (is_undone_somewhere(workflow_, name)) outcomes.emplace_back("undone");
      for (const std::string& outcome : outcomes)
        add(Kind::outcome, name + " " + outcome, "/commitments" + workflow::pointer_part(name));
    }
  }

  [[nodiscard]] bool is_revocable(const std::string& department, const std::string& action) const {
    return std::any_of(manifests_.begin(), manifests_.end(), [&](const std::string& text) {
      const auto manifest = base::parse_json(text, limits::document_bytes_max);
      if (!manifest || text_of(*manifest, "department") != department) return false;
      const Json* actions = member(*manifest, "actions");
      const Json* found = actions == nullptr ? nullptr : member(*actions, action.c_str());
      const Json* revocable = found == nullptr ? nullptr : member(*found, "revocable");
      return revocable != nullptr && *revocable == true;
    });
  }

  std::string_view text_;
  const Json& workflow_;
  std::span<const std::string> manifests_;
  Inventory inventory_;
  std::map<std::string, const Json*, std::less<>> nodes_;
  std::vector<Pending> pending_;
};

bool has_state(const Inventory& inventory, std::string_view name) {
  if (std::find(case_states.begin(), case_states.end(), name) != case_states.end()) return true;
  return std::any_of(inventory.states.begin(), inventory.states.end(),
                     [&](const std::string& path) { return is_state(path, name); });
}

ScenarioFinding unknown_name(const std::string& file, const NameUse& use, const std::string& what, workflow::Names names) {
  return {file, use.line, use.column, "the workflow has no " + what + " " + workflow::in_quotes(use.name),
          workflow::suggest(use.name, names)};
}

}  // namespace

bool is_state(std::string_view path, std::string_view name) {
  const std::string within = "." + std::string(path) + ".";
  return !name.empty() && within.find("." + std::string(name) + ".") != std::string::npos;
}

Inventory take_inventory(const NamedText& workflow, std::span<const std::string> manifests) {
  const auto json = base::parse_json(workflow.text, limits::workflow_bytes_max);
  if (!json) return {};
  return Walk(workflow, *json, manifests).take();
}

std::vector<ScenarioFinding> check_names(const std::string& file, const Scenario& scenario, const Inventory& inventory) {
  std::vector<ScenarioFinding> findings;
  workflow::Names states = inventory.states;
  states.insert(case_states.begin(), case_states.end());
  for (const NameUse& use : scenario.uses) {
    if (use.kind == NameUse::Kind::commitment && !inventory.commitments.contains(use.name))
      findings.push_back(unknown_name(file, use, "commitment", inventory.commitments));
    if (use.kind == NameUse::Kind::reply && use.name != "said" && !inventory.replies.contains(use.name))
      findings.push_back(unknown_name(file, use, "reply", inventory.replies));
    if (use.kind == NameUse::Kind::event && !inventory.events.contains(use.name))
      findings.push_back(unknown_name(file, use, "act", inventory.events));
    if (use.kind == NameUse::Kind::state && !has_state(inventory, use.name))
      findings.push_back(unknown_name(file, use, "state", states));
  }
  return findings;
}

}  // namespace redress::scenario
