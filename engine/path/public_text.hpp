// What may be public: a reply's final text against its channel's length and the customer's privacy.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

// Why the text cannot go out on this channel; empty: it can. None is blank or has control characters. Private are the values
// that data, inputs and evidence mark so, and whatever looks like a card number, a mail address or a phone number.
[[nodiscard]] std::string unfit_for_public(const Draft& draft, std::string_view channel, std::string_view text);

// As the channel counts: X's weighted length (URL 23, emoji 2, leading mentions of a reply left out, after
// https://docs.x.com/fundamentals/counting-characters); elsewhere code points.
[[nodiscard]] std::size_t length_on(std::string_view channel, std::string_view text);

}  // namespace redress::path
