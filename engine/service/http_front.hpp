// The Front holds all connections in one thread and hands whole requests to a few workers: who drips or reads slowly holds
// none.
//
// A request reaches a worker only when all of it is here; a response is written as the client takes it. Who asks much waits
// behind who asks little (fair_queue.hpp). Everything is bounded: connections, heads, bodies, waiting requests, the time for
// each, and what a stream's reader may leave untaken.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "redress/result.hpp"
#include "service/http_head.hpp"
#include "service/http_message.hpp"

namespace redress::service {

struct FrontLimits {
  HeadLimits head{};
  std::size_t workers = 4;
  // Of requests that pass the queue, since they answer at once: whether the process is well is asked most when it is busy. They
  // have a worker of their own.
  std::vector<std::string> urgent_paths{};
  std::size_t connections_max = 2000;      // Beyond: the one that is idle longest goes; with none idle, the new one gets 503.
  std::size_t requests_waiting_max = 256;  // For a worker; beyond: 503, to who has most of them there.
  std::size_t stream_bytes_max = 256 * 1024;      // Untaken of one stream; beyond: it ends, and its reader comes again.
  std::size_t held_bytes_max = 64 * 1024 * 1024;  // Of all requests and responses that are under way; beyond: 503.
  std::int64_t request_ms_max = 10'000;           // From a request's first byte to its last.
  std::int64_t idle_ms_max = 30'000;              // Between two requests of a connection, and before its first.
  std::int64_t write_ms_max = 20'000;             // Without the client taking anything of a response or stream.
};

struct FrontCounts {
  std::int64_t connections = 0;    // Open now.
  std::int64_t streams = 0;        // Of these.
  std::int64_t accepted = 0;       // Since the start, as all that follow.
  std::int64_t refused_heads = 0;  // Refused before any route.
  std::int64_t refused_busy = 0;   // 503: too many connections or waiting requests.
  std::int64_t timed_out = 0;      // Closed because the client was too slow.
};

// Opens "127.0.0.1:8080", "[::1]:8080", "unix:/run/redress.sock"; port 0: any. `unavailable`: taken, naming it. A socket's file
// that a killed process left is replaced.
[[nodiscard]] Result<int> open_listener(const std::string& address);

// The file of a Unix socket that open_listener() made, removed with this: while it is that one, and not another process's
// since.
class SocketFile {
 public:
  explicit SocketFile(std::string path);
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&&) = delete;
  ~SocketFile();

 private:
  std::string path_;
  int file_ = -1;  // Holds its inode, so that no other file gets the same number.
};

class Front {
 public:
  // Takes over the listening sockets. `handler` is called by several workers at once, from start() on.
  [[nodiscard]] static std::unique_ptr<Front> make(std::vector<int> listeners, const FrontLimits& limits, Handler handler);
  [[nodiscard]] virtual Result<void> start() = 0;
  virtual ~Front() = default;  // As drain(0).

  [[nodiscard]] virtual int port() const = 0;  // Of the first TCP listener; 0: none.
  [[nodiscard]] virtual FrontCounts counts() const = 0;
  // Takes no new connection, ends streams and idle connections, lets requests that are here finish for at most `ms`, ends.
  virtual void drain(std::int64_t ms) = 0;
};

}  // namespace redress::service
