// redress token: what programs show over HTTP instead of a person's name.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress::cli {

Result<int> add_token(const WriteOptions& options, const TokenGrant& grant, Console& console) {
  if (options.server.named()) {
    nlohmann::ordered_json body = {{"person", grant.person}, {"expires_at_ms", grant.expires_at_ms}, {"note", grant.note}};
    if (!grant.roles.empty()) body["roles"] = grant.roles;  // Without: all of the person's.
    const auto answer = ask_server(options.server, "POST", "/v1/tokens", body);
    if (!answer) return answer.error();
    console.out << cell(*answer, "token") << '\n';
    return 0;
  }
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    const auto token = engine.add_token(grant);
    if (!token) return token.error();
    console.out << *token << '\n';
    console.err << "keep it: it is shown this once; redress token list shows that it is there\n";
    return 0;
  });
}

Result<int> revoke_token(const WriteOptions& options, std::int64_t token, Console& console) {
  if (options.server.named()) {
    if (const auto done = ask_server(options.server, "DELETE", "/v1/tokens/" + std::to_string(token), nullptr); !done)
      return done.error();
    console.out << "token " << token << " is good no more\n";
    return 0;
  }
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    if (const auto revoked = engine.revoke_token(token); !revoked) return revoked.error();
    console.out << "token " << token << " is good no more\n";
    return 0;
  });
}

Result<int> list_tokens(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  Table table({"id", "person", "roles", "expires", "note", ""});
  for (std::int64_t after = 0;;) {
    const auto lines = redress::list_tokens(**store, after, limits::page_rows_max);
    if (!lines) return lines.error();
    for (const std::string& line : *lines) {
      const auto json = parse_json(line, "a token");
      if (!json) return json.error();
      after = json->at("id").get<std::int64_t>();
      if (options.json) {
        console.out << line << '\n';
        continue;
      }
      const bool all = json->at("roles").empty();
      table.add({cell(*json, "id"), cell(*json, "person"), all ? "all of theirs" : cell(json->at("roles")),
                 cell(*json, "expires_at"), cell(*json, "note"), json->at("revoked").get<bool>() ? "revoked" : ""});
    }
    if (lines->size() < limits::page_rows_max) break;
  }
  if (!options.json) table.print(console.out);
  return 0;
}

}  // namespace redress::cli
