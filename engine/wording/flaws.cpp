// Sign by sign, then word by word.
#include "wording/flaws.hpp"

#include "base/text.hpp"
#include "wording/unicode.hpp"
#include "wording/weights.hpp"
#include "wording/words.hpp"

namespace redress::wording {
namespace {

bool is_control(char32_t point) {
  const bool breaks_line = point == '\t' || point == '\n' || point == '\r';
  return (point < 0x20 && !breaks_line) || (point >= 0x7F && point <= 0x9F) || point == 0x2028 || point == 0x2029;
}

bool turns_direction(char32_t point) {
  return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) || point == 0x200E || point == 0x200F ||
         point == 0x061C;
}

// Some sixteen signs (of music, Hebrew and mathematics) weigh more in normal form than any other sign does.
bool grows(char32_t point) {
  constexpr std::size_t heaviest = 2;
  const std::string apart = decomposed_singly(point);
  return !apart.empty() && signs_on(Counting::x_weighted, apart) > heaviest;
}

std::optional<Flaw> find_sign(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t point = next_point(text, at);
    if (is_control(point))
      return Flaw{begin, "the text has control characters: " + point_name(point), "Leave it out."};
    if (turns_direction(point))
      return Flaw{begin, "the text has " + point_name(point) + ", which turns the direction in which others read it",
                  "Leave it out: letters find their direction by themselves."};
    if (grows(point))
      return Flaw{begin, "the text has " + point_name(point) + ", which becomes several signs where a channel normalizes it",
                  "Write it in another way."};
  }
  return std::nullopt;
}

// Latin letters beside Greek or Cyrillic ones, of which some look Latin.
std::optional<Flaw> find_look_alike(std::string_view text) {
  for (const Word& word : words_of(text)) {
    bool latin = false, posing = false;
    char32_t poser = 0;
    for (std::size_t at = 0; at < word.text.size();) {
      const char32_t point = next_point(word.text, at);
      const Script script = script_of(point);
      latin = latin || (script == Script::latin && is_letter(point));
      if (posing || (script != Script::greek && script != Script::cyrillic) || !is_taken_for_latin(point)) continue;
      posing = true;
      poser = point;
    }
    if (latin && posing)
      return Flaw{word.begin,
                  "the word \"" + std::string(base::utf8_prefix(word.text, 40)) + "\" mixes alphabets: " + point_name(poser) +
                      " in it only looks like a Latin letter",
                  "Write the word in one alphabet."};
  }
  return std::nullopt;
}

bool is_space(char32_t point) {
  return point <= 0x20 || point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202F) || (point >= 0x205F && point <= 0x2064) || point == 0x3000 || point == 0xFEFF;
}

}  // namespace

std::optional<Flaw> find_flaw(std::string_view text) {
  if (const std::size_t good = base::utf8_valid_bytes(text); good < text.size())
    return Flaw{good, "the text is not UTF-8", "Write it anew: half of a character (a lone surrogate) stands here."};
  if (auto flaw = find_sign(text)) return flaw;
  return find_look_alike(text);
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (!is_space(next_point(text, at))) return false;
  return true;
}

}  // namespace redress::wording
