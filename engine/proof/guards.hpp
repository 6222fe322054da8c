// Guards: what a guard surely is where commitments may stand in several ways at once.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proof/needs.hpp"
#include "proof/situation.hpp"
#include "workflow/workflow.hpp"

namespace redress::proof {

// [one thread at a time]: answers are kept.
class Guards {
 public:
  Guards(const workflow::Workflow& workflow, const Terms& terms) : workflow_(workflow), terms_(terms) {}
  Guards(const Guards&) = delete;
  Guards& operator=(const Guards&) = delete;

  void learn(const expression::Expression& guard);

  // Where the data may be anything, or where nothing of it is set.
  enum class Data { any, unset };

  // Whatever is not known; nothing: it depends. `situations` of all commitments; `active` is where the case is.
  [[nodiscard]] std::optional<bool> surely(const expression::Expression& guard, const std::vector<Situations>& situations,
                                           const std::set<int>& active, Data data = Data::any) const;

  // The field of the data that it reads, where it reads nothing else of the case but its configuration; else Terms::npos.
  [[nodiscard]] std::size_t only_field(const expression::Expression& guard) const;

  // The answers of every part of every guard that reads this commitment, where it stands so; nothing: they depend on more.
  [[nodiscard]] std::optional<std::vector<bool>> answers_about(std::size_t which, Situations one) const;

  // What it read so far, in bytes of expressions.
  [[nodiscard]] std::size_t spent_bytes() const { return spent_bytes_; }

 private:
  // A guard, or a part of it.
  struct Condition {
    expression::Expression expression;
    expression::Expression::Logic::Kind kind = expression::Expression::Logic::Kind::none;
    std::vector<Condition> parts;
    std::vector<std::string> reads;
    std::vector<std::size_t> commitments;  // That it reads.
    bool reads_configuration = false;
    bool reads_data = false;  // Of the case something beside its configuration.
    bool correlated = false;  // Two parts read the same commitment.
  };
  struct Question {
    const Condition* condition;
    std::vector<Situations> situations;  // Of the commitments that it reads.
    std::set<int> active;                // Where it reads the configuration.
    Data data;
    auto operator<=>(const Question&) const = default;
  };
  struct Where {
    const std::vector<Situations>& situations;
    const std::set<int>& active;
    Data data;
  };
  // One way in which the commitments that a condition reads can be: by index, the value that their name has.
  using World = std::vector<std::pair<std::size_t, expression::Value>>;

  bool add_answers(std::vector<bool>& answers, const Condition& condition, std::size_t which, Situations one) const;
  [[nodiscard]] Condition condition(const expression::Expression& expression) const;
  [[nodiscard]] std::optional<bool> surely(const Condition& condition, const Where& where) const;
  [[nodiscard]] std::optional<bool> answer(const Condition& condition, const Where& where) const;
  [[nodiscard]] std::optional<bool> of_parts(const Condition& condition, const Where& where) const;
  [[nodiscard]] std::optional<bool> in_every_world(const Condition& condition, const Where& where) const;
  [[nodiscard]] std::vector<expression::Value> values_of(const Condition& condition, std::size_t which, Situations now) const;
  [[nodiscard]] expression::Value case_value(const std::set<int>& active) const;

  const workflow::Workflow& workflow_;
  const Terms& terms_;
  std::map<const expression::Expression*, Condition> conditions_;
  mutable std::map<Question, std::optional<bool>> answers_;
  mutable std::size_t spent_bytes_ = 0;
};

}  // namespace redress::proof
