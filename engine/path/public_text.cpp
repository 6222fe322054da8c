// The rules of a public text that no workflow can switch off.
#include "path/public_text.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "wording/rules.hpp"

namespace redress::path {
namespace {

void gather(const Json& schema, const Json& value, std::set<std::string>& out) {
  const auto properties = schema.is_object() ? schema.find("properties") : schema.end();
  if (properties == schema.end() || !value.is_object()) return;
  for (const auto& [name, field] : properties->items()) {
    if (!value.contains(name)) continue;
    const Json& inner = value[name];
    const bool hidden = field.is_object() && field.value("private", false);
    if (hidden && inner.is_string()) out.insert(inner.get<std::string>());
    if (hidden && inner.is_array()) {
      for (const Json& each : inner)
        if (each.is_string()) out.insert(each.get<std::string>());
    }
    gather(field, inner, out);
  }
}

Json stored(const Draft& draft, const std::string& digest) { return Json::parse(draft.text(digest), nullptr, false); }

// Every value of this case that its data, inputs or evidence call private.
std::set<std::string> private_values(const Draft& draft) {
  std::set<std::string> out;
  const Json data = stored(draft, draft.record.row.data);
  if (draft.workflow->data.fields && data.is_object()) {
    for (const auto& [name, field] : *draft.workflow->data.fields)
      if (field.type.private_ && data.contains(name) && data[name].is_string()) out.insert(data[name].get<std::string>());
  }
  for (const auto& [id, member] : draft.record.members) {
    const workflow::CommitmentSpec* spec = draft.workflow->find_commitment(member.name);
    const auto row = draft.record.commitments.find(member.commitment_id);
    if (spec == nullptr || row == draft.record.commitments.end()) continue;
    gather(*spec->contract.input, stored(draft, row->second.input), out);
    gather(*spec->contract.evidence, stored(draft, row->second.evidence), out);
  }
  return out;
}

// Of everybody who wrote in this case.
std::vector<std::string> handles(const Draft& draft) {
  std::vector<std::string> all;
  for (const auto& [id, post] : draft.record.posts) {
    const Json profile = stored(draft, post.author_profile);
    if (profile.is_object()) all.push_back(profile.value("handle", ""));
  }
  return all;
}

}  // namespace

std::string unfit_for_public(const Draft& draft, const PublicText& text) {
  const std::set<std::string> hidden = private_values(draft);
  return wording::why_unfit(*draft.workflow->rules, {.channel = text.channel,
                                                     .language = text.language,
                                                     .text = text.text,
                                                     .handles = handles(draft),
                                                     .private_values = {hidden.begin(), hidden.end()}});
}

}  // namespace redress::path
