// Orders are the work that maintenance has taken on: which crew goes where and when, and who asked for it. One SQLite file.
//
// Used by one thread at a time. Errors as in books/books.hpp; `refused`: maintenance says no, and why.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "books/books.hpp"
#include "maintenance/field.hpp"

namespace redress::maintenance {

struct Order {
  std::int64_t id = 0;
  std::string fault;  // Empty: none that is known.
  std::string zone, problem, crew;
  std::int64_t start_ms = 0;
  std::int64_t repair_ms = 0;
  std::vector<Setback> setbacks;
  std::string closed;  // Evidence of a person's decision, or "{}": nobody needs it any more. Empty: it takes its course.

  [[nodiscard]] std::string number() const;  // "WO-000001".
  [[nodiscard]] std::int64_t end_ms() const;
  // What is known at `now_ms` of when it will be done, and when more may be known (0: nothing more).
  [[nodiscard]] std::int64_t promised_ms(std::int64_t now_ms) const;
  [[nodiscard]] std::int64_t changes_ms(std::int64_t now_ms) const;
};

struct Request {
  std::string key, case_reference, zone, problem;
  std::int64_t at_ms = 0;
};

enum class RequestState { open, cancelled };

struct Standing {
  RequestState state = RequestState::open;
  Order order;
};

class Orders {
 public:
  // `seed`: the Field's JSON, kept in a file that has none yet; else the file's own counts.
  [[nodiscard]] static Result<std::unique_ptr<Orders>> open(const std::string& path, const std::string& seed);
  [[nodiscard]] const Field& field() const { return field_; }

  // Takes the request on, once for its key: joins the order for the same fault, or sends the crew that can begin first.
  [[nodiscard]] Result<Order> dispatch(const Request& request);
  [[nodiscard]] Result<std::optional<Standing>> find(const std::string& key);
  // The order ends with the last request that is cancelled. Refused: its crew has begun.
  [[nodiscard]] Result<void> cancel(const std::string& key, std::int64_t now_ms);
  // A person's word: the order is done as `evidence` says, or (empty) was not done. An unknown key is taken on first.
  [[nodiscard]] Result<void> close(const Request& request, const std::string& evidence);

 private:
  Orders(std::unique_ptr<books::Books> books, Field field) : books_(std::move(books)), field_(std::move(field)) {}
  std::unique_ptr<books::Books> books_;
  Field field_;
};

}  // namespace redress::maintenance
