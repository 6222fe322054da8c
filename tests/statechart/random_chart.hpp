// Random statecharts: nested, parallel, with history, and everything that a transition can have.
#pragma once
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace redress::statechart {

using Json = nlohmann::ordered_json;

// The same for the same seed. A member "x-in" of a transition names the state that its guard asks for: for who does not read
// CEL. `after`: with timers of minutes.
[[nodiscard]] Json random_chart(unsigned seed, bool after);
// One of those that the charts take.
[[nodiscard]] std::string random_event(std::mt19937& random);
// Without the members that only tests read.
[[nodiscard]] std::string as_workflow(Json chart);

}  // namespace redress::statechart
