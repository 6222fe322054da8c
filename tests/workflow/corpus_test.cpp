// The corpora: accept/ has no finding; each file of reject/ has exactly the findings in the .txt beside it.
//
// REDRESS_UPDATE=1 writes the .txt files anew; read the difference before you keep it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "workflow/files.hpp"

namespace redress::workflow {
namespace {

std::vector<std::filesystem::path> files_of(const std::string& corpus) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(files::folder / corpus)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string findings_of(const std::filesystem::path& path) {
  return files::printed(read_workflow(files::read(path), path.filename().string(), files::manifests()).findings);
}

TEST(Corpus, AcceptsEachFileOfAcceptWithoutAFinding) {
  for (const auto& path : files_of("accept")) EXPECT_EQ(findings_of(path), "") << path;
}

TEST(Corpus, RefusesEachFileOfRejectWithItsExactFindings) {
  const bool update = std::getenv("REDRESS_UPDATE") != nullptr;
  EXPECT_GE(files_of("reject").size(), 30U);
  for (auto path : files_of("reject")) {
    const std::string found = findings_of(path);
    EXPECT_NE(found, "") << path;
    path.replace_extension(".txt");
    if (update) std::ofstream(path, std::ios::binary) << found;
    EXPECT_EQ(found, files::read(path)) << path;
  }
}

TEST(Corpus, GivesNoWorkflowWhereThereIsAnError) {
  for (const auto& path : files_of("reject")) {
    const Checked checked = read_workflow(files::read(path), "f.json", files::manifests());
    const bool error = std::any_of(checked.findings.begin(), checked.findings.end(),
                                   [](const Finding& f) { return f.severity == Severity::error; });
    EXPECT_EQ(checked.workflow.has_value(), !error) << path;
  }
}

}  // namespace
}  // namespace redress::workflow
