// Types from schemas, and values under them.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

Type schema_type(const std::string& schema) { return type_of_schema(Json::parse(schema), "evidence"); }

TEST(TypeOfSchema, MapsEachTypeAndFormat) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {R"({"type": "integer"})", "int"},
      {R"({"type": "number"})", "double"},
      {R"({"type": "string"})", "string"},
      {R"({"type": "boolean"})", "bool"},
      {R"({"type": "null"})", "null_type"},
      {R"({"type": "string", "format": "date-time"})", "timestamp"},
      {R"({"type": "string", "format": "duration"})", "duration"},
      {R"({"type": "array", "items": {"type": "integer"}})", "list(int)"},
      {R"({"type": "array"})", "list(dyn)"},
      {R"({"type": "object"})", "map(string, dyn)"},
      {R"({"type": "object", "additionalProperties": {"type": "string"}})", "map(string, string)"},
      {R"({"type": ["string", "null"]})", "dyn"},
      {R"({"type": ["string"]})", "string"},
      {R"({"enum": ["a", "b"]})", "string"},
      {R"({"enum": ["a", 1]})", "dyn"},
      {R"({"const": "a"})", "string"},
      {"{}", "dyn"},
      {"true", "dyn"},
      {R"({"anyOf": [{"type": "string"}]})", "dyn"},
      {R"({"type": "object", "localized": true})", "localized"}};
  for (const auto& [schema, type] : rows) EXPECT_EQ(describe(schema_type(schema)), type) << schema;
}

TEST(TypeOfSchema, MakesWhatIsNotRequiredOptional) {
  const Type type =
      schema_type(R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "object",
                                   "properties": {"c": {"type": "string"}}}}})");
  ASSERT_EQ(type.kind, Kind::object);
  EXPECT_EQ(describe(type), "evidence");
  EXPECT_FALSE(type.fields->at("a").optional);
  EXPECT_TRUE(type.fields->at("b").optional);
  EXPECT_EQ(describe(type.fields->at("b").type), "evidence.b");
}

TEST(TypeOfSchema, CarriesWhatADeclarationAdds) {
  EXPECT_TRUE(schema_type(R"({"type": "string", "private": true})").private_);
  EXPECT_TRUE(schema_type(R"({"type": "string", "public_text": true})").public_text);
  EXPECT_EQ(schema_type(R"({"type": "string", "maxLength": 20})").length_max, 20u);
  EXPECT_EQ(schema_type(R"({"enum": ["no", "maybe"]})").length_max, 5u);
  EXPECT_EQ(schema_type(R"({"type": "object", "localized": true, "additionalProperties": {"type": "string", "maxLength": 90}})")
                .length_max,
            90u);
  EXPECT_EQ(
      schema_type(R"({"type": "object", "localized": true, "properties": {"en": {"maxLength": 5}, "es": {"maxLength": 9}}})")
          .length_max,
      9u);
  EXPECT_TRUE(schema_type(R"({"type": "string", "localized": true, "maxLength": 9})").localized);
}

TEST(ValueUnderAType, TakesTheTypesKind) {
  const Type type = schema_type(
      R"({"type": "object", "properties": {"d": {"type": "number"}, "i": {"type": "integer"},
      "at": {"type": "string", "format": "date-time"}, "span": {"type": "string", "format": "duration"},
      "list": {"type": "array", "items": {"type": "number"}}, "s": {"type": "string"}}})");
  const Value value = from_json(
      Json::parse(R"({"d": 5, "i": 5.0, "at": "2009-02-13T23:31:30Z", "span": "PT90M", "list": [1, 2.5], "s": 7, "more": 1})"),
      type);
  EXPECT_EQ(type_name(*value.find("d")), "double");
  EXPECT_EQ(type_name(*value.find("i")), "int");
  EXPECT_EQ(type_name(*value.find("at")), "timestamp");
  EXPECT_EQ(type_name(*value.find("span")), "duration");
  EXPECT_EQ(type_name((*value.find("list")->list())[0]), "double");
  EXPECT_EQ(type_name(*value.find("s")), "int");
  EXPECT_EQ(type_name(*value.find("more")), "int");
  EXPECT_EQ(type_name(from_json(Json("not a time"), simple(Kind::timestamp))), "string");
}

}  // namespace
}  // namespace redress::expression
