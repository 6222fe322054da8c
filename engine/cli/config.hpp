// A Config is what a folder of Redress runs by: one JSON file, redress.json, read strictly. docs/configuration.md explains it.
//
// Plain data. Paths in the file are relative to the file's own folder; here they are joined to it, so that they are relative to
// the folder that the program runs in, or absolute. Every key may be left out but those that say so.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/addresses.hpp"
#include "redress/limits.hpp"
#include "redress/result.hpp"

namespace redress::cli {

// How `redress serve` serves.
struct ServiceConfig {
  ListenAddress listen{ListenAddress::Kind::ipv4, "127.0.0.1", 8080, ""};
  int http_workers = 4;                       // Threads that answer requests; 1..256.
  int connections_max = 2000;                 // Open at once; 1..100000.
  int streams_per_person_max = 32;            // Live streams that one person has open; 1..100000.
  std::int64_t body_bytes_max = 1024 * 1024;  // Of one request; limits::post_bytes_max..64 MiB.
};

// Who may post to /v1/hooks/{name}, signed with HMAC over the raw body.
struct InboundConfig {
  std::string name;                    // Required; unique. a-z, 0-9, - and _, at most 64 bytes.
  std::string secret_file;             // Required. Secrets stand in files alone, and are printed nowhere.
  std::int64_t tolerance_ms = 300000;  // How far the signed time may be off; 1 s..1 day.
};

// Who is told what happens.
struct OutboundConfig {
  std::string name;                      // Required; unique. As above.
  std::string url;                       // Required; http or https.
  std::string secret_file;               // Required.
  std::vector<std::string> events{"*"};  // "reply.published", "reply.*"; "*": all. 1..100.
};

struct Config {
  std::string file;    // As it was named.
  std::string folder;  // The file's; "" where that is the folder that the program runs in.
  std::string database = "redress.db";
  std::string workflows = "workflows";  // A folder.
  std::string plugins;                  // A folder. Empty: the folder "plugins" beside the program.
  std::string departments = "{}";       // JSON: each department's configuration by its name, files read in.
  std::string outbox = "replies.jsonl";
  int workers = 2;                   // Threads that call departments and the channel; 1..64.
  std::int64_t call_ms_max = 30000;  // A call that takes longer is unknown; 100 ms..1 h.
  ServiceConfig service;
  std::vector<InboundConfig> inbound;    // At most 100.
  std::vector<OutboundConfig> outbound;  // At most 100.
};

// One thing that is wrong with the file.
struct ConfigFinding {
  std::string file;     // The configuration, or a file of departments that it names.
  int line = 0;         // From 1; 0: of the whole.
  std::string pointer;  // RFC 6901, into the file.
  std::string rule;     // "unknown_key", "type", "range", "duplicate_key", "required", "name", "form", "same_file", ...
  std::string message;  // What is wrong.
  std::string mend;     // How to mend it.
};
[[nodiscard]] std::string to_text(const ConfigFinding& finding);  // "redress.json:3: message (/pointer). Mend."

// The file as far as it can be read, and everything that is wrong with it. Empty findings: the config holds.
struct ConfigReading {
  Config config;
  std::vector<ConfigFinding> findings;
};
[[nodiscard]] ConfigReading inspect_config(const std::string& path);
// The same for who needs it whole: `invalid` with every finding, one a line.
[[nodiscard]] Result<Config> read_config(const std::string& path);

// The config that a verb goes by: the file that `--config` names; where it names none, redress.json in the present folder;
// nothing where that is not there either.
[[nodiscard]] Result<std::optional<Config>> find_config(const std::string& named);

// Goes to the configuration's folder, and makes its paths absolute: departments open their own files relative to the folder
// that the program runs in. Before any other thread starts. Does nothing where that is the folder already.
[[nodiscard]] Result<void> enter_folder(Config& config);

// What stands in a secret's file, without the line's end. `invalid` names the file, never what is in it: not there, not
// readable, or of less than 24 or more than 4096 bytes.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

// The keys that an object of the file may have: of the whole (""), "service", "inbound" or "outbound".
[[nodiscard]] std::vector<std::string> config_keys(std::string_view object);

}  // namespace redress::cli
