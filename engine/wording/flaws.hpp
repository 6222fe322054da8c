// Flaws: what no public text may have, whatever it says: signs that nobody sees, or that make it read as something else.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace redress::wording {

struct Flaw {
  std::size_t offset = 0;  // In bytes.
  std::string message;     // "the text ...": what is wrong, without the place.
  std::string mend;        // A sentence.
};

// The first one: bytes that are not UTF-8 (half a surrogate pair is none), control characters, what turns the direction of
// the text, a word of Latin and look-alike letters, a sign that grows when the channel brings it into normal form.
[[nodiscard]] std::optional<Flaw> find_flaw(std::string_view text);
[[nodiscard]] bool is_blank(std::string_view text);  // Nothing in it can be seen.

}  // namespace redress::wording
