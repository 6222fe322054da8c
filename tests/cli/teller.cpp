// A department that tells which thread it is called on.
#include <sys/syscall.h>
#include <unistd.h>

#include <redress/plugin.hpp>
#include <string>

using namespace redress::plugin;

class Teller : public Department {
 public:
  Teller(Host&, std::string_view) {}
  Outcome perform(const Call&) override {
    const bool first = ::syscall(SYS_gettid) == ::getpid();
    return Outcome::done(first ? R"({"thread":"the first"})" : R"({"thread":"another"})");
  }
};

REDRESS_PLUGIN(Teller, R"json({
  "id": "test.teller", "version": "1.0.0", "abi": 1, "department": "teller",
  "actions": { "tell": { "dedupes": true, "evidence": {
    "type": "object", "required": ["thread"],
    "properties": { "thread": { "type": "string", "maxLength": 10, "public_text": true } } } } }
})json")
