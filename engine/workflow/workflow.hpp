// A Workflow is one admin's JSON file, read and checked: what the data path interprets. Immutable after reading: [any thread].
//
// The language: workflows/README.md.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "expression/expression.hpp"
#include "plugin/manifest.hpp"
#include "redress/lifecycle.hpp"
#include "statechart/microstep.hpp"
#include "wording/rules.hpp"

namespace redress::workflow {

using expression::Expression;
using expression::Template;

struct Action {
  enum class Kind { commit, cancel, undo, reply, set, escalate, raise } kind = Kind::commit;
  std::string name;                                        // The commitment, reply, role or internal event.
  std::vector<std::pair<std::string, Expression>> values;  // Of set: case data field and its value, in file order.
  std::string pointer;                                     // Where it stands in the file; for `why`.
};

// Where it leads (nowhere: stay, without exit and entry), and on which condition.
struct Transition : statechart::Move {
  std::optional<Expression> guard;
  std::vector<Action> actions;  // In document order.
  std::string pointer;
};

// Transitions for one event, in file order: the first whose guard holds is taken.
struct Handler {
  std::vector<std::string> events;  // Descriptors: any of them (is_named_by).
  std::vector<Transition> transitions;

  [[nodiscard]] bool takes(std::string_view event) const;
};

// Whether a descriptor means an event: itself; by its first words, as "refund" and "refund.*" mean "refund.fulfilled"
// (SCXML 3.12.1);
// "*" means any; "*.overdue" that of every commitment. A "done.state.a" means that state alone.
[[nodiscard]] bool is_named_by(std::string_view event, std::string_view descriptor);

struct After {
  std::int64_t delay_ms = 0;
  std::vector<Transition> transitions;
};

// A person's act that a state offers: arrives as the event "manual.<name>".
struct Manual {
  std::string name;
  std::string role;
  std::shared_ptr<const Json> form;  // Object schema (base::schema_of_fields); nothing: no form.
};

// What the chart's state of the same index does.
struct State {
  std::string path;     // As in the chart; of the root, the workflow itself: empty.
  std::string pointer;  // Where it stands in the file.
  std::vector<Action> entry, exit;
  std::vector<Action> begin;  // Of its initial transition, or of a history state's default one.
  std::vector<Handler> on;    // onDone is one of them, the last. Of the root: what no active state takes.
  std::vector<Transition> always;
  std::vector<After> after;
  std::vector<Manual> manual;
};

struct Approval {
  std::string role;
  std::optional<Expression> when;  // Nothing: always.
};

struct Retry {
  std::int64_t initial_ms = 5'000;
  double factor = 2;
  std::int64_t max_ms = 600'000;
};

// The JSON tree of a commitment's input; each string in it is a template.
struct Input {
  std::shared_ptr<const Json> tree;           // As in the file.
  std::map<std::string, Template> templates;  // By JSON pointer into the tree.
};

struct CommitmentSpec {
  std::string name;
  std::string department;
  std::string action;
  std::int64_t due_ms = 0;
  Input input;
  std::optional<Approval> approval;
  Retry retry;
  std::string undo;              // The department's undo action; empty: cannot be undone.
  plugin::Action contract;       // From the department's manifest: schemas, dedupes, revocable, ...
  plugin::Action undo_contract;  // Of the undo action, likewise.
};

struct ClaimSpec {
  std::string commitment;
  ClaimLevel level = ClaimLevel::requested;
  bool shows_promise = false;  // The text shows promised_at: it is true for that promise alone.
  bool implied = false;        // By a text; else written in the file.
};

struct Review {
  std::string role;
  std::int64_t within_ms = 0;      // 0: no time of its own.
  std::optional<Expression> when;  // Nothing: always.
};

struct ReplySpec {
  std::string name;
  std::vector<ClaimSpec> claims;  // In file order, then those that the text's use of evidence implies.
  // By language, then by channel ("default" where it does not differ).
  std::map<std::string, std::map<std::string, Template>> texts;
  std::optional<Review> review;
  std::string corrects;  // The reply that this one corrects; empty: none.
};

struct Deadline {
  std::int64_t within_ms = 0;
  std::int64_t at_risk_ms = 0;  // 0: never at risk.
  std::vector<int> pause_in;    // States.
};

struct Reopen {
  std::string event;  // "customer.replied".
  std::int64_t within_ms = 7 * 86'400'000LL;
  Transition transition;
};

struct Intake {
  Expression when;
  std::int64_t rank = 0;
  std::string category;
  std::optional<Expression> priority;  // Nothing: "normal".
};

struct Workflow {
  std::string id, version, default_language, owner;
  std::map<std::string, std::string> title;     // By language.
  std::vector<std::string> channels;            // That its replies must fit; none: those that the rules expect.
  std::shared_ptr<const wording::Rules> rules;  // Of every public text; never null.
  std::string hash;                             // SHA-256 of the text without insignificant white space, key order kept.
  std::string source;                           // The text itself.
  std::optional<Intake> intake;
  expression::Type data;                    // Object: the workflow's own case data.
  std::shared_ptr<const Json> data_schema;  // Its object schema (base::schema_of_fields); null: none.
  std::optional<Deadline> first_reply, resolution;
  std::vector<CommitmentSpec> commitments;
  std::vector<ReplySpec> replies;
  statechart::Chart chart;
  std::vector<State> states;  // By the chart's indices; the first is the root.
  std::optional<Reopen> reopen;

