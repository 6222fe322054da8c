// The doctor's report, and its checks. A check only looks: it makes no file, keeps no lock, and runs no plugin's code.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/config.hpp"
#include "cli/console.hpp"
#include "redress/store.hpp"

namespace redress::cli {

enum class Health { ok, warning, error };
[[nodiscard]] std::string_view to_string(Health health);

// One line of the report.
struct Check {
  Health health = Health::ok;
  std::string what;     // A short stable name: "config", "database", "disk", "listen", ... : docs/configuration.md lists them.
  std::string message;  // What was found.
  std::string mend;     // What to do about it. Empty: nothing.
};

class Checkup {
 public:
  explicit Checkup(Config config) : config_(std::move(config)) {}

  // In the order of the report. Database before what asks it; plugins before departments, workflows and people.
  void check_versions();
  void check_clock();
  void check_config(const std::vector<ConfigFinding>& findings);
  void check_database();
  void check_outbox();
  void check_disk();
  void check_plugins();
  void check_departments();
  void check_workflows();
  void check_people();
  void check_secrets();
  void check_listen();
  void check_limits();

  [[nodiscard]] const std::vector<Check>& checks() const { return checks_; }

 private:
  struct Plugin {
    std::string department;
    std::string manifest;
    bool left_out = false;  // It needs a configuration and has none: its cases wait.
  };
  struct Workflow {
    std::string id, version, file;
    std::string compact;             // Its JSON without white space.
    std::vector<std::string> roles;  // That it asks for.
    std::vector<std::string> departments;
  };

  void ok(std::string what, std::string message) { checks_.push_back({Health::ok, std::move(what), std::move(message), ""}); }
  void warn(std::string what, std::string message, std::string mend) {
    checks_.push_back({Health::warning, std::move(what), std::move(message), std::move(mend)});
  }
  void fail(std::string what, std::string message, std::string mend) {
    checks_.push_back({Health::error, std::move(what), std::move(message), std::move(mend)});
  }

  // False, and an error, where the folder of this file is not there or nothing can be made in it.
  bool check_folder_of(const std::string& what, const std::string& path);
  // An error where anyone may change the file or folder.
  void check_not_for_all(const std::string& what, const std::string& path);
  void check_database_file();
  void check_database_state();
  void check_writer();
  void check_disk_at(const std::string& folder);
  void check_plugin(const std::string& path);
  void check_workflow_file(const std::string& path);
  void check_active(const std::vector<DocumentRow>& published);
  void check_secret(const std::string& hook, const std::string& path);
  void check_port(const ListenAddress& address);
  void check_socket(const ListenAddress& address);

  Config config_;
  std::vector<Check> checks_;
  std::unique_ptr<Store> store_;  // Open for reading; none where it cannot be.
  long writer_ = 0;               // The pid that holds the writer's lock; 0: none is known.
  std::vector<Plugin> plugins_;
  std::vector<Workflow> workflows_;
};

// "redress (pid 4711)"; "pid 4711" where its name is not shown to us.
[[nodiscard]] std::string name_of_process(long pid);

}  // namespace redress::cli
