// What may be public: a reply's final text against the rules of engine/wording and the case's own private values.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

struct PublicText {
  std::string_view channel, language, text;
};

// Why the text cannot go out; empty: it can. Private are the values that data, inputs and evidence mark so, and whatever looks
// like a card number, a mail address or a phone number.
[[nodiscard]] std::string unfit_for_public(const Draft& draft, const PublicText& text);

}  // namespace redress::path
