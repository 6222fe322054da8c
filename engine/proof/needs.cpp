// Finds unguarded reads by the type checker itself: under a scope in which everything that a path may lack is optional.
#include "proof/needs.hpp"

#include <algorithm>

#include "workflow/scopes.hpp"

namespace redress::proof {
namespace {

using expression::Field;
using expression::Kind;
using expression::Type;

Type with_optional(const Type& object, const std::set<std::string>& names) {
  std::map<std::string, Field> fields = *object.fields;
  for (auto& [name, field] : fields)
    if (names.contains(name)) field.optional = true;
  Type doubtful = expression::object_of(object.name, std::move(fields));
  return doubtful;
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t dot = std::min(path.find('.', begin), path.size());
    parts.push_back(path.substr(begin, dot - begin));
    begin = dot + 1;
  }
  return parts;
}

}  // namespace

Terms::Terms(const workflow::Workflow& workflow) : workflow_(workflow) {
  doubtful_ = workflow::Scopes(workflow).at({.kind = workflow::Site::Kind::standing});
  std::set<std::string> data;
  if (workflow.data.fields) {
    for (const auto& [name, field] : *workflow.data.fields) {
      data.insert(name);
      if (!field.optional) fields.push_back(name);
    }
  }
  Type& of_case = doubtful_.names.at("case");
  of_case = with_optional(of_case, data);
  for (const workflow::CommitmentSpec& spec : workflow.commitments) {
    Type& type = doubtful_.names.at(spec.name);
    type = with_optional(type, {"state", "due_at", "attempts", "evidence"});
  }
  doubtful_.names["event"] = expression::simple(Kind::dyn);  // Typed where the file is read.
}

std::size_t Terms::commitment(std::string_view name) const {
  const auto& all = workflow_.commitments;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& spec) { return spec.name == name; });
  return found == all.end() ? npos : static_cast<std::size_t>(found - all.begin());
}

std::size_t Terms::field(std::string_view name) const {
  const auto found = std::find(fields.begin(), fields.end(), name);
  return found == fields.end() ? npos : static_cast<std::size_t>(found - fields.begin());
}

Needs Terms::of(const expression::Expression& expression) const {
  std::vector<expression::Finding> found;
  (void)expression.check(doubtful_, found);
  return of(expression.reads(), found);
}

Needs Terms::of(const expression::Template& text) const {
  std::vector<expression::Finding> found;
  (void)text.check(doubtful_, found);
  return of(text.reads(), found);
}

Needs Terms::of(const std::vector<std::string>& reads, const std::vector<expression::Finding>& found) const {
  Needs needs;
  for (const std::string& path : reads) {
    const std::vector<std::string> parts = parts_of(path);
    if (parts.front() == "case") {
      needs.reads_configuration = needs.reads_configuration || parts.size() == 1 || parts[1] == "configuration";
      const std::size_t which = parts.size() > 1 ? field(parts[1]) : npos;
      if (which != npos) needs.read_fields.insert(which);
      if (parts.size() > 1) continue;
      for (std::size_t each = 0; each < fields.size(); ++each) needs.read_fields.insert(each);
      continue;
    }
    const std::size_t which = commitment(parts.front());
    if (which == npos) continue;
    needs.read.insert(which);
    if (parts.size() == 1) needs.commitments.insert(which);
  }
  for (const expression::Finding& finding : found) {
    const std::vector<std::string> parts = parts_of(finding.unset);
    if (parts.size() < 2) continue;
    if (parts[0] == "case") {
      if (const std::size_t which = field(parts[1]); which != npos) needs.fields.insert(which);
    } else if (const std::size_t which = commitment(parts[0]); which != npos) {
      needs.commitments.insert(which);
      if (parts[1] == "evidence") needs.evidence.insert(which);
    }
  }
  return needs;
}

}  // namespace redress::proof
