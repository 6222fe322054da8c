// redress init: a folder that runs at once, by the very commands that its README names.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/schema.hpp"
#include "cli/config.hpp"
#include "cli/program.hpp"
#include "redress/service.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

// The status of a line of shell in a folder, where `redress` is the program.
int shell(const std::string& folder, const std::string& line) {
  const std::string program = fs::path(REDRESS_PROGRAM).parent_path().string();
  const std::string command = "cd '" + folder + "' && PATH='" + program + "':\"$PATH\" && { " + line + "; } > shown 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<std::string> commands_of(const std::string& readme) {
  const std::size_t begin = readme.find("```sh\n") + 6;
  std::istringstream lines(readme.substr(begin, readme.find("```", begin) - begin));
  std::vector<std::string> commands;
  for (std::string line; std::getline(lines, line);) commands.push_back(line);
  return commands;
}

int mode_of(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? static_cast<int>(found.st_mode & 07777U) : -1;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// Another program may listen at the one that the folder names.
void take_any_port(const Workspace& w) {
  std::string text = w.read("d/redress.json");
  const std::size_t at = text.find(":8080");
  ASSERT_NE(at, std::string::npos);
  w.write("d/redress.json", text.replace(at, 5, ":0"));
}

TEST(Init, BeginsAFolderThatRunsByTheCommandsOfItsReadme) {
  const Workspace w;
  ASSERT_EQ(w.redress({"init", "d"}).status, 0);
  take_any_port(w);
  const auto commands = commands_of(w.read("d/README.md"));
  ASSERT_THAT(commands, SizeIs(3));
  for (const std::string& command : commands) EXPECT_EQ(shell(w.path("d"), command), 0) << command << "\n" << w.read("d/shown");
  EXPECT_THAT(w.read("d/replies.jsonl"), HasSubstr("te devolvimos 24,90"));
  EXPECT_THAT(w.read("d/shown"), HasSubstr("manual.answer"));  // redress tasks: somebody has a question.
  EXPECT_EQ(shell(w.path("d"), "redress audit && redress doctor && redress check && redress why C-000001"), 0)
      << w.read("d/shown");
}

TEST(Init, GivesTheDoctorNothingToWarnOfOnceItRan) {
  const Workspace w;
  ASSERT_EQ(shell(w.path(""), "redress init d && cd d && redress run --posts posts.jsonl --people people.jsonl"), 0);
  take_any_port(w);
  ASSERT_EQ(w.redress({"doctor", "--json", "--config", "d/redress.json"}).status, 0);
  for (const char* check : {"config", "database", "secrets", "departments", "workflows", "people"})
    EXPECT_THAT(w.read("stdout"), testing::Not(HasSubstr(std::string("{\"check\":\"") + check + "\",\"health\":\"warning\"")));
}

TEST(Init, WritesAConfigurationThatReaderAndSchemaTake) {
  const Workspace w;
  ASSERT_EQ(w.redress({"init", "d"}).status, 0);
  const auto config = cli::read_config(w.path("d/redress.json"));
  ASSERT_TRUE(config) << config.error().message;
  auto schema = nlohmann::ordered_json::parse(w.read("d/redress.schema.json"));
  for (const char* key : {"$schema", "$id"}) schema.erase(key);
  EXPECT_TRUE(base::validate(schema, nlohmann::ordered_json::parse(w.read("d/redress.json"))).empty());
}

TEST(Init, BringsScenariosThatHold) {
  const Workspace w;
  ASSERT_EQ(w.redress({"init", "d"}).status, 0);
  EXPECT_EQ(shell(w.path("d"), REDRESS_PROGRAM " test --coverage-min 100"), 0);
}

TEST(Init, DrawsASecretForItsOwnerAlone) {
  const Workspace w;
  ASSERT_EQ(w.redress({"init", "d"}).status, 0);
  ASSERT_EQ(w.redress({"init", "e"}).status, 0);
  EXPECT_EQ(mode_of(w.path("d")), 0700);
  EXPECT_EQ(mode_of(w.path("d/secrets")), 0700);
  EXPECT_EQ(mode_of(w.path("d/secrets/helpdesk")), 0600);
  EXPECT_THAT(w.read("d/secrets/helpdesk"), testing::MatchesRegex("whsec_[A-Za-z0-9+/]+=\n"));
  EXPECT_THAT(*secret_bytes(w.read("d/secrets/helpdesk")), SizeIs(32));
  EXPECT_NE(w.read("d/secrets/helpdesk"), w.read("e/secrets/helpdesk"));
  EXPECT_THAT(w.read("d/.gitignore"), HasSubstr("secrets/"));
}

TEST(Init, RefersToPagesThatAreThere) {
  const Workspace w;
  ASSERT_EQ(w.redress({"init", "d"}).status, 0);
  EXPECT_TRUE(fs::exists(w.path("d/workflows/README.md")));
  const std::string readme = w.read("d/README.md"), pages = fs::path(REDRESS_PROGRAM).parent_path() / "share/doc/redress";
  EXPECT_THAT(readme, HasSubstr("told in " + pages + ": "));
  for (const char* page : {"docs/configuration.md", "docs/service.md", "docs/formats.md", "plugins/README.md", "deploy/"}) {
    EXPECT_THAT(readme, HasSubstr(page));
    EXPECT_TRUE(fs::exists(pages + "/" + page)) << page;
  }
}

TEST(Init, RefusesAFolderThatIsNotEmptyAndLeavesItAlone) {
  const Workspace w;
  fs::create_directory(w.path("d"));
  w.write("d/mine", "mine");
  const auto before = names_in(w.path(""));
  const Finished done = w.redress({"init", "d"});
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.err, HasSubstr("d is not empty"));
  EXPECT_THAT(names_in(w.path("d")), testing::ElementsAre("mine"));
  w.write("file", "");
  EXPECT_EQ(w.redress({"init", "file"}).status, 4);
  for (const auto& name : names_in(w.path(""))) EXPECT_FALSE(name.starts_with(".redress-init")) << name;
}

