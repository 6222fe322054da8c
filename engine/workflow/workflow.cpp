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

std::vector<const Manual*> Workflow::acts_in(const std::set<int>& active) const {
  std::vector<const Manual*> acts;
  for (auto index = active.rbegin(); index != active.rend(); ++index) {
    const std::vector<Manual>& offered = state(*index).manual;
    std::transform(offered.begin(), offered.end(), std::back_inserter(acts), [](const Manual& act) { return &act; });
  }
  return acts;
}

bool is_named_by(std::string_view event, std::string_view descriptor) {
  if (event == descriptor || descriptor == "*") return true;
  if (descriptor.starts_with("*.")) return event.ends_with(descriptor.substr(1));
  if (descriptor.starts_with("done.state.")) return false;  // A state's path has dots of its own.
  if (descriptor.ends_with(".*")) descriptor.remove_suffix(2);
  return event.size() > descriptor.size() && event.starts_with(descriptor) && event[descriptor.size()] == '.';
}

bool Handler::takes(std::string_view event) const {
  return std::any_of(events.begin(), events.end(), [&](const std::string& descriptor) { return is_named_by(event, descriptor); });
}

}  // namespace redress::workflow
