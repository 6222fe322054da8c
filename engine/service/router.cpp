// Finds the route, checks token, role and body, and turns errors into problems (RFC 9457).
#include "service/router.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

#include "service/acts.hpp"
#include "service/http_seam.hpp"
#include "service/parts.hpp"

namespace redress::service {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// The parameters, where the path fits the pattern segment by segment.
std::optional<std::map<std::string, std::string>> fit(std::string_view pattern, std::string_view path) {
  std::map<std::string, std::string> out;
  while (!pattern.empty() && !path.empty()) {
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    const std::string_view given = path.substr(0, path.find('/'));
    pattern.remove_prefix(wanted.size());
    path.remove_prefix(given.size());
    if (wanted.starts_with('{')) {
      auto text = decoded(given);
      if (!text || text->empty()) return std::nullopt;
      out.emplace(wanted.substr(1, wanted.size() - 2), std::move(*text));
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return out;
}

std::string type_of(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "boolean";
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_number_integer()) return "integer";
  return value.is_null() ? "null" : "number";
}

std::string names_of(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) out += (out.empty() ? "" : ", ") + std::string(field.name);
  return out;
}

// "a|b|c" as "a, b or c".
std::string in_words(std::string_view texts) {
  std::string out;
  for (std::size_t bar = texts.find('|'); bar != std::string_view::npos; bar = texts.find('|')) {
    out += (out.empty() ? "" : ", ") + std::string(texts.substr(0, bar));
    texts.remove_prefix(bar + 1);
  }
  return out + " or " + std::string(texts);
}

bool is_among(const std::string& word, std::string_view texts) {
  return !word.empty() && word.find('|') == std::string::npos &&
         ("|" + std::string(texts) + "|").find("|" + word + "|") != std::string::npos;
}

// What is wrong with a value; empty: nothing.
std::string misfit(const std::string& name, const Json& value, std::string_view type) {
  if (type.starts_with('[') || type.starts_with('{')) {
    const bool is_list = type.starts_with('[');
    if (is_list ? !value.is_array() : !value.is_object())
      return misfit(name, value, is_list ? std::string_view("array") : std::string_view("object"));
    for (const auto& [key, inner] : value.items()) {
      const std::string wrong =
          misfit(is_list ? name + "[" + key + "]" : name + "." + key, inner, type.substr(1, type.size() - 2));
      if (!wrong.empty()) return wrong;
    }
    return "";
  }
  const bool is_word = type.find('|') != std::string_view::npos;
  const std::string wanted = is_word ? "string" : std::string(type);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    return "the field \"" + name + "\" is a number beyond " + std::to_string(std::numeric_limits<std::int64_t>::max());
  if (type_of(value) != wanted) return "the field \"" + name + "\" is of type " + type_of(value) + ", it takes " + wanted;
  if (is_word && !is_among(value.get<std::string>(), type)) return name + " is " + in_words(type);
  return "";
}

// What is wrong with a body; empty: nothing.
std::string misfit(const Json& body, const std::vector<Field>& fields) {
  if (!body.is_object()) return "the body is a JSON object";
  for (const auto& [name, value] : body.items()) {
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
    if (known == fields.end()) return "there is no field \"" + name + "\"; the fields are " + names_of(fields);
    if (std::string wrong = misfit(name, value, known->type); !wrong.empty()) return wrong;
  }
  for (const Field& field : fields)
    if (field.required && !body.contains(field.name))
      return "the field \"" + std::string(field.name) + "\" is needed: " + field.description;
  return "";
}

// What is wrong with the query; empty: nothing. A prober may add what it likes to an open route.
std::string wrong_query(const Route& route, const Request& request) {
  if (route.access == Route::Access::open) return "";
  const std::string those = route.query.empty() ? "this path takes none" : "this path takes " + names_of(route.query);
  for (const auto& [name, value] : request.query) {
    const bool is_known = std::any_of(route.query.begin(), route.query.end(), [&](const Field& f) { return f.name == name; });
    if (!is_known) return "there is no query parameter \"" + name + "\"; " + those;
    if (request.repeated_query.contains(name)) return "the query parameter \"" + name + "\" is there twice; " + those;
  }
  return "";
}

bool is_json(const std::string& content_type) {
  std::string type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type.empty() || type == "application/json" || type.ends_with("+json");
}

// Runs the handler, once for each key that the request bears.
Response run_once(const Route& route, Exchange& exchange) {
  if (route.takes_key() && exchange.request.headers.contains("idempotency-key")) {
    const auto name = name_of_request(exchange);
    if (!name) return problem(name.error());
    const auto known = look_up_request(exchange.context, *name);
    if (!known) return problem(known.error());
    if (known->is_anothers) return key_reused();
    exchange.key = known->key;
    exchange.is_repeated = known->is_repeated;
  }
  Response response = route.handle(exchange);
  const bool is_refused = response.status >= 400 && response.status < 500;
  if (!is_refused || exchange.key.id.empty() || exchange.is_repeated) return response;
  // Of two at once under one key: what refused this one may be what the other did.
  const auto known = look_up_request(exchange.context, exchange.key);
  if (known && known->is_anothers) return key_reused();
  if (!known || !known->is_repeated) return response;
  exchange.is_repeated = true;
  return route.handle(exchange);
}

}  // namespace

