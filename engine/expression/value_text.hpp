// Values as text: for messages, and for what people read. Private to this room.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "expression/value.hpp"

namespace redress::expression {

// As a literal that the language would read, cut after about `length_max` bytes: "'high'", "[1, 2]", "duration('5s')".
[[nodiscard]] std::string show(const Value& value, std::size_t length_max = 80);
// Shortest digits that give the same double again; plain notation from 1e-6 up to 1e21.
[[nodiscard]] std::string number_text(double number);
[[nodiscard]] std::string duration_seconds_text(Duration duration);  // CEL's own form: "5400s", "0.5s", "-2s".

}  // namespace redress::expression
