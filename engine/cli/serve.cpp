// redress serve: the engine with threads of its own, offered over HTTP, until a signal asks it to end.
#include <chrono>
#include <memory>
#include <mutex>
#include <ostream>

#include "cli/lines.hpp"
#include "cli/open_files.hpp"
#include "cli/rehearsal.hpp"
#include "cli/stop_signal.hpp"
#include "cli/supervisor.hpp"
#include "cli/workplace.hpp"
#include "redress/service.hpp"

namespace redress::cli {
namespace {

constexpr std::int64_t drain_ms = 10'000;
constexpr std::int64_t look_ms = 1'000;

// Tells the service, while there is one, that something is new.
class Waking {
 public:
  void set(Service* service) {
    const std::lock_guard lock(mutex_);
    service_ = service;
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    if (service_ != nullptr) service_->wake();
  }

 private:
  std::mutex mutex_;
  Service* service_ = nullptr;
};

// Listeners are called from the engine's threads and the service's: one line at a time.
class Log {
 public:
  explicit Log(Console& console) : console_(console) {}
  void operator()(LogLevel level, std::string_view message) {
    if (level == LogLevel::info) return;
    const std::lock_guard lock(mutex_);
    console_.err << "redress: " << (level == LogLevel::error ? "error: " : "warning: ") << printable(message) << std::endl;
  }

 private:
  Console& console_;
  std::mutex mutex_;
};

Result<void> add_hooks(const Config& config, ServiceOptions& out) {
  for (const InboundConfig& hook : config.inbound) {
    auto secret = read_secret(hook.secret_file);
    if (!secret) return secret.error();
    out.inbound.push_back({.name = hook.name, .secret = std::move(*secret), .tolerance_ms = hook.tolerance_ms});
  }
  for (const OutboundConfig& hook : config.outbound) {
    auto secret = read_secret(hook.secret_file);
    if (!secret) return secret.error();
    out.outbound.push_back({.name = hook.name, .url = hook.url, .secret = std::move(*secret), .events = hook.events});
  }
  return {};
}

Result<ServiceOptions> service_options(const ServeOptions& options, const std::optional<Config>& config, const std::string& db,
                                       std::vector<int> handed_over) {
  ServiceOptions out;
  out.listeners = std::move(handed_over);
  const ServiceConfig service = config ? config->service : ServiceConfig{};
  if (!options.listen.empty())
    out.listen = options.listen;
  else if (out.listeners.empty())
    out.listen = {to_text(service.listen)};
  out.http_workers = static_cast<std::size_t>(service.http_workers);
  out.connections_max = static_cast<std::size_t>(service.connections_max);
  out.streams_per_person_max = static_cast<std::size_t>(service.streams_per_person_max);
  out.body_bytes_max = static_cast<std::size_t>(service.body_bytes_max);
  if (config)
    if (auto added = add_hooks(*config, out); !added) return added.error();
  auto reader = open_sqlite_store(db, OpenMode::read);
  if (!reader) return reader.error();
  out.reader = std::move(*reader);
  return out;
}

// Until a signal; or until the store is damaged. One that cannot be used for now, as where the disk is full, is waited for:
// requests are answered with 503 meanwhile.
Result<void> wait_for_the_end(const StopSignal& stop, Engine& engine, Log& log) {
  const std::int64_t watchdog_ms = watchdog_interval_ms();
  const std::int64_t wait_ms = watchdog_ms > 0 ? std::min(look_ms, watchdog_ms) : look_ms;
  bool usable = true;
  while (!stop.raised()) {
    [[maybe_unused]] const bool readable = stop.wait(-1, wait_ms);
    const auto meta = engine.store().meta();
    if (!meta && meta.error().code != Code::unavailable)
      return {meta.error().code, "the service ends: " + meta.error().message};
    if (usable && !meta) log(LogLevel::error, "answers 503 until the store can be used: " + meta.error().message);
    if (!usable && meta) log(LogLevel::warning, "the store can be used again");
    usable = meta.ok();
    if (watchdog_ms > 0) notify("WATCHDOG=1");
  }
  return {};
}

}  // namespace

Result<int> serve(const ServeOptions& asked, Console& console) {
  const StopSignal stop;
  std::vector<int> handed_over = listening_sockets();  // Before any thread: it changes the environment.
  auto settled = completed(asked.run);
  if (!settled) return settled.error();
  const RunOptions& options = settled->first;
  const auto& config = settled->second;
  auto people = read_people(options);
  if (!people) return people.error();
  auto store = open_sqlite_store(options.write.db, OpenMode::write);
  if (!store) return store.error();
  const auto timing = start_time(**store, options, [&] { return Result<std::optional<std::int64_t>>(asked.start_ms); });
  if (!timing) return timing.error();
  if (!timing->virtual_clock && !options.people.empty())
    return {Code::invalid, "--people plays people in a rehearsal alone: --clock virtual"};

  Log log(console);
  // A late answer of a department may come when the service is gone: the pointer is read and cleared under one lock.
  const auto waking = std::make_shared<Waking>();
  Listeners listeners = console.hooks.listeners;
  listeners.on_log = [&log](LogLevel level, std::string_view message) { log(level, message); };
  listeners.on_event = [waking](const CaseEvent& /*event*/) { waking->wake(); };
  auto engine = open_engine(std::move(*store), *timing, options, std::move(listeners));
  if (!engine) return engine.error();
  if (auto added = people->add_people(**engine); !added) return added.error();

  auto parts = service_options(asked, config, options.write.db, std::move(handed_over));
  if (!parts) return parts.error();
  parts->clock = timing->clock;
  parts->on_log = [&log](LogLevel level, std::string_view message) { log(level, message); };
  if (const std::size_t wanted = parts->connections_max, room = make_room_for(wanted); room < wanted) {
    log(LogLevel::warning, "the limit of open files leaves room for " + std::to_string(room) + " connections, not " +
                               std::to_string(wanted) + ": raise it to " + std::to_string(wanted + files_beside_connections) +
                               ", or lower service.connections_max");
    parts->connections_max = room;
  }
  std::optional<Rehearsal> rehearsal;
  if (timing->virtual_clock) {
    rehearsal.emplace(**engine, *people, *timing->virtual_clock);
    parts->receive = [&](const Post& post, const RequestKey& request) { return rehearsal->receive(post, request); };
    parts->after_act = [&] { return rehearsal->settle(); };
    parts->advance = [&](std::int64_t to_ms) { return rehearsal->advance(to_ms); };
  } else if (auto started = (*engine)->start(config ? config->workers : 2); !started) {
    return started.error();
  }
  const std::string address = parts->listen.empty() ? "sockets that were handed over" : parts->listen.front();
  auto service = Service::open(**engine, std::move(*parts));
  if (!service) return service.error();
  waking->set(service->get());
  console.out << "listening on " << (address.ends_with(":0") ? "port " + std::to_string((*service)->port()) : address)
              << (rehearsal ? ", a rehearsal under virtual time" : "") << std::endl;
  notify("READY=1");

  const auto ended = wait_for_the_end(stop, **engine, log);
  notify("STOPPING=1");
  (*service)->drain(drain_ms);
  waking->set(nullptr);
  (*engine)->stop();
  if (!ended) return ended.error();
  console.out << "stopped by a signal; what was answered is kept" << std::endl;
  return 0;
}

}  // namespace redress::cli