int status_of(Code code) {
  switch (code) {
    case Code::invalid:
      return 400;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::unavailable:
      return 503;
    case Code::refused:
      return 403;
    case Code::corrupt:
    case Code::internal:
      return 500;
  }
  return 500;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos);
    if (plain)
      out += c;
    else
      out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

Response answer(const Json& json, int status) { return {.status = status, .body = write_json(json)}; }

Response problem(int status, const std::string& detail) {
  Response response{.status = status, .content_type = "application/problem+json", .body = problem_text(status, detail)};
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response problem(const Error& error) {
  const int status = status_of(error.code);
  // What a store's or a plugin's defect says is for the log; the caller can do nothing with it.
  return problem(status, status == 500 ? "a defect, or damaged data; see the log" : error.message);
}

Response Router::handle(const Request& request) {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const Route& route : routes()) {
    auto path = fit(route.pattern, request.path);
    if (!path) continue;
    if (method == route.method) {
      if (request.method == "HEAD" && std::string_view(route.id) == "openEvents") return problem(405, "a stream has no HEAD");
      Response response;
      try {
        response = run(route, std::move(*path), request);
      } catch (const std::exception& thrown) {  // A defect: its text is for the log alone.
        context_.log(LogLevel::error, std::string(route.method) + " " + route.pattern + " threw: " + thrown.what());
        response = problem(500, "a defect, or damaged data; see the log");
      }
      response.of_known_asker = route.access == Route::Access::token && response.status != 401 && response.status < 500;
      context_.parts->count(route.id, response.status);
      return response;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) return problem(404, "no such route; /v1/openapi.json lists those that are there");
  Response response = problem(405, "this path takes " + allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response Router::run(const Route& route, std::map<std::string, std::string> path, const Request& request) {
  Exchange exchange{.context = context_, .request = request, .path = std::move(path)};
  if (route.access == Route::Access::token) {
    auto viewer = context_.viewer_of(request);
    if (!viewer) return problem(viewer.error());
    if (!*viewer) {
      Response response = problem(401, "this route needs a token that is good: Authorization: Bearer TOKEN");
      response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return response;
    }
    exchange.viewer = std::move(**viewer);
    const bool may = route.roles.empty() ||
                     std::any_of(route.roles.begin(), route.roles.end(), [&](auto role) { return exchange.viewer.has(role); });
    if (!may) {
      std::string needed;
      for (const auto role : route.roles) needed += (needed.empty() ? "" : " or ") + std::string(role);
      return problem(403, "this route needs the role " + needed);
    }
  }
  if (const std::string wrong = wrong_query(route, request); !wrong.empty()) return problem(400, wrong);
  if (!route.takes_key() && std::string_view(route.method) != "GET" && request.headers.contains("idempotency-key"))
    return problem(400, "this route takes no Idempotency-Key: send it without");  // Better than one that is passed over.
  if (route.body == Route::Body::json) {
    if (!is_json(request.header("content-type"))) return problem(415, "the body is application/json");
    auto body = read_json(request.body.empty() ? "{}" : request.body);
    if (!body) return problem(body.error());
    if (const std::string wrong = misfit(*body, route.fields); !wrong.empty()) return problem(400, wrong);
    exchange.body = std::move(*body);
  }
  Response response = run_once(route, exchange);
  if (response.status == 500)
    context_.log(LogLevel::error, std::string(route.method) + " " + route.pattern + " failed: a defect, or damaged data");
  return response;
}

}  // namespace redress::service
