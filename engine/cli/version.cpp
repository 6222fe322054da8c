// redress version: written once, in the top CMakeLists.txt.
#include <ostream>

#include "cli/verbs.hpp"

namespace redress::cli {

const char* version_text() { return "redress " REDRESS_VERSION; }

Result<int> version(bool json, Console& console) {
  if (json)
    console.out << "{\"name\":\"redress\",\"version\":\"" REDRESS_VERSION "\"}\n";
  else
    console.out << version_text() << '\n';
  return 0;
}

}  // namespace redress::cli
