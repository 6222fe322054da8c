// What the program answers to a command line, before it looks at any database.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace redress::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(CommandLine, WithoutAVerbIsAUsageError) {
  const Workspace w;
  EXPECT_EQ(w.redress({}).status, 2);
}

TEST(CommandLine, RefusesAVerbThatItDoesNotKnow) {
  const Workspace w;
  const Finished done = w.redress({"simulate"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("simulate"));
}

TEST(CommandLine, RefusesAnOptionThatItDoesNotKnow) {
  const Workspace w;
  EXPECT_EQ(w.redress({"tasks", "--db", "redress.db", "--everything"}).status, 2);
}

TEST(CommandLine, NamesTheOptionThatIsMissing) {
  const Workspace w;
  const Finished done = w.redress({"case", "list"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("--db"));
}

TEST(CommandLine, HelpNamesEveryVerb) {
  const Workspace w;
  const Finished done = w.redress({"--help"});
  EXPECT_EQ(done.status, 0);
  for (const char* verb : {"run", "check", "case", "why", "tasks", "decide", "approve", "review", "settle", "event", "person",
                           "audit", "export", "version", "init", "doctor"})
    EXPECT_THAT(done.out, HasSubstr(std::string("  ") + verb + " "));
}

TEST(CommandLine, TellsTheVersion) {
  const Workspace w;
  EXPECT_THAT(w.redress({"--version"}).out, StartsWith("redress "));
  EXPECT_EQ(w.redress({"version"}).out, w.redress({"--version"}).out);
}

TEST(CommandLine, AnApprovalSaysExactlyOneOfYesAndNo) {
  const Workspace w;
  EXPECT_EQ(w.redress({"approve", "1", "--db", "redress.db", "--as", "sol"}).status, 2);
  EXPECT_EQ(w.redress({"approve", "1", "--db", "redress.db", "--as", "sol", "--approve", "--refuse"}).status, 2);
  EXPECT_EQ(w.redress({"review", "1", "--db", "redress.db", "--as", "ana"}).status, 2);
}

TEST(CommandLine, ASettlementIsAgainOrWaived) {
  const Workspace w;
  EXPECT_EQ(w.redress({"settle", "1", "--db", "redress.db", "--as", "lea"}).status, 2);
  EXPECT_EQ(w.redress({"settle", "1", "--db", "redress.db", "--as", "lea", "--again", "--waive", "late"}).status, 2);
}

TEST(CommandLine, KnowsFourOutcomes) {
  const Workspace w;
  const Finished done = w.redress({"decide", "1", "--db", "redress.db", "--as", "bea", "--outcome", "maybe"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("revoked"));
}

TEST(CommandLine, UntilIsAnInstant) {
  const Workspace w;
  const Finished done = w.run({"--until", "tomorrow"});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("tomorrow"));
}

TEST(CommandLine, ReadingADatabaseThatIsNotThereNamesIt) {
  const Workspace w;
  for (const char* verb : {"tasks", "audit", "export"}) {
    const Finished done = w.redress({verb, "--db", "nowhere.db"});
    EXPECT_EQ(done.status, 4) << verb;
    EXPECT_THAT(done.err, HasSubstr("nowhere.db"));
  }
}

TEST(CommandLine, ActingOnADatabaseThatIsNotThereMakesNone) {
  const Workspace w;
  const Finished done = w.redress({"approve", "1", "--approve", "--db", "nowhere.db", "--as", "sol"});
  EXPECT_EQ(done.status, 4);
  EXPECT_THAT(done.err, HasSubstr("nowhere.db"));
  EXPECT_EQ(w.redress({"audit", "--db", "nowhere.db"}).status, 4);
}

TEST(CommandLine, AReadingVerbSaysWhatToAskAServerInstead) {
  const Workspace w;
  const std::pair<std::vector<std::string>, const char*> verbs[] = {{{"case", "list"}, "/v1/cases"},
                                                                    {{"case", "show", "C-000001"}, "/v1/cases/C-000001"},
                                                                    {{"why", "C 1"}, "/v1/cases/C%201/why"},
                                                                    {{"tasks"}, "/v1/tasks"},
                                                                    {{"report"}, "/v1/report"},
                                                                    {{"workflow", "list"}, "/v1/workflows"},
                                                                    {{"person", "list"}, "/v1/people"},
                                                                    {{"token", "list"}, "/v1/tokens"}};
  for (const auto& [words, path] : verbs) {
    auto line = words;
    line.insert(line.end(), {"--server", "http://127.0.0.1:8080", "--token-file", "my.token"});
    const Finished done = w.redress(line);
    EXPECT_EQ(done.status, 2) << path;
    EXPECT_THAT(done.err, HasSubstr("reads the database, also beside the server that has it: --db FILE")) << path;
    EXPECT_THAT(done.err, HasSubstr("curl -H \"Authorization: Bearer $(cat my.token)\" http://127.0.0.1:8080" +
                                    std::string(path) + ". To a server go "))
        << path;
    for (const char* verb :
         {"case retry", "case skip", "decide", "approve", "review", "event", "settle", "task done", "say", "workflow publish",
          "workflow activate", "workflow pause", "workflow resume", "person add", "token add", "token revoke"})
      EXPECT_THAT(done.err, HasSubstr(verb)) << path;
  }
  EXPECT_THAT(w.redress({"tasks", "--server", "unix:/run/r.sock"}).err,
              HasSubstr("$(cat TOKEN_FILE)\" --unix-socket /run/r.sock http://localhost/v1/tasks"));
  for (const char* verb : {"audit", "export"})
    EXPECT_THAT(w.redress({verb, "--server", "http://127.0.0.1:1"}).err, HasSubstr("No server answers it")) << verb;
  EXPECT_THAT(w.redress({"tasks", "--help"}).out, testing::Not(HasSubstr("--server")));
}

TEST(CommandLine, TheTokenSaysWhoActsAndNotAsToo) {
  const Workspace w;
  const Finished both =
      w.redress({"review", "1", "--approve", "--as", "ana", "--server", "http://127.0.0.1:1", "--token-file", "ana.token"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.err, HasSubstr("--as ana and --server do not go together: the token says who acts"));
  const Finished alone = w.redress({"review", "1", "--approve", "--as", "ana", "--db", "r.db", "--token-file", "ana.token"});
  EXPECT_EQ(alone.status, 2);
  EXPECT_THAT(alone.err, HasSubstr("--token-file requires --server"));
}

}  // namespace
}  // namespace redress::test
