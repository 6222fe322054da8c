// Each example runs, and prints what stands at its end.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;

struct Example {
  const char* name;       // Its folder; the program is redress_NAME.
  const char* arguments;  // In a folder with the demonstration's accounts and the departments' configuration.
  const char* prepare = "true";
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.name; }

const Example examples[] = {
    {"embed", REDRESS_SOURCE "/workflows/billing-overcharge.json " REDRESS_PLUGINS " departments.json replies.jsonl"},
    {"host_loop", ""},
    {"department_object", ""},
    {"metered_store", "cases.db"},
    {"outside_plugin", REDRESS_BUILD "/examples/outside_plugin/lamps.so"},
    {"live_feed", ""},
    {"review", ""},
    {"served", ""},
    {"two_engines", REDRESS_SOURCE "/workflows/billing-overcharge.json " REDRESS_PLUGINS " accounts.json .",
     "mkdir north south"},
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string source_of(const std::string& example) { return text_of(REDRESS_SOURCE "/examples/" + example + "/main.cpp"); }

// The comment at the end of an example, without its slashes. Empty: there is none.
std::string expected_output(const std::string& source) {
  const std::string mark = "// Expected output:\n";
  const std::size_t at = source.find(mark);
  if (at == std::string::npos) return "";
  std::istringstream lines(source.substr(at + mark.size()));
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line == "//" || line.starts_with("// "))
        << "the expected output ends the file; this is no part of it: " << line;
    out += line.substr(std::min<std::size_t>(3, line.size())) + "\n";
  }
  return out;
}

Finished run(const Workspace& w, const std::string& command) {
  const int status = std::system(("cd " + w.path("") + " && " + command + " > out 2> err").c_str());
  return {status, w.read("out"), w.read("err")};
}

class Examples : public testing::TestWithParam<Example> {};

TEST_P(Examples, PrintWhatStandsAtTheirEnd) {
  const Workspace w;
  const Example& example = GetParam();
  const std::string expected = expected_output(source_of(example.name));
  ASSERT_NE(expected, "") << example.name << "/main.cpp has no \"// Expected output:\" at its end";
  const Finished finished =
      run(w, std::string(example.prepare) + " && " REDRESS_BUILD "/examples/redress_" + example.name + " " + example.arguments);
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.out, expected);
}

INSTANTIATE_TEST_SUITE_P(Each, Examples, testing::ValuesIn(examples), [](const auto& tried) { return tried.param.name; });

std::vector<std::string> folders_with_a_main() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(REDRESS_SOURCE "/examples"))
    if (fs::exists(entry.path() / "main.cpp")) names.push_back(entry.path().filename().string());
  return names;
}

TEST(ExamplesFolder, HasNoExampleThatIsNotRun) {
  std::vector<std::string> tried;
  for (const Example& example : examples) tried.emplace_back(example.name);
  EXPECT_THAT(tried, testing::UnorderedElementsAreArray(folders_with_a_main()));
}

TEST(ExamplesFolder, ListsEachExampleInItsReadme) {
  const std::string readme = text_of(REDRESS_SOURCE "/examples/README.md");
  for (const std::string& name : folders_with_a_main())
    EXPECT_THAT(readme, testing::HasSubstr("| [" + name + "](" + name + "/main.cpp) |"));
}

// Redress as a package would give it to a plugin's author: the headers and the function.
TEST(OutsidePlugin, BuildsAsAProjectOfItsOwn) {
  const Workspace w;
  w.write("redressConfig.cmake",
          "include(" REDRESS_SOURCE "/cmake/redress_add_plugin.cmake)\nadd_library(redress::redress INTERFACE IMPORTED)\n");
  const Finished built = run(w, REDRESS_CMAKE " -G '" REDRESS_GENERATOR "' -S " REDRESS_SOURCE
                                              "/examples/outside_plugin -B own -Dredress_DIR=$PWD && " REDRESS_CMAKE
                                              " --build own --target lamps");
  ASSERT_EQ(built.status, 0) << built.out << built.err;
  const Finished finished = run(w, REDRESS_BUILD "/examples/redress_outside_plugin own/lamps.so");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.out, expected_output(source_of("outside_plugin")));
}

// The plugin keeps its promise to do a key's work once, also in another process.
TEST(OutsidePlugin, FindsTheSameJobForTheSameKey) {
  const Workspace w;
  const std::string command =
      REDRESS_BUILD "/examples/redress_outside_plugin " REDRESS_BUILD "/examples/outside_plugin/lamps.so";
  ASSERT_EQ(run(w, command).status, 0);
  const Finished again = run(w, command);
  EXPECT_EQ(again.out, expected_output(source_of("outside_plugin")));
  const std::string book = w.read("lamps.book");
  EXPECT_EQ(std::count(book.begin(), book.end(), '\n'), 1);
}

TEST(ReviewExample, TakesTheSameCommandsFromAPerson) {
  const Workspace w;
  w.write("typed", "i am cora\ndecide 1 {}\ndecide 1 {\"answer\": \"sorry.\"}\nsing 2\napprove 77\ni am ana\napprove 2\n");
  const Finished finished = run(w, REDRESS_BUILD "/examples/redress_review - < typed");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, testing::StartsWith("  invalid: "));
  EXPECT_THAT(finished.out,
              testing::HasSubstr("\n  done\n  invalid: there is no command 'sing'\n  not_found: no open task 77"));
  EXPECT_THAT(finished.out, testing::EndsWith("  done\n  PUBLIC: eva, sorry.\n"));
}

}  // namespace
}  // namespace redress::test
