// Reads the commitments: each against the manifest of its department.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "workflow/names.hpp"
#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

const Site standing{.kind = Site::Kind::standing};

// The schema of an object's member; null where the schema does not say.
const Json* schema_of_member(const Json& schema, const std::string& name) {
  if (!schema.is_object()) return nullptr;
  const auto properties = schema.find("properties");
  if (properties != schema.end() && properties->contains(name)) return &(*properties)[name];
  const auto others = schema.find("additionalProperties");
  return others != schema.end() && others->is_object() ? &*others : nullptr;
}

std::vector<std::string> keys_of(const Json& schema, const char* keyword) {
  std::vector<std::string> keys;
  const auto found = schema.is_object() ? schema.find(keyword) : schema.end();
  if (found == schema.end()) return keys;
  if (found->is_array()) return found->get<std::vector<std::string>>();
  for (const auto& member : found->items()) keys.push_back(member.key());
  return keys;
}

bool takes_others(const Json& schema) {
  const auto others = schema.is_object() ? schema.find("additionalProperties") : schema.end();
  return others != schema.end() && *others != false;
}

}  // namespace

void Reading::read_commitments() {
  const auto section = member(root_, "commitments");
  if (!section || !section->json->is_object()) return;
  for (const auto& [name, place] : members(*section)) read_commitment(name, place);
}

void Reading::read_commitment(const std::string& name, const Place& place) {
  const Keys keys{.required = {"department", "action", "due"},
                  .optional = {"input", "approval", "retry", "undo", "title", "description"},
                  .not_yet = {{"share", "Let each case make a commitment of its own."},
                              {"calendar", "Give \"due\" in hours that pass day and night: PT48H."}}};
  CommitmentSpec spec;
  spec.name = name;
  if (check_object(place, "a commitment", keys, findings_)) {
    spec.department = read_string(place, "department", findings_).value_or("");
    spec.action = read_string(place, "action", findings_).value_or("");
    spec.due_ms = read_duration(place, "due", findings_).value_or(0);
    read_contract(place, spec);
    read_undo(place, spec);
    read_approval(place, spec);
    read_retry(place, spec);
    read_input(place, spec);
  }
  workflow_.commitments.push_back(std::move(spec));
}

const plugin::Manifest* Reading::find_manifest(std::string_view department) const {
  const auto found =
      std::find_if(manifests_.begin(), manifests_.end(), [&](const auto& m) { return m.department == department; });
  return found == manifests_.end() ? nullptr : &*found;
}

void Reading::read_contract(const Place& place, CommitmentSpec& spec) {
  if (spec.department.empty()) return;
  const plugin::Manifest* manifest = find_manifest(spec.department);
  if (!manifest) {
    std::vector<std::string> departments;
    for (const plugin::Manifest& known : manifests_) departments.push_back(known.department);
    return refuse("unknown_department", place.pointer + "/department",
                  "no plugin is the department " + in_quotes(spec.department),
                  suggest(spec.department, departments) + " Else put its plugin into the folder of plugins.");
  }
  if (spec.action.empty()) return;
  if (const plugin::Action* action = manifest->find_action(spec.action)) {
    spec.contract = *action;
    return;
  }
  std::vector<std::string> actions;
  for (const auto& [name, action] : manifest->actions) actions.push_back(name);
  refuse("unknown_action", place.pointer + "/action",
         "the department " + in_quotes(spec.department) + " has no action " + in_quotes(spec.action),
         suggest(spec.action, actions));
}

void Reading::read_undo(const Place& place, CommitmentSpec& spec) {
  const auto undo = read_string(place, "undo", findings_);
  if (!undo) return;
  spec.undo = *undo;
  if (!spec.contract.input) return;
  if (*undo == spec.contract.undo) {
    spec.undo_contract = *find_manifest(spec.department)->find_action(*undo);  // read_manifest_text has seen that it is there.
    return;
  }
  const std::string action = "the action " + in_quotes(spec.action);
  if (spec.contract.undo.empty()) {
    return refuse("undo", place.pointer + "/undo", action + " cannot be taken back", "Remove \"undo\".");
  }
  refuse("undo", place.pointer + "/undo", action + " is not taken back by " + in_quotes(*undo),
         "Write \"" + spec.contract.undo + "\".");
}

