// Where things stand in a JSON text: what breaks it before it is read, and the line and column of what is wrong afterwards.
//
// Positions are found again in the text when a finding needs one; nothing is kept beside the parsed value. Offsets are bytes.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace redress::workflow {

struct Position {
  int line = 1, column = 1;  // From 1; columns in bytes.
};
[[nodiscard]] Position position_at(std::string_view text, std::size_t offset);

// What breaks the text itself.
struct Fault {
  std::size_t offset = 0;
  std::string pointer;  // Of the innermost value that was begun.
  std::string rule;     // "syntax", "utf8", "depth", "size", "duplicate_key", "long_key".
  std::string message;
  std::string mend;
};

// Every duplicate and over-long key, and the first fault of any other kind: nothing after that one can be told apart.
// Strict RFC 8259; at most limits::workflow_bytes_max bytes, limits::json_depth_max levels, keys of limits::name_bytes_max
// bytes.
[[nodiscard]] std::vector<Fault> scan_json(std::string_view text);

// The functions below take a text without a fault (or with duplicate keys alone, of which the last counts).

enum class Part { value, key };
// Where the value (or the key) that an RFC 6901 pointer names begins; of the nearest value around it where it is not there.
[[nodiscard]] std::size_t locate(std::string_view text, std::string_view pointer, Part part);
// Where byte `index` of the decoded string stands, whose opening quote is at `quote`.
[[nodiscard]] std::size_t locate_in_string(std::string_view text, std::size_t quote, std::size_t index);

// The text without insignificant white space: keys in their order, strings and numbers as they were written.
[[nodiscard]] std::string compact_json(std::string_view text);

// A pointer's next part, escaped: "/a~1b".
[[nodiscard]] std::string pointer_part(std::string_view key);

}  // namespace redress::workflow
