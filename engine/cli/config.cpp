// Reads on after each finding, so that all of them come at once. One table of keys serves the reader, its words and the test
// that the schema for editors agrees.
#include "cli/config.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/console.hpp"
#include "cli/json_text.hpp"
#include "cli/places.hpp"
#include "redress/reading.hpp"
#include "redress/service.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t path_bytes_max = 4096;
constexpr std::size_t hook_name_bytes_max = 64;
constexpr std::size_t list_max = 100;
constexpr std::size_t findings_max = 100;
constexpr std::size_t secret_bytes_min = 24;
constexpr std::size_t secret_bytes_max = 4096;
constexpr std::string_view default_file = "redress.json";

struct Key {
  std::string_view object;  // As config_keys() names it.
  std::string_view name;
  bool required = false;
};
constexpr std::array keys{
    Key{"", "$schema"},
    Key{"", "database"},
    Key{"", "workflows"},
    Key{"", "plugins"},
    Key{"", "departments"},
    Key{"", "outbox"},
    Key{"", "workers"},
    Key{"", "call_ms_max"},
    Key{"", "service"},
    Key{"", "inbound"},
    Key{"", "outbound"},
    Key{"service", "listen"},
    Key{"service", "http_workers"},
    Key{"service", "connections_max"},
    Key{"service", "streams_per_person_max"},
    Key{"service", "body_bytes_max"},
    Key{"inbound", "name", true},
    Key{"inbound", "secret_file", true},
    Key{"inbound", "tolerance_ms"},
    Key{"outbound", "name", true},
    Key{"outbound", "url", true},
    Key{"outbound", "secret_file", true},
    Key{"outbound", "events"},
};

// How many single letters must change to make one word of the other.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j < row.size(); ++j) {
      const std::size_t changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string in_quotes(std::string_view text) { return '"' + clipped(text, 60) + '"'; }

// "did you mean", or all that there is.
std::string near_key(std::string_view object, const std::string& name) {
  std::string best, all;
  std::size_t least = 3;
  for (const std::string& key : config_keys(object)) {
    all += (all.empty() ? "" : ", ") + key;
    const std::size_t off = name.size() > 64 ? 64 : distance(name, key);
    if (off < least && off < key.size()) {
      least = off;
      best = key;
    }
  }
  return best.empty() ? "Take one of " + all : "Did you mean " + in_quotes(best) + "?";
}

// "must be a text, and is a number".
std::string must_be(std::string_view wanted, const Json& found) {
  std::string is = found.is_null()      ? "null"
                   : found.is_boolean() ? found.dump()
                   : found.is_object()  ? "an object"
                   : found.is_array()   ? "a list"
                   : found.is_string()  ? "a text"
                                        : "a number";
  if (found.is_number_float() && wanted == "a whole number") is += " with a fraction, or too large";
  return "must be " + std::string(wanted) + ", and is " + is;
}

bool is_name(std::string_view text, std::size_t bytes_max, bool digit_first) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (text.empty() || text.size() > bytes_max || !std::all_of(text.begin(), text.end(), fits)) return false;
  return (text[0] >= 'a' && text[0] <= 'z') || (digit_first && text[0] >= '0' && text[0] <= '9');
}

class Reader {
 public:
  Reader(const std::string& path, ConfigReading& reading) : config_(reading.config), findings_(reading.findings) {
    config_.file = path;
    config_.folder = fs::path(path).parent_path().string();
    if (config_.folder == ".") config_.folder.clear();
    for (std::string* preset : {&config_.database, &config_.workflows, &config_.outbox}) joined(*preset);
  }

  void read() {
    auto text = read_file(config_.file, limits::document_bytes_max);
    if (!text) return find("", "file", text.error().message, "redress init DIR begins a folder that has one");
    auto json = parse_json(*text, config_.file, Duplicates::last_counts);
    if (!json) return find("", "syntax", json.error().message, "");
    places_.emplace(*text);
    for (const Twice& twice : places_->twice()) {
      find(twice.pointer, "duplicate_key",
           "the key " + in_quotes(twice.key) + " stands twice, first on line " + std::to_string(twice.first_line), "Keep one");
      if (findings_.back().rule == "duplicate_key") findings_.back().line = twice.line;
    }
    read_whole(*json);
    std::stable_sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  }

