// Graphs of numbered places, and arcs from one to another.
#pragma once
#include <cstddef>
#include <vector>

namespace redress::proof {

struct Arc {
  std::size_t from = 0, to = 0;
  std::size_t edge = 0;  // The caller's own number of it.
};

class Graph {
 public:
  Graph(std::size_t places, std::vector<Arc> arcs);

  // By place, its strongly connected component: two places of one component lead to each other.
  [[nodiscard]] std::vector<std::size_t> components() const;
  // The arcs of a graph without rounds, sources before targets.
  [[nodiscard]] std::vector<Arc> in_order() const;
  // The arcs of a shortest walk; empty: there is none, or from is to.
  [[nodiscard]] std::vector<Arc> walk(std::size_t from, std::size_t to) const;
  // By place: whether one of `ends` can be reached from it.
  [[nodiscard]] std::vector<char> leading_to(const std::vector<std::size_t>& ends) const;

 private:
  [[nodiscard]] std::vector<std::size_t> finished() const;  // Depth first: each after all that it leads to.

  std::size_t places_;
  std::vector<Arc> arcs_;
  std::vector<std::vector<std::size_t>> from_, into_;  // Arcs, by place.
};

}  // namespace redress::proof
