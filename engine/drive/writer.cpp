// The queue, the batch, and the one door to Store::commit.
#include "drive/writer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"
#include "redress/limits.hpp"
#include "store/journal.hpp"

namespace redress::drive {
namespace {

constexpr std::size_t cases_kept_max = 2048;

void set_head(Unit& unit, const JournalRow& journal) {
  for (auto* rows : {&unit.inserts, &unit.updates}) {
    for (Row& row : *rows) {
      if (auto* case_row = std::get_if<CaseRow>(&row)) {
        case_row->version = journal.seq;
        case_row->head_id = journal.id;
        case_row->head_digest = journal.digest;
      }
    }
  }
}

// A workflow's version, a switch, a token: what others keep in memory besides.
bool touches_documents(const Unit& unit) {
  const auto is_document = [](const Row& row) { return std::holds_alternative<DocumentRow>(row); };
  return std::any_of(unit.inserts.begin(), unit.inserts.end(), is_document) ||
         std::any_of(unit.updates.begin(), unit.updates.end(), is_document);
}

// What a command throws is a defect, and that command's alone: the queue goes on.
Result<void> run(const Writer::Command& command, Turn& turn) {
  try {
    return command(turn);
  } catch (const std::exception& thrown) {
    return {Code::internal, std::string("a command threw: ") + thrown.what()};
  } catch (const path::ReactionError& thrown) {
    return {Code::internal, "a command threw: " + thrown.message};
  }
}

JournalRow journal_row(const CaseRecord& before, const path::Draft& draft, Json&& changes, std::int64_t id) {
  JournalRow row;
  row.id = id;
  row.case_id = before.row.id;
  row.seq = before.row.version + 1;
  row.at_ms = draft.now_ms;
  row.event = draft.event;
  row.workflow_hash = draft.workflow ? draft.workflow->hash : "";
  Json entry = {{"what", draft.what}};
  if (!draft.rules.empty()) entry["rules"] = draft.rules;
  if (!draft.ignored.empty()) entry["ignored"] = draft.ignored;
  entry["changes"] = std::move(changes);
  row.entry = base::dump_json(entry);
  row.previous_id = before.row.head_id;
  row.digest = store::journal_digest(row, before.row.head_digest);
  return row;
}

}  // namespace

// ---- Turn -------------------------------------------------------------------------------------------------------------------

path::Supply& Turn::supply() { return writer_; }
const StoreMeta& Turn::meta() const { return writer_.meta_; }
std::int64_t Turn::doubts() const { return writer_.doubts_; }

const std::string& Turn::author_pepper() {
  if (writer_.meta_.author_pepper.empty()) writer_.meta_.author_pepper = writer_.draw_hex(16);
  return writer_.meta_.author_pepper;
}

void Turn::keep_mark(const std::string& name, std::int64_t position) {
  writer_.meta_.marks[name] = position;
  // What a reader tells others of the journal is told under it. Under virtual time it is drawn where a run draws it, so that
  // the same posts leave the same export.
  if (writer_.options_.clock_kind == "real") (void)writer_.store_id();
  marked_ = true;
}

Result<CaseRecord> Turn::load(std::int64_t case_id) {
  loaded_.insert(case_id);
  if (const auto known = writer_.cases_.find(case_id); known != writer_.cases_.end()) return known->second;
  auto loaded = writer_.options_.store->load_case(case_id);
  if (loaded) writer_.cases_[case_id] = *loaded;
  return loaded;
}

Result<CaseRecord> Turn::load_zero() {
  auto zero = load(0);
  if (!zero && zero.error().code == Code::not_found) return CaseRecord{};
  return zero;
}

Result<void> Turn::put_request() {
  if (!remembers()) return {};
  const auto zero = load_zero();
  if (!zero) return zero.error();
  path::Draft draft(*zero, nullptr, supply(), now_ms_);
  draft.event = "request.kept";
  put(*zero, std::move(draft));
  return {};
}

void Turn::put(const CaseRecord& before, path::Draft&& draft) {
  CaseRecord old = before;
  if (!by_.empty()) draft.what["by"] = by_;
  old.row.id = draft.record.row.id;
  if (request_) {
    request_->id = writer_.next_id(Table::requests);
    request_->case_id = old.row.id;
    request_->at_ms = now_ms_;
    draft.record.requests[request_->id] = *std::exchange(request_, std::nullopt);
  }
  store::Difference difference = store::difference(old, draft.record);
  Change change;
  change.journal = journal_row(old, draft, std::move(difference.changes), writer_.next_id(Table::journal));
  change.unit = std::move(difference.unit);
  change.unit.case_id = old.row.id;
  change.unit.expected_version = before.row.version;
  set_head(change.unit, change.journal);
  change.unit.inserts.emplace_back(change.journal);
  change.after = std::move(draft.record);
  change.after.row.version = change.journal.seq;
  change.after.row.head_id = change.journal.id;
  change.after.row.head_digest = change.journal.digest;
  change.after.requests.clear();  // Looked up one by one, like all that belongs to no case.
  if (change.after.row.id == 0) change.after = {.row = change.after.row};
  loaded_.insert(old.row.id);
  change_ = std::move(change);
}

// ---- Writer -----------------------------------------------------------------------------------------------------------------

Writer::Writer(Options options, StoreMeta meta) : options_(std::move(options)), meta_(std::move(meta)) {}

StoreMeta Writer::meta() {
  std::unique_lock lock(mutex_);
  turn_ended_.wait(lock, [this] { return !leading_; });
  return meta_;
}

std::int64_t Writer::next_id(Table table) { return options_.store->next_id(table); }

std::string Writer::draw_hex(std::size_t count) {
  std::vector<std::byte> bytes(count);
  options_.random->fill(meta_.draws++, bytes);
  return base::hex(bytes);
}

std::string Writer::salt() { return draw_hex(16); }

const std::string& Writer::store_id() {
  if (meta_.store_id.empty()) meta_.store_id = draw_hex(8);
  return meta_.store_id;
}

Result<void> Writer::execute(Command command, std::vector<std::string> touches, bool moves_time) {
  Queued mine{.command = std::move(command), .touches = std::move(touches), .moves_time = moves_time};
  std::unique_lock lock(mutex_);
  if (queue_.size() >= limits::commands_queued_max) {
    return {Code::unavailable,
            "the writer's queue is full (" + std::to_string(limits::commands_queued_max) + " commands): try later"};
  }
  queue_.push_back(&mine);
  turn_ended_.wait(lock, [&] { return mine.done || (!leading_ && queue_.front() == &mine); });
  if (mine.done) return mine.result;
  leading_ = true;
  const std::vector<Queued*> batch = take_batch();
  lock.unlock();
  run_batch(batch);
  lock.lock();
  for (Queued* queued : batch) queued->done = true;
  leading_ = false;
  turn_ended_.notify_all();
  return mine.result;
}

Result<bool> Writer::execute_once(const Once& once, Command command, std::vector<std::string> touches, bool moves_time) {
  const std::string& id = once.request.id;
  if (id.size() > limits::name_bytes_max)
    return {Code::invalid, "the request id is longer than " + std::to_string(limits::name_bytes_max) + " bytes"};
  const std::string digest = once.request.digest.empty() ? base::sha256_hex(once.content) : once.request.digest;
  bool is_new = true;
  const auto work = [&](Turn& turn) -> Result<void> {
    turn.by_ = once.by;
    if (id.empty()) return command(turn);
    const auto earlier = options_.store->find_request(id);
    if (!earlier) return earlier.error();
    is_new = !*earlier;
    if (!is_new && (*earlier)->act_digest != digest)
      return {Code::conflict, "request " + id + " was another request: take a new request id"};
    if (!is_new) return {};
    turn.remember({.request = id, .act_digest = digest});
    if (const auto done = command(turn); !done) return done;
    return turn.put_request();
  };
  if (!id.empty()) touches.push_back("request/" + id);
  if (const auto done = execute(work, std::move(touches), moves_time); !done) return done.error();
  return is_new;
}

std::vector<Writer::Queued*> Writer::take_batch() {
  std::vector<Queued*> batch;
  std::set<std::string> touched;
  while (!queue_.empty() && batch.size() < limits::batch_commands_max) {
    Queued* next = queue_.front();
    const bool shared =
        std::any_of(next->touches.begin(), next->touches.end(), [&](const auto& name) { return touched.contains(name); });
    if (shared) break;
    touched.insert(next->touches.begin(), next->touches.end());
    batch.push_back(next);
    queue_.pop_front();
  }
  return batch;
}

void Writer::run_batch(const std::vector<Queued*>& batch) {
  for (Queued* again : commit_batch(batch)) {
    again->rerun = true;
    commit_batch({again});
  }
  if (cases_.size() > cases_kept_max) cases_.clear();
}

std::vector<Writer::Queued*> Writer::commit_batch(const std::vector<Queued*>& batch) {
  const std::int64_t now = options_.clock->now_ms();
  std::vector<Turn> turns;
  std::vector<Unit> units;
  std::vector<std::size_t> unit_of(batch.size(), SIZE_MAX);
  bool marked = false;
  turns.reserve(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // Time as recorded never goes back, whatever the clock does.
    Turn& turn = turns.emplace_back(Turn(*this, batch[i]->moves_time ? std::max(now, meta_.last_at_ms) : now));
    batch[i]->result = run(batch[i]->command, turn);
    if (!batch[i]->result) continue;
    marked = marked || turn.marked_;
    if (!turn.change_) continue;
    cases_[turn.change_->unit.case_id] = turn.change_->after;
    if (batch[i]->moves_time) {
      meta_.last_at_ms = turn.now_ms_;
      meta_.clock = options_.clock_kind;
    }
    unit_of[i] = units.size();
    units.push_back(turn.change_->unit);
  }
  if (units.empty() && !marked) return {};
  const auto committed = options_.store->commit(units, meta_);
  std::set<std::int64_t> doubtful;
  std::vector<Queued*> again;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Turn& turn = turns[i];
    const bool stale = std::any_of(turn.loaded_.begin(), turn.loaded_.end(), [&](auto id) { return doubtful.contains(id); });
    if (unit_of[i] == SIZE_MAX && turn.marked_ && !committed) batch[i]->result = committed.error();
    if (unit_of[i] != SIZE_MAX) {
      batch[i]->result = committed ? (*committed)[unit_of[i]] : Result<void>(committed.error());
      if (!batch[i]->result) doubtful.insert(turn.change_->unit.case_id);
    }
    const bool failed_on_stale = !batch[i]->result && (stale || batch[i]->result.error().code == Code::conflict);
    if (committed && failed_on_stale && !batch[i]->rerun && batch.size() > 1) again.push_back(batch[i]);
    if (batch[i]->result && unit_of[i] != SIZE_MAX) publish_event(*turn.change_);
  }
  if (!committed) {
    if (std::any_of(units.begin(), units.end(), touches_documents)) ++doubts_;
    cases_.clear();
  } else {
    for (const std::int64_t id : doubtful) cases_.erase(id);
  }
  return again;
}

void Writer::publish_event(const Turn::Change& change) {
  if (!options_.listeners->on_event) return;
  const std::string& reference = change.after.row.reference;
  options_.listeners->on_event({.id = change.journal.id,
                                .case_reference = reference,
                                .seq = change.journal.seq,
                                .at_ms = change.journal.at_ms,
                                .event = change.journal.event,
                                .entry = change.journal.entry});
}

}  // namespace redress::drive
