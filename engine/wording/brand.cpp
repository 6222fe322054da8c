// Looks for what the brand never says.
#include "wording/brand.hpp"

#include <algorithm>

#include "wording/address.hpp"
#include "wording/unicode.hpp"
#include "wording/words.hpp"

namespace redress::wording {
namespace {

std::string_view primary(std::string_view language) { return language.substr(0, language.find('-')); }

// What is said of this language itself, else of the one that it is a region of.
template <class T>
const T* said_of(const std::map<std::string, T>& by_language, std::string_view language) {
  for (const std::string_view each : {language, primary(language)})
    if (const auto found = by_language.find(std::string(each)); found != by_language.end()) return &found->second;
  return nullptr;
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> out;
  for (const Word& word : words_of(text)) out.push_back(folded(word.text));
  return out;
}

void find_phrase(const std::string& phrase, std::string_view text, const std::vector<Word>& words,
                 const std::vector<std::string>& plain, std::vector<Breach>& found) {
  const std::vector<std::string> wanted = folded_words(phrase);
  if (wanted.empty()) return;
  for (auto at = plain.begin();; ++at) {
    at = std::search(at, plain.end(), wanted.begin(), wanted.end());
    if (at == plain.end()) return;
    const auto first = static_cast<std::size_t>(at - plain.begin());
    const Word& last = words[first + wanted.size() - 1];
    const std::size_t begin = words[first].begin, end = last.begin + last.text.size();
    found.push_back({begin, "the text says \"" + std::string(text.substr(begin, end - begin)) + "\", and the brand never says \"" + phrase + "\"",
                     "Say it in other words."});
  }
}

void find_address(Address address, const std::vector<Word>& words, std::vector<Breach>& found) {
  const Address other = address == Address::tu ? Address::usted : Address::tu;
  for (const Word& word : words) {
    if (!marks(other, lowered(word.text))) continue;
    const bool tu = address == Address::tu;
    found.push_back({word.begin, "\"" + std::string(word.text) + "\" addresses people as " + (tu ? "usted" : "tú") + ", and the brand says " + (tu ? "tú" : "usted"),
                     std::string("Write it with ") + (tu ? "tú" : "usted") + "."});
  }
}

}  // namespace

std::vector<Breach> find_breaches(const Brand& brand, std::string_view language, std::string_view text) {
  std::vector<Breach> found;
  const std::vector<Word> words = words_of(text);
  std::vector<std::string> plain;
  if (!brand.forbidden.empty())
    for (const Word& word : words) plain.push_back(folded(word.text));
  for (const std::string_view each : {Brand::any_language, primary(language), language}) {
    const auto phrases = brand.forbidden.find(std::string(each));
    if (phrases == brand.forbidden.end()) continue;
    for (const std::string& phrase : phrases->second) find_phrase(phrase, text, words, plain, found);
    if (each == language) break;  // Where it has no region, once.
  }
  if (const Address* address = said_of(brand.address, language)) find_address(*address, words, found);
  std::ranges::stable_sort(found, {}, &Breach::offset);
  return found;
}

bool has_words(std::string_view phrase) { return !words_of(phrase).empty(); }

std::string signature_in(const Brand& brand, std::string_view language) {
  const std::string* signature = said_of(brand.signature, language);
  return signature == nullptr || signature->empty() ? "" : " " + *signature;
}

}  // namespace redress::wording
