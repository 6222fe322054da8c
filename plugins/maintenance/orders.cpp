// Orders over SQLite: each act is one transaction that looks first. What time alone brings is computed, not written.
#include "maintenance/orders.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace redress::maintenance {
namespace {

using nlohmann::json;
using SQLite::Database;
using SQLite::Statement;

constexpr std::int64_t travel_ms = 15 * 60'000;
constexpr std::int64_t usual_repair_ms = 120 * 60'000;  // Of a fault that nobody has described.

constexpr const char* schema_sql = R"sql(
CREATE TABLE field (id INTEGER PRIMARY KEY CHECK (id = 1), seed TEXT NOT NULL) STRICT;
CREATE TABLE orders (
  id        INTEGER PRIMARY KEY CHECK (id >= 1),
  fault     TEXT    NOT NULL,
  zone      TEXT    NOT NULL,
  problem   TEXT    NOT NULL,
  crew      TEXT    NOT NULL,
  start_ms  INTEGER NOT NULL,
  repair_ms INTEGER NOT NULL CHECK (repair_ms >= 0),
  end_ms    INTEGER NOT NULL CHECK (end_ms >= start_ms + repair_ms),
  setbacks  TEXT    NOT NULL,   -- [[after_ms, extra_ms]], as they will be found.
  closed    TEXT    NOT NULL    -- A person's evidence; '{}': not needed, or not done. Empty: it takes its course.
) STRICT;
CREATE TABLE requests (
  key            TEXT    PRIMARY KEY CHECK (length(key) > 0),
  order_id       INTEGER NOT NULL REFERENCES orders (id),
  case_reference TEXT    NOT NULL,
  zone           TEXT    NOT NULL,
  problem        TEXT    NOT NULL,
  at_ms          INTEGER NOT NULL,
  state          TEXT    NOT NULL CHECK (state IN ('open', 'cancelled'))
) STRICT;
CREATE INDEX requests_of_order ON requests (order_id);
CREATE INDEX orders_by_end ON orders (end_ms);   -- What is over is never looked at again; files from before do without it.
)sql";

constexpr const char* order_columns = "id, fault, zone, problem, crew, start_ms, repair_ms, setbacks, closed";

Order order_of(Statement& row) {
  Order order{
      row.getColumn(0).getInt64(),  row.getColumn(1).getString(), row.getColumn(2).getString(), row.getColumn(3).getString(),
      row.getColumn(4).getString(), row.getColumn(5).getInt64(),  row.getColumn(6).getInt64(),  {},
      row.getColumn(8).getString()};
  for (const auto& pair : json::parse(row.getColumn(7).getString())) order.setbacks.push_back({pair.at(0), pair.at(1)});
  return order;
}

std::optional<Standing> find_standing(Database& database, const std::string& key) {
  Statement request(database, "SELECT order_id, state FROM requests WHERE key = ?");
  request.bind(1, key);
  if (!request.executeStep()) return std::nullopt;
  Statement query(database, std::string("SELECT ") + order_columns + " FROM orders WHERE id = ?");
  query.bind(1, request.getColumn(0).getInt64());
  query.executeStep();
  return Standing{request.getColumn(1).getString() == "open" ? RequestState::open : RequestState::cancelled, order_of(query)};
}

// The order that goes on for the same fault; for one that nobody described, the same problem in the same zone.
std::optional<Order> find_open(Database& database, const Request& request, const std::string& fault) {
  Statement query(database, std::string("SELECT ") + order_columns +
                                " FROM orders WHERE closed = '' AND end_ms > ? AND problem = ? AND fault = ? "
                                "AND (fault <> '' OR zone = ?) ORDER BY id LIMIT 1");
  query.bind(1, request.at_ms);
  query.bind(2, request.problem);
  query.bind(3, fault);
  query.bind(4, request.zone);
  if (!query.executeStep()) return std::nullopt;
  return order_of(query);
}

