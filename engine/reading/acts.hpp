// Acts: which command, or request over HTTP, settles what waits for a person, with which role and which form. Internal to this
// room.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "reading/documents.hpp"

namespace redress::reading {

// The same act over HTTP, by POST: `body` with one of each field's `choices` and all that it `needs` is what to send.
struct ActRequest {
  std::string path;
  Json body = Json::object();        // What this act fixes: {"outcome": "done"}.
  Json choices = Json::object();     // By field, the values of which the person takes one: {"approve": [true, false]}.
  std::vector<std::string> needs{};  // Fields that the person fills in: "reason", or "form" and "evidence" by the act's schema.
};

// One command line that settles something; NAME, REASON and the values of the form are the person's to fill in.
struct PersonAct {
  std::string role;  // What the act asks of the person.
  std::string command;
  ActRequest request;
  std::shared_ptr<const Json> form;  // Schema of the evidence or form in it; null: none.
};

// The likeliest first; empty: no act settles it.
[[nodiscard]] Result<std::vector<PersonAct>> acts_of_commitment(const CaseRecord& record, std::int64_t commitment_id,
                                                                Documents& documents);
[[nodiscard]] std::vector<PersonAct> acts_of_reply(const CaseRecord& record, std::int64_t reply_id);
[[nodiscard]] std::vector<PersonAct> acts_of_set_aside(const CaseRecord& record, const std::string& role);
[[nodiscard]] PersonAct act_of_manual(const CaseRecord& record, const Manual& manual);
[[nodiscard]] Result<std::vector<PersonAct>> acts_of_task(const CaseRecord& record, const TaskRow& task, Documents& documents);

// A task's subject taken apart: "commitment:3" is kind "commitment", name "3", id 3.
struct Subject {
  std::string kind;
  std::string name;
  std::int64_t id = 0;  // 0: the name is not a number.
};
[[nodiscard]] Subject subject_of(const std::string& text);

// Sets "act", "http", "act_role" and "form" to those of the first act (null where there is none), and "acts" where there are
// several. What a person must see to judge the subject: of a reply its "text", of a commitment or a reply the "reason" for its
// state.
void put_what_is_judged(Json& out, const CaseRecord& record, const Subject& subject);

void put_acts(Json& out, const std::vector<PersonAct>& acts);

}  // namespace redress::reading
