// The service about itself: alive, ready, counted, described; and the live feed.
#include "service/handlers.hpp"
#include "service/openapi.hpp"
#include "service/parts.hpp"

namespace redress::service {
namespace {

// A label's value: quotes, backslashes and line ends escaped (Prometheus text format 0.0.4).
std::string label(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

class Metrics {
 public:
  void begin(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
  }
  void add(std::int64_t value, std::initializer_list<std::pair<const char*, std::string_view>> labels = {}) {
    text_ += name_;
    const char* separator = "{";
    for (const auto& [key, text] : labels) {
      text_ += separator + std::string(key) + "=\"" + label(text) + "\"";
      separator = ",";
    }
    text_ += (labels.size() == 0 ? " " : "} ") + std::to_string(value) + "\n";
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string name_, text_;
};

void add_census(Metrics& m, const Census& census) {
  m.begin("redress_cases", "gauge", "Cases by state.");
  for (const auto& [state, count] : census.cases) m.add(count, {{"state", state}});
  m.begin("redress_deadlines", "gauge", "Deadlines of cases that are not closed.");
  for (const auto& [key, count] : census.deadlines) m.add(count, {{"deadline", key.first}, {"state", key.second}});
  m.begin("redress_commitments_open", "gauge",
          "Open commitments by department and state; overdue ones are counted as such besides.");
  for (const auto& [key, count] : census.commitments) m.add(count, {{"department", key.first}, {"state", key.second}});
  m.begin("redress_replies_waiting", "gauge", "Replies that are not settled, are blocked, refused or failed.");
  for (const auto& [state, count] : census.replies) m.add(count, {{"state", state}});
  m.begin("redress_tasks_open", "gauge", "What waits for people, by role.");
  for (const auto& [role, count] : census.tasks) m.add(count, {{"role", role}});
  m.begin("redress_effects_blocked", "gauge", "Calls that something stands in the way of.");
  for (const auto& [why, count] : census.blocked) m.add(count, {{"why", why}});
  m.begin("redress_effects_unknown", "gauge", "Calls whose outcome nobody knows: they are looked up, or a person finds out.");
  for (const auto& [verb, count] : census.unknown) m.add(count, {{"verb", verb}});
  m.begin("redress_effects_due", "gauge", "Calls to departments and channels that are due now (counted up to 1000).");
  m.add(census.effects_due);
  m.begin("redress_oldest_due_ms", "gauge", "How late the oldest of them is.");
  m.add(census.oldest_due_ms);
}

void add_parts(Metrics& m, Parts& parts) {
  const FrontCounts counts = parts.front ? parts.front->counts() : FrontCounts{};
  m.begin("redress_http_connections", "gauge", "Open connections.");
  m.add(counts.connections);
  m.begin("redress_http_streams", "gauge", "Open live streams.");
  m.add(counts.streams);
  m.begin("redress_http_accepted_total", "counter", "Connections taken.");
  m.add(counts.accepted);
  m.begin("redress_http_refused_total", "counter", "Requests refused before any route.");
  m.add(counts.refused_heads, {{"why", "malformed"}});
  m.add(counts.refused_busy, {{"why", "busy"}});
  m.add(counts.timed_out, {{"why", "slow"}});
  m.begin("redress_http_answers_total", "counter", "Answers by route and status.");
  for (const auto& [key, count] : parts.counted()) m.add(count, {{"route", key.first}, {"status", std::to_string(key.second)}});
  m.begin("redress_webhook_deliveries_total", "counter", "Facts told to a receiver.");
  const auto deliveries = parts.outbound ? parts.outbound->counts() : std::vector<DeliveryCounts>{};
  for (const DeliveryCounts& each : deliveries) m.add(each.delivered, {{"receiver", each.name}});
  m.begin("redress_webhook_failures_total", "counter", "Tries that a receiver did not take.");
  for (const DeliveryCounts& each : deliveries) m.add(each.failures, {{"receiver", each.name}});
}

}  // namespace

Response is_alive(Exchange& /*exchange*/) { return answer({{"status", "alive"}}); }

// Ready: the store can be read, and the service is not ending.
Response is_ready(Exchange& exchange) {
  if (exchange.context.parts->draining) return problem(503, "the service is ending");
  const auto meta = exchange.context.engine.store().meta();
  if (!meta) return problem(503, "the store cannot be read: " + meta.error().message);
  return answer({{"status", "ready"}});
}

Response show_metrics(Exchange& exchange) {
  const auto census = exchange.context.parts->censuses.latest(exchange.context.reader(), exchange.context.now_ms());
  if (!census) return problem(census.error());
  Metrics metrics;
  add_census(metrics, *census);
  add_parts(metrics, *exchange.context.parts);
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.text()};
}

Response show_openapi(Exchange& /*exchange*/) {
  static const std::string text = write_json(openapi_document());
  return {.body = text};
}

Response open_events(Exchange& exchange) {
  Live* live = exchange.context.parts->live.get();
  std::string after = exchange.request.header("last-event-id");
  if (const auto asked = exchange.request.query.find("after"); after.empty() && asked != exchange.request.query.end())
    after = asked->second;
  const auto place = live->place_of(after);
  if (!place) return problem(place.error());
  const auto seat = live->take_seat(exchange.viewer.person);
  if (!seat) return problem(seat.error());
  std::string token(bearer_of(exchange.request));
  Response response{.content_type = "text/event-stream",
                    .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
  response.on_stream = [live, viewer = exchange.viewer, token = std::move(token), place = *place, seat = *seat](
                           std::shared_ptr<Stream> stream) { live->add(std::move(stream), viewer, token, place, seat); };
  return response;
}

}  // namespace redress::service
