// What people read: cases, tasks, the report; each as far as they may see it.
#include <algorithm>
#include <charconv>

#include "redress/limits.hpp"
#include "service/entity_tags.hpp"
#include "service/handlers.hpp"
#include "service/visibility.hpp"

namespace redress::service {
namespace {

constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 200;
constexpr std::size_t rows_at_once = 100;
constexpr std::size_t rows_looked_at_max = 400;  // For one page: a viewer who sees few cases comes again from where it ended.

// Lines are pages of `list(after, limit)`; `see` keeps what the viewer may see.
template <class List, class See>
Response paged(const Exchange& exchange, const Page& page, const char* name, List list, See see) {
  Json items = Json::array();
  std::int64_t after = page.after;
  bool more = !exchange.viewer.roles.empty();  // Who has no role sees nothing.
  for (std::size_t looked = 0; more && items.size() < page.limit && looked < rows_looked_at_max;) {
    const auto lines = list(after, rows_at_once);
    if (!lines) return problem(lines.error());
    more = lines->size() == rows_at_once;
    for (const std::string& line : *lines) {
      Json json = Json::parse(line, nullptr, false);
      ++looked;
      if (items.size() == page.limit) {
        more = true;
        break;
      }
      after = json.at("id").get<std::int64_t>();
      auto seen = see(std::move(json));
      if (!seen) return problem(seen.error());
      if (*seen) items.push_back(std::move(**seen));
    }
  }
  Json out = {{name, std::move(items)}};
  out["next"] = Json();
  if (more) out["next"] = next_page(exchange, page, after);
  return answer(out);
}

// `*` and a tag of the present state: it is not sent again.
Result<bool> is_known(const Exchange& exchange, std::int64_t seq) {
  if (!exchange.request.headers.contains("if-none-match")) return false;
  const auto tags = parse_entity_tags("If-None-Match", exchange.request.header("if-none-match"));
  if (!tags) return tags.error();
  return tags->match_weakly(opaque_of(seq));
}

}  // namespace

Result<std::int64_t> number_in(const Exchange& exchange, const std::string& name, std::int64_t otherwise) {
  const auto found = exchange.request.query.find(name);
  if (found == exchange.request.query.end()) return otherwise;
  std::int64_t value = 0;
  const std::string& text = found->second;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc{} || end != text.data() + text.size() || value < 0)
    return {Code::invalid, name + " is a number from 0"};
  return value;
}

Result<Page> page_of(const Exchange& exchange) {
  const auto after = number_in(exchange, "after", 0);
  if (!after) return after.error();
  const auto limit = number_in(exchange, "limit", page_default);
  if (!limit) return limit.error();
  if (*limit < 1 || *limit > page_max) return {Code::invalid, "limit is 1 to " + std::to_string(page_max)};
  return Page{*after, static_cast<std::size_t>(*limit)};
}

std::string next_page(const Exchange& exchange, const Page& page, std::int64_t after) {
  std::string next = exchange.request.path + "?after=" + std::to_string(after) + "&limit=" + std::to_string(page.limit);
  if (const auto role = exchange.request.query.find("role"); role != exchange.request.query.end())
    next += "&role=" + encoded(role->second);
  return next;
}

Result<std::int64_t> id_in(const Exchange& exchange, const std::string& name) {
  const std::string& text = exchange.path.at(name);
  std::int64_t value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (wrong != std::errc{} || end != text.data() + text.size() || value < 1)
    return {Code::not_found, "no " + name + " \"" + text + "\": it is a number"};
  return value;
}

Response list_cases(Exchange& exchange) {
  const auto page = page_of(exchange);
  if (!page) return problem(page.error());
  Context& context = exchange.context;
  return paged(
      exchange, *page, "cases",
      [&](std::int64_t after, std::size_t limit) { return redress::list_cases(context.reader(), after, limit); },
      [&](Json json) -> Result<std::optional<Json>> {
        if (exchange.viewer.sees_everything()) return std::optional(std::move(json));
        // The list has no commitments; who sees a part needs them to be found.
        const auto whole = sees_whole(context, exchange.viewer, json.at("reference").get<std::string>());
        if (!whole) return whole.error();
        if (*whole) return std::optional(std::move(json));
        const auto shown = redress::show_case(context.reader(), json.at("reference").get<std::string>());
        if (!shown) return shown.error();
        auto part = visible_case(context, exchange.viewer, Json::parse(*shown, nullptr, false));
        if (part && *part) (**part)["id"] = json.at("id");
        return part;
      });
}

Response show_case(Exchange& exchange) {
  const auto shown = redress::show_case(exchange.context.reader(), exchange.path["ref"]);
  if (!shown) return problem(shown.error());
  auto seen = visible_case(exchange.context, exchange.viewer, Json::parse(*shown, nullptr, false));
  if (!seen) return problem(seen.error());
  if (!*seen) return problem(404, "no case '" + exchange.path["ref"] + "'; /v1/cases lists those that you see");
  const auto seq = (*seen)->value("seq", std::int64_t{0});
  const auto known = is_known(exchange, seq);
  if (!known) return problem(known.error());
  Response response = *known ? Response{.status = 304} : answer(**seen);
  response.headers.emplace_back("ETag", etag_of(seq));
  return response;
}

Response explain_case(Exchange& exchange) {
  const auto whole = sees_whole(exchange.context, exchange.viewer, exchange.path["ref"]);
  if (!whole) return problem(whole.error());
  if (!*whole) return problem(404, "no case '" + exchange.path["ref"] + "' that you see whole");
  const auto explained = redress::explain_case(exchange.context.reader(), exchange.path["ref"]);
  return explained ? Response{.body = *explained} : problem(explained.error());
}

Response list_tasks(Exchange& exchange) {
  const auto page = page_of(exchange);
  if (!page) return problem(page.error());
  const auto asked = exchange.request.query.find("role");
  const std::string role = asked == exchange.request.query.end() ? "" : asked->second;
  Context& context = exchange.context;
  return paged(
      exchange, *page, "tasks",
      [&](std::int64_t after, std::size_t limit) { return redress::list_tasks(context.reader(), role, after, limit); },
      [&](Json json) { return visible_task(context, exchange.viewer, std::move(json)); });
}

Response show_report(Exchange& exchange) {
  const auto report = make_report(exchange.context.reader());
  return report ? Response{.body = *report} : problem(report.error());
}

}  // namespace redress::service
