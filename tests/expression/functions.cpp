// Every function, overload by overload.
#include "expression/language.hpp"

namespace redress::expression {
namespace {

TEST(Size, CountsCodePointsItemsAndEntries) {
  expect_rows({{"size('')", "int 0"},
               {"size('four')", "int 4"},
               {"'πέντε'.size()", "int 5"},
               {"size([1, 2])", "int 2"},
               {"[].size()", "int 0"},
               {"{'a': 1}.size()", "int 1"},
               {"size({})", "int 0"},
               {"size(1)", "error size() does not take (int 1)"}});
}

TEST(Strings, AreSearchedByTheirBytes) {
  expect_rows({{"'foobar'.startsWith('foo')", "bool true"},
               {"'foobar'.startsWith('bar')", "bool false"},
               {"'foobar'.endsWith('bar')", "bool true"},
               {"'a'.endsWith('')", "bool true"},
               {"'foobar'.contains('oba')", "bool true"},
               {"''.contains('')", "bool true"},
               {"'añb'.contains('ñ')", "bool true"},
               {"'a'.contains(1)", "error contains() does not take (string 'a', int 1)"},
               {"contains('a', 'a')", "error contains() does not take (string 'a', string 'a')"}});
}

TEST(Matches, FindsAPartUnlessAnchored) {
  expect_rows({{"'hubba'.matches('ubb')", "bool true"},
               {"matches('hubba', 'ubb')", "bool true"},
               {"'hubba'.matches('^ubb$')", "bool false"},
               {"'Me COBRARON dos veces'.matches('(?i)cobr|cargo')", "bool true"},
               {R"('¡gracias!'.matches(r'(?i)^\W*gracias'))", "bool true"},
               {R"('de nada'.matches(r'^\W*gracias'))", "bool false"},
               {R"('a1'.matches('^\\w\\d$'))", "bool true"},
               {"'ñu'.matches('^.u$')", "bool true"},
               {"p.matches(q)", "bool true"},
               {"'x'.matches('a(')", "error matches('a('): missing ): a("}},
              R"({"p": "abc", "q": "b."})");
}

TEST(Conversions, ToInt) {
  expect_rows({{"int(42u)", "int 42"},
               {"int(-123.456)", "int -123"},
               {"int(1.9)", "int 1"},
               {"int('987')", "int 987"},
               {"int('-5')", "int -5"},
               {"int(timestamp('2004-09-16T23:59:59Z'))", "int 1095379199"},
               {"int(timestamp('1969-12-31T23:59:59.500Z'))", "int -1"},
               {"int(18446744073709551615u)", "error int(18446744073709551615u): outside the range of int"},
               {"int(1e99)", "error int(1e+99): outside the range of int"},
               {"int(9223372036854775807.0)", "error int(9223372036854775808.0): outside the range of int"},
               {"int('x')", "error int('x'): not an int"},
               {"int('')", "error int(''): not an int"},
               {"int('1.5')", "error int('1.5'): not an int"},
               {"int(true)", "error int() does not take (bool true)"},
               {"int(double('NaN'))", "error int(NaN): outside the range of int"}});
}

TEST(Conversions, ToUint) {
  expect_rows({{"uint(1729)", "uint 1729"},
               {"uint(25.5)", "uint 25"},
               {"uint('300')", "uint 300"},
               {"uint(1e19)", "uint 10000000000000000000"},
               {"uint(-1)", "error uint(-1): outside the range of uint"},
               {"uint(6.022e23)", "error uint(6.022e+23): outside the range of uint"},
               {"uint('-1')", "error uint('-1'): not a uint"}});
}

TEST(Conversions, ToDouble) {
  expect_rows({{"double(3)", "double 3.0"},
               {"double(3u)", "double 3.0"},
               {"double('1.38e-23')", "double 1.38e-23"},
               {"double('-0.5')", "double -0.5"},
               {"double('x')", "error double('x'): not a double"}});
}

TEST(Conversions, ToString) {
  expect_rows({{"string(123)", R"(string "123")"},
               {"string(9876u)", R"(string "9876")"},
               {"string(123.456)", R"(string "123.456")"},
               {"string(-4.5e-3)", R"(string "-0.0045")"},
               {"string(1e21)", R"(string "1e+21")"},
               {"string(1e6)", R"(string "1000000")"},
               {"string(true)", R"(string "true")"},
               {"string(timestamp('2009-02-13T23:31:30Z'))", R"(string "2009-02-13T23:31:30Z")"},
               {"string(duration('1000000s'))", R"(string "1000000s")"},
               {"string(duration('-1500ms'))", R"(string "-1.5s")"},
               {"string('a')", R"(string "a")"},
               {"string([1])", "error string() does not take (list [1])"}});
}

TEST(Conversions, ToBool) {
  expect_rows({{"bool('true')", "bool true"},
               {"bool('False')", "bool false"},
               {"bool('1')", "bool true"},
               {"bool(false)", "bool false"},
               {"bool('yes')", "error bool('yes'): not a bool; write 'true' or 'false'"},
               {"bool(1)", "error bool() does not take (int 1)"}});
}

TEST(Conversions, ToTimestamp) {
  expect_rows({{"timestamp('2017-10-08T23:04:15+02:00')", R"(timestamp "2017-10-08T21:04:15Z")"},
               {"timestamp(1095379199)", R"(timestamp "2004-09-16T23:59:59Z")"},
               {"timestamp(timestamp(0))", R"(timestamp "1970-01-01T00:00:00Z")"},
               {"timestamp('today')", "error timestamp('today'): not an RFC 3339 time; write it as '2026-05-04T10:00:00Z'"},
               {"timestamp(253402300800)", "error timestamp(253402300800): outside the range of timestamps, years 1 to 9999"}});
}

TEST(Conversions, ToDurationInCelsFormAndInIso8601) {
  expect_rows(
      {{"duration('90m') == duration('1h30m')", "bool true"},
       {"duration('PT90M') == duration('90m')", "bool true"},
       {"duration('P1D')", R"(duration "P1D")"},
       {"duration('1.5s')", R"(duration "PT1.5S")"},
       {"duration('250ms')", R"(duration "PT0.25S")"},
       {"duration('-1h')", R"(duration "-PT1H")"},
       {"duration('0')", R"(duration "PT0S")"},
       {"duration('1000000us') == duration('1s')", "bool true"},
       {"duration('0.001s') == duration('1ms')", "bool true"},
       {"duration('1us')", R"(duration "PT0.000001S")"},
       {"duration('PT0.000000001S') == duration('1ns')", "bool true"},
       {"duration('0.5ns')", "error duration('0.5ns'): finer than a nanosecond; write whole nanoseconds"},
       {"duration('0.0000000000001h')", "error duration('0.0000000000001h'): finer than a nanosecond; write whole nanoseconds"},
       {"duration('PT0.0000000001S')", "error duration('PT0.0000000001S'): finer than a nanosecond; write whole nanoseconds"},
       {"duration('PT1.5M')", "error duration('PT1.5M'): not a duration; write it as '90m', '1h30m' or 'PT90M'"},
       {"duration('P200000D')", "error duration('P200000D'): outside the range of durations, 292 years"},
       {"duration('1 hour')", "error duration('1 hour'): not a duration; write it as '90m', '1h30m' or 'PT90M'"},
       {"duration('')", "error duration(''): not a duration; write it as '90m', '1h30m' or 'PT90M'"},
       {"duration('5')", "error duration('5'): not a duration; write it as '90m', '1h30m' or 'PT90M'"},
       {"duration('h')", "error duration('h'): not a duration; write it as '90m', '1h30m' or 'PT90M'"},
       {"duration('320000000000s')", "error duration('320000000000s'): outside the range of durations, 292 years"},
       {"duration('99999999999999999999999h')",
        "error duration('99999999999999999999999h'): outside the range of durations, 292 years"}});
}

TEST(Conversions, TypeAndDynAreTheirOwn) {
  expect_rows({{"type(1u)", R"(type "uint")"},
               {"type({})", R"(type "map")"},
               {"dyn(1) + 1", "int 2"},
               {"type(dyn([1, 'one']))", R"(type "list")"}});
}

TEST(TimestampParts, AreUtcUnlessAZoneIsNamed) {
  const std::string at = "timestamp('2009-02-13T23:31:30.123Z')";
  const std::vector<std::pair<std::string, std::string>> rows{{"getFullYear()", "2009"},
                                                              {"getMonth()", "1"},
                                                              {"getDate()", "13"},
                                                              {"getDayOfMonth()", "12"},
                                                              {"getDayOfWeek()", "5"},
                                                              {"getDayOfYear()", "43"},
                                                              {"getHours()", "23"},
                                                              {"getMinutes()", "31"},
                                                              {"getSeconds()", "30"},
                                                              {"getMilliseconds()", "123"},
                                                              {"getDate('Australia/Sydney')", "14"},
                                                              {"getDayOfMonth('US/Central')", "12"},
                                                              {"getDayOfMonth('+11:00')", "13"},
                                                              {"getHours('02:00')", "1"},
                                                              {"getHours('Europe/Madrid')", "0"},
                                                              {"getMinutes('Asia/Kathmandu')", "16"},
                                                              {"getFullYear('-09:30')", "2009"},
                                                              {"getDayOfWeek('UTC')", "5"},
                                                              {"getSeconds('-00:00')", "30"}};
  for (const auto& [part, value] : rows) EXPECT_EQ(outcome(at + "." + part), "int " + value) << part;
  EXPECT_EQ(outcome("timestamp('2009-02-13T02:00:00Z').getDayOfMonth('America/St_Johns')"), "int 11");
  EXPECT_EQ(outcome("timestamp(0).getHours('Mars/Base')"),
            "error getHours(timestamp('1970-01-01T00:00:00Z'), 'Mars/Base'): no such time zone; write 'Europe/Madrid', "
            "'+02:00' or 'UTC'");
}

TEST(DurationParts, CountTheWholeDurationInAUnit) {
  expect_rows({{"duration('10000s').getHours()", "int 2"},
               {"duration('3730s').getMinutes()", "int 62"},
               {"duration('3730s').getSeconds()", "int 3730"},
               {"duration('123321ms').getMilliseconds()", "int 321"},
               {"duration('1h').getFullYear()", "error getFullYear() does not take (duration duration('3600s'))"}});
}

TEST(Money, FollowsTheCurrencysMinorDigitsAndTheLanguage) {
  const auto money = [](std::string_view minor_and_code, const std::string& language) {
    return outcome("money(" + std::string(minor_and_code) + ")", "{}", language);
  };
  EXPECT_EQ(money("4500, 'EUR'", "en"), "string \"€45.00\"");
  EXPECT_EQ(money("4500, 'USD'", "en"), "string \"$45.00\"");
  EXPECT_EQ(money("45, 'JPY'", "en"), "string \"JPY 45\"");
  EXPECT_EQ(money("123456789, 'GBP'", "en"), "string \"£1,234,567.89\"");
  EXPECT_EQ(money("-5, 'EUR'", "en"), "string \"-€0.05\"");
  EXPECT_EQ(money("-9223372036854775808, 'EUR'", "en"), "string \"-€92,233,720,368,547,758.08\"");
  EXPECT_EQ(money("1234, 'KWD'", "en"), "string \"KWD 1.234\"");
  EXPECT_EQ(money("4500, 'EUR'", "es"), "string \"45,00 €\"");
  EXPECT_EQ(money("4500, 'EUR'", "es-MX"), "string \"45,00 €\"");
  EXPECT_EQ(money("123456, 'MXN'", "es"), "string \"1234,56 MXN\"");
  EXPECT_EQ(money("1234567, 'EUR'", "es"), "string \"12.345,67 €\"");
  EXPECT_EQ(money("4500, 'EUR'", "fr"), "string \"EUR 45.00\"");
  EXPECT_EQ(money("4500, 'XXX'", "en"), "error money(4500, 'XXX'): no such currency; write its ISO 4217 code, as 'EUR'");
  EXPECT_EQ(money("4500, 'eur'", "en"), "error money(4500, 'eur'): no such currency; write its ISO 4217 code, as 'EUR'");
  EXPECT_EQ(money("45.0, 'EUR'", "en"), "error money() does not take (double 45.0, string 'EUR')");
}

TEST(DateAndTime, SpeakTheLanguageAndSayUtcWhereNoZoneIsNamed) {
  EXPECT_EQ(outcome("date(timestamp('2009-02-13T23:31:30Z'))"), "string \"13 February 2009\"");
  EXPECT_EQ(outcome("date(timestamp('2009-02-13T23:31:30Z'))", "{}", "es"), "string \"13 de febrero de 2009\"");
  EXPECT_EQ(outcome("date(timestamp('2009-02-13T23:31:30Z'), 'Europe/Madrid')", "{}", "es"),
            "string \"14 de febrero de 2009\"");
  EXPECT_EQ(outcome("date(timestamp('2009-02-13T23:31:30Z'))", "{}", "fr"), "string \"2009-02-13\"");
  EXPECT_EQ(outcome("time(timestamp('2009-02-13T23:31:30Z'))"), "string \"23:31 UTC\"");
  EXPECT_EQ(outcome("time(timestamp('2009-02-13T23:31:30Z'), 'Europe/Madrid')"), "string \"00:31\"");
}

}  // namespace
}  // namespace redress::expression
