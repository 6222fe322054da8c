// A Service offers an Engine over HTTP: posts in, lists and acts for people and departments, live events, webhooks, metrics.
//
// docs/service.md says what each route takes and answers; /v1/openapi.json says it to programs. In a library of its own
// (redress::service), so that an embedder who serves nothing links no HTTP library.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "redress/api.hpp"
#include "redress/engine.hpp"
#include "redress/result.hpp"

namespace redress {

// Posts that another system pushes to POST /v1/hooks/{name}, signed as Standard Webhooks says, instead of bearing a token.
struct InboundHook {
  std::string name{};
  std::string secret{};                 // As secret_bytes takes it.
  std::int64_t tolerance_ms = 300'000;  // Between the signed time and now; outside: refused.
};

// Where facts are told to: POST, signed (Standard Webhooks 1.0), at least once each, in order, from where the last run came.
struct OutboundHook {
  std::string name{};  // Also of its mark in the store.
  std::string url{};   // http:// or https://.
  std::string secret{};
  std::vector<std::string> events{};  // Fact types ("reply.published"), "reply.*", or "*".
};

struct ServiceOptions {
  std::vector<std::string> listen{};  // "127.0.0.1:8080", "[::1]:8080", "unix:/run/redress.sock"; port 0: any.
  std::vector<int> listeners{};       // Sockets that listen already (socket activation). Taken over.
  std::size_t http_workers = 4;
  std::size_t connections_max = 2000;       // Live streams are half of them at most.
  std::size_t streams_per_person_max = 32;  // Live streams that one person has open at once; beyond: 503.
  std::size_t body_bytes_max = 1024 * 1024;
  std::int64_t request_ms_max = 10'000;
  std::int64_t idle_ms_max = 30'000;
  std::int64_t write_ms_max = 20'000;
  std::vector<InboundHook> inbound{};
  std::vector<OutboundHook> outbound{};
  // Reads go through this one, so that they never wait for the engine's own. None: the engine's.
  std::shared_ptr<Store> reader{};
  // The engine's own: tokens, keys and signed times go by it. None: the system's.
  std::shared_ptr<Clock> clock{};
  // Instead of Engine::receive, and after each act: where virtual time must be driven (docs/service.md, "Rehearsals").
  std::function<Result<Fate>(const Post&, const RequestKey&)> receive{};
  std::function<Result<void>()> after_act{};
  std::function<Result<std::int64_t>(std::int64_t to_ms)> advance{};  // POST /v1/clock; answers the time that it is then.
  std::function<void(LogLevel, std::string_view)> on_log{};
};

class REDRESS_API Service {
 public:
  // Listens, and serves on threads of its own. The engine outlives it. `unavailable`: an address is taken; `invalid`: an
  // option.
  [[nodiscard]] static Result<std::unique_ptr<Service>> open(Engine& engine, ServiceOptions options);
  virtual ~Service() = default;  // As drain(0).

  [[nodiscard]] virtual int port() const = 0;  // Of the first TCP address; 0: none.
  // An engine's listener calls this for each event that is durable: live streams and webhooks look for what is new. [any
  // thread]
  virtual void wake() = 0;
  // Takes no new connection, ends streams, finishes what is under way for at most `ms`, and stops. Later calls do nothing.
  virtual void drain(std::int64_t ms) = 0;
};

// The bytes of a secret: "whsec_" and base64 (Standard Webhooks), or the text itself, at least 24 bytes. `invalid` otherwise.
[[nodiscard]] REDRESS_API Result<std::string> secret_bytes(std::string_view text);

// The acts of a served engine from another process: POSTs with a token. Each answers what the server answered, as an Engine
// would have. [one thread at a time]
class REDRESS_API RemoteActs {
 public:
  // `url`: http://host:port, https:// or unix:/path.
  [[nodiscard]] static Result<std::unique_ptr<RemoteActs>> open(const std::string& url, const std::string& token);
  virtual ~RemoteActs() = default;
  // The body of a 2xx answer; else the problem's detail, under the code that the status stands for. `key`: Idempotency-Key.
  [[nodiscard]] virtual Result<std::string> send(std::string_view method, std::string_view path, std::string_view json_body,
                                                 std::string_view key) = 0;
};

}  // namespace redress
