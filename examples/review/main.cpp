// Review by people in the host's own user interface: what waits for whom, each reply beside its claims and their evidence, and
// acts of people with roles. Nobody approves their own words.
//
// Usage: redress_review       plays the script below
//        redress_review -     takes the same commands from you: "i am NAME", "tasks", "decide N EVIDENCE", "approve N",
//                             "refuse N", "again N"; N is a task's number.
#include <redress/engine.hpp>
#include <redress/limits.hpp>
#include <redress/reading.hpp>

#include <iostream>
#include <nlohmann/json.hpp>  // Redress gives people's lists as JSON; take the library that you like.
#include <sstream>
#include <string>

namespace {

using Json = nlohmann::json;

constexpr std::int64_t monday_ms = 1'772'442'000'000;  // 2026-03-02T09:00:00Z.

const char* const script = R"(i am cora
tasks
decide 1 {"answer": "we are sorry, and the next month is free."}
tasks
approve 2
i am otto
approve 2
i am ana
refuse 2
approve 2
tasks
i am lea
again 3
i am ana
tasks
approve 4
tasks
)";

const char* const workflow = R"json({
  "redress": 1, "id": "rude-answer", "version": "1.0.0", "default_language": "en", "owner": "community-lead",
  "intake": { "when": "post.text.contains('rude')", "category": "manners" },
  "commitments": {
    "amends": { "department": "offers", "action": "consider", "due": "PT4H", "input": { "complaint": "{{ post.text }}" } } },
  "replies": {
    "offered": { "text": { "en": "{{ customer.handle }}, {{ amends.evidence.answer }}" },
                 "review": { "role": "community", "within": "PT1H" } },
    "unable": { "claims": { "amends": "declined" }, "text": { "en": "{{ customer.handle }}, we are sorry." } },
    "late": { "claims": { "amends": "failed" }, "text": { "en": "{{ customer.handle }}, we are sorry." } } },
  "initial": "considering",
  "states": {
    "considering": {
      "entry": [ { "commit": "amends" } ],
      "on": { "amends.fulfilled": { "target": "answered", "actions": [ { "reply": "offered" } ] },
              "amends.declined": { "target": "answered", "actions": [ { "reply": "unable" } ] },
              "amends.failed": { "target": "answered", "actions": [ { "reply": "late" } ] } } },
    "answered": { "type": "final" } },
  "on": { "*.overdue": { "actions": [ { "escalate": "community-lead" } ] },
          "*.unknown": { "actions": [ { "escalate": "community-lead" } ] } }
})json";

// A department of people: it takes each question on, and one of them decides it in the host's user interface.
class Offers : public redress::Department {
 public:
  std::string manifest() const override {
    return R"json({
      "id": "com.example.offers", "version": "1.0.0", "abi": 1, "department": "offers",
      "actions": { "consider": {
        "waits_for_person": true,
        "input": { "type": "object", "required": ["complaint"], "properties": { "complaint": { "type": "string" } } },
        "evidence": { "type": "object", "required": ["answer"], "additionalProperties": false,
                      "properties": { "answer": { "type": "string", "minLength": 1, "maxLength": 100 } } } } } })json";
  }
  redress::Outcome handle(const redress::Call& call) override {
    return {.kind = redress::OutcomeKind::waiting, .ticket = "Q-" + std::to_string(call.commitment_id)};
  }
};

class Screen : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication& publication) override {
    std::cout << "  PUBLIC: " << publication.text << '\n';
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a screen cannot be asked"}; }
  bool dedupes() const override { return false; }
};

// The host's user interface: one command a line.
class Desk {
 public:
  explicit Desk(redress::Engine& engine) : engine_(engine) {}

