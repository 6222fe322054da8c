// People's acts and departments' later words: who may, what it does to the case, once for each request id.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/schema.hpp"
#include "base/text.hpp"
#include "drive/driver.hpp"
#include "path/commitments.hpp"
#include "path/decide.hpp"
#include "path/reply.hpp"
#include "path/tasks.hpp"
#include "redress/limits.hpp"

namespace redress::drive {
namespace {

bool has_role(const PersonRow& person, std::string_view role) {
  const Json roles = Json::parse(person.roles, nullptr, false);
  return roles.is_array() &&
         std::any_of(roles.begin(), roles.end(), [&](const Json& r) { return r.is_string() && r.get<std::string>() == role; });
}

// ok where the person has one of these roles; empty ones are nobody's.
Result<void> check_role(const PersonRow& person, const std::vector<std::string>& roles, const std::string& what) {
  std::string named;
  for (auto role = roles.begin(); role != roles.end(); ++role) {
    if (role->empty() || std::find(roles.begin(), role, *role) != role) continue;
    if (has_role(person, *role)) return {};
    named += (named.empty() ? "" : " or ") + *role;
  }
  return {Code::refused, person.name + " has the roles " + person.roles + "; " + what + " needs " + named};
}

// The person with those of their roles that are among `granted`.
PersonRow in_roles(PersonRow person, const std::optional<std::vector<std::string>>& granted) {
  if (!granted) return person;
  Json kept = Json::array();
  for (const std::string& role : *granted)
    if (has_role(person, role)) kept.push_back(role);
  person.roles = base::dump_json(kept);
  return person;
}

std::string task_role(const path::Draft& draft, const std::string& subject) {
  const TaskRow* task = draft.find_task(subject);
  return task == nullptr ? "" : task->role;
}

std::string_view name_of(Decision decision) {
  switch (decision) {
    case Decision::done:
      return "done";
    case Decision::declined:
      return "declined";
    case Decision::failed:
      return "failed";
    case Decision::revoked:
      return "revoked";
  }
  return "done";
}

ReportKind report_of(Decision decision) {
  switch (decision) {
    case Decision::done:
      return ReportKind::done;
    case Decision::declined:
      return ReportKind::declined;
    case Decision::failed:
      return ReportKind::failed;
    case Decision::revoked:
      return ReportKind::revoked;
  }
  return ReportKind::done;
}

template <class Map>
Result<void> check_there(const Map& rows, std::int64_t id, const char* kind) {
  if (rows.contains(id)) return {};
  return {Code::not_found, std::string("no ") + kind + " " + std::to_string(id)};
}

}  // namespace

Result<void> Driver::act_on_reference(std::string_view reference, const Act& act, const CaseAct& the_act) {
  const auto case_id = options_.store->find_case(reference);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no case " + std::string(reference)};
  return act_on(**case_id, act, the_act);
}

Result<void> Driver::act_on(std::int64_t case_id, const Act& act, const CaseAct& the_act) {
  const Once once{.by = act.by,
                  .request = {.id = act.request_id, .digest = act.request_digest},
                  .content = std::to_string(case_id) + "\n" + act.by + "\n" + the_act.event + "\n" + the_act.content};
  const auto work = [&](Turn& turn) -> Result<void> {
    const auto person = options_.store->find_person(act.by);
    if (!person) return person.error();
    if (!*person) return {Code::refused, "no person " + act.by + ": add them with their roles first"};
    const PersonRow acting = in_roles(**person, act.roles);
    const auto before = turn.load(case_id);
    if (!before) return before.error();
    if (act.case_seq != 0 && act.case_seq != before->row.version) {
      return {Code::conflict, before->row.reference + " is at seq " + std::to_string(before->row.version) +
                                  ", the act was for seq " + std::to_string(act.case_seq) +
                                  ": look at the case again, then decide"};
    }
    auto draft = draft_of(turn, *before);
    if (!draft) return draft.error();
    draft->event = the_act.event;
    draft->what = the_act.what;
    draft->what["by"] = act.by;
    draft->acting = act.by;
    try {
      if (const auto done = the_act.body(*draft, acting); !done) return done;
    } catch (const path::ReactionError& error) {
      return {Code::corrupt, before->row.reference + ": " + error.message};
    }
    path::react(*draft);
    turn.put(*before, std::move(*draft));
    return {};
  };
  if (const auto done = writer_->execute_once(once, work); !done) return done.error();
  wake();
  return {};
}

// So that the journal names nobody who is not there. People stay for ever, so it holds until the command runs.
Result<void> Driver::check_asker(const Asker& asker) const {
  if (asker.by.empty()) return {};
  const auto person = options_.store->find_person(asker.by);
  if (!person) return person.error();
  if (!*person) return {Code::refused, "no person " + asker.by + ": add them with their roles first"};
  return {};
}

Result<void> Driver::keep_request(const Asker& asker) {
  if (asker.request.id.empty()) return {Code::invalid, "a request that is kept has an id"};
  if (const auto known = check_asker(asker); !known) return known;
  const auto kept = writer_->execute_once(
      {asker.by, asker.request, "kept"}, [](Turn&) { return Result<void>(); }, {}, false);
  return kept ? Result<void>() : kept.error();
}

Result<void> Driver::add_person(const std::string& name, const std::vector<std::string>& roles, const Asker& asker) {
  const auto is_plain = [](const std::string& text) {
    return !text.empty() && text.size() <= limits::name_bytes_max && base::is_utf8(text) && base::find_steering(text).empty();
  };
  const std::string rule = " has 1 to " + std::to_string(limits::name_bytes_max) +
                           " bytes of UTF-8, without control characters and what turns the direction of text";
  if (!is_plain(name)) return {Code::invalid, "a person's name" + rule};
  if (roles.empty()) return {Code::invalid, name + " needs at least one role"};
  for (const std::string& role : roles)
    if (!is_plain(role)) return {Code::invalid, "a role" + rule};
  std::vector<std::string> sorted = roles;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  const std::string text = base::dump_json(Json(sorted));
  if (const auto known = check_asker(asker); !known) return known;
  const auto added = writer_->execute_once(
      {asker.by, asker.request, "person\n" + name + "\n" + text},
      [&](Turn& turn) -> Result<void> {
        const auto known = options_.store->find_person(name);
        if (!known) return known.error();
        const auto zero = turn.load_zero();
        if (!zero) return zero.error();
        CaseRecord old = *zero;
        if (*known && (*known)->roles == text) return {};
        if (*known) old.people[(*known)->id] = **known;
        path::Draft draft(old, nullptr, turn.supply(), turn.now_ms());
        PersonRow row = *known ? **known : PersonRow{.id = turn.supply().next_id(Table::people), .name = name};
        row.roles = text;
        draft.record.people[row.id] = row;
        draft.event = "person.added";
        draft.what = {{"name", name}};
        turn.put(old, std::move(draft));
        return {};
      },
      {"person/" + name}, false);
  return added ? Result<void>() : added.error();
}

Result<void> Driver::approve(std::int64_t commitment_id, bool approved, const Act& act) {
  const auto case_id = options_.store->find_case_of_commitment(commitment_id);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no commitment " + std::to_string(commitment_id)};
  return act_on(**case_id, act,
                {.event = approved ? "approval.given" : "approval.refused",
                 .what = {{"commitment", commitment_id}},
                 .content = std::to_string(commitment_id),
                 .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
                   if (const auto there = check_there(draft.record.commitments, commitment_id, "commitment"); !there)
                     return there;
                   const CommitmentRow& row = draft.commitment(commitment_id);
                   if (row.state == CommitmentState::awaiting_approval) {
                     if (const auto may = check_role(person, {row.approval_role}, "this approval"); !may) return may;
                   }
                   return path::settle_approval(draft, commitment_id, approved, person.name);
                 }});
}

