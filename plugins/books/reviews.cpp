// Reviews over SQLite: each act is one transaction that looks first.
#include "books/reviews.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <utility>

#include "books/reviews_schema.hpp"

namespace redress::books {
namespace {

using SQLite::Database;
using SQLite::Statement;

constexpr int ticket_turns_max = 100;
constexpr std::array<const char*, 4> state_names{"open", "decided", "refused", "closed"};

ReviewState state_of(const std::string& name) {
  for (std::size_t i = 0; i < state_names.size(); ++i)
    if (name == state_names[i]) return static_cast<ReviewState>(i);
  return ReviewState::open;  // The table's CHECK lets no other name in.
}
const char* name_of(ReviewState state) { return state_names[static_cast<std::size_t>(state)]; }

std::optional<Review> find(Database& database, const std::string& key) {
  Statement query(database,
                  "SELECT key, case_reference, question, text, ticket, state, opened_at_ms, coalesce(evidence, '') "
                  "FROM reviews WHERE key = ?");
  query.bind(1, key);
  if (!query.executeStep()) return std::nullopt;
  return Review{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString(),
                query.getColumn(3).getString(), query.getColumn(4).getString(), state_of(query.getColumn(5).getString()),
                query.getColumn(6).getInt64(),  query.getColumn(7).getString()};
}

Result<std::string> free_ticket(Database& database, const std::string& key) {
  Statement taken(database, "SELECT 1 FROM reviews WHERE ticket = ?");
  for (int turn = 0; turn < ticket_turns_max; ++turn) {
    std::string ticket = short_code("C-", key, turn);
    taken.reset();
    taken.bind(1, ticket);
    if (!taken.executeStep()) return ticket;
  }
  return {Code::unavailable, "no free ticket was found for key " + key};
}

Result<Review> ask_once(Database& database, const Review& asked) {
  if (auto earlier = find(database, asked.key)) {
    if (earlier->question == asked.question && earlier->text == asked.text) return *earlier;
    return {Code::refused,
            "key " + asked.key + " stands for review " + earlier->ticket + " already, which asks something else"};
  }
  auto ticket = free_ticket(database, asked.key);
  if (!ticket) return ticket.error();
  Statement insert(database,
                   "INSERT INTO reviews (key, case_reference, question, text, ticket, state, opened_at_ms) "
                   "VALUES (?, ?, ?, ?, ?, 'open', ?)");
  insert.bind(1, asked.key);
  insert.bind(2, asked.case_reference);
  insert.bind(3, asked.question);
  insert.bind(4, asked.text);
  insert.bind(5, *ticket);
  insert.bind(6, asked.opened_at_ms);
  insert.exec();
  return *find(database, asked.key);
}

Result<Review> end_once(Database& database, const Review& asked, ReviewState state, const std::string& evidence,
                        std::int64_t at_ms) {
  auto review = find(database, asked.key);
  if (!review) {
    auto taken = ask_once(database, asked);
    if (!taken) return taken.error();
    review = *taken;
  }
  if (review->state == state && review->evidence == evidence) return *review;
  if (review->state == state) return {Code::refused, "review " + review->ticket + " was decided already, with another answer"};
  if (review->state != ReviewState::open)
    return {Code::refused,
            "review " + review->ticket + " is " + name_of(review->state) + " already, so it cannot become " + name_of(state)};
  Statement update(database, "UPDATE reviews SET state = ?, ended_at_ms = ?, evidence = ? WHERE key = ?");
  update.bind(1, name_of(state));
  update.bind(2, at_ms);
  if (evidence.empty())
    update.bind(3);
  else
    update.bind(3, evidence);
  update.bind(4, asked.key);
  update.exec();
  return *find(database, asked.key);
}

}  // namespace

Result<std::unique_ptr<Reviews>> Reviews::open(const std::string& path) {
  auto books = Books::open(path, {"reviews", schema_application_id, schema_version, schema_sql});
  if (!books) return books.error();
  return std::unique_ptr<Reviews>(new Reviews(std::move(*books)));
}

Result<Review> Reviews::ask(const Review& asked) {
  Result<Review> answer(Code::internal, "no answer");
  auto written = books_->write([&](Database& database) -> Result<void> {
    answer = ask_once(database, asked);
    return answer ? Result<void>() : Result<void>(answer.error());
  });
  if (!written) return written.error();
  return answer;
}

Result<std::optional<Review>> Reviews::find_review(const std::string& key) {
  std::optional<Review> found;
  auto read = books_->read([&](Database& database) -> Result<void> {
    found = find(database, key);
    return {};
  });
  if (!read) return read.error();
  return found;
}

Result<Review> Reviews::end(const Review& asked, ReviewState state, const std::string& evidence, std::int64_t at_ms) {
  Result<Review> answer(Code::internal, "no answer");
  auto written = books_->write([&](Database& database) -> Result<void> {
    answer = end_once(database, asked, state, state == ReviewState::decided ? evidence : std::string(), at_ms);
    return answer ? Result<void>() : Result<void>(answer.error());
  });
  if (!written) return written.error();
  return answer;
}

}  // namespace redress::books
