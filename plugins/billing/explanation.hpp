// What a customer is told of a check of charges: one friendly sentence in each language, at most 160 characters.
#pragma once
#include <string>

#include "billing/ledger.hpp"

namespace redress::billing {

// Reads on after "we checked:". Names no account, amount or date: it stands in public.
struct Explanation {
  std::string en;
  std::string es;
};

[[nodiscard]] Explanation explain(const ChargeCheck& check);

}  // namespace redress::billing
