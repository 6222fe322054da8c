// Checking workflow files, as `redress check` does: all findings at once, before anything goes live.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/result.hpp"

namespace redress {

// One event on a path through the workflow.
struct WorkflowPathStep {
  std::string event;                       // "case.opened", "refund.failed", "after P5D in asking".
  std::vector<std::string> configuration;  // Paths of the innermost active states, afterwards.
  std::vector<std::string> rules;          // RFC 6901 pointers of the transitions taken.
  int line = 0, column = 0;                // Of the first of them, as in WorkflowFinding; 0: none was taken.
};

struct WorkflowFinding {
  std::string file;
  int line = 0, column = 0;  // From 1; columns in bytes.
  std::string pointer;       // RFC 6901, into the file.
  std::string rule;          // A short stable name: "duplicate_key", "unknown_state", "type", ...
  std::string severity;      // "error"; "unproved": could not be shown to hold, and does not pass; "warning".
  std::string message;       // What is wrong.
  std::string mend;          // How to mend it.
  // How a case comes to where it goes wrong, from its opening on; empty: it is wrong as it stands.
  std::vector<WorkflowPathStep> path;
};

// The texts of a channels file and of a brand file. Empty: the channels that Redress comes with; no brand.
struct Wording {
  std::string channels{};
  std::string brand{};
};

// `manifests` are the JSON manifests of the departments that the workflow may use (read_manifest, Department::manifest).
// Empty: it can go live. `file` is only for the findings. A `wording` that is not in order itself is one of them.
[[nodiscard]] REDRESS_API std::vector<WorkflowFinding> check_workflow(std::string_view text, std::string_view file,
                                                                      std::span<const std::string> manifests,
                                                                      const Wording& wording = {});

}  // namespace redress
