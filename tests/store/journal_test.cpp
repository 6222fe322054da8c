// Digests, differences and the fold.
#include "store/journal.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "store/rows.hpp"

namespace redress::store {
namespace {

const JournalRow link{.id = 7,
                      .case_id = 3,
                      .seq = 2,
                      .at_ms = 1507503855000,
                      .event = "post",
                      .workflow_hash = "w",
                      .entry = "{}",
                      .previous_id = 4};

// ---- digests --------------------------------------------------------------------------------------------------------

TEST(JournalDigest, IsPinnedSinceStoredChainsRestOnIt) {
  // SHA-256 of "1:7" "1:3" "1:2" "13:1507503855000" "4:post" "1:w" "2:{}" "1:1" "1:4" "3:abc".
  EXPECT_EQ(journal_digest(link, "abc"), "979288f1d4d77b161d68e814798729bdefc7abb60e56785934f33a48eb4981d1");
}

TEST(JournalDigest, ChangesWithEveryColumnAndWithTheRowBefore) {
  const std::string digest = journal_digest(link, "abc");
  int columns = 0;
  JournalRow changed = link;
  JournalRow::each_field(changed, [&](std::string_view field, auto& value) {
    if (field == "digest") return;
    const auto before = value;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::int64_t>)
      value += 1;
    else
      value += "x";
    EXPECT_NE(journal_digest(changed, "abc"), digest) << field;
    value = before;
    ++columns;
  });
  EXPECT_EQ(columns, 9);
  EXPECT_NE(journal_digest(link, "abd"), digest);
}

TEST(JournalDigest, DoesNotLetBytesSlideFromOneColumnToTheNext) {
  JournalRow slid = link;
  slid.event = "pos";
  slid.workflow_hash = "tw";
  EXPECT_NE(journal_digest(slid, "abc"), journal_digest(link, "abc"));
}

// ---- differences ----------------------------------------------------------------------------------------------------

Json changes_of(const CaseRecord& before, const CaseRecord& after) { return difference(before, after).changes; }

CaseRecord plain_case() {
  CaseRecord record;
  record.row = {.id = 3, .reference = "C-000003", .version = 1};
  record.timers.emplace(9, TimerRow{.id = 9, .case_id = 3, .name = "due:1", .due_at_ms = 5});
  record.commitments.emplace(1, CommitmentRow{.id = 1, .case_id = 3});
  return record;
}

TEST(Difference, NamesOnlyWhatDiffers) {
  const CaseRecord before = plain_case();
  CaseRecord after = before;
  after.commitments.at(1).state = CommitmentState::attempting;
  after.timers.clear();
  after.row.version = 2;
  after.row.head_digest = "not of the fold";
  EXPECT_EQ(changes_of(before, after).dump(),
            R"([{"row":"commitments","id":1,"set":{"state":"attempting"}},{"row":"timers","id":9,"drop":true}])");
}

TEST(Difference, SetsOfANewRowWhatIsNotItsDefault) {
  const CaseRecord before = plain_case();
  CaseRecord after = before;
  after.tasks.emplace(2, TaskRow{.id = 2, .case_id = 3, .role = "billing-lead"});
  EXPECT_EQ(changes_of(before, after).dump(),
            R"([{"row":"tasks","id":2,"new":true,"set":{"case_id":3,"role":"billing-lead"}}])");
}

TEST(Difference, PutsTheCaseRowFirstEvenWhereItIsTheSame) {
  const CaseRecord record = plain_case();
  const Difference same = difference(record, record);
  EXPECT_TRUE(same.changes.empty());
  ASSERT_EQ(same.unit.updates.size(), 1u);
  EXPECT_EQ(std::get<CaseRow>(same.unit.updates[0]), record.row);
  EXPECT_EQ(same.unit.expected_version, 1);
  CaseRecord born = record;
  born.row.version = 0;
  EXPECT_TRUE(std::holds_alternative<CaseRow>(difference(CaseRecord{}, born).unit.inserts[0]));
}

TEST(Difference, CarriesTextsInTheUnitButNeverInTheJournal) {
  const CaseRecord before = plain_case();
  CaseRecord after = before;
  after.texts.emplace("d", TextRow{.id = 4, .case_id = 3, .digest = "d", .salt = "s", .content = "personal"});
  const Difference kept = difference(before, after);
  EXPECT_TRUE(kept.changes.empty());
  EXPECT_EQ(std::get<TextRow>(kept.unit.inserts.at(0)).content, "personal");
  const Difference erased = difference(after, before);
  EXPECT_EQ(std::get<TextRow>(erased.unit.updates.at(1)),
            (TextRow{.id = 4, .case_id = 3, .digest = "d", .salt = "", .content = ""}));
}

// ---- the fold -------------------------------------------------------------------------------------------------------

class Chance {
 public:
  explicit Chance(unsigned seed) : numbers_(seed) {}
  std::int64_t below(std::int64_t bound) { return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(numbers_); }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  void draw(std::int64_t& value) { value = one_in(4) ? std::numeric_limits<std::int64_t>::max() - below(9) : below(100) - 50; }
  void draw(std::string& value) {
    static const std::vector<std::string> some{"",
                                               "a",
                                               "\"quoted\" \\ \n",
                                               "ma\xC3\xB1"
                                               "ana",
                                               std::string("nul\0!", 5),
                                               "\xF0\x9F\x98\x80"};
    value = some[static_cast<std::size_t>(below(static_cast<std::int64_t>(some.size())))];
  }
  template <class State, class = std::enable_if_t<std::is_enum_v<State>>>
  void draw(State& value) {
    value = static_cast<State>(below(3));
  }