// From now on.
std::vector<Interval> busy_of(Database& database, const std::string& crew, std::int64_t now_ms) {
  std::vector<Interval> busy;
  Statement query(database, "SELECT start_ms, end_ms FROM orders WHERE crew = ? AND closed = '' AND end_ms > ?");
  query.bind(1, crew);
  query.bind(2, now_ms);
  while (query.executeStep()) busy.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getInt64()});
  return busy;
}

bool holds(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Who can begin first; among equals the first by id.
Result<Order> plan(Database& database, const Field& field, const Request& request, const Fault* fault) {
  Order order{.fault = fault ? fault->id : "",
              .zone = request.zone,
              .problem = request.problem,
              .crew = "",
              .repair_ms = fault ? fault->repair_ms : usual_repair_ms,
              .setbacks = fault ? fault->setbacks : std::vector<Setback>{},
              .closed = ""};
  const std::int64_t length_ms = order.end_ms();  // It begins at 0 so far.
  const Zone& zone = *field.find_zone(request.zone);
  std::optional<std::int64_t> first;
  for (const Crew& crew : field.crews) {
    const bool can = holds(crew.skills, request.problem) && holds(crew.zones, request.zone);
    if (!can || (fault && !fault->crew.empty() && fault->crew != crew.id)) continue;
    const auto start = free_start(crew, zone, request.at_ms + travel_ms, length_ms, busy_of(database, crew.id, request.at_ms));
    if (!start || (first && (*start > *first || (*start == *first && crew.id > order.crew)))) continue;
    first = start;
    order.crew = crew.id;
  }
  if (!first)
    return {Code::refused, "no crew for " + request.problem + " in " + zone.place.names.front() + " has a shift free"};
  order.start_ms = *first;
  return order;
}

void insert_order(Database& database, Order& order) {
  json setbacks = json::array();
  for (const Setback& each : order.setbacks) setbacks.push_back({each.after_ms, each.extra_ms});
  Statement insert(database,
                   "INSERT INTO orders (fault, zone, problem, crew, start_ms, repair_ms, end_ms, setbacks, closed) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')");
  insert.bind(1, order.fault);
  insert.bind(2, order.zone);
  insert.bind(3, order.problem);
  insert.bind(4, order.crew);
  insert.bind(5, order.start_ms);
  insert.bind(6, order.repair_ms);
  insert.bind(7, order.end_ms());
  insert.bind(8, setbacks.dump());
  insert.exec();
  order.id = database.getLastInsertRowid();
}

void insert_request(Database& database, const Request& request, std::int64_t order_id) {
  Statement insert(database, "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, 'open')");
  insert.bind(1, request.key);
  insert.bind(2, order_id);
  insert.bind(3, request.case_reference);
  insert.bind(4, request.zone);
  insert.bind(5, request.problem);
  insert.bind(6, request.at_ms);
  insert.exec();
}

Result<Order> dispatch_once(Database& database, const Field& field, const Request& request) {
  if (auto earlier = find_standing(database, request.key)) return earlier->order;
  if (field.find_zone(request.zone) == nullptr) return {Code::refused, "there is no zone \"" + request.zone + "\""};
  const Fault* fault = field.find_fault(request.zone, request.problem);
  auto order = find_open(database, request, fault ? fault->id : "");
  if (!order) {
    auto planned = plan(database, field, request, fault);
    if (!planned) return planned.error();
    insert_order(database, *planned);
    order = std::move(*planned);
  }
  insert_request(database, request, order->id);
  return *order;
}

void set_closed(Database& database, std::int64_t order_id, const std::string& evidence) {
  Statement update(database, "UPDATE orders SET closed = ? WHERE id = ?");
  update.bind(1, evidence);
  update.bind(2, order_id);
  update.exec();
}

Result<void> cancel_once(Database& database, const std::string& key, std::int64_t now_ms) {
  const auto standing = find_standing(database, key);
  if (!standing || standing->state == RequestState::cancelled) return {};
  const Order& order = standing->order;
  if (order.closed.empty() && order.start_ms <= now_ms)
    return {Code::refused, "crew " + order.crew + " has begun work order " + order.number()};
  Statement update(database, "UPDATE requests SET state = 'cancelled' WHERE key = ?");
  update.bind(1, key);
  update.exec();
  Statement others(database, "SELECT 1 FROM requests WHERE order_id = ? AND state = 'open'");
  others.bind(1, order.id);
  if (!others.executeStep() && order.closed.empty()) set_closed(database, order.id, "{}");
  return {};
}

// Writes in one transaction what `work` answers.
template <class Answer, class Work>
Result<Answer> written(books::Books& books, Work&& work) {
  std::optional<Result<Answer>> answer;
  auto done = books.write([&](Database& database) -> Result<void> {
    answer = work(database);
    return *answer ? Result<void>() : Result<void>(answer->error());
  });
  if (!done) return done.error();
  return *answer;
}

}  // namespace

