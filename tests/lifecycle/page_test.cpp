// docs/lifecycles.md is what the compiled machines draw. REDRESS_UPDATE=1 writes it anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lifecycle/diagram.hpp"

namespace redress::lifecycle {
namespace {

constexpr const char* path = "docs/lifecycles.md";  // Tests run in the project's folder.

TEST(LifecyclesPage, IsNotStale) {
  const char* const update = std::getenv("REDRESS_UPDATE");
  if (update && std::string(update) == "1") {
    std::ofstream out(path, std::ios::binary);
    out << lifecycles_page();
    ASSERT_TRUE(out.flush()) << path << " cannot be written; run the test in the project's folder";
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path << " cannot be read; run the test in the project's folder";
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), lifecycles_page()) << path << " is stale; run this test with REDRESS_UPDATE=1";
}

TEST(LifecyclesPage, MarksTheStatesThatNothingLeaves) {
  const std::string page = lifecycles_page();
  for (const char* end : {"revoked", "undone", "cancelled", "corrected", "waived", "replaced"}) {
    EXPECT_NE(page.find("    " + std::string(end) + " --> [*]\n"), std::string::npos) << end;
  }
  EXPECT_EQ(page.find("    closed --> [*]\n"), std::string::npos);
}

}  // namespace
}  // namespace redress::lifecycle
