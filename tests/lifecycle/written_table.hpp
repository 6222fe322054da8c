// A table of transitions written by hand, and what a machine must do to agree with it.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lifecycle/lifecycle.hpp"

namespace redress::lifecycle {

inline bool operator==(const Transition& a, const Transition& b) {
  return a.region == b.region && a.from == b.from && a.event == b.event && a.to == b.to && a.guard == b.guard;
}
inline std::ostream& operator<<(std::ostream& out, const Transition& row) {
  return out << row.region << ": " << row.from << " --" << row.event << " [" << row.guard << "]--> " << row.to;
}

using WrittenTable = std::vector<Transition>;

template <class Facts>
using Guards = std::map<std::string_view, bool (*)(const Facts&)>;

// The first `count` enumerators.
template <class Enum>
std::vector<Enum> all(int count) {
  std::vector<Enum> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<Enum>(i));
  return values;
}

inline void expect_same_rows(WrittenTable machine, WrittenTable written) {
  const auto text = [](const Transition& row) {
    return std::string(row.region) + " " + std::string(row.from) + " " + std::string(row.event);
  };
  const auto before = [&](const Transition& a, const Transition& b) { return text(a) < text(b); };
  std::sort(machine.begin(), machine.end(), before);
  std::sort(written.begin(), written.end(), before);
  EXPECT_EQ(machine, written);
}

inline std::string_view region_of(const WrittenTable& written, std::string_view event) {
  const auto row = std::find_if(written.begin(), written.end(), [&](const Transition& r) { return r.event == event; });
  return row == written.end() ? "" : row->region;
}

// What the written table says of `event` in `state`, the name of the state that the event's region is in.
struct Expected {
  Verdict verdict;
  std::string_view to;
};
template <class Facts>
Expected expected(const WrittenTable& written, const Guards<Facts>& guards, std::string_view state, std::string_view event,
                  const Facts& facts) {
  const auto row =
      std::find_if(written.begin(), written.end(), [&](const Transition& r) { return r.event == event && r.from == state; });
  if (row == written.end()) return {Verdict::illegal, state};
  const bool holds = row->guard.empty() || guards.at(row->guard)(facts);
  return holds ? Expected{Verdict::applied, row->to} : Expected{Verdict::refused, state};
}

// The reason fits the verdict: none when applied, "no <event> in <state>" when illegal, some promise when refused.
inline bool reason_fits(Verdict verdict, const std::string& reason, std::string_view event, std::string_view state) {
  if (verdict == Verdict::applied) return reason.empty();
  if (verdict == Verdict::illegal) return reason == "no " + std::string(event) + " in " + std::string(state);
  return !reason.empty();
}

}  // namespace redress::lifecycle
