// The departments communications and branches, through their shared libraries.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "books_probe.hpp"

namespace redress {
namespace {

using testing::Desk;
using testing::Folder;
using enum OutcomeKind;
using Json = nlohmann::json;

struct Newsroom {
  Folder folder;
  [[nodiscard]] std::string config() const {
    return Json{{"database", folder.file("c.db")}, {"board", folder.file("board.jsonl")}}.dump();
  }
  [[nodiscard]] Desk open() const { return {COMMUNICATIONS_PLUGIN, config()}; }
  static std::string about(const char* what) { return Json{{"about", what}, {"text_en", "Hm."}, {"text_es", "Hm."}}.dump(); }
  [[nodiscard]] std::size_t lines() const {
    const std::string text = testing::read_file(folder.file("board.jsonl"));
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

TEST(Notice, IsPublishedOnceForWhatItIsAbout) {
  const Newsroom room;
  const Desk desk = room.open();
  const auto first = desk.perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a"));
  ASSERT_EQ(first.kind, done) << first.reason;
  EXPECT_EQ(desk.perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a")).evidence, first.evidence);
  EXPECT_EQ(Json::parse(desk.perform("publish_notice", "s/2/n/1/perform", Newsroom::about("outage/a")).evidence)["notice"],
            "N-1");
  EXPECT_EQ(Json::parse(desk.perform("publish_notice", "s/3/n/1/perform", Newsroom::about("outage/b")).evidence)["notice"],
            "N-2");
  EXPECT_EQ(room.lines(), 2u);
}

TEST(Notice, ThatIsWithdrawnMakesRoomForAnother) {
  const Newsroom room;
  const Desk desk = room.open();
  const auto first = desk.perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a"));
  const auto gone = desk.answer(Verb::undo, "withdraw_notice", "s/1/n/1/undo", "{}", first.evidence);
  ASSERT_EQ(gone.kind, done) << gone.reason;
  EXPECT_EQ(desk.answer(Verb::undo, "withdraw_notice", "s/1/n/1/undo", "{}", first.evidence).evidence, gone.evidence);
  EXPECT_EQ(desk.answer(Verb::reconcile, "withdraw_notice", "s/1/n/1/undo", "{}", first.evidence).kind, done);
  EXPECT_EQ(Json::parse(desk.perform("publish_notice", "s/2/n/1/perform", Newsroom::about("outage/a")).evidence)["notice"],
            "N-2");
  EXPECT_EQ(desk.answer(Verb::undo, "withdraw_notice", "s/9/n/1/undo", "{}", R"({"notice": "N-9"})").kind, declined);
}

TEST(Notice, OfTwoCasesStandsUntilBothTookItBack) {
  const Newsroom room;
  const Desk desk = room.open();
  const auto notice = desk.perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a"));
  ASSERT_EQ(desk.perform("publish_notice", "s/2/n/1/perform", Newsroom::about("outage/a")).evidence, notice.evidence);
  const Json released{{"notice", "N-1"}, {"stands", true}};
  const auto undo = [&](Verb verb, const char* key) {
    return desk.answer(verb, "withdraw_notice", key, "{}", notice.evidence);
  };
  EXPECT_EQ(undo(Verb::reconcile, "s/1/n/1/undo").kind, retry);
  EXPECT_EQ(Json::parse(undo(Verb::undo, "s/1/n/1/undo").evidence), released);
  EXPECT_EQ(Json::parse(undo(Verb::undo, "s/1/n/1/undo").evidence), released);
  EXPECT_EQ(Json::parse(undo(Verb::reconcile, "s/1/n/1/undo").evidence), released);
  EXPECT_EQ(desk.perform("withdraw_notice", "s/3/w/1/perform", R"({"notice": "N-1"})").kind, declined);
  EXPECT_EQ(undo(Verb::reconcile, "s/2/n/1/undo").kind, retry);
  EXPECT_EQ(room.lines(), 1u);
  EXPECT_EQ(Json::parse(undo(Verb::undo, "s/2/n/1/undo").evidence)["stands"], false);
  EXPECT_EQ(room.lines(), 2u);
}

TEST(Notice, WhoseLineWasTornIsOnTheBoardOnceWhenItIsAskedForAgain) {
  const Newsroom room;
  { (void)room.open().perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a")); }
  const std::string whole = testing::read_file(room.folder.file("board.jsonl"));
  for (const std::size_t left : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
    testing::write_file(room.folder.file("board.jsonl"), whole.substr(0, left));
    const Desk desk = room.open();
    EXPECT_EQ(desk.reconcile("publish_notice", "s/1/n/1/perform").kind, retry);
    EXPECT_EQ(desk.perform("publish_notice", "s/1/n/1/perform", Newsroom::about("outage/a")).kind, done);
    EXPECT_EQ(testing::read_file(room.folder.file("board.jsonl")), whole);
  }
}

struct BranchOffice {
  Folder folder;
  BranchOffice() {
    testing::write_file(folder.file("b.json"),
                        R"([{"branch": "B-1", "names": ["Plaza Norte"]}, {"branch": "B-2", "names": ["Gran Vía"]}])");
  }
  [[nodiscard]] Desk open() const {
    return {BRANCHES_PLUGIN, Json{{"database", folder.file("b.db")}, {"branches", folder.file("b.json")}}.dump()};
  }
};

TEST(Branch, IsFoundByItsNameAndAskedOnce) {
  const BranchOffice office;
  const Desk desk = office.open();
  const auto found = desk.perform("locate", "s/1/l/1/perform", R"({"text": "una hora en gran via"})");
  EXPECT_EQ(Json::parse(found.evidence)["branch_name"], "Gran Vía");
  EXPECT_EQ(desk.perform("locate", "s/2/l/1/perform", R"({"text": "an hour"})").kind, declined);
  const char* input = R"({"branch": "B-2", "text": "an hour", "prior_case": "C-000004"})";
  const auto asked = desk.perform("look_into", "s/1/k/1/perform", input);
  EXPECT_EQ(asked.kind, waiting);
  EXPECT_EQ(desk.perform("look_into", "s/1/k/1/perform", input).ticket, asked.ticket);
  EXPECT_NE(testing::query(office.folder.file("b.db"), "SELECT question FROM reviews").front().find("C-000004"),
            std::string::npos);
  EXPECT_EQ(desk.perform("look_into", "s/2/k/1/perform", R"({"branch": "B-9", "text": "x"})").kind, declined);
}

TEST(Branch, ManagementsWordIsKept) {
  const BranchOffice office;
  const Desk desk = office.open();
  const char* input = R"({"branch": "B-2", "text": "an hour"})";
  ASSERT_EQ(desk.perform("look_into", "s/1/k/1/perform", input).kind, waiting);
  const char* word = R"({"finding": "confirmed", "answer": "we are sorry."})";
  EXPECT_EQ(desk.answer(Verb::record, "look_into", "s/1/k/1/record", input, word).kind, done);
  EXPECT_EQ(Json::parse(desk.answer(Verb::reconcile, "look_into", "s/1/k/1/perform", input).evidence), Json::parse(word));
}

}  // namespace
}  // namespace redress
