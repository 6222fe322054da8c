// The department commercial: puts a question to its people, waits, and keeps what they decided.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "books/answer.hpp"
#include "books/reviews.hpp"
#include "redress/plugin.hpp"

namespace redress::commercial {
namespace {

using books::cannot_do;
using books::cannot_tell;
using books::integer_of;
using books::object_of;
using books::Review;
using books::Reviews;
using books::ReviewState;
using books::text_of;
using plugin::Call;
using plugin::Outcome;

constexpr std::int64_t hour_ms = 3'600'000;

std::optional<Review> asked_by(const Call& call) {
  const auto input = object_of(call.input);
  const auto question = text_of(input, "question");
  const auto text = text_of(input, "text");
  if (!question || !text) return std::nullopt;
  return Review{
      std::string(call.key), std::string(call.case_reference), *question, *text, {}, ReviewState::open, call.now_ms, {}};
}

}  // namespace

class Commercial : public plugin::Department {
 public:
  Commercial(plugin::Host& host, std::string_view config_json);

  Outcome perform(const Call& call) override;
  Outcome reconcile(const Call& call) override;
  Outcome cancel(const Call& call) override;
  Outcome record(const Call& call) override;

 private:
  // Read-only: what has become of a review, for who waits for it.
  [[nodiscard]] Outcome outcome_of(const Review& review) const;

  std::unique_ptr<Reviews> reviews_;
  std::int64_t answer_within_ms_ = 0;
};

Commercial::Commercial(plugin::Host& host, std::string_view config_json) {
  const auto config = object_of(config_json);
  const auto database = text_of(config, "database");
  if (!database) throw std::runtime_error("commercial's configuration needs \"database\", a path");
  answer_within_ms_ = integer_of(config, "answer_within_minutes").value_or(240) * (hour_ms / 60);
  auto reviews = Reviews::open(*database);
  if (!reviews) throw std::runtime_error(reviews.error().message);
  reviews_ = std::move(*reviews);
  host.log_info("commercial is open");
}

Outcome Commercial::outcome_of(const Review& review) const {
  switch (review.state) {
    case ReviewState::decided:
      return Outcome::done(review.evidence);
    case ReviewState::refused:
      return Outcome::declined("commercial has nothing to offer (review " + review.ticket + ")");
    case ReviewState::closed:
      return Outcome::declined("review " + review.ticket + " was closed before anyone decided");
    case ReviewState::open:
      break;
  }
  // A person decides, and the engine tells us: asking again teaches nothing.
  return Outcome::waiting(review.ticket, review.opened_at_ms + answer_within_ms_);
}

Outcome Commercial::perform(const Call& call) {
  if (call.action != "review") return Outcome::declined("commercial has no action " + std::string(call.action));
  const auto asked = asked_by(call);
  if (!asked) return Outcome::declined("the input of review needs the texts \"question\" and \"text\"");
  const auto review = reviews_->ask(*asked);
  return review ? outcome_of(*review) : cannot_do(review.error(), call);
}

Outcome Commercial::reconcile(const Call& call) {
  const auto review = reviews_->find_review(std::string(call.key));
  if (!review) return cannot_tell(review.error());
  return *review ? outcome_of(**review) : Outcome::retry("nothing happened: there is no review with this key");
}

Outcome Commercial::cancel(const Call& call) {
  const auto known = reviews_->find_review(books::key_with(call.key, "perform"));
  if (!known) return cannot_tell(known.error());
  if (!*known) return Outcome::done("{}");  // Nobody was asked.
  const auto review = reviews_->end(**known, ReviewState::closed, {}, call.now_ms);
  return review ? Outcome::done("{}") : cannot_do(review.error(), call);
}

// A person decided: evidence with an answer is the answer, evidence without one says that there is nothing to offer.
Outcome Commercial::record(const Call& call) {
  auto asked =
      asked_by(call).value_or(Review{{}, std::string(call.case_reference), {}, {}, {}, ReviewState::open, call.now_ms, {}});
  asked.key = books::key_with(call.key, "perform");
  const auto evidence = object_of(call.evidence);
  const auto state = text_of(evidence, "answer") ? ReviewState::decided : ReviewState::refused;
  const auto review = reviews_->end(asked, state, evidence.dump(), call.now_ms);
  if (!review) return cannot_do(review.error(), call);
  return Outcome::done(review->state == ReviewState::decided ? review->evidence : "{}");
}

}  // namespace redress::commercial

REDRESS_PLUGIN(redress::commercial::Commercial, R"json({
  "id": "org.redress.commercial", "version": "1.0.0", "abi": 1, "department": "commercial",
  "title": "Commercial: questions that a person decides",
  "needs": { "files": true },
  "config": {
    "type": "object", "required": ["database"], "additionalProperties": false,
    "properties": {
      "database": { "type": "string", "minLength": 1 },
      "answer_within_minutes": { "type": "integer", "minimum": 1, "maximum": 525600 }
    }
  },
  "actions": {
    "review": {
      "title": "Ask what to offer",
      "input": {
        "type": "object", "required": ["question", "text"], "additionalProperties": false,
        "properties": { "question": { "type": "string", "maxLength": 500 }, "text": { "type": "string" } }
      },
      "evidence": {
        "type": "object", "required": ["kind", "answer"], "additionalProperties": false,
        "properties": {
          "kind": { "type": "string", "enum": ["offer", "price_match", "credit", "explanation", "apology", "noted_for_strategy"], "maxLength": 20 },
          "answer": { "type": "string", "title": "What the customer is told", "minLength": 1, "maxLength": 100 },
          "amount_minor": { "type": "integer", "minimum": 1 },
          "currency": { "type": "string", "minLength": 3, "maxLength": 3 }
        }
      },
      "dedupes": true, "reconciles": true, "cancellable": true, "records_decisions": true, "waits_for_person": true
    }
  }
})json")
