// Work that is asked for again and again, or replies that are drafted again and again, while nobody and no time is waited for.
#include "proof/analyses.hpp"
#include "workflow/names.hpp"

namespace redress::proof {
namespace {

constexpr std::int64_t long_enough_ms = 60'000;

// A person, a post, a timer of a minute or more. A department's answer is no waiting: it may come at once.
bool waits(const workflow::Workflow& workflow, const Happening& happening) {
  const std::string& event = happening.event;
  if (happening.state != statechart::nothing)
    return workflow.state(happening.state).after[happening.after].delay_ms >= long_enough_ms;
  for (const std::string_view begin : {"manual.", "post.", "sla."})
    if (event.starts_with(begin)) return true;
  if (happening.commitment != Terms::npos && (event.ends_with(".overdue") || event.ends_with(".at_risk"))) {
    const std::int64_t due_ms = workflow.commitments[happening.commitment].due_ms;
    return (event.ends_with(".overdue") ? due_ms : due_ms / 4 * 3) >= long_enough_ms;
  }
  for (const std::string_view end : {".unknown", ".progress", ".revoked", ".refused"})
    if (event.ends_with(end)) return true;
  return event == "customer.replied" || event == "reopen" || event == "case.opened";
}

}  // namespace

void look_for_loops(const workflow::Workflow& workflow, Exploration& exploration) {
  const auto counts = [&](const Edge& edge) { return !waits(workflow, edge.happening); };
  const Graph graph = exploration.graph(counts);
  const std::vector<std::size_t> component = graph.components();
  for (std::size_t index = 0; index < exploration.edges.size(); ++index) {
    const Edge& edge = exploration.edges[index];
    const bool works = !edge.commits.empty() || !edge.drafts.empty();
    if (!works || !counts(edge) || component[edge.from] != component[edge.to] || edge.rules.empty()) continue;
    Path path = exploration.path_to(edge.from);
    std::vector<std::size_t> round = {index};
    for (const Arc& arc : graph.walk(edge.to, edge.from)) round.push_back(arc.edge);
    std::string events;
    for (const workflow::PathStep& step : exploration.along(round)) {
      events += (events.empty() ? "" : ", ") + step.event;
      path.push_back(step);
    }
    const std::string what =
        edge.commits.empty() ? "the reply " + workflow::in_quotes(workflow.replies[edge.drafts.front()].name) + " is drafted"
                             : workflow::in_quotes(workflow.commitments[*edge.commits.begin()].name) + " is committed";
    exploration.add({"loop", edge.rules.front(), "", what + " again and again, with nothing to wait for in between: " + events,
                     "Wait for a person (\"manual\"), a post or a minute (\"after\") on the way round."},
                    std::move(path));
    return;  // The others are most often the same round, entered elsewhere.
  }
}

}  // namespace redress::proof
