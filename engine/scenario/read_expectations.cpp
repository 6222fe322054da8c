// Reads what is expected: parts between commas, each of a subject and what it must be.
#include <algorithm>
#include <array>

#include "redress/lifecycle.hpp"
#include "scenario/reader.hpp"
#include "workflow/names.hpp"

namespace redress::scenario {
namespace {

using Of = Expectation::Of;

constexpr std::array<std::string_view, 10> subjects{"case", "commitment", "reply", "no",  "escalated",
                                                    "task", "ignored",    "event", "sla", "nothing"};

void add(Expectation& expectation, std::string word, std::string text = "") {
  expectation.checks.push_back({std::move(word), std::move(text), 0, ""});
}
void add_number(Expectation& expectation, std::string word, std::int64_t number) {
  expectation.checks.push_back({std::move(word), "", number, ""});
}
void add_json(Expectation& expectation, std::string word, std::string json) {
  expectation.checks.push_back({std::move(word), "", 0, std::move(json)});
}

// "+4h": from now; or an instant.
void add_time(Cursor& cursor, Expectation& expectation, const std::string& word) {
  if (cursor.peek().starts_with("+") || cursor.peek().starts_with("-"))
    return add_number(expectation, word + " in", cursor.span_ms("a time from now"));
  add_number(expectation, word + " at", cursor.instant_ms("a time"));
}

void read_case(Line& line, Expectation& expectation, std::string& of_post) {
  Cursor& cursor = line.cursor;
  if (line.named.posts.contains(cursor.peek())) {
    const std::size_t at = cursor.offset();
    const std::string post = cursor.name("a post");
    if (!of_post.empty() && of_post != post)
      cursor.fail_at(at, "this line speaks of the case of " + of_post + " already", "Write a line for each case.");
    of_post = post;
  }
  while (!cursor.at_words_end()) {
    if (cursor.take("not"))
      add(expectation, "not", line.workflow_name(NameUse::Kind::state, "a state"));
    else if (cursor.take("episode"))
      add_number(expectation, "episode", cursor.number("the episode"));
    else if (cursor.take("data"))
      add_json(expectation, "data", cursor.json("the data"));
    else if (cursor.take("priority"))
      add(expectation, "priority", cursor.name("a priority"));
    else if (cursor.take("language"))
      add(expectation, "language", cursor.name("a language"));
    else if (cursor.take("set_aside"))
      add(expectation, "set_aside");
    else
      add(expectation, "state", line.workflow_name(NameUse::Kind::state, "a state"));
  }
}

constexpr std::array<std::string_view, 24> commitment_words{
    "proposed", "awaiting_approval", "requested", "attempting", "in_progress", "accepted", "fulfilled", "declined",
    "failed",   "unknown",           "cancelled", "revoked",    "undoing",     "undone",   "state",     "on_time",
    "at_risk",  "overdue",           "due",       "promised",   "attempts",    "evidence", "input",     "reason"};

void read_commitment(Line& line, Expectation& expectation) {
  Cursor& cursor = line.cursor;
  expectation.name = line.workflow_name(NameUse::Kind::commitment, "a commitment");
  while (!cursor.at_words_end()) {
    const std::string word(cursor.peek());
    if (cursor.take("due") || cursor.take("promised"))
      add_time(cursor, expectation, word);
    else if (cursor.take("attempts") || cursor.take("instance"))
      add_number(expectation, word, cursor.number("how many"));
    else if (cursor.take("evidence") || cursor.take("input"))
      add_json(expectation, word, cursor.json("its fields"));
    else if (cursor.take("reason"))
      add(expectation, word, cursor.quoted("a part of the reason"));
    else if (cursor.take("requested") || cursor.take("accepted"))
      add(expectation, "fact", word);
    else if (cursor.take("on_time") || cursor.take("at_risk") || cursor.take("overdue"))
      add(expectation, "lateness", word);
    else if (cursor.take("state"))
      add(expectation, "state", cursor.choice("a state", Choices(commitment_words).first(14)));
    else
      add(expectation, "state", cursor.choice("a state of a commitment", commitment_words));
  }
}

constexpr std::array<std::string_view, 19> reply_words{
    "drafted", "awaiting_review", "approved",  "publishing", "published", "unknown", "failed",
    "blocked", "refused",         "corrected", "waived",     "replaced",  "says",    "exactly",
    "on",      "language",        "to",        "privately",  "reason"};

void read_reply(Line& line, Expectation& expectation) {
  Cursor& cursor = line.cursor;
  expectation.name = line.workflow_name(NameUse::Kind::reply, "a reply");
  while (!cursor.at_words_end()) {
    const std::string word(cursor.peek());
    if (cursor.take("says") || cursor.take("exactly") || cursor.take("reason"))
      add(expectation, word, cursor.quoted("a text"));
    else if (cursor.take("on") || cursor.take("language"))
      add(expectation, word, cursor.name("its name"));
    else if (cursor.take("to"))
      add(expectation, word, line.post_name());
    else if (cursor.take("privately"))
      add(expectation, word);
    else
      add(expectation, "state", cursor.choice("a state of a reply", reply_words));
  }
}

void read_deadline(Cursor& cursor, Expectation& expectation) {
  static constexpr std::array<std::string_view, 2> targets{"first_reply", "resolution"};
  static constexpr std::array<std::string_view, 7> words{"none", "running", "at_risk", "met", "breached", "paused", "due"};
  expectation.name = cursor.choice("a target", targets);
  while (!cursor.at_words_end()) {
    if (cursor.take("due"))
      add_time(cursor, expectation, "due");
    else
      add(expectation, "state", cursor.choice("a state of a deadline", words));
  }
}

void read_fate(Line& line, Expectation& expectation) {
  static constexpr std::array<std::string_view, 4> fates{"opened", "attached", "not_wanted", "rejected"};
  expectation.name = line.post_name();
  add(expectation, "fate", line.cursor.choice("what became of the post", fates));
  if (line.cursor.take("reason")) add(expectation, "reason", line.cursor.quoted("a part of the reason"));
}

void read_task(Cursor& cursor, Expectation& expectation) {
  expectation.of = Of::task;
  if (!cursor.at_words_end() && !cursor.at_quoted()) expectation.name = cursor.name("a role");
  if (cursor.at_quoted()) add(expectation, "what", cursor.quoted("a part of what is to be done"));
}

void read_nothing(Cursor& cursor, Expectation& expectation) {
  static constexpr std::array<std::string_view, 2> words{"published", "else"};
  expectation.of = Of::nothing_published;
  if (cursor.choice("what there is none of", words) != "else") return;
  expectation.of = Of::nothing_else_published;
  if (!cursor.take("published")) cursor.fail_at(cursor.offset(), "here published must stand", "Write: nothing else published.");
}

void read_absent(Line& line, Expectation& expectation) {
  static constexpr std::array<std::string_view, 3> what{"commitment", "reply", "task"};
  expectation.absent = true;
  const std::string of = line.cursor.choice("what there must not be", what);
  expectation.of = of == "commitment" ? Of::commitment : Of::reply;
  if (of == "task") return read_task(line.cursor, expectation);
  if (of == "commitment")
    read_commitment(line, expectation);
  else
    read_reply(line, expectation);
}

Expectation read_one(Line& line, std::string& of_post) {
  Expectation expectation;
  Cursor& cursor = line.cursor;
  const std::size_t begin = cursor.offset();
  if (cursor.take("case")) {
    read_case(line, expectation, of_post);
  } else if (cursor.take("commitment")) {
    expectation.of = Of::commitment;
    read_commitment(line, expectation);
  } else if (cursor.take("reply")) {
    expectation.of = Of::reply;
    read_reply(line, expectation);
  } else if (cursor.take("no")) {
    read_absent(line, expectation);
  } else if (cursor.take("escalated")) {
    expectation.of = Of::task;
    expectation.name = cursor.name("a role");
  } else if (cursor.take("task")) {
    read_task(cursor, expectation);
  } else if (cursor.take("ignored")) {
    expectation.of = Of::ignored;
    expectation.name = cursor.name("an event");
  } else if (cursor.take("event")) {
    expectation.of = Of::event;
    expectation.name = cursor.name("an event");
  } else if (cursor.take("sla")) {
    expectation.of = Of::sla;
    read_deadline(cursor, expectation);
  } else if (cursor.take("post")) {
    expectation.of = Of::post;
    read_fate(line, expectation);
  } else if (cursor.take("nothing")) {
    read_nothing(cursor, expectation);
  } else {
    cursor.fail_word("what is expected", subjects);
  }
  const std::size_t end = std::max(begin, cursor.offset_before());
  for (const char c : line.text.substr(begin, end - begin)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space)
      expectation.text += c;
    else if (expectation.text.back() != ' ')
      expectation.text += ' ';
  }
  return expectation;
}

}  // namespace

ExpectStep read_expectations(Line& line, std::string& of_post) {
  ExpectStep step;
  do step.expectations.push_back(read_one(line, of_post));
  while (line.cursor.take_comma());
  return step;
}

}  // namespace redress::scenario
