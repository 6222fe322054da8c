// What can be found out about a host without opening, locking or running anything: for `redress doctor`, and an embedder's own
// checks before it opens an engine.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "redress/api.hpp"
#include "redress/result.hpp"

namespace redress {

// The process that holds the writer's lock of this database (open_sqlite_store, OpenMode::write); nothing: nobody does, or
// there is none. Takes no lock where the system lists them (Linux: /proc/locks), else a shared one for an instant.
// `unavailable`: it cannot be told.
[[nodiscard]] REDRESS_API Result<std::optional<std::int64_t>> find_writer(const std::string& database);

// Whether a department would take this configuration, by its manifest alone; "": none is given. `invalid` with every finding:
// the manifest breaks its own rules, or the configuration does not fit it. What a department finds out itself when it is opened
// (a file that is not there) is not known here.
[[nodiscard]] REDRESS_API Result<void> check_department_config(std::string_view manifest_json, std::string_view config_json);

// Whether the system has the time zones that schedules and replies are written in. `unavailable` says what is missing.
[[nodiscard]] REDRESS_API Result<void> check_time_zones();

// Of the SQLite that runs, not the one that was compiled against: "3.40.1".
[[nodiscard]] REDRESS_API std::string sqlite_version();

}  // namespace redress