  void obey(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "i") {
      words >> person_ >> person_;  // "am NAME".
    } else if (verb == "tasks") {
      show_tasks();
    } else {
      std::int64_t number = 0;
      words >> number;
      std::string rest;
      std::getline(words >> std::ws, rest);
      answer(act(verb, number, rest));
    }
  }

 private:
  // A person's act: durable when it returns ok. What follows from it, the engine does in its own time.
  redress::Result<void> act(const std::string& verb, std::int64_t number, const std::string& rest) {
    const auto task = find_task(number);
    if (!task) return task.error();
    const redress::Act by{.by = person_};
    const std::int64_t reply = task->value("reply", std::int64_t{0});
    if (verb == "decide")
      return engine_.decide(task->value("commitment", std::int64_t{0}), redress::Decision::done, rest, "", by);
    if (verb == "approve" || verb == "refuse") return engine_.review(reply, verb == "approve", by);
    if (verb == "again") return engine_.settle_again(reply, by);
    return {redress::Code::invalid, "there is no command '" + verb + "'"};
  }

  void answer(const redress::Result<void>& result) {
    if (result)
      std::cout << "  done\n";
    else
      std::cout << "  " << to_string(result.error().code) << ": " << result.error().message << '\n';
    // A host with threads (Engine::start) or a loop of its own leaves this to them.
    if (auto idle = engine_.run_until_idle(); !idle) std::cout << "  " << idle.error().message << '\n';
  }

  redress::Result<Json> find_task(std::int64_t number) {
    const auto page = list_tasks(engine_.store(), "", number - 1, 1);
    if (!page) return page.error();
    const Json task = page->empty() ? Json() : Json::parse(page->front());
    if (task.is_null() || task["id"] != number)
      return {redress::Code::not_found, "no open task " + std::to_string(number) + "; look at the tasks again"};
    return task;
  }

  void show_tasks() {
    const auto page = list_tasks(engine_.store(), "", 0, redress::limits::page_rows_max);
    if (!page) return answer(page.error());
    if (page->empty()) std::cout << "  nothing waits for people\n";
    for (const std::string& line : *page) {
      const Json task = Json::parse(line);
      std::cout << "  [" << task["id"] << "] for " << task["role"].get<std::string>() << ": " << task["what"].get<std::string>()
                << '\n';
      if (task.contains("reply"))
        show_reply(task);
      else if (task.contains("input"))
        std::cout << "      asked: " << task["input"].dump() << '\n';
    }
  }

  // What a reviewer must see: the final text, what it claims, and the evidence that the claim stands on.
  void show_reply(const Json& task) {
    std::cout << "      text: " << task["text"].get<std::string>() << '\n';
    const auto shown = show_case(engine_.store(), task["case"].get<std::string>());
    if (!shown) return answer(shown.error());
    const Json whole = Json::parse(*shown);
    for (const Json& reply : whole["replies"]) {
      if (reply["id"] != task["reply"]) continue;
      for (const Json& claim : reply["claims"]) {
        std::cout << "      claims: " << claim["commitment"].get<std::string>() << ' ' << claim["level"].get<std::string>()
                  << '\n';
        for (const Json& commitment : whole["commitments"]) {
          if (commitment["id"] != claim["commitment_id"]) continue;
          std::cout << "      evidence: " << commitment["evidence"].dump() << ", by "
                    << (commitment["evidence_by"].is_null() ? "the department" : commitment["evidence_by"].get<std::string>())
                    << '\n';
        }
      }
    }
  }

  redress::Engine& engine_;
  std::string person_;
};

int sit(Desk& desk, std::istream& commands, bool echo) {
  try {
    for (std::string line; std::getline(commands, line);) {
      if (echo) std::cout << "# " << line << '\n';
      desk.obey(line);
    }
    return 0;
  } catch (const std::exception& thrown) {  // By the JSON library: a list that is not what this program expects.
    std::cerr << thrown.what() << '\n';
    return 1;
  }
}

redress::Result<void> add_people(redress::Engine& engine) {
  const std::pair<const char*, std::vector<std::string>> people[] = {
      {"ana", {"community"}}, {"cora", {"community", "offers"}}, {"lea", {"community-lead"}}, {"otto", {"offers"}}};
  for (const auto& [name, roles] : people) {
    if (auto added = engine.add_person(name, roles); !added) return added;
  }
  return {};
}

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

}  // namespace

int main(int argc, char** argv) {
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.departments = {std::make_shared<Offers>()};
  options.channel = std::make_shared<Screen>();
  options.workflows = {workflow};
  options.clock = redress::make_virtual_clock(monday_ms);
  options.virtual_time = true;
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());
  if (auto added = add_people(**engine); !added) return fail(added.error());
  redress::Post post;
  post.id = "1";
  post.channel = "x";
  post.author.handle = "eva";
  post.created_at_ms = monday_ms;
  post.language = "en";
  post.text = "Your man at the door was rude to my mother";
  if (auto fate = (*engine)->receive(post); !fate) return fail(fate.error());
  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());

  Desk desk(**engine);
  if (argc > 1 && std::string(argv[1]) == "-") return sit(desk, std::cin, false);
  std::istringstream played(script);
  return sit(desk, played, true);
}

// Expected output:
// # i am cora
// # tasks
//   [1] for offers: amends waits for a decision
//       asked: {"complaint":"Your man at the door was rude to my mother"}
// # decide 1 {"answer": "we are sorry, and the next month is free."}
//   done
// # tasks
//   [2] for community: review the reply offered
//       text: eva, we are sorry, and the next month is free.
//       claims: amends fulfilled
//       evidence: {"answer":"we are sorry, and the next month is free."}, by cora
// # approve 2
//   refused: cora cannot approve reply offered: not reviewed by a person other than who drafted it or supplied its evidence
// # i am otto
// # approve 2
//   refused: otto has the roles ["offers"]; this review needs community
// # i am ana
// # refuse 2
//   done
// # approve 2
//   not_found: no open task 2; look at the tasks again
// # tasks
//   [3] for community-lead: offered.refused: nothing in the workflow takes it here
//       text: eva, we are sorry, and the next month is free.
//       claims: amends fulfilled
//       evidence: {"answer":"we are sorry, and the next month is free."}, by cora
// # i am lea
// # again 3
//   done
// # i am ana
// # tasks
//   [4] for community: review the reply offered
//       text: eva, we are sorry, and the next month is free.
//       claims: amends fulfilled
//       evidence: {"answer":"we are sorry, and the next month is free."}, by cora
// # approve 4
//   done
//   PUBLIC: eva, we are sorry, and the next month is free.
// # tasks
//   nothing waits for people
