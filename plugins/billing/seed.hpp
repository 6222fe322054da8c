// A Seed is the accounts and charges that a new billing database begins with, read from a JSON file.
#pragma once
#include <string>
#include <vector>

#include "billing/ledger.hpp"

namespace redress::billing {

struct Seed {
  std::vector<Account> accounts;
  std::vector<Charge> charges;
};

// Invalid: no such file, or a member that is missing or of the wrong type; the message names the place.
[[nodiscard]] Result<Seed> read_seed(const std::string& path);

}  // namespace redress::billing
