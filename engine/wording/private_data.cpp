// First what only looks private is blanked out, then every row of digits that is left is counted.
#include "wording/private_data.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

namespace redress::wording {
namespace {

constexpr char blank = '*';                  // Part of no number, word or mail address.
constexpr std::size_t phone_digits_min = 9;  // Shorter ones are years, prices, streets.
constexpr std::size_t card_digits_min = 13;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
char sign_at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }  // Before the first, too.

// The signs that typographers and telephones use, as those of the keyboard.
std::string plain(std::string_view text) {
  struct Signs {
    re2::RE2 pattern;
    const char* sign;
  };
  static const Signs signs[] = {
      {re2::RE2(R"([\x{00A0}\x{2000}-\x{200A}\x{202F}])"), " "},
      {re2::RE2(R"([\x{2010}-\x{2015}\x{2212}])"), "-"},
      {re2::RE2(R"([\x{00B7}\x{2024}])"), "."},
      {re2::RE2(R"([\x{200B}-\x{200D}\x{2060}\x{FEFF}])"), ""},
  };
  std::string out(text);
  for (const auto& [pattern, sign] : signs) re2::RE2::GlobalReplace(&out, pattern, sign);
  for (int digit = 0; digit < 10; ++digit) {  // Full-width digits: EF BC 90 is 0.
    const std::string wide = {'\xEF', '\xBC', static_cast<char>(0x90 + digit)};
    for (std::size_t i = out.find(wide); i != std::string::npos; i = out.find(wide, i))
      out.replace(i, wide.size(), 1, static_cast<char>('0' + digit));
  }
  return out;
}

// ---- what only looks private ------------------------------------------------------------------------------------------------

// What a row of digits goes on behind, to the left and to the right.
struct Joints {
  std::string_view before, behind;
};

bool goes_on(std::string_view text, std::size_t begin, std::size_t end, const Joints& joints) {
  if (is_digit(sign_at(text, begin - 1)) || is_digit(sign_at(text, end))) return true;
  const bool before = begin >= 2 && joints.before.find(text[begin - 1]) != std::string_view::npos && is_digit(text[begin - 2]);
  const bool behind = end < text.size() && joints.behind.find(text[end]) != std::string_view::npos;
  return before || (behind && is_digit(sign_at(text, end + 1)));
}

struct Harmless {
  Harmless(const std::string& one_group, const Joints& may_not_go_on) : pattern(one_group), joints(may_not_go_on) {}
  re2::RE2 pattern;  // Its one group is blanked,
  Joints joints;     // unless its digits go on behind these.
};

std::deque<Harmless> all_harmless() {
  const std::string day = "(?:0?[1-9]|[12][0-9]|3[01])", year = "(?:19|20)[0-9]{2}";
  const std::string hour = R"((?:[01]?[0-9]|2[0-4])\.[0-5][0-9])", octet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})";
  const std::string amount = "(?:[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,8})(?:[.,][0-9]{1,2})?";
  const std::string code = "(?:EUR|USD|GBP|MXN|COP|ARS|CLP|PEN)";
  std::deque<Harmless> all;
  all.emplace_back(R"((?i)(?:https?://|\bwww\.|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/)([^\s?#]+))", Joints{});
  for (const char* sign : {"-", "/", "."}) {
    const std::string s = std::string("[") + sign + "]";
    all.emplace_back("\\b(" + year + s + day + s + day + ")\\b", Joints{sign, sign});
    all.emplace_back("\\b(" + day + s + day + s + year + ")\\b", Joints{sign, sign});
  }
  all.emplace_back("\\b(" + day + "[/.]" + day + "[/.][0-9]{2})\\b", Joints{"/. ", "/."});
  all.emplace_back("\\b(" + hour + " ?- ?" + hour + ")\\b", Joints{".-", ".-"});
  all.emplace_back("\\b(10(?:\\." + octet + "){3}|(?:192\\.168|172\\.(?:1[6-9]|2[0-9]|3[01]))(?:\\." + octet + "){2})\\b",
                   Joints{".", "."});
  all.emplace_back("((?:[€$£¥]|\\b" + code + ") ?" + amount + ")", Joints{" ", ". "});
  all.emplace_back("(?i)\\b(" + amount + " ?(?:[€$£¥]|(?:" + code + "|euros?|pounds?|dollars?|d[oó]lares|pesos)\\b))",
                   Joints{". ", ""});
  all.emplace_back(R"((?i)(?:\b(?:order|pedido|orden|folio|recibo|receipt|ticket|ref|referenc(?:e|ia)|tracking|gu[ií]a)\b|#))"
                   R"([.:]? ?(?:n[º°]|no\.|n\.|n[uú]m\.|number|n[uú]mero)?[.:]? ?#?([0-9][0-9-]{4,10}[0-9]))",
                   Joints{"./- ", "./- "});
  return all;
}

