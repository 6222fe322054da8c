// What each Code is called, and the exit status that it gives a program.
#include "redress/result.hpp"

namespace redress {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::invalid:
      return "invalid";
    case Code::not_found:
      return "not_found";
    case Code::conflict:
      return "conflict";
    case Code::unavailable:
      return "unavailable";
    case Code::refused:
      return "refused";
    case Code::corrupt:
      return "corrupt";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

int exit_status(Code code) {
  switch (code) {
    case Code::invalid:
      return 2;
    case Code::not_found:
    case Code::conflict:
    case Code::refused:
      return 4;
    case Code::unavailable:
      return 5;
    case Code::corrupt:
      return 6;
    case Code::internal:
      return 7;
  }
  return 7;
}

}  // namespace redress
