// A kind is a function over the parsed workflow: it finds its places, and hands each to `make` with a change.
#include "proof/mutations.hpp"

#include <algorithm>
#include <set>

namespace redress::proof {
namespace {

using Pointer = Json::json_pointer;

class Maker {
 public:
  explicit Maker(const std::string& text) : whole_(Json::parse(text)) {}

  const Json& whole() const { return whole_; }
  std::vector<Mutant> mutants;

  // A copy in which `change` was made to what stands at `at`.
  void make(const std::string& kind, const std::string& at, const std::function<void(Json&)>& change) {
    make_whole(kind, at, [&](Json& whole) { change(whole.at(Pointer(at))); });
  }
  void make_whole(const std::string& kind, const std::string& what, const std::function<void(Json&)>& change) {
    Json copy = whole_;
    change(copy);
    if (copy != whole_) mutants.push_back({kind, what, copy.dump(2)});
  }

 private:
  Json whole_;
};

std::string part(const std::string& key) {
  std::string escaped;
  for (const char c : key) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return "/" + escaped;
}

// A member, or an empty object where there is none.
const Json& member(const Json& object, const std::string& key) {
  static const Json nothing = Json::object();
  return object.contains(key) ? object.at(key) : nothing;
}

// Every state that lies in `states`, with its pointer.
void each_state(const Json& holder, const std::string& at, const std::function<void(const std::string&, const Json&)>& see) {
  if (!holder.contains("states")) return;
  for (const auto& [name, state] : holder.at("states").items()) {
    const std::string here = at + "/states" + part(name);
    see(here, state);
    each_state(state, here, see);
  }
}

struct At {
  std::string pointer;  // Of the transition.
  std::string state;    // Pointer of the state; empty: workflow-wide.
  std::string event;    // Of on; empty: after.
};

void each_transition(const Json& value, const At& at, const std::function<void(const At&, const Json&)>& see) {
  if (value.is_object()) return see(at, value);
  for (std::size_t i = 0; i < value.size(); ++i) see({at.pointer + "/" + std::to_string(i), at.state, at.event}, value[i]);
}

void each_transition(const Json& whole, const std::function<void(const At&, const Json&)>& see) {
  const auto within = [&](const std::string& at, const Json& state) {
    for (const char* key : {"on", "after"}) {
      if (!state.contains(key)) continue;
      for (const auto& [name, value] : state.at(key).items())
        each_transition(value, {at + "/" + key + part(name), at, std::string(key) == "on" ? name : ""}, see);
    }
  };
  within("", whole);
  each_state(whole, "", within);
}

bool is_outcome(const std::string& event) {
  return event.ends_with(".fulfilled") || event.ends_with(".declined") || event.ends_with(".failed");
}

// Indices of the actions of this verb.
std::vector<std::size_t> actions_of(const Json& transition, const char* verb) {
  std::vector<std::size_t> found;
  if (!transition.contains("actions")) return found;
  for (std::size_t i = 0; i < transition.at("actions").size(); ++i)
    if (transition.at("actions")[i].contains(verb)) found.push_back(i);
  return found;
}

std::set<std::string> final_states(const Json& whole) {
  std::set<std::string> names;
  for (const auto& [name, state] : whole.at("states").items())
    if (state.value("type", "") == "final") names.insert(name);
  return names;
}

bool claims_something(const Json& whole, const std::string& reply) {
  const Json& spec = whole.at("replies").at(reply);
  return spec.contains("claims") || spec.dump().find(".evidence") != std::string::npos;
}

// ---- the kinds
// ------------------------------------------------------------------------------------------------------------------

void tell_too_early(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    if (at.state.empty() || !is_outcome(at.event)) return;
    for (const std::size_t i : actions_of(transition, "reply")) {
      const Json action = transition.at("actions")[i];
      if (!claims_something(maker.whole(), action.at("reply"))) continue;
      maker.make("told before it is done", at.pointer, [&](Json&) {});
      maker.make_whole("told before it is done", at.pointer, [&](Json& whole) {
        whole.at(Pointer(at.pointer)).at("actions").erase(i);
        whole.at(Pointer(at.state))["entry"].push_back(action);
      });
    }
  });
}

