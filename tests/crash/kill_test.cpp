// SIGKILL at seeded moments: what was promised, done and said is the same as if nobody had killed it.
//
// REDRESS_KILLS  how many (50; the long form takes 200).  REDRESS_SEED  other moments (1).
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>
#include <sstream>
#include <string_view>

#include "crash/held_run.hpp"
#include "redress/reading.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

using Json = nlohmann::json;
using Lines = std::vector<std::string>;  // Sorted.

constexpr const char* calls = "pPrRuUxXoObBlL";
constexpr long delay_us_max = 2000;  // Some transactions long.
constexpr int restarts_max = 3;

std::int64_t number_from(const char* name, std::int64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoll(value);
}

// ---- what a run came to -----------------------------------------------------------------------------------------------------

// All that a kill must not change. Times, attempts, tasks and the journal may differ.
struct Truth {
  Lines commitments;  // "case name instance state evidence": the amount and the receipt are in the evidence.
  Lines replies;      // "case name state text".
  Lines cases;        // "reference state configuration episode".
  Lines posts;        // "channel id fate case".
  Lines refunds;      // The ledger's own rows.
  Lines published;    // "key text" of what is out by the store's word.
  Lines outbox;       // "key text" of what is out in fact.
  Lines refund_keys;  // Of commitments whose evidence is a receipt.
};

std::vector<Json> lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

// The words of `line` under `names`, one space between.
std::string words(const Json& line, std::initializer_list<const char*> names) {
  std::string text;
  for (const char* name : names) {
    const Json value = line.value(name, Json());
    text += (text.empty() ? "" : " ") + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

// An effect that is looked up after a kill is done some seconds later, and evidence and texts may say when.
std::string without_times(const std::string& text) {
  static const std::regex time("[0-9]{2}:[0-9]{2}(:[0-9]{2})?");
  return std::regex_replace(text, time, "hh:mm");
}

void take(const Json& line, Truth& truth) {
  const std::string type = line["type"];
  if (type == "case") truth.cases.push_back(words(line, {"reference", "state", "configuration", "episode"}));
  if (type == "post") truth.posts.push_back(words(line, {"channel", "id", "fate", "case"}));
  if (type == "commitment") {
    truth.commitments.push_back(without_times(words(line, {"case", "name", "instance", "state", "evidence"})));
    if (line["evidence"].is_object() && line["evidence"].contains("receipt")) truth.refund_keys.push_back(line["key"]);
  }
  if (type != "reply") return;
  truth.replies.push_back(without_times(words(line, {"case", "name", "state", "text"})));
  if (line["state"] == "published" || line["state"] == "corrected") truth.published.push_back(words(line, {"key", "text"}));
}

// Rows of a database that nobody of Redress opens here, as "a|b|c".
Lines query(const std::string& path, const char* sql) {
  Lines rows;
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK) << path;
  EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      row += (i > 0 ? "|" : "") + std::string(text == nullptr ? "" : text);
    }
    rows.push_back(row);
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return rows;
}

Truth truth_of(const HeldFolder& folder) {
  Truth truth;
  auto store = open_sqlite_store(folder.path("redress.db"), OpenMode::read);
  if (!store) {
    ADD_FAILURE() << store.error().message;
    return truth;
  }
  const auto exported = export_store(**store, [&truth](std::string_view line) {
    take(Json::parse(line), truth);
    return true;
  });
  EXPECT_TRUE(exported.ok());
  truth.refunds = query(folder.path("billing.db"), "SELECT key, account, amount_minor, currency, receipt, state FROM refunds");
  for (const Json& line : lines_of(folder.read("replies.jsonl"))) truth.outbox.push_back(words(line, {"key", "text"}));
  for (Lines* lines : {&truth.commitments, &truth.replies, &truth.cases, &truth.posts, &truth.refunds, &truth.published,
                       &truth.outbox, &truth.refund_keys})
    std::sort(lines->begin(), lines->end());
  return truth;
}

// Says which lines are too many and which are missing; both lists are sorted.
void expect_same_lines(const char* what, const Lines& found, const Lines& reference) {
  Lines more;
  Lines missing;
  std::set_difference(found.begin(), found.end(), reference.begin(), reference.end(), std::back_inserter(more));
  std::set_difference(reference.begin(), reference.end(), found.begin(), found.end(), std::back_inserter(missing));
  for (const std::string& line : more) ADD_FAILURE() << what << ", too many: " << line;
  for (const std::string& line : missing) ADD_FAILURE() << what << ", missing:  " << line;
}

