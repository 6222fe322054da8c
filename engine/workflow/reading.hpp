// A Reading is one pass over one workflow file: it fills the Workflow, and types the expressions once every name is known.
//
// Private to the room. The functions stand in read_workflow.cpp (header, intake, data, sla, reopen), read_chart.cpp (which states
// there are), read_states.cpp (what they do), read_commitments.cpp, read_replies.cpp, events.cpp and texts.cpp.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workflow/findings.hpp"
#include "workflow/names.hpp"
#include "workflow/scopes.hpp"
#include "workflow/shape.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow {

class Reading {
 public:
  // All outlive it.
  Reading(const Json& root, Findings& findings, const Surroundings& surroundings)
      : root_{&root, ""}, findings_(findings), manifests_(surroundings.manifests), surroundings_(surroundings) {}

  Workflow read();
  // The states alone, for Stepper: any event may come, and what they commit, reply or set need not be there.
  Workflow read_bare();

 private:
  // An expression or a template that waits for the names; `then` gets its type where it had no finding of its own.
  struct Pending {
    std::optional<Expression> expression;
    std::optional<Template> text;
    std::string pointer;
    Site site;
    std::function<void(const expression::Type&)> then;
  };
  // A handler's event, checked when every raised and offered name is known.
  struct Awaited {
    std::string event;  // A descriptor.
    std::string pointer;
    int state;  // The root: workflow-wide.
  };

  void read_header();
  void read_languages();
  void read_channels_to_fit();
  void read_intake();
  void read_data();
  void read_sla();
  std::optional<Deadline> read_deadline(const Place& place, bool pausable);
  void check_pause(const Place& place, int state);
  void read_reopen();

  bool collect_names();
  bool collect_names_of(std::string_view key, std::string_view what, Names& names);

  void read_commitments();
  void read_commitment(const std::string& name, const Place& place);
  void read_contract(const Place& place, CommitmentSpec& spec);
  const plugin::Manifest* find_manifest(std::string_view department) const;
  void read_undo(const Place& place, CommitmentSpec& spec);
  void read_approval(const Place& place, CommitmentSpec& spec);
  void read_retry(const Place& place, CommitmentSpec& spec);
  void read_input(const Place& place, CommitmentSpec& spec);
  void read_input_value(const Place& value, const std::string& at, const Json* schema, CommitmentSpec& spec);
  void read_input_object(const Place& value, const std::string& at, const Json& schema, CommitmentSpec& spec);
  void read_input_text(const Place& value, const std::string& at, const Json* schema, CommitmentSpec& spec);
  void check_constant(const Place& value, const Json* schema);

  void read_replies();
  void read_reply(const std::string& name, const Place& place);
  void read_claims(const Place& place, ReplySpec& spec);
  void read_texts(const Place& place, ReplySpec& spec);
  void read_text_of(const std::string& channel, const Place& place, std::map<std::string, Template>& texts, ReplySpec& spec);
  void read_review(const Place& place, ReplySpec& spec);
  void imply_claims(const std::string& pointer, const Template& text, ReplySpec& spec);
  void check_languages();

  // Texts: what a public text may say (texts.cpp).
  void check_text(const Template& text, const expression::Type& type, const std::string& pointer, bool reviewed);
  struct Allowed {
    bool free = false, unbounded = false;
  };
  // Whether it said something, or another finding does.
  bool check_public_read(const std::string& path, const std::string& pointer, std::size_t offset, const Allowed& allowed);
  const Json* schema_of_path(const std::vector<std::string>& path) const;

  // The chart (read_chart.cpp).
  bool read_chart();
  bool add_states(int parent);
  void read_initial(int state);
  void check_kind(int state);
  std::vector<int> read_history(int state);
  std::vector<int> read_targets(const Place& place, int from, int within);
  int find_target(std::string_view name, int from, bool inside, const std::string& pointer);

  void read_states();
  State read_state(int index, const Place& place);
  void read_content(const Place& place, State& state, const Site& site);
  void read_begin(const Place& place, State& state, const Site& site);
  void read_manual(const Place& place, State& state);
  void read_after(const Place& place, State& state, const Site& site);
  std::vector<Handler> read_handlers(const Place& place, int state);
  std::vector<std::string> read_descriptors(const std::string& events, const Place& place, int state);
  std::vector<Transition> read_transitions(const Place& place, const Site& site);
  std::optional<Transition> read_transition(const Place& place, const Site& site);
  std::vector<Action> read_actions(const Place& place, const Site& site);
  std::optional<Action> read_action(const Place& place, const Site& site);
  std::optional<Action> read_named_action(const std::string& verb, const Place& value);
  std::optional<Action> read_set(const Place& value, const Site& site);
  void read_assignment(const std::string& field, const Place& value, const Site& site, Action& action);
  void check_final(int index, const Place& place);

  // Events: which can happen at all, and what they carry (events.cpp).
  void check_events();
  void check_event(const Awaited& awaited);
  std::vector<std::string> possible_events(int state) const;
  void resolve_events(Site& site) const;
  void check_acts();
  void check_act_beside(int offering, const Manual& act);
  void check_unused();

  std::optional<Expression> read_expression(const Place& place, const Site& site,
                                            std::function<void(const expression::Type&)> then);
  std::optional<Expression> read_condition(const Place& object, std::string_view key, const Site& site);
  void want_type(const expression::Type& wanted, const expression::Type& got, const std::string& pointer,
                 const std::string& what);
  void check_pending();
  void refuse(std::string rule, const std::string& pointer, std::string message, std::string mend, Part part = Part::value);

  Place root_;
  Findings& findings_;
  std::span<const plugin::Manifest> manifests_;
  const Surroundings& surroundings_;
  Workflow workflow_;
  std::shared_ptr<const Json> data_schema_;  // Of the workflow's own case data; null: none.
  bool bare_ = false;
  std::vector<Place> places_;  // Of the states, by the chart's indices.
  Names commitments_, replies_, data_;
  Names states_;                        // Their paths.
  Names raised_, committed_, replied_;  // Named by an action somewhere.
  std::vector<Pending> pending_;
  std::optional<Scopes> scopes_;  // From check_pending on.
  std::vector<Awaited> awaited_;
};

// Declared fields (case data, a form) as an object schema; null, and findings, where one of them cannot be used.
std::shared_ptr<const Json> read_fields(const Place& place, std::string_view what, Findings& findings);

// Every state can be reached, and from each a final one (reachability.cpp).
void check_reachability(const Workflow& workflow, Findings& findings);

}  // namespace redress::workflow
