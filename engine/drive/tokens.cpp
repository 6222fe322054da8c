// Tokens: what programs show instead of a person's name. The store keeps their SHA-256, so nobody can read one out of it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/time.hpp"
#include "drive/driver.hpp"
#include "redress/limits.hpp"

namespace redress::drive {
namespace {

Result<void> check_grant(const TokenGrant& grant, const PersonRow& person, std::int64_t now_ms) {
  const Json roles = Json::parse(person.roles, nullptr, false);
  for (const std::string& role : grant.roles) {
    if (std::find(roles.begin(), roles.end(), Json(role)) == roles.end())
      return {Code::refused, person.name + " has the roles " + person.roles + "; a token cannot grant " + role};
  }
  if (grant.expires_at_ms != 0 && grant.expires_at_ms <= now_ms) {
    const auto named = [](std::int64_t at_ms) { return std::to_string(at_ms) + " (" + base::format_instant(at_ms) + ")"; };
    return {Code::invalid, "expires_at_ms " + named(grant.expires_at_ms) + " is past, it is " + named(now_ms) +
                               " now: a token expires at an instant to come, or never (0)"};
  }
  if (grant.note.size() > limits::name_bytes_max || !base::is_utf8(grant.note))
    return {Code::invalid, "a token's note has at most " + std::to_string(limits::name_bytes_max) + " bytes of UTF-8"};
  return {};
}

}  // namespace

Result<std::string> Driver::add_token(const TokenGrant& grant) {
  auto token = add_token(grant, {});
  if (!token) return token.error();
  return std::move(token->text);
}

Result<IssuedToken> Driver::add_token(const TokenGrant& grant, const Asker& asker) {
  if (const auto known = check_asker(asker); !known) return known.error();
  Json content = {{"roles", grant.roles}, {"expires_at_ms", grant.expires_at_ms}, {"note", grant.note}};
  if (!asker.request.id.empty()) content["request"] = asker.request.id;  // For issued_before.
  IssuedToken token;
  const auto added = writer_->execute_once(
      {asker.by, asker.request, "token\n" + grant.person + "\n" + base::dump_json(content)},
      [&](Turn& turn) -> Result<void> {
        const auto person = options_.store->find_person(grant.person);
        if (!person) return person.error();
        if (!*person) return {Code::not_found, "no person " + grant.person + ": add them with their roles first"};
        if (const auto fits = check_grant(grant, **person, turn.now_ms()); !fits) return fits;
        const auto zero = turn.load_zero();
        if (!zero) return zero.error();
        token.text = "redress_" + turn.supply().salt() + turn.supply().salt();
        path::Draft draft(*zero, nullptr, turn.supply(), turn.now_ms());
        token.id = turn.supply().next_id(Table::documents);
        draft.record.documents[token.id] = {.id = token.id,
                                            .kind = "token",
                                            .name = grant.person,
                                            .hash = base::sha256_hex(token.text),
                                            .content = base::dump_json(content),
                                            .active = 1};
        draft.event = "token.added";
        draft.what = {{"token", token.id}, {"person", grant.person}};
        turn.put(*zero, std::move(draft));
        return {};
      },
      {"person/" + grant.person}, false);
  if (!added) return added.error();
  if (!*added) return issued_before(asker.request.id);
  return token;
}

// The same request again: its token is there, and nothing can tell its text.
Error Driver::issued_before(const std::string& request_id) {
  std::int64_t after = 0;
  for (;;) {
    const auto page = options_.store->documents("token", after, limits::page_rows_max);
    if (!page) return page.error();
    for (const DocumentRow& row : *page) {
      after = row.id;
      const Json content = Json::parse(row.content, nullptr, false);
      if (!content.is_object() || content.value("request", std::string()) != request_id) continue;
      const std::string id = std::to_string(row.id);
      return {Code::conflict, "this request made token " + id +
                                  ", whose text was told then and is kept nowhere: revoke token " + id +
                                  ", and ask under a new key"};
    }
    if (page->size() < limits::page_rows_max)
      return {Code::corrupt, "request " + request_id + " made a token that is not there; run redress audit"};
  }
}

Result<void> Driver::revoke_token(std::int64_t token_id, const Asker& asker) {
  if (const auto known = check_asker(asker); !known) return known;
  const auto revoked = writer_->execute_once(
      {asker.by, asker.request, "revoke\n" + std::to_string(token_id)},
      [&](Turn& turn) -> Result<void> {
        const auto page = options_.store->documents("token", token_id - 1, 1);
        if (!page) return page.error();
        if (page->empty() || page->front().id != token_id)
          return {Code::not_found, "no token " + std::to_string(token_id) + ": redress token list shows those that are there"};
        if (page->front().active == 0) return {};
        auto zero = turn.load_zero();
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
  return revoked ? Result<void>() : revoked.error();
}

}  // namespace redress::drive