Result<void> Driver::decide(std::int64_t commitment_id, Decision decision, std::string_view evidence_json,
                            std::string_view reason, const Act& act) {
  const auto case_id = options_.store->find_case_of_commitment(commitment_id);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no commitment " + std::to_string(commitment_id)};
  const std::string why = reason.empty() ? "decided by " + act.by : std::string(reason);
  return act_on(
      **case_id, act,
      {.event = "decision." + std::string(name_of(decision)),
       .what = {{"commitment", commitment_id}},
       .content = std::to_string(commitment_id) + "\n" + std::string(evidence_json) + "\n" + std::string(reason),
       .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
         if (const auto there = check_there(draft.record.commitments, commitment_id, "commitment"); !there) return there;
         const CommitmentRow& row = draft.commitment(commitment_id);
         const auto may =
             check_role(person, {row.department, task_role(draft, path::commitment_subject(row.id))}, "this decision");
         if (!may) return may;
         return path::settle_by_word(
             draft, commitment_id, {.kind = report_of(decision), .evidence = evidence_json, .reason = why, .by = person.name});
       }});
}

Result<void> Driver::review(std::int64_t reply_id, bool approved, const Act& act) {
  const auto case_id = options_.store->find_case_of_reply(reply_id);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no reply " + std::to_string(reply_id)};
  return act_on(
      **case_id, act,
      {.event = approved ? "review.approved" : "review.refused",
       .what = {{"reply", reply_id}},
       .content = std::to_string(reply_id),
       .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
         if (const auto there = check_there(draft.record.replies, reply_id, "reply"); !there) return there;
         const ReplyRow& row = draft.record.replies.at(reply_id);
         if (row.state == ReplyState::awaiting_review) {
           const auto may = check_role(person, {row.review_role, task_role(draft, path::reply_subject(row.id))}, "this review");
           if (!may) return may;
         }
         return path::settle_review(draft, reply_id, approved, person.name);
       }});
}

