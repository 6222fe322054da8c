// What all acts of people share over HTTP: who acts, once for each Idempotency-Key, on the state that If-Match names.
#pragma once
#include <functional>

#include "service/router.hpp"

namespace redress::service {

// Runs the act and answers the case as it stands then: {"case","seq","state"} with what `about` adds. `case_reference` empty:
// no case, and If-Match says nothing. 412: the case went on since; 422: the key was another request's.
[[nodiscard]] Response run_act(Exchange& exchange, const std::string& case_reference,
                               const std::function<Result<void>(const Act&)>& act, const std::function<Json()>& about = {});

// The request id that an Idempotency-Key stands for: the viewer's own, so that nobody meets another's. Empty id: no key.
[[nodiscard]] Result<RequestKey> request_of(const Exchange& exchange);
// Whether that id was another request's: then 422.
[[nodiscard]] Result<bool> is_anothers(const Exchange& exchange, const RequestKey& request);
[[nodiscard]] Response key_reused();

}  // namespace redress::service
