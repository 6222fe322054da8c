// Administration: workflows, people, tokens, and the clock of a rehearsal. All of it for the role admin.
#include "service/acts.hpp"
#include "service/handlers.hpp"

namespace redress::service {
namespace {

Json parsed(const std::vector<std::string>& lines) {
  Json out = Json::array();
  for (const std::string& line : lines) out.push_back(Json::parse(line, nullptr, false));
  return out;
}

std::vector<std::string> roles_in(const Exchange& exchange) { return exchange.body.value("roles", std::vector<std::string>()); }

// A workflow's active version and its ways: what a repetition is answered with, since others may have changed them meanwhile.
Result<Json> workflow_now(const Exchange& exchange, const std::string& id) {
  const auto lines = redress::list_workflows(exchange.context.reader());
  if (!lines) return lines.error();
  Json found;
  for (const Json& version : parsed(*lines))
    if (version["workflow"] == id && (found.is_null() || version["active"] == true)) found = version;
  if (found.is_null()) return {Code::not_found, "no workflow " + id + " is published"};
  return found;
}

}  // namespace

Response list_workflows(Exchange& exchange) {
  const auto lines = redress::list_workflows(exchange.context.reader());
  return lines ? answer({{"workflows", parsed(*lines)}}) : problem(lines.error());
}

Response publish_workflow(Exchange& exchange) {
  const auto published = exchange.context.engine.publish_workflow(exchange.request.body, asker_of(exchange));
  if (!published) return problem(published.error());
  const std::size_t space = published->rfind(' ');
  return answer({{"workflow", published->substr(0, space)}, {"version", published->substr(space + 1)}}, 201);
}

Response activate_workflow(Exchange& exchange) {
  const std::string& id = exchange.path["id"];
  const std::string version = exchange.body.at("version").get<std::string>();
  const auto activated = exchange.context.engine.activate_workflow(id, version, asker_of(exchange));
  if (!activated) return problem(activated.error());
  if (!exchange.is_repeated) return answer({{"workflow", id}, {"version", version}});
  const auto now = workflow_now(exchange, id);
  return now ? answer({{"workflow", id}, {"version", (*now)["version"]}}) : problem(now.error());
}

// Both ways are said, so that nobody opens one by leaving it out.
Response switch_workflow(Exchange& exchange) {
  Switches switches;
  switches.new_cases = exchange.body.at("new_cases") == "shut";
  switches.automatic_replies = exchange.body.at("automatic_replies") == "shut";
  const std::string& id = exchange.path["id"];
  const auto done = exchange.context.engine.set_switches(id, switches, asker_of(exchange));
  if (!done) return problem(done.error());
  const auto now = exchange.is_repeated ? workflow_now(exchange, id) : Result<Json>(exchange.body);
  if (!now) return problem(now.error());
  return answer({{"workflow", id}, {"new_cases", now->at("new_cases")}, {"automatic_replies", now->at("automatic_replies")}});
}

Response list_people(Exchange& exchange) {
  const auto page = page_of(exchange);
  if (!page) return problem(page.error());
  auto people = exchange.context.reader().people(page->after, page->limit + 1);
  if (!people) return problem(people.error());
  const bool more = people->size() > page->limit;
  if (more) people->pop_back();
  Json out = Json::array();
  for (const PersonRow& row : *people)
    out.push_back({{"id", row.id}, {"name", row.name}, {"roles", Json::parse(row.roles, nullptr, false)}});
  const Json next = more ? Json(next_page(exchange, *page, people->back().id)) : Json();
  return answer({{"people", std::move(out)}, {"next", next}});
}

Response add_person(Exchange& exchange) {
  const std::vector<std::string> roles = roles_in(exchange);
  const auto added = exchange.context.engine.add_person(exchange.path["name"], roles, asker_of(exchange));
  return added ? answer({{"name", exchange.path["name"]}, {"roles", roles}}) : problem(added.error());
}

Response list_tokens(Exchange& exchange) {
  const auto page = page_of(exchange);
  if (!page) return problem(page.error());
  auto lines = redress::list_tokens(exchange.context.reader(), page->after, page->limit + 1);
  if (!lines) return problem(lines.error());
  const bool more = lines->size() > page->limit;
  if (more) lines->pop_back();
  Json tokens = parsed(*lines);
  const Json next = more ? Json(next_page(exchange, *page, tokens.back()["id"].get<std::int64_t>())) : Json();
  return answer({{"tokens", std::move(tokens)}, {"next", next}});
}

// No role at all is no token, and an empty list is not "all of them": who computes a list and comes out with none means none.
Response add_token(Exchange& exchange) {
  if (exchange.body.contains("roles") && exchange.body["roles"].empty())
    return problem(400, "roles is empty: name those that the token is for, or leave the field out for all of the person's");
  TokenGrant grant{.person = exchange.body.at("person").get<std::string>(),
                   .roles = roles_in(exchange),
                   .note = exchange.body.value("note", std::string())};
  grant.expires_at_ms = exchange.body.value("expires_at_ms", std::int64_t{0});
  const auto token = exchange.context.engine.add_token(grant, asker_of(exchange));
  if (!token) return problem(token.error());
  Response response = answer({{"id", token->id}, {"token", token->text}, {"person", grant.person}}, 201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response revoke_token(Exchange& exchange) {
  const auto id = id_in(exchange, "id");
  if (!id) return problem(id.error());
  const auto revoked = exchange.context.engine.revoke_token(*id, asker_of(exchange));
  return revoked ? Response{.status = 204} : problem(revoked.error());
}

// Moving time is many transactions, and its key comes in one of its own behind them: after a crash in between, a repetition
// does what is left.
Response move_clock(Exchange& exchange) {
  Context& context = exchange.context;
  if (!context.options.advance) return problem(409, "real time moves by itself; only a rehearsal's clock is moved");
  const std::lock_guard moving(context.moving_time);  // Two at once under one key: the second finds it kept.
  const auto again = look_up_request(context, exchange.key);
  if (!again) return problem(again.error());
  if (again->is_anothers) return key_reused();
  if (again->is_repeated) return answer({{"now_ms", context.now_ms()}});
  const auto now = context.options.advance(exchange.body.at("advance_to_ms").get<std::int64_t>());
  if (!now) return problem(now.error());
  const auto kept = exchange.key.id.empty() ? Result<void>() : context.engine.keep_request(asker_of(exchange));
  return kept ? answer({{"now_ms", *now}}) : problem(kept.error());
}

}  // namespace redress::service
