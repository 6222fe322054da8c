// Needs are what an expression reads that may not be there yet: fields of the data that nothing has set, commitments that were
// not committed, evidence that nobody gave. What a has() guards is not needed.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "expression/expression.hpp"
#include "workflow/workflow.hpp"

namespace redress::proof {

struct Needs {
  std::set<std::size_t> fields;       // Of the workflow's data, by index into Terms::fields.
  std::set<std::size_t> commitments;  // That must have been committed.
  std::set<std::size_t> evidence;     // That must be there.
  std::set<std::size_t> read;         // Every commitment that is read at all, guarded or not.
  bool reads_configuration = false;   // case.configuration.
  std::set<std::size_t> read_fields;  // Likewise of the data.
  [[nodiscard]] bool empty() const { return fields.empty() && commitments.empty() && evidence.empty(); }
};

// What names mean to a proof: the same for all expressions of one workflow.
class Terms {
 public:
  explicit Terms(const workflow::Workflow& workflow);

  std::vector<std::string> fields;  // Of the data: those that are not optional.

  [[nodiscard]] Needs of(const expression::Expression& expression) const;
  [[nodiscard]] Needs of(const expression::Template& text) const;
  [[nodiscard]] std::size_t commitment(std::string_view name) const;  // npos: there is none.
  [[nodiscard]] std::size_t field(std::string_view name) const;       // Likewise.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  [[nodiscard]] Needs of(const std::vector<std::string>& reads, const std::vector<expression::Finding>& found) const;

  const workflow::Workflow& workflow_;
  expression::Scope doubtful_;  // Data and evidence are optional, so that unguarded reads are findings.
};

}  // namespace redress::proof
