// Cuts a text into words.
#include "wording/words.hpp"

#include "wording/unicode.hpp"

namespace redress::wording {

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::size_t begin = 0;
  bool within = false, letters = false;
  const auto close = [&](std::size_t end) {
    if (within && letters) words.push_back({begin, text.substr(begin, end - begin)});
    within = letters = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    const char32_t point = next_point(text, at);
    if (!is_word_part(point)) {
      close(before);
      continue;
    }
    if (!within) begin = before;
    within = true;
    letters = letters || is_letter(point);
  }
  close(text.size());
  return words;
}

}  // namespace redress::wording
