// Compares what a script expects with what is there.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "redress/limits.hpp"
#include "scenario/describe.hpp"
#include "scenario/stage.hpp"

namespace redress::scenario {
namespace {

using Of = Expectation::Of;
using Found = std::optional<std::string>;  // Nothing: it is as expected. Else what is there instead.

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Each part of `expected` is in `found`; lists must be equal.
bool includes(const Json& found, const Json& expected) {
  if (!expected.is_object()) return found == expected;
  return found.is_object() && std::all_of(expected.items().begin(), expected.items().end(), [&](const auto& part) {
           const auto there = found.find(part.key());
           return there != found.end() && includes(*there, part.value());
         });
}
bool includes(const std::string& found, const std::string& expected) {
  return includes(Json::parse(found, nullptr, false), Json::parse(expected, nullptr, false));
}

bool is_time(const Check& check, std::string_view word, std::int64_t at_ms, std::int64_t now_ms) {
  return at_ms != 0 && at_ms == (check.word == std::string(word) + " in" ? now_ms + check.number : check.number);
}
bool is_time_of(const Check& check, std::string_view word) { return check.word.starts_with(std::string(word) + " "); }

// ---- the case ---------------------------------------------------------------------------------------------------------------

// A name that is both a state of the workflow and one of the case's life must be both.
bool is_in_state(const CaseRow& row, const std::string& name, const Inventory& inventory) {
  const auto configuration = Json::parse(row.configuration, nullptr, false);
  const bool of_workflow = std::any_of(inventory.states.begin(), inventory.states.end(),
                                       [&](const std::string& path) { return is_state(path, name); });
  const bool entered =
      configuration.is_array() && std::any_of(configuration.begin(), configuration.end(), [&](const Json& path) {
        return path.is_string() && is_state(path.get<std::string>(), name);
      });
  const auto life = from_string<CaseState>(name);
  return (!of_workflow || entered) && (!life || row.state == *life);
}

bool holds(const Check& check, const CaseRecord& record, const Inventory& inventory) {
  const CaseRow& row = record.row;
  if (check.word == "state") return is_in_state(row, check.text, inventory);
  if (check.word == "not") return !is_in_state(row, check.text, inventory);
  if (check.word == "episode") return row.episode == check.number;
  if (check.word == "priority") return row.priority == check.text;
  if (check.word == "language") return row.language == check.text;
  if (check.word == "data") return includes(text_of(record, row.data), check.json);
  return row.set_aside != 0;
}

// ---- commitments and replies ------------------------------------------------------------------------------------------------

bool holds(const Check& check, const CaseRecord& record, const CommitmentRow& row, std::int64_t now_ms) {
  if (check.word == "state") return to_string(row.state) == check.text;
  if (check.word == "lateness") return to_string(row.due) == check.text;
  if (check.word == "fact") return (check.text == "requested" ? row.requested_at_ms : row.accepted_at_ms) != 0;
  if (check.word == "attempts") return row.attempts == check.number;
  if (check.word == "evidence") return includes(text_of(record, row.evidence), check.json);
  if (check.word == "input") return includes(text_of(record, row.input), check.json);
  if (check.word == "reason") return contains(text_of(record, row.reason), check.text);
  if (is_time_of(check, "due")) return is_time(check, "due", row.due_at_ms, now_ms);
  if (is_time_of(check, "promised")) return is_time(check, "promised", row.promised_at_ms, now_ms);
  return true;  // "instance" chose the row.
}

bool is_private(const CaseRecord& record, const ReplyRow& row) {
  return std::any_of(record.posts.begin(), record.posts.end(), [&](const auto& entry) {
    return entry.second.post_id == row.in_reply_to && entry.second.channel == row.channel && entry.second.is_private != 0;
  });
}

bool holds(const Check& check, const CaseRecord& record, const ReplyRow& row) {
  if (check.word == "state") return to_string(row.state) == check.text;
  if (check.word == "says") return contains(text_of(record, row.text), check.text);
  if (check.word == "exactly") return text_of(record, row.text) == check.text;
  if (check.word == "on") return row.channel == check.text;
  if (check.word == "language") return row.language == check.text;
  if (check.word == "to") return row.in_reply_to == check.text;
  if (check.word == "reason") return contains(text_of(record, row.reason), check.text);
  return is_private(record, row);
}

template <class Holds>
bool all_hold(const std::vector<Check>& checks, const Holds& holds_one) {
  return std::all_of(checks.begin(), checks.end(), holds_one);
}

Found look_at_commitment(const Expectation& expectation, const CaseRecord& record, std::int64_t now_ms) {
  std::int64_t instance = 0;
  for (const Check& check : expectation.checks)
    if (check.word == "instance") instance = check.number;
  const CommitmentRow* row = find_commitment(record, expectation.name, instance);
  const bool there =
      row != nullptr && all_hold(expectation.checks, [&](const Check& check) { return holds(check, record, *row, now_ms); });
  if (there != expectation.absent) return std::nullopt;
  return row == nullptr ? describe_commitments(record) : describe(record, expectation.name, *row, now_ms);
}

bool is_public(ReplyState state) { return state == ReplyState::published || state == ReplyState::corrected; }

Found look_at_reply(const Expectation& expectation, const CaseRecord& record, Stage& stage) {
  const ReplyRow* row = find_reply(record, expectation.name);
  const bool there =
      row != nullptr && all_hold(expectation.checks, [&](const Check& check) { return holds(check, record, *row); });
  if (there && is_public(row->state)) stage.replies_expected.insert(row->id);
  if (there != expectation.absent) return std::nullopt;
  return row == nullptr ? describe_replies(record) : describe(record, *row);
}

Found look_at_published(const Expectation& expectation, const CaseRecord& record, const Stage& stage) {
  std::string others;
  for (const auto& [id, row] : record.replies) {
    const bool spoken_of = expectation.of == Of::nothing_else_published && stage.replies_expected.contains(id);
    if (is_public(row.state) && !spoken_of) others += (others.empty() ? "" : "; ") + describe(record, row);
  }
  return others.empty() ? std::nullopt : Found(others);
}

// ---- tasks, deadlines, the journal, posts -----------------------------------------------------------------------------------

Found look_at_tasks(const Expectation& expectation, const CaseRecord& record) {
  const bool there = std::any_of(record.tasks.begin(), record.tasks.end(), [&](const auto& entry) {
    const TaskRow& task = entry.second;
    return task.done_at_ms == 0 && (expectation.name.empty() || task.role == expectation.name) &&
           all_hold(expectation.checks, [&](const Check& check) { return contains(task.what, check.text); });
  });
  return there != expectation.absent ? std::nullopt : Found(describe_tasks(record));
}

Found look_at_deadline(const Expectation& expectation, const CaseRecord& record, std::int64_t now_ms) {
  const bool first = expectation.name == "first_reply";
  const DeadlineState state = first ? record.row.first_reply : record.row.resolution;
  const std::int64_t due_at_ms = first ? record.row.first_reply_due_at_ms : record.row.resolution_due_at_ms;
  if (all_hold(expectation.checks, [&](const Check& check) {
        return is_time_of(check, "due") ? is_time(check, "due", due_at_ms, now_ms) : to_string(state) == check.text;
      }))
    return std::nullopt;
  return "sla " + expectation.name + " " + std::string(to_string(state)) + ", due " + base::format_instant(due_at_ms);
}

// Whether the journal has the event: as what happened, or (`ignored`) as what nothing took.
bool has_event(const JournalRow& row, const std::string& name, bool ignored) {
  const auto entry = Json::parse(row.entry, nullptr, false);
  if (!entry.is_object()) return false;
  const auto is_name = [&](const Json& one) {
    return one.is_string() ? one == name : one.is_object() && one.value("event", "") == name;
  };
  const auto among = [&](const char* list) {
    const auto found = entry.find(list);
    return found != entry.end() && found->is_array() && std::any_of(found->begin(), found->end(), is_name);
  };
  return ignored ? among("ignored") : row.event == name || among("rules") || among("ignored");
}

Found look_at_journal(const Expectation& expectation, const CaseRecord& record, Store& store) {
  const bool ignored = expectation.of == Of::ignored;
  std::string latest;
  for (std::int64_t after = 0;;) {
    const auto page = store.journal(record.row.id, after, limits::page_rows_max);
    if (!page) return page.error().message;
    for (const JournalRow& row : *page) {
      if (has_event(row, expectation.name, ignored)) return std::nullopt;
      after = row.seq;
      latest = row.event;
    }
    if (page->size() < limits::page_rows_max) break;
  }
  return ignored ? expectation.name + " was not ignored; the journal's latest event is " + latest
                 : "the journal has no " + expectation.name + "; its latest event is " + latest;
}

Found look_at_post(const Expectation& expectation, Stage& stage) {
  const auto post = stage.posts.find(expectation.name);
  if (post == stage.posts.end()) return "no such post";
  const auto row = stage.store().find_post(post->second.channel, post->second.id);
  if (!row) return row.error().message;
  if (!*row) return "it never came";
  const bool holds_all = all_hold(expectation.checks, [&](const Check& check) {
    return check.word == "fate" ? to_string((*row)->fate) == check.text : contains((*row)->reason, check.text);
  });
  if (holds_all) return std::nullopt;
  return "post " + expectation.name + " " + std::string(to_string((*row)->fate)) + ", reason " + quoted((*row)->reason);
}

Found look(const Expectation& expectation, Stage& stage) {
  if (expectation.of == Of::post) return look_at_post(expectation, stage);
  const auto record = stage.load_case_at_hand();
  if (!record) return record.error().message;
  switch (expectation.of) {
    case Of::the_case:
      if (all_hold(expectation.checks, [&](const Check& check) { return holds(check, *record, stage.inventory()); }))
        return std::nullopt;
      return describe_case(*record) + ", " + describe_commitments(*record);
    case Of::commitment:
      return look_at_commitment(expectation, *record, stage.now_ms());
    case Of::reply:
      return look_at_reply(expectation, *record, stage);
    case Of::task:
      return look_at_tasks(expectation, *record);
    case Of::sla:
      return look_at_deadline(expectation, *record, stage.now_ms());
    case Of::ignored:
    case Of::event:
      return look_at_journal(expectation, *record, stage.store());
    case Of::nothing_published:
    case Of::nothing_else_published:
      return look_at_published(expectation, *record, stage);
    case Of::post:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failed> check(const ExpectStep& step, Stage& stage, int& met) {
  Failed failed;
  for (const Expectation& expectation : step.expectations) {
    const Found found = look(expectation, stage);
    if (!found) {
      ++met;
      continue;
    }
    failed.expected.push_back(expectation.text);
    failed.found.push_back(*found);
  }
  return failed.expected.empty() ? std::nullopt : std::optional(std::move(failed));
}

}  // namespace redress::scenario
