// Without recursion: a workflow may have thousands of places in a row.
#include "proof/graph.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace redress::proof {
namespace {
constexpr std::size_t none = static_cast<std::size_t>(-1);
}  // namespace

Graph::Graph(std::size_t places, std::vector<Arc> arcs)
    : places_(places), arcs_(std::move(arcs)), from_(places), into_(places) {
  for (std::size_t i = 0; i < arcs_.size(); ++i) {
    from_[arcs_[i].from].push_back(i);
    into_[arcs_[i].to].push_back(i);
  }
}

std::vector<std::size_t> Graph::finished() const {
  std::vector<std::size_t> order;
  std::vector<char> seen(places_, 0);
  std::vector<std::pair<std::size_t, std::size_t>> stack;  // A place, and how many of its arcs were followed.
  for (std::size_t begin = 0; begin < places_; ++begin) {
    if (seen[begin] != 0) continue;
    seen[begin] = 1;
    stack.emplace_back(begin, 0);
    while (!stack.empty()) {
      auto& [place, followed] = stack.back();
      if (followed == from_[place].size()) {
        order.push_back(place);
        stack.pop_back();
        continue;
      }
      const std::size_t to = arcs_[from_[place][followed++]].to;
      if (seen[to] != 0) continue;
      seen[to] = 1;
      stack.emplace_back(to, 0);
    }
  }
  return order;
}

// Kosaraju: against the arcs, from the last that was finished on.
std::vector<std::size_t> Graph::components() const {
  const std::vector<std::size_t> order = finished();
  std::vector<std::size_t> component(places_, none);
  for (auto root = order.rbegin(); root != order.rend(); ++root) {
    if (component[*root] != none) continue;
    std::vector<std::size_t> next = {*root};
    component[*root] = *root;
    while (!next.empty()) {
      const std::size_t place = next.back();
      next.pop_back();
      for (const std::size_t arc : into_[place]) {
        const std::size_t before = arcs_[arc].from;
        if (component[before] != none) continue;
        component[before] = *root;
        next.push_back(before);
      }
    }
  }
  return component;
}

std::vector<Arc> Graph::in_order() const {
  const std::vector<std::size_t> order = finished();
  std::vector<Arc> ordered;
  for (auto place = order.rbegin(); place != order.rend(); ++place)
    for (const std::size_t arc : from_[*place]) ordered.push_back(arcs_[arc]);
  return ordered;
}

std::vector<Arc> Graph::walk(std::size_t from, std::size_t to) const {
  std::vector<std::size_t> by(places_, none);
  std::deque<std::size_t> next = {from};
  while (!next.empty() && by[to] == none) {
    const std::size_t place = next.front();
    next.pop_front();
    for (const std::size_t arc : from_[place]) {
      const std::size_t beyond = arcs_[arc].to;
      if (beyond == from || by[beyond] != none) continue;
      by[beyond] = arc;
      next.push_back(beyond);
    }
  }
  std::vector<Arc> walked;
  for (std::size_t place = to; place != from && by[place] != none; place = walked.back().from)
    walked.push_back(arcs_[by[place]]);
  std::reverse(walked.begin(), walked.end());
  return walked;
}

std::vector<char> Graph::leading_to(const std::vector<std::size_t>& ends) const {
  std::vector<char> leads(places_, 0);
  std::vector<std::size_t> next = ends;
  for (const std::size_t end : ends) leads[end] = 1;
  while (!next.empty()) {
    const std::size_t place = next.back();
    next.pop_back();
    for (const std::size_t arc : into_[place]) {
      const std::size_t before = arcs_[arc].from;
      if (leads[before] != 0) continue;
      leads[before] = 1;
      next.push_back(before);
    }
  }
  return leads;
}

}  // namespace redress::proof
