// Who bears a token, which roles are a workflow's own, and JSON within bounds.
#include "service/context.hpp"

#include <cctype>

#include "redress/limits.hpp"

namespace redress::service {
namespace {

void collect_roles(const Json& state, std::set<std::string>& out) {
  if (!state.is_object()) return;
  if (const auto manual = state.find("manual"); manual != state.end() && manual->is_object()) {
    for (const auto& act : *manual)
      if (act.is_object() && act.contains("role") && act["role"].is_string()) out.insert(act["role"].get<std::string>());
  }
  if (const auto states = state.find("states"); states != state.end() && states->is_object()) {
    for (const auto& inner : *states) collect_roles(inner, out);
  }
}

std::set<std::string> people_in(const Json& workflow) {
  std::set<std::string> out;
  if (const auto owner = workflow.find("owner"); owner != workflow.end() && owner->is_string())
    out.insert(owner->get<std::string>());
  if (const auto replies = workflow.find("replies"); replies != workflow.end() && replies->is_object()) {
    for (const auto& reply : *replies) {
      const auto review = reply.is_object() ? reply.find("review") : reply.end();
      if (reply.is_object() && review != reply.end() && review->is_object() && review->contains("role") &&
          (*review)["role"].is_string())
        out.insert((*review)["role"].get<std::string>());
    }
  }
  collect_roles(workflow, out);
  return out;
}

}  // namespace

std::string_view bearer_of(const Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const std::string_view value = request.header("authorization");
  if (value.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i < scheme.size(); ++i)  // RFC 9110, 11.1: the scheme is case-insensitive.
    if (std::tolower(static_cast<unsigned char>(value[i])) != scheme[i]) return {};
  return value.substr(scheme.size());
}

Context::Context(Engine& the_engine, const ServiceOptions& the_options)
    : engine(the_engine), options(the_options), clock_(the_options.clock ? the_options.clock : make_system_clock()) {}

void Context::log(LogLevel level, std::string_view message) const {
  if (options.on_log) options.on_log(level, message);
}

Result<std::optional<Viewer>> Context::viewer_of(const Request& request) const {
  const std::string_view token = bearer_of(request);
  if (token.empty()) return std::optional<Viewer>();
  return viewer_of_token(token);
}

Result<std::optional<Viewer>> Context::viewer_of_token(std::string_view token) const {
  const auto bearer = find_bearer(reader(), token, now_ms());
  if (!bearer) return bearer.error();
  if (!*bearer) return std::optional<Viewer>();
  return std::optional(Viewer{(*bearer)->person, {(*bearer)->roles.begin(), (*bearer)->roles.end()}});
}

Result<std::set<std::string>> Context::people_of_workflow(const std::string& hash) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = people_.find(hash); known != people_.end()) return known->second;
  }
  const auto document = reader().find_document("workflow", hash);
  if (!document) return document.error();
  std::set<std::string> found;
  if (*document) {
    const Json workflow = Json::parse((*document)->content, nullptr, false);
    if (workflow.is_object()) found = people_in(workflow);
  }
  const std::lock_guard lock(mutex_);
  return people_[hash] = found;  // A published version never changes.
}

Result<Json> read_json(std::string_view text) {
  bool too_deep = false;
  std::string twice;
  std::vector<std::set<std::string>> keys;  // Of the objects that are open.
  const auto keep = [&](int depth, Json::parse_event_t event, Json& parsed) {
    too_deep = too_deep || depth > limits::json_depth_max;
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.empty() && !keys.back().insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return !too_deep;
  };
  try {
    Json json = Json::parse(text, keep);
    if (too_deep) return {Code::invalid, "the JSON is nested deeper than " + std::to_string(limits::json_depth_max)};
    if (!twice.empty()) return {Code::invalid, "the key \"" + twice + "\" is there twice: which one counts?"};
    return json;
  } catch (const Json::parse_error& error) {
    return {Code::invalid, "no JSON, at byte " + std::to_string(error.byte)};
  } catch (const Json::exception&) {
    return {Code::invalid, "a number in the JSON is out of range"};
  }
}

std::string write_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace redress::service
