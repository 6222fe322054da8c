// The words of a picture: what a state does and what it waits for, in short lines.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "redress/workflow.hpp"
#include "workflow/workflow.hpp"

namespace redress::diagram {

// One thing that a state takes.
struct Row {
  std::string when;               // "refund.failed", "after 5 d", "always"; its guard in brackets.
  std::vector<std::string> does;  // "reply refunded".
  std::vector<int> targets;       // Empty: it stays.
  std::string pointer;            // Of the transition.
  bool is_end = false;            // onDone and the like come last.
};

// One state, or the workflow itself.
struct Card {
  std::string name;
  std::string kind;                // "final", "parallel", "history"; empty: none of these.
  std::vector<std::string> facts;  // What it does when it is entered and left, and whom it asks.
  std::vector<Row> rows;
};

[[nodiscard]] std::string in_words(std::int64_t duration_ms);  // "15 min", "2 d 12 h".
[[nodiscard]] Card card_of(const workflow::Workflow& workflow, int state);
[[nodiscard]] std::vector<std::string> heading_of(const workflow::Workflow& workflow);  // Title first.
[[nodiscard]] std::string names_of(const workflow::Workflow& workflow, const std::vector<int>& states);

// What a path touches.
struct Marks {
  std::set<std::string> states;  // Paths, each with all that it lies in.
  std::set<std::string> rules;   // Pointers.

  explicit Marks(std::span<const WorkflowPathStep> path);
};

}  // namespace redress::diagram
