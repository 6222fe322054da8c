// Runs all scenarios of all files: each on a stage of its own, the workflows checked once.
#include <algorithm>
#include <map>

#include "redress/reading.hpp"
#include "redress/scenario.hpp"
#include "redress/workflow.hpp"
#include "scenario/coverage.hpp"
#include "scenario/script.hpp"
#include "scenario/stage.hpp"

namespace redress {
namespace {

using namespace scenario;

class Run {
 public:
  explicit Run(const ScenarioOptions& options) : options_(options) {}

  void take(const NamedText& file) {
    Script script = read_script(file);
    std::vector<Play*> plays;
    for (const Scenario& scenario : script.scenarios) {
      Play* play = find_play(script.file, scenario);
      if (play == nullptr) break;  // It is said why.
      for (auto& finding : check_names(script.file, scenario, play->coverage.inventory()))
        script.findings.push_back(std::move(finding));
      plays.push_back(play);
    }
    std::stable_sort(script.findings.begin(), script.findings.end(),
                     [](const auto& a, const auto& b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
    const bool runs = script.findings.empty() && plays.size() == script.scenarios.size();
    for (auto& finding : script.findings) report_.findings.push_back(std::move(finding));
    if (!runs) return;
    for (std::size_t i = 0; i < plays.size(); ++i) report_.results.push_back(run(script.file, script.scenarios[i], *plays[i]));
  }

  ScenarioReport finish() {
    for (const auto& [file, play] : plays_)
      if (play) report_.coverage.push_back(play->coverage.result());
    return std::move(report_);
  }

 private:
  // A workflow that scenarios run on.
  struct Play {
    std::string text;
    Wording wording;
  Coverage coverage;
  };

  Play* find_play(const std::string& file, const Scenario& scenario) {
    auto workflow = options_.load_workflow(file, scenario.workflow);
    if (!workflow) {
      report_.findings.push_back({file, scenario.line, 1, workflow.error().message,
                                  scenario.workflow.empty()
                                      ? "Name it in a line of its own, before the first scenario: workflow FILE"
                                      : "The name is relative to this file's folder."});
      return nullptr;
    }
    auto known = plays_.find(workflow->name);
    if (known == plays_.end()) known = plays_.emplace(workflow->name, check(*workflow)).first;
    return known->second.get();
  }

  // Nothing: it does not pass, and the findings say why.
  std::unique_ptr<Play> check(const NamedText& workflow) {
    auto wording = options_.load_wording ? options_.load_wording(workflow.name) : Result<Wording>(Wording{});
    if (!wording) {
      report_.findings.push_back({workflow.name, 1, 1, wording.error().message, "Mend the file that it names."});
      return nullptr;
    }
    bool passes = true;
    for (const WorkflowFinding& finding : check_workflow(workflow.text, workflow.name, options_.manifests, *wording)) {
      if (finding.severity == "warning") continue;
      passes = false;
      report_.findings.push_back({finding.file, finding.line, finding.column, finding.message, finding.mend});
    }
    if (!passes) return nullptr;
    return std::make_unique<Play>(Play{workflow.text, std::move(*wording), Coverage(take_inventory(workflow, options_.manifests))});
  }

  ScenarioResult run(const std::string& file, const Scenario& scenario, Play& play) {
    ScenarioResult result{file, scenario.line, scenario.name, play.coverage.inventory().id, 0, {}};
    Stage stage(scenario.start_ms, play.coverage);
    result.failure = play_out(scenario, play, stage, result.expected);
    return result;
  }

  std::optional<ScenarioFailure> play_out(const Scenario& scenario, const Play& play, Stage& stage, int& met) const {
    if (const auto opened = stage.open(play.text, options_.manifests, play.wording); !opened)
      return failure(scenario.line, "scenario " + scenario.name, {{"the workflow can run"}, {opened.error().message}}, stage);
    for (const auto& [name, roles] : scenario.people)
      if (const auto added = stage.engine().add_person(name, roles); !added)
        return failure(scenario.line, "person " + name, {{"the person can be made known"}, {added.error().message}}, stage);
    for (const Step& step : scenario.steps) {
      auto failed = perform(step, stage);
      if (const auto* expect = std::get_if<ExpectStep>(&step.step); expect != nullptr && !failed)
        failed = scenario::check(*expect, stage, met);
      if (failed) return failure(step.line, step.text, std::move(*failed), stage);
      if (const auto* act = std::get_if<ActStep>(&step.step); act != nullptr && act->refused) ++met;
    }
    return check_end(scenario, stage);
  }

  // Nothing that the script says is left over, and the history holds.
  static std::optional<ScenarioFailure> check_end(const Scenario& scenario, Stage& stage) {
    if (const auto unasked = stage.cast().unasked())
      return failure(unasked->line, unasked->text, {{"somebody asks for this answer"}, {"the scenario ends, and nobody asked"}},
                     stage);
    const auto audit = audit_store(stage.store());
    if (audit && audit->faults.empty()) return std::nullopt;
    return failure(scenario.line, "scenario " + scenario.name,
                   {{"the history that it leaves is sound"}, {audit ? audit->faults.front() : audit.error().message}}, stage);
  }

  static ScenarioFailure failure(int line, std::string statement, Failed failed, const Stage& stage) {
    ScenarioFailure failure{
        line, std::move(statement), std::move(failed.expected), std::move(failed.found), stage.reference_at_hand(), ""};
    if (failure.case_reference.empty()) return failure;
    if (auto explanation = explain_case(stage.store(), failure.case_reference)) failure.explanation = std::move(*explanation);
    return failure;
  }

  const ScenarioOptions& options_;
  ScenarioReport report_;
  std::map<std::string, std::unique_ptr<Play>> plays_;  // By the workflow's file.
};

}  // namespace

ScenarioReport run_scenarios(std::span<const NamedText> files, const ScenarioOptions& options) {
  Run run(options);
  for (const NamedText& file : files) run.take(file);
  return run.finish();
}

}  // namespace redress
