// The routes as one table: what each takes, who may, what it answers. The router, the OpenAPI document and the tests read it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "service/context.hpp"
#include "service/http_message.hpp"

namespace redress::service {

// One request on its way through a route.
struct Exchange {
  Context& context;
  const Request& request;
  Viewer viewer{};
  std::map<std::string, std::string> path{};  // "{ref}" under "ref", decoded.
  Json body{};                                // Of routes that take JSON: an object whose fields are among the route's.
  RequestKey key{};                           // What the Idempotency-Key stands for. Empty id: there is none.
  bool is_repeated = false;                   // The same request was done before under that key.
};

struct Field {
  const char* name;
  const char* type;  // As answers.hpp says. The router checks it in bodies: JSON Schema's own, "a|b", "[T]" and "{T}" of such.
  bool required;
  const char* description;
};

struct Route {
  const char* method;
  const char* pattern;  // "/v1/cases/{ref}".
  const char* id;       // OpenAPI's operationId.
  const char* summary;
  const char* answer;  // The type of its JSON, as answers.hpp says; empty: nothing, or no JSON.
  // Who may: one of these roles. Empty: whoever bears a good token; what they see and do is then decided by case and task.
  std::vector<std::string_view> roles;
  enum class Access { token, open, signature } access = Access::token;
  enum class Body { none, json, raw } body = Body::none;
  std::vector<Field> fields{};  // Of a JSON body.
  std::vector<Field> query{};   // What may stand in it, each once; routes that are open take anything.
  std::vector<int> statuses{};  // Of success; those of refusal follow from the rest.
  Response (*handle)(Exchange&);
  bool is_act = false;         // Of a person on a case: takes If-Match.
  const char* raw_shape = "";  // The shape of a raw body, which its handler checks.

  // PUT and DELETE are the same twice anyway; a hook's request has its webhook-id.
  [[nodiscard]] bool takes_key() const { return std::string_view(method) == "POST" && access == Access::token; }
};

[[nodiscard]] const std::vector<Route>& routes();

// ---- what handlers answer with ----
[[nodiscard]] Response answer(const Json& json, int status = 200);
[[nodiscard]] Response problem(int status, const std::string& detail);
[[nodiscard]] Response problem(const Error& error);  // As the table in docs/service.md says.
[[nodiscard]] int status_of(Code code);
[[nodiscard]] std::string encoded(std::string_view text);  // Percent-encoded: a path's segment, a query's value.

class Router {
 public:
  explicit Router(Context& context) : context_(context) {}
  [[nodiscard]] Response handle(const Request& request);

 private:
  Response run(const Route& route, std::map<std::string, std::string> path, const Request& request);
  Context& context_;
};

}  // namespace redress::service
