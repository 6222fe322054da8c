// The Driver is the engine behind redress::Engine: it feeds the data path with posts, words, acts and time, and makes its
// calls.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "drive/library.hpp"
#include "drive/watch.hpp"
#include "drive/writer.hpp"
#include "path/draft.hpp"
#include "redress/engine.hpp"

namespace redress::drive {

class Driver final : public Engine {
 public:
  explicit Driver(EngineOptions options);
  ~Driver() override;
  Result<void> open();

  Result<Fate> receive(const Post& post) override { return receive(post, RequestKey{}); }
  Result<Fate> receive(const Post& post, const RequestKey& request) override;
  Result<Fate> receive_line(std::string_view json_line, std::int64_t line_number) override;
  Result<void> report(const Report& report, const Asker& asker) override;

  Result<void> add_person(const std::string& name, const std::vector<std::string>& roles, const Asker& asker) override;
  Result<std::string> add_token(const TokenGrant& grant) override;
  Result<IssuedToken> add_token(const TokenGrant& grant, const Asker& asker) override;
  Result<void> revoke_token(std::int64_t token_id, const Asker& asker) override;
  Result<void> approve(std::int64_t commitment_id, bool approve, const Act& act) override;
  Result<void> decide(std::int64_t commitment_id, Decision decision, std::string_view evidence_json, std::string_view reason,
                      const Act& act) override;
  Result<void> review(std::int64_t reply_id, bool approve, const Act& act) override;
  Result<void> settle_again(std::int64_t reply_id, const Act& act) override;
  Result<void> settle_waive(std::int64_t reply_id, std::string_view reason, const Act& act) override;
  Result<void> settle_published(std::int64_t reply_id, const Act& act) override;
  Result<void> finish_task(std::int64_t task_id, std::string_view note, const Act& act) override;
  Result<std::int64_t> say(std::string_view case_reference, const Statement& statement, const Act& act) override;
  Result<void> send_event(std::string_view case_reference, std::string_view event, std::string_view form_json,
                          const Act& act) override;
  Result<void> retry_case(std::string_view case_reference, const Act& act) override;
  Result<void> skip_case(std::string_view case_reference, const Act& act) override;

  Result<std::string> publish_workflow(const std::string& text, const Asker& asker) override;
  Result<void> activate_workflow(const std::string& id, const std::string& version, const Asker& asker) override;
  Result<void> set_switches(const std::string& workflow_id, const Switches& switches, const Asker& asker) override;

  Result<Progress> poll(std::size_t steps_max) override;
  Result<Progress> run_until_idle() override;
  Result<void> start(int workers) override;
  void stop() override;
  Result<void> keep_mark(const std::string& name, std::int64_t position) override;
  Result<void> keep_request(const Asker& asker) override;
  Store& store() override { return *options_.store; }

 private:
  // ---- posts (posts.cpp) ----
  Result<void> receive_in(Turn& turn, const Post& post, const RequestRow& request, Fate& fate, bool& made_way);
  Result<void> receive_once(Turn& turn, const Post& post, Fate& fate, bool& made_way);
  Result<void> answer_again(Turn& turn, const Post& post, Fate& fate, bool& made_way);
  bool may_be_taken_up(const PostRow& known);
  Result<void> make_way(Turn& turn, const PostRow& known);
  Result<void> receive_again(Turn& turn, const PostRow& known, const Post& post, Fate& fate);
  Result<void> reject_line(Turn& turn, const std::string& digest, std::int64_t line_number, const std::string& why, Fate& fate);
  Result<std::optional<std::int64_t>> case_for(const Post& post, const std::string& author);
  Result<void> open_or_leave(Turn& turn, const Post& post, const std::string& author, std::optional<std::int64_t> closed_case,
                             Fate& fate);
  Result<void> attach(Turn& turn, const CaseRecord& before, const Post& post, const std::string& author, Fate& fate);

