// A Brand is how a company speaks in public: words that it never says, its signature, how it addresses people.
// Plain data, from a brand file (workflows/brand.json).
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redress::wording {

enum class Address { tu, usted };

struct Brand {
  static constexpr std::string_view any_language = "*";
  // By language ("es", "es-MX"; any_language: in each). A phrase is words with blanks between.
  std::map<std::string, std::vector<std::string>> forbidden;
  std::map<std::string, std::string> signature;
  std::map<std::string, Address> address;  // Of Spanish alone: "es" and its regions.
};

struct Breach {
  std::size_t offset = 0;  // In bytes.
  std::string message;
  std::string mend;
};

// Every breach in text order. Forbidden words are whole words without regard to case, accents (ñ is no n) and look-alike
// letters; marks of the other address are words that nobody would use under this one.
[[nodiscard]] std::vector<Breach> find_breaches(const Brand& brand, std::string_view language, std::string_view text);

[[nodiscard]] bool has_words(std::string_view phrase);

// " — Redress Energy": what each public text in that language ends with; empty: nothing.
[[nodiscard]] std::string signature_in(const Brand& brand, std::string_view language);

}  // namespace redress::wording
