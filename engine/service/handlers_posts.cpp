// Posts in: with a token of the role channel, or through a signed hook. A 2xx answer is durable.
#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "redress/post.hpp"
#include "service/acts.hpp"
#include "service/handlers.hpp"
#include "service/signature.hpp"

namespace redress::service {
namespace {

Response receive(Exchange& exchange) {
  const auto post = parse_post(exchange.request.body);
  if (!post) return problem(post.error());
  const auto& options = exchange.context.options;
  const auto fate =
      options.receive ? options.receive(*post, exchange.key) : exchange.context.engine.receive(*post, exchange.key);
  if (!fate) return problem(fate.error());
  Json out = {{"channel", post->channel}, {"id", post->id}, {"fate", to_string(fate->fate)}};
  out["case"] = fate->case_reference.empty() ? Json() : Json(fate->case_reference);
  out["reason"] = fate->reason.empty() ? Json() : Json(fate->reason);
  out["redelivered"] = fate->redelivered;
  out["edited"] = fate->edited;
  return answer(out, fate->redelivered ? 200 : 201);
}

}  // namespace

Response receive_post(Exchange& exchange) { return receive(exchange); }

Response show_post(Exchange& exchange) {
  const auto found = exchange.context.reader().find_post(exchange.path["channel"], exchange.path["id"]);
  if (!found) return problem(found.error());
  if (!*found) return problem(404, "no post " + exchange.path["id"] + " of the channel " + exchange.path["channel"]);
  Json out = {{"channel", (*found)->channel}, {"id", (*found)->post_id}, {"fate", to_string((*found)->fate)}};
  out["reason"] = (*found)->reason.empty() ? Json() : Json((*found)->reason);
  out["case"] = Json();
  if ((*found)->case_id != 0) {
    const auto rows = exchange.context.reader().cases((*found)->case_id - 1, 1);
    if (!rows) return problem(rows.error());
    if (!rows->empty()) out["case"] = rows->front().reference;
  }
  return answer(out);
}

// The signature is over the raw body; its id is the request's: the same delivery twice is one.
Response receive_hook(Exchange& exchange) {
  const auto& hooks = exchange.context.options.inbound;
  const auto hook =
      std::find_if(hooks.begin(), hooks.end(), [&](const InboundHook& h) { return h.name == exchange.path["name"]; });
  if (hook == hooks.end()) return problem(404, "no such hook");
  const Request& request = exchange.request;
  const std::string& id = request.header("webhook-id");
  const std::string& at_text = request.header("webhook-timestamp");
  std::int64_t at_s = 0;
  const auto [end, wrong] = std::from_chars(at_text.data(), at_text.data() + at_text.size(), at_s);
  const bool dated = wrong == std::errc{} && end == at_text.data() + at_text.size() && at_s > 0 && at_s < 100'000'000'000;
  if (id.empty() || id.size() > 255 || !dated)
    return problem(401, "a hook's request bears webhook-id, webhook-timestamp (Unix seconds) and webhook-signature");
  if (!is_signed(request.header("webhook-signature"), hook->secret, id, at_s, request.body))
    return problem(401, "the signature is not that of this id, time and body under this hook's secret");
  if (std::llabs(at_s * 1000 - exchange.context.now_ms()) > hook->tolerance_ms)
    return problem(401, "the signed time is too far from now: sign anew");
  const RequestKey name{"hook:" + sha256_hex(hook->name + "\n" + id), sha256_hex(request.body)};
  const auto known = look_up_request(exchange.context, name);
  if (!known) return problem(known.error());
  if (known->is_anothers) return problem(422, "this webhook-id was another delivery's");
  exchange.key = known->key;
  return receive(exchange);
}

}  // namespace redress::service
