// A Stage is where one scenario runs: the production engine over a memory store, a clock that the script moves, and a cast.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>

#include "redress/clock.hpp"
#include "redress/engine.hpp"
#include "redress/reading.hpp"
#include "scenario/cast.hpp"
#include "scenario/coverage.hpp"
#include "scenario/script.hpp"

namespace redress::scenario {

// What is not as the script says, without its place.
struct Failed {
  std::vector<std::string> expected, found;
};

class Stage {
 public:
  // The coverage outlives the stage.
  Stage(std::int64_t start_ms, Coverage& coverage);
  [[nodiscard]] Result<void> open(const std::string& workflow, std::span<const std::string> manifests, const Wording& wording);

  // Does all that is due now, the words of departments that come by themselves included.
  [[nodiscard]] Result<void> settle();
  // Time passes; each thing is done at its own instant.
  [[nodiscard]] Result<void> pass_until(std::int64_t until_ms);

  // The case of the post at hand. `not_found` says what became of that post instead.
  [[nodiscard]] Result<CaseRecord> load_case_at_hand() const;
  [[nodiscard]] std::string reference_at_hand() const;  // Empty: there is none.

  [[nodiscard]] Engine& engine() const { return *engine_; }
  [[nodiscard]] Store& store() const { return *store_; }
  [[nodiscard]] Cast& cast() { return cast_; }
  [[nodiscard]] const Inventory& inventory() const { return coverage_.inventory(); }
  [[nodiscard]] std::int64_t now_ms() const { return clock_->now_ms(); }

  std::map<std::string, Post> posts;        // By their names in the script.
  std::string post_at_hand;                 // The one that was named last.
  std::set<std::int64_t> replies_expected;  // Published ones that the script has spoken of.

 private:
  [[nodiscard]] std::string name_of(std::string_view case_reference, std::int64_t commitment_id) const;

  std::shared_ptr<Store> store_ = make_memory_store();
  std::shared_ptr<VirtualClock> clock_;
  Coverage& coverage_;
  Cast cast_;
  std::unique_ptr<Engine> engine_;  // Gone first.
};

// Does what a step says. Nothing: it is as the script says.
[[nodiscard]] std::optional<Failed> perform(const Step& step, Stage& stage);
// How many expectations hold is counted in `met`.
[[nodiscard]] std::optional<Failed> check(const ExpectStep& step, Stage& stage, int& met);

// The latest instance of the name, or that one; nullptr: there is none.
[[nodiscard]] const CommitmentRow* find_commitment(const CaseRecord& record, std::string_view name, std::int64_t instance = 0);
[[nodiscard]] const ReplyRow* find_reply(const CaseRecord& record, std::string_view name);

}  // namespace redress::scenario
