// Steps counts what one macrostep takes: what goes on longer without waiting would go on for ever.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace redress::statechart {

class Steps {
 public:
  // The name of an event that is reacted to, or of a transition without one. Beyond limits::macrostep_steps_max it answers what is
  // wrong, with the steps that come again and again.
  [[nodiscard]] std::optional<std::string> count(const std::string& step);

 private:
  [[nodiscard]] std::string loop() const;
  [[nodiscard]] bool repeats(std::size_t period) const;

  std::vector<std::string> taken_;
};

}  // namespace redress::statechart
