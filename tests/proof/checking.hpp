// A good workflow, and what the checker finds once it is changed.
#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "proof/prove.hpp"
#include "workflow/files.hpp"

namespace redress::proof {

using workflow::Finding;
using workflow::Severity;

inline bool is_refused(const std::vector<Finding>& found) {
  return std::any_of(found.begin(), found.end(), [](const Finding& each) { return each.severity != Severity::warning; });
}

inline std::vector<Finding> findings_within(const Bounds& bounds, const std::string& text) {
  const auto manifests = workflow::files::manifests();
  return check(text, "f.json", {.manifests = manifests, .rules = nullptr}, bounds).findings;
}

// As where those that are told apart are too many.
inline std::vector<Finding> findings_joined(const std::string& text) { return findings_within({.each = 0}, text); }

// What is wrong is never fine where standings are joined, whatever the test is about.
inline std::vector<Finding> findings_of(const std::string& text) {
  std::vector<Finding> found = findings_within({}, text);
  EXPECT_TRUE(!is_refused(found) || is_refused(findings_joined(text))) << workflow::files::printed(found) << text;
  return found;
}

// "wrong_charge": billing finds the account and refunds; people look at what is left.
inline std::string good() { return workflow::files::read(workflow::files::folder / "accept/wrong_charge.json"); }

// `text` with its one `from` made `to`.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at == std::string::npos) return text;
  EXPECT_EQ(text.find(from, at + 1), std::string::npos) << from << " is there twice";
  return text.replace(at, from.size(), to);
}

inline std::vector<std::string> events_of(const Finding& finding) {
  std::vector<std::string> events;
  for (const workflow::PathStep& step : finding.path) events.push_back(step.event);
  return events;
}

}  // namespace redress::proof
