// The gate that every public text passes at run time, whatever was proved before.
#include "wording/rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "wording/flaws.hpp"
#include "wording/private_data.hpp"

namespace redress::wording {
namespace {

constexpr std::size_t private_bytes_min = 4;  // Shorter values stand in any text by chance.

std::string too_long(const Profile& profile, const Finished& finished) {
  const std::string channel(finished.channel);
  if (const std::size_t length = length_on(profile, finished.text); length > profile.length_max)
    return "the text is " + std::to_string(length) + " long as " + channel + " counts, at most " +
           std::to_string(profile.length_max) + " go out";
  if (profile.bytes_max > 0 && finished.text.size() > profile.bytes_max)
    return "the text has " + std::to_string(finished.text.size()) + " bytes, at most " + std::to_string(profile.bytes_max) +
           " go out on " + channel;
  return "";
}

std::string at_character(std::string_view text, std::size_t offset) {
  return ", at character " + std::to_string(base::utf8_length(text.substr(0, offset)) + 1);
}

}  // namespace

const Profile& Rules::on(std::string_view channel) const {
  const auto found = std::ranges::find_if(channels, [&](const Profile& profile) {
    return profile.name == channel || std::ranges::find(profile.other_names, channel) != profile.other_names.end();
  });
  return found == channels.end() ? elsewhere : *found;
}

std::string why_unfit(const Rules& rules, const Finished& finished) {
  if (const auto flaw = find_flaw(finished.text)) return flaw->message + at_character(finished.text, flaw->offset);
  if (is_blank(finished.text)) return "the text is blank";
  if (std::string why = too_long(rules.on(finished.channel), finished); !why.empty()) return why;
  for (const std::string& value : finished.private_values)
    if (value.size() >= private_bytes_min && finished.text.find(value) != std::string_view::npos)
      return "the text shows a value that is private";
  if (const std::string why = looks_private(finished.text, finished.handles); !why.empty())
    return "the text cannot be public: " + why;
  const auto breaches = find_breaches(rules.brand, finished.language, finished.text);
  return breaches.empty() ? "" : breaches.front().message + at_character(finished.text, breaches.front().offset);
}

}  // namespace redress::wording
