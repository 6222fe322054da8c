// By ICU, which Debian keeps on the current Unicode: utf8proc has normal forms and graphemes, but neither scripts nor look-alikes.
#include "wording/unicode.hpp"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <new>

namespace redress::wording {
namespace {

constexpr std::size_t emoji_points_max = 10;  // The longest of RGI: a kiss with two skin tones.

// What is asked here fails where memory or ICU's own data is not there, and in no other case.
void expect(UErrorCode status) {
  if (U_FAILURE(status)) throw std::bad_alloc();
}

std::u16string utf16(std::string_view text) {
  std::u16string out(text.size(), u'\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
  if (text.empty()) return {};
  expect(status);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string utf8(std::u16string_view text) {
  std::string out(text.size() * 3, '\0');
  if (text.empty()) return out;
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(), static_cast<std::int32_t>(text.size()),
              &status);
  expect(status);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::u16string normalized(const UNormalizer2* form, std::u16string_view text) {
  constexpr std::size_t growth_max = 18;  // Of one code unit, in any of the forms.
  std::u16string out(std::max<std::size_t>(text.size() * 3, growth_max), u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const auto write = [&] {
    status = U_ZERO_ERROR;
    return unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()), out.data(),
                            static_cast<std::int32_t>(out.size()), &status);
  };
  std::int32_t length = write();
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    out.resize(static_cast<std::size_t>(length));
    length = write();
  }
  expect(status);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

using Form = const UNormalizer2* (*)(UErrorCode*);

std::u16string normalized(Form form, std::u16string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* instance = form(&status);
  expect(status);
  return normalized(instance, text);
}

const USpoofChecker* look_alikes() {
  struct Close {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
  };
  static const std::unique_ptr<USpoofChecker, Close> checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<USpoofChecker, Close> opened(uspoof_open(&status));
    expect(status);
    return opened;
  }();
  return checker.get();
}

std::u16string skeleton(std::u16string_view text) {
  std::u16string out(text.size() * 4 + 32, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const auto write = [&] {
    status = U_ZERO_ERROR;
    return uspoof_getSkeleton(look_alikes(), 0, text.data(), static_cast<std::int32_t>(text.size()), out.data(),
                              static_cast<std::int32_t>(out.size()), &status);
  };
  std::int32_t length = write();
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    out.resize(static_cast<std::size_t>(length));
    length = write();
  }
  expect(status);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// Decomposed, without the marks, but for the tilde of ñ.
std::u16string without_accents(std::u16string_view text) {
  const std::u16string apart = normalized(unorm2_getNFDInstance, text);
  std::u16string out;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    const bool of_n = apart[i] == 0x0303 && i > 0 && (apart[i - 1] == u'n' || apart[i - 1] == u'N');
    if (of_n || u_charType(apart[i]) != U_NON_SPACING_MARK) out += apart[i];
  }
  return out;
}

bool is_ascii_letters(std::u16string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); });
}

}  // namespace

char32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? lead : static_cast<char32_t>(lead & (0x3F >> more));
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return point;
}

std::string point_name(char32_t point) {
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(point));
  return name;
}

std::string utf8(char32_t point) {
  std::array<char16_t, 2> units{};
  const bool pair = point > 0xFFFF;
  units[0] = static_cast<char16_t>(pair ? 0xD7C0 + (point >> 10) : point);
  units[1] = static_cast<char16_t>(0xDC00 + (point & 0x3FF));
  return utf8(std::u16string_view(units.data(), pair ? 2 : 1));
}

std::string composed(std::string_view text) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::string(text) : utf8(normalized(unorm2_getNFCInstance, utf16(text)));
}

std::size_t graphemes(std::string_view text) {
  if (text.empty()) return 0;
  UErrorCode status = U_ZERO_ERROR;
  UText opened = UTEXT_INITIALIZER;
  const std::unique_ptr<UText, UText* (*)(UText*)> bytes(
      utext_openUTF8(&opened, text.data(), static_cast<std::int64_t>(text.size()), &status), utext_close);
  expect(status);
  const std::unique_ptr<UBreakIterator, void (*)(UBreakIterator*)> breaks(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status),
                                                                          ubrk_close);
  expect(status);
  ubrk_setUText(breaks.get(), bytes.get(), &status);
  expect(status);
  std::size_t count = 0;
  while (ubrk_next(breaks.get()) != UBRK_DONE) ++count;
  return count;
}

std::size_t emoji_bytes(std::string_view text) {
  std::u16string units;
  std::size_t found = 0, at = 0;
  for (std::size_t points = 0; points < emoji_points_max && at < text.size(); ++points) {
    const std::size_t before = at;
    const char32_t point = next_point(text, at);
    if (points == 0 && !u_hasBinaryProperty(static_cast<UChar32>(point), UCHAR_EMOJI)) return 0;
    units += utf16(text.substr(before, at - before));
    const auto size = static_cast<std::int32_t>(units.size());
    if (u_stringHasBinaryProperty(units.data(), size, UCHAR_RGI_EMOJI)) found = at;
  }
  return found;
}

Script script_of(char32_t point) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(point), &status)) {
    case USCRIPT_LATIN:
      return Script::latin;
    case USCRIPT_GREEK:
      return Script::greek;
    case USCRIPT_CYRILLIC:
      return Script::cyrillic;
    default:
      return Script::other;
  }
}

bool is_letter(char32_t point) { return u_isalpha(static_cast<UChar32>(point)) != 0; }

bool is_word_part(char32_t point) {
  const auto c = static_cast<UChar32>(point);
  const bool mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
  return u_isalnum(c) || mark || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool is_taken_for_latin(char32_t point) {
  if (!is_letter(point) || script_of(point) == Script::latin) return false;
  return is_ascii_letters(without_accents(skeleton(without_accents(utf16(utf8(point))))));
}

std::string decomposed_singly(char32_t point) {
  const auto c = static_cast<UChar32>(point);
  if (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) != UNORM_NO) return "";
  return composed(utf8(point));
}

std::string lowered(std::string_view text) {
  const std::u16string units = utf16(text);
  std::u16string out(units.size() * 3 + 1, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const auto length = u_strFoldCase(out.data(), static_cast<std::int32_t>(out.size()), units.data(),
                                    static_cast<std::int32_t>(units.size()), U_FOLD_CASE_DEFAULT, &status);
  expect(status);
  out.resize(static_cast<std::size_t>(length));
  return utf8(normalized(unorm2_getNFCInstance, out));
}

std::string folded(std::string_view word) {
  const auto fold = [](std::u16string_view text) { return without_accents(normalized(unorm2_getNFKCCasefoldInstance, text)); };
  return utf8(fold(skeleton(fold(utf16(word)))));
}

bool is_country(std::string_view code) {
  if (code.size() != 2) return false;
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  const std::array<char, 2> wanted{upper(code[0]), upper(code[1])};
  for (const char* const* country = uloc_getISOCountries(); *country != nullptr; ++country)
    if ((*country)[0] == wanted[0] && (*country)[1] == wanted[1]) return true;
  return false;
}

}  // namespace redress::wording