  [[nodiscard]] const CommitmentSpec* find_commitment(std::string_view name) const;
  [[nodiscard]] const ReplySpec* find_reply(std::string_view name) const;
  [[nodiscard]] const State& state(int index) const { return states[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const State& root() const { return states.front(); }
  // Acts that a configuration offers, innermost states first where one lies in the other.
  [[nodiscard]] std::vector<const Manual*> acts_in(const std::set<int>& active) const;
};

// What is unproved is not fine: it could not be shown to hold, within the bounds of a proof.
enum class Severity { error, warning, unproved };

// One event on a path that breaks a rule: where it leads, and by which transitions.
struct PathStep {
  std::string event;
  std::vector<std::string> configuration;  // Paths of the innermost active states, afterwards.
  std::vector<std::string> rules;          // RFC 6901 pointers.
  int line = 0, column = 0;                // Of the first of them, as in Finding; 0: there is none.
};

// One thing that is wrong with a file.
struct Finding {
  std::string file;
  int line = 0, column = 0;  // From 1; columns in bytes. Of the JSON value (or key) that is wrong; inside expressions exact.
  std::string pointer;       // RFC 6901.
  std::string rule;          // A short stable name: "duplicate_key", "unknown_state", "type", "missing_text", ...
  Severity severity = Severity::error;
  std::string message;           // What is wrong.
  std::string mend;              // How to mend it.
  std::vector<PathStep> path{};  // From the opening of a case to where it goes wrong; empty: it is wrong as it stands.
};

struct Checked {
  std::optional<Workflow> workflow;  // Where there is no error.
  std::vector<Finding> findings;     // In file order.
};

// The text for a channel: its own by any of its names, else the default one; null: there is none.
[[nodiscard]] const Template* find_text(const std::map<std::string, Template>& by_channel, const wording::Profile& profile);

// What a workflow is read against.
struct Surroundings {
  std::span<const plugin::Manifest> manifests;  // Of the departments at hand.
  std::shared_ptr<const wording::Rules> rules;  // Null: default_rules().
  // False for a version that went live under other rules: it goes on, and the gate holds at run time what is not proved.
  bool prove_wording = true;
};

// Reads and checks one file's text: structure, names, targets, texts and their length, and the types of every expression
// against case data, events and manifests. Every error at once.
[[nodiscard]] Checked read_workflow(std::string_view text, std::string_view file, const Surroundings& surroundings);
[[nodiscard]] Checked read_workflow(std::string_view text, std::string_view file, std::span<const plugin::Manifest> manifests);

// The states alone, for Stepper: any event may come; commitments, replies and data that actions name need not be there, and
// expressions are parsed, not typed.
[[nodiscard]] Checked read_bare_workflow(std::string_view text, std::string_view file);

// SHA-256 of the JSON text without insignificant white space.
[[nodiscard]] Result<std::string> workflow_hash(std::string_view text);

}  // namespace redress::workflow
