// Plays scenarios over the shipped workflows, with the departments of their manifests.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "redress/scenario.hpp"

namespace redress::rehearsal {

inline std::string read_text(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path << ": run from the project's folder";
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> manifests() {
  std::vector<std::string> all;
  for (const char* name : {"billing", "branches", "commercial", "communications", "maintenance"})
    all.push_back(read_text(std::string("tests/workflow/manifests/") + name + ".json"));
  return all;
}

inline ScenarioOptions options() {
  return {.manifests = manifests(), .load_workflow = [](const std::string&, const std::string& named) -> Result<NamedText> {
            const std::string name = named.empty() ? "billing-overcharge.json" : named;
            std::ifstream file("workflows/" + name);
            if (!file) return {Code::invalid, name + " is not there"};
            return NamedText{name, {std::istreambuf_iterator<char>(file), {}}};
          }};
}

inline ScenarioReport play(const std::string& text) {
  const NamedText file{"t.scenario", text};
  return run_scenarios({&file, 1}, options());
}

// "line:column message|mend" of each finding.
inline std::vector<std::string> findings(const std::string& text) {
  std::vector<std::string> all;
  for (const ScenarioFinding& finding : play(text).findings)
    all.push_back(std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " + finding.message + "|" +
                  finding.mend);
  return all;
}

// "" where every scenario holds; else what is wrong first.
inline std::string first_wrong(const std::string& text) {
  const ScenarioReport report = play(text);
  for (const ScenarioFinding& finding : report.findings) return std::to_string(finding.line) + ": " + finding.message;
  for (const ScenarioResult& result : report.results)
    if (result.failure)
      return std::to_string(result.failure->line) + ": expected " + result.failure->expected.front() + ", there is " +
             result.failure->found.front();
  return report.results.empty() ? "nothing was played" : "";
}

inline const std::string people = R"(person carl with role community
person sam with role supervisor
person rita with role billing
person lea with role community-lead, billing-lead
)";
// A case whose refund is with billing.
inline const std::string refund_begins = R"(post P1 "they charged me twice" on x
department identify done {"account": "A-1"}
department charge_check done {"overcharged_minor": 4500, "currency": "EUR",
  "explanation": {"en": "Twice.", "es": "Dos veces."}, "charges": ["c1"]}
)";
inline const std::string refunding = people + refund_begins;
inline const std::string refund_done =
    "department refund done {\"amount_minor\": 4500, \"currency\": \"EUR\", \"receipt\": \"R-1\"}\n";

}  // namespace redress::rehearsal
