// What a manifest may say, and what each refusal names.
#include "plugin/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace redress::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Json minimal() {
  return Json::parse(R"({"id": "com.example.billing", "version": "1.2.0", "abi": 1, "department": "billing",
                         "actions": {"refund": {"evidence": {"type": "object"}}}})");
}

std::string error_of(const Json& json) {
  const auto manifest = read_manifest_text(json.dump());
  return manifest ? "it was read" : manifest.error().message;
}

std::string error_with(const char* pointer, const Json& value) {
  Json json = minimal();
  json[Json::json_pointer(pointer)] = value;
  return error_of(json);
}

TEST(Manifest, HasSafeDefaults) {
  const auto manifest = read_manifest_text(minimal().dump());
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->id, "com.example.billing");
  EXPECT_EQ(manifest->version, "1.2.0");
  EXPECT_EQ(manifest->department, "billing");
  EXPECT_EQ(manifest->abi, 1);
  EXPECT_FALSE(manifest->concurrent);
  const Action* refund = manifest->find_action("refund");
  ASSERT_NE(refund, nullptr);
  EXPECT_FALSE(refund->dedupes || refund->revocable || refund->reconciles || refund->cancellable || refund->records_decisions);
  EXPECT_EQ(refund->undo, "");
  EXPECT_EQ(refund->input->dump(), R"({"type":"object","additionalProperties":false})");
  EXPECT_EQ(manifest->find_action("pay"), nullptr);
}

TEST(Manifest, HasEachFieldThatItSays) {
  const auto manifest = read_manifest_text(R"({
    "id": "com.example.billing", "version": "2.0.1-rc.1", "abi": 1, "department": "billing-eu", "title": "Billing",
    "concurrent": true, "needs": {"network": true}, "config": {"type": "object", "properties": {"book": {"type": "string"}}},
    "actions": {
      "refund": {"title": "Refund", "input": {"type": "object"}, "evidence": {"type": "object", "properties": {
                   "note": {"type": "string", "maxLength": 80, "public_text": true}}},
                 "dedupes": true, "dedupe_for": "P30D", "revocable": true, "reconciles": true, "undo": "reverse",
                 "cancellable": true, "records_decisions": true, "waits_for_person": true},
      "reverse": {"evidence": {"type": "object"}}}})");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->concurrent && manifest->needs_network);
  EXPECT_FALSE(manifest->needs_files);
  const Action& refund = *manifest->find_action("refund");
  EXPECT_TRUE(refund.dedupes && refund.revocable && refund.reconciles && refund.cancellable);
  EXPECT_TRUE(refund.records_decisions && refund.waits_for_person);
  EXPECT_EQ(refund.dedupe_ms, std::int64_t{30} * 24 * 60 * 60 * 1000);
  EXPECT_EQ(refund.undo, "reverse");
  EXPECT_EQ(refund.evidence->at("properties").at("note").at("public_text"), true);
}

TEST(Manifest, NamesTheMissingMember) {
  for (const char* name : {"id", "version", "abi", "department", "actions"}) {
    Json json = minimal();
    json.erase(name);
    EXPECT_THAT(error_of(json), HasSubstr("/" + std::string(name) + " is missing; add it"));
  }
  Json json = minimal();
  json["actions"]["refund"].erase("evidence");
  EXPECT_THAT(error_of(json), HasSubstr("/actions/refund/evidence is missing"));
}

TEST(Manifest, RefusesAMemberThatItDoesNotKnow) {
  EXPECT_THAT(error_with("/colour", "red"), HasSubstr("/colour is no member here; the members are id, version"));
  EXPECT_THAT(error_with("/actions/refund/idempotent", true), HasSubstr("/actions/refund/idempotent is no member here"));
  EXPECT_THAT(error_with("/needs", Json{{"disk", true}}), HasSubstr("/needs/disk is no member here"));
}

TEST(Manifest, NamesBothSidesOfAForeignAbi) {
  EXPECT_THAT(error_with("/abi", 2), HasSubstr("/abi is 2, but this host speaks ABI 1"));
  EXPECT_THAT(error_with("/abi", "1"), HasSubstr("/abi is \"1\", but this host speaks ABI 1"));
}

TEST(Manifest, RefusesNamesThatAWorkflowCannotWrite) {
  EXPECT_THAT(error_with("/id", "billing"), HasSubstr("with a dot"));
  EXPECT_THAT(error_with("/id", ""), HasSubstr("/id must be a string of 1 to 128 bytes, but is 0 long"));
  EXPECT_THAT(error_with("/id", 5), HasSubstr("but is number"));
  EXPECT_THAT(error_with("/version", "1.2"), HasSubstr("three numbers"));
  EXPECT_THAT(error_with("/version", "1.2.3x"), HasSubstr("three numbers"));
  EXPECT_THAT(error_with("/department", "Billing"), HasSubstr("/department is \"Billing\""));
  EXPECT_THAT(error_with("/department", std::string(129, 'a')), HasSubstr("a string of 1 to 128 bytes, but is 129 long"));
  EXPECT_THAT(error_with("/actions/re-fund", Json{{"evidence", {{"type", "object"}}}}), HasSubstr("is no name of an action"));
}

TEST(Manifest, RefusesASchemaThatIsNotOfAnObject) {
  EXPECT_THAT(error_with("/actions/refund/evidence", true), HasSubstr("/evidence must be the schema of an object"));
  EXPECT_THAT(error_with("/config", Json{{"type", "string"}}), HasSubstr("/config must be the schema of an object"));
}

TEST(Manifest, RefusesASchemaWithARuleThatIsNotApplied) {
  EXPECT_THAT(error_with("/actions/refund/input", Json{{"type", "object"}, {"dependentSchemas", Json::object()}}),
              AllOf(HasSubstr("/actions/refund/input"), HasSubstr("dependentSchemas")));
}

TEST(Manifest, RefusesAnUndoThatNamesNoOtherAction) {
  EXPECT_THAT(error_with("/actions/refund/undo", "reverse"), HasSubstr("names \"reverse\", but the actions are refund"));
  EXPECT_THAT(error_with("/actions/refund/undo", "refund"), HasSubstr("names the action itself"));
}

TEST(Manifest, RefusesATimeOfDedupingWithoutDeduping) {
  EXPECT_THAT(error_with("/actions/refund/dedupe_for", "P1D"), HasSubstr("\"dedupes\" is not true"));
  EXPECT_THAT(error_with("/actions/refund/dedupe_for", "P1M"), HasSubstr("no duration above zero"));
}

TEST(Manifest, RefusesAFlagThatIsNoBoolean) {
  EXPECT_THAT(error_with("/actions/refund/revocable", "yes"), HasSubstr("must be true or false, but is string"));
}

TEST(Manifest, TellsAllFindingsAtOnce) {
  Json json = minimal();
  json["id"] = "nodot";
  json["abi"] = 9;
  EXPECT_THAT(error_of(json), AllOf(HasSubstr("/id"), HasSubstr("/abi")));
}

TEST(Manifest, RefusesWhatIsNoObject) {
  EXPECT_THAT(read_manifest_text("[]").error().message, HasSubstr("must be a JSON object, but is array"));
  EXPECT_THAT(read_manifest_text("{").error().message, HasSubstr("JSON at line 1"));
  EXPECT_THAT(read_manifest_text("").error().message, HasSubstr("manifest: JSON"));
  EXPECT_THAT(error_with("/actions", Json::object()), HasSubstr("/actions must be an object with one member or more"));
  EXPECT_THAT(error_with("/actions/refund", 1), HasSubstr("/actions/refund must be an object"));
}

}  // namespace
}  // namespace redress::plugin