TEST(Init, TakesAnEmptyFolderButNotTheOneThatOneIsIn) {
  const Workspace w;
  fs::create_directory(w.path("d"));
  EXPECT_EQ(shell(w.path("d"), "true"), 0);
  fs::remove(w.path("d/shown"));
  EXPECT_EQ(shell(w.path(""), "cd d && redress init ."), 4);
  EXPECT_THAT(w.read("shown"), HasSubstr("cd .. && redress init d"));
  EXPECT_EQ(w.redress({"init", "d/"}).status, 0);
  take_any_port(w);
  EXPECT_EQ(w.redress({"doctor", "--config", "d/redress.json"}).status, 0);
}

TEST(Init, NeedsTheFolderAbove) {
  const Workspace w;
  const Finished done = w.redress({"init", "nowhere/d"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("nowhere is not there; make it first"));
  EXPECT_FALSE(fs::exists(w.path("nowhere")));
}

TEST(Init, CopiesWhatAPackageHasBesideItsProgram) {
  const Workspace w;
  fs::create_directories(w.path("usr/bin"));
  fs::copy_file(REDRESS_PROGRAM, w.path("usr/bin/redress"));
  EXPECT_EQ(shell(w.path(""), "usr/bin/redress init d"), 4);
  EXPECT_THAT(w.read("shown"), HasSubstr("usr/share/redress"));
  EXPECT_FALSE(fs::exists(w.path("d")));
  fs::create_directories(w.path("usr/share/redress"));
  fs::copy(REDRESS_SOURCE "/workflows", w.path("usr/share/redress/workflows"), fs::copy_options::recursive);
  fs::copy(REDRESS_SOURCE "/examples/demo", w.path("usr/share/redress/demo"));
  fs::copy(REDRESS_SOURCE "/config", w.path("usr/share/redress/config"));
  EXPECT_EQ(shell(w.path(""), "usr/bin/redress init d"), 0) << w.read("shown");
  EXPECT_EQ(w.read("d/workflows/praise.json"), w.read("usr/share/redress/workflows/praise.json"));
  EXPECT_THAT(w.read("d/README.md"), testing::Not(HasSubstr("/doc/redress")));
  fs::create_directories(w.path("usr/share/doc/redress/docs"));
  EXPECT_EQ(shell(w.path(""), "usr/bin/redress init e"), 0) << w.read("shown");
  EXPECT_THAT(w.read("e/README.md"), HasSubstr(w.path("usr/share/doc/redress") + ": docs/configuration.md"));
}

TEST(Init, LeavesNothingHalfDoneWhereSomethingIsMissing) {
  const Workspace w;
  fs::create_directories(w.path("usr/bin"));
  fs::copy_file(REDRESS_PROGRAM, w.path("usr/bin/redress"));
  fs::create_directories(w.path("usr/share/redress/workflows"));
  EXPECT_NE(shell(w.path(""), "usr/bin/redress init d"), 0);
  EXPECT_FALSE(fs::exists(w.path("d")));
  for (const auto& name : names_in(w.path(""))) EXPECT_FALSE(name.starts_with(".redress-init")) << name;
}

}  // namespace
}  // namespace redress::test
