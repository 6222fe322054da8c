// Each keyword of the schema with what fits it, what breaks it, and what may not stand as its value.
#include "base/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace redress::base {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Json json(std::string_view text) {
  auto parsed = parse_json(text, 1 << 20);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed ? *parsed : Json();
}

struct Row {
  const char* schema;
  std::vector<const char*> fit;
  std::vector<const char*> break_it;
};

const Row keyword_table[] = {
    {R"(true)", {"null", "1", "{}"}, {}},
    {R"({})", {"null", "1", "{}"}, {}},
    {R"(false)", {}, {"null", "{}"}},
    {R"({"type":"null"})", {"null"}, {"0", "false", "\"\"", "[]", "{}"}},
    {R"({"type":"boolean"})", {"true", "false"}, {"0", "null", "\"true\""}},
    {R"({"type":"integer"})",
     {"0", "-1", "1.0", "9223372036854775807", "-9223372036854775808"},
     {"1.5", "\"1\"", "1e30", "18446744073709551615", "null"}},
    {R"({"type":"number"})", {"0", "1.5", "1e30"}, {"\"1\"", "null", "true"}},
    {R"({"type":"string"})", {"\"\"", "\"a\""}, {"1", "null", "[]"}},
    {R"({"type":"array"})", {"[]", "[1]"}, {"{}", "\"\""}},
    {R"({"type":"object"})", {"{}"}, {"[]", "null"}},
    {R"({"type":["string","null"]})", {"\"a\"", "null"}, {"1", "[]"}},
    {R"({"enum":["a",1,{"x":1,"y":[2]}]})", {"\"a\"", "1", "1.0", R"({"y":[2],"x":1})"}, {"\"b\"", "2", "{}", "null"}},
    {R"({"const":{"x":1,"y":2}})", {R"({"y":2.0,"x":1})"}, {R"({"x":1})", "1"}},
    {R"({"const":null})", {"null"}, {"0", "false"}},
    {R"({"properties":{"a":{"type":"integer"}}})", {R"({"a":1})", R"({"b":"x"})", "[]", "1"}, {R"({"a":"x"})"}},
    {R"({"required":["a","b"]})", {R"({"a":null,"b":0})", "[]"}, {R"({"a":1})", "{}"}},
    {R"({"properties":{"a":true},"additionalProperties":false})",
     {R"({"a":1})", "{}", "1"},
     {R"({"b":1})", R"({"a":1,"b":1})"}},
    {R"({"properties":{"a":true},"additionalProperties":{"type":"string"}})", {R"({"a":1,"b":"x"})"}, {R"({"b":1})"}},
    {R"({"additionalProperties":false})", {"{}", "[1]"}, {R"({"a":1})"}},
    {R"({"items":{"type":"integer"}})", {"[]", "[1,2]", "{}"}, {"[1,\"2\"]"}},
    {R"({"items":false})", {"[]"}, {"[1]"}},
    {R"({"minItems":2})", {"[1,2]", "[1,2,3]", "1"}, {"[]", "[1]"}},
    {R"({"maxItems":2})", {"[]", "[1,2]", "{}"}, {"[1,2,3]"}},
    {R"({"minLength":2})", {"\"ab\"", "\"\u00f1\U0001F600\"", "1"}, {"\"\"", "\"\U0001F600\""}},
    {R"({"maxLength":2})", {"\"\"", "\"\u00f1\U0001F600\"", "[1,2,3]"}, {"\"abc\""}},
    {R"({"pattern":"b+"})", {"\"abbc\"", "1"}, {"\"ac\"", "\"\""}},
    {R"({"pattern":"^[A-Z]{2}$"})", {"\"AB\""}, {"\"ABC\"", "\"ab\""}},
    {R"({"minimum":5})", {"5", "5.5", "\"1\""}, {"4", "4.999"}},
    {R"({"minimum":9223372036854775807})", {"9223372036854775807", "18446744073709551615"}, {"9223372036854775806"}},
    {R"({"maximum":5})", {"5", "-1", "null"}, {"6", "5.001"}},
    {R"({"exclusiveMinimum":5})", {"6", "5.001", "{}"}, {"5", "4"}},
    {R"({"exclusiveMaximum":5})", {"4", "4.999", "[]"}, {"5", "5.0", "6"}},
    {R"({"minProperties":1})", {R"({"a":1})", "[]"}, {"{}"}},
    {R"({"maxProperties":1})", {R"({"a":1})", "{}", "1"}, {R"({"a":1,"b":2})"}},
    {R"({"uniqueItems":true})", {"[]", "[1,2,\"1\",true]", "1"}, {"[1,1.0]", R"([{"a":1,"b":2},{"b":2,"a":1}])"}},
    {R"({"uniqueItems":false})", {"[1,1]"}, {}},
    {R"({"format":"date-time"})", {"\"2017-10-08T23:04:15Z\"", "1"}, {"\"2017-10-08\"", "\"\""}},
    {R"({"format":"duration"})", {"\"PT15M\"", "null"}, {"\"15m\"", "\"P1M\""}},
    {R"({"anyOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5", "\"a\""}, {"1.5"}},
    {R"({"allOf":[{"minimum":2},{"maximum":4}]})", {"2", "4", "\"a\""}, {"1", "5"}},
    {R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5"}, {"3", "1.5"}},
    {R"({"not":{"type":"integer"}})", {"1.5", "\"1\""}, {"1"}},
    {R"({"title":"t","description":{"en":"d"},"private":true,"localized":true,"public_text":false,"optional":true})",
     {"1", "{}"},
     {}},
};

