// The house keeps its own rules: who includes what, who changes a lifecycle state, and copies that must stay equal.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "redress/department.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path source = REDRESS_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_code(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".hpp" || extension == ".cpp" || extension == ".h";
}

std::vector<fs::path> code_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
    if (entry.is_regular_file() && is_code(entry.path())) files.push_back(entry.path());
  }
  return files;
}

std::vector<std::string> includes_of(const fs::path& path) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
  std::vector<std::string> found;
  std::istringstream lines(text_of(path));
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, pattern)) found.push_back(match[1]);
  }
  return found;
}

std::string room_of(const fs::path& path) { return (*fs::relative(path, source / "engine").begin()).string(); }

// Every include in engine/ that begins with `prefix` stands in one of `rooms`.
void expect_only_in(const std::string& prefix, const std::set<std::string>& rooms) {
  bool seen = false;
  for (const fs::path& path : code_in("engine")) {
    for (const std::string& include : includes_of(path)) {
      if (!include.starts_with(prefix)) continue;
      seen = true;
      EXPECT_TRUE(rooms.contains(room_of(path))) << path << " includes " << include;
    }
  }
  EXPECT_TRUE(seen) << "nobody includes " << prefix << ": the rule tests nothing";
}

TEST(House, KeepsEachHeavyLibraryInOneRoom) {
  expect_only_in("boost/msm", {"lifecycle"});
  expect_only_in("SQLiteCpp", {"store"});
  expect_only_in("sqlite3", {"store"});
  expect_only_in("dlfcn.h", {"plugin"});
  expect_only_in("unicode/", {"wording"});
  expect_only_in("openssl", {"base", "service"});  // The service uses public headers alone, so it has its own.
  expect_only_in("httplib.h", {"service"});
  expect_only_in("CLI", {"cli"});
}

TEST(House, LetsARoomUseOnlyTheRoomsBelowIt) {
  const std::vector<std::string> rooms{"base",     "wording", "expression", "statechart", "lifecycle", "plugin", "store",
                                       "workflow", "proof",   "diagram",    "reading",    "path",      "drive",  "scenario"};
  std::map<std::string, std::size_t> floor;
  for (std::size_t i = 0; i < rooms.size(); ++i) floor[rooms[i]] = i;
  for (const fs::path& path : code_in("engine")) {
    const std::string room = room_of(path);
    for (const std::string& include : includes_of(path)) {
      const std::string other = include.substr(0, include.find('/'));
      if (!floor.contains(other) || include.find('/') == std::string::npos) continue;
      ASSERT_TRUE(room == "cli" || room == "service" || floor.contains(room)) << room << " is not in the list of rooms";
      EXPECT_TRUE(room != "cli" && room != "service" && floor[other] <= floor[room]) << path << " includes " << include;
    }
  }
}

TEST(House, ShowsStandardTypesAloneInPublicHeaders) {
  for (const fs::path& path : code_in("include")) {
    for (const std::string& include : includes_of(path)) {
      const bool standard = include.find('/') == std::string::npos && include.find('.') == std::string::npos;
      const bool c = include.starts_with("std") && include.ends_with(".h");
      EXPECT_TRUE(standard || c || include.starts_with("redress/")) << path << " includes " << include;
    }
  }
}

TEST(House, ChangesLifecycleStatesThroughTheMachinesAlone) {
  // `row.state = step.states.state` and its like stand in Draft::move; effects have a protocol of their own.
  static const std::regex assignment(R"re((\.|->)(state|first_reply|resolution|due)\s*=\s*(?!=)(?!EffectState))re");
  for (const char* room : {"engine/path", "engine/drive"}) {
    for (const fs::path& path : code_in(room)) {
      std::istringstream lines(text_of(path));
      for (std::string line; std::getline(lines, line);) {
        if (!std::regex_search(line, assignment) || line.find("EffectState") != std::string::npos) continue;
        EXPECT_EQ(path.filename(), "draft.cpp") << path << ": " << line;
      }
    }
  }
}

TEST(House, BeginsEachSourceFileByASentenceOnWhatItIs) {
  for (const char* folder : {"include", "engine", "plugins", "examples"}) {
    for (const fs::path& path : code_in(folder)) {
      const std::string text = text_of(path);
      EXPECT_TRUE(text.starts_with("// ") || text.starts_with("/* ")) << path;
    }
  }
}

TEST(House, ChecksWorkflowsInTestsAgainstTheManifestsOfTheRealPlugins) {
  for (const char* department : {"billing", "branches", "commercial", "communications", "maintenance"}) {
    const auto built = redress::read_manifest(std::string(REDRESS_PLUGINS_DIR) + "/" + department + ".so");
    ASSERT_TRUE(built) << built.error().message;
    const auto copy = text_of(source / "tests/workflow/manifests" / (std::string(department) + ".json"));
    EXPECT_EQ(nlohmann::json::parse(*built), nlohmann::json::parse(copy)) << department;
  }
}

}  // namespace
