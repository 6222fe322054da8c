// Whether a case can still come to something, from wherever it stands.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "proof/explore.hpp"

namespace redress::proof {

struct Goal {
  std::function<bool(const Place&)> place;
  std::function<bool(const Edge&)> edge;    // To take it is enough.
  std::function<bool(const Edge&)> counts;  // Others are no way.
};

// A standing is several ones at once (work may be asked for or cancelled), so that a walk from standing to standing may be
// nobody's. A place leads on if in each of those some event can come, and all that can become of it leads on: guards, approvals
// and departments decide against us; a person chooses what they send, and whatever comes at all may come in time.
class Leading {
 public:
  Leading(const Exploration& exploration, const Goal& goal);

  [[nodiscard]] bool leads(std::size_t place) const { return leads_[place] != 0; }
  // Of a place that does not: the commitment whose events lead on, and where it must not be so that they can come.
  [[nodiscard]] std::pair<std::size_t, Situations> obstacle(std::size_t place) const;

 private:
  // All that one happening can become at one place.
  struct Outcomes {
    const Edge* edge = nullptr;  // The first of them.
    std::size_t doubtful = 0;    // Those that do not lead on, as far as is known, and that nobody can choose not to take.
    bool lead = false;           // Some of them.
  };
  struct Into {
    std::size_t outcomes = 0;
    bool is_chosen = false;
  };
  using Key = std::tuple<std::size_t, std::string, int, std::size_t, bool>;

  static Key key_of(std::size_t place, const Happening& happening);
  static Situations in_which(Situations now, const std::string& event);
  void add(const Edge& edge, const Goal& goal);
  void found(std::size_t place);
  void spread();
  void look_at(std::size_t place);
  [[nodiscard]] std::vector<Situations> led_on(std::size_t place) const;
  [[nodiscard]] bool surely_comes(std::size_t place, const Happening& happening) const;

  const Exploration& exploration_;
  std::vector<char> leads_;
  std::vector<Outcomes> all_;
  std::vector<std::vector<std::size_t>> of_place_;  // By place, indices into all_.
  std::vector<std::vector<Into>> into_;             // By place: what leads there.
  std::map<Key, std::size_t> by_key_;
  std::vector<std::size_t> next_;
};

}  // namespace redress::proof