void expect_same(const Truth& found, const Truth& reference) {
  expect_same_lines("commitments", found.commitments, reference.commitments);
  expect_same_lines("replies", found.replies, reference.replies);
  expect_same_lines("cases", found.cases, reference.cases);
  expect_same_lines("posts", found.posts, reference.posts);
  expect_same_lines("refunds in the ledger", found.refunds, reference.refunds);
}

// What holds of any run by itself: the store's word is what the books and the outbox show.
void expect_true(const HeldFolder& folder, const Truth& found) {
  expect_same_lines("lines of the outbox", found.outbox, found.published);
  Lines keys;
  for (const std::string& line : found.outbox) keys.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end()) << "a key is in the outbox twice";
  const std::string ledger = folder.path("billing.db");
  expect_same_lines("keys in the ledger", query(ledger, "SELECT key FROM refunds ORDER BY key"), found.refund_keys);
  EXPECT_THAT(query(ledger, "SELECT posting FROM entries GROUP BY posting HAVING sum(debit_minor) <> sum(credit_minor)"),
              testing::IsEmpty());
  EXPECT_THAT(query(ledger, "SELECT sum(debit_minor) = sum(credit_minor) FROM entries"), testing::ElementsAre("1"));
  EXPECT_EQ(query(ledger, "SELECT count(*) FROM postings WHERE what = 'refund'").at(0), std::to_string(found.refunds.size()));
  EXPECT_EQ(run_verb(folder, {"audit", "--db", "redress.db"}), 0) << folder.read("stdout");
}

// ---- when it is killed ------------------------------------------------------------------------------------------------------

class Moments {
 public:
  Moments(const std::string& letters, std::uint32_t seed)
      : random_(seed), first_(letters.find('T')), last_(letters.rfind('T')) {
    for (std::size_t at = letters.find_first_of(calls); at != std::string::npos; at = letters.find_first_of(calls, at + 1))
      in_flight_.push_back(at);
  }
  // Each third one: a call or publish held open, before its effect or after it. The others: anywhere between the first
  // transaction and the last, and some microseconds later, so that the kill also lands within a transaction.
  Moment draw(int number) {
    if (number % 3 == 0)
      return {.place = in_flight_[draw_up_to(in_flight_.size() - 1)], .letters = "", .held = true, .after_us = 0};
    return anywhere(first_);
  }
  // For the second kill of two: while it looks up what the first one left unknown, or anywhere.
  Moment draw_second() {
    if (draw_up_to(1) == 0) return anywhere(0);
    constexpr std::array lookups{"rl", "RL"};
    return {.place = 0, .letters = lookups[draw_up_to(1)], .held = true, .after_us = 0};
  }
  bool draw_one_in(std::size_t count) { return draw_up_to(count - 1) == 0; }

 private:
  std::size_t draw_up_to(std::size_t last) { return std::uniform_int_distribution<std::size_t>(0, last)(random_); }
  Moment anywhere(std::size_t first) {
    return {.place = first + draw_up_to(last_ - first),
            .letters = "",
            .held = false,
            .after_us = static_cast<long>(draw_up_to(delay_us_max))};
  }

  std::mt19937 random_;
  std::size_t first_, last_;
  std::vector<std::size_t> in_flight_;
};

struct Histogram {
  std::map<std::string, int> phases;
  std::array<int, 10> tenths{};
  int kills = 0;
  int in_flight = 0;

  // What the last letter says about where the process was when it died.
  static std::string phase_of(char letter) {
    constexpr std::array<std::pair<std::string_view, const char*>, 4> verbs{
        {{"pP", "perform"}, {"bB", "publish"}, {"rRlL", "reconcile or lookup"}, {"oOuUxX", "record, undo or cancel"}}};
    for (const auto& [letters, verb] : verbs)
      if (letters.find(letter) != std::string_view::npos)
        return std::string("in ") + verb + (letter >= 'a' ? ", unanswered" : ", its answer not durable");
    return "within or between transactions";
  }
  void add(const Ran& ran, std::size_t letters_before, std::size_t letters_in_all) {
    if (!ran.killed) return;
    ++kills;
    const char last = ran.letters.empty() ? 'T' : ran.letters.back();
    if (last != 'T') ++in_flight;
    ++phases[phase_of(last)];
    ++tenths[std::min<std::size_t>(9, (letters_before + ran.letters.size()) * 10 / letters_in_all)];
  }
  void print() const {
    std::cout << kills << " kills, " << in_flight << " of them with a call or publish in flight\n";
    for (const auto& [phase, count] : phases) std::cout << "  " << count << "\t" << phase << '\n';
    std::cout << "  by tenths of the run:";
    for (const int count : tenths) std::cout << ' ' << count;
    std::cout << std::endl;
  }
};

