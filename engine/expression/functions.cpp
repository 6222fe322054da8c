// The functions' table, with what each does.
#include "expression/functions.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/text.hpp"
#include "expression/instants.hpp"
#include "expression/localized.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

using Arguments = std::span<const Value>;

const std::string& text(const Value& value) { return *value.get_if<std::string>(); }

Error failure(std::string_view name, Arguments arguments, std::string_view why) {
  std::string message(name);
  message += '(';
  for (std::size_t i = 0; i < arguments.size(); ++i) message += (i > 0 ? ", " : "") + show(arguments[i]);
  return {Code::invalid, message + "): " + std::string(why)};
}

Result<Value> same(Arguments arguments, const EvaluationOptions&) { return arguments[0]; }

Result<Value> size(Arguments arguments, const EvaluationOptions&) {
  std::size_t count = 0;
  if (const auto* string = arguments[0].get_if<std::string>()) count = base::utf8_length(*string);
  if (const List* list = arguments[0].list()) count = list->size();
  if (const Map* map = arguments[0].map()) count = map->size();
  return Value(static_cast<std::int64_t>(count));
}

Result<Value> starts_with(Arguments arguments, const EvaluationOptions&) {
  return Value(text(arguments[0]).starts_with(text(arguments[1])));
}

Result<Value> ends_with(Arguments arguments, const EvaluationOptions&) {
  return Value(text(arguments[0]).ends_with(text(arguments[1])));
}

// memmem is linear in both lengths; std::string::find is not.
Result<Value> contains(Arguments arguments, const EvaluationOptions&) {
  const std::string &subject = text(arguments[0]), &part = text(arguments[1]);
  return Value(::memmem(subject.data(), subject.size(), part.data(), part.size()) != nullptr);
}

template <class Number>
std::optional<Number> parse_number(std::string_view digits) {
  Number number{};
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Result<Value> int_of_uint(Arguments arguments, const EvaluationOptions&) {
  const std::uint64_t number = *arguments[0].get_if<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(INT64_MAX)) return failure("int", arguments, "outside the range of int");
  return Value(static_cast<std::int64_t>(number));
}

Result<Value> int_of_double(Arguments arguments, const EvaluationOptions&) {
  const double number = *arguments[0].get_if<double>();
  if (!(number > -9223372036854775808.0 && number < 9223372036854775808.0)) {
    return failure("int", arguments, "outside the range of int");
  }
  return Value(static_cast<std::int64_t>(number));
}

Result<Value> int_of_string(Arguments arguments, const EvaluationOptions&) {
  if (const auto number = parse_number<std::int64_t>(text(arguments[0]))) return Value(*number);
  return failure("int", arguments, "not an int");
}

Result<Value> int_of_timestamp(Arguments arguments, const EvaluationOptions&) {
  return Value(arguments[0].get_if<Timestamp>()->s);
}

Result<Value> uint_of_int(Arguments arguments, const EvaluationOptions&) {
  const std::int64_t number = *arguments[0].get_if<std::int64_t>();
  if (number < 0) return failure("uint", arguments, "outside the range of uint");
  return Value(static_cast<std::uint64_t>(number));
}

Result<Value> uint_of_double(Arguments arguments, const EvaluationOptions&) {
  const double number = *arguments[0].get_if<double>();
  if (!(number >= 0.0 && number < 18446744073709551616.0)) return failure("uint", arguments, "outside the range of uint");
  return Value(static_cast<std::uint64_t>(number));
}

Result<Value> uint_of_string(Arguments arguments, const EvaluationOptions&) {
  if (const auto number = parse_number<std::uint64_t>(text(arguments[0]))) return Value(*number);
  return failure("uint", arguments, "not a uint");
}

Result<Value> double_of_int(Arguments arguments, const EvaluationOptions&) {
  return Value(static_cast<double>(*arguments[0].get_if<std::int64_t>()));
}

