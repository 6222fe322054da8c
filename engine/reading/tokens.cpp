// Who bears a token, and which tokens there are.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/time.hpp"
#include "reading/rows.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

struct Grant {
  std::vector<std::string> roles;
  std::int64_t expires_at_ms = 0;
  std::string note;
};

Result<Grant> grant_of(const DocumentRow& row) {
  const Json json = Json::parse(row.content, nullptr, false);
  try {
    return Grant{json.at("roles").get<std::vector<std::string>>(), json.at("expires_at_ms").get<std::int64_t>(),
                 json.at("note").get<std::string>()};
  } catch (const Json::exception&) {
    return {Code::corrupt, "the stored token " + std::to_string(row.id) + " cannot be read; run redress audit"};
  }
}

// Those of the token's roles that the person still has; of a token without roles, all of the person's.
std::vector<std::string> roles_of(const Grant& grant, const PersonRow& person) {
  std::vector<std::string> out;
  const Json has = Json::parse(person.roles, nullptr, false);
  for (const Json& role : has) {
    if (!role.is_string()) continue;
    const auto name = role.get<std::string>();
    if (grant.roles.empty() || std::find(grant.roles.begin(), grant.roles.end(), name) != grant.roles.end())
      out.push_back(name);
  }
  return out;
}

}  // namespace

Result<std::optional<Bearer>> find_bearer(Store& store, std::string_view token, std::int64_t now_ms) {
  const auto row = store.find_document("token", base::sha256_hex(token));
  if (!row) return row.error();
  if (!*row || (*row)->active == 0) return std::optional<Bearer>();
  const auto grant = grant_of(**row);
  if (!grant) return grant.error();
  if (grant->expires_at_ms != 0 && now_ms >= grant->expires_at_ms) return std::optional<Bearer>();
  const auto person = store.find_person((*row)->name);
  if (!person) return person.error();
  if (!*person) return std::optional<Bearer>();
  return std::optional(Bearer{.person = (*person)->name, .roles = roles_of(*grant, **person), .token_id = (*row)->id});
}

Result<std::vector<std::string>> list_tokens(Store& store, std::int64_t after, std::size_t limit) {
  const auto page = store.documents("token", after, std::min(limit, limits::page_rows_max));
  if (!page) return page.error();
  std::vector<std::string> out;
  for (const DocumentRow& row : *page) {
    const auto grant = grant_of(row);
    if (!grant) return grant.error();
    Json json = {{"id", row.id}, {"person", row.name}, {"roles", grant->roles}, {"revoked", row.active == 0}};
    json["expires_at"] = instant_json(grant->expires_at_ms);
    json["note"] = text_json(grant->note);
    out.push_back(base::dump_json(json));
  }
  return out;
}

}  // namespace redress
