// From the table of routes to the document.
#include "service/openapi.hpp"

#include <algorithm>

#include "service/answers.hpp"
#include "service/http_seam.hpp"
#include "service/router.hpp"

namespace redress::service {
namespace {

// Closed: the router refuses other fields.
Json body_of(const Route& route) {
  if (route.body == Route::Body::raw) return schema_of_type(route.raw_shape);
  Json schema = schema_of_fields(route.fields);
  schema["additionalProperties"] = false;
  return schema;
}

Json parameters_of(const Route& route) {
  Json out = Json::array();
  std::string_view rest = route.pattern;
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const std::size_t close = rest.find('}', open);
    out.push_back({{"name", rest.substr(open + 1, close - open - 1)},
                   {"in", "path"},
                   {"required", true},
                   {"schema", {{"type", "string"}}}});
    rest.remove_prefix(close + 1);
  }
  for (const Field& field : route.query)
    out.push_back({{"name", field.name},
                   {"in", "query"},
                   {"required", field.required},
                   {"description", field.description},
                   {"schema", schema_of_type(field.type)}});
  const auto header = [&](const char* name, const char* description, bool required = false) {
    out.push_back({{"name", name},
                   {"in", "header"},
                   {"required", required},
                   {"description", description},
                   {"schema", {{"type", "string"}}}});
  };
  if (route.takes_key())
    header("Idempotency-Key",
           "The same request twice under one key is one, for 30 days; another body under it is refused with 422.");
  if (std::find(route.statuses.begin(), route.statuses.end(), 304) != route.statuses.end())
    header("If-None-Match", "ETags that you have: 304 where the present one is among them.");
  if (std::string_view(route.id) == "openEvents")
    header("Last-Event-ID", "The last event that you have: the stream goes on after it, and 0-0 begins at the beginning.");
  if (route.access == Route::Access::signature) {
    header("webhook-id", "Of this delivery; twice the same is one.", true);
    header("webhook-timestamp", "When it was signed, Unix seconds.", true);
    header("webhook-signature", "v1,BASE64: HMAC-SHA256 of id.timestamp.body under the hook's secret.", true);
  }
  if (route.is_act) header("If-Match", "The case's ETag: 412 where the case went on since.");
  return out;
}

std::vector<int> refusals_of(const Route& route) {
  std::vector<int> out = {400, 404, 500, 503};
  if (route.access == Route::Access::token) out.insert(out.end(), {401, 403});
  if (route.access == Route::Access::signature) out.insert(out.end(), {401, 422});
  if (route.body == Route::Body::json) out.push_back(415);
  if (route.takes_key()) out.insert(out.end(), {409, 422});
  if (route.is_act) out.push_back(412);
  if (std::string_view(route.method) != "GET") out.push_back(409);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Json refusal(const char* description) {
  return {{"description", description}, {"content", {{"application/problem+json", {{"schema", schema_of_type("Problem")}}}}}};
}

Json operation_of(const Route& route) {
  std::string roles;
  for (const auto role : route.roles) roles += (roles.empty() ? "" : " or ") + std::string(role);
  Json out = {{"operationId", route.id},
              {"summary", route.summary},
              {"parameters", parameters_of(route)},
              {"responses", Json::object()}};
  if (!roles.empty()) out["description"] = "Needs the role " + roles + ".";
  const bool stream = std::string_view(route.id) == "openEvents";
  const bool text = std::string_view(route.id) == "showMetrics";
  for (const int status : route.statuses) {
    Json response = {{"description", status == 204   ? "Done."
                                     : status == 304 ? "Not changed since that ETag."
                                                     : "Done; see docs/service.md."}};
    if (status != 204 && status != 304)
      response["content"][stream ? "text/event-stream"
                          : text ? "text/plain"
                                 : "application/json"]["schema"] =
          stream || text ? Json{{"type", "string"}} : schema_of_type(route.answer);
    out["responses"][std::to_string(status)] = response;
  }
  for (const int status : refusals_of(route)) out["responses"][std::to_string(status)] = refusal(status_title(status));
  out["responses"]["default"] = {{"$ref", "#/components/responses/Refused"}};
  if (route.body != Route::Body::none) {
    out["requestBody"]["required"] = true;
    out["requestBody"]["content"]["application/json"]["schema"] = body_of(route);
  }
  if (route.access != Route::Access::token) out["security"] = Json::array();
  return out;
}

}  // namespace

Json openapi_document() {
  Json out = {{"openapi", "3.1.0"},
              {"info",
               {{"title", "Redress"},
                {"version", REDRESS_VERSION},
                {"description", "From public complaints to replies that say only what was done."},
                {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
              {"servers", Json::array({{{"url", "/"}}})},
              {"security", Json::array({{{"token", Json::array()}}})},
              {"paths", Json::object()}};
  out["components"]["securitySchemes"]["token"] = {{"type", "http"}, {"scheme", "bearer"}};
  out["components"]["responses"]["Refused"] = refusal(
      "What is refused before any route: 400 malformed, 405 another method, 411 a Transfer-Encoding, 413 a body that is too "
      "long, 414 a target that is, 415 a coded body, 417 an Expect, 431 a head that is too long, 503 busy, 505 another HTTP.");
  for (const Shape& shape : shapes()) out["components"]["schemas"][shape.name] = schema_of_shape(shape);
  for (const Route& route : routes()) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
    out["paths"][route.pattern][method] = operation_of(route);
  }
  return out;
}

}  // namespace redress::service
