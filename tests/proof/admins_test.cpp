// Workflows as admins break them, in tests/reject: each has one finding, whose text is in the .txt beside it.
//
// REDRESS_UPDATE=1 writes the .txt files anew; read the difference before you keep it.
#include <algorithm>
#include <cstdlib>

#include "proof/checking.hpp"

namespace redress::proof {
namespace {

using workflow::files::read;

std::vector<std::filesystem::path> broken() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator("tests/reject"))
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Admins, MendTheOneThingThatTheOneFindingNames) {
  const auto manifests = workflow::files::manifests();
  EXPECT_GE(broken().size(), 10U);
  for (auto path : broken()) {
    const auto checked = check(read(path), path.filename().string(), {.manifests = manifests, .rules = nullptr});
    EXPECT_FALSE(checked.workflow) << path;
    EXPECT_EQ(checked.findings.size(), 1U) << path;
    const std::string found = workflow::files::printed(checked.findings);
    path.replace_extension(".txt");
    if (std::getenv("REDRESS_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << found;
    EXPECT_EQ(found, read(path)) << path;
  }
}

}  // namespace
}  // namespace redress::proof
