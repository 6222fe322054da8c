// What a plugin can call: its reports on the way to the engine, and its log lines.
#pragma once
#include <shared_mutex>
#include <string>

#include "redress/department.hpp"
#include "redress/plugin.h"

namespace redress::plugin {

// The host's half of one instance. Lives for ever, since a thread of the plugin may call it after its instance was closed.
struct HostSide {
  redress_host table{};
  std::string department;
  std::shared_mutex mutex;  // Guards sink: reports share it, connect and disconnect own it.
  ReportSink sink;
};

// A new one, owned by the process.
[[nodiscard]] HostSide& make_host_side(const std::string& department);

}  // namespace redress::plugin
