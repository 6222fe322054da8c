// Mutations break workflows in the ways in which people do: every place of a workflow where a kind of mistake can be made, made
// once.
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace redress::proof {

using Json = nlohmann::ordered_json;

struct Mutant {
  std::string kind;
  std::string what;  // Where it was made: "/states/asking/on/customer.replied".
  std::string text;
};

// Of one workflow, all kinds, in a fixed order.
std::vector<Mutant> mutants_of(const std::string& workflow);

}  // namespace redress::proof
