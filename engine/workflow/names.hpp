// Names as workflows write them, and how messages quote them and guess what was meant.
#pragma once
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace redress::workflow {

using Names = std::set<std::string, std::less<>>;

[[nodiscard]] bool is_name(std::string_view text);      // a-z, then a-z, 0-9 and _: what expressions can say.
[[nodiscard]] bool is_id(std::string_view text);        // The same with -: ids, roles, departments.
[[nodiscard]] bool is_version(std::string_view text);   // "1.0.0", "2.1.0-draft".
[[nodiscard]] bool is_language(std::string_view text);  // "es", "es-MX".

// In single quotes, on one line, cut where it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);
// "a, b, c"; the first few and "..." where there are many.
[[nodiscard]] std::string listed(std::span<const std::string> names);
// The one of `names` that `text` is a slip of; empty: none is near.
[[nodiscard]] std::string nearest(std::string_view text, std::span<const std::string> names);
// "Did you mean 'refund'?", or "There are: a, b.", or "There is none."
[[nodiscard]] std::string suggest(std::string_view text, std::span<const std::string> names);
[[nodiscard]] std::string suggest(std::string_view text, const Names& names);

}  // namespace redress::workflow
