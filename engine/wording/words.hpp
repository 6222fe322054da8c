// Words in a text. Private to this room.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace redress::wording {

struct Word {
  std::size_t begin = 0;  // In bytes.
  std::string_view text;
};

// Runs of letters, their marks and digits; those that have a letter. `text` outlives them.
[[nodiscard]] std::vector<Word> words_of(std::string_view text);

}  // namespace redress::wording
