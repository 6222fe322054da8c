// Whether the deadlines of the sla can be kept at all, where every department takes all the time that it has.
#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "proof/analyses.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

using workflow::in_quotes;

// The latest moment at which a case can be somewhere, counted from the episode's begin, without its pauses.
struct Latest {
  std::int64_t at_ms = 0;
  std::vector<std::int64_t> due_ms;       // Of each commitment that may be open.
  std::vector<std::int64_t> reviewed_ms;  // Of each reply that may wait for its review.
  std::size_t by = Terms::npos;           // The edge that makes it so late.
  std::size_t steps = 0;                  // On the way there.
  bool known = false;
};

constexpr std::int64_t never_ms = 100'000'000'000'000'000;

// The worst of all that come too late.
struct Late {
  std::int64_t at_ms = 0;
  std::size_t steps = 0;
  std::size_t edge = Terms::npos;
  std::size_t reply = Terms::npos;
};

class Times {
 public:
  Times(const workflow::Workflow& workflow, Exploration& exploration) : workflow_(workflow), exploration_(exploration) {}

  void look() {
    latest_.assign(exploration_.places.size(), begin());
    latest_[0].known = true;
    rank();
    for (std::size_t edge = 0; edge < exploration_.edges.size(); ++edge)
      if (exploration_.edges[edge].new_episode) follow(edge);
    std::vector<char> stayed(latest_.size(), 0);
    const auto stay_once = [&](std::size_t place) {
      if (std::exchange(stayed[place], char{1}) == 0) stay(place);
    };
    for (const Arc& arc : exploration_.graph([this](const Edge& edge) { return counts(edge); }).in_order()) {
      stay_once(arc.from);
      follow(arc.edge);
    }
    for (std::size_t place = 0; place < latest_.size(); ++place) stay_once(place);
    if (workflow_.first_reply)
      say(first_, "late_first_reply", workflow_.first_reply->within_ms, "/sla/first_reply/within", "first",
          "Reply before that work is asked for, or promise less.");
    if (workflow_.resolution)
      say(last_, "late_resolution", workflow_.resolution->within_ms, "/sla/resolution/within", "last",
          "Give less time on this path (\"due\" of its commitments, \"within\" of its reviews), or promise less.");
  }

 private:
  // Places of one configuration have the rank of the first that was found.
  void rank() {
    std::map<std::set<int>, std::size_t> ranks;
    std::vector<Arc> arcs;
    for (std::size_t place = 0; place < exploration_.places.size(); ++place)
      rank_.push_back(ranks.emplace(exploration_.places[place].standing.active, place).first->second);
    staying_.resize(exploration_.places.size());
    for (std::size_t index = 0; index < exploration_.edges.size(); ++index) {
      const Edge& edge = exploration_.edges[index];
      if (is_another_matter(edge)) continue;
      arcs.push_back({rank_[edge.from], rank_[edge.to]});
      if (edge.from == edge.to && exploration_.precision() == Precision::joined) staying_[edge.from].push_back(index);
    }
    component_ = Graph(exploration_.places.size(), std::move(arcs)).components();
  }

  // What is revoked may be so years later.
  static bool is_another_matter(const Edge& edge) { return edge.new_episode || edge.happening.event.ends_with(".revoked"); }

  // What goes back to where the case was nearer to its beginning is another round, and does not count.
  [[nodiscard]] bool counts(const Edge& edge) const {
    if (is_another_matter(edge)) return false;
    const std::size_t from = rank_[edge.from], to = rank_[edge.to];
    if (from == to) return edge.from < edge.to && !asks_again(edge);
    return component_[from] != component_[to] || from < to;
  }

  [[nodiscard]] bool asks_again(const Edge& edge) const {
    const Standing& before = exploration_.places[edge.from].standing;
    return std::any_of(edge.commits.begin(), edge.commits.end(),
                       [&](std::size_t which) { return (before.commitments[which] & not_here) == 0; });
  }

  [[nodiscard]] bool is_paused(const Edge& edge) const {
    if (!workflow_.resolution) return false;
    const std::set<int>& active = exploration_.places[edge.from].standing.active;
    const auto& pauses = workflow_.resolution->pause_in;
    return std::any_of(pauses.begin(), pauses.end(), [&](int state) { return active.contains(state); });
  }

  [[nodiscard]] Latest begin() const {
    Latest latest;
    latest.due_ms.assign(workflow_.commitments.size(), 0);
    latest.reviewed_ms.assign(workflow_.replies.size(), 0);
    return latest;
  }

  // When the event comes at the latest. A person and a customer come when they come: they count for nothing.
  [[nodiscard]] std::int64_t at(const Edge& edge, const Latest& before) const {
    const Happening& happening = edge.happening;
    if (is_paused(edge)) return before.at_ms;
    if (happening.state != statechart::nothing)
      return before.at_ms + workflow_.state(happening.state).after[happening.after].delay_ms;
    if (happening.reply != Terms::npos) return std::max(before.at_ms, before.reviewed_ms[happening.reply]);
    if (happening.commitment == Terms::npos) return before.at_ms;
    const bool open_before = (exploration_.places[edge.from].standing.commitments[happening.commitment] & open & ~undoing) != 0;
    return open_before ? std::max(before.at_ms, before.due_ms[happening.commitment]) : before.at_ms;
  }

  [[nodiscard]] std::int64_t review_of(std::size_t reply) const {
    const auto& review = workflow_.replies[reply].review;
    return review ? review->within_ms : 0;
  }

