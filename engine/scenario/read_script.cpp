// Reads a script: statements, each from the first column on and over the indented lines below it.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "redress/limits.hpp"
#include "scenario/reader.hpp"
#include "workflow/names.hpp"

namespace redress::scenario {
namespace {

constexpr std::size_t name_shown_max = 120;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// White space as one space, so that a statement over several lines is one.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : trimmed(text)) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space)
      line += c;
    else if (line.back() != ' ')
      line += ' ';
  }
  return line;
}

// ---- answers ----------------------------------------------------------------------------------------------------------------

std::string reason_or_nothing(Cursor& cursor) { return cursor.at_quoted() ? cursor.quoted("a reason") : ""; }

// "+4h", or an instant.
void read_promise(Cursor& cursor, Answer& answer) {
  if (cursor.peek().starts_with("+") || cursor.peek().starts_with("-"))
    answer.promised_in_ms = cursor.span_ms("a time from now");
  else
    answer.promised_at_ms = cursor.instant_ms("a time from now, or an instant,");
}

Answer read_answer(Cursor& cursor, Choices choices) {
  Answer answer;
  const std::string word = cursor.choice("an answer", choices);
  using enum Answer::Kind;
  if (word == "done") {
    answer.evidence = cursor.at_json() ? cursor.json("evidence") : "{}";
  } else if (word == "waiting") {
    answer.kind = waiting;
    if (cursor.take("promising")) read_promise(cursor, answer);
  } else if (word == "retry") {
    answer.kind = retry;
    if (cursor.take("always"))
      answer.times = 0;
    else if (!cursor.at_end() && !cursor.at_quoted())
      answer.times = std::max<std::int64_t>(cursor.number("how often"), 1);
  } else {
    answer.kind = word == "declined" ? declined : word == "failed" ? failed : word == "revoked" ? revoked : unknown;
  }
  answer.reason = reason_or_nothing(cursor);
  return answer;
}

DepartmentStep read_department(Line& line) {
  static constexpr std::array<std::string_view, 7> answers{"done",    "waiting", "declined", "retry",
                                                           "unknown", "failed",  "revoked"};
  DepartmentStep step;
  step.commitment = line.workflow_name(NameUse::Kind::commitment, "a commitment");
  if (line.cursor.take("undo"))
    step.verb = Verb::undo;
  else if (line.cursor.take("cancel"))
    step.verb = Verb::cancel;
  else if (line.cursor.take("record"))
    step.verb = Verb::record;
  step.answer = read_answer(line.cursor, answers);
  return step;
}

ChannelStep read_channel(Line& line) {
  static constexpr std::array<std::string_view, 4> answers{"done", "declined", "retry", "unknown"};
  ChannelStep step;
  step.lookup = line.cursor.take("lookup");
  step.answer = read_answer(line.cursor, answers);
  return step;
}

// ---- people's acts ----------------------------------------------------------------------------------------------------------

Decision decision_of(std::string_view word) {
  if (word == "declined") return Decision::declined;
  if (word == "failed") return Decision::failed;
  return word == "revoked" ? Decision::revoked : Decision::done;
}

void read_decision(Line& line, ActStep& act) {
  static constexpr std::array<std::string_view, 4> outcomes{"done", "declined", "failed", "revoked"};
  act.kind = ActStep::Kind::decide;
  act.name = line.workflow_name(NameUse::Kind::commitment, "a commitment");
  act.decision = decision_of(line.cursor.choice("an outcome", outcomes));
  if (line.cursor.at_json()) act.json = line.cursor.json("evidence");
  act.text = reason_or_nothing(line.cursor);
}

void read_settlement(Line& line, ActStep& act) {
  static constexpr std::array<std::string_view, 3> ways{"again", "published", "waive"};
  act.name = line.cursor.name("a reply");
  const std::string way = line.cursor.choice("how it is settled", ways);
  act.kind = way == "again" ? ActStep::Kind::again : way == "published" ? ActStep::Kind::published : ActStep::Kind::waive;
  if (way == "waive") act.text = line.cursor.quoted("a reason");
}

