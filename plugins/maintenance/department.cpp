// The department maintenance: finds the zone of a fault, sends a crew, promises a time, and says when it is restored.
#include <date/date.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "books/answer.hpp"
#include "maintenance/orders.hpp"
#include "redress/plugin.hpp"

namespace redress::maintenance {
namespace {

using books::cannot_do;
using books::cannot_tell;
using books::object_of;
using books::text_of;
using plugin::Call;
using plugin::Outcome;
using Json = nlohmann::ordered_json;

std::string instant_text(std::int64_t at_ms) {
  const date::sys_seconds at{std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(at_ms))};
  return date::format("%FT%TZ", at);
}

std::string seed_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("the seed file " + path + " cannot be read; name one that exists");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Request> request_of(const Call& call) {
  const auto input = object_of(call.input);
  const auto zone = text_of(input, "zone");
  const auto problem = text_of(input, "problem");
  if (!zone || !problem) return std::nullopt;
  return Request{books::key_with(call.key, "perform"), std::string(call.case_reference), *zone, *problem, call.now_ms};
}

}  // namespace

class Maintenance : public plugin::Department {
 public:
  Maintenance(plugin::Host& host, std::string_view config_json);

  Outcome perform(const Call& call) override;
  Outcome reconcile(const Call& call) override;
  Outcome cancel(const Call& call) override;
  Outcome record(const Call& call) override;

 private:
  Outcome locate(const Call& call) const;
  [[nodiscard]] Outcome outcome_of(const Order& order, const std::string& zone, std::int64_t now_ms) const;
  void say_zone(Json& evidence, const std::string& zone_id) const;

  std::unique_ptr<Orders> orders_;
};

Maintenance::Maintenance(plugin::Host& host, std::string_view config_json) {
  const auto config = object_of(config_json);
  const auto database = text_of(config, "database");
  const auto seed = text_of(config, "seed");
  if (!database) throw std::runtime_error(R"(maintenance's configuration needs "database", a path)");
  auto orders = Orders::open(*database, seed ? seed_text(*seed) : R"({"zones": [], "crews": [], "faults": []})");
  if (!orders) throw std::runtime_error((seed ? *seed + ": " : "") + orders.error().message);
  orders_ = std::move(*orders);
  host.log_info("maintenance is open");
}

Outcome Maintenance::locate(const Call& call) const {
  const auto text = text_of(object_of(call.input), "text");
  if (!text) return Outcome::declined("the input of locate needs the text \"text\"");
  std::vector<books::Place> places;
  for (const Zone& zone : orders_->field().zones) places.push_back(zone.place);
  const auto ids = books::places_in(*text, places);
  if (ids.empty()) return Outcome::declined("the text names no zone of ours");
  if (ids.size() > 1) return Outcome::declined("the text names several zones");
  const Zone& zone = *orders_->field().find_zone(ids.front());
  return Outcome::done(
      Json{{"zone", zone.place.id}, {"zone_name", zone.place.names.front()}, {"time_zone", zone.time_zone}}.dump());
}

// As the one who asked knows it: an order may have been asked for from several zones.
void Maintenance::say_zone(Json& evidence, const std::string& zone_id) const {
  const Zone* zone = orders_->field().find_zone(zone_id);
  evidence["zone"] = zone_id;
  evidence["zone_name"] = zone ? zone->place.names.front() : zone_id;
  evidence["time_zone"] = zone ? zone->time_zone : "UTC";
}

// What time has made of the order: nothing is written for that.
Outcome Maintenance::outcome_of(const Order& order, const std::string& zone_id, std::int64_t now_ms) const {
  if (order.closed == "{}") return Outcome::declined("work order " + order.number() + " was not carried out");
  if (!order.closed.empty()) {  // The word that was given for one zone holds for each.
    Json evidence = Json::parse(order.closed);
    if (evidence.value("zone", "") != zone_id) say_zone(evidence, zone_id);
    return Outcome::done(evidence.dump());
  }
  if (now_ms < order.end_ms()) return Outcome::waiting(order.number(), order.promised_ms(now_ms), order.changes_ms(now_ms));
  Json evidence{{"work_order", order.number()}, {"crew", order.crew}};
  say_zone(evidence, zone_id);
  evidence["started_at"] = instant_text(order.start_ms);
  evidence["restored_at"] = instant_text(order.end_ms());
  return Outcome::done(evidence.dump());
}

