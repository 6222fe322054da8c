// Does what a script says: posts come, time passes, departments answer, people act.
#include <algorithm>

#include "scenario/describe.hpp"
#include "scenario/stage.hpp"
#include "scenario/words.hpp"

namespace redress::scenario {
namespace {

Failed failed(std::string expected, std::string found) { return {{std::move(expected)}, {std::move(found)}}; }
Failed failed(std::string expected, const Error& error) {
  return failed(std::move(expected), std::string(to_string(error.code)) + ": " + error.message);
}

std::optional<Failed> settled(Stage& stage) {
  if (const auto done = stage.settle(); !done) return failed("what is due can be done", done.error());
  return std::nullopt;
}

// ---- posts and time ---------------------------------------------------------------------------------------------------------

// What the script leaves out is that of the post whose thread it is in.
Post whole(const PostStep& step, const Stage& stage) {
  const auto known = stage.posts.find(step.edited ? step.post.id : step.in);
  if (step.edited) {
    Post post = known->second;
    post.text = step.post.text;
    return post;
  }
  Post post = step.post;
  const bool answers = known != stage.posts.end();
  if (post.channel.empty()) post.channel = answers ? known->second.channel : channel_default;
  if (post.author.handle.empty()) post.author = answers ? known->second.author : Author{.handle = customer_default};
  if (answers) {
    post.thread = known->second.thread.empty() ? known->second.id : known->second.thread;
    post.in_reply_to = known->second.id;
    if (post.language.empty()) post.language = known->second.language;
  }
  post.created_at_ms = stage.now_ms();
  return post;
}

std::optional<Failed> perform(const PostStep& step, Stage& stage) {
  const Post post = whole(step, stage);
  const auto fate = stage.engine().receive(post);
  if (!fate) return failed("the post can be received", fate.error());
  stage.posts[post.id] = post;
  stage.post_at_hand = post.id;
  return settled(stage);
}

std::optional<Failed> perform(const TickStep& step, Stage& stage) {
  std::int64_t until_ms = step.until_ms.value_or(stage.now_ms() + step.ms);
  if (!step.until_due_of.empty()) {
    const auto record = stage.load_case_at_hand();
    if (!record) return failed("there is a case", record.error());
    const CommitmentRow* row = find_commitment(*record, step.until_due_of);
    if (row == nullptr) return failed("commitment " + step.until_due_of, describe_commitments(*record));
    until_ms = row->due_at_ms;
  }
  if (until_ms < stage.now_ms()) return failed("a time to come", "it is past since " + format_span(stage.now_ms() - until_ms));
  if (until_ms - stage.now_ms() > span_ms_max)
    return failed("a time within ten years", "it is " + format_span(until_ms - stage.now_ms()));
  if (const auto passed = stage.pass_until(until_ms); !passed) return failed("time can pass", passed.error());
  return std::nullopt;
}

// ---- departments and channels -----------------------------------------------------------------------------------------------

// The call that a department still owes an answer to.
const EffectRow* find_open_call(const CaseRecord& record, const CommitmentRow& row, Verb verb) {
  for (const auto& [id, effect] : record.effects) {
    const bool open =
        effect.state == EffectState::waiting || effect.state == EffectState::unknown || effect.state == EffectState::attempting;
    if (effect.subject_id == row.id && effect.verb == to_string(verb) && open) return &effect;
  }
  return nullptr;
}

const EffectRow* find_effect(const CaseRecord& record, const CommitmentRow& row, std::string_view verb) {
  for (const auto& [id, effect] : record.effects)
    if (effect.subject_id == row.id && effect.verb == verb) return &effect;
  return nullptr;
}

std::optional<ReportKind> word_of(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::done:
      return ReportKind::done;
    case Answer::Kind::declined:
      return ReportKind::declined;
    case Answer::Kind::failed:
      return ReportKind::failed;
    case Answer::Kind::revoked:
      return ReportKind::revoked;
    case Answer::Kind::waiting:
    case Answer::Kind::retry:
    case Answer::Kind::unknown:
      break;
  }
  return std::nullopt;
}

std::optional<Failed> tell(const EffectRow& effect, const Answer& answer, Stage& stage) {
  const auto told = stage.engine().report(
      {.key = effect.key, .kind = *word_of(answer.kind), .evidence = answer.evidence, .reason = answer.reason});
  if (!told) return failed("the department can say so", told.error());
  return settled(stage);
}

// A word on what the department was asked is told now; else the answer waits for the call that asks.
std::optional<Failed> perform(const Step& step, const DepartmentStep& says, Stage& stage) {
  const auto record = stage.load_case_at_hand();
  const CommitmentRow* row = record ? find_commitment(*record, says.commitment) : nullptr;
  const EffectRow* asked = row == nullptr ? nullptr : find_open_call(*record, *row, says.verb);
  if (says.answer.kind == Answer::Kind::revoked) {
    if (row == nullptr || row->state != CommitmentState::fulfilled)
      return failed(
          "commitment " + says.commitment + " fulfilled, so that it can be revoked",
          row == nullptr ? "no commitment " + says.commitment : describe(*record, says.commitment, *row, stage.now_ms()));
    return tell(*find_effect(*record, *row, "perform"), says.answer, stage);
  }
  if (asked != nullptr && word_of(says.answer.kind)) return tell(*asked, says.answer, stage);
  Scripted scripted{says.answer, step.line, step.text, step.of_post.empty() || !record ? "" : record->row.reference};
  if (says.answer.promised_in_ms) scripted.answer.promised_at_ms = stage.now_ms() + *says.answer.promised_in_ms;
  stage.cast().script(says.commitment, asked == nullptr ? says.verb : Verb::reconcile, std::move(scripted));
  return std::nullopt;
}

std::optional<Failed> perform(const Step& step, const ChannelStep& says, Stage& stage) {
  stage.cast().script_channel(says.lookup, {says.answer, step.line, step.text, ""});
  return std::nullopt;
}

// ---- people -----------------------------------------------------------------------------------------------------------------

Result<void> act_on_commitment(const ActStep& act, const CaseRecord& record, const Act& by, Engine& engine) {
  const CommitmentRow* row = find_commitment(record, act.name);
  if (row == nullptr) return {Code::not_found, "there is no such commitment, only " + describe_commitments(record)};
  if (act.kind == ActStep::Kind::approve) return engine.approve(row->id, act.yes, by);
  return engine.decide(row->id, act.decision, act.json, act.text, by);
}

Result<void> act_on_reply(const ActStep& act, const CaseRecord& record, const Act& by, Engine& engine) {
  const ReplyRow* row = find_reply(record, act.name);
  if (row == nullptr) return {Code::not_found, "there is no such reply, only " + describe_replies(record)};
  if (act.kind == ActStep::Kind::review) return engine.review(row->id, act.yes, by);
  if (act.kind == ActStep::Kind::again) return engine.settle_again(row->id, by);
  return act.kind == ActStep::Kind::published ? engine.settle_published(row->id, by)
                                              : engine.settle_waive(row->id, act.text, by);
}

// The first open task of the role that no other act settles; else what the engine says of the first.
Result<void> finish_task(const ActStep& act, const CaseRecord& record, const Act& by, Engine& engine) {
  Result<void> last{Code::not_found, "there is no such task, only " + describe_tasks(record)};
  for (const auto& [id, task] : record.tasks) {
    if (task.done_at_ms != 0 || task.role != act.name) continue;
    last = engine.finish_task(id, act.text, by);
    if (last) return last;
  }
  return last;
}

Result<void> act_on(const ActStep& act, const CaseRecord& record, Engine& engine) {
  const Act by{.by = act.by};
  const std::string& reference = record.row.reference;
  switch (act.kind) {
    case ActStep::Kind::event:
      return engine.send_event(reference, act.name, act.json, by);
    case ActStep::Kind::approve:
    case ActStep::Kind::decide:
      return act_on_commitment(act, record, by, engine);
    case ActStep::Kind::review:
    case ActStep::Kind::again:
    case ActStep::Kind::published:
    case ActStep::Kind::waive:
      return act_on_reply(act, record, by, engine);
    case ActStep::Kind::retry_case:
      return engine.retry_case(reference, by);
    case ActStep::Kind::skip_case:
      return engine.skip_case(reference, by);
    case ActStep::Kind::finish:
      return finish_task(act, record, by, engine);
    case ActStep::Kind::say:
      break;
  }
  const auto said = engine.say(reference, {.text = act.text, .claims = act.claims}, by);
  return said ? Result<void>() : Result<void>(said.error());
}

std::optional<Failed> perform(const ActStep& act, Stage& stage) {
  const auto record = stage.load_case_at_hand();
  if (!record) return failed("there is a case to act on", record.error());
  const auto done = act_on(act, *record, stage.engine());
  if (act.refused && done) return failed("the act is refused", "it was done");
  if (!act.refused && !done) return failed(act.by + " can do this", done.error());
  return settled(stage);
}

}  // namespace

std::optional<Failed> perform(const Step& step, Stage& stage) {
  if (!step.of_post.empty()) stage.post_at_hand = step.of_post;
  if (const auto* post = std::get_if<PostStep>(&step.step)) return perform(*post, stage);
  if (const auto* tick = std::get_if<TickStep>(&step.step)) return perform(*tick, stage);
  if (const auto* says = std::get_if<DepartmentStep>(&step.step)) return perform(step, *says, stage);
  if (const auto* says = std::get_if<ChannelStep>(&step.step)) return perform(step, *says, stage);
  if (const auto* act = std::get_if<ActStep>(&step.step)) return perform(*act, stage);
  return std::nullopt;
}

}  // namespace redress::scenario
