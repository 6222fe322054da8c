// The only file that knows CLI11: each verb's options, and which of them exclude each other.
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <utility>

#include "cli/instants.hpp"
#include "cli/verbs.hpp"

namespace redress::cli {
namespace {

using Verb = std::function<Result<int>(Console&)>;

// What the verbs' builders share: the program, and where the chosen verb goes.
struct Builder {
  CLI::App& app;
  Verb& chosen;

  template <class Function>
  void on(CLI::App* verb, Function function) const {
    verb->callback([this_chosen = &chosen, function] { *this_chosen = function; });
  }
};

template <class T>
std::shared_ptr<T> make() {
  return std::make_shared<T>();
}

void add_db(CLI::App* verb, std::string& db) {
  const auto named = [](const std::string& path) {
    return path.empty() ? std::string("name the database file") : std::string();
  };
  verb->add_option("--db", db, "The database file")->required()->check(CLI::Validator(named, "FILE"));
}

std::shared_ptr<ReadOptions> add_read(CLI::App* verb) {
  auto options = make<ReadOptions>();
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "JSON, one object a line");
  return options;
}

void add_write(CLI::App* verb, WriteOptions& options) {
  add_db(verb, options.db);
  verb->add_option("--clock", options.clock, "What drives the database: decided once, by its first writer (default: real)")
      ->check(CLI::IsMember({"real", "virtual"}));
  verb->add_option("--seed", options.seed, "Ids and salts under virtual time come from this number (default: 0)")
      ->check(CLI::NonNegativeNumber);
}

std::shared_ptr<ActOptions> add_act(CLI::App* verb) {
  auto options = make<ActOptions>();
  add_write(verb, options->write);
  verb->add_option("--as", options->by, "Who acts: a person that person add made known")->required();
  verb->add_option("--request-id", options->request_id, "The same act twice under one id is one");
  return options;
}

// Exactly one of two flags; true: the first.
std::shared_ptr<bool> add_either(CLI::App* verb, const char* yes, const char* yes_help, const char* no, const char* no_help) {
  auto answer = std::make_shared<bool>(false);
  CLI::Option_group* group = verb->add_option_group("Word", "one of them");
  group->add_flag_callback(
      yes, [answer] { *answer = true; }, yes_help);
  group->add_flag_callback(
      no, [answer] { *answer = false; }, no_help);
  group->require_option(1);
  return answer;
}

template <class T>
std::shared_ptr<T> add_subject(CLI::App* verb, const char* name, const char* help) {
  auto subject = make<T>();
  verb->add_option(name, *subject, help)->required();
  return subject;
}

std::string read_until(std::optional<std::int64_t>& until, const std::string& text) {
  until = parse_instant(text);
  return until ? "" : "--until " + text + " is not an instant as in 2026-03-02T09:00:00Z";
}

void build_run(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("run", "Take posts in, drive every case as far as it goes, publish replies, and end");
  auto o = make<RunOptions>();
  add_write(verb, o->write);
  verb->add_option("--workflows", o->workflows, "Folder of workflow files, *.json (default: what the database has)");
  verb->add_option("--plugins", o->plugins, "Folder of departments, *.so (default: plugins beside the program)");
  verb->add_option("--department-config", o->department_config, "JSON file: each department's configuration by its name");
  verb->add_option("--posts", o->posts, "Posts, one JSON object a line; -: standard input (default: none)");
  verb->add_option("--outbox", o->outbox, "File that published replies are appended to")->required();
  verb->add_option("--people", o->people, "Script of people's acts, one JSON object a line");
  verb->add_option_function<std::string>(
      "--until",
      [o](const std::string& text) {
        if (auto wrong = read_until(o->until_ms, text); !wrong.empty()) throw CLI::ValidationError(wrong);
      },
      "Once all posts are read, do nothing that is due at or after this instant (default: now; under virtual time the last "
      "post "
      "and 14 days)");
  b.on(verb, [o](Console& console) { return run(*o, console); });
}

void build_check(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("check", "Find every error in workflow files");
  auto o = make<CheckOptions>();
  auto format = std::make_shared<std::string>("text");
  verb->add_option("files", o->files, "Workflow files")->required();
  verb->add_option("--plugins", o->plugins, "Folder of departments, *.so (default: plugins beside the program)");
  verb->add_option("--format", *format, "text or json (default: text)")->check(CLI::IsMember({"text", "json"}));
  verb->add_flag("--json", o->json, "As --format json");
  b.on(verb, [o, format](Console& console) {
    o->json = o->json || *format == "json";
    return check(*o, console);
  });
}

void build_case(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("case", "List cases, show one, let one that is set aside go on");
  group->require_subcommand(1);
  CLI::App* list = group->add_subcommand("list", "All cases");
  b.on(list, [o = add_read(list)](Console& console) { return list_cases(*o, console); });

  CLI::App* show = group->add_subcommand("show", "One case whole");
  auto shown = add_subject<std::string>(show, "reference", "As C-000001");
  b.on(show, [o = add_read(show), shown](Console& console) { return show_case(*o, *shown, console); });

  CLI::App* retry = group->add_subcommand("retry", "Let the workflow react again to the event that set the case aside");
  auto retried = add_subject<std::string>(retry, "reference", "As C-000001");
  b.on(retry, [o = add_act(retry), retried](Console& console) { return retry_case(*o, *retried, console); });

  CLI::App* skip = group->add_subcommand("skip", "Pass over the event that set the case aside");
  auto skipped = add_subject<std::string>(skip, "reference", "As C-000001");
  b.on(skip, [o = add_act(skip), skipped](Console& console) { return skip_case(*o, *skipped, console); });
}

void build_reading(const Builder& b) {
  CLI::App* explain = b.app.add_subcommand("why", "What a case waits for, who can act, and which rules fired or did not");
  auto explained = add_subject<std::string>(explain, "reference", "As C-000001");
  b.on(explain, [o = add_read(explain), explained](Console& console) { return why(*o, *explained, console); });

  CLI::App* open = b.app.add_subcommand("tasks", "What waits for people");
  auto role = make<std::string>();
  open->add_option("--role", *role, "Only this role's");
  b.on(open, [o = add_read(open), role](Console& console) { return tasks(*o, *role, console); });

  CLI::App* verify = b.app.add_subcommand("audit", "Check the history's chain, and that each state follows from it");
  b.on(verify, [o = add_read(verify)](Console& console) { return audit(*o, console); });

  CLI::App* dump = b.app.add_subcommand("export", "Everything, as JSON Lines");
  b.on(dump, [o = add_read(dump)](Console& console) { return export_lines(*o, console); });

  CLI::App* name = b.app.add_subcommand("version", "Which version this is");
  auto json = std::make_shared<bool>(false);
  name->add_flag("--json", *json, "As JSON");
  b.on(name, [json](Console& console) { return version(*json, console); });
}

void build_decide(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("decide", "Settle what is open or unknown at a department; revoke what is fulfilled");
  auto d = make<DecideOptions>();
  verb->add_option("commitment", d->commitment, "The commitment's number")->required();
  verb->add_option("--outcome", d->outcome, "done, declined, failed or revoked")
      ->required()
      ->check(CLI::IsMember({"done", "declined", "failed", "revoked"}));
  verb->add_option("--evidence", d->evidence, "JSON object that fits the action's evidence schema; needed for done");
  verb->add_option("--reason", d->reason, "One line");
  b.on(verb, [o = add_act(verb), d](Console& console) { return decide(*o, *d, console); });
}

void build_acts(const Builder& b) {
  CLI::App* approval = b.app.add_subcommand("approve", "Let a commitment go ahead, or refuse it");
  auto commitment = add_subject<std::int64_t>(approval, "commitment", "The commitment's number");
  auto approved = add_either(approval, "--approve", "It goes ahead", "--refuse", "It is declined");
  b.on(approval, [o = add_act(approval), commitment, approved](Console& console) {
    return approve(*o, *commitment, *approved, console);
  });

  CLI::App* reviewing = b.app.add_subcommand("review", "Let a reply go out, or refuse it");
  auto reply = add_subject<std::int64_t>(reviewing, "reply", "The reply's number");
  auto passed = add_either(reviewing, "--approve", "It goes out", "--refuse", "It does not");
  b.on(reviewing, [o = add_act(reviewing), reply, passed](Console& console) { return review(*o, *reply, *passed, console); });

  CLI::App* event =
      b.app.add_subcommand("event", "Do what the workflow offers people: redress event C-000001 manual.identified");
  auto e = make<EventOptions>();
  event->add_option("reference", e->reference, "As C-000001")->required();
  event->add_option("event", e->event, "As manual.identified")->required();
  event->add_option("--form", e->form, "JSON object that fits the form");
  b.on(event, [o = add_act(event), e](Console& console) { return send_event(*o, *e, console); });
}

void build_settle(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("settle", "Draft a reply that ended badly again, waive it, or say that it is public");
  auto reply = add_subject<std::int64_t>(verb, "reply", "The reply's number");
  auto reason = make<std::string>();
  auto again = std::make_shared<bool>(false);
  auto published = std::make_shared<bool>(false);
  CLI::Option_group* group = verb->add_option_group("Word", "one of them");
  group->add_flag("--again", *again, "Draft it anew from today's state");
  group->add_flag("--published", *published, "Its fate is unknown: you saw that it is public");
  group->add_option("--waive", *reason, "The customer is not told, for this reason");
  group->require_option(1);
  b.on(verb, [o = add_act(verb), reply, reason, again, published](Console& console) {
    if (*published) return settle_published(*o, *reply, console);
    return *again ? settle_again(*o, *reply, console) : settle_waive(*o, *reply, *reason, console);
  });
}

void build_task(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("task", "One task of those that redress tasks lists");
  group->require_subcommand(1);
  CLI::App* done = group->add_subcommand("done", "Somebody looked at it; for tasks that no other act settles");
  auto task = add_subject<std::int64_t>(done, "task", "The task's number");
  auto note = make<std::string>();
  done->add_option("--note", *note, "What was found");
  b.on(done, [o = add_act(done), task, note](Console& console) { return finish_task(*o, *task, *note, console); });
}

void build_report(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("report", "How fast, how late, and what was said without being done");
  auto html = make<std::string>();
  verb->add_option("--html", *html, "Write it as one page for a browser");
  b.on(verb, [o = add_read(verb), html](Console& console) { return report(*o, *html, console); });
}

void build_say(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("say", "Your own words as a reply; somebody else reviews them");
  auto s = make<SayOptions>();
  verb->add_option("reference", s->reference, "As C-000001")->required();
  verb->add_option("--text", s->text, "The reply")->required();
  verb->add_option("--claim", s->claims, "What it says of a commitment, as refund=fulfilled; again for each")
      ->take_all()
      ->expected(1);
  verb->add_option("--language", s->language, "Its language, as es (default: the case's)");
  b.on(verb, [o = add_act(verb), s](Console& console) { return say(*o, *s, console); });
}

// pause and resume: alike but for the word.
void build_switch(const Builder& b, CLI::App* group, const char* name, const char* help, bool open) {
  CLI::App* verb = group->add_subcommand(name, help);
  auto w = make<WriteOptions>();
  auto s = make<SwitchOptions>();
  s->open = open;
  add_write(verb, *w);
  verb->add_option("id", s->id, "The workflow's id")->required();
  verb->add_flag("--replies", s->replies, "Its automatic replies, instead of its new cases");
  b.on(verb, [w, s](Console& console) { return switch_workflow(*w, *s, console); });
}

void build_workflow(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("workflow", "Published versions: which takes new cases, and what is shut");
  group->require_subcommand(1);
  CLI::App* publish = group->add_subcommand("publish", "Check files and keep them, without giving them new cases");
  auto w = make<WriteOptions>();
  auto p = make<PublishOptions>();
  add_write(publish, *w);
  publish->add_option("files", p->files, "Workflow files")->required();
  publish->add_option("--plugins", p->plugins, "Folder of the departments' plugins (default: plugins beside the program)");
  b.on(publish, [w, p](Console& console) { return publish_workflows(*w, *p, console); });
  CLI::App* activate = group->add_subcommand("activate", "Give a published version the new cases");
  auto a = make<WriteOptions>();
  add_write(activate, *a);
  auto id = add_subject<std::string>(activate, "id", "The workflow's id");
  auto version = add_subject<std::string>(activate, "version", "As 1.0.0");
  b.on(activate, [a, id, version](Console& console) { return activate_workflow(*a, *id, *version, console); });
  build_switch(b, group, "pause", "Shut the way of new cases, or of automatic replies", false);
  build_switch(b, group, "resume", "Open it again", true);
  CLI::App* list = group->add_subcommand("list", "All versions");
  b.on(list, [o = add_read(list)](Console& console) { return list_workflows(*o, console); });
}

void build_person(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("person", "Who may act, and in which roles");
  group->require_subcommand(1);
  CLI::App* add = group->add_subcommand("add", "Make a person known, or give them other roles");
  auto w = make<WriteOptions>();
  auto name = add_subject<std::string>(add, "name", "The person's name");
  auto roles = make<std::vector<std::string>>();
  add_write(add, *w);
  add->add_option("--role", *roles, "A role; again for each")->required()->take_all()->expected(1);
  b.on(add, [w, name, roles](Console& console) { return add_person(*w, *name, *roles, console); });
  CLI::App* list = group->add_subcommand("list", "All people");
  b.on(list, [o = add_read(list)](Console& console) { return list_people(*o, console); });
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv, Console& console) {
  CommandLine line;
  CLI::App app("Redress: from public complaints to replies that say only what was done.", "redress");
  app.set_version_flag("--version", std::string(version_text()));
  app.require_subcommand(1);
  const Builder builder{app, line.verb};
  for (auto* build : {build_run, build_check, build_case, build_reading, build_decide, build_acts, build_settle, build_task,
                      build_say, build_report, build_workflow, build_person})
    build(builder);
  const auto is_asked = [&](const CLI::App* verb) { return verb->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_asked).empty()) {
    console.err << "redress has no verb \"" << printable(argv[1]) << "\"; redress --help lists those that it has\n";
    line.status = exit_status(Code::invalid);
    return line;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    line.verb = nullptr;
    line.status = app.exit(e, console.out, console.err) == 0 ? 0 : exit_status(Code::invalid);
  }
  return line;
}

}  // namespace redress::cli
