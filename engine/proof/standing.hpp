// A Standing is all that a proof knows of a case between two events: one for each way in which a case can stand, as far as it
// matters.
#pragma once
#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proof/situation.hpp"
#include "statechart/chart.hpp"
#include "workflow/workflow.hpp"

namespace redress::proof {

struct Standing {
  std::set<int> active;
  std::map<int, std::vector<int>> history;
  std::vector<Situations> commitments;  // By the workflow's order.
  std::vector<char> earlier;            // Of the commitments: may have been fulfilled in an earlier episode.
  std::vector<Situations> left;  // Of the commitments: begun after an episode was over, where it may be open; 0: nowhere.
  std::vector<char> set;         // Of the data's required fields: surely set.
  std::vector<char> drafted;     // Of the replies whose own events are handled: may have been drafted in this episode.
  bool told = false;             // A reply was surely drafted in this episode.

  auto operator<=>(const Standing&) const = default;
};

struct StandingHash {
  std::size_t operator()(const Standing& standing) const;
};

// What a path shows that must not be, at one place of the file.
struct Breach {
  std::string rule;
  std::string pointer;
  std::string subject;  // One finding is enough for each rule, pointer and subject: a commitment, an event, a reply.
  std::string message;
  std::string mend;
};

}  // namespace redress::proof
