// What programs beside the engine stand on: tokens, request ids of posts, facts from the journal, marks.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string token_for(House& house, const TokenGrant& grant) {
  const auto token = house.engine->add_token(grant);
  EXPECT_TRUE(token) << token.error().message;
  return token ? *token : "";
}

std::optional<Bearer> bearer(House& house, const std::string& token) {
  const auto found = find_bearer(*house.store, token, house.clock->now_ms());
  EXPECT_TRUE(found) << found.error().message;
  return found ? *found : std::nullopt;
}

TEST(Token, NamesItsPersonAndTheRolesTheyHaveNow) {
  House house;
  const std::string token = token_for(house, {.person = "cora"});
  ASSERT_TRUE(bearer(house, token));
  EXPECT_EQ(bearer(house, token)->person, "cora");
  EXPECT_THAT(bearer(house, token)->roles, ElementsAre("commercial", "community"));
  ASSERT_TRUE(house.engine->add_person("cora", {"commercial"}));
  EXPECT_THAT(bearer(house, token)->roles, ElementsAre("commercial"));
}

TEST(Token, GrantsAtMostWhatItsPersonHas) {
  House house;
  const std::string token = token_for(house, {.person = "cora", .roles = {"community"}});
  EXPECT_THAT(bearer(house, token)->roles, ElementsAre("community"));
  const auto more = house.engine->add_token({.person = "cora", .roles = {"supervisor"}});
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Code::refused);
  ASSERT_TRUE(house.engine->add_person("cora", {"commercial"}));
  EXPECT_THAT(bearer(house, token)->roles, IsEmpty());
}

TEST(Token, IsGoodUntilTheInstantItExpiresAndUntilItIsRevoked) {
  House house;
  const std::string token = token_for(house, {.person = "sam", .expires_at_ms = house.clock->now_ms() + hour_ms});
  const std::string other = token_for(house, {.person = "sam"});
  ASSERT_TRUE(bearer(house, token));
  house.clock->advance_to(house.clock->now_ms() + hour_ms);
  EXPECT_FALSE(bearer(house, token));
  ASSERT_TRUE(bearer(house, other));
  ASSERT_TRUE(house.engine->revoke_token(bearer(house, other)->token_id));
  EXPECT_FALSE(bearer(house, other));
  EXPECT_TRUE(failed_with(house.engine->revoke_token(999), Code::not_found));
}

TEST(Token, ThatWouldHaveExpiredIsNotMade) {
  House house;
  const std::int64_t now = house.clock->now_ms();
  for (const std::int64_t past : {std::int64_t{-1}, std::int64_t{1}, now}) {
    const auto refused = house.engine->add_token({.person = "sam", .expires_at_ms = past});
    ASSERT_FALSE(refused) << past;
    EXPECT_EQ(refused.error().code, Code::invalid);
  }
  EXPECT_TRUE(house.engine->add_token({.person = "sam", .expires_at_ms = now + 1}));
  EXPECT_TRUE(house.store->documents("token", 0, 10)->size() == 1u);
}

TEST(Token, IsNowhereInTheStore) {
  House house;
  const std::string token = token_for(house, {.person = "sam", .note = "the bridge"});
  std::string all = house.journal(0);
  const auto documents = house.store->documents("", 0, 1000);
  ASSERT_TRUE(documents);
  for (const auto& row : *documents) all += row.content + row.hash;
  EXPECT_THAT(all, Not(HasSubstr(token.substr(8))));
  EXPECT_FALSE(bearer(house, token + "0"));
  EXPECT_FALSE(bearer(house, ""));
  house.expect_sound();
}

