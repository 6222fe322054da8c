// redress doctor: what would go wrong, before it does. One line for each check; status 1 where one is an error.
#include "cli/doctor.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/verbs.hpp"

namespace redress::cli {
namespace {

void print(const std::vector<Check>& checks, std::ostream& out) {
  std::array<int, 3> counts{};
  for (const Check& check : checks) {
    ++counts.at(static_cast<std::size_t>(check.health));
    std::string head(to_string(check.health));
    head.resize(9, ' ');
    std::string what = check.what;
    what.resize(std::max<std::size_t>(what.size() + 1, 13), ' ');
    const std::string mend = check.mend.empty() ? "" : ". " + check.mend;
    out << head << what << printable(check.message + mend) << '\n';
  }
  out << counts[0] << " ok, " << counts[1] << (counts[1] == 1 ? " warning, " : " warnings, ") << counts[2]
      << (counts[2] == 1 ? " error\n" : " errors\n");
}

void print_json(const std::vector<Check>& checks, std::ostream& out) {
  for (const Check& check : checks) {
    const Json line{
        {"check", check.what}, {"health", to_string(check.health)}, {"message", check.message}, {"mend", check.mend}};
    out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }
}

// Where the file cannot be read at all, nothing can be said of what it names.
bool is_readable(const std::vector<ConfigFinding>& findings) {
  return std::none_of(findings.begin(), findings.end(), [](const ConfigFinding& f) {
    return f.pointer.empty() && (f.rule == "file" || f.rule == "syntax" || f.rule == "type");
  });
}

}  // namespace

std::string_view to_string(Health health) {
  return health == Health::ok ? "ok" : health == Health::warning ? "warning" : "error";
}

std::string name_of_process(long pid) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
  return name.empty() ? "pid " + std::to_string(pid) : name + " (pid " + std::to_string(pid) + ")";
}

void Checkup::check_config(const std::vector<ConfigFinding>& findings) {
  for (const ConfigFinding& finding : findings) {
    ConfigFinding bare = finding;
    bare.mend.clear();
    std::string message = to_text(bare);
    message.pop_back();
    fail("config", message, finding.mend);
  }
  if (findings.empty()) ok("config", config_.file + " is in order");
  check_not_for_all("config", config_.file);
}

Result<int> doctor(const DoctorOptions& options, Console& console) {
  ConfigReading reading = inspect_config(options.config.empty() ? "redress.json" : options.config);
  Checkup checkup(std::move(reading.config));
  checkup.check_versions();
  checkup.check_clock();
  checkup.check_config(reading.findings);
  if (is_readable(reading.findings)) {
    for (void (Checkup::*check)() :
         {&Checkup::check_database, &Checkup::check_outbox, &Checkup::check_disk, &Checkup::check_plugins,
          &Checkup::check_departments, &Checkup::check_workflows, &Checkup::check_people, &Checkup::check_secrets,
          &Checkup::check_listen, &Checkup::check_limits})
      (checkup.*check)();
  }
  if (options.json)
    print_json(checkup.checks(), console.out);
  else
    print(checkup.checks(), console.out);
  const auto& checks = checkup.checks();
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.health == Health::error; }) ? 1 : 0;
}

}  // namespace redress::cli