  void follow(std::size_t index) {
    const Edge& edge = exploration_.edges[index];
    if (!edge.new_episode && !latest_[edge.from].known) return;
    Latest after = edge.new_episode ? begin() : latest_[edge.from];
    if (!edge.new_episode) after.at_ms = at(edge, latest_[edge.from]);
    for (const std::size_t which : edge.commits) after.due_ms[which] = after.at_ms + workflow_.commitments[which].due_ms;
    for (const std::size_t reply : edge.drafts) after.reviewed_ms[reply] = after.at_ms + review_of(reply);
    compare(index, after.at_ms);
    Latest& to = latest_[edge.to];
    after.steps += 1;
    if (!to.known || after.at_ms > to.at_ms || (after.at_ms == to.at_ms && after.steps < to.steps)) {
      to.at_ms = after.at_ms;
      to.by = index;
      to.steps = after.steps;
    }
    to.known = true;
    for (std::size_t i = 0; i < to.due_ms.size(); ++i) to.due_ms[i] = std::max(to.due_ms[i], after.due_ms[i]);
    for (std::size_t i = 0; i < to.reviewed_ms.size(); ++i)
      to.reviewed_ms[i] = std::max(to.reviewed_ms[i], after.reviewed_ms[i]);
  }

  // Much may come before a joined place is left: each timer once, all the rest as often as that makes it later. Where that has
  // no end, it is as late as can be.
  void stay(std::size_t place) {
    Latest& here = latest_[place];
    if (!here.known) return;
    std::vector<std::size_t> staying;
    for (const std::size_t index : staying_[place])
      if (!asks_again(exploration_.edges[index])) staying.push_back(index);
    const Latest entered = here;
    std::size_t rounds = 0;
    for (bool later = true; later; ++rounds) {
      later = false;
      for (const std::size_t index : staying) {
        const Edge& edge = exploration_.edges[index];
        const bool is_timer = edge.happening.state != statechart::nothing;
        std::int64_t at_ms = is_timer ? std::max(here.at_ms, at(edge, entered)) : at(edge, here);
        if (rounds > workflow_.commitments.size()) at_ms = never_ms;
        later = later || at_ms > here.at_ms;
        here.at_ms = std::max(here.at_ms, at_ms);
        for (const std::size_t which : edge.commits) {
          const std::int64_t due_ms = std::min(at_ms + workflow_.commitments[which].due_ms, never_ms);
          later = later || due_ms > here.due_ms[which];
          here.due_ms[which] = std::max(here.due_ms[which], due_ms);
        }
        for (const std::size_t reply : edge.drafts) {
          const std::int64_t reviewed_ms = std::min(at_ms + review_of(reply), never_ms);
          later = later || reviewed_ms > here.reviewed_ms[reply];
          here.reviewed_ms[reply] = std::max(here.reviewed_ms[reply], reviewed_ms);
        }
      }
    }
    for (const std::size_t index : staying) compare(index, here.at_ms);
  }

  void compare(std::size_t index, std::int64_t at_ms) {
    const Edge& edge = exploration_.edges[index];
    const bool first = edge.first != Terms::npos && (edge.new_episode || !exploration_.places[edge.from].standing.told);
    const std::size_t steps = edge.new_episode ? 0 : latest_[edge.from].steps;
    if (first && workflow_.first_reply)
      compare(first_, workflow_.first_reply->within_ms, {at_ms + review_of(edge.first), steps, index, edge.first});
    if (edge.closing != Terms::npos && workflow_.resolution)
      compare(last_, workflow_.resolution->within_ms, {at_ms + review_of(edge.closing), steps, index, edge.closing});
  }

  static void compare(Late& worst, std::int64_t within_ms, const Late& other) {
    if (other.at_ms <= within_ms) return;
    if (other.at_ms > worst.at_ms || (other.at_ms == worst.at_ms && other.steps < worst.steps)) worst = other;
  }

  void say(const Late& late, const char* rule, std::int64_t within_ms, const char* pointer, const char* which,
           const char* mend) {
    if (late.edge == Terms::npos) return;
    std::vector<std::size_t> back = {late.edge};
    const auto source = [&] { return exploration_.edges[back.back()].from; };
    while (!exploration_.edges[back.back()].new_episode && latest_[source()].by != Terms::npos)
      back.push_back(latest_[source()].by);
    Path path = exploration_.path_to(source());
    std::reverse(back.begin(), back.end());
    const Path rest = exploration_.along(back);
    path.insert(path.end(), rest.begin(), rest.end());
    const std::string goes_out = late.at_ms < never_ms
                                     ? "goes out " + base::format_duration(late.at_ms) + " after the beginning"
                                     : "may go out at any time";
    exploration_.add({rule, pointer, "",
                      "where every department and reviewer takes all the time that they have, the " + std::string(which) +
                          " reply, " + in_quotes(workflow_.replies[late.reply].name) + ", " + goes_out + ", and " +
                          base::format_duration(within_ms) + " is promised",
                      mend},
                     std::move(path));
  }

  const workflow::Workflow& workflow_;
  Exploration& exploration_;
  std::vector<Latest> latest_;
  std::vector<std::size_t> rank_, component_;
  std::vector<std::vector<std::size_t>> staying_;  // By joined place: the edges that do not leave it.
  Late first_, last_;
};

}  // namespace

void look_for_late_replies(const workflow::Workflow& workflow, Exploration& exploration) {
  if (workflow.first_reply || workflow.resolution) Times(workflow, exploration).look();
}

}  // namespace redress::proof
