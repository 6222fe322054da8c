// What `run` and `serve` stand on: options completed by the configuration, time, and the engine with its departments and
// channel.
#pragma once
#include <memory>
#include <optional>
#include <utility>

#include "cli/config.hpp"
#include "cli/people_script.hpp"
#include "cli/session.hpp"

namespace redress::cli {

// What the command line leaves out, the configuration gives; and that configuration, where there is one. Enters its folder.
[[nodiscard]] Result<std::pair<RunOptions, std::optional<Config>>> completed(RunOptions options);

// The store's own time; a new virtual one starts where `first` says, asked then alone, or soon after the epoch.
[[nodiscard]] Result<Timing> start_time(Store& store, const RunOptions& options,
                                        const std::function<Result<std::optional<std::int64_t>>()>& first);

[[nodiscard]] Result<std::unique_ptr<Engine>> open_engine(std::unique_ptr<Store> store, const Timing& timing,
                                                          const RunOptions& options, Listeners listeners);

[[nodiscard]] Result<PeopleScript> read_people(const RunOptions& options);

}  // namespace redress::cli
