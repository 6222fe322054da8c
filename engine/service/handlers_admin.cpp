// Administration: workflows, people, tokens, and the clock of a rehearsal. All of it for the role admin.
#include "redress/limits.hpp"
#include "service/acts.hpp"
#include "service/handlers.hpp"

namespace redress::service {
namespace {

Json parsed(const std::vector<std::string>& lines) {
  Json out = Json::array();
  for (const std::string& line : lines) out.push_back(Json::parse(line, nullptr, false));
  return out;
}

Result<std::vector<std::string>> strings_in(const Exchange& exchange, const char* name) {
  std::vector<std::string> out;
  for (const Json& value : exchange.body.value(name, Json::array())) {
    if (!value.is_string()) return {Code::invalid, std::string(name) + " is a list of strings"};
    out.push_back(value.get<std::string>());
  }
  return out;
}

}  // namespace

Response list_workflows(Exchange& exchange) {
  const auto lines = redress::list_workflows(exchange.context.reader());
  return lines ? answer({{"workflows", parsed(*lines)}}) : problem(lines.error());
}

Response publish_workflow(Exchange& exchange) {
  const auto published = exchange.context.engine.publish_workflow(exchange.request.body);
  if (!published) return problem(published.error());
  const std::size_t space = published->rfind(' ');
  return answer({{"workflow", published->substr(0, space)}, {"version", published->substr(space + 1)}}, 201);
}

Response activate_workflow(Exchange& exchange) {
  const std::string version = exchange.body.at("version").get<std::string>();
  const auto activated = exchange.context.engine.activate_workflow(exchange.path["id"], version);
  return activated ? answer({{"workflow", exchange.path["id"]}, {"version", version}}) : problem(activated.error());
}

// Both ways are said, so that nobody opens one by leaving it out.
Response switch_workflow(Exchange& exchange) {
  Switches switches;
  for (const char* name : {"new_cases", "automatic_replies"}) {
    const std::string word = exchange.body.at(name).get<std::string>();
    if (word != "open" && word != "shut") return problem(400, std::string(name) + " is open or shut");
    (std::string(name) == "new_cases" ? switches.new_cases : switches.automatic_replies) = word == "shut";
  }
  const auto done = exchange.context.engine.set_switches(exchange.path["id"], switches);
  if (!done) return problem(done.error());
  return answer({{"workflow", exchange.path["id"]},
                 {"new_cases", exchange.body["new_cases"]},
                 {"automatic_replies", exchange.body["automatic_replies"]}});
}

Response list_people(Exchange& exchange) {
  const auto after = number_in(exchange, "after", 0);
  if (!after) return problem(after.error());
  const auto people = exchange.context.reader().people(*after, limits::page_rows_max);
  if (!people) return problem(people.error());
  Json out = Json::array();
  for (const PersonRow& row : *people)
    out.push_back({{"id", row.id}, {"name", row.name}, {"roles", Json::parse(row.roles, nullptr, false)}});
  Json next;
  if (people->size() == limits::page_rows_max) next = "/v1/people?after=" + std::to_string(people->back().id);
  return answer({{"people", std::move(out)}, {"next", next}});
}

Response add_person(Exchange& exchange) {
  const auto roles = strings_in(exchange, "roles");
  if (!roles) return problem(roles.error());
  const auto added = exchange.context.engine.add_person(exchange.path["name"], *roles);
  return added ? answer({{"name", exchange.path["name"]}, {"roles", *roles}}) : problem(added.error());
}

Response list_tokens(Exchange& exchange) {
  const auto after = number_in(exchange, "after", 0);
  if (!after) return problem(after.error());
  const auto lines = redress::list_tokens(exchange.context.reader(), *after, limits::page_rows_max);
  return lines ? answer({{"tokens", parsed(*lines)}}) : problem(lines.error());
}

Response add_token(Exchange& exchange) {
  const auto roles = strings_in(exchange, "roles");
  if (!roles) return problem(roles.error());
  TokenGrant grant{.person = exchange.body.at("person").get<std::string>(),
                   .roles = *roles,
                   .note = exchange.body.value("note", std::string())};
  grant.expires_at_ms = exchange.body.value("expires_at_ms", std::int64_t{0});
  const auto token = exchange.context.engine.add_token(grant);
  if (!token) return problem(token.error());
  Response response = answer({{"token", *token}, {"person", grant.person}}, 201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response revoke_token(Exchange& exchange) {
  const auto id = id_in(exchange, "id");
  if (!id) return problem(id.error());
  const auto revoked = exchange.context.engine.revoke_token(*id);
  return revoked ? Response{.status = 204} : problem(revoked.error());
}

Response move_clock(Exchange& exchange) {
  if (!exchange.context.options.advance) return problem(409, "real time moves by itself; only a rehearsal's clock is moved");
  const auto now = exchange.context.options.advance(exchange.body.at("advance_to_ms").get<std::int64_t>());
  return now ? answer({{"now_ms", *now}}) : problem(now.error());
}

}  // namespace redress::service