// What the three ways of settling a reply share: its case, and who may.
Result<void> Driver::settle_reply(std::int64_t reply_id, const Act& act, const std::string& event, std::string_view reason,
                                  const std::function<Result<void>(path::Draft&, const std::string& by)>& settle) {
  const auto case_id = options_.store->find_case_of_reply(reply_id);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no reply " + std::to_string(reply_id)};
  const std::string id = std::to_string(reply_id);
  return act_on(**case_id, act,
                {.event = event,
                 .what = {{"reply", reply_id}},
                 .content = reason.empty() ? id : id + "\n" + std::string(reason),
                 .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
                   if (const auto there = check_there(draft.record.replies, reply_id, "reply"); !there) return there;
                   const auto may = check_role(person, {draft.workflow->owner, task_role(draft, path::reply_subject(reply_id))},
                                               "settling this reply");
                   if (!may) return may;
                   return settle(draft, person.name);
                 }});
}

Result<void> Driver::settle_again(std::int64_t reply_id, const Act& act) {
  return settle_reply(reply_id, act, "settle.again", "",
                      [&](path::Draft& draft, const std::string& by) { return path::redraft(draft, reply_id, by); });
}

Result<void> Driver::settle_waive(std::int64_t reply_id, std::string_view reason, const Act& act) {
  if (reason.empty()) return {Code::invalid, "waiving a reply needs a reason: what the customer is not told, and why"};
  return settle_reply(reply_id, act, "settle.waived", reason,
                      [&](path::Draft& draft, const std::string& by) { return path::waive(draft, reply_id, reason, by); });
}

Result<void> Driver::settle_published(std::int64_t reply_id, const Act& act) {
  return settle_reply(reply_id, act, "settle.published", "",
                      [&](path::Draft& draft, const std::string& by) { return path::confirm_published(draft, reply_id, by); });
}

Result<std::int64_t> Driver::say(std::string_view reference, const Statement& statement, const Act& act) {
  std::string content = statement.text + "\n" + statement.language;
  for (const auto& [name, level] : statement.claims) content += "\n" + name + "=" + std::string(to_string(level));
  std::int64_t reply_id = 0;
  const auto done = act_on_reference(reference, act,
                                     {.event = "reply.said",
                                      .what = Json::object(),
                                      .content = content,
                                      .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
                                        std::vector<std::string> roles = {draft.workflow->owner};
                                        for (const auto& reply : draft.workflow->replies)
                                          if (reply.review) roles.push_back(reply.review->role);
                                        if (const auto may = check_role(person, roles, "saying something in public"); !may)
                                          return may;
                                        const auto said = path::draft_said(draft, statement, person.name);
                                        if (!said) return said.error();
                                        draft.what["reply"] = reply_id = *said;
                                        return {};
                                      }});
  if (!done) return done.error();
  if (reply_id != 0) return reply_id;
  return said_before(reference, statement.text);
}

// The same request id again: the reply that it made then.
Result<std::int64_t> Driver::said_before(std::string_view reference, const std::string& text) {
  const auto case_id = options_.store->find_case(reference);
  if (!case_id) return case_id.error();
  const auto record = options_.store->load_case(case_id->value_or(0));
  if (!record) return record.error();
  std::int64_t latest = 0;
  for (const auto& [id, reply] : record->replies) {
    const auto kept = record->texts.find(reply.text);
    if (reply.name == path::said_reply && kept != record->texts.end() && kept->second.content == text) latest = id;
  }
  return latest;
}

