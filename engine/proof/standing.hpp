// A Standing is all that a proof knows of a case between two events: one for each way in which a case can stand, as far as it
// matters.
#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proof/situation.hpp"
#include "statechart/chart.hpp"
#include "workflow/workflow.hpp"

namespace redress::proof {

// Where the drafts of one reply can be, one bit each.
using Drafts = std::uint8_t;
inline constexpr Drafts no_draft = 1U << 0;  // None whose publication is still to come.
inline constexpr Drafts one_draft = 1U << 1;
inline constexpr Drafts some_drafts = 1U << 2;
inline constexpr Drafts earlier_drafts = 1U << 3;  // Of an earlier episode, beside those.

struct Standing {
  std::set<int> active;
  std::map<int, std::vector<int>> history;
  std::vector<Situations> commitments;  // By the workflow's order.
  std::vector<char> earlier;            // Of the commitments: how many may be fulfilled since an earlier episode; 2: some.
  std::vector<Situations> left;  // Of the commitments: begun after an episode was over, where it may be open; 0: nowhere.
  std::vector<char> set;         // Of the data's required fields: surely set.
  std::vector<Drafts> drafted;   // Of the replies whose own events are handled.
  std::vector<char> to_correct;  // Of the replies that another one corrects: surely drafted, and not corrected since.
  std::vector<char> untold;      // Likewise: what they tell may have been fulfilled in an earlier episode without them.
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
