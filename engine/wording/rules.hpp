// Rules are what every public text must keep: the channels' profiles and the brand. Immutable: [any thread].
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wording/brand.hpp"
#include "wording/profile.hpp"

namespace redress::wording {

struct Rules {
  std::vector<Profile> channels;
  Profile elsewhere;  // Of every other channel.
  Brand brand;

  [[nodiscard]] const Profile& on(std::string_view channel) const;  // By any of its names.
};

// A finished text, and what is known of it.
struct Finished {
  std::string_view channel, language, text;
  std::vector<std::string> handles;         // Of who may be addressed: public, whatever they look like.
  std::vector<std::string> private_values;  // Of this case: none may be shown.
};

// Why the text cannot go out; empty: it can.
[[nodiscard]] std::string why_unfit(const Rules& rules, const Finished& finished);

}  // namespace redress::wording
