// The JSON Schema for editors agrees with the reader: what is shipped or accepted fits it, and it knows no other keys.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "workflow/files.hpp"

namespace redress::workflow {
namespace {

// The schema with each {"$ref": "#/$defs/x"} replaced by what it names, states within states as deep as they are here: our validator
// knows no references.
Json inlined(const Json& schema, const Json& definitions, int states_deep = 0) {
  constexpr int states_deep_max = 3;
  if (schema.is_array()) {
    Json out = Json::array();
    for (const Json& item : schema) out.push_back(inlined(item, definitions, states_deep));
    return out;
  }
  if (!schema.is_object()) return schema;
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    const int deep = states_deep + (name == "state" ? 1 : 0);
    return deep > states_deep_max ? Json::object() : inlined(definitions.at(name), definitions, deep);
  }
  Json out = Json::object();
  for (const auto& [key, value] : schema.items()) out[key] = inlined(value, definitions, states_deep);
  return out;
}

Json schema() {
  Json whole = Json::parse(files::read("workflows/workflow.schema.json"));
  const Json definitions = whole["$defs"];
  for (const char* key : {"$schema", "$id", "$defs"}) whole.erase(key);
  return inlined(whole, definitions);
}

std::string findings_of(const Json& instance) {
  std::string out;
  for (const auto& found : base::validate(schema(), instance)) out += found.pointer + ": " + found.message + "\n";
  return out;
}

TEST(WorkflowSchema, IsASchema) {
  const auto found = base::check_schema(schema());
  EXPECT_TRUE(found.empty()) << (found.empty() ? "" : found[0].pointer + ": " + found[0].message);
}

TEST(WorkflowSchema, FitsEachShippedWorkflow) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("workflows")) {
    const std::string name = entry.path().filename();
    if (!files::is_workflow(entry.path())) continue;
    EXPECT_EQ(findings_of(Json::parse(files::read(entry.path()))), "") << name;
    ++count;
  }
  EXPECT_EQ(count, 7);
}

// Each field beside its $ref, so that an editor shows what it means here.
void expect_texts(const Json& node, const std::string& place) {
  if (node.is_object() && node.contains("properties") && node["properties"].is_object() && !place.ends_with("/properties")) {
    for (const auto& [name, field] : node["properties"].items())
      EXPECT_TRUE(field.is_object() && field.contains("description")) << place << "/properties/" << name;
  }
  if (!node.is_structured()) return;
  for (const auto& [key, value] : node.items()) expect_texts(value, place + "/" + key);
}

TEST(WorkflowSchema, HasATextForEachField) { expect_texts(Json::parse(files::read("workflows/workflow.schema.json")), ""); }

TEST(WorkflowSchema, FitsEachAcceptedFile) {
  for (const auto& entry : std::filesystem::directory_iterator(files::folder / "accept")) {
    EXPECT_EQ(findings_of(Json::parse(files::read(entry.path()))), "") << entry.path();
  }
}

TEST(WorkflowSchema, RefusesSlipsThatAnEditorCanShow) {
  for (const char* name : {"unknown_key", "unknown_key_in_state", "wrong_types", "missing_keys", "action_of_two_things",
                           "unknown_action_verb", "transition_as_text", "claim_of_no_level", "not_yet_states"}) {
    EXPECT_NE(findings_of(Json::parse(files::read(files::folder / "reject" / (std::string(name) + ".json")))), "") << name;
  }
}

}  // namespace
}  // namespace redress::workflow
