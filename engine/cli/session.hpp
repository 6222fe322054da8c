// How verbs open a database: for reading beside its writer, or as its writer with an engine.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "cli/verbs.hpp"
#include "redress/engine.hpp"

namespace redress::cli {

[[nodiscard]] Result<std::unique_ptr<Store>> open_for_reading(const std::string& db);

// The time and chance that a database goes on with. The clock kind is the database's own; `asked` may name it, and decides for
// one that has none yet (real, if it is empty). `invalid`: the database is driven by the other kind.
struct Timing {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<VirtualClock> virtual_clock;  // The same clock where it is virtual; else none.
  std::shared_ptr<RandomSource> random;
};
[[nodiscard]] Result<Timing> timing_of(const StoreMeta& meta, const WriteOptions& asked);

// Opens the database as its writer, with the workflows that it has, lets `act` do its work, and closes it. Departments and
// channel are absent: what the act sets going waits for the next run. not_found: there is no such database.
[[nodiscard]] Result<int> with_writer(const WriteOptions& options, Console& console,
                                      const std::function<Result<int>(Engine&)>& act,
                                      const std::vector<std::string>& manifests = {});

// Makes the database where it is not there.
[[nodiscard]] Result<void> make_database(const std::string& db);

// What lies beside the workflows of a folder and is none: what their public texts must keep.
inline constexpr const char* channels_name = "channels.json";
inline constexpr const char* brand_name = "brand.json";
// None of these two, and no *.schema.json.
[[nodiscard]] bool is_workflow_file(const std::string& path);
// The two files of a folder, where they are there; they may be wrong.
[[nodiscard]] Result<Wording> wording_in(const std::string& folder);

// The manifests of the plugins in a folder (empty: plugins_beside_program(), which need not be there), by file name.
[[nodiscard]] Result<std::vector<std::string>> manifests_in(const std::string& plugins);

// The workflow files of a folder, by name. `invalid`: it cannot be read, or has none.
[[nodiscard]] Result<std::vector<std::string>> workflows_in(const std::string& folder);

// Says on one line what became of a case's commitment or reply after an act: "C-000001: refund is requested".
void tell_commitment(Engine& engine, std::int64_t commitment, Console& console);
void tell_reply(Engine& engine, std::int64_t reply, Console& console);
void tell_case(Engine& engine, const std::string& reference, Console& console);

// The folder "plugins" beside the running program; where there is none, the one that was installed with it, if that is there.
[[nodiscard]] std::string plugins_beside_program();

}  // namespace redress::cli
