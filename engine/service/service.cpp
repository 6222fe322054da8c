// Puts the parts together: sockets, router, live feed, webhooks; and takes them apart in order.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "service/parts.hpp"
#include "service/router.hpp"

namespace redress::service {
namespace {

Result<void> check_hooks(ServiceOptions& options) {
  std::set<std::string> names;
  for (InboundHook& hook : options.inbound) {
    if (hook.name.empty() || !names.insert(hook.name).second) return {Code::invalid, "inbound hooks have names, each once"};
    auto secret = secret_bytes(hook.secret);
    if (!secret) return {Code::invalid, "inbound hook " + hook.name + ": " + secret.error().message};
    hook.secret = std::move(*secret);
  }
  names.clear();
  for (OutboundHook& hook : options.outbound) {
    if (hook.name.empty() || !names.insert(hook.name).second) return {Code::invalid, "outbound hooks have names, each once"};
    for (const std::string& event : hook.events)
      if (const auto known = check_fact_name(event); !known)
        return {Code::invalid, "outbound hook " + hook.name + ": " + known.error().message};
    if (!hook.url.starts_with("http://") && !hook.url.starts_with("https://"))
      return {Code::invalid, "outbound hook " + hook.name + ": its URL begins with http:// or https://"};
    auto secret = secret_bytes(hook.secret);
    if (!secret) return {Code::invalid, "outbound hook " + hook.name + ": " + secret.error().message};
    hook.secret = std::move(*secret);
  }
  return {};
}

class Running final : public Service {
 public:
  Running(Engine& engine, ServiceOptions options)
      : options_(std::move(options)), context_(engine, options_), router_(context_) {
    context_.parts = &parts_;
  }
  ~Running() override { drain(0); }

  Result<void> start() {
    std::vector<int> listeners = std::exchange(options_.listeners, {});
    if (const auto checked = check_hooks(options_); !checked) {
      for (const int fd : listeners) ::close(fd);
      return checked;
    }
    for (const std::string& address : options_.listen) {
      const auto opened = open_listener(address);
      if (!opened) {
        for (const int fd : listeners) ::close(fd);
        return opened.error();
      }
      listeners.push_back(*opened);
      if (address.starts_with("unix:")) socket_files_.emplace_back(address.substr(5));
    }
    if (listeners.empty()) return {Code::invalid, "the service has nowhere to listen: name an address"};
    FrontLimits limits;
    limits.workers = options_.http_workers;
    limits.urgent_paths = {"/livez", "/readyz"};
    limits.connections_max = options_.connections_max;
    limits.head.body_bytes_max = options_.body_bytes_max;
    limits.request_ms_max = options_.request_ms_max;
    limits.idle_ms_max = options_.idle_ms_max;
    limits.write_ms_max = options_.write_ms_max;
    parts_.live = std::make_unique<Live>(
        context_,
        Live::Limits{.streams_max = std::max<std::size_t>(options_.connections_max / 2, 1),  // The rest is for requests.
                     .streams_per_person_max = options_.streams_per_person_max});
    parts_.outbound = std::make_unique<Outbound>(context_, options_.outbound);
    parts_.front =
        Front::make(std::move(listeners), limits, [this](const Request& request) { return router_.handle(request); });
    return parts_.front->start();
  }

  int port() const override { return parts_.front->port(); }

  void wake() override {
    const std::lock_guard lock(feeds_mutex_);
    if (parts_.live) parts_.live->wake();
    if (parts_.outbound) parts_.outbound->wake();
  }

  void drain(std::int64_t ms) override {
    const std::lock_guard lock(mutex_);
    parts_.draining = true;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    socket_files_.clear();  // While we listen still: who starts in our place finds no file that seems to be alive.
    if (parts_.front) parts_.front->drain(ms);
    // The feed and the webhooks hold on to streams and the engine: they end before either goes. Taken out first, since the
    // engine may call wake() until its own threads have ended.
    std::unique_ptr<Live> live;
    std::unique_ptr<Outbound> outbound;
    {
      const std::lock_guard feeds_lock(feeds_mutex_);
      live = std::move(parts_.live);
      outbound = std::move(parts_.outbound);
    }
    if (outbound) outbound->end(until);
  }

 private:
  ServiceOptions options_;
  Context context_;
  Router router_;
  Parts parts_;
  std::vector<SocketFile> socket_files_;  // Of the sockets that we made, not of those that were handed over.
  std::mutex mutex_;                      // One drain at a time.
  std::mutex feeds_mutex_;                // Guards the pointers to the feed and the webhooks.
};

}  // namespace
}  // namespace redress::service

namespace redress {

Result<std::unique_ptr<Service>> Service::open(Engine& engine, ServiceOptions options) {
  auto running = std::make_unique<service::Running>(engine, std::move(options));
  if (const auto started = running->start(); !started) return started.error();
  return std::unique_ptr<Service>(std::move(running));
}

}  // namespace redress
