// What a public text may say: nothing private, nothing unbounded, and what a person or a plugin wrote only after a review.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

using expression::Kind;
using expression::Type;

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', begin)) {
    parts.push_back(path.substr(begin, dot - begin));
    begin = dot + 1;
  }
  parts.push_back(path.substr(begin));
  return parts;
}

// The innermost type of a path, and whether anything on the way is private.
struct Walked {
  Type type;
  bool private_ = false;
};

std::optional<Walked> walk(const expression::Scope& scope, const std::vector<std::string>& path) {
  const auto root = scope.names.find(path.front());
  if (root == scope.names.end()) return std::nullopt;
  Walked walked{root->second, root->second.private_};
  for (std::size_t i = 1; i < path.size() && walked.type.kind == Kind::object && walked.type.fields; ++i) {
    const auto field = walked.type.fields->find(path[i]);
    if (field == walked.type.fields->end()) return std::nullopt;
    const Type inner = field->second.type;
    walked.private_ = walked.private_ || inner.private_;
    walked.type = inner;
  }
  return walked;
}

// What strings are within a type: all of them count, since the text may show any.
struct Strings {
  bool any_private = false, any_free = false, any_unbounded = false;
};

void gather(const Type& type, int depth, Strings& strings) {
  constexpr int depth_max = 64;
  strings.any_private = strings.any_private || type.private_;
  if (depth > depth_max || type.kind == Kind::dyn || type.kind == Kind::string || type.localized) {
    const Type& text = type.localized && type.element ? *type.element : type;
    strings.any_free = strings.any_free || !type.public_text;
    strings.any_unbounded = strings.any_unbounded || (!type.length_max && !text.length_max);
    return;
  }
  if (type.element) gather(*type.element, depth + 1, strings);
  if (type.fields) {
    for (const auto& [name, field] : *type.fields) gather(field.type, depth + 1, strings);
  }
}

bool is_printable(const Type& type) {
  switch (type.kind) {
    case Kind::dyn:
    case Kind::boolean:
    case Kind::integer:
    case Kind::uinteger:
    case Kind::number:
    case Kind::string:
    case Kind::duration:
    case Kind::timestamp:
      return true;
    default:
      return type.localized;
  }
}

// A schema that leaves no room for free text: a list of values, or a pattern.
bool is_closed(const Json* schema) {
  if (!schema || !schema->is_object()) return false;
  return schema->contains("enum") || schema->contains("const") || schema->contains("pattern");
}

// One {{ expression }} of a text, with its braces.
struct Shown {
  std::size_t offset = 0;
  Template text;
};

// A text that was parsed as a whole, in its expressions: the shortest piece from "{{" to "}}" that parses is one.
std::vector<Shown> parts_of(const std::string& text) {
  std::vector<Shown> parts;
  for (std::size_t begin = text.find("{{"); begin != std::string::npos;) {
    std::size_t next = begin + 2;
    for (std::size_t end = text.find("}}", begin); end != std::string::npos; end = text.find("}}", end + 1)) {
      expression::Finding ignored;
      auto piece = Template::parse(std::string_view(text).substr(begin, end + 2 - begin), ignored);
      if (!piece || !piece->is_single_expression()) continue;
      parts.push_back({begin, std::move(*piece)});
      next = end + 2;
      break;
    }
    begin = text.find("{{", next);
  }
  return parts;
}

}  // namespace

// The schema of a commitment's evidence field or of a field of the data; null where the path is none.
const Json* Reading::schema_of_path(const std::vector<std::string>& path) const {
  const Json* schema = nullptr;
  std::size_t next = 1;
  if (path.front() == "case") {
    schema = data_schema_.get();
  } else if (const CommitmentSpec* spec = workflow_.find_commitment(path.front());
             spec && path.size() > 1 && path[1] == "evidence") {
    schema = spec->contract.evidence.get();
    next = 2;
  }
  for (; schema && next < path.size(); ++next) {
    const auto properties = schema->is_object() ? schema->find("properties") : schema->end();
    const bool known = schema->is_object() && properties != schema->end() && properties->contains(path[next]);
    schema = known ? &(*properties)[path[next]] : nullptr;
  }
  return schema;
}

void Reading::check_text(const Template& text, const Type& type, const std::string& pointer, bool reviewed) {
  if (text.is_single_expression() && !is_printable(type)) {
    refuse("type", pointer, "a text cannot show " + expression::describe(type), "Show one of its fields.");
  }
  for (const Shown& part : parts_of(text.text())) {
    std::vector<expression::Finding> found_elsewhere;
    const Type shown = part.text.check(scopes_->at({}), found_elsewhere);
    // What only decides between texts of our own, what a function makes and what is counted is no free text.
    const bool is_text = shown.kind == Kind::string || shown.kind == Kind::dyn || shown.localized;
    const Allowed allowed{.free = reviewed || !is_text || shown.public_text,
                          .unbounded = !is_text || shown.length_max.has_value()};
    bool said = !found_elsewhere.empty() || !is_printable(shown);
    for (const std::string& path : part.text.reads())
      said = check_public_read(path, pointer, part.offset + part.text.text().find(path), allowed) || said;
    if (!said && !expression::text_length_max(shown)) {
      findings_.add({.rule = "unproved_length",
                     .pointer = pointer,
                     .message = "nobody can tell how long " + part.text.text() + " gets, so that no channel is sure to take the text",
                     .mend = "Show a value that has a maxLength, as it is.",
                     .inside = part.offset});
    }
  }
}

bool Reading::check_public_read(const std::string& path, const std::string& pointer, std::size_t offset,
                                const Allowed& allowed) {
  const std::vector<std::string> parts = split(path);
  const auto walked = walk(scopes_->at({}), parts);
  const CommitmentSpec* spec = workflow_.find_commitment(parts.front());
  const bool unknown_contract = spec && !spec->contract.evidence;  // Found where its department is named.
  const bool unknown_data = parts.front() == "case" && walked && walked->type.kind == Kind::dyn;
  if (!walked || unknown_contract || unknown_data) return true;
  Strings strings;
  gather(walked->type, 0, strings);
  const auto add = [&](const char* rule, const std::string& message, const std::string& mend) {
    findings_.add({.rule = rule, .pointer = pointer, .message = message, .mend = mend, .inside = offset});
  };
  if (walked->private_ || strings.any_private) {
    add("privacy", in_quotes(path) + " is private and would be published", "Leave it out of the text.");
    return true;
  }
  if (strings.any_unbounded && !allowed.unbounded) {
    add("unbounded_text", in_quotes(path) + " has no maxLength, so that no channel is sure to take the text",
        "Give it a maxLength where it is declared, or leave it out.");
    return true;
  }
  if (strings.any_free && !allowed.free && !is_closed(schema_of_path(parts))) {
    add("free_text", in_quotes(path) + " is free text of a person or a plugin, published as it is",
        "Give the reply a \"review\" without \"when\", or let the department declare the field public_text.");
  }
  return false;
}

}  // namespace redress::workflow