void forget_outcome(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json&) {
    if (at.state.empty() || !is_outcome(at.event) || at.pointer.ends_with("/1")) return;
    const std::string handlers = at.state + "/on";
    maker.make("outcome forgotten", handlers, [&](Json& on) { on.erase(at.event); });
  });
}

void forget_wide(Maker& maker) {
  for (const auto& [event, handler] : member(maker.whole(), "on").items())
    if (event == "*.overdue" || event == "*.unknown" || event.ends_with(".revoked"))
      maker.make("workflow-wide handler forgotten", "/on", [name = event](Json& on) { on.erase(name); });
}

void leave_dead_states(Maker& maker) {
  for (const auto& [name, state] : maker.whole().at("states").items())
    maker.make("state that nothing leads to", "/states", [&](Json& states) { states["another_" + name] = states.at(name); });
}

void publish_private(Maker& maker) {
  for (const auto& [field, spec] : member(maker.whole(), "data").items()) {
    if (!spec.value("private", false)) continue;
    for (const auto& [name, reply] : maker.whole().at("replies").items())
      maker.make("private datum in a text", "/replies" + part(name) + "/text/en", [&](Json& text) {
        Json& main = text.is_object() ? text.at("default") : text;
        main = main.get<std::string>() + " {{ case." + field + " }}";
      });
  }
}

void loop(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json&) {
    if (at.state.empty() || !(at.event.ends_with(".failed") || at.event.ends_with(".declined"))) return;
    const std::string work = at.event.substr(0, at.event.rfind('.'));
    const Json& state = maker.whole().at(Pointer(at.state));
    if (state.value("entry", Json::array()).dump().find("{\"commit\":\"" + work + "\"}") == std::string::npos) return;
    maker.make("loop without waiting", at.pointer, [&](Json& transition) {
      transition = {{"target", at.state.substr(at.state.rfind('/') + 1)}};
    });
  });
}

void clash_types(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    if (transition.contains("guard"))
      maker.make("type clash", at.pointer + "/guard", [](Json& guard) { guard = "(" + guard.get<std::string>() + ") > 3"; });
    for (const std::size_t i : actions_of(transition, "set"))
      for (const auto& [field, value] : transition.at("actions")[i].at("set").items())
        maker.make("type clash", at.pointer + "/actions/" + std::to_string(i) + "/set" + part(field),
                   [](Json& set) { set = "now"; });
  });
  for (const auto& [name, spec] : member(maker.whole(), "commitments").items())
    for (const auto& [input, value] : member(spec, "input").items())
      maker.make("type clash", "/commitments" + part(name) + "/input" + part(input), [](Json& text) { text = "{{ [now] }}"; });
}

void write_too_much(Maker& maker) {
  for (const auto& [name, reply] : maker.whole().at("replies").items())
    for (const auto& [language, text] : reply.at("text").items())
      maker.make("text too long", "/replies" + part(name) + "/text" + part(language), [](Json& written) {
        Json& main = written.is_object() ? written.at("default") : written;
        main = main.get<std::string>() + std::string(300, '.');
      });
}

void forget_language(Maker& maker) {
  for (const auto& [name, reply] : maker.whole().at("replies").items())
    if (reply.at("text").size() > 1 && maker.whole().at("replies").size() > 1)
      maker.make("language forgotten", "/replies" + part(name) + "/text", [](Json& text) { text.erase("es"); });
}

void close_in_silence(Maker& maker) {
  const auto ends = final_states(maker.whole());
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    if (!transition.contains("target") || !ends.contains(transition.at("target"))) return;
    if (!actions_of(transition, "reply").empty())
      maker.make("closed in silence", at.pointer, [](Json& silent) { silent.erase("actions"); });
  });
}

void misspell(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    if (transition.contains("target"))
      maker.make("name misspelled", at.pointer + "/target", [](Json& target) { target = target.get<std::string>() + "x"; });
    for (const std::size_t i : actions_of(transition, "reply"))
      maker.make("name misspelled", at.pointer + "/actions/" + std::to_string(i),
                 [](Json& action) { action["reply"] = action["reply"].get<std::string>() + "x"; });
  });
}

