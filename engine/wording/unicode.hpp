// Unicode as readers and channels see it: normal form, graphemes, emoji, scripts, look-alikes. unicode.cpp alone uses ICU.
//
// All texts are well-formed UTF-8 (base::is_utf8). [any thread]
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace redress::wording {

[[nodiscard]] char32_t next_point(std::string_view text, std::size_t& at);  // Moves `at` behind it.
[[nodiscard]] std::string point_name(char32_t point);                       // "U+202E".
[[nodiscard]] std::string utf8(char32_t point);

[[nodiscard]] std::string composed(std::string_view text);  // Normal form C.
[[nodiscard]] std::size_t graphemes(std::string_view text);  // What readers take for one sign each (UAX #29).
// Length of the emoji that the text begins with, with all that is joined to it (an RGI sequence of UTS #51); 0: it begins with
// none. What is an emoji only where FE0F asks for it, is none without.
[[nodiscard]] std::size_t emoji_bytes(std::string_view text);

enum class Script { other, latin, greek, cyrillic };
[[nodiscard]] Script script_of(char32_t point);        // Of a letter; other for all that is none.
[[nodiscard]] bool is_letter(char32_t point);
[[nodiscard]] bool is_word_part(char32_t point);       // Letters, their marks, digits, and what joins them unseen.
[[nodiscard]] bool is_taken_for_latin(char32_t point);  // A letter that looks like one of a to z, or as several of them.
[[nodiscard]] std::string decomposed_singly(char32_t point);  // Normal form C of it alone, where that is another text; else "".

[[nodiscard]] std::string lowered(std::string_view text);  // Without case, composed.
// So that words are equal that a reader takes for the same: without case, accents (ñ keeps its tilde: it is a letter of its
// own) and what is unseen, look-alikes (UTS #39) as one.
[[nodiscard]] std::string folded(std::string_view word);

[[nodiscard]] bool is_country(std::string_view code);  // ISO 3166, two letters of any case.

}  // namespace redress::wording
