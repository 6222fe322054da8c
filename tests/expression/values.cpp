// Values: equality, access, and JSON there and back.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

TEST(Value, FindsEntriesByStringKey) {
  const Value map(Map{{Value(1), Value("int key")}, {Value("a"), Value(2)}});
  ASSERT_NE(map.find("a"), nullptr);
  EXPECT_TRUE(equal(*map.find("a"), Value(2)));
  EXPECT_EQ(map.find("1"), nullptr);
  EXPECT_EQ(Value(5).find("a"), nullptr);
}

TEST(Value, NamesItsType) {
  EXPECT_EQ(type_name(Value()), "null_type");
  EXPECT_EQ(type_name(Value(Duration{1})), "duration");
  EXPECT_EQ(type_name(Value(List{})), "list");
}

TEST(ValueFromJson, MakesIntegersIntAndOtherNumbersDouble) {
  const Value value = from_json(Json::parse(R"({"b": 1, "a": [1.0, -5, 18446744073709551615, "x", true, null]})"));
  const List& items = *value.find("a")->list();
  EXPECT_EQ(type_name(*value.find("b")), "int");
  EXPECT_EQ(type_name(items[0]), "double");
  EXPECT_EQ(type_name(items[1]), "int");
  EXPECT_EQ(type_name(items[2]), "uint");
  EXPECT_EQ(base::dump_json(to_json(value)), R"({"b":1,"a":[1.0,-5,18446744073709551615,"x",true,null]})");
}

TEST(ValueToJson, WritesTimesAsText) {
  EXPECT_EQ(base::dump_json(to_json(Value(Timestamp::of_ms(1'234'567'890'000)))), R"("2009-02-13T23:31:30Z")");
  EXPECT_EQ(base::dump_json(to_json(Value(Timestamp::of_ms(-1)))), R"("1969-12-31T23:59:59.999Z")");
  EXPECT_EQ(base::dump_json(to_json(Value(Timestamp{0, 1000}))), R"("1970-01-01T00:00:00.000001Z")");
  EXPECT_EQ(base::dump_json(to_json(Value(Duration{5'400'000'000'000}))), R"("PT1H30M")");
  EXPECT_EQ(base::dump_json(to_json(Value(Duration{-1}))), R"("-PT0.000000001S")");
  EXPECT_EQ(base::dump_json(to_json(Value(Duration{86'400'500'000'000}))), R"("P1DT0.5S")");
  EXPECT_EQ(base::dump_json(to_json(Value(Map{{Value(1), Value(true)}}))), R"({"1":true})");
}

}  // namespace
}  // namespace redress::expression
