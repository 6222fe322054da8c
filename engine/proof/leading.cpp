// Where standings are joined, a walk through them may be nobody's: a guard may hold in one of them and lead to what is so in
// another. There a place leads on if some event can come in each of its standings, and all that can become of it leads on.
#include "proof/leading.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "workflow/scopes.hpp"

namespace redress::proof {
namespace {

// All that one happening can become at one place.
struct Outcomes {
  std::size_t place = 0;
  const Edge* edge = nullptr;  // The first of them.
  std::size_t doubtful = 0;    // Those that do not lead on, as far as is known.
};

class Sure {
 public:
  Sure(const Exploration& exploration, const Goal& goal) : exploration_(exploration), leads_(exploration.places.size(), 0) {
    of_place_.resize(exploration.places.size());
    into_.resize(exploration.places.size());
    for (const Edge& edge : exploration.edges) add(edge, goal);
    for (const auto& [place, happening] : exploration.unmoved) {
      const auto known = by_key_.find(key_of(place, happening));
      if (known != by_key_.end()) all_[known->second].doubtful += 1;
    }
    for (std::size_t place = 0; place < leads_.size(); ++place)
      if (goal.place(exploration.places[place])) found(place);
    for (std::size_t place = 0; place < leads_.size(); ++place) look_at(place);
    spread();
  }

  [[nodiscard]] std::vector<char> take() { return std::move(leads_); }

 private:
  using Key = std::tuple<std::size_t, std::string, int, std::size_t, bool>;
  static Key key_of(std::size_t place, const Happening& happening) {
    return {place, happening.event, happening.state, happening.after, happening.late};
  }

  void add(const Edge& edge, const Goal& goal) {
    const auto [at, is_new] = by_key_.emplace(key_of(edge.from, edge.happening), all_.size());
    if (is_new) {
      all_.push_back({edge.from, &edge, 0});
      of_place_[edge.from].push_back(at->second);
    }
    if (goal.edge(edge)) return;
    all_[at->second].doubtful += 1;
    if (goal.counts(edge)) into_[edge.to].push_back(at->second);
  }

  void found(std::size_t place) {
    if (std::exchange(leads_[place], char{1}) == 0) next_.push_back(place);
  }

  void spread() {
    while (!next_.empty()) {
      const std::size_t place = next_.back();
      next_.pop_back();
      for (const std::size_t outcomes : into_[place])
        if (--all_[outcomes].doubtful == 0) look_at(all_[outcomes].place);
    }
  }

  void look_at(std::size_t place) {
    if (leads_[place] != 0) return;
    std::vector<Situations> led_on(exploration_.places[place].standing.commitments.size(), 0);
    for (const std::size_t index : of_place_[place]) {
      const Outcomes& outcomes = all_[index];
      if (outcomes.doubtful != 0) continue;
      const Happening& happening = outcomes.edge->happening;
      if (happening.commitment == Terms::npos) {
        if (surely_comes(exploration_, *outcomes.edge)) return found(place);
      } else if (!happening.late && !happening.silent) {
        const Situations now = exploration_.places[place].standing.commitments[happening.commitment];
        led_on[happening.commitment] |= in_which(now, happening.event);
      }
    }
    for (std::size_t which = 0; which < led_on.size(); ++which)
      if (led_on[which] != 0 && (exploration_.places[place].standing.commitments[which] & ~led_on[which]) == 0)
        return found(place);
  }

  // In which of these the event can come.
  static Situations in_which(Situations now, const std::string& event) {
    const std::string_view kind = std::string_view(event).substr(event.rfind('.') + 1);
    Situations can = 0;
    for (Situations bits = now; bits != 0; bits &= bits - 1) {
      const Situations one = bits & (~bits + 1);
      if (after_event(with_silent(one), kind, true) != 0) can |= one;
    }
    return can;
  }

  const Exploration& exploration_;
  std::vector<char> leads_;
  std::vector<Outcomes> all_;
  std::vector<std::vector<std::size_t>> of_place_, into_;  // By place, indices into all_.
  std::map<Key, std::size_t> by_key_;
  std::vector<std::size_t> next_;
};

}  // namespace

bool surely_comes(const Exploration& exploration, const Edge& edge) {
  const Happening& happening = edge.happening;
  if (happening.commitment != Terms::npos || happening.late) return false;
  if (happening.state != statechart::nothing) return true;
  const std::string& event = happening.event;
  if (event == any_event) {
    const auto& now = exploration.places[edge.from].standing.commitments;
    return std::any_of(now.begin(), now.end(), [](Situations each) { return each != 0 && (each & ~open) == 0; });
  }
  // Of a reply that may have been drafted nothing is sure.
  return event == "customer.replied" || event == "reopen" || event == "case.opened" || event.starts_with("manual.") ||
         event.starts_with("post.") || event.starts_with("sla.");
}

std::vector<char> leading_to(const Exploration& exploration, const Goal& goal) {
  if (exploration.precision() == Precision::joined) return Sure(exploration, goal).take();
  std::vector<std::size_t> goals;
  for (std::size_t place = 0; place < exploration.places.size(); ++place)
    if (goal.place(exploration.places[place])) goals.push_back(place);
  for (const Edge& edge : exploration.edges)
    if (goal.edge(edge)) goals.push_back(edge.from);
  return exploration.graph(goal.counts).leading_to(goals);
}

}  // namespace redress::proof
