// The README shows the code that is built, and that code works; so does the other embedding example.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

// The same lines without the two spaces that they are indented by.
std::string outdented(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    result += line.starts_with("  ") ? line.substr(2) : line;
    at = end;
  }
  return result;
}

TEST(Readme, ShowsTheEmbeddingCodeThatIsBuilt) {
  const std::string readme = file_text(REDRESS_SOURCE "/README.md");
  const std::string source = file_text(REDRESS_SOURCE "/examples/embed/main.cpp");
  EXPECT_EQ(between(readme, "```cpp\n", "```"), outdented(between(source, "  // [README begins]\n", "  // [README ends]")));
}

TEST(Readme, EmbeddingCodeTakesAPostToItsReply) {
  const Workspace w;
  const std::string command = "cd " + w.path("") +
                              " && " REDRESS_EMBED " " REDRESS_SOURCE "/workflows/billing-overcharge.json " + REDRESS_PLUGINS +
                              " departments.json replies.jsonl > lines";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(w.read("lines"), HasSubstr("C-000001 is resolved"));
  EXPECT_THAT(w.read("replies.jsonl"), HasSubstr("te devolvimos"));
}

// In a folder that looks like the clone, so that nothing is left in it.
TEST(Readme, ShowsCommandsThatWorkAsTheyStand) {
  const Workspace w;
  const std::string readme = file_text(REDRESS_SOURCE "/README.md");
  std::string commands = between(readme, "after `./dev build`:\n\n```sh\n", "```") +
                         between(readme, "Or the command line says everything:\n\n```sh\n", "```");
  const std::size_t doctor = commands.find("$redress doctor");
  ASSERT_NE(doctor, std::string::npos);
  commands.insert(doctor, "sed -i s/:8080/:0/ redress.json\n");  // Another program may listen there just now.
  w.write("shown.sh", "set -e\n" + commands);
  const std::string command = "cd " + w.path("") +
                              " && mkdir -p clone/build && cd clone && ln -s " REDRESS_SOURCE "/examples " REDRESS_SOURCE
                              "/workflows . && ln -s " REDRESS_BUILD
                              " build/release && bash ../shown.sh > ../shown 2> ../errors";
  EXPECT_EQ(std::system(command.c_str()), 0) << w.read("errors");
  const std::string shown = w.read("shown");
  EXPECT_THAT(shown, HasSubstr("9 files are in order"));
  EXPECT_THAT(shown, HasSubstr("posts read       40: "));
  EXPECT_THAT(shown, HasSubstr("billing-overcharge: new cases shut"));
  EXPECT_THAT(w.read("clone/build/sample/replies.jsonl"), HasSubstr("\"in_reply_to\""));
}

TEST(TwoEngines, InOneProcessKeepTheirBrandsApart) {
  const Workspace w;
  const std::string command = "cd " + w.path("") +
                              " && mkdir north south && " REDRESS_TWO_ENGINES " " REDRESS_SOURCE
                              "/workflows/billing-overcharge.json " +
                              REDRESS_PLUGINS + " accounts.json . > lines";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(w.read("lines"), "north: 1 case, resolved, the audit passes\nsouth: 1 case, resolved, the audit passes\n");
  for (const char* brand : {"north", "south"})
    EXPECT_THAT(w.read(std::string(brand) + "/replies.jsonl"), HasSubstr("te devolvimos"));
}

}  // namespace
}  // namespace redress::test