  // ---- acts (acts.cpp) ----
  // What an act on one case shares: the request id, the person, the journal. `body` checks the role and changes the draft.
  struct CaseAct {
    std::string event;
    Json what;
    std::string content;  // What makes it this act and no other, for its request id.
    std::function<Result<void>(path::Draft&, const PersonRow& person)> body;
  };
  Result<void> act_on(std::int64_t case_id, const Act& act, const CaseAct& the_act);
  Result<std::int64_t> said_before(std::string_view reference, const std::string& text);
  Result<void> settle_reply(std::int64_t reply_id, const Act& act, const std::string& event, std::string_view reason,
                            const std::function<Result<void>(path::Draft&, const std::string& by)>& settle);
  Result<void> act_on_reference(std::string_view reference, const Act& act, const CaseAct& the_act);
  Result<void> settle_set_aside(std::string_view reference, const Act& act, bool skip);
  Result<void> check_asker(const Asker& asker) const;
  Error issued_before(const std::string& request_id);  // tokens.cpp

  // ---- calls and time (calls.cpp) ----
  struct PreparedCall;
  Result<bool> step();  // One effect or timer that is due; false: nothing is.
  Result<std::optional<Due>> take_due();
  void give_back(const Due& due);
  Result<std::optional<std::int64_t>> next_due_at_ms();
  void park(const Due& due, std::int64_t until_ms);
  Result<std::optional<std::int64_t>> handle(const Due& due, bool& in_doubt);  // `in_doubt`: it stays in hand.
  Result<void> fire_timer(const Due& due);
  Result<std::optional<std::int64_t>> run_effect(const Due& due, bool& in_doubt);
  Result<void> settle_left();
  Result<void> prepare(Turn& turn, const Due& due, PreparedCall& call);
  void fill(const path::Draft& draft, const EffectRow& effect, bool lookup, PreparedCall& call);
  struct Obstacle {
    std::string what{};  // Empty: none.
    std::int64_t until_ms = 0;
  };
  std::optional<std::int64_t> put_off(path::Draft& draft, EffectRow& effect, const Obstacle& obstacle);
  Obstacle obstacle_of(const std::string& department, const std::string& key);
  Outcome make_call(const PreparedCall& call);
  Outcome call_department(const PreparedCall& call);
  Result<void> settle_call(const PreparedCall& call, const Outcome& outcome, bool made = true);
  void keep_unsettled(std::function<Result<void>()> settle);
  Result<void> settle_or_keep(const PreparedCall& call, const Outcome& outcome);
  std::string take_late(const PreparedCall& call, const Outcome& outcome);
  Result<void> recover();
  void work();

  Result<path::Draft> draft_of(Turn& turn, const CaseRecord& record);
  Department* find_department(std::string_view name) const;
  void log(LogLevel level, const std::string& message);
  void wake();

  EngineOptions options_;
  std::unique_ptr<Writer> writer_;
  Library library_;
  std::map<std::string, std::shared_ptr<Department>, std::less<>> departments_;
  std::map<std::string, std::mutex, std::less<>> one_call_at_a_time_;  // Of departments that are not concurrent.
  std::map<std::string, Watch, std::less<>> watches_;                  // Of each department, where calls are watched.
  std::mutex channel_mutex_, listener_mutex_;

  std::mutex due_mutex_;  // Guards all down to stopping_.
  std::condition_variable due_changed_;
  std::set<std::pair<int, std::int64_t>> in_hand_;               // (kind, id) of what a thread is working on.
  std::map<std::pair<int, std::int64_t>, std::int64_t> parked_;  // Of those in hand: until when.
  std::deque<std::function<Result<void>()>> unsettled_;  // Answers, and intents in doubt, that the store could not take yet.
  std::uint64_t wakes_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;

  // Outlives the driver in the hands of departments and of calls that were written off.
  struct Reports {
    std::mutex mutex;
    Driver* driver = nullptr;
  };
  std::shared_ptr<Reports> reports_;
};

}  // namespace redress::drive
