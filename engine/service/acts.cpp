// Keys, entity tags, and what an act is answered with.
#include "service/acts.hpp"

#include "service/entity_tags.hpp"
#include "service/signature.hpp"

namespace redress::service {
namespace {

constexpr std::size_t key_bytes_max = 255;
constexpr std::int64_t no_seq = -1;    // Of no state of any case.
constexpr int generations_max = 1000;  // Of one key: eighty years.

Result<Json> case_now(const Exchange& exchange, const std::string& reference) {
  const auto id = exchange.context.engine.store().find_case(reference);
  if (!id) return id.error();
  if (!*id) return {Code::not_found, "no case " + reference};
  const auto rows = exchange.context.engine.store().cases(**id - 1, 1);
  if (!rows) return rows.error();
  if (rows->empty()) return {Code::not_found, "no case " + reference};
  const CaseRow& row = rows->front();
  return Json{
      {"case", row.reference}, {"seq", row.version}, {"state", to_string(row.state)}, {"set_aside", row.set_aside != 0}};
}

// The seq that the act is for, so that the engine compares it within the act's own transaction. 0: any. Of several that
// If-Match names it is the present one, if that is among them; else one that is not: unless it is a repeated request, it is too
// late.
Result<std::int64_t> seq_of(const Exchange& exchange, const std::string& case_reference) {
  if (!exchange.request.headers.contains("if-match")) return std::int64_t{0};
  const auto tags = parse_entity_tags("If-Match", exchange.request.header("if-match"));
  if (!tags) return tags.error();
  if (tags->any || case_reference.empty()) return std::int64_t{0};
  const auto now = case_now(exchange, case_reference);
  if (!now) return now.error();
  const auto present = (*now)["seq"].get<std::int64_t>();
  return tags->match_strongly(opaque_of(present)) ? present : no_seq;
}

}  // namespace

Result<RequestKey> name_of_request(const Exchange& exchange) {
  const Request& request = exchange.request;
  const std::string& key = request.header("idempotency-key");
  if (key.empty()) return {Code::invalid, "the Idempotency-Key is empty: leave it out, or name the request"};
  if (key.size() > key_bytes_max)
    return {Code::invalid, "an Idempotency-Key has at most " + std::to_string(key_bytes_max) + " bytes"};
  return RequestKey{"http:" + sha256_hex(exchange.viewer.person + "\n" + key),
                    sha256_hex(request.method + "\n" + request.path + "\n" + request.body)};
}

Result<KeyedRequest> look_up_request(const Context& context, const RequestKey& name) {
  RequestKey key = name;
  for (int generation = 2; generation <= generations_max; ++generation) {
    const auto row = context.engine.store().find_request(key.id);
    if (!row) return row.error();
    if (!*row) return KeyedRequest{.key = key};
    if (context.now_ms() - (*row)->at_ms <= key_kept_ms) {
      const bool is_same = (*row)->act_digest == key.digest;
      return KeyedRequest{.key = key, .is_repeated = is_same, .is_anothers = !is_same};
    }
    key.id = name.id + "/" + std::to_string(generation);
  }
  return {Code::invalid, "this key was used anew " + std::to_string(generations_max) + " times: take another one"};
}

Response key_reused() { return problem(422, "this key was used for another path or body: take a new key for a new request"); }

Asker asker_of(const Exchange& exchange) { return {.by = exchange.viewer.person, .request = exchange.key}; }

Response run_act(Exchange& exchange, const std::string& case_reference, const std::function<Result<void>(const Act&)>& act,
                 const std::function<Json()>& about) {
  const auto seq = seq_of(exchange, case_reference);
  if (!seq) return problem(seq.error());
  const Act the_act{.by = exchange.viewer.person,
                    .request_id = exchange.key.id,
                    .request_digest = exchange.key.digest,
                    .case_seq = *seq,
                    .roles = std::vector<std::string>(exchange.viewer.roles.begin(), exchange.viewer.roles.end())};
  if (const auto done = act(the_act); !done) {
    if (done.error().code == Code::conflict) {
      const auto now = *seq != 0 && !case_reference.empty() ? case_now(exchange, case_reference) : Result<Json>(Json{});
      if (now && now->is_object() && (*now)["seq"] != *seq)
        return problem(412, case_reference + " is at ETag " + etag_of((*now)["seq"].get<std::int64_t>()) +
                                ", which If-Match does not name: look at the case again, then decide");
    }
    return problem(done.error());
  }
  if (exchange.context.options.after_act) {
    if (const auto settled = exchange.context.options.after_act(); !settled) return problem(settled.error());
  }
  Json out = Json::object();
  if (!case_reference.empty()) {
    const auto now = case_now(exchange, case_reference);
    if (!now) return problem(now.error());
    out = *now;
  }
  if (about) out.update(about());
  Response response = answer(out);
  if (out.contains("seq")) response.headers.emplace_back("ETag", etag_of(out["seq"].get<std::int64_t>()));
  return response;
}

}  // namespace redress::service
