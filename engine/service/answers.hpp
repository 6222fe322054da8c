// What the routes answer with, and take where a body is another program's own, by name: the OpenAPI document's
// components/schemas, in the form of the routes' own fields.
#pragma once
#include <string_view>
#include <vector>

#include "service/router.hpp"

namespace redress::service {

// An object. A field's `type` is JSON Schema's, or one of these; `required`: the field is always there.
//   "instant"   an RFC 3339 text, UTC        "any"     whatever JSON
//   "a|b"       one of these texts           "Case"    the shape of that name
//   "[T]"       a list of T                  "{T}"     an object whose values are T
//   "T?"        T or null                    "T or U"  either
struct Shape {
  const char* name;
  const char* description;
  std::vector<Field> fields;
};

[[nodiscard]] const std::vector<Shape>& shapes();
// The JSON Schema of such a type; a shape is a $ref.
[[nodiscard]] Json schema_of_type(std::string_view type);
[[nodiscard]] Json schema_of_shape(const Shape& shape);
[[nodiscard]] Json schema_of_fields(const std::vector<Field>& fields);  // An object of these.

}  // namespace redress::service
