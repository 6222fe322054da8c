// Reads a manifest member by member and collects every finding before it refuses.
#include "plugin/manifest.hpp"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/schema.hpp"
#include "base/time.hpp"
#include "redress/limits.hpp"
#include "redress/plugin.h"

namespace redress::plugin {
namespace {

constexpr std::size_t findings_told_max = 10;

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// a-z, then a-z, 0-9 and the characters of `also`.
bool is_name(std::string_view text, std::string_view also) {
  return !text.empty() && text.size() <= limits::name_bytes_max && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_lower(c) || is_digit(c) || also.find(c) != std::string_view::npos; });
}

// Three numbers with dots, then perhaps "-" or "+" and more: 1.2.0-beta.
bool is_version(std::string_view text) {
  if (text.size() > limits::name_bytes_max) return false;
  std::size_t at = 0;
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return false;
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == begin) return false;
  }
  return at == text.size() || ((text[at] == '-' || text[at] == '+') && at + 1 < text.size());
}

// What is wrong, each with its place in the manifest.
class Findings {
 public:
  void add(std::string_view where, std::string_view what) {
    if (++count_ > findings_told_max) return;
    if (!text_.empty()) text_ += "; ";
    text_ += std::string(where) + ' ' + std::string(what);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Error error() const {
    const std::size_t untold = count_ > findings_told_max ? count_ - findings_told_max : 0;
    return {Code::invalid, "manifest: " + text_ + (untold > 0 ? "; and " + std::to_string(untold) + " more" : "")};
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

// One object of the manifest, whose members are taken by name.
class Members {
 public:
  Members(const Json& object, std::string where, Findings& findings)
      : object_(object), where_(std::move(where)), findings_(findings) {}

  void refuse_others(std::initializer_list<std::string_view> known) const {
    std::string list;
    for (const std::string_view name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    for (const auto& member : object_.items()) {
      if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
      findings_.add(place(member.key()), "is no member here; the members are " + list);
    }
  }

  // Null, and a finding where it is required.
  [[nodiscard]] const Json* find(std::string_view name, bool required) const {
    const auto member = object_.find(name);
    if (member != object_.end()) return &*member;
    if (required) findings_.add(place(name), "is missing; add it");
    return nullptr;
  }

  [[nodiscard]] std::string text(std::string_view name, bool required) const {
    const Json* member = find(name, required);
    if (member == nullptr) return {};
    const std::size_t bytes = member->is_string() ? member->get_ref<const std::string&>().size() : 0;
    if (bytes == 0 || bytes > limits::name_bytes_max) {
      const std::string is = member->is_string() ? std::to_string(bytes) + " long" : std::string(member->type_name());
      findings_.add(place(name), "must be a string of 1 to " + std::to_string(limits::name_bytes_max) + " bytes, but is " + is);
      return {};
    }
    return member->get<std::string>();
  }

  [[nodiscard]] bool flag(std::string_view name) const {
    const Json* member = find(name, false);
    if (member == nullptr) return false;
    if (!member->is_boolean()) {
      findings_.add(place(name), std::string("must be true or false, but is ") + member->type_name());
    }
    return member->is_boolean() && member->get<bool>();
  }

  // The schema of an object. Left out and not required: the one that takes no field.
  [[nodiscard]] std::shared_ptr<const Json> schema(std::string_view name, bool required) const {
    static const Json empty = Json{{"type", "object"}, {"additionalProperties", false}};
    const Json* member = find(name, required);
    if (member == nullptr) return std::make_shared<const Json>(empty);
    const auto broken = base::check_schema(*member);
    for (const base::SchemaFinding& finding : broken) findings_.add(place(name) + finding.pointer + ':', finding.message);
    if (broken.empty() && (!member->is_object() || !member->contains("type") || member->at("type") != "object")) {
      findings_.add(place(name), "must be the schema of an object; write \"type\": \"object\" in it");
    }
    return std::make_shared<const Json>(*member);
  }

  [[nodiscard]] std::string place(std::string_view name) const { return where_ + '/' + std::string(name); }

 private:
  const Json& object_;
  std::string where_;
  Findings& findings_;
};

std::int64_t read_dedupe(const Members& members, bool dedupes, Findings& findings) {
  const std::string text = members.text("dedupe_for", false);
  if (text.empty()) return 0;
  const std::optional<std::int64_t> duration = base::parse_duration(text);
  if (!duration || *duration <= 0) {
    findings.add(members.place("dedupe_for"), "is " + in_quotes(text) + ", no duration above zero; write one such as P30D");
  } else if (!dedupes) {
    findings.add(members.place("dedupe_for"), "says how long keys are deduplicated, but \"dedupes\" is not true; set it");
  }
  return duration.value_or(0);
}

Action read_action(const Json& json, const std::string& where, Findings& findings) {
  Action action;
  const Members members(json, where, findings);
  members.refuse_others({"title", "input", "evidence", "dedupes", "dedupe_for", "revocable", "reconciles", "undo",
                         "cancellable", "records_decisions", "waits_for_person"});
  action.title = members.text("title", false);
  action.input = members.schema("input", false);
  action.evidence = members.schema("evidence", true);
  action.dedupes = members.flag("dedupes");
  action.dedupe_ms = read_dedupe(members, action.dedupes, findings);
  action.revocable = members.flag("revocable");
  action.reconciles = members.flag("reconciles");
  action.undo = members.text("undo", false);
  action.cancellable = members.flag("cancellable");
  action.records_decisions = members.flag("records_decisions");
  action.waits_for_person = members.flag("waits_for_person");
  return action;
}

std::string names_of(const std::map<std::string, Action, std::less<>>& actions) {
  std::string list;
  for (const auto& [name, action] : actions) list += (list.empty() ? "" : ", ") + name;
  return list;
}

void read_actions(const Json* json, Manifest& manifest, Findings& findings) {
  if (json == nullptr) return;
  if (!json->is_object() || json->empty()) {
    findings.add("/actions", "must be an object with one member or more, each an action");
    return;
  }
  for (const auto& member : json->items()) {
    const std::string where = "/actions/" + member.key();
    if (!is_name(member.key(), "_")) findings.add(where, "is no name of an action; use a-z, then a-z, 0-9 and _");
    if (!member.value().is_object()) {
      findings.add(where, std::string("must be an object, but is ") + member.value().type_name());
      continue;
    }
    manifest.actions.emplace(member.key(), read_action(member.value(), where, findings));
  }
  for (const auto& [name, action] : manifest.actions) {
    if (action.undo.empty()) continue;
    const std::string where = "/actions/" + name + "/undo";
    if (action.undo == name) findings.add(where, "names the action itself; name the one that takes it back");
    if (!manifest.find_action(action.undo)) {
      findings.add(where, "names " + in_quotes(action.undo) + ", but the actions are " + names_of(manifest.actions));
    }
  }
}

void read_identity(const Members& members, Manifest& manifest, Findings& findings) {
  manifest.id = members.text("id", true);
  if (!manifest.id.empty() && (!is_name(manifest.id, ".-_") || manifest.id.find('.') == std::string::npos)) {
    findings.add("/id", "is " + in_quotes(manifest.id) + "; write it as com.example.billing: a-z, 0-9, - and _, with a dot");
  }
  manifest.version = members.text("version", true);
  if (!manifest.version.empty() && !is_version(manifest.version)) {
    findings.add("/version", "is " + in_quotes(manifest.version) + "; write three numbers as in 1.2.0");
  }
  manifest.department = members.text("department", true);
  if (!manifest.department.empty() && !is_name(manifest.department, "_-")) {
    findings.add("/department", "is " + in_quotes(manifest.department) + "; use a-z, then a-z, 0-9, _ and -");
  }
  const Json* abi = members.find("abi", true);
  if (abi == nullptr) return;
  if (*abi != REDRESS_PLUGIN_ABI) {
    findings.add("/abi", "is " + abi->dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40) +
                             ", but this host speaks ABI " + std::to_string(REDRESS_PLUGIN_ABI) +
                             "; build the plugin with this host's plugin.h");
    return;
  }
  manifest.abi = static_cast<int>(REDRESS_PLUGIN_ABI);
}

void read_needs(const Json* json, Manifest& manifest, Findings& findings) {
  if (json == nullptr) return;
  if (!json->is_object()) {
    findings.add("/needs", std::string("must be an object, but is ") + json->type_name());
    return;
  }
  const Members needs(*json, "/needs", findings);
  needs.refuse_others({"network", "files"});
  manifest.needs_network = needs.flag("network");
  manifest.needs_files = needs.flag("files");
}

}  // namespace

const Action* Manifest::find_action(std::string_view name) const {
  const auto found = actions.find(name);
  return found == actions.end() ? nullptr : &found->second;
}

Result<Manifest> read_manifest_text(std::string_view text) {
  const Result<Json> json = base::parse_json(text, limits::document_bytes_max);
  if (!json) return {Code::invalid, "manifest: " + json.error().message};
  if (!json->is_object()) return {Code::invalid, std::string("manifest: must be a JSON object, but is ") + json->type_name()};
  Manifest manifest;
  Findings findings;
  const Members members(*json, "", findings);
  members.refuse_others({"id", "version", "abi", "department", "title", "config", "concurrent", "needs", "actions"});
  read_identity(members, manifest, findings);
  manifest.title = members.text("title", false);
  manifest.concurrent = members.flag("concurrent");
  manifest.config = members.schema("config", false);
  read_needs(members.find("needs", false), manifest, findings);
  read_actions(members.find("actions", true), manifest, findings);
  if (!findings.empty()) return findings.error();
  return manifest;
}

}  // namespace redress::plugin
