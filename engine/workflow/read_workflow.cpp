// Reads the file from its header to `reopen`, and types what waited for the names.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "base/text.hpp"
#include "redress/limits.hpp"
#include "workflow/reading.hpp"
#include "workflow/wording.hpp"
#include "workflow/wording_files.hpp"

namespace redress::workflow {
namespace {

using expression::Kind;
using expression::Type;

const Names& reserved_names() {
  static const Names names = {"case", "post",  "customer", "event", "now",   "sla",  "manual",
                              "said", "error", "incident", "true",  "false", "null", "in"};
  return names;
}

const Names& reserved_data() {
  static const Names names = {"reference", "category", "priority",   "language",     "channel",
                              "opened_at", "episode",  "prior_case", "configuration"};
  return names;
}

bool is_number(const Type& type) {
  return type.kind == Kind::integer || type.kind == Kind::uinteger || type.kind == Kind::number;
}

// Whether a value of `got` can stand where `wanted` is declared. JSON has one kind of number, so that int fits double.
bool fits(const Type& wanted, const Type& got) {
  if (wanted.kind == Kind::dyn || got.kind == Kind::dyn) return true;
  if (wanted.kind == Kind::number) return is_number(got);
  if (wanted.kind == Kind::integer) return got.kind == Kind::integer || got.kind == Kind::uinteger;
  if (wanted.kind == Kind::list && got.kind == Kind::list) {
    return !wanted.element || !got.element || fits(*wanted.element, *got.element);
  }
  const auto is_keyed = [](const Type& type) { return type.kind == Kind::object || type.kind == Kind::map; };
  if (is_keyed(wanted)) return is_keyed(got);
  return wanted.kind == got.kind;
}

// Members of a data field or of a form's field, beside what base::check_schema knows.
bool check_field_keys(const Place& field, std::string_view what, Findings& findings) {
  return check_object(
      field, what,
      {.required = {"type"},
       .optional = {"format", "maxLength", "minLength", "pattern", "enum", "minimum", "maximum", "items", "properties",
                    "required", "additionalProperties", "maxItems", "private", "optional", "title", "description"},
       .not_yet = {}},
      findings);
}

// Text without faults, or (so that the other mistakes are told, too) with duplicate keys, of which the last counts. Such
// text is parsed in quadratic time, so only where it is short.
std::optional<Json> parse(std::string_view text, const std::vector<Fault>& faults) {
  constexpr std::size_t faulty_bytes_max = 64 * 1024;
  if (faults.empty()) {
    auto json = base::parse_json(text, limits::workflow_bytes_max);
    return json ? std::optional(std::move(*json)) : std::nullopt;
  }
  const auto is_duplicate = [](const Fault& fault) { return fault.rule == "duplicate_key"; };
  if (text.size() > faulty_bytes_max || !std::all_of(faults.begin(), faults.end(), is_duplicate)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

}  // namespace

std::shared_ptr<const Json> read_fields(const Place& place, std::string_view what, Findings& findings) {
  if (!check_named(place, "fields by name", findings)) return nullptr;
  bool usable = true;
  for (const auto& [name, field] : members(place)) {
    usable = is_name(name) && usable;
    usable = check_field_keys(field, what, findings) && field.json->contains("type") && usable;
  }
  if (!usable) return nullptr;
  auto schema = std::make_shared<const Json>(base::schema_of_fields(*place.json));
  for (const base::SchemaFinding& found : base::check_schema(*schema)) {
    const std::string_view below = found.pointer;
    const std::string_view inner = below.starts_with("/properties") ? below.substr(11) : std::string_view();
    findings.add({.rule = "schema",
                  .pointer = place.pointer + std::string(inner),
                  .message = found.message,
                  .mend = "See the fields in workflows/README.md."});
    usable = false;
  }
  return usable ? schema : nullptr;
}

void Reading::refuse(std::string rule, const std::string& pointer, std::string message, std::string mend, Part part) {
  findings_.add(
      {.rule = std::move(rule), .pointer = pointer, .message = std::move(message), .mend = std::move(mend), .part = part});
}

Workflow Reading::read() {
  const Keys keys{.required = {"redress", "id", "version", "default_language", "owner", "initial", "states"},
                  .optional = {"$schema", "title", "description", "intake", "data", "sla", "commitments", "replies", "on",
                               "reopen", "channels"},
                  .not_yet = {{"calendars", "Give every time in hours: PT48H."}}};
  if (!check_object(root_, "a workflow", keys, findings_)) return {};
  if (!collect_names()) return {};
  read_header();
  read_languages();
  read_channels_to_fit();
  read_data();
  read_intake();
  read_commitments();
  read_replies();
  read_states();
  read_reopen();
  read_sla();
  check_events();
  check_acts();
  if (!findings_.has_lost_names()) {
    check_unused();
    check_reachability(workflow_, findings_);
  }
  check_pending();
  if (surroundings_.prove_wording && member(root_, "replies"))
    check_wording(workflow_, scopes_->at({}), *member(root_, "replies"), findings_);
  return std::move(workflow_);
}

Workflow Reading::read_bare() {
  bare_ = true;
  if (!check_named(root_, "a workflow", findings_)) return {};
  if (!member(root_, "states")) refuse("missing_key", "", "a workflow needs 'states'", "Add \"states\".");
  if (read_chart()) read_states();
  return std::move(workflow_);
}

void Reading::read_header() {
  if (const auto redress = member(root_, "redress"); redress && *redress->json != 1) {
    refuse("language_version", redress->pointer, "this version of Redress reads workflow language 1", "Write \"redress\": 1.");
  }
  workflow_.id = read_id(root_, "id", findings_).value_or("");
  workflow_.owner = read_id(root_, "owner", findings_).value_or("");
  if (const auto version = read_string(root_, "version", findings_)) {
    workflow_.version = *version;
    if (!is_version(*version))
      refuse("version", "/version", in_quotes(*version) + " is no version", "Write three numbers: 1.0.0.");
  }
}

void Reading::read_languages() {
  if (const auto language = read_string(root_, "default_language", findings_)) {
    workflow_.default_language = *language;
    if (!is_language(*language)) {
      refuse("language", "/default_language", in_quotes(*language) + " is no language", "Write it as en, es or es-MX.");
    }
  }
  const auto title = member(root_, "title");
  if (!title || !check_named(*title, "texts by language", findings_)) return;
  for (const auto& [language, text] : members(*title)) {
    if (!is_language(language)) {
      refuse("language", text.pointer, in_quotes(language) + " is no language", "Write it as en, es or es-MX.", Part::key);
    }
    workflow_.title[language] = read_text(text, findings_).value_or("");
  }
  if (!workflow_.default_language.empty() && !title->json->contains(workflow_.default_language)) {
    refuse("missing_text", title->pointer, "no title in the default language " + in_quotes(workflow_.default_language),
           "Add one.");
  }
}

void Reading::read_channels_to_fit() {
  workflow_.rules = surroundings_.rules ? surroundings_.rules : default_rules();
  const auto channels = member(root_, "channels");
  if (!channels || !check_list(*channels, "names of channels", findings_)) return;
  Names known;
  for (const wording::Profile& profile : workflow_.rules->channels) {
    known.insert(profile.name);
    known.insert(profile.other_names.begin(), profile.other_names.end());
  }
  for (const Place& place : items(*channels)) {
    const auto name = read_text(place, findings_);
    if (!name) continue;
    if (!known.contains(*name))
      refuse("unknown_channel", place.pointer, "no profile is called " + in_quotes(*name), suggest(*name, known));
    workflow_.channels.push_back(*name);
  }
}

// False where there are so many that reading on would take too long.
bool Reading::collect_names_of(std::string_view key, std::string_view what, Names& names) {
  const auto section = member(root_, key);
  if (!section || !check_named(*section, "one by one, by name", findings_)) return true;
  constexpr std::size_t names_max = 1000;
  if (section->json->size() > names_max) {
    refuse("size", section->pointer, std::to_string(section->json->size()) + " members", "Write at most 1000.");
    return false;
  }
  for (const auto& [name, place] : members(*section)) {
    check_name(name, place, "a " + std::string(what), findings_);
    names.insert(name);
  }
  return true;
}

bool Reading::collect_names() {
  bool few = collect_names_of("commitments", "commitment", commitments_);
  few = collect_names_of("replies", "reply", replies_) && few;
  few = collect_names_of("data", "field", data_) && few;
  few = few && read_chart();
  const auto clash = [&](std::string_view section, const std::string& name, const std::string& message) {
    refuse("name_clash", "/" + std::string(section) + pointer_part(name), message, "Give it another name.", Part::key);
  };
  for (const std::string& name : commitments_) {
    if (reserved_names().contains(name)) clash("commitments", name, in_quotes(name) + " is a name of the language");
  }
  for (const std::string& name : replies_) {
    if (reserved_names().contains(name)) clash("replies", name, in_quotes(name) + " is a name of the language");
    if (commitments_.contains(name)) clash("replies", name, in_quotes(name) + " is a commitment, too");
  }
  for (const std::string& name : data_) {
    if (reserved_data().contains(name)) clash("data", name, "every case has its own " + in_quotes(name));
  }
  return few;
}

void Reading::read_data() {
  const auto data = member(root_, "data");
  workflow_.data = expression::object_of("case", {});
  if (!data || !data->json->is_object()) return;
  data_schema_ = read_fields(*data, "a field", findings_);
  workflow_.data_schema = data_schema_;
  if (data_schema_) {
    workflow_.data = expression::type_of_schema(*data_schema_, "case");
    return;
  }
  std::map<std::string, expression::Field> fields;  // Of any type, so that each mistake is told once.
  for (const std::string& name : data_) fields[name] = {};
  workflow_.data = expression::object_of("case", std::move(fields));
}

void Reading::read_intake() {
  const auto place = member(root_, "intake");
  const Keys keys{.required = {"when", "category"}, .optional = {"rank", "priority"}, .not_yet = {}};
  if (!place || !check_object(*place, "the intake", keys, findings_)) return;
  const Site site{.kind = Site::Kind::intake};
  auto when = read_condition(*place, "when", site);
  const auto category = read_id(*place, "category", findings_);
  std::optional<Expression> priority;
  if (const auto at = member(*place, "priority")) {
    priority = read_expression(*at, site, [this, pointer = at->pointer](const Type& got) {
      want_type(expression::simple(Kind::string), got, pointer, "a priority");
    });
  }
  const std::int64_t rank = read_integer(*place, "rank", findings_).value_or(0);
  if (when) workflow_.intake = Intake{std::move(*when), rank, category.value_or(""), std::move(priority)};
}

void Reading::read_sla() {
  const auto place = member(root_, "sla");
  const Keys keys{.required = {},
                  .optional = {"first_reply", "resolution"},
                  .not_yet = {{"calendar", "Give the times in hours that pass day and night: PT48H."}}};
  if (!place || !check_object(*place, "the sla", keys, findings_)) return;
  if (const auto first = member(*place, "first_reply")) workflow_.first_reply = read_deadline(*first, false);
  if (const auto resolution = member(*place, "resolution")) workflow_.resolution = read_deadline(*resolution, true);
}

std::optional<Deadline> Reading::read_deadline(const Place& place, bool pausable) {
  Keys keys{.required = {"within"},
            .optional = {"at_risk"},
            .not_yet = {{"calendar", "Give the times in hours that pass day and night: PT48H."}}};
  if (pausable) keys.optional.push_back("pause_in");
  if (!check_object(place, pausable ? "a resolution target" : "a first_reply target", keys, findings_)) return std::nullopt;
  Deadline deadline;
  deadline.within_ms = read_duration(place, "within", findings_).value_or(0);
  deadline.at_risk_ms = read_duration(place, "at_risk", findings_).value_or(0);
  if (deadline.within_ms > 0 && deadline.at_risk_ms >= deadline.within_ms) {
    refuse("deadline", place.pointer + "/at_risk", "at risk only when it is already too late",
           "Make it shorter than \"within\".");
  }
  const auto pause = pausable ? member(place, "pause_in") : std::nullopt;
  if (pause && check_list(*pause, "names of states", findings_)) {
    for (const Place& state : items(*pause)) {
      const auto name = read_text(state, findings_);
      if (!name) continue;
      const int found = find_target(*name, statechart::root, true, state.pointer);
      if (found == statechart::nothing) continue;
      check_pause(state, found);
      deadline.pause_in.push_back(found);
    }
  }
  return deadline;
}

// A case that waits for its customer must notice the answer.
void Reading::check_pause(const Place& place, int state) {
  const auto takes = [&](int taker) {
    const std::vector<Handler>& on = workflow_.state(taker).on;
    return workflow_.chart.can_be_together(state, taker) &&
           std::any_of(on.begin(), on.end(), [](const Handler& h) { return h.takes("customer.replied"); });
  };
  for (int taker = statechart::root; taker < workflow_.chart.size(); ++taker)
    if (takes(taker)) return;
  refuse(
      "pause", place.pointer,
      "the state " + in_quotes(workflow_.chart.at(state).path) + " waits for the customer, but does not take customer.replied",
      "Add \"on\": { \"customer.replied\": ... } to it.");
}

void Reading::read_reopen() {
  const auto place = member(root_, "reopen");
  const Keys keys{.required = {"on", "target"}, .optional = {"guard", "within"}, .not_yet = {}};
  if (!place || !check_object(*place, "reopen", keys, findings_)) return;
  Reopen reopen;
  reopen.transition.pointer = place->pointer;
  reopen.event = read_string(*place, "on", findings_).value_or("");
  if (!reopen.event.empty() && reopen.event != "customer.replied") {
    refuse("unknown_event", place->pointer + "/on", "a case is not reopened by " + in_quotes(reopen.event),
           "Write \"customer.replied\".");
  }
  const Site site{.kind = Site::Kind::reacting, .descriptors = {"customer.replied"}, .events = {}, .state = statechart::root};
  reopen.transition.guard = read_condition(*place, "guard", site);
  if (const auto within = read_duration(*place, "within", findings_)) reopen.within_ms = *within;
  if (const auto target = member(*place, "target"))
    reopen.transition.targets = read_targets(*target, statechart::root, statechart::nothing);
  workflow_.reopen = std::move(reopen);
}

std::optional<Expression> Reading::read_expression(const Place& place, const Site& site,
                                                   std::function<void(const Type&)> then) {
  const auto text = read_text(place, findings_);
  if (!text) return std::nullopt;
  expression::Finding finding;
  auto parsed = Expression::parse(*text, finding);
  if (!parsed) {
    findings_.add_expression(place.pointer, finding);
    return std::nullopt;
  }
  pending_.push_back({parsed, std::nullopt, place.pointer, site, std::move(then)});
  return parsed;
}

std::optional<Expression> Reading::read_condition(const Place& object, std::string_view key, const Site& site) {
  const auto place = member(object, key);
  if (!place) return std::nullopt;
  return read_expression(*place, site, [this, pointer = place->pointer](const Type& got) {
    want_type(expression::simple(Kind::boolean), got, pointer, "a condition");
  });
}

void Reading::want_type(const Type& wanted, const Type& got, const std::string& pointer, const std::string& what) {
  if (fits(wanted, got)) return;
  const bool condition = wanted.kind == Kind::boolean;
  refuse("type", pointer, what + " must be " + expression::describe(wanted) + ", and this is " + expression::describe(got),
         condition ? "Compare it with something, as in x == 1." : "Give what is of type " + expression::describe(wanted) + ".");
}

void Reading::check_pending() {
  scopes_.emplace(workflow_);
  for (Pending& pending : pending_) {
    resolve_events(pending.site);
    const expression::Scope& scope = scopes_->at(pending.site);
    std::vector<expression::Finding> found;
    const Type type = pending.text ? pending.text->check(scope, found) : pending.expression->check(scope, found);
    for (const expression::Finding& finding : found) findings_.add_expression(pending.pointer, finding);
    if (found.empty() && pending.then) pending.then(type);
  }
}

namespace {

// Reads the JSON; what it holds is read by `read`.
template <class Read>
Checked read_text_of(std::string_view text, std::string_view file, const Surroundings& surroundings, Read read) {
  Findings findings(text, file);
  const std::vector<Fault> faults = scan_json(text);
  for (const Fault& fault : faults) findings.add_fault(fault);
  const std::optional<Json> parsed = parse(text, faults);
  if (!parsed && faults.empty()) {
    findings.add({.rule = "syntax", .pointer = "", .message = "a number that is too large", .mend = "Write a smaller one."});
  }
  if (!parsed) return {std::nullopt, findings.take()};
  const Json& root = *parsed;
  Reading reading(root, findings, surroundings);
  Workflow workflow = read(reading);
  if (findings.has_errors()) return {std::nullopt, findings.take()};
  workflow.hash = base::sha256_hex(compact_json(text));
  workflow.source = text;
  return {std::move(workflow), findings.take()};
}

}  // namespace

Checked read_workflow(std::string_view text, std::string_view file, std::span<const plugin::Manifest> manifests) {
  return read_workflow(text, file, Surroundings{.manifests = manifests, .rules = nullptr});
}

Checked read_workflow(std::string_view text, std::string_view file, const Surroundings& surroundings) {
  return read_text_of(text, file, surroundings, [](Reading& reading) { return reading.read(); });
}

Checked read_bare_workflow(std::string_view text, std::string_view file) {
  const Surroundings nothing{.manifests = {}, .rules = nullptr};
  return read_text_of(text, file, nothing, [](Reading& reading) { return reading.read_bare(); });
}

Result<std::string> workflow_hash(std::string_view text) {
  const std::vector<Fault> faults = scan_json(text);
  if (faults.empty()) return base::sha256_hex(compact_json(text));
  const Position at = position_at(text, faults.front().offset);
  return {Code::invalid, "workflow at line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " +
                             faults.front().message + ". " + faults.front().mend};
}

}  // namespace redress::workflow
