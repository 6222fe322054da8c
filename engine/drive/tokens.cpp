// Tokens: what programs show instead of a person's name. The store keeps their SHA-256, so nobody can read one out of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "drive/driver.hpp"
#include "redress/limits.hpp"

namespace redress::drive {
namespace {

Result<void> check_grant(const TokenGrant& grant, const PersonRow& person) {
  const Json roles = Json::parse(person.roles, nullptr, false);
  for (const std::string& role : grant.roles) {
    if (std::find(roles.begin(), roles.end(), Json(role)) == roles.end())
      return {Code::refused, person.name + " has the roles " + person.roles + "; a token cannot grant " + role};
  }
  if (grant.expires_at_ms < 0) return {Code::invalid, "expires_at_ms is an instant, or 0 for none"};
  if (grant.note.size() > limits::name_bytes_max || !base::is_utf8(grant.note))
    return {Code::invalid, "a token's note has at most " + std::to_string(limits::name_bytes_max) + " bytes of UTF-8"};
  return {};
}

Result<CaseRecord> load_zero(Turn& turn) {
  auto zero = turn.load(0);
  if (!zero && zero.error().code == Code::not_found) return CaseRecord{};
  return zero;
}

}  // namespace

Result<std::string> Driver::add_token(const TokenGrant& grant) {
  std::string token;
  const auto added = writer_->execute(
      [&](Turn& turn) -> Result<void> {
        const auto person = options_.store->find_person(grant.person);
        if (!person) return person.error();
        if (!*person) return {Code::not_found, "no person " + grant.person + ": add them with their roles first"};
        if (const auto fits = check_grant(grant, **person); !fits) return fits;
        const auto zero = load_zero(turn);
        if (!zero) return zero.error();
        token = "redress_" + turn.supply().salt() + turn.supply().salt();
        path::Draft draft(*zero, nullptr, turn.supply(), turn.now_ms());
        const Json content = {{"roles", grant.roles}, {"expires_at_ms", grant.expires_at_ms}, {"note", grant.note}};
        const std::int64_t id = turn.supply().next_id(Table::documents);
        draft.record.documents[id] = {.id = id,
                                      .kind = "token",
                                      .name = grant.person,
                                      .hash = base::sha256_hex(token),
                                      .content = base::dump_json(content),
                                      .active = 1};
        draft.event = "token.added";
        draft.what = {{"token", id}, {"person", grant.person}};
        turn.put(*zero, std::move(draft));
        return {};
      },
      {"person/" + grant.person}, false);
  if (!added) return added.error();
  return token;
}

Result<void> Driver::revoke_token(std::int64_t token_id) {
  return writer_->execute(
      [&](Turn& turn) -> Result<void> {
        const auto page = options_.store->documents("token", token_id - 1, 1);
        if (!page) return page.error();
        if (page->empty() || page->front().id != token_id)
          return {Code::not_found, "no token " + std::to_string(token_id) + ": redress token list shows those that are there"};
        if (page->front().active == 0) return {};
        auto zero = load_zero(turn);
        if (!zero) return zero.error();
        zero->documents[token_id] = page->front();
        path::Draft draft(*zero, nullptr, turn.supply(), turn.now_ms());
        draft.record.documents[token_id].active = 0;
        draft.event = "token.revoked";
        draft.what = {{"token", token_id}, {"person", page->front().name}};
        turn.put(*zero, std::move(draft));
        return {};
      },
      {"token/" + std::to_string(token_id)}, false);
}

}  // namespace redress::drive