 private:
  void find(const std::string& pointer, std::string rule, std::string message, std::string mend) {
    if (findings_.size() == findings_max) return;
    if (findings_.size() + 1 == findings_max) {
      findings_.push_back({config_.file, 0, "", "more", config_.file + " has more findings", "Mend these first"});
      return;
    }
    findings_.push_back(
        {config_.file, places_ ? places_->line_of(pointer) : 0, pointer, std::move(rule), std::move(message), std::move(mend)});
  }

  // An object, its keys known, those that it needs there.
  bool is_object(const Json& json, const std::string& pointer, std::string_view object) {
    if (!json.is_object()) {
      find(pointer, "type", (pointer.empty() ? "the configuration " : "this ") + must_be("an object", json), "Write { ... }");
      return false;
    }
    for (const auto& [name, value] : json.items()) {
      const auto known = config_keys(object);
      if (std::find(known.begin(), known.end(), name) == known.end())
        find(pointer + pointer_part(name), "unknown_key", "there is no key " + in_quotes(name) + " here",
             near_key(object, name));
    }
    for (const Key& key : keys)
      if (key.object == object && key.required && !json.contains(std::string(key.name)))
        find(pointer, "required", "the key " + in_quotes(key.name) + " is missing", "Add it");
    return true;
  }

  static const Json* member(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
  }

  const std::string* text_of(const Json& json, const std::string& pointer) {
    const auto* text = json.get_ptr<const std::string*>();
    if (text == nullptr) {
      find(pointer, "type", "this " + must_be("a text", json), "Write it in quotes");
    } else if (text->empty()) {
      find(pointer, "empty", "this text is empty", "Fill it, or leave the key out");
      return nullptr;
    }
    return text;
  }

  void joined(std::string& path) const {
    if (!config_.folder.empty()) path = (fs::path(config_.folder) / path).string();
  }

  void read_path(const Json& json, const std::string& pointer, std::string& path) {
    const std::string* text = text_of(json, pointer);
    if (text == nullptr) return;
    if (text->size() > path_bytes_max || text->find('\0') != std::string::npos)
      return find(pointer, "path", "no file has such a name", "Write at most 4096 bytes, none of them zero");
    path = *text;
    joined(path);
  }

  template <class Number>
  void read_number(const Json& object, const std::string& at, const char* name, Number least, Number most, Number& number) {
    const Json* json = member(object, name);
    if (json == nullptr) return;
    const std::string pointer = at + pointer_part(name);
    if (!json->is_number_integer())
      return find(pointer, "type", "this " + must_be("a whole number", *json), "Write digits alone");
    // A number past int64 is unsigned there, and past any range of ours.
    const bool huge = json->is_number_unsigned() && json->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
    if (huge || json->get<std::int64_t>() < least || json->get<std::int64_t>() > most)
      return find(pointer, "range", json->dump() + " is outside of " + std::to_string(least) + ".." + std::to_string(most),
                  "Write a number within");
    number = json->get<Number>();
  }

  void read_whole(const Json& json) {
    if (!is_object(json, "", "")) return;
    if (const Json* schema = member(json, "$schema")) text_of(*schema, "/$schema");
    if (const Json* path = member(json, "database")) read_path(*path, "/database", config_.database);
    if (const Json* path = member(json, "workflows")) read_path(*path, "/workflows", config_.workflows);
    if (const Json* path = member(json, "plugins")) read_path(*path, "/plugins", config_.plugins);
    if (const Json* path = member(json, "outbox")) read_path(*path, "/outbox", config_.outbox);
    if (fs::path(config_.database).lexically_normal() == fs::path(config_.outbox).lexically_normal())
      find("/outbox", "same_file", "outbox and database are one file", "Give each its own");
    if (const Json* departments = member(json, "departments")) read_departments(*departments);
    read_number(json, "", "workers", 1, 64, config_.workers);
    read_number<std::int64_t>(json, "", "call_ms_max", 100, 3'600'000, config_.call_ms_max);
    if (const Json* service = member(json, "service")) read_service(*service);
    if (const Json* list = member(json, "inbound"))
      read_list(*list, "inbound", [this](const Json& item, const std::string& at) { read_inbound(item, at); });
    if (const Json* list = member(json, "outbound"))
      read_list(*list, "outbound", [this](const Json& item, const std::string& at) { read_outbound(item, at); });
  }

