// Random departments, channels, people and deaths: whatever they do, the promises hold.
#include <random>
#include <set>

#include "engine/failing_store.hpp"
#include "engine/house.hpp"

namespace redress::house {
namespace {

class Storm : public House {
 public:
  explicit Storm(unsigned seed) : random_(seed), disk_(std::make_shared<FailingStore>(store)) {
    store = disk_;
    open();
    billing->usual = commercial->usual = [this](const Call& call) { return healed_ ? healed(call) : any(call); };
    channel->during = [this](const Publication& publication) { expect_true_claims(publication); };
  }

  void run() {
    for (int i = 0; i < 6; ++i) {
      step([&] { (void)engine->receive(next_post(i)); });
      step([&] { (void)engine->run_until_idle(); });
      step([&] { wander(static_cast<std::int64_t>(random_() % (3 * hour_ms))); });
      if (chance(40)) step([&] { (void)say_something(); });
    }
    healed_ = true;
    channel->publishing.clear();
    revive();
    for (int day = 0; day < 20; ++day) {
      people_settle();
      pass(day_ms);
    }
    expect_sound();
    expect_each_case_ended();
    expect_each_post_once();
    expect_refunds_once();
  }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  Outcome any(const Call& call) {
    if (chance(4)) throw std::runtime_error("cut");
    const auto dice = random_() % 100;
    const bool performs = call.verb == Verb::perform || call.verb == Verb::undo;
    if (dice < 20) return retry_if_honest(call);
    if (dice < 35) return lost_maybe_done(call);
    if (dice < 42 && performs && !is_done(call)) return says_no();
    if (dice < 50) return waiting("T-" + std::to_string(dice), call.now_ms + hour_ms);
    if (dice < 55) return done("{}");
    return done_for(call);
  }
  Outcome retry_if_honest(const Call& call) { return is_done(call) ? done_for(call) : retry(); }
  Outcome lost_maybe_done(const Call& call) {
    if (call.verb == Verb::perform && chance(50)) done_.insert(std::string(call.key));
    return lost();
  }
  Outcome healed(const Call& call) {
    if (call.verb == Verb::reconcile) return is_done(call) ? done_for(call) : retry();
    return done_for(call);
  }
  bool is_done(const Call& call) const { return done_.contains(std::string(call.key)); }
  Outcome done_for(const Call& call) {
    if (call.action == "refund" && call.verb == Verb::perform) {
      if (is_done(call)) ++repeated_;
      done_.insert(std::string(call.key));
    }
    if (call.action == "review") return call.verb == Verb::perform ? waiting() : done(answer_evidence);
    Call performed = call;
    performed.verb = Verb::perform;
    return ScriptedDepartment::usual_answer(performed);
  }

  Post next_post(int i) {
    Post post =
        make_post("P" + std::to_string(i), chance(80) ? "you charged me twice" : "nice weather", chance(50) ? "ana" : "ben");
    if (i > 0 && chance(40)) post.thread = "P" + std::to_string(random_() % static_cast<unsigned>(i));
    post.author.verified = chance(30);
    post.is_private = chance(10);
    return post;
  }

  // Anything may end with the process: then another engine takes the store.
  template <class Work>
  void step(Work&& work) {
    if (chance(25)) disk_->commits_left = static_cast<int>(random_() % 12);
    if (chance(30)) channel->publishing.push_back(chance(50) ? retry() : lost());
    work();
    revive();
    expect_sound();
  }
  void revive() {
    if (disk_->commits_left == 0) {
      engine.reset();
      disk_->commits_left = -1;
      open();
    }
    disk_->commits_left = -1;
  }
  void wander(std::int64_t ms) {
    const std::int64_t end = clock->now_ms() + ms;
    for (int i = 0; i < 500; ++i) {
      if (!engine->run_until_idle()) return;
      const auto next = store->next_due_at_ms();
      if (!next || !*next || **next > end) break;
      clock->advance_to(**next);
    }
    clock->advance_to(end);
  }

  // A department's late word about something, true or not.
  Result<void> say_something() {
    const auto cases = store->cases(0, 10);
    if (!cases || cases->empty()) return {};
    const CaseRecord one = record((*cases)[random_() % cases->size()].id);
    if (one.commitments.empty()) return {};
    auto it = one.commitments.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(random_() % one.commitments.size()));
    const ReportKind kinds[] = {ReportKind::done, ReportKind::declined, ReportKind::failed, ReportKind::revoked};
    return engine->report(
        {.key = it->second.key, .kind = kinds[random_() % 4], .evidence = refund_evidence, .reason = "late word"});
  }

