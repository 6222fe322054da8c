// One expression of the workflow language, evaluated by itself: for `redress eval`, editors, and whoever tries a guard out.
#pragma once
#include <string>
#include <string_view>

#include "redress/api.hpp"
#include "redress/result.hpp"

namespace redress {

struct Evaluation {
  bool failed = false;  // The expression has an error, in its text or in its value.
  // {"type": "int", "value": "5"}, or {"error": "..."} where it failed. In a value, int and uint are strings of digits; double
  // a number, or "NaN", "Infinity", "-Infinity"; timestamp RFC 3339; duration "5400s"; a map's keys text; a type its name.
  std::string json;
};

// `variables_json`: an object of names to values, at most limits::document_bytes_max; empty: none. A whole number is an int,
// any other a double; an object with the two members "type" and "value" and no more is the value that such an evaluation
// printed, so that uint, timestamp and duration can be given. Names may have dots: "a.b". `language`: of money() and date().
// Nothing is checked beforehand: the types are those of the values. `invalid`: the variables cannot be read.
[[nodiscard]] REDRESS_API Result<Evaluation> evaluate_expression(std::string_view text, std::string_view variables_json = {},
                                                                 std::string_view language = "en");

}  // namespace redress
