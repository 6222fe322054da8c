// Coverage counts where the scenarios of one workflow came: from the journal's rules, and from what a case has after each step.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "redress/store.hpp"
#include "scenario/inventory.hpp"

namespace redress::scenario {

class Coverage {
 public:
  explicit Coverage(Inventory inventory) : inventory_(std::move(inventory)) {}

  // A new scenario: its case ids begin again.
  void begin();
  // One durable step, and the case after it. `entry` is the journal row's.
  void count(std::string_view entry, const CaseRecord& after);

  [[nodiscard]] const Inventory& inventory() const { return inventory_; }
  [[nodiscard]] WorkflowCoverage result() const;

 private:
  using Key = std::pair<CoverageItem::Kind, std::string>;

  void enter(const std::string& path);
  void count_rules(std::string_view entry);
  void count_configuration(const CaseRow& row);
  void count_outcomes(const CaseRecord& after);
  void count_once(const std::string& seen, CoverageItem::Kind kind, const std::string& name);

  Inventory inventory_;
  std::map<Key, std::int64_t> times_;             // By kind and name; transitions by their pointer.
  std::map<std::string, std::string> last_seen_;  // What a subject of this scenario was like when it was counted last.
};

}  // namespace redress::scenario
