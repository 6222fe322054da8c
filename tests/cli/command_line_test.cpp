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

}  // namespace
}  // namespace redress::test
