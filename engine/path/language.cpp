// Counts common words of English and Spanish; signs that only Spanish has count as words.
#include "path/language.hpp"

#include <array>
#include <cctype>
#include <set>

namespace redress::path {
namespace {

const std::set<std::string, std::less<>>& english_words() {
  static const std::set<std::string, std::less<>> words{
      "the",  "and",   "you", "your", "for",   "with", "this", "that", "was",     "were",  "have",   "has",   "my",
      "is",   "are",   "not", "it",   "to",    "of",   "in",   "on",   "why",     "what",  "when",   "how",   "please",
      "can",  "can't", "i",   "i'm",  "me",    "we",   "they", "but",  "charged", "twice", "thanks", "thank", "still",
      "from", "been",  "did", "do",   "don't", "just", "now",  "an",   "at",      "be"};
  return words;
}

const std::set<std::string, std::less<>>& spanish_words() {
  static const std::set<std::string, std::less<>> words{
      "el",       "la",    "los",   "las",    "de",     "del",    "que",   "y",     "en",      "un",      "una",  "por",
      "para",     "con",   "mi",    "mis",    "su",     "me",     "te",    "se",    "lo",      "le",      "les",  "es",
      "son",      "ya",    "pero",  "porque", "como",   "cuando", "qué",   "cómo",  "por qué", "gracias", "hola", "factura",
      "cobraron", "cobro", "cargo", "dinero", "cuenta", "está",   "están", "sin",   "más",     "muy",     "dos",  "veces",
      "nos",      "al",    "esto",  "este",   "esta",   "sigue",  "sigo",  "tengo", "han",     "hay"};
  return words;
}

}  // namespace

DetectedLanguage detect_language(std::string_view text) {
  int english = 0, spanish = 0;
  for (const std::string_view sign : {"¿", "¡", "ñ", "ción"}) {
    if (text.find(sign) != std::string_view::npos) spanish += 2;
  }
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(' ');
    if (std::isalpha(c) != 0 || c >= 0x80 || c == '\'') {
      word += static_cast<char>(std::tolower(c));
      continue;
    }
    english += english_words().contains(word) ? 1 : 0;
    spanish += spanish_words().contains(word) ? 1 : 0;
    word.clear();
  }
  const int known = english + spanish;
  if (known == 0 || english == spanish) return {};
  return english > spanish ? DetectedLanguage{"en", 100 * english / known} : DetectedLanguage{"es", 100 * spanish / known};
}

}  // namespace redress::path
