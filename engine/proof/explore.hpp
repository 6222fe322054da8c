// An Exploration is every standing that a case can come to, and every turn between them.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "proof/graph.hpp"
#include "proof/reaction.hpp"
#include "proof/relevance.hpp"

namespace redress::proof {

// How a case gets from one standing to another.
struct Edge {
  std::size_t from = 0, to = 0;
  Happening happening;
  std::vector<std::string> rules;
  std::set<std::size_t> commits;
  std::vector<std::size_t> drafts;
  std::size_t first = Terms::npos;  // Of those the first that surely is.
  std::size_t closing = Terms::npos;
  bool new_episode = false;
  bool broken = false;      // An error was found on it.
  bool asks_event = false;  // A guard that could go either way read the event.
};

// What may come at a place, and change nothing.
struct Unmoved {
  std::size_t place = 0;
  Happening happening;
  bool asks_event = false;
};

struct Place {
  Standing standing;
  std::size_t reached_by = Terms::npos;  // The edge by which it was found first: a shortest path. None: where it begins.
  bool ended = false;
  bool wide = false;    // Only workflow-wide targets lead here.
  bool broken = false;  // It was found behind an error: what is only a warning here may be no more than what that leads to.
};

using Path = std::vector<workflow::PathStep>;

struct Found {
  Breach breach;
  workflow::Severity severity = workflow::Severity::error;
  Path path;
};

enum class Precision {
  each,    // Every standing for itself: what is found is so, as far as guards can turn out either way.
  joined,  // Those of one configuration and phase of each work are one, which is all of them at once: what is found may not be
           // so.
};

class Exploration {
 public:
  Exploration(const workflow::Workflow& workflow, const Reactions& reactions, Precision precision, std::size_t places_max);

  std::vector<Place> places;  // The first is before the case opens.
  std::vector<Edge> edges;
  std::set<int> entered;  // States that a case comes to.
  std::vector<Found> found;
  std::vector<Unmoved> unmoved;
  bool complete = true;  // False: there was no end of it.

  [[nodiscard]] Path path_to(std::size_t place) const;
  [[nodiscard]] Path along(const std::vector<std::size_t>& some_edges) const;
  [[nodiscard]] Precision precision() const { return precision_; }
  // One for each rule, pointer and subject: the first.
  void add(Breach breach, Path path, workflow::Severity severity = workflow::Severity::error);
  // Of the edges that `counts` is true for.
  [[nodiscard]] Graph graph(const std::function<bool(const Edge&)>& counts) const;
  [[nodiscard]] const workflow::State& innermost(std::size_t place) const;  // The first of those that are active.

 private:
  static constexpr std::size_t turns_for_each_place = 20;  // At most, on average.

  static std::string key_of(const Breach& breach);
  void run();
  void look_at(std::size_t place);
  void look_at_outcomes(std::size_t place);
  [[nodiscard]] bool may_come_late(std::size_t place, std::size_t which, std::string_view kind) const;
  void look_at_the_rest(std::size_t place);
  void happen(std::size_t place, const Happening& happening);
  void take(std::size_t place, const Happening& happening, Turn&& turn);
  [[nodiscard]] bool passes(const Standing& standing, const std::vector<Situations>& found_out) const;
  std::optional<workflow::Severity> not_taken(std::size_t place, const Happening& happening, bool guarded);
  void lead(Edge&& edge, Standing&& standing);
  [[nodiscard]] std::size_t find_or_add(Standing&& standing, std::size_t edge, bool broken);
  [[nodiscard]] workflow::PathStep step(const Happening& happening, const std::set<int>& active,
                                        const std::vector<std::string>& rules) const;
  void close(Standing& standing) const;
  void learn_events();

  const workflow::Workflow& workflow_;
  const Reactions& reactions_;
  Precision precision_;
  std::size_t places_max_;
  Relevance relevance_;
  std::unordered_map<Standing, std::size_t, StandingHash> known_;
  std::deque<std::size_t> open_;
  std::vector<char> waits_;                       // Of the places: it is among open_.
  std::vector<std::pair<Edge, Standing>> later_;  // Turns by workflow-wide targets: first all that comes without them.
  bool wide_ = false;                             // They are being followed.
  std::size_t turns_ = 0;
  std::set<std::string> reported_;
  std::set<std::tuple<std::size_t, std::size_t, std::string, std::size_t, std::vector<std::string>, std::vector<std::size_t>,
                      std::set<std::size_t>>>
      seen_;                         // Edges.
  std::vector<std::string> others_;  // Events of replies, posts, deadlines that something handles.
};

}  // namespace redress::proof
