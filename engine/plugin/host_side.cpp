// The functions behind redress_host. Nothing that is thrown reaches the plugin.
#include "plugin/host_side.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <vector>

#include "plugin/boundary.hpp"

namespace redress::plugin {
namespace {

constexpr std::size_t log_bytes_max = 1024;  // Of one line that a plugin logs.

std::int32_t status_of(Code code) {
  switch (code) {
    case Code::invalid:
      return REDRESS_INVALID;
    case Code::not_found:
      return REDRESS_NOT_FOUND;
    case Code::conflict:
      return REDRESS_CONFLICT;
    case Code::unavailable:
      return REDRESS_UNAVAILABLE;
    case Code::refused:
      return REDRESS_REFUSED;
    case Code::corrupt:
      return REDRESS_CORRUPT;
    case Code::internal:
      return REDRESS_INTERNAL;
  }
  return REDRESS_INTERNAL;
}

std::int32_t take_report(const redress_host* host, const redress_report* passed) noexcept {
  try {
    auto* side = static_cast<HostSide*>(host->context);
    const Result<Report> report = from_c(passed);
    if (!report) return status_of(report.error().code);
    const std::shared_lock lock(side->mutex);
    if (!side->sink) return REDRESS_UNAVAILABLE;
    const Result<void> taken = side->sink(*report);
    return taken ? REDRESS_OK : status_of(taken.error().code);
  } catch (...) {
    return REDRESS_INTERNAL;
  }
}

// Warnings and errors go to standard error, cut, on one line each: a plugin's text must not look like another's.
void take_log(const redress_host* host, std::uint32_t level, redress_text passed) noexcept {
  if (level < REDRESS_LOG_WARNING || passed.data == nullptr) return;
  const auto* side = static_cast<const HostSide*>(host->context);
  char line[log_bytes_max];
  const std::size_t bytes = std::min<std::size_t>(static_cast<std::size_t>(passed.size), sizeof(line));
  std::transform(passed.data, passed.data + bytes, line,
                 [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c; });
  std::fprintf(stderr, "redress: department %s: %s: %.*s\n", side->department.c_str(),
               level == REDRESS_LOG_WARNING ? "warning" : "error", static_cast<int>(bytes), line);
}

const void* no_extension(const redress_host*, redress_text) noexcept { return nullptr; }

}  // namespace

HostSide& make_host_side(const std::string& department) {
  static std::mutex mutex;
  static auto* all = new std::vector<std::unique_ptr<HostSide>>();  // Never destroyed: see HostSide.
  auto side = std::make_unique<HostSide>();
  side->department = department;
  side->table = {sizeof(redress_host), REDRESS_PLUGIN_ABI, side.get(), take_report, take_log, no_extension};
  const std::lock_guard lock(mutex);
  return *all->emplace_back(std::move(side));
}

}  // namespace redress::plugin
