// Reviews are the questions that people of a department decide, and their decisions: one SQLite file.
//
// Used by one thread at a time. Errors as in books/books.hpp; `refused`: a key or a decision contradicts what is kept.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "books/books.hpp"
#include "redress/result.hpp"

namespace redress::books {

enum class ReviewState {
  open,
  decided,  // A person gave an answer: the evidence.
  refused,  // A person said that there is nothing to offer.
  closed,   // Nobody needs the answer any more.
};

struct Review {
  std::string key;
  std::string case_reference;
  std::string question;
  std::string text;    // What the customer wrote.
  std::string ticket;  // Made from the key.
  ReviewState state = ReviewState::open;
  std::int64_t opened_at_ms = 0;
  std::string evidence;  // Decided: the person's form, JSON.
};

class Reviews {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Reviews>> open(const std::string& path);

  // Takes `asked` on once for its key: the same key again gives the review in its present state. Refused: another question or
  // text.
  [[nodiscard]] Result<Review> ask(const Review& asked);
  [[nodiscard]] Result<std::optional<Review>> find_review(const std::string& key);
  // Ends `asked`, which is taken on first where it is not known: the decision is never lost. The same end again changes
  // nothing. Refused: it ended otherwise. `evidence` counts for decided alone.
  [[nodiscard]] Result<Review> end(const Review& asked, ReviewState state, const std::string& evidence, std::int64_t at_ms);

 private:
  explicit Reviews(std::unique_ptr<books::Books> books) : books_(std::move(books)) {}
  std::unique_ptr<books::Books> books_;
};

}  // namespace redress::books
