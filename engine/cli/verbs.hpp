// The verbs of the program and their options. Each lives in the file of its name and answers an exit status.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "redress/engine.hpp"
#include "redress/result.hpp"

namespace redress::cli {

// Of every verb that reads a database. `json`: one JSON object a line.
struct ReadOptions {
  std::string db;
  bool json = false;
};

// Of every verb that writes. The clock and the seed are those that the database goes on with: see session.hpp.
struct ServerOptions {
  std::string url;  // Of a running `redress serve`; empty: the verb opens the database itself.
  std::string token_file;
  [[nodiscard]] bool named() const { return !url.empty(); }
};
struct WriteOptions {
  std::string db;
  ServerOptions server;  // Instead of the database.
  std::string clock;     // "", "real", "virtual".
  std::uint64_t seed = 0;
};

// Of every person's act.
struct ActOptions {
  WriteOptions write;
  std::string by;
  std::string request_id;  // Empty: none.
};

// What is empty here comes from the configuration, where there is one.
struct RunOptions {
  std::string config;  // Empty: redress.json in this folder, unless a database is named.
  WriteOptions write;
  std::string workflows;  // Empty: those that the database has.
  std::string plugins;    // Empty: the folder "plugins" beside the program.
  std::string department_config;
  std::string departments;  // JSON: each department's configuration by its name. Empty: that of the file department_config.
  std::int64_t call_ms_max = 30000;
  std::string posts;  // "-": standard input. Empty: none.
  std::string outbox;
  std::string people;
  std::optional<std::int64_t> until_ms;
};
[[nodiscard]] Result<int> run(const RunOptions& options, Console& console);

struct ServeOptions {
  RunOptions run;                        // Without posts and until.
  std::vector<std::string> listen;       // Instead of the configuration's address.
  std::optional<std::int64_t> start_ms;  // Where a new virtual time starts.
};
[[nodiscard]] Result<int> serve(const ServeOptions& options, Console& console);

struct CheckOptions {
  std::string config;              // Empty: redress.json in this folder, unless files and plugins are named.
  std::vector<std::string> files;  // Empty: those of the configuration's folder.
  std::string plugins;             // As above.
  enum class Format { text, json, sarif } format = Format::text;
};
[[nodiscard]] Result<int> check(const CheckOptions& options, Console& console);

struct DiagramOptions {
  std::string file;
  std::string config;   // As of check.
  std::string plugins;  // As of check.
  std::string output;   // Empty: standard output.
  bool mermaid = false;
  int finding = 0;  // Which of check's findings with a path is marked, from 1; 0: none.
};
[[nodiscard]] Result<int> diagram(const DiagramOptions& options, Console& console);

// Runs a workflow's bare statechart over a file of events, one JSON object a line; prints where it is after each.
[[nodiscard]] Result<int> step(const std::string& workflow, const std::string& events, Console& console);

struct EvalOptions {
  std::string expression;
  std::string variables;  // A file with a JSON object of names to values; "-": standard input. Empty: no names.
  std::string language = "en";
};
[[nodiscard]] Result<int> eval(const EvalOptions& options, Console& console);

struct TestOptions {
  std::string config;              // Empty: redress.json in this folder, unless files and plugins are named.
  std::vector<std::string> files;  // Or folders; empty: the configuration's workflows.
  std::string plugins;             // As above.
  std::string junit;               // A file to write; empty: none.
  int coverage_min = 0;            // Per cent.
  bool json = false;
  bool watch = false;
};
[[nodiscard]] Result<int> test(const TestOptions& options, Console& console);

struct DoctorOptions {
  std::string config;  // Empty: redress.json in this folder.
  bool json = false;
};
[[nodiscard]] Result<int> doctor(const DoctorOptions& options, Console& console);
// Begins a folder that runs at once. `refused`: it is there and not empty. It is made whole or not at all.
[[nodiscard]] Result<int> init(const std::string& folder, Console& console);

[[nodiscard]] Result<int> list_cases(const ReadOptions& options, Console& console);
[[nodiscard]] Result<int> show_case(const ReadOptions& options, const std::string& reference, Console& console);
[[nodiscard]] Result<int> retry_case(const ActOptions& options, const std::string& reference, Console& console);
[[nodiscard]] Result<int> skip_case(const ActOptions& options, const std::string& reference, Console& console);
[[nodiscard]] Result<int> why(const ReadOptions& options, const std::string& reference, Console& console);
[[nodiscard]] Result<int> tasks(const ReadOptions& options, const std::string& role, Console& console);
[[nodiscard]] Result<int> finish_task(const ActOptions& options, std::int64_t task, const std::string& note, Console& console);

struct DecideOptions {
  std::int64_t commitment = 0;
  std::string outcome;   // done, declined, failed, revoked.
  std::string evidence;  // A JSON object; empty: none.
  std::string reason;
};
[[nodiscard]] Result<int> decide(const ActOptions& options, const DecideOptions& decision, Console& console);
[[nodiscard]] Result<int> approve(const ActOptions& options, std::int64_t commitment, bool approved, Console& console);
[[nodiscard]] Result<int> review(const ActOptions& options, std::int64_t reply, bool approved, Console& console);
[[nodiscard]] Result<int> settle_again(const ActOptions& options, std::int64_t reply, Console& console);
[[nodiscard]] Result<int> settle_published(const ActOptions& options, std::int64_t reply, Console& console);
[[nodiscard]] Result<int> settle_waive(const ActOptions& options, std::int64_t reply, const std::string& reason,
                                       Console& console);

struct EventOptions {
  std::string reference;
  std::string event;  // "manual.identified".
  std::string form;   // A JSON object; empty: none.
};
[[nodiscard]] Result<int> send_event(const ActOptions& options, const EventOptions& event, Console& console);

struct SayOptions {
  std::string reference;
  std::string text;
  std::vector<std::string> claims;  // "refund=fulfilled".
  std::string language;             // Empty: the case's.
};
[[nodiscard]] Result<int> say(const ActOptions& options, const SayOptions& words, Console& console);

struct PublishOptions {
  std::vector<std::string> files;
  std::string plugins;  // As RunOptions::plugins.
};
[[nodiscard]] Result<int> publish_workflows(const WriteOptions& options, const PublishOptions& what, Console& console);
[[nodiscard]] Result<int> activate_workflow(const WriteOptions& options, const std::string& id, const std::string& version,
                                            Console& console);
// Shuts (or, `open`, opens again) the way of new cases or, `replies`, of automatic replies.
struct SwitchOptions {
  std::string id;
  bool replies = false;
  bool open = false;
};
[[nodiscard]] Result<int> switch_workflow(const WriteOptions& options, const SwitchOptions& what, Console& console);
[[nodiscard]] Result<int> list_workflows(const ReadOptions& options, Console& console);

[[nodiscard]] Result<int> add_person(const WriteOptions& options, const std::string& name,
                                     const std::vector<std::string>& roles, Console& console);
[[nodiscard]] Result<int> list_people(const ReadOptions& options, Console& console);
[[nodiscard]] Result<int> add_token(const WriteOptions& options, const TokenGrant& grant, Console& console);
[[nodiscard]] Result<int> revoke_token(const WriteOptions& options, std::int64_t token, Console& console);
[[nodiscard]] Result<int> list_tokens(const ReadOptions& options, Console& console);
// `html`: the page's file; empty: the table.
[[nodiscard]] Result<int> report(const ReadOptions& options, const std::string& html, Console& console);
[[nodiscard]] Result<int> audit(const ReadOptions& options, Console& console);
[[nodiscard]] Result<int> export_lines(const ReadOptions& options, Console& console);
[[nodiscard]] Result<int> version(bool json, Console& console);
[[nodiscard]] const char* version_text();

}  // namespace redress::cli
