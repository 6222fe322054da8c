// The one place where an error of the books becomes an outcome.
#include "books/answer.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace redress::books {

using plugin::Outcome;

Outcome cannot_do(const Error& error, const plugin::Call& call) {
  if (error.code == Code::refused || error.code == Code::invalid) return Outcome::declined(error.message);
  if (error.code == Code::unavailable && call.attempt <= 1) return Outcome::retry(error.message);
  return Outcome::unknown(error.message);
}

Outcome cannot_tell(const Error& error) { return Outcome::unknown(error.message); }

std::string key_with(std::string_view key, std::string_view verb) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? std::string(key) : std::string(key.substr(0, slash + 1)) + std::string(verb);
}

nlohmann::json object_of(std::string_view text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  return json.is_object() ? json : nlohmann::json::object();
}

std::optional<std::string> text_of(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return std::nullopt;
  return member->get<std::string>();
}

std::optional<std::int64_t> integer_of(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number_integer()) return std::nullopt;
  if (member->is_number_unsigned() && member->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    return std::nullopt;
  return member->get<std::int64_t>();
}

}  // namespace redress::books
