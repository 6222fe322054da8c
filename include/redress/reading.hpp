// What people and programs read of a store, also beside its writer: lists, explanations, the export, the audit.
//
// Every function takes any open Store (open_sqlite_store(path, OpenMode::read) runs beside a writer) and changes nothing. JSON
// is UTF-8 text whose names are those of docs/formats.md.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redress/api.hpp"
#include "redress/result.hpp"
#include "redress/store.hpp"

namespace redress {

// One line at a time, without the line's end. Answer false to stop.
using LineSink = std::function<bool(std::string_view line)>;

// docs/formats.md's export: posts, cases with their commitments, replies, journal, tasks, timers. The same state gives the same
// bytes.
[[nodiscard]] REDRESS_API Result<void> export_store(Store& store, const LineSink& sink);

// A page of cases as JSON objects (docs/formats.md's `case`, with `waits_for`), by id after `after`.
[[nodiscard]] REDRESS_API Result<std::vector<std::string>> list_cases(Store& store, std::int64_t after, std::size_t limit);
// One case whole: its row, posts, commitments, replies with claims, timers, tasks. not_found: no such reference.
[[nodiscard]] REDRESS_API Result<std::string> show_case(Store& store, std::string_view reference);
// What the case waits for, who can act and with which command, and from the journal which rules fired or did not, and on which
// part:
// {"reference","state","configuration","post": the opening post's text,"waits_for":[{"what","until","who","act"}],
// "history":[{"at","event","rules":[...]}]}. What waits for a person has the "text" of the reply, and the "reason".
[[nodiscard]] REDRESS_API Result<std::string> explain_case(Store& store, std::string_view reference);
// Open tasks as JSON objects with the ids that the acts need:
// {"id","case","role","what","since","due_at","commitment"|"reply"|..., "text" of the reply, "reason" why it is as it is,
// "post": the opening post's text, "act": the command that settles it, "http": the same over HTTP, "form": schema}.
// `role` empty: all.
[[nodiscard]] REDRESS_API Result<std::vector<std::string>> list_tasks(Store& store, std::string_view role, std::int64_t after,
                                                                      std::size_t limit);

// Every published version of every workflow, by name, then by when it was published:
// {"workflow","version","hash","active","new_cases","automatic_replies","open_cases"}; the two ways "open" or "shut".
[[nodiscard]] REDRESS_API Result<std::vector<std::string>> list_workflows(Store& store);

// One thing that came true, as the journal tells it: what live feeds show and other systems are told.
struct Fact {
  std::int64_t row_id = 0;     // Of its journal row; rising.
  int number = 0;              // From 1, within that row.
  std::string id;              // "17-1": both.
  std::string type;            // One of fact_types(): the noun and its state, as "reply.published".
  std::string case_reference;  // Empty: of no case.
  std::string department;      // commitment.*: whose.
  std::string role;            // task.*: whose.
  // {"id","type","at","seq","case","event"} and what it is about: "what", "post", "commitment", "reply" or "task". States are
  // those of that moment; names and texts as they are now. No personal text but that of published replies.
  std::string json;
};
// Every type that a fact may have, by noun.
[[nodiscard]] REDRESS_API const std::vector<std::string>& fact_types();
// Whether this names facts: one type ("reply.published"), those of a noun ("reply.*"), or all ("*"). `invalid`: it names none,
// and what is near.
[[nodiscard]] REDRESS_API Result<void> check_fact_name(std::string_view name);

struct FactPage {
  std::vector<Fact> facts;
  std::int64_t last_row_id = 0;  // Where the next page starts after.
};
// The facts of the journal rows after `after_row_id`, at most `rows_max` rows.
[[nodiscard]] REDRESS_API Result<FactPage> list_facts(Store& store, std::int64_t after_row_id, std::size_t rows_max);

// Who bears a token, and in which roles now. Nothing: there is none such, it is revoked, or it has expired.
struct Bearer {
  std::string person;
  std::vector<std::string> roles;
  std::int64_t token_id = 0;
};
[[nodiscard]] REDRESS_API Result<std::optional<Bearer>> find_bearer(Store& store, std::string_view token, std::int64_t now_ms);
// {"id","person","roles": [] for all of the person's,"expires_at","note","revoked"}.
[[nodiscard]] REDRESS_API Result<std::vector<std::string>> list_tokens(Store& store, std::int64_t after, std::size_t limit);

// How fast, how late, and what was said without being done: one JSON object, explained in docs/report.md. Nothing is pooled
// over channels. "Now" is the store's last time, so the same store gives the same bytes.
[[nodiscard]] REDRESS_API Result<std::string> make_report(Store& store);

// Checks everything that the store promises about history:
// {"cases","journal_rows","texts_erased","faults":[{"case","message"}]}.
struct AuditResult {
  std::int64_t cases = 0;
  std::int64_t journal_rows = 0;
  std::int64_t texts_erased = 0;
  std::vector<std::string> faults;  // Each begins with the case's reference, or "the file". Empty: the audit passes.
};
[[nodiscard]] REDRESS_API Result<AuditResult> audit_store(Store& store);

}  // namespace redress
