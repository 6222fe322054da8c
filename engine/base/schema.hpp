// A small validator for JSON Schema 2020-12's keywords that manifests, forms and workflow data may use.
//
// In: type (also a list), enum, const, properties, required, additionalProperties (bool or schema), items, minItems, maxItems,
// minLength, maxLength (code points), pattern (RE2), minimum, maximum, exclusiveMinimum, exclusiveMaximum, minProperties,
// maxProperties, uniqueItems, format (date-time, duration), anyOf, allOf, oneOf, not, true and false; title and description are
// annotations, and so are our own private, localized, public_text, same_as_input, optional. Any other keyword is refused by
// check_schema: a rule that is not applied must not look as if it were.
#pragma once
#include <string>
#include <vector>

#include "base/json.hpp"

namespace redress::base {

struct SchemaFinding {
  std::string pointer;  // RFC 6901, into the instance (validate) or the schema (check_schema).
  std::string message;
};

// What is wrong with the schema itself; empty: it can be used.
[[nodiscard]] std::vector<SchemaFinding> check_schema(const Json& schema);
// What in `instance` breaks `schema`, all findings at once; empty: it fits. The schema must have passed check_schema.
[[nodiscard]] std::vector<SchemaFinding> validate(const Json& schema, const Json& instance);

// A workflow's short form {"account": {"type": "string", "optional": true}} as the object schema that it stands for: every
// field is required and not empty (strings: minLength 1) unless `optional`; no other field is allowed.
[[nodiscard]] Json schema_of_fields(const Json& fields);

}  // namespace redress::base
