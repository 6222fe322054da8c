// What && || and ! join is asked for part by part, and only parts in all the ways in which what they read can stand.
#include "proof/guards.hpp"

#include <algorithm>
#include <utility>

namespace redress::proof {

using Kind = expression::Expression::Logic::Kind;

namespace {

constexpr std::size_t worlds_max = 256;

// What is known of a commitment in one situation: its state, and whether there is evidence. Of that not what it holds: two
// that differ, and whoever reads into them gets an error.
void add_known(std::vector<expression::Value>& values, Situations one) {
  if ((one & not_here) != 0) values.emplace_back(expression::Map{});
  for (const std::string& state : state_texts(one)) {
    if ((one & with_evidence) == 0) {
      values.emplace_back(expression::Map{{"state", state}});
      continue;
    }
    values.emplace_back(expression::Map{{"state", state}, {"evidence", expression::Map{}}});
    values.emplace_back(expression::Map{{"state", state}, {"evidence", expression::Map{{"", true}}}});
  }
}

// has(x.evidence.y) must not be answered by what is left out above.
bool is_known(const std::vector<std::string>& reads, const std::string& name, Situations one) {
  if ((one & not_here) != 0) return true;
  const bool bare = (one & with_evidence) == 0;
  return std::none_of(reads.begin(), reads.end(), [&](const std::string& path) {
    if (path != name && !path.starts_with(name + ".")) return false;
    const bool into_evidence = path.starts_with(name + ".evidence.");
    return path != name + ".state" && path != name + ".evidence" && !(bare && into_evidence);
  });
}

}  // namespace

void Guards::learn(const expression::Expression& guard) { conditions_.emplace(&guard, condition(guard)); }

Guards::Condition Guards::condition(const expression::Expression& expression) const {
  const Needs needs = terms_.of(expression);
  Condition made{.expression = expression,
                 .kind = Kind::none,
                 .parts = {},
                 .reads = expression.reads(),
                 .commitments = {needs.read.begin(), needs.read.end()},
                 .reads_configuration = needs.reads_configuration};
  made.reads_data = std::any_of(made.reads.begin(), made.reads.end(), [](const std::string& path) {
    return (path == "case" || path.starts_with("case.")) && path != "case.configuration";
  });
  const auto logic = expression.logic();
  made.kind = logic.kind;
  std::set<std::size_t> seen;
  for (const expression::Expression& part : logic.parts) {
    made.parts.push_back(condition(part));
    for (const std::size_t which : made.parts.back().commitments)
      made.correlated = !seen.insert(which).second || made.correlated;
  }
  return made;
}

std::optional<bool> Guards::surely(const expression::Expression& guard, const std::vector<Situations>& situations,
                                   const std::set<int>& active, Data data) const {
  const auto found = conditions_.find(&guard);
  if (found == conditions_.end()) return std::nullopt;
  return surely(found->second, {situations, active, data});
}

std::size_t Guards::only_field(const expression::Expression& guard) const {
  std::set<std::string> read;
  for (const std::string& path : guard.reads())
    if ((path == "case" || path.starts_with("case.")) && path != "case.configuration") read.insert(path);
  return read.size() == 1 && *read.begin() != "case" ? terms_.field(read.begin()->substr(5)) : Terms::npos;
}

std::optional<std::vector<bool>> Guards::answers_about(std::size_t which, Situations one) const {
  std::vector<bool> answers;
  for (const auto& [guard, condition] : conditions_)
    if (!add_answers(answers, condition, which, one)) return std::nullopt;
  return answers;
}

bool Guards::add_answers(std::vector<bool>& answers, const Condition& condition, std::size_t which, Situations one) const {
  const auto& reads = condition.commitments;
  if (std::find(reads.begin(), reads.end(), which) == reads.end()) return true;
  if (condition.kind != Kind::none)
    return std::all_of(condition.parts.begin(), condition.parts.end(),
                       [&](const Condition& part) { return add_answers(answers, part, which, one); });
  if (reads.size() > 1 || condition.reads_data || condition.reads_configuration) return false;
  std::vector<Situations> situations(workflow_.commitments.size(), absent);
  situations[which] = one;
  const std::set<int> nowhere;
  const auto sure = surely(condition, {situations, nowhere, Data::any});
  answers.push_back(sure.value_or(false));
  return sure.has_value();
}

// The same question comes again and again.
std::optional<bool> Guards::surely(const Condition& condition, const Where& where) const {
  Question question{&condition, {}, {}, where.data};
  for (const std::size_t which : condition.commitments) question.situations.push_back(where.situations[which]);
  if (condition.reads_configuration) question.active = where.active;
  const auto [known, is_new] = answers_.try_emplace(std::move(question));
  if (is_new) known->second = answer(condition, where);
  return known->second;
}

std::optional<bool> Guards::answer(const Condition& condition, const Where& where) const {
  if (condition.kind == Kind::none) return in_every_world(condition, where);
  const auto sure = of_parts(condition, where);
  return sure || !condition.correlated ? sure : in_every_world(condition, where);
}

// As CEL has it: one false part makes `a && b` false, though the other fails.
std::optional<bool> Guards::of_parts(const Condition& condition, const Where& where) const {
  if (condition.kind == Kind::no) {
    const auto sure = surely(condition.parts.front(), where);
    return sure ? std::optional(!*sure) : std::nullopt;
  }
  const bool settles = condition.kind == Kind::any;
  bool all_sure = true;
  for (const Condition& part : condition.parts) {
    const auto sure = surely(part, where);
    if (sure && *sure == settles) return settles;
    all_sure = all_sure && sure;
  }
  return all_sure ? std::optional(!settles) : std::nullopt;
}

// Nothing where one of its situations leaves too much open: reading the name is an error then, and no sure answer.
std::vector<expression::Value> Guards::values_of(const Condition& condition, std::size_t which, Situations now) const {
  std::vector<expression::Value> values;
  for (Situations bits = now; bits != 0; bits &= bits - 1) {
    const Situations one = bits & (~bits + 1);
    if (!is_known(condition.reads, workflow_.commitments[which].name, one)) return {};
    add_known(values, one);
  }
  return values;
}

std::optional<bool> Guards::in_every_world(const Condition& condition, const Where& where) const {
  if (condition.reads_data && where.data == Data::any) return std::nullopt;
  std::vector<World> worlds{{}};
  for (const std::size_t which : condition.commitments) {
    const std::vector<expression::Value> values = values_of(condition, which, where.situations[which]);
    if (values.empty()) continue;
    if (worlds.size() * values.size() > worlds_max) return std::nullopt;
    std::vector<World> more;
    for (const expression::Value& value : values) {
      for (World world : worlds) {
        world.emplace_back(which, value);
        more.push_back(std::move(world));
      }
    }
    worlds = std::move(more);
  }
  std::optional<bool> all;
  spent_bytes_ += worlds.size() * condition.expression.text().size();
  for (const World& world : worlds) {
    const auto value = condition.expression.evaluate([&](std::string_view name) -> std::optional<expression::Value> {
      if (name == "case") return case_value(where.active);
      for (const auto& [which, known] : world)
        if (workflow_.commitments[which].name == name) return known;
      return std::nullopt;
    });
    const bool* holds = value ? value->get_if<bool>() : nullptr;
    if (holds == nullptr || (all && *all != *holds)) return std::nullopt;
    all = *holds;
  }
  return all;
}

// Of the case it is known where it stands. Whoever asks for more is not answered.
expression::Value Guards::case_value(const std::set<int>& active) const {
  expression::List configuration;
  for (const int state : active) configuration.push_back(workflow_.state(state).path);
  return expression::Map{{"configuration", std::move(configuration)}};
}

}  // namespace redress::proof