std::string text_of(const Moment& moment) {
  return (moment.letters.empty() ? "letter " + std::to_string(moment.place) : "the first of " + moment.letters) +
         (moment.held ? ", held" : " and " + std::to_string(moment.after_us) + " us");
}

// One run, killed once or twice and started again until it ends. Answers how, in words.
std::string run_with_kills(const HeldFolder& folder, Moments& moments, int number, std::size_t letters_in_all,
                           Histogram& histogram, int& status) {
  const Moment first = moments.draw(number);
  std::string how = "killed at " + text_of(first);
  Ran ran = run_held(folder, first);
  std::size_t letters = ran.letters.size();
  histogram.add(ran, 0, letters_in_all);
  if (ran.killed && moments.draw_one_in(4)) {
    const Moment second = moments.draw_second();
    how += ", then at " + text_of(second);
    ran = run_held(folder, second);
    histogram.add(ran, letters, letters_in_all);
  }
  for (int i = 0; i < restarts_max && ran.killed; ++i) ran = run_held(folder);
  status = ran.status;
  return how;
}

// ---- the tests --------------------------------------------------------------------------------------------------------------

void kill_at_many_moments(const std::string& source, int end_status, std::int64_t kills_by_default) {
  const HeldFolder unkilled(source);
  const Ran whole = run_held(unkilled);
  ASSERT_EQ(whole.status, end_status) << unkilled.read("stderr");
  const Truth reference = truth_of(unkilled);
  expect_true(unkilled, reference);
  ASSERT_GE(reference.refunds.size(), 6U);

  const auto kills = static_cast<int>(number_from("REDRESS_KILLS", kills_by_default));
  Moments moments(whole.letters, static_cast<std::uint32_t>(number_from("REDRESS_SEED", 1)));
  Histogram histogram;
  for (int number = 0; histogram.kills < kills && !testing::Test::HasFailure(); ++number) {
    ASSERT_LT(number, 2 * kills) << "most of the kills come too late";
    const HeldFolder folder(source);
    int status = -1;
    const std::string how = run_with_kills(folder, moments, number, whole.letters.size(), histogram, status);
    SCOPED_TRACE("run " + std::to_string(number) + ", " + how);
    EXPECT_EQ(status, end_status) << folder.read("stderr");
    const Truth found = truth_of(folder);
    expect_same(found, reference);
    expect_true(folder, found);
  }
  histogram.print();
  EXPECT_GE(histogram.in_flight * 3, histogram.kills);
}

TEST(Kill, LeavesWhatAnUnkilledRunLeavesAtWhateverMomentItComes) {
  kill_at_many_moments("tests/crash", 3, 50);  // One of the posts has no id.
}

TEST(Kill, LeavesTheDemonstrationAsAnUnkilledRunLeavesIt) { kill_at_many_moments("examples/demo", 0, 15); }

TEST(Kill, OfEachLookupStillLeavesOneRefundAndOneLine) {
  const HeldFolder folder;
  const HeldFolder unkilled;
  ASSERT_EQ(run_held(unkilled).status, 3);
  // Killed after the first effect of a process, and then while it looks that up, again and again: it comes forward all the
  // same.
  int kills = 0;
  for (const char* letters : {"P", "r", "R", "B", "l", "L", "P", "R", "B", "L"})
    kills += run_held(folder, Moment{.place = 0, .letters = letters, .held = true, .after_us = 0}).killed ? 1 : 0;
  EXPECT_EQ(kills, 10);
  EXPECT_EQ(run_held(folder).status, 3) << folder.read("stderr");
  const Truth found = truth_of(folder);
  expect_same(found, truth_of(unkilled));
  expect_true(folder, found);
}

}  // namespace
}  // namespace redress::test
