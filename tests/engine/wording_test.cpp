// What a person or a department writes is held to the same rules as what stands in the file: where it breaks one, the reply is
// blocked, with the reason, and somebody's task.
#include "engine/house.hpp"

namespace redress::house {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Bad {
  const char* name;
  const char* answer;
  const char* reason;
};

class Wording : public testing::TestWithParam<Bad> {};

// The people's answer to a charge that could not be checked, as the reply `offered`.
TEST_P(Wording, OfAnAnswerThatBreaksARuleBlocksItsReply) {
  House house;
  house.adjust = [](EngineOptions& options) {
    options.wording.brand = R"({ "redress": 1, "forbidden": { "en": [ "guaranteed" ], "es": [ "garantizado" ] } })";
  };
  house.open();
  house.billing->perform("check_charge", {says_no()});
  house.commercial->perform("review", {done(R"({"kind":"apology","answer":")" + std::string(GetParam().answer) + "\"}")});
  house.post("P1");
  const ReplyRow reply = house.reply("offered");
  EXPECT_EQ(reply.state, ReplyState::blocked) << house.text(reply.reason);
  EXPECT_THAT(house.text(reply.reason), HasSubstr(GetParam().reason));
  EXPECT_TRUE(house.task("community-lead", house.about_reply("offered")));
  EXPECT_EQ(house.texts().size(), 1u);  // The acknowledgement alone.
  EXPECT_EQ(house.row().state, CaseState::active);
  house.expect_sound();
}

INSTANTIATE_TEST_SUITE_P(Answer, Wording,
                         testing::Values(Bad{"ForbiddenWord", "this is guaranteed.", "guaranteed"},
                                         Bad{"ForbiddenWordInOtherLetters", "this is gu\u0430ranteed.", "U+0430"},
                                         Bad{"TurnedDirection", "we \u202Epay\u202C.", "U+202E"},
                                         Bad{"PrivateNumber", "write to ana@example.com.", "mail"},
                                         Bad{"OnlySpace", "   ", "by_hand.evidence.answer"}),
                         [](const testing::TestParamInfo<Bad>& each) { return std::string(each.param.name); });

TEST(GoodWording, GoesToItsReviewer) {
  House house;
  house.billing->perform("check_charge", {says_no()});
  house.commercial->perform("review", {done(answer_evidence)});
  house.post("P1");
  EXPECT_EQ(house.reply("offered").state, ReplyState::awaiting_review);
}

}  // namespace
}  // namespace redress::house
