// Loading: what is refused, and how a loaded department is called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "redress/department.hpp"
#include "redress/limits.hpp"
#include "redress/plugin.h"

namespace redress {
namespace {

using testing::HasSubstr;

std::string hostile(const std::string& name) { return std::string(HOSTILE_FOLDER) + '/' + name + ".so"; }

std::string error_of(const std::string& name) {
  const auto loaded = load_department(hostile(name), "");
  return loaded ? "it was loaded" : loaded.error().message;
}

// An empty folder of this test's own.
std::filesystem::path fresh_folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  auto folder = std::filesystem::path(testing::TempDir()) / (std::string("redress_") + info->test_suite_name() + info->name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

Call call_of(std::string_view action) {
  Call call;
  call.key = "s/1/2/1/perform";
  call.action = action;
  call.input = "{}";
  return call;
}

Outcome ask(const std::string& plugin, std::string_view action) {
  const auto department = load_department(hostile(plugin), "");
  if (!department) return {OutcomeKind::done, "", department.error().message, "", 0, 0};
  return (*department)->handle(call_of(action));
}

TEST(LoadDepartment, CallsWhatTheMacroMade) {
  const auto department = load_department(hostile("good"), R"({"mode":"x"})");
  ASSERT_TRUE(department) << department.error().message;
  EXPECT_EQ((*department)->handle(call_of("say")).evidence, R"({"key":"s/1/2/1/perform"})");
  EXPECT_EQ((*department)->handle(call_of("config")).evidence, R"({"mode":"x"})");
  EXPECT_THAT((*department)->manifest(), HasSubstr("test.echo"));
}

TEST(LoadDepartment, CarriesEachFieldOfCallAndOutcome) {
  const auto department = load_department(hostile("good"), "");
  ASSERT_TRUE(department) << department.error().message;
  Call call = call_of("wait");
  call.attempt = 3;
  call.now_ms = 50'000;
  call.deadline_ms = 60'000;
  const Outcome waiting = (*department)->handle(call);
  EXPECT_EQ(waiting.kind, OutcomeKind::waiting);
  EXPECT_EQ(waiting.ticket, "T-3");
  EXPECT_EQ(waiting.promised_at_ms, 51'000);
  EXPECT_EQ(waiting.retry_at_ms, 60'000);
  call.verb = Verb::reconcile;
  call.ticket = "T-3";
  const Outcome retry = (*department)->handle(call);
  EXPECT_EQ(retry.kind, OutcomeKind::retry);
  EXPECT_EQ(retry.reason, "no T-3");
  EXPECT_EQ(retry.retry_at_ms, 5);
  call.verb = Verb::undo;
  call.evidence = R"({"receipt":"R"})";
  EXPECT_EQ((*department)->handle(call).evidence, R"({"receipt":"R"})");
  call.verb = Verb::cancel;
  EXPECT_EQ((*department)->handle(call).kind, OutcomeKind::declined);
  call.verb = Verb::record;
  EXPECT_EQ((*department)->handle(call).kind, OutcomeKind::declined);
}

TEST(LoadDepartment, TakesATableWrittenInC) {
  const Outcome outcome = ask("plain_c", "act");
  EXPECT_EQ(outcome.kind, OutcomeKind::declined);
  EXPECT_EQ(outcome.reason, "act");
}

TEST(LoadDepartment, TakesTheExampleOfTheAuthorsGuide) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(fresh_folder());  // It keeps its book in the working folder.
  const auto department = load_department(hostile("guide_example"), "");
  ASSERT_TRUE(department) << department.error().message;
  Call call = call_of("mend");
  call.verb = Verb::reconcile;
  EXPECT_EQ((*department)->handle(call).kind, OutcomeKind::retry);
  call.verb = Verb::perform;
  EXPECT_EQ((*department)->handle(call).kind, OutcomeKind::done);
  EXPECT_EQ((*department)->handle(call).evidence, R"({"receipt": "L-1"})");
  std::ifstream book("lamps.book");
  const std::string lines{std::istreambuf_iterator<char>(book), {}};
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);  // The same key twice is one line.
  std::filesystem::current_path(before);
}

TEST(LoadDepartment, MakesWhatTheClassThrowsUnknown) {
  const Outcome outcome = ask("good", "throw");
  EXPECT_EQ(outcome.kind, OutcomeKind::unknown);
  EXPECT_EQ(outcome.reason, "the plugin threw: out of paper");
  EXPECT_EQ(ask("good", "throw_int").kind, OutcomeKind::unknown);
}

TEST(LoadDepartment, GivesTheReasonWhyThePluginDidNotOpen) {
  EXPECT_THAT(load_department(hostile("good"), R"({"mode":"refuse"})").error().message,
              HasSubstr("the till is locked; unlock it"));
}

TEST(LoadDepartment, ChecksTheConfigurationAgainstTheManifest) {
  const auto unknown = load_department(hostile("good"), R"({"colour":"red"})");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::invalid);
  EXPECT_THAT(unknown.error().message, HasSubstr("colour"));
  EXPECT_THAT(load_department(hostile("good"), "[]").error().message, HasSubstr("must be a JSON object"));
  EXPECT_THAT(load_department(hostile("good"), "{").error().message, HasSubstr("JSON at line 1"));
}

TEST(LoadDepartment, RefusesALibraryThatIsNoPlugin) {
  EXPECT_THAT(error_of("no_such_file"), HasSubstr("cannot be read"));
  EXPECT_THAT(error_of("no_manifest"), HasSubstr("has no section .redress.manifest"));
  EXPECT_THAT(error_of("missing_symbol"), HasSubstr("exports no symbol redress_plugin"));
  EXPECT_THAT(error_of("function_symbol"), HasSubstr("is no table"));
  EXPECT_THAT(error_of("small_symbol"), HasSubstr("is no table"));
}

TEST(LoadDepartment, NamesBothSidesOfAWrongTable) {
  EXPECT_THAT(error_of("wrong_magic"), HasSubstr("has magic 0x000000000000dead, but a Redress plugin has 0x4e49474c50444552"));
  EXPECT_THAT(error_of("wrong_abi"), HasSubstr("has ABI 2, but this host speaks ABI 1"));
  EXPECT_THAT(error_of("wrong_size"), HasSubstr("has a table of 40 bytes (its symbol: 72), but this host's ABI has 72"));
  EXPECT_THAT(error_of("huge_size"), HasSubstr("has a table of 4096 bytes (its symbol: 72)"));
  EXPECT_THAT(error_of("no_call"), HasSubstr("without open, close, call or release"));
}

TEST(LoadDepartment, RefusesAManifestThatDiffersFromTheSections) {
  EXPECT_THAT(error_of("lying_manifest"), HasSubstr("says two things of itself"));
}

TEST(LoadDepartment, RefusesABrokenManifestWithoutRunningAnyCode) {
  EXPECT_THAT(error_of("broken_manifest"), HasSubstr("/abi is 9, but this host speaks ABI 1"));  // Its constructor aborts.
}

class GarbageOutcome : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(GarbageOutcome, IsUnknownWithTheReason) {
  const Outcome outcome = ask("garbage", GetParam().first);
  EXPECT_EQ(outcome.kind, OutcomeKind::unknown);
  EXPECT_THAT(outcome.reason, HasSubstr(GetParam().second));
  EXPECT_EQ(outcome.evidence, "");
}

INSTANTIATE_TEST_SUITE_P(Each, GarbageOutcome,
                         testing::Values(std::pair("kind", "outcome kind 77, which is none"),
                                         std::pair("zeros", "outcome kind 0, which is none"),
                                         std::pair("long", "evidence of 2097152 bytes; at most 1048576 are taken"),
                                         std::pair("longest", "evidence of 18446744073709551615 bytes"),
                                         std::pair("null", "at a null pointer"), std::pair("bytes", "ticket that is not UTF-8"),
                                         std::pair("promise", "promised_at_ms"), std::pair("retry_at", "retry_at_ms"),
                                         std::pair("throw", "let an exception out: (text that is not UTF-8)"),
                                         std::pair("throw_int", "no std::exception")),
                         [](const auto& instance) { return std::string(instance.param.first); });

TEST(LoadDepartment, ReleasesEachOutcomeOnce) {
  const auto department = load_department(hostile("garbage"), "");
  ASSERT_TRUE(department) << department.error().message;
  const int before = std::stoi((*department)->handle(call_of("released")).evidence);
  static_cast<void>((*department)->handle(call_of("bytes")));
  EXPECT_EQ(std::stoi((*department)->handle(call_of("released")).evidence), before + 2);
}

TEST(PluginReport, ReachesTheSinkFromWithinACall) {
  const auto department = load_department(hostile("good"), "");
  ASSERT_TRUE(department) << department.error().message;
  std::vector<Report> reports;
  (*department)->connect([&](const Report& report) -> Result<void> {
    reports.push_back(report);
    return {};
  });
  EXPECT_EQ((*department)->handle(call_of("report")).evidence, R"({"status":"0"})");
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].key, "s/1/2/1/perform");
  EXPECT_EQ(reports[0].kind, ReportKind::done);
  EXPECT_EQ(reports[0].evidence, "{}");
  EXPECT_EQ(reports[0].reason, "later");
}

