// What a service supervisor gives and is told: sockets that listen already, and "ready", "stopping", "still alive".
//
// systemd's protocols, sd_listen_fds(3) and sd_notify(3), by hand: a datagram to a socket needs no library.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace redress::cli {

// The sockets handed over by socket activation, closed on exec; none: there are none. Takes LISTEN_* out of the environment.
[[nodiscard]] std::vector<int> listening_sockets();
// Tells the supervisor, where there is one: "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=...".
void notify(const std::string& state);
// How often it wants to hear WATCHDOG=1; 0: not at all.
[[nodiscard]] std::int64_t watchdog_interval_ms();

}  // namespace redress::cli
