// The department branches: finds the branch that a complaint is about, and has its management look into it.
#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "books/answer.hpp"
#include "books/places.hpp"
#include "books/reviews.hpp"
#include "redress/plugin.hpp"

namespace redress::branches {
namespace {

using books::cannot_do;
using books::cannot_tell;
using books::integer_of;
using books::object_of;
using books::Place;
using books::Review;
using books::Reviews;
using books::ReviewState;
using books::text_of;
using plugin::Call;
using plugin::Outcome;

constexpr std::int64_t minute_ms = 60'000;

// [{"branch": "B-01", "names": ["Plaza Norte"]}]: the first name is the one that replies use.
std::vector<Place> read_branches(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("the branches file " + path + " cannot be read; name one that exists");
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_array()) throw std::runtime_error("the branches file " + path + " is no JSON list");
  std::vector<Place> places;
  for (const auto& row : json) {
    const bool named = row.is_object() && row.contains("branch") && row["branch"].is_string() && row.contains("names") &&
                       row["names"].is_array() && !row["names"].empty() &&
                       std::all_of(row["names"].begin(), row["names"].end(), [](const auto& n) { return n.is_string(); });
    if (!named) {
      throw std::runtime_error("the branches file " + path + ", /" + std::to_string(places.size()) +
                               R"(: a branch needs "branch", a text, and "names", one text or more)");
    }
    places.push_back({row["branch"], row["names"]});
  }
  return places;
}

}  // namespace

class Branches : public plugin::Department {
 public:
  Branches(plugin::Host& host, std::string_view config_json);

  Outcome perform(const Call& call) override;
  Outcome reconcile(const Call& call) override;
  Outcome cancel(const Call& call) override;
  Outcome record(const Call& call) override;

 private:
  Outcome locate(const Call& call) const;
  [[nodiscard]] std::optional<Review> asked_by(const Call& call) const;
  [[nodiscard]] Outcome outcome_of(const Review& review) const;

  std::unique_ptr<Reviews> reviews_;
  std::vector<Place> branches_;
  std::int64_t answer_within_ms_ = 0;
};

Branches::Branches(plugin::Host& host, std::string_view config_json) {
  const auto config = object_of(config_json);
  const auto database = text_of(config, "database");
  const auto file = text_of(config, "branches");
  if (!database || !file) throw std::runtime_error(R"(branches' configuration needs "database" and "branches", two paths)");
  answer_within_ms_ = integer_of(config, "answer_within_minutes").value_or(24 * 60) * minute_ms;
  branches_ = read_branches(*file);
  auto reviews = Reviews::open(*database);
  if (!reviews) throw std::runtime_error(reviews.error().message);
  reviews_ = std::move(*reviews);
  host.log_info("branches is open");
}

Outcome Branches::locate(const Call& call) const {
  const auto text = text_of(object_of(call.input), "text");
  if (!text) return Outcome::declined("the input of locate needs the text \"text\"");
  const auto ids = books::places_in(*text, branches_);
  if (ids.empty()) return Outcome::declined("the text names no branch");
  if (ids.size() > 1) return Outcome::declined("the text names several branches");
  const auto branch = std::find_if(branches_.begin(), branches_.end(), [&](const Place& p) { return p.id == ids.front(); });
  return Outcome::done(nlohmann::ordered_json{{"branch", branch->id}, {"branch_name", branch->names.front()}}.dump());
}

std::optional<Review> Branches::asked_by(const Call& call) const {
  const auto input = object_of(call.input);
  const auto branch = text_of(input, "branch");
  const auto text = text_of(input, "text");
  if (!branch || !text) return std::nullopt;
  const std::string earlier = text_of(input, "prior_case").value_or("");
  const std::string question = "Branch " + *branch + ": what happened, and what do we answer?" +
                               (earlier.empty() ? "" : " The customer wrote before: " + earlier + ".");
  return Review{
      std::string(call.key), std::string(call.case_reference), question, *text, {}, ReviewState::open, call.now_ms, {}};
}

Outcome Branches::outcome_of(const Review& review) const {
  switch (review.state) {
    case ReviewState::decided:
      return Outcome::done(review.evidence);
    case ReviewState::refused:
      return Outcome::declined("the branch has nothing to say (review " + review.ticket + ")");
    case ReviewState::closed:
      return Outcome::declined("review " + review.ticket + " was closed before anyone decided");
    case ReviewState::open:
      break;
  }
  return Outcome::waiting(review.ticket, review.opened_at_ms + answer_within_ms_);
}

