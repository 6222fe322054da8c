// Looking names up in a workflow that was read.
#include "workflow/workflow.hpp"

#include <algorithm>

namespace redress::workflow {
namespace {

template <class Item>
const Item* find_named(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const CommitmentSpec* Workflow::find_commitment(std::string_view name) const { return find_named(commitments, name); }
const ReplySpec* Workflow::find_reply(std::string_view name) const { return find_named(replies, name); }
const State* Workflow::find_state(std::string_view name) const { return find_named(states, name); }

}  // namespace redress::workflow
