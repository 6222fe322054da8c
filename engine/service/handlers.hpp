// The handlers of the routes, by the file that they stand in.
#pragma once
#include "service/router.hpp"

namespace redress::service {

// ---- handlers_posts.cpp ----
Response receive_post(Exchange& exchange);
Response show_post(Exchange& exchange);
Response receive_hook(Exchange& exchange);

// ---- handlers_cases.cpp ----
Response list_cases(Exchange& exchange);
Response show_case(Exchange& exchange);
Response explain_case(Exchange& exchange);
Response list_tasks(Exchange& exchange);
Response show_report(Exchange& exchange);

// ---- handlers_acts.cpp ----
Response settle_commitment(Exchange& exchange);
Response approve_commitment(Exchange& exchange);
Response review_reply(Exchange& exchange);
Response settle_reply(Exchange& exchange);
Response say(Exchange& exchange);
Response send_event(Exchange& exchange);
Response retry_case(Exchange& exchange);
Response skip_case(Exchange& exchange);
Response finish_task(Exchange& exchange);
Response report_outcome(Exchange& exchange);

// ---- handlers_admin.cpp ----
Response list_workflows(Exchange& exchange);
Response publish_workflow(Exchange& exchange);
Response activate_workflow(Exchange& exchange);
Response switch_workflow(Exchange& exchange);
Response list_people(Exchange& exchange);
Response add_person(Exchange& exchange);
Response list_tokens(Exchange& exchange);
Response add_token(Exchange& exchange);
Response revoke_token(Exchange& exchange);
Response move_clock(Exchange& exchange);

// ---- handlers_service.cpp ----
Response is_alive(Exchange& exchange);
Response is_ready(Exchange& exchange);
Response show_metrics(Exchange& exchange);
Response show_openapi(Exchange& exchange);
Response open_events(Exchange& exchange);

// ---- what they share (handlers_cases.cpp) ----
// A query parameter that is a number from 0; `otherwise` where it is absent. `invalid`: it is none.
[[nodiscard]] Result<std::int64_t> number_in(const Exchange& exchange, const std::string& name, std::int64_t otherwise);
// Which page of a list is asked for. `invalid`: no such numbers.
struct Page {
  std::int64_t after = 0;
  std::size_t limit = 0;
};
[[nodiscard]] Result<Page> page_of(const Exchange& exchange);
// The path of the page that comes after that id, as long as this one.
[[nodiscard]] std::string next_page(const Exchange& exchange, const Page& page, std::int64_t after);
// A path parameter that is an id.
[[nodiscard]] Result<std::int64_t> id_in(const Exchange& exchange, const std::string& name);

}  // namespace redress::service
