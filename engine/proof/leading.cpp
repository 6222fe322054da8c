// From the goals backwards: what happens at a place leads on once nothing that may become of it is in doubt.
#include "proof/leading.hpp"

#include <algorithm>

namespace redress::proof {
namespace {

// Whoever sends it can send another one.
bool is_chosen(const Happening& happening, bool asks_event) {
  const std::string& event = happening.event;
  return asks_event && (event == "customer.replied" || event.starts_with("manual.") || event.starts_with("post."));
}

}  // namespace

Leading::Leading(const Exploration& exploration, const Goal& goal)
    : exploration_(exploration),
      leads_(exploration.places.size(), 0),
      of_place_(exploration.places.size()),
      into_(exploration.places.size()) {
  for (const Edge& edge : exploration.edges) add(edge, goal);
  for (const Unmoved& unmoved : exploration.unmoved) {
    const auto known = by_key_.find(key_of(unmoved.place, unmoved.happening));
    if (known != by_key_.end() && !is_chosen(unmoved.happening, unmoved.asks_event)) all_[known->second].doubtful += 1;
  }
  for (std::size_t place = 0; place < leads_.size(); ++place)
    if (goal.place(exploration.places[place])) found(place);
  for (std::size_t place = 0; place < leads_.size(); ++place) look_at(place);
  spread();
}

Leading::Key Leading::key_of(std::size_t place, const Happening& happening) {
  return {place, happening.event, happening.state, happening.after, happening.late};
}

void Leading::add(const Edge& edge, const Goal& goal) {
  const auto [at, is_new] = by_key_.emplace(key_of(edge.from, edge.happening), all_.size());
  const std::size_t index = at->second;
  if (is_new) {
    all_.push_back({.edge = &edge});
    of_place_[edge.from].push_back(index);
  }
  if (goal.edge(edge)) {
    all_[index].lead = true;
    return;
  }
  const bool chosen = is_chosen(edge.happening, edge.asks_event);
  if (!chosen) all_[index].doubtful += 1;
  if (goal.counts(edge)) into_[edge.to].push_back({index, chosen});
}

void Leading::found(std::size_t place) {
  if (std::exchange(leads_[place], char{1}) == 0) next_.push_back(place);
}

void Leading::spread() {
  while (!next_.empty()) {
    const std::size_t place = next_.back();
    next_.pop_back();
    for (const Into& into : into_[place]) {
      Outcomes& outcomes = all_[into.outcomes];
      outcomes.lead = true;
      if (!into.is_chosen) outcomes.doubtful -= 1;
      look_at(outcomes.edge->from);
    }
  }
}

void Leading::look_at(std::size_t place) {
  if (leads_[place] != 0) return;
  for (const std::size_t index : of_place_[place]) {
    const Outcomes& outcomes = all_[index];
    if (outcomes.lead && outcomes.doubtful == 0 && surely_comes(place, outcomes.edge->happening)) return found(place);
  }
  const std::vector<Situations> led = led_on(place);
  for (std::size_t which = 0; which < led.size(); ++which)
    if (led[which] != 0 && (exploration_.places[place].standing.commitments[which] & ~led[which]) == 0) return found(place);
}

// Of each commitment: where one of its events can come that leads on.
std::vector<Situations> Leading::led_on(std::size_t place) const {
  const auto& now = exploration_.places[place].standing.commitments;
  std::vector<Situations> led(now.size(), 0);
  for (const std::size_t index : of_place_[place]) {
    const Outcomes& outcomes = all_[index];
    const Happening& happening = outcomes.edge->happening;
    const bool its_own = happening.commitment != Terms::npos && !happening.late && !happening.silent;
    if (its_own && outcomes.lead && outcomes.doubtful == 0)
      led[happening.commitment] |= in_which(now[happening.commitment], happening.event);
  }
  return led;
}

std::pair<std::size_t, Situations> Leading::obstacle(std::size_t place) const {
  const std::vector<Situations> led = led_on(place);
  for (std::size_t which = 0; which < led.size(); ++which)
    if (led[which] != 0) return {which, exploration_.places[place].standing.commitments[which] & ~led[which]};
  return {Terms::npos, 0};
}

// In which of these the event can come.
Situations Leading::in_which(Situations now, const std::string& event) {
  const std::string_view kind = std::string_view(event).substr(event.rfind('.') + 1);
  Situations can = 0;
  for (Situations bits = now; bits != 0; bits &= bits - 1) {
    const Situations one = bits & (~bits + 1);
    if (after_event(with_silent(one), kind, true) != 0) can |= one;
  }
  return can;
}

// What is no commitment's own. A deadline that has passed does not come again, and of a reply only its publication is to be
// expected, once.
bool Leading::surely_comes(std::size_t place, const Happening& happening) const {
  const Standing& here = exploration_.places[place].standing;
  const std::string& event = happening.event;
  if (happening.commitment != Terms::npos || happening.late) return false;
  if (happening.reply != Terms::npos) return event.ends_with(".published") && here.drafted[happening.reply] == one_draft;
  if (happening.state != statechart::nothing) return true;
  if (event == any_event)
    return std::any_of(here.commitments.begin(), here.commitments.end(),
                       [](Situations each) { return each != 0 && (each & ~open) == 0; });
  return !event.starts_with("sla.");
}

}  // namespace redress::proof