Outcome Maintenance::perform(const Call& call) {
  if (call.action == "locate") return locate(call);
  if (call.action != "dispatch") return Outcome::declined("maintenance has no action " + std::string(call.action));
  const auto request = request_of(call);
  if (!request) return Outcome::declined("the input of dispatch needs the texts \"zone\" and \"problem\"");
  const auto order = orders_->dispatch(*request);
  return order ? outcome_of(*order, request->zone, call.now_ms) : cannot_do(order.error(), call);
}

Outcome Maintenance::reconcile(const Call& call) {
  if (call.action == "locate") return Outcome::retry("it only reads: nothing happened");
  const auto standing = orders_->find(std::string(call.key));
  if (!standing) return cannot_tell(standing.error());
  if (!*standing) return Outcome::retry("nothing happened: there is no work order for this key");
  if ((*standing)->state == RequestState::cancelled) return Outcome::declined("it was cancelled");
  return outcome_of((*standing)->order, text_of(object_of(call.input), "zone").value_or((*standing)->order.zone), call.now_ms);
}

Outcome Maintenance::cancel(const Call& call) {
  const auto done = orders_->cancel(books::key_with(call.key, "perform"), call.now_ms);
  return done ? Outcome::done("{}") : cannot_do(done.error(), call);
}

// A dispatcher's word, where the crew's own never came.
Outcome Maintenance::record(const Call& call) {
  const auto request = request_of(call);
  if (!request) return Outcome::declined("the input of dispatch needs the texts \"zone\" and \"problem\"");
  const auto evidence = object_of(call.evidence);
  const auto crew = text_of(evidence, "crew");
  if (crew && orders_->field().find_crew(*crew) == nullptr) return Outcome::declined("there is no crew \"" + *crew + "\"");
  const auto started = text_of(evidence, "started_at"), restored = text_of(evidence, "restored_at");
  if (started && restored && *restored < *started) return Outcome::declined("it was restored before it was started");
  const auto closed = orders_->close(*request, crew ? evidence.dump() : "{}");
  return closed ? Outcome::done("{}") : cannot_do(closed.error(), call);
}

}  // namespace redress::maintenance

REDRESS_PLUGIN(redress::maintenance::Maintenance, R"json({
  "id": "org.redress.maintenance", "version": "1.0.0", "abi": 1, "department": "maintenance",
  "title": "Maintenance: crews that restore service",
  "needs": { "files": true },
  "config": {
    "type": "object", "required": ["database"], "additionalProperties": false,
    "properties": { "database": { "type": "string", "minLength": 1 }, "seed": { "type": "string", "minLength": 1 } }
  },
  "actions": {
    "locate": {
      "title": "Find the zone that a text names",
      "input": {
        "type": "object", "required": ["text"], "additionalProperties": false, "properties": { "text": { "type": "string" } }
      },
      "evidence": {
        "type": "object", "required": ["zone", "zone_name", "time_zone"], "additionalProperties": false,
        "properties": {
          "zone": { "type": "string", "minLength": 1, "maxLength": 40, "public_text": true },
          "zone_name": { "type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[ -ɏ]+$", "public_text": true },
          "time_zone": { "type": "string", "minLength": 1, "maxLength": 40, "public_text": true }
        }
      },
      "dedupes": true, "reconciles": true
    },
    "dispatch": {
      "title": "Send a crew",
      "input": {
        "type": "object", "required": ["zone", "problem"], "additionalProperties": false,
        "properties": {
          "zone": { "type": "string", "maxLength": 40 },
          "problem": { "type": "string", "enum": ["internet", "power", "water", "phone", "other"], "maxLength": 20 }
        }
      },
      "evidence": {
        "type": "object", "additionalProperties": false,
        "required": ["work_order", "crew", "zone", "zone_name", "time_zone", "started_at", "restored_at"],
        "properties": {
          "work_order": { "type": "string", "pattern": "^WO-[0-9]+$", "maxLength": 20 },
          "crew": { "type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[ -ɏ]+$", "public_text": true },
          "zone": { "type": "string", "minLength": 1, "maxLength": 40, "public_text": true, "same_as_input": true },
          "zone_name": { "type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[ -ɏ]+$", "public_text": true },
          "time_zone": { "type": "string", "minLength": 1, "maxLength": 40, "public_text": true },
          "started_at": { "type": "string", "format": "date-time" },
          "restored_at": { "type": "string", "format": "date-time" }
        }
      },
      "dedupes": true, "reconciles": true, "cancellable": true, "records_decisions": true
    }
  }
})json")