TEST(PluginReport, TellsThePluginWhyItWasNotTaken) {
  const auto department = load_department(hostile("good"), "");
  ASSERT_TRUE(department) << department.error().message;
  EXPECT_EQ((*department)->handle(call_of("report")).evidence, R"({"status":"4"})");  // Nobody is connected: unavailable.
  (*department)->connect([](const Report&) -> Result<void> { return {Code::not_found, "no such key"}; });
  EXPECT_EQ((*department)->handle(call_of("report")).evidence, R"({"status":"2"})");
  (*department)->connect([](const Report&) -> Result<void> { throw 1; });
  EXPECT_EQ((*department)->handle(call_of("report")).evidence, R"({"status":"7"})");
}

TEST(PluginReport, IsRefusedWhereItIsGarbage) { EXPECT_EQ(ask("garbage", "report").evidence, "1111"); }

TEST(ReadManifest, ReadsTheSectionWithoutRunningThePlugin) {
  const auto text = read_manifest(hostile("broken_manifest"));  // Its constructor aborts.
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, HasSubstr("nodot"));
}

TEST(LoadDepartments, GivesEachItsPartOfTheConfiguration) {
  const auto folder = fresh_folder();
  std::filesystem::copy_file(hostile("good"), folder / "b.so");
  std::filesystem::copy_file(hostile("plain_c"), folder / "a.so");
  std::ofstream(folder / "readme.txt") << "not a plugin";
  const auto departments = load_departments(folder.string(), R"({"echo": {"mode": "m"}})");
  ASSERT_TRUE(departments) << departments.error().message;
  ASSERT_EQ(departments->size(), 2U);
  EXPECT_THAT((*departments)[0]->manifest(), HasSubstr("test.plain"));
  EXPECT_EQ((*departments)[1]->handle(call_of("config")).evidence, R"({"mode":"m"})");
}