  template <class RowType>
  void mutate(RowType& row) {
    RowType::each_field(row, [&](std::string_view field, auto& value) {
      const bool chain =
          std::is_same_v<RowType, CaseRow> && (field == "version" || field == "head_id" || field == "head_digest");
      if (field != "id" && !chain && one_in(3)) draw(value);
    });
  }
  // Changes rows, adds some, and lets timers go.
  void mutate(CaseRecord& record) {
    mutate(record.row);
    each_table(record, [&](auto& table) {
      using RowType = row_of<decltype(table)>;
      for (auto at = table.begin(); at != table.end();) {
        if (std::is_same_v<RowType, TimerRow> && one_in(3)) {
          at = table.erase(at);
          continue;
        }
        if (one_in(2)) mutate(at->second);
        ++at;
      }
      for (std::int64_t i = below(3); i > 0; --i) {
        RowType row;
        row.id = ++last_id_;
        mutate(row);
        table.emplace(row.id, row);
      }
    });
  }

 private:
  std::mt19937 numbers_;
  std::int64_t last_id_ = 0;
};

void expect_same(const CaseRecord& a, const CaseRecord& b, unsigned seed) {
  EXPECT_EQ(a.row, b.row) << "seed " << seed;
  each_table(a, b, [&](const auto& x, const auto& y) { EXPECT_EQ(x, y) << "seed " << seed; });
}

TEST(Fold, OfADifferenceGivesTheRecordThatItWasTakenTo) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Chance chance(seed);
    CaseRecord record, folded;
    record.row.id = 12;
    chance.mutate(record);
    for (int entry = 0; entry < 6; ++entry) {
      CaseRecord before = entry == 0 ? CaseRecord{} : folded;
      if (entry > 0) chance.mutate(record);
      before.row.version = entry;
      const auto read = base::parse_json(base::dump_json(changes_of(before, record)), 1 << 20);
      ASSERT_TRUE(read.ok()) << read.error().message;
      const auto done = store::apply(*read, folded);
      ASSERT_TRUE(done.ok()) << "seed " << seed << ": " << done.error().message;
      expect_same(folded, record, seed);
    }
  }
}

TEST(Fold, CallsCorruptWhatNamesNothingThatIsThere) {
  const auto message = [](const char* changes) {
    CaseRecord record = plain_case();
    const auto done = store::apply(Json::parse(changes), record);
    if (done.ok()) return std::string("ok");
    EXPECT_EQ(done.error().code, Code::corrupt);
    return done.error().message.substr(done.error().message.find(": ") + 2);
  };
  EXPECT_EQ(message(R"({})"), "they are an array");
  EXPECT_EQ(message(R"([1])"), "a patch is an object");
  EXPECT_EQ(message(R"([{"row":"cases"}])"), "a patch names its row and id");
  EXPECT_EQ(message(R"([{"row":"ghosts","id":1,"set":{}}])"), "no table is named ghosts");
  EXPECT_EQ(message(R"([{"row":"texts","id":1,"set":{}}])"), "no table is named texts");
  EXPECT_EQ(message(R"([{"row":"timers","id":8,"set":{}}])"), "timers 8 is not there");
  EXPECT_EQ(message(R"([{"row":"timers","id":8,"drop":true}])"), "timers 8 is not there");
  EXPECT_EQ(message(R"([{"row":"timers","id":9,"new":true,"set":{}}])"), "timers 9 is new, but is there");
  EXPECT_EQ(message(R"([{"row":"timers","id":9}])"), "timers 9 has neither \"set\" nor \"drop\"");
  EXPECT_EQ(message(R"([{"row":"timers","id":9,"set":{"colour":1}}])"), "timers 9 sets a field that timers does not have");
  EXPECT_EQ(message(R"([{"row":"timers","id":9,"set":{"due_at_ms":"x"}}])"),
            "timers 9: the value of due_at_ms does not fit it");
  EXPECT_EQ(message(R"([{"row":"commitments","id":1,"set":{"state":"x"}}])"),
            "commitments 1: the value of state does not fit it");
  EXPECT_EQ(message(R"([{"row":"commitments","id":1,"drop":true}])"), "commitments 1 is dropped; only timers are");
  EXPECT_EQ(message(R"([{"row":"cases","id":4,"set":{}}])"), "cases 4 is not there");
  EXPECT_EQ(message(R"([{"row":"cases","id":3,"set":{"version":4}}])"), "cases 3 sets a field that cases does not have");
  EXPECT_EQ(message(R"([{"row":"cases","id":3,"drop":true}])"), "cases 3 is dropped; only timers are");
}

}  // namespace
}  // namespace redress::store
