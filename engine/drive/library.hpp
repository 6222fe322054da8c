// The Library: manifests and published workflows, by hash; what is active takes new cases, what is old goes on with its cases.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "drive/writer.hpp"
#include "redress/department.hpp"
#include "redress/engine.hpp"
#include "redress/store.hpp"
#include "workflow/workflow.hpp"

namespace redress::drive {

class Library {
 public:
  // Records the departments' manifests and the workflows in the store where they are new, and makes these new versions the
  // active ones of their ids. A version that is there already changes nothing: where another one is active, that one stays so,
  // and `warnings` says it. Without texts: what the store has active. `invalid`: with every finding of every workflow. Where
  // no department is handed in, nothing is carried out, and an active workflow that does not fit the manifests is left out,
  // with a warning, so that people can act and publish one that fits: it takes no new cases, and its cases stand still.
  [[nodiscard]] Result<void> open(Store& store, Writer& writer, const EngineOptions& options);

  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }  // Of open().
  [[nodiscard]] std::vector<std::shared_ptr<const workflow::Workflow>> active();        // By id. [any thread]
  // By hash; `corrupt` where the store does not have it, or it cannot be read any more. [any thread]
  [[nodiscard]] Result<std::shared_ptr<const workflow::Workflow>> find(Store& store, const std::string& hash);
  [[nodiscard]] const plugin::Manifest* manifest_of(std::string_view department) const;

  // Checks the text and keeps it by its hash, without giving it new cases. Nothing where it is there already.
  [[nodiscard]] Result<std::shared_ptr<const workflow::Workflow>> publish(Store& store, Writer& writer, const std::string& text,
                                                                          const Asker& asker);
  // Makes a published version the one that takes new cases.
  [[nodiscard]] Result<void> activate(Store& store, Writer& writer, const std::string& id, const std::string& version,
                                      const Asker& asker);
  [[nodiscard]] Result<void> set_switches(Store& store, Writer& writer, const std::string& id, const Switches& switches,
                                          const Asker& asker);
  [[nodiscard]] Switches switches_of(const std::string& id);  // [any thread]
  // What a change of unknown outcome left: after each such batch (Turn::doubts) memory is made to say again what the store
  // says. Called by each command before it asks what is active or switched. [leader only]
  [[nodiscard]] Result<void> catch_up(Store& store, std::int64_t doubts);

 private:
  Result<void> take_wording(Store& store, Writer& writer, Wording wording);
  Result<void> take_manifest(Store& store, Writer& writer, const std::string& text);
  Result<void> load_manifests(Store& store);
  Result<void> take_workflow(Store& store, Writer& writer, const std::string& text, const std::string& name);
  Result<void> load_active(Store& store, bool leave_out);
  Result<void> load_switches(Store& store);
  void make_active(std::shared_ptr<const workflow::Workflow> workflow);
  [[nodiscard]] bool was_asked_for(const DocumentRow& row);
  std::string exchange_asked(const std::string& id, const std::string& hash);  // Answers what it was.

  std::vector<plugin::Manifest> manifests_;      // As open() left them.
  std::shared_ptr<const wording::Rules> rules_;  // Likewise.
  std::vector<std::string> warnings_;        // Likewise.
  // Held from reading what the store has until memory says it too: nobody else writes documents, so each change sees those
  // before it, and memory follows in their order. Never taken within a command.
  std::mutex changing_;
  std::mutex mutex_;  // Guards what follows.
  std::vector<std::shared_ptr<const workflow::Workflow>> active_;
  std::map<std::string, std::shared_ptr<const workflow::Workflow>> by_hash_;
  std::map<std::string, Switches> switches_;  // By workflow id; absent: all open.
  std::map<std::string, std::string> asked_;  // By workflow id: the hash of the version that was to become active last.
  std::int64_t doubts_ = 0;                   // Those that memory knows of. [leader only]
};

}  // namespace redress::drive