void send_the_other_reply(Maker& maker) {
  each_state(maker.whole(), "", [&](const std::string& at, const Json& state) {
    const Json on = state.value("on", Json::object());
    for (const auto& [event, handler] : on.items()) {
      if (!event.ends_with(".fulfilled") || !handler.is_object()) continue;
      const std::string work = event.substr(0, event.rfind('.'));
      for (const char* other : {".declined", ".failed"}) {
        const std::string name = work + other;
        if (actions_of(handler, "reply").empty() || !on.contains(name)) continue;
        maker.make("reply of another outcome", at + "/on" + part(name), [&](Json& wrong) { wrong = handler; });
      }
    }
  });
}

void forget_commit(Maker& maker) {
  each_state(maker.whole(), "", [&](const std::string& at, const Json& state) {
    const Json entry = state.value("entry", Json::array());
    for (std::size_t i = 0; i < entry.size(); ++i)
      if (entry[i].contains("commit"))
        maker.make("work that nobody asks for", at + "/entry", [&](Json& actions) { actions.erase(i); });
  });
}

void forget_set(Maker& maker) {
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    for (const std::size_t i : actions_of(transition, "set"))
      maker.make("data that nobody sets", at.pointer + "/actions", [&](Json& actions) { actions.erase(i); });
  });
}

void promise_too_much(Maker& maker) {
  if (!maker.whole().contains("sla")) return;
  for (const auto& [name, spec] : member(maker.whole(), "commitments").items())
    maker.make("deadline that cannot be kept", "/commitments" + part(name) + "/due", [](Json& due) { due = "P30D"; });
}

void forget_review(Maker& maker) {
  for (const auto& [name, reply] : maker.whole().at("replies").items())
    if (reply.contains("review") && !reply.at("review").contains("when"))
      maker.make("review of free text forgotten", "/replies" + part(name), [](Json& unseen) { unseen.erase("review"); });
}

void claim_more(Maker& maker) {
  for (const auto& [name, reply] : maker.whole().at("replies").items())
    for (const auto& [work, level] : member(reply, "claims").items())
      if (level != "fulfilled")
        maker.make("more claimed than is so", "/replies" + part(name) + "/claims" + part(work),
                   [](Json& claim) { claim = "fulfilled"; });
}

void forget_correction(Maker& maker) {
  for (const auto& [name, reply] : maker.whole().at("replies").items())
    if (reply.contains("corrects"))
      maker.make("correction forgotten", "/replies" + part(name), [](Json& other) { other.erase("corrects"); });
}

void forget_way_out(Maker& maker) {
  each_state(maker.whole(), "", [&](const std::string& at, const Json& state) {
    for (const auto& [name, act] : member(state, "manual").items())
      maker.make("way out forgotten", at, [&](Json& closed) {
        closed["manual"].erase(name);
        closed["on"].erase("manual." + name);
        if (closed["manual"].empty()) closed.erase("manual");
      });
  });
}

void lead_elsewhere(Maker& maker) {
  const auto ends = final_states(maker.whole());
  each_transition(maker.whole(), [&](const At& at, const Json& transition) {
    if (at.state.empty() || !is_outcome(at.event) || !transition.contains("target") || ends.contains(transition.at("target")))
      return;
    for (const std::string& end : ends) maker.make("led to the end", at.pointer, [&](Json& wrong) { wrong["target"] = end; });
  });
}

}  // namespace

std::vector<Mutant> mutants_of(const std::string& workflow) {
  Maker maker(workflow);
  for (const auto kind : {tell_too_early, forget_outcome,       forget_wide,       leave_dead_states, publish_private,
                          loop,           clash_types,          write_too_much,    forget_language,   close_in_silence,
                          misspell,       send_the_other_reply, forget_commit,     forget_set,        promise_too_much,
                          forget_review,  claim_more,           forget_correction, forget_way_out,    lead_elsewhere})
    kind(maker);
  return std::move(maker.mutants);
}

}  // namespace redress::proof