void Reading::read_approval(const Place& place, CommitmentSpec& spec) {
  const auto approval = member(place, "approval");
  const Keys keys{.required = {"role"}, .optional = {"when"}, .not_yet = {}};
  if (!approval || !check_object(*approval, "an approval", keys, findings_)) return;
  spec.approval = Approval{read_id(*approval, "role", findings_).value_or(""), read_condition(*approval, "when", standing)};
}

void Reading::read_retry(const Place& place, CommitmentSpec& spec) {
  const auto retry = member(place, "retry");
  const Keys keys{.required = {}, .optional = {"initial", "factor", "max"}, .not_yet = {}};
  if (!retry || !check_object(*retry, "retry", keys, findings_)) return;
  if (const auto initial = read_duration(*retry, "initial", findings_)) spec.retry.initial_ms = *initial;
  if (const auto max = read_duration(*retry, "max", findings_)) spec.retry.max_ms = *max;
  if (const auto factor = read_number(*retry, "factor", findings_)) spec.retry.factor = *factor;
  if (!(spec.retry.factor >= 1 && spec.retry.factor <= 100)) {
    refuse("retry", retry->pointer + "/factor", "each wait must be at least as long as the one before",
           "Give a factor from 1 to 100.");
  }
  if (spec.retry.max_ms < spec.retry.initial_ms) {
    refuse("retry", retry->pointer, "the longest wait is shorter than the first",
           "Make \"max\" at least as long as \"initial\".");
  }
}

void Reading::read_input(const Place& place, CommitmentSpec& spec) {
  static const Json empty = Json::object();
  const auto input = member(place, "input");
  const Place tree = input ? *input : Place{&empty, place.pointer};
  if (!check_named(tree, "fields by name", findings_)) return;
  spec.input.tree = std::make_shared<const Json>(*tree.json);
  read_input_value(tree, "", spec.contract.input.get(), spec);
}

void Reading::read_input_value(const Place& value, const std::string& at, const Json* schema, CommitmentSpec& spec) {
  const Json& json = *value.json;
  if (json.is_string()) return read_input_text(value, at, schema, spec);
  if (json.is_object()) {
    static const Json anything = Json::object({{"additionalProperties", true}});
    return read_input_object(value, at, schema && schema->is_object() ? *schema : anything, spec);
  }
  if (!json.is_array()) return check_constant(value, schema);
  const Json* element = schema && schema->is_object() && schema->contains("items") ? &(*schema)["items"] : nullptr;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string part = "/" + std::to_string(i);
    read_input_value({&json[i], value.pointer + part}, at + part, element, spec);
  }
}

void Reading::read_input_object(const Place& value, const std::string& at, const Json& schema, CommitmentSpec& spec) {
  const std::vector<std::string> known = keys_of(schema, "properties");
  for (const auto& [name, field] : members(value)) {
    const Json* inner = schema_of_member(schema, name);
    if (!inner && !takes_others(schema)) {
      refuse("unknown_field", field.pointer, "the action takes no field " + in_quotes(name), suggest(name, known), Part::key);
    }
    read_input_value(field, at + pointer_part(name), inner, spec);
  }
  for (const std::string& name : keys_of(schema, "required")) {
    if (value.json->contains(name)) continue;
    refuse("missing_field", value.pointer, "the action needs the field " + in_quotes(name),
           "Add \"" + name + "\" to the input.");
  }
}

void Reading::read_input_text(const Place& value, const std::string& at, const Json* schema, CommitmentSpec& spec) {
  expression::Finding finding;
  auto text = Template::parse(value.json->get_ref<const std::string&>(), finding);
  if (!text) return findings_.add_expression(value.pointer, finding);
  spec.input.templates.emplace(at, *text);
  if (text->is_constant()) return check_constant(value, schema);
  std::function<void(const expression::Type&)> then;
  if (schema) {
    then = [this, wanted = expression::type_of_schema(*schema, "input"), pointer = value.pointer](const expression::Type& got) {
      want_type(wanted, got, pointer, "this input");
    };
  }
  pending_.push_back({std::nullopt, std::move(text), value.pointer, standing, std::move(then)});
}

void Reading::check_constant(const Place& value, const Json* schema) {
  if (!schema) return;
  for (const base::SchemaFinding& found : base::validate(*schema, *value.json)) {
    refuse("type", value.pointer + found.pointer, found.message, "See what the department's manifest asks for.");
  }
}

}  // namespace redress::workflow