TEST(Schema, AppliesEveryKeyword) {
  for (const Row& row : keyword_table) {
    const Json schema = json(row.schema);
    EXPECT_THAT(check_schema(schema), IsEmpty()) << row.schema;
    for (const char* instance : row.fit) {
      EXPECT_THAT(validate(schema, json(instance)), IsEmpty()) << row.schema << " " << instance;
    }
    for (const char* instance : row.break_it) {
      EXPECT_THAT(validate(schema, json(instance)), testing::Not(IsEmpty())) << row.schema << " " << instance;
    }
  }
}

TEST(Schema, RefusesAKeywordThatItWouldNotApply) {
  for (const char* name : {"$schema", "$ref", "$id", "patternProperties", "prefixItems", "contains", "if", "dependentRequired",
                           "multipleOf", "propertyNames", "default", "examples", "Type", "maxlength", "x-mine", ""}) {
    const Json schema = {{"properties", {{"a", {{name, 1}}}}}};
    const auto findings = check_schema(schema);
    ASSERT_THAT(findings, SizeIs(1)) << name;
    EXPECT_EQ(findings[0].pointer, "/properties/a/" + std::string(name));
    EXPECT_EQ(findings[0].message, "the keyword " + std::string(name) + " is not known, so it would not be applied; remove it");
  }
}

TEST(Schema, RefusesAValueThatAKeywordCannotHave) {
  constexpr const char* table[] = {
      R"(1)",
      R"("string")",
      R"([])",
      R"(null)",
      R"({"type":"text"})",
      R"({"type":[]})",
      R"({"type":["string","string"]})",
      R"({"type":1})",
      R"({"type":["text"]})",
      R"({"enum":[]})",
      R"({"enum":1})",
      R"({"properties":[]})",
      R"({"properties":{"a":1}})",
      R"({"required":"a"})",
      R"({"required":[1]})",
      R"({"required":["a","a"]})",
      R"({"additionalProperties":1})",
      R"({"items":[true]})",
      R"({"minItems":-1})",
      R"({"maxItems":1.5})",
      R"({"minLength":"1"})",
      R"({"maxLength":null})",
      R"({"minProperties":-1})",
      R"({"maxProperties":true})",
      R"({"pattern":"("})",
      R"({"pattern":1})",
      R"({"pattern":"(?=a)b"})",
      R"({"minimum":"1"})",
      R"({"maximum":null})",
      R"({"exclusiveMinimum":true})",
      R"({"exclusiveMaximum":[]})",
      R"({"uniqueItems":1})",
      R"({"format":"email"})",
      R"({"format":1})",
      R"({"anyOf":[]})",
      R"({"allOf":{}})",
      R"({"oneOf":[1]})",
      R"({"not":1})",
      R"({"title":1})",
      R"({"description":["a"]})",
      R"({"private":"yes"})",
      R"({"localized":1})",
      R"({"public_text":null})",
      R"({"optional":"true"})",
  };
  for (const char* text : table) EXPECT_THAT(check_schema(json(text)), SizeIs(1)) << text;
}

TEST(Schema, LooksIntoEverySchemaWithinASchema) {
  const Json schema = json(R"({"properties":{"a/b":{"items":{"anyOf":[true,{"not":{"allOf":[{"oneOf":[
      {"additionalProperties":{"bad":1}}]}]}}]}}}})");
  const auto findings = check_schema(schema);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].pointer, "/properties/a~1b/items/anyOf/1/not/allOf/0/oneOf/0/additionalProperties/bad");
}

