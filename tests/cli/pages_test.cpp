// Pages show what the program does: their files are written and their commands run, in order, in a folder of their own.
//
// A fence says what it is in its first line: "json mine.json" and "scenario mine.scenario" are files; of "console" each line
// that begins with "$ " is run, and what follows is all that it prints, where a line "..." stands for any lines. Fences without
// a file's name are read as what they are: JSON must parse. REDRESS_UPDATE=1 writes the outputs anew, but for those with "...".
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

namespace redress::test {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Fence {
  std::string language, name;
  std::string body;
  std::size_t begin = 0;  // Of the body in the page.
};

std::vector<Fence> fences_of(const std::string& page) {
  std::vector<Fence> fences;
  for (std::size_t at = page.find("\n```"); at != std::string::npos; at = page.find("\n```", at)) {
    const std::size_t line = page.find('\n', at + 1);
    std::istringstream info(page.substr(at + 4, line - at - 4));
    Fence fence;
    info >> fence.language >> fence.name;
    fence.begin = line + 1;
    const std::size_t end = page.find("```", fence.begin);
    fence.body = page.substr(fence.begin, end - fence.begin);
    fences.push_back(fence);
    at = end;
  }
  return fences;
}

struct Command {
  std::vector<std::string> words;
  std::string line, expected;
};

std::vector<Command> commands_of(const std::string& body) {
  std::vector<Command> commands;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("$ ")) {
      if (!commands.empty()) commands.back().expected += line + "\n";
      continue;
    }
    Command command{.words = {}, .line = line, .expected = ""};
    std::istringstream words(line.substr(2));
    for (std::string word; words >> word;) command.words.push_back(word);
    commands.push_back(command);
  }
  return commands;
}

// Whether `text` is `pattern`, in which a line "..." stands for any lines.
bool is_like(const std::string& text, const std::string& pattern) {
  const std::size_t gap = ("\n" + pattern).find("\n...\n");
  if (gap == std::string::npos) return text == pattern;
  const std::string head = pattern.substr(0, gap), tail = pattern.substr(gap + 4);
  if (!text.starts_with(head)) return false;
  if (tail.empty()) return true;
  for (std::size_t at = head.size(); at <= text.size(); ++at)
    if ((at == 0 || text[at - 1] == '\n') && is_like(text.substr(at), tail)) return true;
  return false;
}

std::string run(const Workspace& workspace, const Command& command) {
  EXPECT_EQ(command.words.front(), "redress") << command.line;
  const Finished done = workspace.redress({command.words.begin() + 1, command.words.end()});
  return done.out + done.err;
}

// Answers the page with the outputs as they are.
std::string played(const std::string& page, const Workspace& workspace) {
  std::string now = page;
  const auto fences = fences_of(page);
  EXPECT_FALSE(fences.empty());
  std::vector<std::pair<const Fence*, std::string>> bodies;
  for (const Fence& fence : fences) {
    SCOPED_TRACE(fence.body);
    EXPECT_TRUE(fence.language != "json" || nlohmann::json::accept(fence.body));
    if (!fence.name.empty()) workspace.write(fence.name, fence.body);
    if (fence.language != "console") continue;
    std::string body;
    for (const Command& command : commands_of(fence.body)) {
      const std::string printed = run(workspace, command);
      const bool like = is_like(printed, command.expected);
      EXPECT_TRUE(like || std::getenv("REDRESS_UPDATE") != nullptr) << command.line << "\n" << printed;
      body += command.line + "\n" + (like ? command.expected : printed);
    }
    bodies.emplace_back(&fence, body);
  }
  for (auto each = bodies.rbegin(); each != bodies.rend(); ++each)
    now.replace(each->first->begin, each->first->body.size(), each->second);
  return now;
}

void expect_true_page(const std::string& name, const Workspace& workspace) {
  const std::string path = REDRESS_SOURCE "/" + name, page = file_text(path);
  const std::string now = played(page, workspace);
  if (std::getenv("REDRESS_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << now;
}

std::string shipped(const std::string& id) { return file_text(REDRESS_SOURCE "/workflows/" + id + ".json"); }

TEST(Pages, TheGuideOfTheLanguageIsTrue) {
  const Workspace w;
  expect_true_page("workflows/README.md", w);
}

TEST(Pages, TheScenariosPageIsTrue) {
  const Workspace w;
  w.write("billing-overcharge.json", shipped("billing-overcharge"));
  expect_true_page("docs/scenarios.md", w);
}

TEST(Pages, TheWordingPageIsTrue) {
  const Workspace w;
  w.write("wrong_charge.json", file_text(REDRESS_SOURCE "/tests/workflow/accept/wrong_charge.json"));
  expect_true_page("docs/wording.md", w);
}

TEST(Pages, TheCheckingPageIsTrue) {
  const Workspace w;
  std::string text = shipped("billing-overcharge");
  const std::string from = R"("refund.failed":    { "target": "reviewing" })";
  text.replace(text.find(from), from.size(),
               R"("refund.failed": { "target": "resolved", "actions": [ { "reply": "refunded" } ] })");
  w.write("soon.json", text);
  expect_true_page("docs/checking.md", w);
}

}  // namespace
}  // namespace redress::test
