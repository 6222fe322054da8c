// Places are named in what customers write: the one whose name stands there as words, accents and case aside.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace redress::books {

struct Place {
  std::string id;
  std::vector<std::string> names;  // "Chapinero", "el Chapinero".
};

// The ids of the places whose names stand in the text. A name inside a longer one that stands there too does not count: "Norte"
// in "Plaza Norte".
[[nodiscard]] std::vector<std::string> places_in(std::string_view text, const std::vector<Place>& places);

}  // namespace redress::books
