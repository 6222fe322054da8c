// The document's schemas, with the shapes in the place of their $ref and every object closed: fields that are not described are
// findings here, though clients pass over them.
#include "service/described.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "service/openapi.hpp"
#include "service/router.hpp"

namespace redress::house {
namespace {

const Json& document() {
  static const Json json = *base::parse_json(service::openapi_document().dump(), std::size_t{1} << 24);
  return json;
}

Json closed(Json schema) {
  if (const auto shape = schema.find("$ref"); shape != schema.end()) {
    const std::string name = shape->get<std::string>().substr(std::string("#/components/schemas/").size());
    return closed(document().at("components").at("schemas").at(name));
  }
  if (const auto properties = schema.find("properties"); properties != schema.end()) {
    for (Json& property : *properties) property = closed(property);
    if (!schema.contains("additionalProperties")) schema["additionalProperties"] = false;
  }
  if (schema.contains("items")) schema["items"] = closed(schema["items"]);
  if (schema.contains("anyOf"))
    for (Json& each : schema["anyOf"]) each = closed(each);
  return schema;
}

const service::Route* find_route(const std::string& method, const std::string& target) {
  const std::string path = target.substr(0, target.find('?'));
  const auto segments = [](const std::string& text) {
    std::vector<std::string> out{""};
    for (const char c : text) c == '/' ? out.emplace_back() : out.back() += c;
    return out;
  };
  const std::vector<std::string> given = segments(path);
  for (const service::Route& route : service::routes()) {
    const std::vector<std::string> wanted = segments(route.pattern);
    const bool fits = std::equal(wanted.begin(), wanted.end(), given.begin(), given.end(),
                                 [](const std::string& a, const std::string& b) { return a.starts_with('{') || a == b; });
    if (fits && method == route.method) return &route;
  }
  return nullptr;
}

}  // namespace

std::string route_of(const std::string& method, const std::string& target) {
  const service::Route* route = find_route(method, target);
  return route ? route->id : "";
}

std::string undocumented(const std::string& method, const std::string& target, int status, const std::string& content_type,
                         const std::string& body) {
  const service::Route* route = find_route(method, target);
  if (!route) return "";
  const std::string where = method + " " + route->pattern + " answered " + std::to_string(status);
  std::string lower = route->method;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const Json& responses = document().at("paths").at(route->pattern).at(lower).at("responses");
  if (!responses.contains(std::to_string(status))) return where + ", a status that is not documented: " + body;
  const Json& response = responses[std::to_string(status)];
  if (!response.contains("content")) return body.empty() ? "" : where + " with a body: " + body;
  const std::string type = content_type.substr(0, content_type.find(';'));
  if (!response["content"].contains(type)) return where + " with the content type " + content_type;
  if (!type.ends_with("json")) return "";
  static std::map<std::string, Json> known;
  const auto [schema, fresh] = known.try_emplace(lower + route->pattern + std::to_string(status));
  if (fresh) schema->second = closed(response["content"][type]["schema"]);
  std::string out;
  for (const auto& finding : base::check_schema(schema->second))
    out += where + ": schema " + finding.pointer + ": " + finding.message + "\n";
  const auto json = base::parse_json(body, std::size_t{1} << 24);
  if (!json) return where + ": " + json.error().message;
  for (const auto& finding : base::validate(schema->second, *json))
    out += where + ": " + finding.pointer + ": " + finding.message + "\n";
  return out;
}

}  // namespace redress::house
