// A memory store filled by hand, journal and all: each record() is one step, as the data path would write it.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "redress/reading.hpp"
#include "redress/store.hpp"

namespace redress::reading_tests {

inline constexpr std::int64_t minute = 60'000;
inline constexpr std::int64_t start_ms = 1'507'503'600'000;  // 2017-10-08T23:00:00Z.

// The steps of one case: change `now`, then record() what changed.
class HandMadeCase {
 public:
  HandMadeCase(std::shared_ptr<Store> store, std::int64_t id, std::string reference);

  CaseRecord now;
  // Keeps personal text apart and answers its digest.
  std::string text(const std::string& content);
  void erase_text(const std::string& digest);
  // `rules` is the entry's "rules" as JSON text.
  void record(const std::string& event, std::int64_t at_ms, const std::string& rules = "[]");

 private:
  std::shared_ptr<Store> store_;
  CaseRecord before_;
};

// A store with the workflow "w" and the manifest of "billing", and one case C-000001 of it.
struct HandMade {
  HandMade();
  std::shared_ptr<Store> store;
  HandMadeCase nobody;  // Case 0.
  HandMadeCase one;     // C-000001, in state "checking", opened by post p1, with nothing to do yet.

  CommitmentRow& add_commitment(const std::string& name, CommitmentState state);
  ReplyRow& add_reply(const std::string& name, ReplyState state, const std::string& content);
  EffectRow& add_effect(const std::string& verb, std::int64_t subject_id, EffectState state, std::int64_t next_at_ms);
  TaskRow& add_task(const std::string& subject, const std::string& role, const std::string& what);
  void add_timer(const std::string& name, std::int64_t due_at_ms);

  Json explained();                              // explain_case of C-000001.
  std::vector<Json> waits();                     // Its waits_for.
  Json wait_that(std::string_view what_begins);  // The only one; null where there is none or more.
  std::vector<Json> tasks(std::string_view role = "");
  std::vector<std::string> exported();
};

}  // namespace redress::reading_tests