Result<void> Driver::finish_task(std::int64_t task_id, std::string_view note, const Act& act) {
  const auto case_id = options_.store->find_case_of_task(task_id);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no task " + std::to_string(task_id)};
  return act_on(
      **case_id, act,
      {.event = "task.finished",
       .what = {{"task", task_id}},
       .content = std::to_string(task_id) + "\n" + std::string(note),
       .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
         if (const auto there = check_there(draft.record.tasks, task_id, "task"); !there) return there;
         const auto may = check_role(person, {draft.record.tasks.at(task_id).role, draft.workflow->owner}, "this task");
         if (!may) return may;
         return path::finish_task(draft, task_id, note);
       }});
}

Result<void> Driver::send_event(std::string_view case_reference, std::string_view event, std::string_view form_json,
                                const Act& act) {
  const std::string form_text(form_json.empty() ? "{}" : form_json);
  return act_on_reference(case_reference, act,
                          {.event = std::string(event),
                           .what = Json::object(),
                           .content = form_text,
                           .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
                             const workflow::Manual* manual = nullptr;
                             std::string offered;
                             for (const workflow::Manual* each : draft.workflow->acts_in(draft.memory.active)) {
                               offered += " manual." + each->name;
                               if (manual == nullptr && event == "manual." + each->name) manual = each;
                             }
                             if (manual == nullptr) {
                               return {Code::conflict, draft.record.row.reference + " is in " + draft.state_names() +
                                                           ", which offers" + (offered.empty() ? " no acts" : offered) +
                                                           "; not " + std::string(event)};
                             }
                             if (const auto may = check_role(person, {manual->role}, std::string(event)); !may) return may;
                             path::Event raised{.name = std::string(event), .by = person.name};
                             if (!manual->form && form_text != "{}") {
                               return {Code::invalid, std::string(event) + " has no form; leave it out"};
                             }
                             if (manual->form) {
                               if (const auto fits = path::check_evidence(*manual->form, form_text); !fits)
                                 return {Code::invalid, "form of " + std::string(event) + ": " + fits.error().message};
                               raised.form = draft.put_text(base::canonical_json(Json::parse(form_text)));
                             }
                             draft.what["form"] = raised.form;
                             draft.raise(raised);
                             return {};
                           }});
}

Result<void> Driver::settle_set_aside(std::string_view reference, const Act& act, bool skip) {
  const std::string what = skip ? "case skip" : "case retry";
  return act_on_reference(
      reference, act,
      {.event = skip ? "case.skipped" : "case.retried",
       .what = Json::object(),
       .content = "",
       .body = [&](path::Draft& draft, const PersonRow& person) -> Result<void> {
         if (draft.record.row.set_aside == 0) return {Code::conflict, draft.record.row.reference + " is not set aside"};
         const auto may = check_role(person, {draft.workflow->owner, task_role(draft, "case:set_aside")}, what);
         if (!may) return may;
         path::resume_set_aside(draft, skip);
         return {};
       }});
}

Result<void> Driver::retry_case(std::string_view reference, const Act& act) { return settle_set_aside(reference, act, false); }
Result<void> Driver::skip_case(std::string_view reference, const Act& act) { return settle_set_aside(reference, act, true); }

Result<void> Driver::report(const Report& report, const Asker& asker) {
  const auto case_id = options_.store->find_case_of_key(report.key);
  if (!case_id) return case_id.error();
  if (!*case_id) return {Code::not_found, "no effect has the key " + report.key};
  if (const auto known = check_asker(asker); !known) return known;
  const Once once{
      .by = asker.by,
      .request = asker.request,
      .content = report.key + "\n" + std::string(to_string(report.kind)) + "\n" + report.evidence + "\n" + report.reason};
  const auto done = writer_->execute_once(once, [&](Turn& turn) -> Result<void> {
    const auto before = turn.load(**case_id);
    if (!before) return before.error();
    auto draft = draft_of(turn, *before);
    if (!draft) return draft.error();
    const auto effect = std::find_if(before->effects.begin(), before->effects.end(),
                                     [&](const auto& entry) { return entry.second.key == report.key; });
    const std::string verb = effect == before->effects.end() ? "" : effect->second.verb;
    if (verb != "perform" && verb != "undo")
      return {Code::invalid, report.key + " is not the key of something to do or to undo"};
    const std::int64_t commitment_id = effect->second.subject_id;
    draft->event = "report." + std::string(to_string(report.kind));
    draft->what = {{"commitment", commitment_id}};
    const auto word = path::settle_by_word(
        *draft, commitment_id,
        {.kind = report.kind, .evidence = report.evidence, .reason = report.reason, .of_undo = verb == "undo"});
    if (!word) return word;
    path::react(*draft);
    turn.put(*before, std::move(*draft));
    return {};
  });
  if (!done) return done.error();
  wake();
  return {};
}

}  // namespace redress::drive
