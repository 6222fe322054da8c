// Types of the names: fixed ones, and those that data, forms and manifests declare.
#include "workflow/scopes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "redress/limits.hpp"

namespace redress::workflow {
namespace {

using expression::Field;
using expression::Kind;
using expression::object_of;
using expression::simple;
using expression::Type;
using Fields = std::map<std::string, Field>;

Field of(Kind kind) { return {simple(kind), false}; }
Field optional(Kind kind) { return {simple(kind), true}; }

// A string of our own, or a handle: bounded in bytes, and no free text.
Field name_text() {
  Type type = simple(Kind::string);
  type.length_max = limits::name_bytes_max;
  type.public_text = type.light = true;
  return {type, false};
}

// One that is made of letters, digits, - and _ alone.
Field word_text(std::size_t length_max) {
  Field field = name_text();
  field.type.length_max = length_max;
  field.type.has_dots = false;
  return field;
}

Field handle_text() {
  Field field = name_text();
  field.type.handle = true;
  return field;
}

// "C-000042". A thousand cases a second take thirty years to fill twelve digits.
constexpr std::size_t reference_length_max = 14;
constexpr std::size_t state_length_max = 17;  // "awaiting_approval".

Field free_text(std::size_t length_max) {
  Type type = simple(Kind::string);
  type.length_max = length_max;
  return {type, false};
}

Type author_type(std::string name) {
  return object_of(std::move(name), {{"handle", handle_text()},
                                     {"display_name", free_text(limits::name_bytes_max)},
                                     {"verified", of(Kind::boolean)},
                                     {"followers", of(Kind::integer)}});
}

Type post_type() {
  Fields fields = {{"text", free_text(limits::post_bytes_max)}, {"created_at", of(Kind::timestamp)}};
  for (const char* name : {"id", "channel", "thread", "language"}) fields[name] = name_text();
  fields["author"] = {author_type("post.author"), false};
  return object_of("post", std::move(fields));
}

Type case_type(const Type& data) {
  Fields fields = {{"opened_at", of(Kind::timestamp)}, {"episode", of(Kind::integer)}};
  for (const char* name : {"priority", "language", "channel"}) fields[name] = name_text();
  fields["category"] = word_text(limits::name_bytes_max);
  fields["reference"] = word_text(reference_length_max);
  fields["prior_case"] = word_text(reference_length_max);
  fields["configuration"] = {expression::list_of(name_text().type), false};
  fields["prior_case"].optional = true;  // The author's earlier one.
  if (data.fields) fields.insert(data.fields->begin(), data.fields->end());
  return object_of("case", std::move(fields));
}

Type commitment_type(const CommitmentSpec& spec) {
  Type evidence =
      spec.contract.evidence ? expression::type_of_schema(*spec.contract.evidence, spec.name + ".evidence") : Type{};
  return object_of(spec.name, {{"state", word_text(state_length_max)},
                               {"due_at", of(Kind::timestamp)},
                               {"attempts", of(Kind::integer)},
                               {"promised_at", optional(Kind::timestamp)},
                               {"reason", optional(Kind::string)},
                               {"evidence", {std::move(evidence), false}}});
}

// The acts of this name that can be offered while a handler's state is active.
std::vector<const Manual*> acts_of(const Workflow& workflow, std::string_view act, int state) {
  std::vector<const Manual*> found;
  for (int offering = 0; offering < workflow.chart.size(); ++offering) {
    if (state != statechart::root && !workflow.chart.can_be_together(state, offering)) continue;
    for (const Manual& manual : workflow.state(offering).manual)
      if (manual.name == act) found.push_back(&manual);
  }
  return found;
}

// The form of the act, where every place that offers it asks for the same one; null: none, or several.
std::shared_ptr<const Json> form_of(const Workflow& workflow, std::string_view act, int state) {
  std::shared_ptr<const Json> form;
  for (const Manual* manual : acts_of(workflow, act, state)) {
    if (!manual->form || (form && *form != *manual->form)) return nullptr;
    form = manual->form;
  }
  return form;
}

template <std::size_t Size>
bool contains(const std::string_view (&names)[Size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

Fields fields_of(const Workflow& workflow, std::string_view event, int state) {
  Fields fields = {{"name", name_text()}, {"at", of(Kind::timestamp)}};
  if (event == "customer.replied" || contains(post_events, event)) {
    fields["text"] = free_text(limits::post_bytes_max);
    fields["text"].optional = event == "post.deleted";
  } else if (event.starts_with("manual.")) {
    const auto form = form_of(workflow, event.substr(7), state);
    if (form) fields["form"] = {expression::type_of_schema(*form, "event.form"), false};
  } else if (const std::size_t dot = event.rfind('.');
             dot != std::string_view::npos && workflow.find_commitment(event.substr(0, dot)) != nullptr) {
    fields["instance"] = of(Kind::integer);
    fields["reason"] = optional(Kind::string);  // A department may decline without a word.
  }
  return fields;
}

bool is_same(const Type& a, const Type& b) {
  return a.kind == b.kind && a.private_ == b.private_ && a.length_max == b.length_max && a.fields == b.fields;
}

// What both have: an event that is one of two.
void keep_common(Fields& fields, const Fields& other) {
  std::erase_if(fields, [&](const auto& entry) {
    const auto found = other.find(entry.first);
    return found == other.end() || !is_same(found->second.type, entry.second.type);
  });
  for (auto& [name, field] : fields) field.optional = field.optional || other.at(name).optional;
}

}  // namespace

expression::Type event_type(const Workflow& workflow, const Site& site) {
  if (site.events.empty()) {
    if (!site.descriptors.empty()) return {};  // Found as an event that never happens.
    return object_of("event", {{"name", name_text()}, {"at", of(Kind::timestamp)}});
  }
  Fields fields = fields_of(workflow, site.events.front(), site.state);
  for (std::size_t i = 1; i < site.events.size(); ++i) keep_common(fields, fields_of(workflow, site.events[i], site.state));
  return object_of("event", std::move(fields));
}

Scopes::Scopes(const Workflow& workflow) : workflow_(workflow) {
  intake_.names = {{"post", post_type()}, {"now", simple(Kind::timestamp)}};
  standing_ = intake_;
  standing_.names["customer"] = author_type("customer");
  standing_.names["case"] = case_type(workflow.data);
  for (const CommitmentSpec& spec : workflow.commitments) standing_.names.emplace(spec.name, commitment_type(spec));
  reacting_ = standing_;
}

const expression::Scope& Scopes::at(const Site& site) {
  if (site.kind == Site::Kind::intake) return intake_;
  if (site.kind == Site::Kind::standing) return standing_;
  reacting_.names["event"] = event_type(workflow_, site);
  return reacting_;
}

}  // namespace redress::workflow
