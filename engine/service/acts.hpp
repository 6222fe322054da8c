// What all acts of people share over HTTP: who acts, once for each Idempotency-Key, on the state that If-Match names.
// The router looks each key up before the handler runs; handlers hand it on (Exchange::key), so that the engine writes it in
// the transaction of what it stands for.
#pragma once
#include <functional>

#include "service/router.hpp"

namespace redress::service {

// How long an Idempotency-Key, or a hook's webhook-id, stands for its request. One that is older is free for another request.
inline constexpr std::int64_t key_kept_ms = std::int64_t{30} * 24 * 60 * 60 * 1000;

// Runs the act and answers the case as it stands then: {"case","seq","state"} with what `about` adds. `case_reference` empty:
// no case, and If-Match says nothing. 412: the case went on since.
[[nodiscard]] Response run_act(Exchange& exchange, const std::string& case_reference,
                               const std::function<Result<void>(const Act&)>& act, const std::function<Json()>& about = {});

// A name that a client gave its request, as the engine's request id.
struct KeyedRequest {
  RequestKey key{};
  bool is_repeated = false;  // The same request was done under it.
  bool is_anothers = false;  // It was another request's: then 422.
};
// Rows of requests are never taken out, since the journal gives them. So a name that is free again stands for a new id: "ID",
// then "ID/2", "ID/3". `invalid`: it was free too often.
[[nodiscard]] Result<KeyedRequest> look_up_request(const Context& context, const RequestKey& name);
// What the Idempotency-Key names: the viewer's own, so that nobody meets another's. `invalid`: empty, or too long.
[[nodiscard]] Result<RequestKey> name_of_request(const Exchange& exchange);
[[nodiscard]] Response key_reused();

[[nodiscard]] Asker asker_of(const Exchange& exchange);

}  // namespace redress::service