Result<Value> double_of_uint(Arguments arguments, const EvaluationOptions&) {
  return Value(static_cast<double>(*arguments[0].get_if<std::uint64_t>()));
}

Result<Value> double_of_string(Arguments arguments, const EvaluationOptions&) {
  if (const auto number = number_from_text(text(arguments[0]))) return Value(*number);
  return failure("double", arguments, "not a double");
}

Result<Value> string_of_int(Arguments arguments, const EvaluationOptions&) {
  return Value(std::to_string(*arguments[0].get_if<std::int64_t>()));
}

Result<Value> string_of_uint(Arguments arguments, const EvaluationOptions&) {
  return Value(std::to_string(*arguments[0].get_if<std::uint64_t>()));
}

Result<Value> string_of_double(Arguments arguments, const EvaluationOptions&) {
  return Value(number_text(*arguments[0].get_if<double>()));
}

Result<Value> string_of_bool(Arguments arguments, const EvaluationOptions&) {
  return Value(*arguments[0].get_if<bool>() ? "true" : "false");
}

Result<Value> string_of_timestamp(Arguments arguments, const EvaluationOptions&) {
  return Value(timestamp_text(*arguments[0].get_if<Timestamp>()));
}

Result<Value> string_of_duration(Arguments arguments, const EvaluationOptions&) {
  return Value(duration_seconds_text(*arguments[0].get_if<Duration>()));
}

Result<Value> bool_of_string(Arguments arguments, const EvaluationOptions&) {
  static constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 6> no{"0", "f", "F", "false", "FALSE", "False"};
  if (std::ranges::find(yes, text(arguments[0])) != yes.end()) return Value(true);
  if (std::ranges::find(no, text(arguments[0])) != no.end()) return Value(false);
  return failure("bool", arguments, "not a bool; write 'true' or 'false'");
}

Result<Value> timestamp_of_string(Arguments arguments, const EvaluationOptions&) {
  const auto at = timestamp_from_text(text(arguments[0]));
  if (!at) return at.error();
  return Value(*at);
}

Result<Value> timestamp_of_int(Arguments arguments, const EvaluationOptions&) {
  const std::int64_t seconds = *arguments[0].get_if<std::int64_t>();
  if (seconds < timestamp_s_min || seconds > timestamp_s_max) return failure("timestamp", arguments, timestamp_range);
  return Value(Timestamp{seconds, 0});
}

Result<Value> duration_of_string(Arguments arguments, const EvaluationOptions&) {
  const auto span = duration_from_text(text(arguments[0]));
  if (!span) return span.error();
  return Value(*span);
}

Result<Value> type(Arguments arguments, const EvaluationOptions&) { return Value(type_value_of(arguments[0])); }

// Which part of a local time, and how CEL counts it.
enum class Part { year, month, date, day_of_month, day_of_week, day_of_year, hours, minutes, seconds, milliseconds };

constexpr std::int64_t pick(const LocalTime& at, Part part) {
  switch (part) {
    case Part::year:
      return at.year;
    case Part::month:
      return at.month - 1;
    case Part::date:
      return at.day;
    case Part::day_of_month:
      return at.day - 1;
    case Part::day_of_week:
      return at.weekday;
    case Part::day_of_year:
      return at.day_of_year;
    case Part::hours:
      return at.hour;
    case Part::minutes:
      return at.minute;
    case Part::seconds:
      return at.second;
    case Part::milliseconds:
      return at.millisecond;
  }
  return 0;
}

Result<LocalTime> local(std::string_view name, Arguments arguments) {
  const auto at = local_time(*arguments[0].get_if<Timestamp>(), arguments.size() > 1 ? text(arguments[1]) : "UTC");
  if (!at) return failure(name, arguments, "no such time zone; write 'Europe/Madrid', '+02:00' or 'UTC'");
  return *at;
}