std::string Order::number() const {
  std::string digits = std::to_string(id);
  return "WO-" + std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

std::int64_t Order::end_ms() const {
  std::int64_t end = start_ms + repair_ms;
  for (const Setback& each : setbacks) end += each.extra_ms;
  return end;
}

std::int64_t Order::promised_ms(std::int64_t now_ms) const {
  std::int64_t promised = start_ms + repair_ms;
  for (const Setback& each : setbacks) promised += start_ms + each.after_ms <= now_ms ? each.extra_ms : 0;
  return promised;
}

std::int64_t Order::changes_ms(std::int64_t now_ms) const {
  std::int64_t next = end_ms();
  for (const Setback& each : setbacks)
    if (start_ms + each.after_ms > now_ms) next = std::min(next, start_ms + each.after_ms);
  return next > now_ms ? next : 0;
}

Result<std::unique_ptr<Orders>> Orders::open(const std::string& path, const std::string& seed) {
  auto books = books::Books::open(path, {"maintenance", 0x52434d54, 1, schema_sql});  // "RCMT".
  if (!books) return books.error();
  std::string kept;
  const auto read = (*books)->read([&](Database& database) -> Result<void> {
    Statement query(database, "SELECT seed FROM field");
    if (query.executeStep()) kept = query.getColumn(0).getString();
    return {};
  });
  if (!read) return read.error();
  auto field = read_field(kept.empty() ? seed : kept);
  if (!field) return {Code::invalid, "the zones, crews and faults of maintenance: " + field.error().message};
  if (kept.empty()) {
    const auto imported = (*books)->write([&](Database& database) -> Result<void> {
      Statement insert(database, "INSERT INTO field VALUES (1, ?)");
      insert.bind(1, seed);
      insert.exec();
      return {};
    });
    if (!imported) return imported.error();
  }
  return std::unique_ptr<Orders>(new Orders(std::move(*books), std::move(*field)));
}

Result<Order> Orders::dispatch(const Request& request) {
  return written<Order>(*books_, [&](Database& database) { return dispatch_once(database, field_, request); });
}

Result<std::optional<Standing>> Orders::find(const std::string& key) {
  std::optional<Standing> found;
  const auto read = books_->read([&](Database& database) -> Result<void> {
    found = find_standing(database, key);
    return {};
  });
  if (!read) return read.error();
  return found;
}

Result<void> Orders::cancel(const std::string& key, std::int64_t now_ms) {
  return books_->write([&](Database& database) { return cancel_once(database, key, now_ms); });
}

Result<void> Orders::close(const Request& request, const std::string& evidence) {
  return books_->write([&](Database& database) -> Result<void> {
    const auto order = dispatch_once(database, field_, request);
    if (!order) return order.error();
    if (order->closed == evidence) return {};
    if (!order->closed.empty())
      return {Code::refused, "work order " + order->number() + " was closed already, with another word"};
    set_closed(database, order->id, evidence);
    return {};
  });
}

}  // namespace redress::maintenance
