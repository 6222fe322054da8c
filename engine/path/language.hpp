// Which language a post is written in, told from its commonest words.
#pragma once
#include <string>
#include <string_view>

namespace redress::path {

struct DetectedLanguage {
  std::string language;  // "en", "es"; empty: cannot tell.
  int percent = 0;       // How sure: the share of known words that are this language's.
};
[[nodiscard]] DetectedLanguage detect_language(std::string_view text);

}  // namespace redress::path
