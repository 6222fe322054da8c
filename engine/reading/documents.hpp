// A store's workflows and manifests, read as plain JSON: what people may do, and with which forms. Internal to this room.
//
// Each document is read once; one thread at a time. What is not there, or is no longer JSON, says nothing: the audit does.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "redress/store.hpp"

namespace redress::reading {

// A person's act that an active state offers.
struct Manual {
  std::string state;  // The full path of the state that offers it.
  std::string name;   // Arrives as "manual.<name>".
  std::string role;
  std::shared_ptr<const Json> form;  // Object schema; null: no form.
};

class Documents {
 public:
  explicit Documents(Store& store) : store_(store) {}

  // Acts that the case's active states offer, inner states first, in file order.
  [[nodiscard]] Result<std::vector<Manual>> manuals(const CaseRow& row);
  // The evidence schema of a department's action; null where no manifest says.
  [[nodiscard]] Result<std::shared_ptr<const Json>> evidence_schema(const std::string& department, const std::string& action);
  // Of the action that takes this one back; null where none does.
  [[nodiscard]] Result<std::shared_ptr<const Json>> undo_evidence_schema(const std::string& department,
                                                                         const std::string& action);
  // Whether the manifest says that others can take the action back.
  [[nodiscard]] Result<bool> is_revocable(const std::string& department, const std::string& action);
  // The delay of a state's n-th `after`, from 0: "P5D"; empty where the workflow does not say.
  [[nodiscard]] Result<std::string> after_delay(const CaseRow& row, std::string_view state, std::size_t index);

 private:
  Result<std::shared_ptr<const Json>> workflow(const std::string& hash);
  Result<void> read_manifests();
  Result<const Json*> contract(const std::string& department, const std::string& action);  // Null where no manifest says.

  Store& store_;
  std::map<std::string, std::shared_ptr<const Json>> workflows_;  // By hash; null: none.
  std::map<std::string, std::shared_ptr<const Json>> manifests_;  // By department: the active one, else the latest.
  bool manifests_read_ = false;
};

}  // namespace redress::reading
