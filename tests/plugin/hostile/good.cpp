// A department that behaves: it echoes what it was called with, and can be told to wait, throw or report.
#include <stdexcept>
#include <string>

#include <redress/plugin.hpp>

using namespace redress::plugin;

namespace {

std::string with(std::string_view name, std::string_view value) {
  return "{\"" + std::string(name) + "\":\"" + std::string(value) + "\"}";
}

}  // namespace

class Echo : public Department {
 public:
  Echo(Host& host, std::string_view config) : host_(host), config_(config) {
    if (config_.find("refuse") != std::string::npos) throw std::runtime_error("the till is locked; unlock it");
  }
  Outcome perform(const Call& call) override {
    if (call.action == "config") return Outcome::done(config_);
    if (call.action == "throw") throw std::runtime_error("out of paper");
    if (call.action == "throw_int") throw 7;
    if (call.action == "report") return answer_report(call);
    const std::string ticket = "T-" + std::to_string(call.attempt);
    if (call.action == "wait") return Outcome::waiting(ticket, call.now_ms + 1000, call.deadline_ms);
    return Outcome::done(with("key", call.key));
  }
  Outcome reconcile(const Call& call) override { return Outcome::retry("no " + std::string(call.ticket), 5); }
  Outcome undo(const Call& call) override { return Outcome::done(std::string(call.evidence)); }

 private:
  Outcome answer_report(const Call& call) const {
    const auto status = host_.report({call.key, REDRESS_REPORT_DONE, call.input, "later"});
    return Outcome::done(with("status", std::to_string(status)));
  }

  Host& host_;
  std::string config_;
};

REDRESS_PLUGIN(Echo, R"json({
  "id": "test.echo", "version": "1.2.0", "abi": 1, "department": "echo",
  "config": { "type": "object", "additionalProperties": false,
              "properties": { "mode": { "type": "string", "maxLength": 10 } } },
  "actions": { "say": { "evidence": { "type": "object" }, "dedupes": true } }
})json")
