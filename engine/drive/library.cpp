// Publishing workflows and manifests into the store, and reading them back.
#include "drive/library.hpp"
#include "proof/prove.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.hpp"
#include "proof/prove.hpp"
#include "redress/limits.hpp"
#include "workflow/findings.hpp"
#include "workflow/wording_files.hpp"

namespace redress::drive {
namespace {

constexpr std::size_t documents_max = 100'000;

std::string in_one_message(std::vector<workflow::Finding> findings) {
  std::erase_if(findings, [](const auto& finding) { return finding.severity != workflow::Severity::error; });
  return workflow::in_lines(findings);
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

struct Change {
  DocumentRow fresh;
  bool active = true;  // Makes it the active one of its name; else only keeps it.
  std::string event;
  Asker asker{};
};

// Keeps a document, and the journal of case 0 says so. Nothing where it is so already. False: the request was done before, and
// others may have changed it since.
Result<bool> keep(Store& store, Writer& writer, const Change& change) {
  const DocumentRow& fresh = change.fresh;
  const auto all = all_documents(store, fresh.kind);
  if (!all) return all.error();
  const auto same = std::find_if(all->begin(), all->end(), [&](const auto& row) { return row.hash == fresh.hash; });
  const bool is_so = same != all->end() && (same->active != 0 || !change.active);
  if (is_so && change.asker.request.id.empty()) return true;
  const auto clash = std::find_if(all->begin(), all->end(), [&](const auto& row) {
    return fresh.kind == "workflow" && row.name == fresh.name && row.version == fresh.version && row.hash != fresh.hash;
  });
  if (clash != all->end()) {
    return {Code::conflict, "workflow " + fresh.name + " " + fresh.version + " is published already with other content (" +
                                clash->hash.substr(0, 12) + ", now " + fresh.hash.substr(0, 12) +
                                "): give the new text a new version"};
  }
  return writer.execute_once(
      {change.asker.by, change.asker.request, change.event + "\n" + fresh.name + "\n" + fresh.version + "\n" + fresh.hash},
      [&](Turn& turn) -> Result<void> {
        if (is_so) return {};
        const auto before = turn.load_zero();
        if (!before) return before.error();
        CaseRecord old = *before;
        for (const DocumentRow& row : *all) {
          if (row.name == fresh.name) old.documents[row.id] = row;
        }
        path::Draft draft(old, nullptr, turn.supply(), turn.now_ms());
        for (auto& [id, row] : draft.record.documents) {
          if (change.active) row.active = row.hash == fresh.hash ? 1 : 0;
        }
        if (same == all->end()) {
          DocumentRow row = fresh;
          row.id = turn.supply().next_id(Table::documents);
          row.active = change.active ? 1 : 0;
          draft.record.documents[row.id] = row;
        }
        draft.event = change.event;
        draft.what = {{"name", fresh.name}, {"version", fresh.version}, {"hash", fresh.hash}};
        turn.put(old, std::move(draft));
        return {};
      },
      {}, false);
}

// The active version of the workflow's id, where it is another one though this one is published already: `activate` chose it.
Result<std::optional<DocumentRow>> chosen_instead(Store& store, const workflow::Workflow& read) {
  const auto all = all_documents(store, "workflow");
  if (!all) return all.error();
  const auto known = std::any_of(all->begin(), all->end(), [&](const auto& row) { return row.hash == read.hash; });
  const auto active =
      std::find_if(all->begin(), all->end(), [&](const auto& row) { return row.name == read.id && row.active != 0; });
  if (!known || active == all->end() || active->hash == read.hash) return std::optional<DocumentRow>();
  return std::optional(*active);
}

DocumentRow document_of(const workflow::Workflow& workflow, const std::string& text) {
  return {.kind = "workflow", .name = workflow.id, .version = workflow.version, .hash = workflow.hash, .content = text};
}

}  // namespace

Result<void> Library::open(Store& store, Writer& writer, const EngineOptions& options) {
  if (const auto taken = take_wording(store, writer, options.wording); !taken) return taken;
  for (const auto& department : options.departments) {
    if (const auto taken = take_manifest(store, writer, department->manifest()); !taken) return taken;
  }
  for (const std::string& text : options.manifests) {
    if (const auto taken = take_manifest(store, writer, text); !taken) return taken;
  }
  if (const auto loaded = load_manifests(store); !loaded) return loaded;
  if (const auto loaded = load_switches(store); !loaded) return loaded;
  const auto& names = options.workflow_names;
  for (std::size_t i = 0; i < options.workflows.size(); ++i) {
    const std::string name = i < names.size() ? names[i] : "workflow";
    if (const auto taken = take_workflow(store, writer, options.workflows[i], name); !taken) return taken;
  }
  return options.workflows.empty() ? load_active(store, options.departments.empty()) : Result<void>{};
}

// What is handed in is kept, so that who opens the store without it holds every text to the same.
Result<void> Library::take_wording(Store& store, Writer& writer, Wording wording) {
  for (const auto& [kind, text] : {std::pair{"channels", &wording.channels}, {"brand", &wording.brand}}) {
    if (!text->empty()) {
      const DocumentRow row{.kind = kind, .name = kind, .version = "1", .hash = base::sha256_hex(*text), .content = *text};
      if (!workflow::read_rules(wording)) break;  // Said below, and not kept.
      if (const auto kept = keep(store, writer, {row, true, std::string(kind) + ".recorded"}); !kept) return kept.error();
      continue;
    }
    const auto stored = all_documents(store, kind);
    if (!stored) return stored.error();
    const auto active = std::find_if(stored->begin(), stored->end(), [](const auto& row) { return row.active != 0; });
    if (active != stored->end()) *text = active->content;
  }
  auto rules = workflow::read_rules(wording);
  if (!rules) return rules.error();
  rules_ = std::move(*rules);
  return {};
}

Result<void> Library::take_manifest(Store& store, Writer& writer, const std::string& text) {
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
  if (const auto kept = keep(store, writer, {row, true, "manifest.recorded"}); !kept) return kept.error();
  manifests_.push_back(std::move(*manifest));
  return {};
}

// Of departments that are not here now: their workflows and cases go on, and are blocked where they need them.
Result<void> Library::load_manifests(Store& store) {
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

void Library::make_active(std::shared_ptr<const workflow::Workflow> workflow) {
  const std::lock_guard lock(mutex_);
  std::erase_if(active_, [&](const auto& other) { return other->id == workflow->id; });
  by_hash_[workflow->hash] = workflow;
  active_.push_back(std::move(workflow));
  std::sort(active_.begin(), active_.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
}

std::vector<std::shared_ptr<const workflow::Workflow>> Library::active() {
  const std::lock_guard lock(mutex_);
  return active_;
}

Result<std::shared_ptr<const workflow::Workflow>> Library::publish(Store& store, Writer& writer, const std::string& text,
                                                                   const Asker& asker) {
  auto checked = proof::check(text, "workflow", {.manifests = manifests_, .rules = rules_});
  if (!checked.workflow) return {Code::invalid, in_one_message(checked.findings)};
  auto read = std::make_shared<const workflow::Workflow>(std::move(*checked.workflow));
  const std::lock_guard changing(changing_);
  if (const auto kept = keep(store, writer, {document_of(*read, text), false, "workflow.published", asker}); !kept)
    return kept.error();
  return read;
}

Result<void> Library::take_workflow(Store& store, Writer& writer, const std::string& text, const std::string& name) {
  auto checked = proof::check(text, name, {.manifests = manifests_, .rules = rules_});
  if (!checked.workflow) return {Code::invalid, in_one_message(checked.findings)};
  auto read = std::make_shared<const workflow::Workflow>(std::move(*checked.workflow));
  const auto known = active();
  const bool twice = std::any_of(known.begin(), known.end(), [&](const auto& other) { return other->id == read->id; });
  if (twice) return {Code::invalid, "two workflows have the id " + read->id + ": hand in one of them"};
  const auto chosen = chosen_instead(store, *read);
  if (!chosen) return chosen.error();
  if (*chosen) {
    auto other = find(store, (*chosen)->hash);
    if (!other) return other.error();
    warnings_.push_back("workflow " + read->id + ": " + (*chosen)->version +
                        " was activated and goes on taking the new cases, not " + read->version +
                        " of the files; redress workflow activate " + read->id + " " + read->version + " changes that");
    make_active(std::move(*other));
    return {};
  }
  if (const auto kept = keep(store, writer, {document_of(*read, text), true, "workflow.activated"}); !kept) return kept.error();
  make_active(std::move(read));
  return {};
}

Result<void> Library::activate(Store& store, Writer& writer, const std::string& id, const std::string& version,
                               const Asker& asker) {
  const std::lock_guard changing(changing_);
  const auto all = all_documents(store, "workflow");
  if (!all) return all.error();
  const auto named =
      std::find_if(all->begin(), all->end(), [&](const auto& row) { return row.name == id && row.version == version; });
  if (named == all->end()) return {Code::not_found, "workflow " + id + " " + version + " is not published: publish it first"};
  auto read = find(store, named->hash);
  if (!read) return read.error();
  const std::string before = exchange_asked(id, named->hash);
  const auto kept = keep(store, writer, {*named, true, "workflow.activated", asker});
  if (!kept && kept.error().code != Code::unavailable) (void)exchange_asked(id, before);  // Surely not done.
  if (!kept) return kept.error();
  if (*kept) make_active(std::move(*read));
  return {};
}

Result<void> Library::set_switches(Store& store, Writer& writer, const std::string& id, const Switches& switches,
                                   const Asker& asker) {
  const std::lock_guard changing(changing_);
  const auto all = all_documents(store, "workflow");
  if (!all) return all.error();
  if (std::none_of(all->begin(), all->end(), [&](const auto& row) { return row.name == id; }))
    return {Code::not_found, "no workflow " + id + " is published"};
  const std::string text =
      base::dump_json({{"workflow", id}, {"new_cases", switches.new_cases}, {"automatic_replies", switches.automatic_replies}});
  const DocumentRow row{.kind = "switch", .name = id, .version = "", .hash = base::sha256_hex(text), .content = text};
  const auto kept = keep(store, writer, {row, true, "workflow.switched", asker});
  if (!kept) return kept.error();
  if (!*kept) return {};
  const std::lock_guard lock(mutex_);
  switches_[id] = switches;
  return {};
}

Result<void> Library::catch_up(Store& store, std::int64_t doubts) {
  if (doubts == doubts_) return {};
  if (const auto loaded = load_switches(store); !loaded) return loaded;
  const auto stored = all_documents(store, "workflow");
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored) {
    if (row.active == 0) continue;
    const auto known = active();  // Of those that the engine was opened with, or was asked to take since; not of others.
    const bool is_ours = std::any_of(known.begin(), known.end(), [&](const auto& each) { return each->id == row.name; });
    if (!is_ours && !was_asked_for(row)) continue;
    auto found = find(store, row.hash);
    if (!found) return found.error();
    make_active(std::move(*found));
  }
  doubts_ = doubts;
  return {};
}

std::string Library::exchange_asked(const std::string& id, const std::string& hash) {
  const std::lock_guard lock(mutex_);
  return std::exchange(asked_[id], hash);
}

bool Library::was_asked_for(const DocumentRow& row) {
  const std::lock_guard lock(mutex_);
  const auto asked = asked_.find(row.name);
  return asked != asked_.end() && asked->second == row.hash;
}

Switches Library::switches_of(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = switches_.find(id);
  return found == switches_.end() ? Switches{} : found->second;
}

Result<void> Library::load_switches(Store& store) {
  const auto stored = all_documents(store, "switch");
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored) {
    if (row.active == 0) continue;
    const Json json = Json::parse(row.content, nullptr, false);
    if (!json.is_object()) return {Code::corrupt, "the stored switches of workflow " + row.name + " cannot be read"};
    const std::lock_guard lock(mutex_);
    switches_[row.name] = {json.value("new_cases", false), json.value("automatic_replies", false)};
  }
  return {};
}

Result<void> Library::load_active(Store& store, bool leave_out) {
  const auto stored = all_documents(store, "workflow");
  if (!stored) return stored.error();
  for (const DocumentRow& row : *stored) {
    if (row.active == 0) continue;
    auto found = find(store, row.hash);
    if (found) {
      make_active(std::move(*found));
    } else if (leave_out && found.error().code == Code::invalid) {
      warnings_.push_back(found.error().message +
                          "\nIt takes no new cases and its cases stand still, until a version that fits is published and made "
                          "active");
    } else {
      return found.error();
    }
  }
  return {};
}

Result<std::shared_ptr<const workflow::Workflow>> Library::find(Store& store, const std::string& hash) {
  const std::lock_guard lock(mutex_);
  if (const auto known = by_hash_.find(hash); known != by_hash_.end()) return known->second;
  const auto stored = store.find_document("workflow", hash);
  if (!stored) return stored.error();
  if (!*stored) return Error{Code::corrupt, "workflow " + hash.substr(0, 12) + " is not in the store, and a case needs it"};
  auto checked = workflow::read_workflow((*stored)->content, (*stored)->name + " " + (*stored)->version,
                                         {.manifests = manifests_, .rules = rules_, .prove_wording = false});
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