TEST(Schema, ReportsAllFindingsAtOnceWithTheirPlaces) {
  const Json schema = json(R"({"type":"object","required":["id"],"additionalProperties":false,
      "properties":{"lines":{"items":{"properties":{"amount_minor":{"type":"integer"}}}}}})");
  const auto findings = validate(schema, json(R"({"lines":[{"amount_minor":1},{"amount_minor":"2"}],"x~y":1})"));
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_EQ(findings[0].pointer, "");
  EXPECT_EQ(findings[0].message, "the field \"id\" is missing; add it");
  EXPECT_EQ(findings[1].pointer, "/x~0y");
  EXPECT_EQ(findings[1].message, "a field that is not known here; remove it");
  EXPECT_EQ(findings[2].pointer, "/lines/1/amount_minor");
  EXPECT_EQ(findings[2].message, "\"2\" must be of type \"integer\"");
}

TEST(Schema, BoundsItsFindingsAndWhatItQuotes) {
  Json instance = Json::array();
  for (int i = 0; i < 10'000; ++i) instance.push_back(std::string(10'000, 'x'));
  const auto findings = validate(json(R"({"items":{"type":"integer"}})"), instance);
  EXPECT_THAT(findings, SizeIs(100));
  EXPECT_LE(findings[0].message.size(), 128U);
  EXPECT_THAT(findings[0].message, HasSubstr("..."));
}

TEST(SchemaOfFields, RequiresEveryFieldThatIsNotOptional) {
  const Json schema = schema_of_fields(json(R"({"account":{"type":"string","maxLength":20,"private":true},
      "note":{"type":"string","optional":true},"count":{"type":"integer"},"code":{"type":"string","minLength":4}})"));
  EXPECT_THAT(check_schema(schema), IsEmpty());
  EXPECT_EQ(dump_json(schema),
            R"({"type":"object","properties":{"account":{"type":"string","maxLength":20,"private":true,"minLength":1},)"
            R"("note":{"type":"string","optional":true},"count":{"type":"integer"},"code":{"type":"string","minLength":4}},)"
            R"("required":["account","count","code"],"additionalProperties":false})");
}

TEST(SchemaOfFields, RefusesEmptyUnknownAndMissingFields) {
  const Json schema = schema_of_fields(json(R"({"account":{"type":"string"},"note":{"type":"string","optional":true}})"));
  EXPECT_THAT(validate(schema, json(R"({"account":"A1"})")), IsEmpty());
  EXPECT_THAT(validate(schema, json(R"({"account":"A1","note":""})")), IsEmpty());
  for (const char* text : {R"({})", R"({"account":""})", R"({"account":"A1","other":1})", R"([])", R"(null)"}) {
    EXPECT_THAT(validate(schema, json(text)), SizeIs(1)) << text;
  }
}

TEST(SchemaOfFields, TakesNoFieldsAtAll) {
  const Json schema = schema_of_fields(Json::object());
  EXPECT_THAT(check_schema(schema), IsEmpty());
  EXPECT_THAT(validate(schema, Json::object()), IsEmpty());
}

}  // namespace
}  // namespace redress::base
