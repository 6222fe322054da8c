// A Type is what the checker knows of an expression before it runs: declared case data, events, the plugins' schemas.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "expression/value.hpp"

namespace redress::expression {

enum class Kind {
  dyn,
  null_type,
  boolean,
  integer,
  uinteger,
  number,
  string,
  duration,
  timestamp,
  list,
  map,
  object,
  type_value
};

struct Field;

// Plain data; cheap to copy.
struct Type {
  Kind kind = Kind::dyn;
  std::shared_ptr<const Type> element;                         // Of a list; a map's value (its keys are strings).
  std::shared_ptr<const std::map<std::string, Field>> fields;  // Of an object: a read of any other name is a finding.
  std::string name;                                            // Of an object, for messages: "case", "refund.evidence".
  // What a declaration adds; carried along by reads of fields, lost by operators, save that `private_` sticks to +, ?:,
  // conversions, lists and macros, and that + and ?: keep public_text and length_max where all their parts have them.
  bool private_ = false;                  // Must never reach a public text.
  bool localized = false;                 // A map from language to text, of which a reply takes its own language.
  bool public_text = false;               // Free text that may stand in a reply without review.
  std::optional<std::size_t> length_max;  // Of a string: code points.
  // Of a string, for its length on a channel; kept where length_max is.
  bool light = false;    // No sign is beyond U+02FF, or it has at most length_max bytes.
  bool has_dots = true;  // So that it may be a link, or a part of one.
  bool handle = false;   // An author's name.
};

struct Field {
  Type type;
  bool optional = false;  // May be unset when it is read: has() first.
};

[[nodiscard]] Type simple(Kind kind);
[[nodiscard]] Type list_of(Type element);
[[nodiscard]] Type map_of(Type value);
[[nodiscard]] Type object_of(std::string name, std::map<std::string, Field> fields);
[[nodiscard]] std::string describe(const Type& type);  // "list(int)", "case", "string".

// The type that a schema of the documented keyword set gives (engine/base/schema.hpp): {"type": "integer"} is int, "number"
// double, "string" string (with "format": "date-time" timestamp, "duration" duration), "localized": true a localized text.
// Fields that "required" does not name are optional.
[[nodiscard]] Type type_of_schema(const Json& schema, const std::string& name);
// The value that `json` has under `type`: so that 5 under "number" is double. JSON that does not fit stays as from_json has it.
[[nodiscard]] Value from_json(const Json& json, const Type& type);

}  // namespace redress::expression
