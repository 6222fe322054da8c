// What a text shows that nobody else should read, told by its shape: mail addresses, cards, accounts, telephone numbers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace redress::wording {

// "it shows a mail address"; empty: nothing of the kind. It stops slips, not who means to get past it. Left out of account,
// since they only look like it: the `handles` of who is addressed, dates, hours, prices, what stands in the path of a link,
// addresses inside a network, numbers behind capital letters (WO-000001), and numbers that are called an order, a receipt or a
// reference; of the last two up to 12 digits.
[[nodiscard]] std::string looks_private(std::string_view text, const std::vector<std::string>& handles);

}  // namespace redress::wording
