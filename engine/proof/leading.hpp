// Whether a case can still come to something, from wherever it stands.
#pragma once
#include <functional>
#include <vector>

#include "proof/explore.hpp"

namespace redress::proof {

struct Goal {
  std::function<bool(const Place&)> place;
  std::function<bool(const Edge&)> edge;    // To take it is enough.
  std::function<bool(const Edge&)> counts;  // Others are no way.
};

// By place. Of an exploration that joined standings: from each of those that the place is, whatever guards turn out to be.
[[nodiscard]] std::vector<char> leading_to(const Exploration& exploration, const Goal& goal);

// Of an edge that no commitment's own event is: whether its event can come in each standing that the place is.
[[nodiscard]] bool surely_comes(const Exploration& exploration, const Edge& edge);

}  // namespace redress::proof
