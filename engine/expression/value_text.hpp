// Values as text: for messages, and for what people read. Private to this room.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "expression/value.hpp"

namespace redress::expression {

// As a literal that the language would read, cut after about `length_max` bytes: "'high'", "[1, 2]", "duration('5s')".
[[nodiscard]] std::string show(const Value& value, std::size_t length_max = 80);
// Shortest digits that give the same double again; plain notation from 1e-6 up to 1e21.
[[nodiscard]] std::string number_text(double number);
// The nearest double; what is too small for one is 0. Nothing where it is no number, or too large.
[[nodiscard]] std::optional<double> number_from_text(std::string_view text);

}  // namespace redress::expression
