// The Library: manifests and published workflows, by hash; what is active takes new cases, what is old goes on with its cases.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "drive/writer.hpp"
#include "redress/department.hpp"
#include "redress/store.hpp"
#include "workflow/workflow.hpp"

namespace redress::drive {

class Library {
 public:
  // Records the departments' manifests and the workflows in the store where they are new, and makes these workflows the active
  // ones of their ids. Without texts: what the store has active. `invalid`: with every finding of every workflow.
  [[nodiscard]] Result<void> open(Store& store, Writer& writer, std::span<const std::shared_ptr<Department>> departments,
                                  std::span<const std::string> workflow_texts);

  [[nodiscard]] const std::vector<std::shared_ptr<const workflow::Workflow>>& active() const { return active_; }
  // By hash; `corrupt` where the store does not have it, or it cannot be read any more. [any thread]
  [[nodiscard]] Result<std::shared_ptr<const workflow::Workflow>> find(Store& store, const std::string& hash);
  [[nodiscard]] const plugin::Manifest* manifest_of(std::string_view department) const;

 private:
  Result<void> take_manifests(Store& store, Writer& writer, std::span<const std::shared_ptr<Department>> departments);
  Result<void> publish(Store& store, Writer& writer, const std::string& text);
  Result<void> load_active(Store& store);

  std::vector<plugin::Manifest> manifests_;
  std::vector<std::shared_ptr<const workflow::Workflow>> active_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const workflow::Workflow>> by_hash_;
};

}  // namespace redress::drive
