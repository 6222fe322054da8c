// What every route works with: the engine, the store to read, the options; and who asks.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "redress/reading.hpp"
#include "redress/service.hpp"
#include "service/http_message.hpp"

namespace redress::service {

using Json = nlohmann::json;

// Roles of the service itself, given with `redress person add` as any other.
inline constexpr std::string_view role_admin = "admin";      // Administration, and sees everything.
inline constexpr std::string_view role_auditor = "auditor";  // Sees everything but the tokens, and does nothing.
inline constexpr std::string_view role_channel = "channel";  // Brings posts in.
inline constexpr std::string_view role_metrics = "metrics";  // Reads /metrics.

// Who asks. Of a request without a token: nobody, with no role.
struct Viewer {
  std::string person{};
  std::set<std::string, std::less<>> roles{};

  [[nodiscard]] bool has(std::string_view role) const { return !role.empty() && roles.contains(role); }
  [[nodiscard]] bool sees_everything() const { return has(role_admin) || has(role_auditor); }
};

struct Parts;

class Context {
 public:
  Context(Engine& engine, const ServiceOptions& options);

  Engine& engine;
  const ServiceOptions& options;
  Parts* parts = nullptr;  // Set once the service runs.
  std::mutex moving_time;  // Held while a rehearsal's clock is moved.
  [[nodiscard]] Store& reader() const { return options.reader ? *options.reader : engine.store(); }
  [[nodiscard]] std::int64_t now_ms() const { return clock_->now_ms(); }
  void log(LogLevel level, std::string_view message) const;

  // The bearer of the request's token; nothing where it has none or one that is not good.
  [[nodiscard]] Result<std::optional<Viewer>> viewer_of(const Request& request) const;
  [[nodiscard]] Result<std::optional<Viewer>> viewer_of_token(std::string_view token) const;

  // The roles of a workflow's own people: its owner, who reviews its replies, who does its manual acts. By the workflow's hash.
  [[nodiscard]] Result<std::set<std::string>> people_of_workflow(const std::string& hash);

 private:
  std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::map<std::string, std::set<std::string>> people_;
};

// The token of "Authorization: Bearer TOKEN"; empty: there is none.
[[nodiscard]] std::string_view bearer_of(const Request& request);
// A JSON text of a bounded depth; `invalid` names the place.
[[nodiscard]] Result<Json> read_json(std::string_view text);
[[nodiscard]] std::string write_json(const Json& json);

}  // namespace redress::service