void read_words(Line& line, ActStep& act) {
  static constexpr std::array<std::string_view, 6> levels{"requested", "accepted", "fulfilled",
                                                          "declined",  "failed",   "revoked"};
  act.kind = ActStep::Kind::say;
  act.text = line.cursor.quoted("what is said");
  while (line.cursor.take("claiming")) {
    const std::string commitment = line.workflow_name(NameUse::Kind::commitment, "a commitment");
    const auto level = from_string<ClaimLevel>(line.cursor.choice("what is claimed of it", levels));
    if (level) act.claims.emplace_back(commitment, *level);
  }
}

ActStep read_act(Line& line) {
  static constexpr std::array<std::string_view, 10> acts{"manual.<act>", "approve", "refuse", "review", "decide",
                                                         "settle",       "say",     "retry",  "skip",   "finish"};
  ActStep act;
  Cursor& cursor = line.cursor;
  const std::size_t at = cursor.offset();
  act.by = cursor.name("a person");
  if (!act.by.empty() && !line.named.people.contains(act.by))
    cursor.fail_at(at, "nobody is called " + workflow::in_quotes(act.by),
                   workflow::suggest(act.by, line.named.people) + " A line before makes a person known: person " + act.by +
                       " with role ROLE.");
  if (cursor.peek().starts_with("manual.")) {
    act.name = line.workflow_name(NameUse::Kind::event, "an act");
    if (cursor.at_json()) act.json = cursor.json("a form");
  } else if (cursor.take("approve") || cursor.peek() == "refuse") {
    act.yes = !cursor.take("refuse");
    act.kind = ActStep::Kind::approve;
    act.name = line.workflow_name(NameUse::Kind::commitment, "a commitment");
  } else if (cursor.take("review")) {
    static constexpr std::array<std::string_view, 2> ways{"approve", "refuse"};
    act.kind = ActStep::Kind::review;
    act.name = cursor.name("a reply");
    act.yes = cursor.choice("the decision", ways) == "approve";
  } else if (cursor.take("decide")) {
    read_decision(line, act);
  } else if (cursor.take("settle")) {
    read_settlement(line, act);
  } else if (cursor.take("say")) {
    read_words(line, act);
  } else if (cursor.take("retry")) {
    act.kind = ActStep::Kind::retry_case;
  } else if (cursor.take("skip")) {
    act.kind = ActStep::Kind::skip_case;
  } else if (cursor.take("finish")) {
    act.kind = ActStep::Kind::finish;
    act.name = cursor.name("the role of a task");
    if (cursor.at_quoted()) act.text = cursor.quoted("a note");
  } else {
    cursor.fail_word("an act", acts);
  }
  return act;
}

// ---- posts and time ---------------------------------------------------------------------------------------------------------

PostStep read_post(Line& line) {
  static constexpr std::array<std::string_view, 7> parts{"in", "on", "from", "language", "privately", "verified", "followers"};
  PostStep step;
  Cursor& cursor = line.cursor;
  const std::size_t at = cursor.offset();
  step.post.id = cursor.name("the post's name");
  if (line.named.posts.contains(step.post.id))
    cursor.fail_at(at, "a post " + workflow::in_quotes(step.post.id) + " came before",
                   "Give this one another name; edit " + step.post.id + " \"...\" changes that one's text.");
  step.post.text = cursor.quoted("the post's text");
  while (!cursor.at_end()) {
    const std::string part = cursor.choice("a part of a post", parts);
    if (part == "in")
      step.in = line.post_name();
    else if (part == "on")
      step.post.channel = cursor.name("a channel");
    else if (part == "from")
      step.post.author.handle = cursor.name("a handle");
    else if (part == "language")
      step.post.language = cursor.name("a language");
    else if (part == "privately")
      step.post.is_private = true;
    else if (part == "verified")
      step.post.author.verified = true;
    else if (part == "followers")
      step.post.author.followers = cursor.number("how many");
  }
  line.named.posts.insert(step.post.id);
  return step;
}

