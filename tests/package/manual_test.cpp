// The manual page and the completions say what the command line says. REDRESS_UPDATE=1 writes them anew.
#include "cli/manual.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

#include "package/golden.hpp"

namespace redress::cli {
namespace {

using test::expect_golden;
using test::lines_of;
using test::shell;
using test::text_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

constexpr const char* page = "docs/man/redress.1";
constexpr const char* bash = "packaging/completion/redress.bash";
constexpr const char* zsh = "packaging/completion/_redress";
constexpr const char* fish = "packaging/completion/redress.fish";

// The page with what its two marks enclose written from the command line.
std::string page_anew() {
  const std::string old = text_of(page);
  const std::string begin = ".\\\" [verbs begin]\n";
  const std::size_t from = old.find(begin) + begin.size();
  return old.substr(0, from) + manual_of(describe_command_line()) + old.substr(old.find(".\\\" [verbs end]"));
}

TEST(ManualPage, IsNotStale) { expect_golden(page, page_anew()); }

TEST(ManualPage, HasNoFaultThatAReaderOfSuchPagesSees) {
  const bool man = shell("command -v man").status == 0;
  const bool mandoc = shell("command -v mandoc").status == 0;
  if (!man && !mandoc) GTEST_SKIP() << "neither man nor mandoc is installed";
  const std::string file = page;
  if (man) {
    EXPECT_EQ(shell("LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l -Tutf8 -Z " + file + " 2>&1 >/dev/null").out, "");
  }
  if (mandoc) {
    EXPECT_EQ(shell("mandoc -T lint -W style " + file + " 2>&1").out, "");
  }
}

TEST(Completions, AreNotStale) {
  const auto verbs = describe_command_line();
  expect_golden(bash, bash_completion(verbs));
  expect_golden(zsh, zsh_completion(verbs));
  expect_golden(fish, fish_completion(verbs));
}

// Not from the description of the command line, but from what the program prints of itself: neither can forget a verb.
void expect_named(const std::string& verb) {
  static const std::regex option(R"(^ +(?:-h,)?(--[a-z-]+))");
  static const std::regex sub(R"(^  ([a-z]+) )");
  const std::string roff = std::regex_replace(text_of(page), std::regex(R"(\\-)"), "-");
  const auto help = shell(REDRESS_PROGRAM + (" " + verb) + " --help");
  ASSERT_EQ(help.status, 0) << help.out;
  bool subs = false;
  for (const std::string& line : lines_of(help.out)) {
    std::smatch found;
    if (line == "Subcommands:") subs = true;
    if (subs && std::regex_search(line, found, sub)) expect_named(verb.empty() ? found[1].str() : verb + " " + found[1].str());
    if (subs || !std::regex_search(line, found, option)) continue;
    const std::string name = found[1];
    if (!verb.empty() && name != "--help") {
      const std::size_t at = roff.find(".SS redress " + verb + "\n");
      ASSERT_NE(at, std::string::npos) << verb;
      EXPECT_THAT(roff.substr(at, roff.find("\n.S", at + 1) - at), HasSubstr("\\fB" + name + "\\fR")) << verb;
    }
    for (const char* file : {bash, zsh, fish}) {
      const bool there = text_of(file).find(file == fish ? "-l " + name.substr(2) : name) != std::string::npos;
      EXPECT_TRUE(there) << file << " lacks " << name << " of redress " << verb;
    }
  }
}

TEST(ManualPage, AndCompletionsNameAllThatTheProgramSaysOfItself) { expect_named(""); }

// What bash offers where the line ends.
std::vector<std::string> offered(const std::string& line) {
  const std::string script = "source " + std::string(bash) + "; COMP_WORDS=(" + line +
                             "); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _redress; printf \"%s\\n\" \"${COMPREPLY[@]}\"";
  return lines_of(shell("bash -c '" + script + "'").out);
}

TEST(BashCompletion, OffersVerbsOptionsChoicesAndFiles) {
  EXPECT_THAT(offered("redress ca"), ElementsAre("case"));
  EXPECT_THAT(offered("redress case s"), UnorderedElementsAre("show", "skip"));
  EXPECT_THAT(offered("redress run --pe"), ElementsAre("--people"));
  EXPECT_THAT(offered("redress run --db a.db --clock \"\""), ElementsAre("real", "virtual"));
  EXPECT_THAT(offered("redress decide 4 --outcome \"\""), ElementsAre("done", "declined", "failed", "revoked"));
  EXPECT_THAT(offered("redress check workflows/pr"), ElementsAre("workflows/praise.json"));
  EXPECT_THAT(offered("redress run --workflows workfl"), ElementsAre("workflows"));
  EXPECT_THAT(offered("redress case show --"), IsSupersetOf({"--db", "--json", "--help"}));
}

TEST(Completions, AreReadByTheirShells) {
  EXPECT_EQ(shell(std::string("bash -n ") + bash).status, 0);
  for (const auto& [program, file] : {std::pair{"zsh", zsh}, std::pair{"fish", fish}}) {
    if (shell(std::string("command -v ") + program).status != 0) continue;
    EXPECT_EQ(shell(std::string(program) + " -n " + file).status, 0) << file;
  }
}

}  // namespace
}  // namespace redress::cli
