// Which events can happen at all: a handler for any other one would wait for ever.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

template <std::size_t Size>
bool contains(const std::string_view (&names)[Size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

template <std::size_t Size>
void append(std::vector<std::string>& out, const std::string& subject, const std::string_view (&kinds)[Size]) {
  for (const std::string_view kind : kinds) out.push_back(subject + "." + std::string(kind));
}

// `revoked` and `undone` only where the manifest allows them; unknown contracts are found elsewhere.
bool can_happen(const CommitmentSpec& spec, std::string_view kind) {
  if (!spec.contract.input) return true;
  return (kind != "revoked" || spec.contract.revocable) && (kind != "undone" || !spec.undo.empty());
}

}  // namespace

// `state`: where the handler stands; the root: workflow-wide.
std::vector<std::string> Reading::possible_events(int state) const {
  std::vector<std::string> events = {"customer.replied", "error.expression"};
  for (const std::string_view event : post_events) events.emplace_back(event);
  for (const std::string& name : raised_) events.push_back(name);
  for (const CommitmentSpec& spec : workflow_.commitments) {
    for (const std::string_view kind : commitment_events) {
      if (can_happen(spec, kind)) events.push_back(spec.name + "." + std::string(kind));
    }
  }
  for (const std::string& name : replies_) append(events, name, reply_events);
  for (const auto& [target, deadline] :
       {std::pair{"sla.first_reply", &workflow_.first_reply}, {"sla.resolution", &workflow_.resolution}}) {
    if (!*deadline) continue;
    events.push_back(std::string(target) + ".breached");
    if ((*deadline)->at_risk_ms > 0) events.push_back(std::string(target) + ".at_risk");
  }
  const statechart::Chart& chart = workflow_.chart;
  for (int offering = 0; offering < chart.size(); ++offering) {
    const auto kind = chart.at(offering).kind;
    if (kind == statechart::Kind::compound || kind == statechart::Kind::parallel)
      events.push_back("done.state." + chart.at(offering).path);
    if (state != statechart::root && !chart.can_be_together(state, offering)) continue;
    for (const Manual& act : workflow_.state(offering).manual) events.push_back("manual." + act.name);
  }
  return events;
}

void Reading::resolve_events(Site& site) const {
  if (site.descriptors.empty()) return;
  for (const std::string& event : possible_events(site.state)) {
    const bool meant = std::any_of(site.descriptors.begin(), site.descriptors.end(),
                                   [&](const std::string& descriptor) { return is_named_by(event, descriptor); });
    if (meant) site.events.push_back(event);
  }
}

void Reading::check_events() {
  for (const Awaited& awaited : awaited_) check_event(awaited);
}

void Reading::check_event(const Awaited& awaited) {
  const std::string& event = awaited.event;
  const std::vector<std::string> possible = possible_events(awaited.state);
  if (std::any_of(possible.begin(), possible.end(), [&](const std::string& e) { return is_named_by(e, event); })) return;
  if (event.starts_with("*.") && (contains(commitment_events, event.substr(2)) || contains(reply_events, event.substr(2))))
    return;

  const std::size_t dot = event.rfind('.');
  const std::string subject = event.substr(0, dot);
  const std::string kind = dot == std::string::npos ? "" : event.substr(dot + 1);
  const CommitmentSpec* spec = workflow_.find_commitment(subject);
  std::string message = "the event " + in_quotes(event) + " never happens";
  std::string mend = nearest(event, possible);
  mend = mend.empty() ? "" : "Did you mean " + in_quotes(mend) + "?";
  std::string rule = "unknown_event";
  if (event.starts_with("incident.")) {
    rule = "not_yet";
    message = "this version does not run incidents";
    mend = "Let a person act on each case: \"manual\".";
  } else if (spec && kind == "revoked" && contains(commitment_events, kind)) {
    message += ": the department's action " + in_quotes(spec->action) + " is not revocable";
    mend = "Remove it.";
  } else if (spec && kind == "undone") {
    message += ": the commitment " + in_quotes(subject) + " cannot be taken back";
    mend = "Remove it, or give the commitment an \"undo\".";
  } else if (spec && mend.empty()) {
    mend = "A commitment has: " + listed(std::vector<std::string>(std::begin(commitment_events), std::end(commitment_events))) +
           ".";
  } else if (replies_.contains(subject) && mend.empty()) {
    mend = "A reply has: " + listed(std::vector<std::string>(std::begin(reply_events), std::end(reply_events))) + ".";
  } else if (event.starts_with("manual.")) {
    message += awaited.state != statechart::root ? ": the state " + in_quotes(workflow_.chart.at(awaited.state).path) +
                                                       " offers no act " + in_quotes(event.substr(7))
                                                 : ": no state offers the act " + in_quotes(event.substr(7));
    if (mend.empty()) mend = "Add it under \"manual\", with its role.";
  } else if (event.starts_with("sla.")) {
    message += ": the sla has no such target";
    if (mend.empty()) mend = "Add it under \"sla\".";
  } else if (event.starts_with("done.state.")) {
    message += ": that state has none within";
    mend = "Remove it.";
  } else if (dot == std::string::npos && mend.empty()) {
    mend = "An event of your own needs an action { \"raise\": \"...\" } somewhere.";
  } else if (mend.empty()) {
    mend = "The commitments are: " + listed(std::vector<std::string>(commitments_.begin(), commitments_.end())) + ".";
  }
  refuse(rule, awaited.pointer, message, mend, Part::key);
}

// An act that is offered and that nothing takes is a button without effect.
namespace {

bool same_form(const Manual& a, const Manual& b) { return a.form && b.form ? *a.form == *b.form : !a.form && !b.form; }

}  // namespace

// Who may do it and what is asked must not depend on which of two states is looked at.
void Reading::check_act_beside(int offering, const Manual& act) {
  for (int other = 0; other < offering; ++other) {
    if (!workflow_.chart.can_be_together(other, offering)) continue;
    for (const Manual& same : workflow_.state(other).manual) {
      if (same.name != act.name || (same.role == act.role && same_form(same, act))) continue;
      refuse("act_twice", workflow_.state(offering).pointer + "/manual" + pointer_part(act.name),
             "the state " + in_quotes(workflow_.state(other).path) + " offers the act " + in_quotes(act.name) +
                 " at the same time, with another " + (same.role == act.role ? "form" : "role"),
             "Give one of them another name, or both the same role and form.", Part::key);
    }
  }
}

void Reading::check_acts() {
  const statechart::Chart& chart = workflow_.chart;
  for (int offering = 0; offering < chart.size(); ++offering) {
    for (const Manual& act : workflow_.state(offering).manual) {
      check_act_beside(offering, act);
      const std::string event = "manual." + act.name;
      const auto taken_in = [&](int state) {
        const std::vector<Handler>& on = workflow_.state(state).on;
        return chart.can_be_together(state, offering) &&
               std::any_of(on.begin(), on.end(), [&](const Handler& handler) { return handler.takes(event); });
      };
      bool taken = false;
      for (int state = 0; state < chart.size() && !taken; ++state) taken = taken_in(state);
      if (taken) continue;
      refuse("act_without_effect", workflow_.state(offering).pointer + "/manual" + pointer_part(act.name),
             "the state offers the act " + in_quotes(act.name) + ", but nothing takes " + in_quotes(event),
             "Add \"" + event + "\" to the state's \"on\".", Part::key);
    }
  }
}

void Reading::check_unused() {
  const auto warn = [&](std::string_view section, const std::string& name, const std::string& message,
                        const std::string& mend) {
    findings_.add({.rule = "unused",
                   .pointer = "/" + std::string(section) + pointer_part(name),
                   .message = message,
                   .mend = mend,
                   .part = Part::key,
                   .severity = Severity::warning});
  };
  for (const std::string& name : commitments_) {
    if (!committed_.contains(name))
      warn("commitments", name, "nothing commits " + in_quotes(name), "Add { \"commit\": \"" + name + "\" }, or remove it.");
  }
  for (const std::string& name : replies_) {
    if (!replied_.contains(name))
      warn("replies", name, "nothing sends the reply " + in_quotes(name), "Add { \"reply\": \"" + name + "\" }, or remove it.");
  }
}

}  // namespace redress::workflow
