// A department outside of Redress's tree: it mends street lamps, and gives a receipt.
#include <redress/plugin.hpp>

using namespace redress::plugin;

class Lamps : public Department {
 public:
  Lamps(Host& /*host*/, std::string_view /*config_json*/) {}
  Outcome perform(const Call& call) override {
    if (call.action != "mend") return Outcome::declined("no such action");
    return Outcome::done(R"({"receipt": "L-7"})");
  }
};

REDRESS_PLUGIN(Lamps, R"json({
  "id": "com.example.lamps", "version": "1.0.0", "abi": 1, "department": "lamps",
  "actions": {
    "mend": {
      "input": { "type": "object", "properties": {} },
      "evidence": { "type": "object", "required": ["receipt"],
                    "properties": { "receipt": { "type": "string", "maxLength": 12, "public_text": true } } },
      "dedupes": true } } })json")