  // A file that stands in the place of an object.
  Json object_in_file(const Json& name, const std::string& pointer) {
    std::string path;
    read_path(name, pointer, path);
    if (path.empty()) return Json::object();
    auto text = read_file(path, limits::document_bytes_max);
    auto json = text ? parse_json(*text, path) : Result<Json>(text.error());
    if (json && json->is_object()) return *json;
    find(pointer, "file", json ? path + " " + must_be("an object", *json) : json.error().message,
         "Name a JSON file, relative to the folder of " + fs::path(config_.file).filename().string());
    return Json::object();
  }

  void read_departments(const Json& json) {
    const Json all = json.is_string() ? object_in_file(json, "/departments") : json;
    if (!all.is_object())
      return find("/departments", "type", "this " + must_be("an object or a file's name", all),
                  "Write { \"billing\": { ... } }");
    Json read = Json::object();
    for (const auto& [name, value] : all.items()) {
      const std::string pointer = "/departments" + pointer_part(name);
      if (!is_name(name, limits::name_bytes_max, false))
        find(pointer, "name", in_quotes(name) + " is no department's name", "Write a-z, then a-z, 0-9, - and _");
      if (!value.is_object() && !value.is_string())
        find(pointer, "type", "this " + must_be("an object or a file's name", value),
             "Write the department's configuration, or a file that holds it");
      else
        read[name] = value.is_string() ? object_in_file(value, pointer) : value;
    }
    config_.departments = read.dump();
  }

  void read_service(const Json& json) {
    if (!is_object(json, "/service", "service")) return;
    ServiceConfig& service = config_.service;
    read_number(json, "/service", "http_workers", 1, 256, service.http_workers);
    read_number(json, "/service", "connections_max", 1, 100'000, service.connections_max);
    read_number(json, "/service", "streams_per_person_max", 1, 100'000, service.streams_per_person_max);
    read_number<std::int64_t>(json, "/service", "body_bytes_max", limits::post_bytes_max, 64 * 1024 * 1024,
                              service.body_bytes_max);
    const Json* listen = member(json, "listen");
    const std::string* text = listen != nullptr ? text_of(*listen, "/service/listen") : nullptr;
    if (text == nullptr) return;
    auto address = parse_listen(*text);
    if (!address) return find("/service/listen", "form", address.error().message, "");
    service.listen = *address;
    if (!address->path.empty()) joined(service.listen.path);
    if (auto whole = parse_listen(to_text(service.listen)); !whole)
      find("/service/listen", "form", whole.error().message, "Write a shorter name");
  }

  template <class ReadItem>
  void read_list(const Json& json, const std::string& object, const ReadItem& read_item) {
    const std::string pointer = "/" + object;
    if (!json.is_array()) return find(pointer, "type", "this " + must_be("a list", json), "Write [ ... ]");
    if (json.size() > list_max)
      return find(pointer, "range", "this list has more than " + std::to_string(list_max) + " items", "Leave some out");
    std::set<std::string> names;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string at = pointer + "/" + std::to_string(i);
      if (!is_object(json[i], at, object)) continue;
      read_item(json[i], at);
      const Json* name = member(json[i], "name");
      if (name != nullptr && name->is_string() && !names.insert(name->get<std::string>()).second)
        find(at + "/name", "duplicate_name", in_quotes(name->get<std::string>()) + " is the name of an earlier one",
             "Give each its own");
    }
  }

  void read_hook(const Json& json, const std::string& at, std::string& name, std::string& secret_file) {
    if (const Json* secret = member(json, "secret_file")) read_path(*secret, at + "/secret_file", secret_file);
    const Json* named = member(json, "name");
    const std::string* text = named != nullptr ? text_of(*named, at + "/name") : nullptr;
    if (text == nullptr) return;
    if (!is_name(*text, hook_name_bytes_max, true))
      find(at + "/name", "name", in_quotes(*text) + " is no name: it stands in addresses",
           "Write at most 64 of a-z, 0-9, - and _");
    name = *text;
  }

  void read_inbound(const Json& json, const std::string& at) {
    InboundConfig& hook = config_.inbound.emplace_back();
    read_hook(json, at, hook.name, hook.secret_file);
    read_number<std::int64_t>(json, at, "tolerance_ms", 1000, 86'400'000, hook.tolerance_ms);
  }

  void read_outbound(const Json& json, const std::string& at) {
    OutboundConfig& hook = config_.outbound.emplace_back();
    read_hook(json, at, hook.name, hook.secret_file);
    if (const Json* url = member(json, "url")) {
      const std::string* text = text_of(*url, at + "/url");
      const auto read = text != nullptr ? parse_url(*text) : Result<Url>(Url{});
      if (!read) find(at + "/url", "form", read.error().message, "");
      if (text != nullptr) hook.url = *text;
    }
    if (const Json* events = member(json, "events")) read_events(*events, at + "/events", hook.events);
  }

  void read_events(const Json& json, const std::string& at, std::vector<std::string>& events) {
    if (!json.is_array()) return find(at, "type", "this " + must_be("a list", json), "Write [\"*\"] for all");
    if (json.empty() || json.size() > list_max)
      return find(at, "range", "this list has no item, or more than 100", "Write [\"*\"] for all");
    events.clear();
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string pointer = at + "/" + std::to_string(i);
      const std::string* text = text_of(json[i], pointer);
      if (text == nullptr) continue;
      if (const auto known = check_fact_name(*text); !known) find(pointer, "form", known.error().message, "");
      if (std::find(events.begin(), events.end(), *text) != events.end())
        find(pointer, "duplicate_name", in_quotes(*text) + " stands in the list before", "Keep one");
      events.push_back(*text);
    }
  }