Outcome Branches::perform(const Call& call) {
  if (call.action == "locate") return locate(call);
  if (call.action != "look_into") return Outcome::declined("branches has no action " + std::string(call.action));
  const auto asked = asked_by(call);
  if (!asked) return Outcome::declined("the input of look_into needs the texts \"branch\" and \"text\"");
  const bool known = std::any_of(branches_.begin(), branches_.end(),
                                 [&](const Place& p) { return asked->question.starts_with("Branch " + p.id + ":"); });
  if (!known) return Outcome::declined("there is no such branch");
  const auto review = reviews_->ask(*asked);
  return review ? outcome_of(*review) : cannot_do(review.error(), call);
}

Outcome Branches::reconcile(const Call& call) {
  if (call.action == "locate") return Outcome::retry("it only reads: nothing happened");
  const auto review = reviews_->find_review(std::string(call.key));
  if (!review) return cannot_tell(review.error());
  return *review ? outcome_of(**review) : Outcome::retry("nothing happened: there is no review with this key");
}

Outcome Branches::cancel(const Call& call) {
  const auto known = reviews_->find_review(books::key_with(call.key, "perform"));
  if (!known) return cannot_tell(known.error());
  if (!*known) return Outcome::done("{}");
  const auto review = reviews_->end(**known, ReviewState::closed, {}, call.now_ms);
  return review ? Outcome::done("{}") : cannot_do(review.error(), call);
}

Outcome Branches::record(const Call& call) {
  auto asked = asked_by(call).value_or(Review{});
  asked.key = books::key_with(call.key, "perform");
  const auto evidence = object_of(call.evidence);
  const auto state = text_of(evidence, "answer") ? ReviewState::decided : ReviewState::refused;
  const auto review = reviews_->end(asked, state, evidence.dump(), call.now_ms);
  return review ? Outcome::done("{}") : cannot_do(review.error(), call);
}

}  // namespace redress::branches

REDRESS_PLUGIN(redress::branches::Branches, R"json({
  "id": "org.redress.branches", "version": "1.0.0", "abi": 1, "department": "branches",
  "title": "Branches: which one it was, and what its management found",
  "needs": { "files": true },
  "config": {
    "type": "object", "required": ["database", "branches"], "additionalProperties": false,
    "properties": {
      "database": { "type": "string", "minLength": 1 },
      "branches": { "type": "string", "minLength": 1, "title": "File: [{\"branch\", \"names\"}]" },
      "answer_within_minutes": { "type": "integer", "minimum": 1, "maximum": 525600 }
    }
  },
  "actions": {
    "locate": {
      "title": "Find the branch that a text names",
      "input": {
        "type": "object", "required": ["text"], "additionalProperties": false, "properties": { "text": { "type": "string" } }
      },
      "evidence": {
        "type": "object", "required": ["branch", "branch_name"], "additionalProperties": false,
        "properties": {
          "branch": { "type": "string", "minLength": 1, "maxLength": 40, "public_text": true },
          "branch_name": { "type": "string", "minLength": 1, "maxLength": 60, "public_text": true }
        }
      },
      "dedupes": true, "reconciles": true
    },
    "look_into": {
      "title": "Find out what happened at a branch",
      "input": {
        "type": "object", "required": ["branch", "text"], "additionalProperties": false,
        "properties": {
          "branch": { "type": "string", "maxLength": 40 },
          "text": { "type": "string" },
          "prior_case": { "type": "string", "maxLength": 40, "title": "The customer's earlier case; empty: none" }
        }
      },
      "evidence": {
        "type": "object", "required": ["finding", "answer"], "additionalProperties": false,
        "properties": {
          "finding": { "type": "string", "enum": ["confirmed", "partly", "not_confirmed"], "maxLength": 20 },
          "answer": { "type": "string", "title": "What the customer is told", "minLength": 1, "maxLength": 100 }
        }
      },
      "dedupes": true, "reconciles": true, "cancellable": true, "records_decisions": true, "waits_for_person": true
    }
  }
})json")
