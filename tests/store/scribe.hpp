// A Scribe writes cases as the engine does: by the difference of two records, with a journal row, under a new head.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

#include "redress/store.hpp"

namespace redress::tests {

class Scribe {
 public:
  explicit Scribe(Store& store) : store_(store) {}

  // A new case with a post, its text, and a timer; not yet written.
  [[nodiscard]] CaseRecord new_case();
  CommitmentRow& add_commitment(CaseRecord& record, CommitmentState state = CommitmentState::requested);
  // A drafted reply that claims `level` of the commitment, with its claim row.
  ReplyRow& add_reply(CaseRecord& record, const CommitmentRow& commitment, ClaimLevel level);
  EffectRow& add_effect(CaseRecord& record, EffectState state, std::int64_t next_at_ms);
  TimerRow& add_timer(CaseRecord& record, const std::string& name, std::int64_t due_at_ms);
  TaskRow& add_task(CaseRecord& record, const std::string& role);
  std::string add_text(CaseRecord& record, const std::string& content);

  // The unit that takes `before` to `after`, with its journal row; sets the new head in `after`.
  [[nodiscard]] Unit unit(const CaseRecord& before, CaseRecord& after);
  [[nodiscard]] Result<void> commit(const Unit& unit);
  // unit() and commit(); expects nothing.
  [[nodiscard]] Result<void> write(const CaseRecord& before, CaseRecord& after);
  // Writes a case that a test starts from; fails the test where it cannot.
  [[nodiscard]] CaseRecord written_case();
  // The chain of what belongs to no case.
  [[nodiscard]] CaseRecord case_0();

 private:
  Store& store_;
  int salts_ = 0;
};

// A folder that goes with the test.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Runs SQL on the file by a connection of its own, as a stranger with a shell would. Answers SQLite's message; empty: done.
[[nodiscard]] std::string tamper(const std::string& path, const std::string& sql);

}  // namespace redress::tests
