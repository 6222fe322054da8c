// Publishing workflows and manifests into the store, and reading them back.
#include "drive/library.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "redress/limits.hpp"

namespace redress::drive {
namespace {

constexpr std::size_t documents_max = 100'000;

std::string in_one_message(const std::vector<workflow::Finding>& findings) {
  std::string message;
  for (const auto& finding : findings) {
    if (finding.severity != workflow::Severity::error) continue;
    message += (message.empty() ? "" : "\n") + finding.file + ":" + std::to_string(finding.line) + ":" +
               std::to_string(finding.column) + ": " + finding.message + " (" + finding.pointer + "). " + finding.mend;
  }
  return message;
}

Result<std::vector<DocumentRow>> all_documents(Store& store, std::string_view kind) {
  std::vector<DocumentRow> all;
  while (all.size() < documents_max) {
    auto page = store.documents(kind, all.empty() ? 0 : all.back().id, limits::page_rows_max);
    if (!page) return page.error();
    if (page->empty()) break;
    all.insert(all.end(), page->begin(), page->end());
  }
  return all;
}

// Makes `fresh` the active document of its name, and the journal of case 0 say so. Nothing where it is so already.
Result<void> activate(Store& store, Writer& writer, const DocumentRow& fresh, const std::string& event) {
  const auto all = all_documents(store, fresh.kind);
  if (!all) return all.error();
  const auto same = std::find_if(all->begin(), all->end(), [&](const auto& row) { return row.hash == fresh.hash; });
  if (same != all->end() && same->active != 0) return {};
  const auto clash = std::find_if(all->begin(), all->end(), [&](const auto& row) {
    return fresh.kind == "workflow" && row.name == fresh.name && row.version == fresh.version && row.hash != fresh.hash;
  });
  if (clash != all->end()) {
    return {Code::conflict, "workflow " + fresh.name + " " + fresh.version + " is published already with other content (" +
                                clash->hash.substr(0, 12) + ", now " + fresh.hash.substr(0, 12) +
                                "): give the new text a new version"};
  }
  return writer.execute(
      [&](Turn& turn) -> Result<void> {
        auto before = turn.load(0);
        if (!before && before.error().code != Code::not_found) return before.error();
        CaseRecord old = before ? *before : CaseRecord{};
        for (const DocumentRow& row : *all) {
          if (row.name == fresh.name) old.documents[row.id] = row;
        }
        path::Draft draft(old, nullptr, turn.supply(), turn.now_ms());
        for (auto& [id, row] : draft.record.documents) row.active = row.hash == fresh.hash ? 1 : 0;
        if (same == all->end()) {
          DocumentRow row = fresh;
          row.id = turn.supply().next_id(Table::documents);
          row.active = 1;
          draft.record.documents[row.id] = row;
        }
        draft.event = event;
        draft.what = {{"name", fresh.name}, {"version", fresh.version}, {"hash", fresh.hash}};
        turn.put(old, std::move(draft));
        return {};
      },
      {}, false);
}

}  // namespace

Result<void> Library::open(Store& store, Writer& writer, std::span<const std::shared_ptr<Department>> departments,
                           std::span<const std::string> workflow_texts) {
  if (const auto taken = take_manifests(store, writer, departments); !taken) return taken;
  for (const std::string& text : workflow_texts) {
    if (const auto published = publish(store, writer, text); !published) return published;
  }
  if (workflow_texts.empty()) {
    if (const auto loaded = load_active(store); !loaded) return loaded;
  }
  std::sort(active_.begin(), active_.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  return {};
}

Result<void> Library::take_manifests(Store& store, Writer& writer, std::span<const std::shared_ptr<Department>> departments) {
  for (const auto& department : departments) {
    const std::string text = department->manifest();
    auto manifest = plugin::read_manifest_text(text);
    if (!manifest) return manifest.error();
    if (manifest_of(manifest->department) != nullptr) {
      return {Code::invalid, "two departments are called " + manifest->department + ": hand in one of them"};
    }
    const DocumentRow row{.kind = "manifest",
                          .name = manifest->department,
                          .version = manifest->version,
                          .hash = base::sha256_hex(text),
                          .content = text};
    if (const auto recorded = activate(store, writer, row, "manifest.recorded"); !recorded) return recorded;
    manifests_.push_back(std::move(*manifest));
  }
  const auto stored = all_documents(store, "manifest");
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored) {
    if (row.active == 0 || manifest_of(row.name) != nullptr) continue;
    auto manifest = plugin::read_manifest_text(row.content);
    if (!manifest) return Error{Code::corrupt, "stored manifest of " + row.name + ": " + manifest.error().message};
    manifests_.push_back(std::move(*manifest));
  }
  return {};
}

Result<void> Library::publish(Store& store, Writer& writer, const std::string& text) {
  auto checked = workflow::read_workflow(text, "workflow", manifests_);
  if (!checked.workflow) return {Code::invalid, in_one_message(checked.findings)};
  auto read = std::make_shared<const workflow::Workflow>(std::move(*checked.workflow));
  const bool twice = std::any_of(active_.begin(), active_.end(), [&](const auto& other) { return other->id == read->id; });
  if (twice) return {Code::invalid, "two workflows have the id " + read->id + ": hand in one of them"};
  const DocumentRow row{.kind = "workflow", .name = read->id, .version = read->version, .hash = read->hash, .content = text};
  if (const auto activated = activate(store, writer, row, "workflow.activated"); !activated) return activated;
  by_hash_[read->hash] = read;
  active_.push_back(std::move(read));
  return {};
}

Result<void> Library::load_active(Store& store) {
  const auto stored = all_documents(store, "workflow");
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored) {
    if (row.active == 0) continue;
    auto found = find(store, row.hash);
    if (!found) return found.error();
    active_.push_back(*found);
  }
  return {};
}

Result<std::shared_ptr<const workflow::Workflow>> Library::find(Store& store, const std::string& hash) {
  const std::lock_guard lock(mutex_);
  if (const auto known = by_hash_.find(hash); known != by_hash_.end()) return known->second;
  const auto stored = store.find_document("workflow", hash);
  if (!stored) return stored.error();
  if (!*stored) return Error{Code::corrupt, "workflow " + hash.substr(0, 12) + " is not in the store, and a case needs it"};
  auto checked = workflow::read_workflow((*stored)->content, (*stored)->name + " " + (*stored)->version, manifests_);
  if (!checked.workflow) {
    return Error{Code::invalid, "workflow " + (*stored)->name + " " + (*stored)->version +
                                    " does not fit the departments at hand:\n" + in_one_message(checked.findings)};
  }
  return by_hash_[hash] = std::make_shared<const workflow::Workflow>(std::move(*checked.workflow));
}

const plugin::Manifest* Library::manifest_of(std::string_view department) const {
  const auto found =
      std::find_if(manifests_.begin(), manifests_.end(), [&](const auto& m) { return m.department == department; });
  return found == manifests_.end() ? nullptr : &*found;
}

}  // namespace redress::drive