template <Part part>
Result<Value> timestamp_part(Arguments arguments, const EvaluationOptions&) {
  static constexpr std::array<std::string_view, 10> names{"getFullYear",  "getMonth",       "getDate",  "getDayOfMonth",
                                                          "getDayOfWeek", "getDayOfYear",   "getHours", "getMinutes",
                                                          "getSeconds",   "getMilliseconds"};
  const auto at = local(names[static_cast<std::size_t>(part)], arguments);
  if (!at) return at.error();
  return Value(pick(*at, part));
}

template <std::int64_t unit_s>
Result<Value> duration_in(Arguments arguments, const EvaluationOptions&) {
  return Value(arguments[0].get_if<Duration>()->ns / 1'000'000'000 / unit_s);
}

Result<Value> duration_milliseconds(Arguments arguments, const EvaluationOptions&) {
  return Value(arguments[0].get_if<Duration>()->ns / 1'000'000 % 1000);
}

Result<Value> money(Arguments arguments, const EvaluationOptions& options) {
  const std::string& currency = text(arguments[1]);
  if (!minor_digits(currency)) return failure("money", arguments, "no such currency; write its ISO 4217 code, as 'EUR'");
  return Value(money_text(*arguments[0].get_if<std::int64_t>(), currency, options.language));
}

Result<Value> date(Arguments arguments, const EvaluationOptions& options) {
  const auto at = local("date", arguments);
  if (!at) return at.error();
  return Value(date_text(*at, options.language));
}

// A time without a named zone says which it is, so that nobody reads UTC as their own.
Result<Value> time(Arguments arguments, const EvaluationOptions&) {
  const auto at = local("time", arguments);
  if (!at) return at.error();
  return Value(time_text(*at) + (arguments.size() > 1 ? "" : " UTC"));
}

// The evaluator runs matches() itself: it keeps compiled patterns and counts their work.
constexpr Run by_evaluator = nullptr;

constexpr Overload function(std::string_view name, Kind parameter, Kind result, Run run) {
  return {name, false, {parameter, Kind::dyn}, 1, result, run};
}
constexpr Overload function(std::string_view name, Kind first, Kind second, Kind result, Run run) {
  return {name, false, {first, second}, 2, result, run};
}
constexpr Overload method(std::string_view name, Kind receiver, Kind result, Run run) {
  return {name, true, {receiver, Kind::dyn}, 1, result, run};
}
constexpr Overload method(std::string_view name, Kind receiver, Kind argument, Kind result, Run run) {
  return {name, true, {receiver, argument}, 2, result, run};
}

using enum Kind;

constexpr std::array table{
    function("size", string, integer, size),
    function("size", list, integer, size),
    function("size", Kind::map, integer, size),
    method("size", string, integer, size),
    method("size", list, integer, size),
    method("size", Kind::map, integer, size),
    function("matches", string, string, boolean, by_evaluator),
    method("matches", string, string, boolean, by_evaluator),
    method("startsWith", string, string, boolean, starts_with),
    method("endsWith", string, string, boolean, ends_with),
    method("contains", string, string, boolean, contains),
    function("int", integer, integer, same),
    function("int", uinteger, integer, int_of_uint),
    function("int", number, integer, int_of_double),
    function("int", string, integer, int_of_string),
    function("int", timestamp, integer, int_of_timestamp),
    function("uint", uinteger, uinteger, same),
    function("uint", integer, uinteger, uint_of_int),
    function("uint", number, uinteger, uint_of_double),
    function("uint", string, uinteger, uint_of_string),
    function("double", number, number, same),
    function("double", integer, number, double_of_int),
    function("double", uinteger, number, double_of_uint),
    function("double", string, number, double_of_string),
    function("string", string, string, same),
    function("string", integer, string, string_of_int),
    function("string", uinteger, string, string_of_uint),
    function("string", number, string, string_of_double),
    function("string", boolean, string, string_of_bool),
    function("string", timestamp, string, string_of_timestamp),
    function("string", duration, string, string_of_duration),
    function("bool", boolean, boolean, same),
    function("bool", string, boolean, bool_of_string),
    function("timestamp", timestamp, timestamp, same),
    function("timestamp", string, timestamp, timestamp_of_string),
    function("timestamp", integer, timestamp, timestamp_of_int),
    function("duration", duration, duration, same),
    function("duration", string, duration, duration_of_string),
    function("dyn", dyn, dyn, same),
    function("type", dyn, type_value, type),
    method("getFullYear", timestamp, integer, timestamp_part<Part::year>),
    method("getFullYear", timestamp, string, integer, timestamp_part<Part::year>),
    method("getMonth", timestamp, integer, timestamp_part<Part::month>),
    method("getMonth", timestamp, string, integer, timestamp_part<Part::month>),
    method("getDate", timestamp, integer, timestamp_part<Part::date>),
    method("getDate", timestamp, string, integer, timestamp_part<Part::date>),
    method("getDayOfMonth", timestamp, integer, timestamp_part<Part::day_of_month>),
    method("getDayOfMonth", timestamp, string, integer, timestamp_part<Part::day_of_month>),
    method("getDayOfWeek", timestamp, integer, timestamp_part<Part::day_of_week>),
    method("getDayOfWeek", timestamp, string, integer, timestamp_part<Part::day_of_week>),
    method("getDayOfYear", timestamp, integer, timestamp_part<Part::day_of_year>),
    method("getDayOfYear", timestamp, string, integer, timestamp_part<Part::day_of_year>),
    method("getHours", timestamp, integer, timestamp_part<Part::hours>),
    method("getHours", timestamp, string, integer, timestamp_part<Part::hours>),
    method("getHours", duration, integer, duration_in<3600>),
    method("getMinutes", timestamp, integer, timestamp_part<Part::minutes>),
    method("getMinutes", timestamp, string, integer, timestamp_part<Part::minutes>),
    method("getMinutes", duration, integer, duration_in<60>),
    method("getSeconds", timestamp, integer, timestamp_part<Part::seconds>),
    method("getSeconds", timestamp, string, integer, timestamp_part<Part::seconds>),
    method("getSeconds", duration, integer, duration_in<1>),
    method("getMilliseconds", timestamp, integer, timestamp_part<Part::milliseconds>),
    method("getMilliseconds", timestamp, string, integer, timestamp_part<Part::milliseconds>),
    method("getMilliseconds", duration, integer, duration_milliseconds),
    function("money", integer, string, string, money),
    function("date", timestamp, string, date),
    function("date", timestamp, string, string, date),
    function("time", timestamp, string, time),
    function("time", timestamp, string, string, time),
};

}  // namespace

std::span<const Overload> overloads() { return table; }

bool is_function(std::string_view name) { return std::ranges::find(table, name, &Overload::name) != table.end(); }

Kind kind_of(const Value& value) {
  static constexpr std::array<Kind, 11> kinds{null_type, boolean,   integer, uinteger, number,    string,
                                              duration,  timestamp, list,    map,      type_value};
  return kinds[value.held().index()];
}

bool fits(Kind kind, Kind parameter) {
  if (kind == dyn || parameter == dyn || kind == parameter) return true;
  return kind == object && parameter == Kind::map;
}

bool matches_call(const Overload& overload, std::string_view name, bool is_method, std::span<const Kind> arguments) {
  if (overload.name != name || overload.method != is_method || overload.count != arguments.size()) return false;
  return std::ranges::equal(arguments, std::span(overload.parameters).first(overload.count), fits);
}

std::string_view kind_name(Kind kind) {
  static constexpr std::array<std::string_view, 13> names{"dyn",      "null_type", "bool", "int", "uint",   "double", "string",
                                                          "duration", "timestamp", "list", "map", "object", "type"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace redress::expression