PostStep read_edit(Line& line) {
  PostStep step;
  step.edited = true;
  step.post.id = line.post_name();
  step.post.text = line.cursor.quoted("the new text");
  return step;
}

TickStep read_tick(Line& line) {
  TickStep step;
  Cursor& cursor = line.cursor;
  if (cursor.take("to")) {
    if (cursor.take("due"))
      step.until_due_of = line.workflow_name(NameUse::Kind::commitment, "a commitment");
    else
      step.until_ms = cursor.instant_ms("an instant, or due and a commitment,");
    return step;
  }
  const std::size_t at = cursor.offset();
  step.ms = cursor.span_ms("how long");
  if (step.ms < 0) cursor.fail_at(at, "time does not go back", "Write + before how long, as +4h.");
  return step;
}

constexpr std::array<std::string_view, 11> statements{"scenario", "workflow",   "start",   "person", "post",  "edit",
                                                      "tick",     "department", "channel", "act",    "expect"};

// ---- the file ---------------------------------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(const NamedText& file) : text_(file.text) { script_.file = file.name; }

  Script read() {
    if (!is_readable()) return std::move(script_);
    for (std::size_t at = 0; at < text_.size(); at = std::min(text_.find('\n', at), text_.size() - 1) + 1)
      line_starts_.push_back(at);
    for (std::size_t line = 0; line < line_starts_.size() && !too_many_;) line = read_statement(line);
    finish();
    return std::move(script_);
  }

 private:
  // ---- findings ----
  [[nodiscard]] int line_of(std::size_t at) const {
    return std::max<int>(
        1, static_cast<int>(std::upper_bound(line_starts_.begin(), line_starts_.end(), at) - line_starts_.begin()));
  }
  [[nodiscard]] int column_of(std::size_t at) const {
    return line_starts_.empty() ? 1 : static_cast<int>(at - line_starts_[static_cast<std::size_t>(line_of(at)) - 1]) + 1;
  }
  void find(std::size_t at, std::string message, std::string mend) {
    ++found_;
    if (found_ > findings_max) return;
    if (begins_indented_line(at)) mend += " (An indented line goes on with the line above it.)";
    script_.findings.push_back({script_.file, line_of(at), column_of(at), std::move(message), std::move(mend)});
  }
  [[nodiscard]] bool begins_indented_line(std::size_t at) const {
    const std::size_t begin = at + 1 - static_cast<std::size_t>(column_of(at));
    return at > begin && trimmed(text_.substr(begin, at - begin)).empty();
  }
  void find_whole(std::string message, std::string mend) {
    script_.findings.push_back({script_.file, 1, 1, std::move(message), std::move(mend)});
  }

  bool is_readable() {
    if (text_.size() > script_bytes_max) {
      find_whole("the file is longer than " + std::to_string(script_bytes_max) + " bytes", "Write several files.");
      return false;
    }
    const auto is_steering = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r'; };
    const auto steering = static_cast<std::size_t>(std::find_if(text_.begin(), text_.end(), is_steering) - text_.begin());
    const std::size_t valid = base::utf8_valid_bytes(text_);
    if (steering == text_.size() && valid == text_.size()) return true;
    const std::size_t at = std::min(steering, valid);
    const auto before = text_.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto column = 1 + at - (before.rfind('\n') + 1);
    script_.findings.push_back({script_.file, static_cast<int>(line), static_cast<int>(column),
                                steering <= valid ? "here stands a control character" : "here stand bytes that are not UTF-8",
                                "Save the file as plain text in UTF-8."});
    return false;
  }

  // ---- statements ----
  [[nodiscard]] std::string_view line_text(std::size_t line) const {
    const std::size_t begin = line_starts_[line];
    const std::size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] : text_.size();
    return text_.substr(begin, end - begin);
  }
  [[nodiscard]] static bool is_blank(std::string_view line) { return trimmed(line).empty(); }
  [[nodiscard]] static bool is_indented(std::string_view line) { return line.front() == ' ' || line.front() == '\t'; }

  // Answers the line after it.
  std::size_t read_statement(std::size_t line) {
    const std::string_view first = line_text(line);
    std::size_t next = line + 1;
    if (is_blank(first)) return next;
    if (first.front() == '#') {
      if (title_.empty()) title_ = trimmed(trimmed(first).substr(1));
      return next;
    }
    while (next < line_starts_.size() && !is_blank(line_text(next)) && is_indented(line_text(next))) ++next;
    const std::size_t begin = line_starts_[line];
    const std::size_t end = next < line_starts_.size() ? line_starts_[next] : text_.size();
    if (is_indented(first)) {
      if (trimmed(first).front() != '#')
        find(begin + first.find_first_not_of(" \t"), "an indented line goes on with the line above it, and there is none",
             "Begin the line in its first column.");
      return next;
    }
    if (end - begin > statement_bytes_max) {
      find(begin, "this line is longer than " + std::to_string(statement_bytes_max) + " bytes", "Make it shorter.");
      return next;
    }
    if (++statements_read_ > statements_max) {
      too_many_ = true;
      find(begin, "the file has more than " + std::to_string(statements_max) + " lines that say something",
           "Write several files.");
      return next;
    }
    read(begin, end);
    return next;
  }

  void read(std::size_t begin, std::size_t end) {
    const std::string_view whole = text_.substr(begin, end - begin);
    const std::string_view keyword = whole.substr(0, std::min(whole.find_first_of(" \t\r\n"), whole.size()));
    if (keyword == "scenario") return begin_scenario(begin, trimmed(whole.substr(keyword.size())));
    Words words = split(text_, begin, end);
    if (words.wrong) return find(words.wrong->at, words.wrong->message, words.wrong->mend);
    const bool is_setting = keyword == "workflow" || keyword == "start" || keyword == "person";
    if (!is_setting && !current_) this->begin(begin, title_.empty() ? script_.file : title_);
    Line line{text_, Cursor(std::move(words.words), begin + trimmed(whole).size()), current_ ? named_ : common_named_};
    if (is_setting) {
      read_setting(line, begin);
    } else {
      read_step(line, begin, on_one_line(whole));
    }
    line.cursor.expect_end();
    if (const auto& wrong = line.cursor.wrong()) find(wrong->at, wrong->message, wrong->mend);
  }

  void begin_scenario(std::size_t at, std::string_view name) {
    if (name.empty())
      find(at, "the scenario has no name", "Say in one line what it shows: scenario A late answer is escalated");
    begin(at, std::string(base::utf8_prefix(name, name_shown_max)));
  }
  void begin(std::size_t at, std::string name) {
    close_scenario();
    if (script_.scenarios.size() == scenarios_max) {
      too_many_ = true;
      find(at, "the file has more than " + std::to_string(scenarios_max) + " scenarios", "Write several files.");
    }
    current_.emplace(common_);
    current_->line = line_of(at);
    current_->name = std::move(name);
    named_ = common_named_;
  }
  Scenario& settings() { return current_ ? *current_ : common_; }

  // What holds for all scenarios, where it stands before the first; else for that one.
  void read_setting(Line& line, std::size_t at) {
    Cursor& cursor = line.cursor;
    Scenario& scenario = settings();
    if (!scenario.steps.empty())
      cursor.fail_at(at, "what a scenario stands on comes before its first step", "Move this line up.");
    if (cursor.take("workflow")) {
      scenario.workflow = cursor.at_quoted() ? cursor.quoted("a file") : cursor.name("a workflow's file");
    } else if (cursor.take("start")) {
      scenario.start_ms = cursor.instant_ms("an instant");
    } else if (cursor.take("person")) {
      read_person(line, scenario);
    }
  }

  static void read_person(Line& line, Scenario& scenario) {
    const std::string name = line.cursor.name("a person");
    if (!line.cursor.take("with"))
      line.cursor.fail_at(line.cursor.offset(), "here the person's roles must stand", "Write: with role ROLE.");
    if (!line.cursor.take("role") && !line.cursor.take("roles"))
      line.cursor.fail_at(line.cursor.offset(), "here the person's roles must stand", "Write: with role ROLE, ROLE.");
    std::vector<std::string> roles;
    do roles.push_back(line.cursor.name("a role"));
    while (line.cursor.take_comma());
    line.named.people.insert(name);
    scenario.people.emplace_back(name, std::move(roles));
  }

  void read_step(Line& line, std::size_t at, std::string text) {
    Step step;
    step.line = line_of(at);
    step.text = std::move(text);
    Cursor& cursor = line.cursor;
    if (cursor.take("post"))
      step.step = read_post(line);
    else if (cursor.take("edit"))
      step.step = read_edit(line);
    else if (cursor.take("tick"))
      step.step = read_tick(line);
    else if (cursor.take("department"))
      step.step = read_department(line);
    else if (cursor.take("channel"))
      step.step = read_channel(line);
    else if (cursor.take("act"))
      step.step = read_act(line);
    else if (cursor.take("expect"))
      step.step = read_expectation(line, step.of_post);
    else
      cursor.fail_word("the first word of a line", statements);
    if (step.of_post.empty() && cursor.take("of")) step.of_post = line.post_name();
    for (const Use& use : line.uses) current_->uses.push_back({use.kind, use.name, line_of(use.at), column_of(use.at)});
    current_->steps.push_back(std::move(step));
  }

  // What is expected; or, behind "refused", an act that must not be possible.
  static std::variant<PostStep, TickStep, DepartmentStep, ChannelStep, ActStep, ExpectStep> read_expectation(
      Line& line, std::string& of_post) {
    if (!line.cursor.take("refused")) return read_expectations(line, of_post);
    if (!line.cursor.take("act"))
      line.cursor.fail_at(line.cursor.offset(), "here an act must stand", "Write: expect refused act PERSON ...");
    ActStep act = read_act(line);
    act.refused = true;
    return act;
  }

  void close_scenario() {
    if (!current_) return;
    const bool tests = std::any_of(current_->steps.begin(), current_->steps.end(), [](const Step& step) {
      const auto* act = std::get_if<ActStep>(&step.step);
      return std::holds_alternative<ExpectStep>(step.step) || (act != nullptr && act->refused);
    });
    if (!tests && found_ == 0)
      find(line_starts_[static_cast<std::size_t>(current_->line) - 1], "this scenario expects nothing, so it cannot fail",
           "Say what must be there: expect case ..., reply ... published.");
    script_.scenarios.push_back(std::move(*current_));
    current_.reset();
  }

  void finish() {
    close_scenario();
    if (script_.scenarios.empty() && found_ == 0) find_whole("the file has no scenario", "Begin with a line: post P1 \"...\".");
    if (found_ > findings_max) {
      ScenarioFinding& last = script_.findings.back();
      last.mend += " (And " + std::to_string(found_ - findings_max) + " findings more in this file.)";
    }
  }

  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  Script script_;
  std::string title_;
  Scenario common_;
  NamedSoFar common_named_, named_;
  std::optional<Scenario> current_;
  std::size_t found_ = 0, statements_read_ = 0;
  bool too_many_ = false;
};

}  // namespace

std::string Line::workflow_name(NameUse::Kind kind, std::string_view what) {
  const std::size_t at = cursor.offset();
  std::string name = cursor.name(what);
  if (!name.empty()) uses.push_back({kind, name, at});
  return name;
}

std::string Line::post_name() {
  const std::size_t at = cursor.offset();
  std::string name = cursor.name("a post");
  if (!name.empty() && !named.posts.contains(name))
    cursor.fail_at(at, "no post " + workflow::in_quotes(name) + " came before", workflow::suggest(name, named.posts));
  return name;
}

Script read_script(const NamedText& file) { return Reader(file).read(); }

}  // namespace redress::scenario