  void people_settle() {
    const std::vector<CaseRow> cases = *store->cases(0, 100);
    for (const CaseRow& each : cases) {
      const CaseRecord one = record(each.id);
      if (one.row.set_aside != 0) {
        EXPECT_TRUE(engine->skip_case(one.row.reference, as("lea")));
      }
      for (const auto& [id, row] : one.commitments) {
        if (row.state == CommitmentState::awaiting_approval) {
          EXPECT_TRUE(engine->approve(id, chance(50), as("sam")));
        }
        const bool by_hand = row.department == "commercial" && row.state == CommitmentState::in_progress;
        if (by_hand || row.state == CommitmentState::unknown) {
          (void)engine->decide(id, Decision::declined, "", "decided", as(row.department == "billing" ? "bill" : "cora"));
        }
      }
      if (one.row.configuration == R"(["answered"])") {
        EXPECT_TRUE(engine->send_event(one.row.reference, "manual.identified", R"({"account":"A-1"})", as("carl")));
      }
      if (one.row.configuration == R"(["reviewing"])")
        (void)engine->send_event(one.row.reference, "manual.try_again", "", as("lea"));
      for (const auto& [id, row] : one.replies) {
        if (row.state == ReplyState::awaiting_review && !engine->review(id, true, as("carl")))
          (void)engine->review(id, false, as("cora"));
        const bool bad = row.state == ReplyState::blocked || row.state == ReplyState::refused ||
                         row.state == ReplyState::failed || row.state == ReplyState::unknown;
        if (bad) (void)engine->settle_waive(id, "told otherwise", as("lea"));
      }
    }
  }

  void expect_true_claims(const Publication& publication) {
    const std::int64_t reply_id = std::stoll(std::string(publication.reply));
    const auto case_id = store->find_case_of_reply(reply_id);
    ASSERT_TRUE(case_id && *case_id);
    const CaseRecord one = record(**case_id);
    ++published_;
    for (const auto& [id, claim] : one.claims) {
      if (claim.reply_id != reply_id) continue;
      EXPECT_TRUE(holds(claim, one.commitments.at(claim.commitment_id))) << publication.text;
    }
  }
  // As the workflow language says it, and not as the engine does.
  static bool holds(const ClaimRow& claim, const CommitmentRow& row) {
    switch (claim.level) {
      case ClaimLevel::requested:
        return row.requested_at_ms > 0 && (row.state != CommitmentState::cancelled || row.attempts > 0);
      case ClaimLevel::accepted:
        return row.accepted_at_ms > 0;
      case ClaimLevel::fulfilled:
        return row.state == CommitmentState::fulfilled && row.evidence_digest == claim.evidence_digest;
      case ClaimLevel::declined:
        return row.state == CommitmentState::declined;
      case ClaimLevel::failed:
        return row.state == CommitmentState::failed;
      case ClaimLevel::revoked:
        return row.state == CommitmentState::revoked;
    }
    return false;
  }
  void expect_each_case_ended() {
    const std::vector<CaseRow> cases = *store->cases(0, 100);
    for (const CaseRow& each : cases) {
      const bool ended = each.state == CaseState::resolved || each.state == CaseState::closed;
      EXPECT_TRUE(ended) << each.reference << " is " << to_string(each.state) << " in " << each.configuration << "; set aside "
                         << each.set_aside;
    }
    EXPECT_TRUE(cases.empty() || published_ > 0);
  }
  void expect_each_post_once() {
    std::set<std::string> seen;
    const std::vector<PostRow> posts = *store->posts(0, 1000);
    for (const PostRow& post : posts) {
      EXPECT_TRUE(seen.insert(post.channel + "/" + post.post_id).second);
    }
  }
  void expect_refunds_once() {
    EXPECT_EQ(repeated_, 0) << "a refund that had happened was called again";
    std::set<std::string> lines;
    for (const auto& line : channel->lines) {
      EXPECT_TRUE(lines.insert(line.key).second) << line.key << " is public twice";
    }
  }

  std::mt19937 random_;
  std::shared_ptr<FailingStore> disk_;
  bool healed_ = false;
  int published_ = 0, repeated_ = 0;
  std::set<std::string> done_;
};

class Promises : public testing::TestWithParam<unsigned> {};

TEST_P(Promises, HoldInAnyStorm) {
  Storm storm(GetParam());
  storm.run();
}
INSTANTIATE_TEST_SUITE_P(Seeds, Promises, testing::Range(1u, 41u));

}  // namespace
}  // namespace redress::house