TEST(LoadDepartments, NamesEachThatCannotBeLoaded) {
  const auto folder = fresh_folder();
  std::ofstream(folder / "text.so") << "hello";
  std::filesystem::create_symlink(hostile("good"), folder / "link.so");
  std::filesystem::create_directory(folder / "folder.so");
  const auto departments = load_departments(folder.string(), "");
  ASSERT_FALSE(departments);
  EXPECT_EQ(departments.error().code, Code::invalid);
  for (const char* name : {"text.so is no ELF file", "link.so is no regular file", "folder.so is no regular file"}) {
    EXPECT_THAT(departments.error().message, HasSubstr(name));
  }
}

TEST(LoadDepartments, RefusesTwoOfOneDepartmentAndConfigurationOfNone) {
  const auto folder = fresh_folder();
  std::filesystem::copy_file(hostile("good"), folder / "a.so");
  EXPECT_THAT(load_departments(folder.string(), R"({"ecko": {}})").error().message,
              HasSubstr("the configuration is for the department ecko, but the plugins are echo"));
  std::filesystem::copy_file(hostile("good"), folder / "b.so");
  EXPECT_THAT(load_departments(folder.string(), "").error().message, HasSubstr("are both the department echo"));
}

TEST(LoadDepartments, RefusesAFolderThatIsNotThere) {
  EXPECT_THAT(load_departments("/nonexistent/plugins", "").error().message, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace redress