  Config& config_;
  std::vector<ConfigFinding>& findings_;
  std::optional<Places> places_;
};

}  // namespace

std::vector<std::string> config_keys(std::string_view object) {
  std::vector<std::string> names;
  for (const Key& key : keys)
    if (key.object == object) names.emplace_back(key.name);
  return names;
}

std::string to_text(const ConfigFinding& finding) {
  // A message about the file as a whole names it itself.
  const std::string place = finding.line > 0 ? finding.file + ":" + std::to_string(finding.line) + ": " : "";
  const std::string pointer = finding.pointer.empty() ? "" : " (" + finding.pointer + ")";
  const std::string mend = finding.mend.empty() ? "" : ". " + finding.mend;
  return place + finding.message + pointer + mend + (mend.ends_with('?') ? "" : ".");
}

ConfigReading inspect_config(const std::string& path) {
  ConfigReading reading;
  Reader(path, reading).read();
  return reading;
}

Result<Config> read_config(const std::string& path) {
  ConfigReading reading = inspect_config(path);
  if (reading.findings.empty()) return std::move(reading.config);
  std::string message;
  for (const ConfigFinding& finding : reading.findings) message += (message.empty() ? "" : "\n") + to_text(finding);
  return {Code::invalid, message};
}

Result<void> enter_folder(Config& config) {
  if (config.folder.empty()) return {};
  std::vector<std::string*> paths{&config.file,    &config.folder, &config.database,           &config.workflows,
                                  &config.plugins, &config.outbox, &config.service.listen.path};
  for (InboundConfig& hook : config.inbound) paths.push_back(&hook.secret_file);
  for (OutboundConfig& hook : config.outbound) paths.push_back(&hook.secret_file);
  std::error_code failed;
  for (std::string* path : paths)
    if (!path->empty() && !failed) *path = fs::absolute(*path, failed).string();
  if (!failed) fs::current_path(config.folder, failed);
  if (failed) return {Code::invalid, "the configuration's folder " + config.folder + " cannot be entered: " + failed.message()};
  return {};
}

Result<std::string> read_secret(const std::string& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed))  // A pipe would be waited for.
    return {Code::invalid, "the secret's file " + path + " is not there, or is no file"};
  auto secret = read_file(path, secret_bytes_max);
  if (!secret) return secret;
  while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
  if (secret->size() < secret_bytes_min)
    return {Code::invalid, "the secret in " + path + " has " + std::to_string(secret->size()) + " bytes; it needs at least " +
                               std::to_string(secret_bytes_min)};
  if (const auto key = secret_bytes(*secret); !key)
    return {Code::invalid, "the secret in " + path + ": " + key.error().message};
  return secret;
}

Result<std::optional<Config>> find_config(const std::string& named) {
  std::error_code ignored;
  if (named.empty() && !fs::exists(default_file, ignored)) return std::optional<Config>();
  auto config = read_config(named.empty() ? std::string(default_file) : named);
  if (!config) return config.error();
  return std::optional(std::move(*config));
}

}  // namespace redress::cli
