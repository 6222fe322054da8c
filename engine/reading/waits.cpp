// What a case waits for.
#include "reading/waits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reading/acts.hpp"
#include "reading/rows.hpp"
#include "store/gate.hpp"

namespace redress::reading {
namespace {

constexpr std::string_view set_aside_subject = "case:set_aside";

Json wait_json(const std::string& what, std::int64_t until_ms, const std::string& who) {
  Json out;
  out["what"] = what;
  out["until"] = instant_json(until_ms);
  out["who"] = text_json(who);
  return out;
}

// Gathers the waits of one case; each part adds its own.
class Waits {
 public:
  Waits(const CaseRecord& record, Documents& documents) : record_(record), documents_(documents) {}

  void set_aside();
  Result<void> tasks();
  Result<void> manuals();
  Result<void> approvals_and_reviews();
  Result<void> effects();
  void approved_replies();
  Result<void> timers();

  std::vector<Json> out;

 private:
  void add(Json wait, const std::vector<PersonAct>& acts = {}) {
    put_acts(wait, acts);
    out.push_back(std::move(wait));
  }
  bool has_task(const std::string& subject) const { return subjects_.contains(subject); }
  Json effect(const EffectRow& row) const;
  Result<std::string> timer_text(const TimerRow& timer);

  const CaseRecord& record_;
  Documents& documents_;
  std::set<std::string> subjects_;  // Of the open tasks: what they cover is not said twice.
};

void Waits::set_aside() {
  if (record_.row.set_aside == 0) return;
  std::string role;
  for (const auto& [id, task] : record_.tasks)
    if (task.done_at_ms == 0 && task.subject == set_aside_subject) role = task.role;
  const Json reason = line_json(record_, record_.row.set_aside_reason);
  const std::string why = reason.is_string() ? reason.get<std::string>() : "its reason was erased";
  add(wait_json("the case is set aside: " + why, 0, role), acts_of_set_aside(record_, role));
}

Result<void> Waits::tasks() {
  for (const auto& [id, task] : record_.tasks) {
    if (task.done_at_ms != 0) continue;
    subjects_.insert(task.subject);
    if (record_.row.set_aside != 0 && task.subject == set_aside_subject) continue;  // Said by set_aside().
    const auto acts = acts_of_task(record_, task, documents_);
    if (!acts) return acts.error();
    Json wait = wait_json(task.what, task.due_at_ms, task.role);
    wait["task"] = task.id;
    put_what_is_judged(wait, record_, subject_of(task.subject));
    add(std::move(wait), *acts);
  }
  return {};
}

Result<void> Waits::manuals() {
  const auto manuals = documents_.manuals(record_.row);
  if (!manuals) return manuals.error();
  for (const Manual& manual : *manuals)
    if (!has_task("state:" + manual.state))
      add(wait_json("a person may do manual." + manual.name + " in state " + manual.state, 0, manual.role),
          {act_of_manual(record_, manual)});
  return {};
}

// What has no task of its own: people can act on it all the same.
Result<void> Waits::approvals_and_reviews() {
  for (const auto& [id, row] : record_.commitments) {
    if (row.state != CommitmentState::awaiting_approval || has_task("commitment:" + std::to_string(id))) continue;
    const auto acts = acts_of_commitment(record_, id, documents_);
    if (!acts) return acts.error();
    add(wait_json("commitment " + commitment_label(record_, id) + " awaits an approval", 0, row.approval_role), *acts);
  }
  for (const auto& [id, row] : record_.replies) {
    const std::string subject = "reply:" + std::to_string(id);
    if (row.state != ReplyState::awaiting_review || has_task(subject)) continue;
    Json wait = wait_json("reply " + reply_label(record_, id) + " awaits a review", 0, row.review_role);
    put_what_is_judged(wait, record_, subject_of(subject));
    add(std::move(wait), acts_of_reply(record_, id));
  }
  return {};
}

std::string effect_deed(const CaseRecord& record, const EffectRow& row) {
  if (row.verb == "publish") return "publish reply " + reply_label(record, row.subject_id);
  return row.verb + " commitment " + commitment_label(record, row.subject_id);
}

std::string effect_stage(const EffectRow& row) {
  switch (row.state) {
    case EffectState::planned:
      if (row.next_at_ms == 0) return "is planned, and nothing calls it by itself";
      return "is planned, attempt " + std::to_string(row.attempt + 1) +
             (row.verb == "publish" ? "; an engine with a channel does it" : "");
    case EffectState::attempting:
      return row.reconciling != 0 ? "is being looked up" : "is being called, attempt " + std::to_string(row.attempt);
    case EffectState::waiting:
      return row.next_at_ms == 0 ? "was taken on; waits for a report or a person" : "was taken on; is asked again";
    default:
      return row.next_at_ms == 0 ? "has an unknown outcome; a person decides" : "has an unknown outcome; is looked up again";
  }
}

Json Waits::effect(const EffectRow& row) const {
  std::string who = "channel";
  std::int64_t promised_at_ms = 0;
  const auto found = record_.commitments.find(row.subject_id);
  if (row.verb != "publish" && found != record_.commitments.end()) {
    who = found->second.department;
    promised_at_ms = found->second.promised_at_ms;
  }
  const std::string stage = row.blocked.empty() ? effect_stage(row) : "is blocked: " + row.blocked;
  Json wait = wait_json(effect_deed(record_, row) + " " + stage, row.next_at_ms, who);
  wait["effect"] = row.id;
  if (!row.blocked.empty()) wait["blocked"] = row.blocked;
  wait["reason"] = line_json(record_, row.reason);
  if (row.state == EffectState::waiting) wait["promised_at"] = instant_json(promised_at_ms);
  return wait;
}

bool is_under_way(const EffectRow& row) {
  return row.state == EffectState::planned || row.state == EffectState::attempting || row.state == EffectState::waiting ||
         row.state == EffectState::unknown;
}

bool stands_still(const EffectRow& row) {
  return row.verb == "publish" && row.state == EffectState::planned && row.next_at_ms == 0;
}

// Where a department cannot be called, its people may settle the thing.
Result<void> Waits::effects() {
  for (const auto& [id, row] : record_.effects) {
    if (!is_under_way(row) || stands_still(row)) continue;
    const bool stuck =
        row.verb == "perform" && !row.blocked.empty() && !has_task("commitment:" + std::to_string(row.subject_id));
    const auto acts = stuck ? acts_of_commitment(record_, row.subject_id, documents_) : std::vector<PersonAct>{};
    if (!acts) return acts.error();
    add(effect(row), *acts);
  }
  return {};
}

void Waits::approved_replies() {
  for (const auto& [id, reply] : record_.replies) {
    if (reply.state != ReplyState::approved) continue;
    const bool called = std::any_of(record_.effects.begin(), record_.effects.end(), [&, reply_id = id](const auto& item) {
      const EffectRow& row = item.second;
      return row.verb == "publish" && row.subject_id == reply_id && is_under_way(row) && !stands_still(row);
    });
    if (called) continue;
    if (const store::Books books = store::ask_books(record_, reply); books.answer == store::Books::Answer::are_being_told) {
      add(wait_json("reply " + reply_label(record_, id) + " waits until the department's books have the decision on " +
                        commitment_label(record_, books.commitment_id),
                    0, record_.commitments.at(books.commitment_id).department));
      continue;
    }
    const std::string what = "reply " + reply_label(record_, id) + " is approved, and no channel publishes it";
    add(wait_json(what + "; start the engine with one", 0, "channel"));
  }
}

// "after:asking:0" and the like; the index is what stands after the last colon.
Result<std::string> after_text(const CaseRow& row, const std::string& name, Documents& documents) {
  const std::size_t last = name.rfind(':');
  const std::string state = name.substr(0, last);
  const Subject index = subject_of("after:" + (last == std::string::npos ? std::string() : name.substr(last + 1)));
  const auto delay = documents.after_delay(row, state, static_cast<std::size_t>(std::max<std::int64_t>(index.id, 0)));
  if (!delay) return delay.error();
  return "state " + state + " is left" + (delay->empty() ? std::string(" in time") : " after " + *delay);
}

Result<std::string> Waits::timer_text(const TimerRow& timer) {
  const Subject name = subject_of(timer.name);
  if (name.kind == "after") return after_text(record_.row, name.name, documents_);
  if (name.kind == "due") return "commitment " + commitment_label(record_, name.id) + " is overdue";
  if (name.kind == "due_risk") return "commitment " + commitment_label(record_, name.id) + " is at risk";
  if (name.kind == "review") return "the review of reply " + reply_label(record_, name.id) + " is late";
  if (name.kind == "approval") return "the approval of reply " + reply_label(record_, name.id) + " expires";
  if (name.kind == "close" || name.kind == "close_late") return std::string("the case closes");
  if (name.kind == "first_reply" || name.kind == "resolution")
    return "the deadline " + name.kind + (name.name == "risk" ? " is at risk" : " is breached");
  return timer.name;
}

Result<void> Waits::timers() {
  std::vector<const TimerRow*> timers;
  for (const auto& [id, timer] : record_.timers) timers.push_back(&timer);
  std::stable_sort(timers.begin(), timers.end(), [](const auto* a, const auto* b) { return a->due_at_ms < b->due_at_ms; });
  for (const TimerRow* timer : timers) {
    const Result<std::string> text = timer_text(*timer);
    if (!text) return text.error();
    Json wait = wait_json(*text, timer->due_at_ms, "time");
    wait["timer"] = timer->name;
    add(std::move(wait));
  }
  return {};
}

}  // namespace

Result<std::vector<Json>> waits_for(const CaseRecord& record, Documents& documents) {
  Waits waits(record, documents);
  waits.set_aside();
  if (const Result<void> done = waits.tasks(); !done) return done.error();
  if (const Result<void> done = waits.manuals(); !done) return done.error();
  if (const Result<void> done = waits.approvals_and_reviews(); !done) return done.error();
  if (const Result<void> done = waits.effects(); !done) return done.error();
  waits.approved_replies();
  if (const Result<void> done = waits.timers(); !done) return done.error();
  return std::move(waits.out);
}

}  // namespace redress::reading
