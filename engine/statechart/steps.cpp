// The bound of a macrostep, and the words for the loop that passed it.
#include "statechart/steps.hpp"

#include <algorithm>

#include "redress/limits.hpp"

namespace redress::statechart {

std::optional<std::string> Steps::count(const std::string& step) {
  taken_.push_back(step);
  if (taken_.size() <= limits::macrostep_steps_max) return std::nullopt;
  return "a loop without waiting, more than " + std::to_string(limits::macrostep_steps_max) + " steps in one reaction: " + loop();
}

// Of the shortest period that the last steps show.
std::string Steps::loop() const {
  constexpr std::size_t shown_max = 8;
  std::size_t period = 1;
  while (period < taken_.size() / 2 && !repeats(period)) ++period;
  std::string text;
  for (std::size_t i = 0; i < std::min(period, shown_max); ++i) text += taken_[taken_.size() - period + i] + ", then ";
  return text + (period > shown_max ? "others, then again" : "again");
}

bool Steps::repeats(std::size_t period) const {
  const auto width = static_cast<std::ptrdiff_t>(period);
  return std::equal(taken_.rbegin(), taken_.rbegin() + width, taken_.rbegin() + width);
}

}  // namespace redress::statechart