void blank_out(std::string& text, std::size_t begin, std::size_t length) { text.replace(begin, length, length, blank); }

void blank_each(std::string& text, const Harmless& harmless) {
  const std::string before = text;
  re2::StringPiece rest(before), found;
  while (re2::RE2::FindAndConsume(&rest, harmless.pattern, &found)) {
    const auto begin = static_cast<std::size_t>(found.data() - before.data());
    if (!goes_on(before, begin, begin + found.size(), harmless.joints)) blank_out(text, begin, found.size());
  }
}

// "WO-000001", "PED123456789": a number behind capital letters, which are not those of a telephone.
void blank_identifiers(std::string& text) {
  static const re2::RE2 identifier(R"(\b([A-Z]{1,4})-?([0-9]{6,12})(?:[A-Z]{1,3})?\b)"),
      telephone("TE?LE?F?|TFNO?|MO?VI?L?|CELL?|FAX|PH|WA");
  const std::string before = text;
  re2::StringPiece rest(before), letters, digits;
  while (re2::RE2::FindAndConsume(&rest, identifier, &letters, &digits)) {
    const auto begin = static_cast<std::size_t>(digits.data() - before.data());
    if (re2::RE2::FullMatch(letters, telephone) || goes_on(before, begin, begin + digits.size(), {"", "./-"})) continue;
    blank_out(text, begin, digits.size());
  }
}

std::string without_what_only_looks_private(std::string text) {
  static const std::deque<Harmless> all = all_harmless();
  for (const Harmless& each : all) blank_each(text, each);
  blank_identifiers(text);
  return text;
}

// ---- what is private --------------------------------------------------------------------------------------------------------

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// ISO 13616: the first four signs to the end, letters as 10 to 35; what is left of it by 97 is 1.
bool is_iban(std::string_view text) {
  const std::string turned = std::string(text.substr(4)) + std::string(text.substr(0, 4));
  int rest = 0;
  for (const char c : turned) rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  return rest == 1;
}

bool shows_iban(std::string_view text) {
  static const re2::RE2 iban(R"(\b([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})\b)");
  re2::StringPiece rest(text.data(), text.size());
  std::string found;
  while (re2::RE2::FindAndConsume(&rest, iban, &found))
    if (is_iban(found)) return true;
  return false;
}

bool shows_mail(std::string_view text, const std::vector<std::string>& handles) {
  static const re2::RE2 mail(R"(([A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}))");
  re2::StringPiece rest(text.data(), text.size());
  std::string found;
  while (re2::RE2::FindAndConsume(&rest, mail, &found))
    if (std::find(handles.begin(), handles.end(), found) == handles.end()) return true;  // A handle of Mastodon is public.
  return false;
}

// Who is addressed is no secret, whatever digits the handle is made of: blanked where it is a word of its own.
std::string without_handle(std::string text, std::string_view handle) {
  const bool only_digits = std::all_of(handle.begin(), handle.end(), is_digit);
  for (std::size_t i = text.find(handle); i != std::string::npos; i = text.find(handle, i + 1)) {
    const std::size_t end = i + handle.size();
    if ((i > 0 && is_word(text[i - 1])) || is_word(sign_at(text, end))) continue;
    const bool of_a_number = sign_at(text, i - 1) == '+' || goes_on(text, i, end, {"./-() ", "./-() "});
    if (!only_digits || !of_a_number) blank_out(text, i, handle.size());
  }
  return text;
}

}  // namespace

std::string looks_private(std::string_view text, const std::vector<std::string>& handles) {
  // Between two digits: nothing, a sign, a bracket; not the end of a sentence.
  static const re2::RE2 number(R"(([0-9](?:(?: {1,2}|\.| {0,2}[-/] {0,2}| ?[-./]? ?[()] ?[-./]? ?[()]?)?[0-9])*))");
  std::string left = plain(text);
  if (shows_mail(left, handles)) return "it shows a mail address";
  if (shows_iban(left)) return "it shows what looks like a bank account";
  for (const std::string& handle : handles)
    if (!handle.empty()) left = without_handle(std::move(left), handle);
  left = without_what_only_looks_private(std::move(left));
  re2::StringPiece rest(left);
  std::string found;
  while (re2::RE2::FindAndConsume(&rest, number, &found)) {
    found.erase(std::remove_if(found.begin(), found.end(), [](char c) { return !is_digit(c); }), found.end());
    if (found.size() >= card_digits_min && passes_luhn(found)) return "it shows what looks like a card number";
    if (found.size() >= phone_digits_min) return "it shows what looks like a phone or account number";
  }
  return "";
}

}  // namespace redress::wording
