// The Writer: every change goes through its queue, and many commands share one transaction and one sync (group commit).
//
// Any thread may bring a command; one of them leads: it runs the queued commands in order, commits their units together, and
// wakes the others. So no thread is needed for it, and none can write beside it. A command that fails hurts only itself.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "path/draft.hpp"
#include "redress/clock.hpp"
#include "redress/engine.hpp"
#include "redress/event.hpp"
#include "redress/store.hpp"

namespace redress::drive {

class Writer;

// A request from outside that is done once: whose it is, its id (empty: done each time), and what makes it this one and no
// other, where its key brings no digest.
struct Once {
  std::string by{};  // Empty: nobody says.
  RequestKey request{};
  std::string content{};
};

// What a command sees while it runs: time, the cases as the commands before it left them, and where to put its change.
class Turn {
 public:
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  [[nodiscard]] path::Supply& supply();
  [[nodiscard]] Result<CaseRecord> load(std::int64_t case_id);
  [[nodiscard]] Result<CaseRecord> load_zero();  // What belongs to no case: as it is, or as it begins.
  [[nodiscard]] const StoreMeta& meta() const;
  [[nodiscard]] std::int64_t doubts()
      const;  // Batches with documents that the store did not say it had: each may stand all the same.
  // Draws the pepper of author keys at its first use.
  [[nodiscard]] const std::string& author_pepper();
  // The command's one change: the draft's record in place of `before`. Journaled with the draft's trace.
  void put(const CaseRecord& before, path::Draft&& draft);
  // The request that this command answers: kept with the next put(), in the same transaction. Id, case and time are set there.
  void remember(RequestRow request) { request_ = std::move(request); }
  [[nodiscard]] bool remembers() const { return request_.has_value(); }
  [[nodiscard]] Result<void> put_request();  // Where it is to be remembered, and there is no other change.
  void keep_mark(const std::string& name, std::int64_t position);

 private:
  friend class Writer;
  Turn(Writer& writer, std::int64_t now_ms) : writer_(writer), now_ms_(now_ms) {}
  Writer& writer_;
  std::int64_t now_ms_;
  std::set<std::int64_t> loaded_;
  struct Change {
    Unit unit;
    CaseRecord after;
    JournalRow journal;
  };
  std::optional<Change> change_;
  std::optional<RequestRow> request_;
  std::string by_;  // Whose request it is, for the journal.
  bool marked_ = false;
};

class Writer final : public path::Supply {
 public:
  struct Options {
    Store* store = nullptr;
    Clock* clock = nullptr;
    RandomSource* random = nullptr;
    Listeners* listeners = nullptr;
    std::string clock_kind;  // "real" or "virtual": becomes the store's with the first command that moves time.
  };
  // Runs once, or again from the start where a command before it in the same batch failed: it must only set its own results.
  using Command = std::function<Result<void>(Turn&)>;

  Writer(Options options, StoreMeta meta);

  // Durable when it answers ok. `touches`: names of what the command looks up in the store outside of a case; two commands that
  // share one are never in the same batch, since the second would not see what the first did. `moves_time`: the store's last
  // time follows this command; not for people and workflows, which exist outside of any case's time. [any thread]
  [[nodiscard]] Result<void> execute(Command command, std::vector<std::string> touches = {}, bool moves_time = true);
  // The same, once for each request id, which is written in the transaction of what the command puts, or by itself where it
  // puts nothing. False: it was done before, and nothing is done now. `conflict`: the id was another request's.
  [[nodiscard]] Result<bool> execute_once(const Once& once, Command command, std::vector<std::string> touches = {},
                                          bool moves_time = true);

  [[nodiscard]] StoreMeta meta();

  // ---- Supply [leader only] ----
  std::int64_t next_id(Table table) override;
  std::string salt() override;
  const std::string& store_id() override;

 private:
  friend class Turn;
  struct Queued {
    Command command;
    std::vector<std::string> touches;
    bool moves_time = true;
    Result<void> result{};
    bool done = false;
    bool rerun = false;
  };
  std::vector<Queued*> take_batch();
  void run_batch(const std::vector<Queued*>& batch);
  std::vector<Queued*> commit_batch(const std::vector<Queued*>& batch);  // Answers those to run again, each alone.
  void publish_event(const Turn::Change& change);
  std::string draw_hex(std::size_t bytes);

  Options options_;
  std::mutex mutex_;  // Guards queue_, leading_ and meta_'s copies; what a batch works on belongs to its leader.
  std::condition_variable turn_ended_;
  std::deque<Queued*> queue_;
  bool leading_ = false;
  StoreMeta meta_;
  std::int64_t doubts_ = 0;  // [leader only]
  std::unordered_map<std::int64_t, CaseRecord>
      cases_;  // As committed, plus this batch's changes. Bounded; forgotten on any doubt.
};

}  // namespace redress::drive
