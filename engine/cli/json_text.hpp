// JSON that people hand in, read within bounds; and JSON values as cells of a table.
#pragma once
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "redress/result.hpp"

namespace redress::cli {

using Json = nlohmann::ordered_json;

// The whole file; `invalid` names it: not there, not readable, or longer than `bytes_max`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

enum class Duplicates { refused, last_counts };

// `what` names the text in errors: "people.jsonl:3". Refuses with `invalid`: nesting over limits::json_depth_max, a duplicate
// key (unless the caller says otherwise, and finds it by itself).
[[nodiscard]] Result<Json> parse_json(std::string_view text, const std::string& what,
                                      Duplicates duplicates = Duplicates::refused);

// The value at a dotted path ("first_reply.state") as text: strings bare, lists joined by ", ", objects as JSON. Absent or
// null: "".
[[nodiscard]] std::string cell(const Json& json, std::string_view path);
[[nodiscard]] std::string cell(const Json& json);

// What people wrote, and why a thing is as it is, where `one` has them: a line each, clipped; the whole is in the JSON.
void print_quoted(std::ostream& out, const std::string& margin, const Json& one);

}  // namespace redress::cli
