// People's and departments' acts: each names its thing, the engine decides whether the person may.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "service/acts.hpp"
#include "service/handlers.hpp"
#include "service/visibility.hpp"

namespace redress::service {
namespace {

std::string text_in(const Exchange& exchange, const char* name) { return exchange.body.value(name, std::string()); }

std::string object_in(const Exchange& exchange, const char* name) {
  const auto found = exchange.body.find(name);
  return found == exchange.body.end() ? std::string() : write_json(*found);
}

// What a word of the body stands for. The router has held it against the field's type, which has the same words.
template <class T, std::size_t count>
T named(const std::array<std::pair<const char*, T>, count>& names, const std::string& word) {
  for (const auto& [name, value] : names)
    if (word == name) return value;
  throw std::logic_error("the route's field allows \"" + word + "\", which its handler does not know");
}

// The reference of the case that `find` leads to; empty where it leads to none.
Result<std::string> reference_of(Exchange& exchange, const Result<std::optional<std::int64_t>>& found) {
  if (!found) return found.error();
  if (!*found) return std::string();
  const auto rows = exchange.context.engine.store().cases(**found - 1, 1);
  if (!rows) return rows.error();
  return rows->empty() ? std::string() : rows->front().reference;
}

bool has_id(const Json& things, std::int64_t id) {
  return std::any_of(things.begin(), things.end(), [&](const Json& thing) { return thing.value("id", std::int64_t{0}) == id; });
}

// What the viewer sees of the case; nothing: they are told that it is not there, by an act too.
Result<std::optional<Json>> seen_of(Exchange& exchange, const std::string& reference) {
  if (reference.empty()) return std::optional<Json>();
  const auto shown = redress::show_case(exchange.context.engine.store(), reference);
  if (!shown && shown.error().code == Code::not_found) return std::optional<Json>();
  if (!shown) return shown.error();
  return visible_case(exchange.context, exchange.viewer, Json::parse(*shown, nullptr, false));
}

// `list`: where the thing stands in what is seen: "commitments", "tasks", "replies". A part has no replies, but a reply whose
// review or settlement is one of the viewer's tasks is theirs to act on.
Result<void> check_seen(Exchange& exchange, const std::string& reference, const char* list, const std::string& kind,
                        std::int64_t id) {
  if (exchange.is_repeated) return {};  // Also where the request itself ended what let them see the case.
  const auto seen = seen_of(exchange, reference);
  if (!seen) return seen.error();
  if (*seen) {
    const Json& json = **seen;
    if (has_id(json.value(list, Json::array()), id)) return {};
    for (const Json& task : json.value("tasks", Json::array()))
      if (task.value("subject", std::string()) == kind + ":" + std::to_string(id)) return {};
    if (json.contains("posts") && kind == "task") return {};  // Of a whole case, also a task that is done.
  }
  return {Code::not_found, "no " + kind + " " + std::to_string(id)};
}

// An act on a thing that has an id: its case is found, seen, and named in the answer.
Response act_on(Exchange& exchange, const char* kind, Result<std::optional<std::int64_t>> (Store::*find)(std::int64_t),
                const std::function<Result<void>(std::int64_t id, const Act&)>& act) {
  const auto id = id_in(exchange, "id");
  if (!id) return problem(id.error());
  const auto reference = reference_of(exchange, (exchange.context.engine.store().*find)(*id));
  if (!reference) return problem(reference.error());
  const std::string list = std::string(kind) == "reply" ? "replies" : std::string(kind) + "s";
  if (const auto seen = check_seen(exchange, *reference, list.c_str(), kind, *id); !seen) return problem(seen.error());
  return run_act(
      exchange, *reference, [&](const Act& the_act) { return act(*id, the_act); },
      [&] {
        return Json{{kind, *id}};
      });
}

// Acts on a whole case are for those who see it whole, or have a task about it.
Result<void> check_case_seen(Exchange& exchange, const std::string& reference) {
  if (exchange.is_repeated) return {};
  const auto seen = seen_of(exchange, reference);
  if (!seen) return seen.error();
  if (*seen && ((*seen)->contains("posts") || !(*seen)->value("tasks", Json::array()).empty())) return {};
  return {Code::not_found, "no case '" + reference + "' that you may act on"};
}

Response act_on_case(Exchange& exchange, const std::function<Result<void>(const std::string& reference, const Act&)>& act,
                     const std::function<Json()>& about = {}) {
  const std::string& reference = exchange.path["ref"];
  if (const auto seen = check_case_seen(exchange, reference); !seen) return problem(seen.error());
  return run_act(
      exchange, reference, [&](const Act& the_act) { return act(reference, the_act); }, about);
}

}  // namespace

Response settle_commitment(Exchange& exchange) {
  constexpr std::array names{std::pair("done", Decision::done), std::pair("declined", Decision::declined),
                             std::pair("failed", Decision::failed), std::pair("revoked", Decision::revoked)};
  const Decision decision = named(names, text_in(exchange, "outcome"));
  return act_on(exchange, "commitment", &Store::find_case_of_commitment, [&](std::int64_t id, const Act& act) {
    return exchange.context.engine.decide(id, decision, object_in(exchange, "evidence"), text_in(exchange, "reason"), act);
  });
}

Response approve_commitment(Exchange& exchange) {
  return act_on(exchange, "commitment", &Store::find_case_of_commitment, [&](std::int64_t id, const Act& act) {
    return exchange.context.engine.approve(id, exchange.body.at("approve").get<bool>(), act);
  });
}

Response review_reply(Exchange& exchange) {
  return act_on(exchange, "reply", &Store::find_case_of_reply, [&](std::int64_t id, const Act& act) {
    return exchange.context.engine.review(id, exchange.body.at("approve").get<bool>(), act);
  });
}

Response settle_reply(Exchange& exchange) {
  const std::string how = text_in(exchange, "settle");
  return act_on(exchange, "reply", &Store::find_case_of_reply, [&](std::int64_t id, const Act& act) {
    Engine& engine = exchange.context.engine;
    if (how == "again") return engine.settle_again(id, act);
    return how == "published" ? engine.settle_published(id, act) : engine.settle_waive(id, text_in(exchange, "reason"), act);
  });
}

Response say(Exchange& exchange) {
  constexpr std::array levels{std::pair("requested", ClaimLevel::requested), std::pair("accepted", ClaimLevel::accepted),
                              std::pair("fulfilled", ClaimLevel::fulfilled), std::pair("declined", ClaimLevel::declined),
                              std::pair("failed", ClaimLevel::failed),       std::pair("revoked", ClaimLevel::revoked)};
  Statement statement{.text = text_in(exchange, "text"), .claims = {}, .language = text_in(exchange, "language")};
  const Json claims = exchange.body.value("claims", Json::object());
  for (const auto& [name, value] : claims.items()) statement.claims.emplace_back(name, named(levels, value.get<std::string>()));
  std::int64_t reply = 0;
  return act_on_case(
      exchange,
      [&](const std::string& reference, const Act& act) -> Result<void> {
        const auto said = exchange.context.engine.say(reference, statement, act);
        if (!said) return said.error();
        reply = *said;
        return {};
      },
      [&] {
        return Json{{"reply", reply}};
      });
}

Response send_event(Exchange& exchange) {
  return act_on_case(exchange, [&](const std::string& reference, const Act& act) {
    return exchange.context.engine.send_event(reference, text_in(exchange, "event"), object_in(exchange, "form"), act);
  });
}

Response retry_case(Exchange& exchange) {
  return act_on_case(exchange, [&](const std::string& reference, const Act& act) {
    return exchange.context.engine.retry_case(reference, act);
  });
}

Response skip_case(Exchange& exchange) {
  return act_on_case(exchange, [&](const std::string& reference, const Act& act) {
    return exchange.context.engine.skip_case(reference, act);
  });
}

Response finish_task(Exchange& exchange) {
  return act_on(exchange, "task", &Store::find_case_of_task, [&](std::int64_t id, const Act& act) {
    return exchange.context.engine.finish_task(id, text_in(exchange, "note"), act);
  });
}

// A department's own system tells what became of a key: it bears the department's role.
Response report_outcome(Exchange& exchange) {
  constexpr std::array names{std::pair("done", ReportKind::done), std::pair("declined", ReportKind::declined),
                             std::pair("failed", ReportKind::failed), std::pair("revoked", ReportKind::revoked)};
  const ReportKind kind = named(names, text_in(exchange, "outcome"));
  const std::string key = text_in(exchange, "key");
  Store& store = exchange.context.engine.store();
  const auto case_id = store.find_case_of_key(key);
  if (!case_id) return problem(case_id.error());
  const auto record = store.load_case(case_id->value_or(0));
  if (!record && record.error().code != Code::not_found) return problem(record.error());
  std::string department;
  if (record) {
    for (const auto& [id, effect] : record->effects) {
      const auto commitment = record->commitments.find(effect.subject_id);
      const bool of_department = effect.key == key && effect.verb != "publish" && commitment != record->commitments.end();
      if (of_department) department = commitment->second.department;
    }
  }
  // A key of another department is as unknown as one that never was.
  if (department.empty() || !exchange.viewer.has(department))
    return problem(404, "no effect of your department has the key " + key);
  const auto told = exchange.context.engine.report(
      {.key = key, .kind = kind, .evidence = object_in(exchange, "evidence"), .reason = text_in(exchange, "reason")},
      asker_of(exchange));
  if (!told) return problem(told.error());
  if (exchange.context.options.after_act) {
    if (const auto settled = exchange.context.options.after_act(); !settled) return problem(settled.error());
  }
  return answer({{"key", key}, {"case", record->row.reference}});
}

}  // namespace redress::service
