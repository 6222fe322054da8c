// Answers each call with what no answer may be: the action says which. Breaks the rule against exceptions too.
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "table.hpp"

namespace {

const redress_host* the_host = nullptr;
int released = 0;

std::int32_t open(const redress_host* host, redress_text, void** instance, redress_outcome*) {
  the_host = host;
  *instance = &released;
  return REDRESS_OK;
}

std::string_view text(redress_text passed) { return {passed.data, static_cast<std::size_t>(passed.size)}; }

void call(void*, const redress_call* call, redress_outcome* outcome) {
  static const std::string two_mebibytes(2 * 1024 * 1024, 'x');
  static std::string count;
  const std::string_view action = text(call->action);
  outcome->kind = REDRESS_DONE;
  outcome->evidence = {"{}", 2};
  if (action == "kind") outcome->kind = 77;
  if (action == "zeros") std::memset(outcome, 0, sizeof(*outcome));
  if (action == "long") outcome->evidence = {two_mebibytes.data(), two_mebibytes.size()};
  if (action == "longest") outcome->evidence.size = UINT64_MAX;
  if (action == "null") outcome->reason = {nullptr, 9};
  if (action == "bytes") outcome->ticket = {"\xff\xfe", 2};
  if (action == "promise") outcome->promised_at_ms = INT64_MAX;
  if (action == "retry_at") outcome->retry_at_ms = INT64_MIN;
  if (action == "throw") throw std::runtime_error("over the fence \xff");
  if (action == "throw_int") throw 3;
  if (action == "report") {
    const redress_text endless{two_mebibytes.data(), UINT64_MAX};
    redress_report report{sizeof(redress_report), REDRESS_REPORT_DONE, {"k", 1}, endless, {nullptr, 0}};
    count = std::to_string(the_host->report(the_host, &report));
    report.evidence.size = 0;
    report.kind = 12;
    count += std::to_string(the_host->report(the_host, &report));
    report.kind = REDRESS_REPORT_DONE;
    report.size = 3;
    count += std::to_string(the_host->report(the_host, &report)) + std::to_string(the_host->report(the_host, nullptr));
    outcome->evidence = {count.data(), count.size()};
  }
  if (action == "released") {
    count = std::to_string(released);
    outcome->evidence = {count.data(), count.size()};
  }
}

void release(redress_outcome*) { ++released; }

}  // namespace

const redress_plugin_table redress_plugin = {sizeof(redress_plugin_table),
                                             REDRESS_PLUGIN_ABI,
                                             REDRESS_PLUGIN_MAGIC,
                                             {hostile::manifest, sizeof(hostile::manifest) - 1},
                                             open,
                                             hostile::close,
                                             call,
                                             release,
                                             nullptr};