TEST(Act, CountsOnlyTheRolesThatItIsGranted) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  house.answer("P2", "it is A-1");
  Act act = as("cora");
  act.roles = {"commercial"};
  EXPECT_TRUE(
      failed_with(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", act), Code::refused));
  act.roles = {"community"};
  EXPECT_TRUE(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", act));
}

TEST(Act, IsAConflictWhereTheCaseWentOnSinceItWasLookedAt) {
  House house;
  house.billing->perform("find_account", {says_no()});
  house.post("P1");
  house.answer("P2", "it is A-1");
  Act act = as("carl");
  act.case_seq = house.row().version - 1;
  EXPECT_TRUE(
      failed_with(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", act), Code::conflict));
  act.case_seq = house.row().version;
  EXPECT_TRUE(house.engine->send_event("C-000001", "manual.identified", R"({"account":"A-1"})", act));
}

TEST(RequestOfAPost, AnswersTheSameFateAgainAndRefusesAnotherPost) {
  House house;
  const Post first = house.make_post("P1");
  const auto fate = house.engine->receive(first, {.id = "k1"});
  ASSERT_TRUE(fate);
  EXPECT_EQ(fate->fate, PostFate::opened);
  const auto again = house.engine->receive(first, {.id = "k1"});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->case_reference, fate->case_reference);
  EXPECT_TRUE(again->redelivered);
  const auto other = house.engine->receive(house.make_post("P9"), {.id = "k1"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  EXPECT_FALSE(*house.store->find_post("x", "P9"));
  house.expect_sound();
}

TEST(RequestOfAPost, AnsweredAgainLaterUndoesNoEdit) {
  House house;
  Post post = house.make_post("P1", "they charged me twice");
  ASSERT_TRUE(house.engine->receive(post, {.id = "k1"}));
  Post edited = post;
  edited.text = "they charged me twice, sorry: once";
  ASSERT_TRUE(house.engine->receive(edited, {.id = "k2"})->edited);
  const auto again = house.engine->receive(post, {.id = "k1"});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->redelivered);
  EXPECT_FALSE(again->edited);
  EXPECT_EQ(house.text(house.record().posts.begin()->second.text), edited.text);
}

TEST(RequestOfAPost, IsKeptAlsoWhereThePostWasHereBefore) {
  House house;
  const Post first = house.make_post("P1");
  ASSERT_TRUE(house.engine->receive(first));
  ASSERT_TRUE(house.engine->receive(first, {.id = "k1"}));
  const auto other = house.engine->receive(house.make_post("P9"), {.id = "k1"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  house.expect_sound();
}

std::vector<std::string> types(const FactPage& page) {
  std::vector<std::string> out;
  for (const Fact& fact : page.facts)
    if (!fact.case_reference.empty()) out.push_back(fact.type);
  return out;
}

TEST(Facts, TellWhatCameTrueInOrder) {
  House house;
  house.post("P1");
  const auto page = list_facts(*house.store, 0, 1000);
  ASSERT_TRUE(page) << page.error().message;
  const auto told = types(*page);
  const auto at = [&](const std::string& type) { return std::find(told.begin(), told.end(), type) - told.begin(); };
  const auto count = static_cast<std::ptrdiff_t>(told.size());
  EXPECT_LT(at("case.opened"), at("commitment.fulfilled"));
  EXPECT_LT(at("commitment.requested"), at("commitment.attempting"));
  EXPECT_LT(at("reply.published"), count);
  EXPECT_LT(at("first_reply.met"), count);
  EXPECT_LT(at("case.resolved"), count);
}

TEST(Facts, ComeInPagesThatMissNothingAndRepeatNothing) {
  House house;
  house.post("P1");
  house.post("P2", "they charged me twice", "ben");
  const auto whole = list_facts(*house.store, 0, 1000);
  ASSERT_TRUE(whole);
  std::vector<std::string> ids;
  for (std::int64_t after = 0;;) {
    const auto page = list_facts(*house.store, after, 3);
    ASSERT_TRUE(page);
    if (page->last_row_id == after) break;
    after = page->last_row_id;
    for (const Fact& fact : page->facts) ids.push_back(fact.id);
  }
  std::vector<std::string> wanted;
  for (const Fact& fact : whole->facts) wanted.push_back(fact.id);
  EXPECT_EQ(ids, wanted);
}

TEST(Facts, ShowNoPersonalTextButPublishedReplies) {
  House house;
  house.post("P1", "they charged me twice, call 600123123");
  const auto page = list_facts(*house.store, 0, 1000);
  ASSERT_TRUE(page);
  for (const Fact& fact : page->facts) {
    EXPECT_THAT(fact.json, Not(HasSubstr("600123123")));
    if (fact.type.starts_with("reply.") && fact.type != "reply.published") {
      EXPECT_THAT(fact.json, Not(HasSubstr("\"text\"")));
    }
  }
}

// So that the same posts leave the same export, whoever reads the journal beside.
TEST(Mark, DrawsNothingUnderVirtualTime) {
  House house;
  const auto draws = house.store->meta()->draws;
  ASSERT_TRUE(house.engine->keep_mark("crm", 7));
  EXPECT_EQ(house.store->meta()->draws, draws);
}

TEST(Mark, IsKeptWithoutAJournalRow) {
  House house;
  const auto before = house.store->journal_since(0, 1000);
  ASSERT_TRUE(house.engine->keep_mark("crm", 7));
  ASSERT_TRUE(house.engine->keep_mark("crm", 9));
  EXPECT_EQ(house.store->meta()->marks.at("crm"), 9);
  EXPECT_EQ(house.store->journal_since(0, 1000)->size(), before->size());
  EXPECT_TRUE(failed_with(house.engine->keep_mark("", 1), Code::invalid));
}

}  // namespace
}  // namespace redress::house
