// Types: making and describing them.
#include "expression/type.hpp"

namespace redress::expression {

Type simple(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type list_of(Type element) {
  Type type = simple(Kind::list);
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type map_of(Type value) {
  Type type = simple(Kind::map);
  type.element = std::make_shared<const Type>(std::move(value));
  return type;
}

Type object_of(std::string name, std::map<std::string, Field> fields) {
  Type type = simple(Kind::object);
  type.name = std::move(name);
  type.fields = std::make_shared<const std::map<std::string, Field>>(std::move(fields));
  return type;
}

std::string describe(const Type& type) {
  switch (type.kind) {
    case Kind::dyn:
      return "dyn";
    case Kind::null_type:
      return "null_type";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
      return "int";
    case Kind::uinteger:
      return "uint";
    case Kind::number:
      return "double";
    case Kind::string:
      return "string";
    case Kind::duration:
      return "duration";
    case Kind::timestamp:
      return "timestamp";
    case Kind::list:
      return "list(" + (type.element ? describe(*type.element) : "dyn") + ")";
    case Kind::map:
      return type.localized ? "localized" : "map(string, " + (type.element ? describe(*type.element) : "dyn") + ")";
    case Kind::object:
      return type.name.empty() ? "object" : type.name;
    case Kind::type_value:
      return "type";
  }
  return "dyn";
}

}  // namespace redress::expression
