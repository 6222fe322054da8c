// A writing verb drives an engine without departments: the act is durable, its effects wait for the run that has them.
#include "cli/session.hpp"

#include <filesystem>
#include <optional>
#include <ostream>

namespace redress::cli {
namespace {

// ": why", from a [text] field; "" where there is none, or it was erased.
std::string because(const CaseRecord& record, const std::string& digest) {
  const auto text = record.texts.find(digest);
  return text == record.texts.end() || text->second.content.empty() ? "" : ": " + printable(text->second.content);
}

void tell(Console& console, const CaseRecord& record, const std::string& what) {
  const CaseRow& row = record.row;
  console.out << row.reference << (what.empty() ? "" : ": " + what) << "; the case is " << to_string(row.state)
              << (row.set_aside != 0 ? ", set aside" + because(record, row.set_aside_reason) : "") << '\n';
}

std::optional<CaseRecord> load(Engine& engine, const Result<std::optional<std::int64_t>>& found) {
  if (!found || !*found) return std::nullopt;
  auto record = engine.store().load_case(**found);
  if (!record) return std::nullopt;
  return std::move(*record);
}

Listeners listeners_for(Console& console) {
  Listeners listeners = console.hooks.listeners;
  listeners.on_log = [&console, next = console.hooks.listeners.on_log](LogLevel level, std::string_view message) {
    if (level != LogLevel::info)
      console.err << "redress: " << (level == LogLevel::error ? "error: " : "warning: ") << printable(message) << '\n';
    if (next) next(level, message);
  };
  return listeners;
}

}  // namespace

Result<std::unique_ptr<Store>> open_for_reading(const std::string& db) { return open_sqlite_store(db, OpenMode::read); }

Result<Timing> timing_of(const StoreMeta& meta, const WriteOptions& asked) {
  const std::string kind = !meta.clock.empty() ? meta.clock : asked.clock.empty() ? "real" : asked.clock;
  if (!asked.clock.empty() && asked.clock != kind)
    return {Code::invalid, asked.db + " is driven by " + kind + " time, and --clock says " + asked.clock +
                               "; leave --clock out, or take another database"};
  Timing timing;
  if (kind == "virtual") {
    timing.virtual_clock = make_virtual_clock(meta.last_at_ms);
    timing.clock = timing.virtual_clock;
    timing.random = make_seeded_random(asked.seed);
  } else {
    timing.clock = make_system_clock();
    timing.random = make_system_random();
  }
  return timing;
}

Result<void> make_database(const std::string& db) {
  const auto made = open_sqlite_store(db, OpenMode::write);
  return made ? Result<void>{} : made.error();
}

Result<int> with_writer(const WriteOptions& options, Console& console, const std::function<Result<int>(Engine&)>& act,
                        const std::vector<std::string>& manifests) {
  std::error_code ignored;
  if (!std::filesystem::exists(options.db, ignored))
    return {Code::not_found,
            "there is no database " + options.db + "; redress run, redress person add or redress workflow publish makes one"};
  auto store = open_sqlite_store(options.db, OpenMode::write);
  if (!store) return store.error();
  auto meta = (*store)->meta();
  if (!meta) return meta.error();
  auto timing = timing_of(*meta, options);
  if (!timing) return timing.error();

  EngineOptions engine_options;
  engine_options.store = std::move(*store);
  engine_options.clock = timing->clock;
  engine_options.random = timing->random;
  engine_options.virtual_time = timing->virtual_clock != nullptr;
  engine_options.listeners = listeners_for(console);
  engine_options.manifests = manifests;
  auto engine = Engine::open(std::move(engine_options));
  if (!engine) return engine.error();
  return act(**engine);
}

void tell_commitment(Engine& engine, std::int64_t commitment, Console& console) {
  const auto record = load(engine, engine.store().find_case_of_commitment(commitment));
  if (!record) return;
  std::string name = "commitment " + std::to_string(commitment);
  for (const auto& [id, member] : record->members)
    if (member.commitment_id == commitment) name = member.name;
  const auto row = record->commitments.find(commitment);
  tell(console, *record,
       row == record->commitments.end() ? "" : printable(name) + " is " + std::string(to_string(row->second.state)));
}

void tell_reply(Engine& engine, std::int64_t reply, Console& console) {
  const auto record = load(engine, engine.store().find_case_of_reply(reply));
  if (!record) return;
  const auto found = record->replies.find(reply);
  if (found == record->replies.end()) return tell(console, *record, "");
  const ReplyRow& row = found->second;
  const std::string why = row.state == ReplyState::blocked ? because(*record, row.reason) : "";
  tell(console, *record, "reply " + printable(row.name) + " is " + std::string(to_string(row.state)) + why);
}

void tell_case(Engine& engine, const std::string& reference, Console& console) {
  const auto record = load(engine, engine.store().find_case(reference));
  if (record) tell(console, *record, "");
}

std::string plugins_beside_program() {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
  if (failed) return "plugins";
  const auto installed = folder / REDRESS_INSTALLED_PLUGINS;
  const bool beside = fs::is_directory(folder / "plugins", failed) || !fs::is_directory(installed, failed);
  return beside ? (folder / "plugins").string() : installed.lexically_normal().string();
}

}  // namespace redress::cli
