// Opening the engine: store, departments, workflows, recovery.
#include "drive/driver.hpp"

#include <nlohmann/json.hpp>

#include "redress/limits.hpp"

namespace redress::drive {

Driver::Driver(EngineOptions options) : options_(std::move(options)), reports_(std::make_shared<Reports>()) {
  if (!options_.clock) options_.clock = make_system_clock();
  if (!options_.random) options_.random = make_system_random();
}

Driver::~Driver() {
  stop();
  const std::lock_guard lock(reports_->mutex);
  reports_->driver = nullptr;
}

Result<void> Driver::open() {
  if (!options_.store) return {Code::invalid, "the engine needs a store: make_memory_store() or open_sqlite_store()"};
  auto meta = options_.store->meta();
  if (!meta) return meta.error();
  const std::string kind = options_.virtual_time ? "virtual" : "real";
  if (!meta->clock.empty() && meta->clock != kind) {
    return {Code::conflict,
            "this store runs on " + meta->clock + " time, and the engine was asked for " + kind + " time: use the store's"};
  }
  writer_ = std::make_unique<Writer>(Writer::Options{.store = options_.store.get(),
                                                     .clock = options_.clock.get(),
                                                     .random = options_.random.get(),
                                                     .listeners = &options_.listeners,
                                                     .clock_kind = kind},
                                     std::move(*meta));
  if (const auto opened = library_.open(*options_.store, *writer_, options_); !opened) return opened;
  for (const std::string& warning : library_.warnings()) log(LogLevel::warning, warning);
  for (const auto& department : options_.departments) {
    const auto manifest = plugin::read_manifest_text(department->manifest());
    if (!manifest) return manifest.error();
    departments_[manifest->department] = department;
    one_call_at_a_time_[manifest->department];
    watches_[manifest->department];
  }
  if (const auto recovered = recover(); !recovered) return recovered;
  reports_->driver = this;
  // Departments keep their sink for as long as they live, which may be longer than the engine does.
  for (const auto& department : options_.departments) {
    department->connect([reports = reports_](const Report& word) -> Result<void> {
      const std::lock_guard lock(reports->mutex);
      if (reports->driver == nullptr) return {Code::unavailable, "the engine is closed: report again when it is open"};
      return reports->driver->report(word, {});
    });
  }
  return {};
}

Result<path::Draft> Driver::draft_of(Turn& turn, const CaseRecord& record) {
  if (const auto known = library_.catch_up(*options_.store, turn.doubts()); !known) return known.error();
  auto workflow = library_.find(*options_.store, record.row.workflow_hash);
  if (!workflow) return Error{workflow.error().code, record.row.reference + ": " + workflow.error().message};
  path::Draft draft(record, std::move(*workflow), turn.supply(), turn.now_ms());
  draft.replies_frozen = library_.switches_of(record.row.workflow).automatic_replies;
  return draft;
}

Result<std::string> Driver::publish_workflow(const std::string& text, const Asker& asker) {
  if (const auto known = check_asker(asker); !known) return known.error();
  const auto published = library_.publish(*options_.store, *writer_, text, asker);
  if (!published) return published.error();
  return (*published)->id + " " + (*published)->version;
}

Result<void> Driver::keep_mark(const std::string& name, std::int64_t position) {
  if (name.empty() || name.size() > limits::name_bytes_max || position < 0)
    return {Code::invalid,
            "a mark has a name of 1 to " + std::to_string(limits::name_bytes_max) + " bytes and a position from 0"};
  return writer_->execute(
      [&](Turn& turn) -> Result<void> {
        turn.keep_mark(name, position);
        return {};
      },
      {}, false);
}

Result<void> Driver::activate_workflow(const std::string& id, const std::string& version, const Asker& asker) {
  if (const auto known = check_asker(asker); !known) return known;
  return library_.activate(*options_.store, *writer_, id, version, asker);
}

Result<void> Driver::set_switches(const std::string& workflow_id, const Switches& switches, const Asker& asker) {
  if (const auto known = check_asker(asker); !known) return known;
  return library_.set_switches(*options_.store, *writer_, workflow_id, switches, asker);
}

Department* Driver::find_department(std::string_view name) const {
  const auto found = departments_.find(name);
  return found == departments_.end() ? nullptr : found->second.get();
}

void Driver::log(LogLevel level, const std::string& message) {
  if (!options_.listeners.on_log) return;
  const std::lock_guard lock(listener_mutex_);
  options_.listeners.on_log(level, message);
}

}  // namespace redress::drive

namespace redress {

Result<std::unique_ptr<Engine>> Engine::open(EngineOptions options) {
  auto driver = std::make_unique<drive::Driver>(std::move(options));
  if (const auto opened = driver->open(); !opened) return opened.error();
  return std::unique_ptr<Engine>(std::move(driver));
}

}  // namespace redress
