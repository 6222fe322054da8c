// The only file that knows CLI11: each verb's options, and which of them exclude each other.
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <sstream>
#include <utility>

#include "cli/config.hpp"
#include "cli/instants.hpp"
#include "cli/remote.hpp"
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

CLI::Validator file_that(const char* is_named) {
  return {[is_named](const std::string& path) { return path.empty() ? std::string(is_named) : std::string(); }, ""};
}

void add_config(CLI::App* verb, std::string& config) {
  verb->add_option("--config", config, "The configuration (default: redress.json in this folder)")
      ->type_name("FILE")
      ->check(file_that("name the configuration"));
}

// What the command line leaves out, the configuration gives; throws an Error. With --db and no --config, no file is looked for.
void settle(std::string& db, std::string* plugins, const std::string& named) {
  if (!db.empty() && named.empty()) return;
  const auto config = find_config(named);
  if (!config) throw config.error();
  if (!*config && db.empty())
    throw Error{Code::invalid,
                "name the database: --db FILE; or a configuration that does: --config FILE, else redress.json here"};
  if (!*config) return;
  if (db.empty()) db = (*config)->database;
  if (plugins != nullptr && plugins->empty()) *plugins = (*config)->plugins;
}

// `server`: where it is named, no database is needed. `check`: what else must hold once all is read; it throws.
void add_db(CLI::App* verb, std::string& db, std::string* plugins = nullptr, const ServerOptions* server = nullptr,
            const std::function<void()>& check = {}) {
  auto config = make<std::string>();
  verb->add_option("--db", db, "The database file (default: the configuration's)")
      ->type_name("FILE")
      ->check(file_that("name the database file"));
  add_config(verb, *config);
  verb->parse_complete_callback([&db, plugins, config, server, check] {
    if (check) check();
    if (server == nullptr || !server->named()) settle(db, plugins, *config);
  });
}

std::string full_name(const CLI::App* verb) {
  const CLI::App* group = verb->get_parent();
  return (group->get_parent() == nullptr ? "" : group->get_name() + " ") + verb->get_name();
}

// The verbs that have --server, in the order of the program's help.
std::string served_verbs() {
  std::string names;
  for (const VerbText& verb : describe_command_line()) {
    const bool served =
        std::any_of(verb.options.begin(), verb.options.end(), [](const auto& o) { return o.name == "--server"; });
    if (served) names += (names.empty() ? "" : ", ") + verb.name;
  }
  return names;
}

std::string curl_of(const ServerOptions& server, const std::string& path) {
  const std::string token = server.token_file.empty() ? "TOKEN_FILE" : server.token_file;
  const std::string curl = "curl -H \"Authorization: Bearer $(cat " + token + ")\" ";
  if (server.url.starts_with("unix:")) return curl + "--unix-socket " + server.url.substr(5) + " http://localhost" + path;
  return curl + (server.url.empty() ? "http://HOST:PORT" : server.url) + path;
}

// Reading verbs take --server only to say what to do instead. `path`: of the same over HTTP, {} for the subject; empty: there
// is none.
std::shared_ptr<ReadOptions> add_read(CLI::App* verb, const std::string& path,
                                      const std::shared_ptr<std::string>& subject = nullptr) {
  auto options = make<ReadOptions>();
  auto server = make<ServerOptions>();
  verb->add_option("--server", server->url)->group("");  // No group: not in the help.
  verb->add_option("--token-file", server->token_file)->group("");
  add_db(verb, options->db, nullptr, nullptr, [verb, server, path, subject] {
    if (!server->named() && server->token_file.empty()) return;
    std::string here = path;
    if (subject) here.replace(here.find("{}"), 2, segment(*subject));
    throw Error{Code::invalid,
                full_name(verb) + " reads the database, also beside the server that has it: --db FILE. " +
                    (path.empty() ? "No server answers it" : "A server answers the same to " + curl_of(*server, here)) +
                    ". To a server go " + served_verbs()};
  });
  verb->add_flag("--json", options->json, "JSON, one object a line");
  return options;
}

void add_time(CLI::App* verb, WriteOptions& options) {
  verb->add_option("--clock", options.clock, "What drives the database: decided once, by its first writer (default: real)")
      ->check(CLI::IsMember({"real", "virtual"}));
  verb->add_option("--seed", options.seed, "Ids and salts under virtual time come from this number (default: 0)")
      ->check(CLI::NonNegativeNumber);
}

void add_write(CLI::App* verb, WriteOptions& options, std::string* plugins = nullptr, const std::function<void()>& check = {}) {
  add_db(verb, options.db, plugins, &options.server, check);
  add_time(verb, options);
  auto* server =
      verb->add_option("--server", options.server.url, "Send it to a running redress serve: http://HOST:PORT or unix:/PATH");
  verb->add_option("--token-file", options.server.token_file, "With --server: the file with the token")
      ->type_name("FILE")
      ->needs(server);
}

std::shared_ptr<ActOptions> add_act(CLI::App* verb) {
  auto options = make<ActOptions>();
  add_write(verb, options->write, nullptr, [o = options.get()] {
    if (o->by.empty() && !o->write.server.named())
      throw Error{Code::invalid, "--as NAME says who acts; with --server, the token does"};
    if (!o->by.empty() && o->write.server.named())
      throw Error{Code::invalid, "--as " + o->by + " and --server do not go together: the token says who acts. Leave --as out"};
  });
  verb->add_option("--as", options->by, "Who acts: a person that person add made known (with --server: the token says)");
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
  verb->add_option("--db", o->write.db, "The database file (default: the configuration's)")
      ->type_name("FILE")
      ->check(file_that("name the database file"));
  add_config(verb, o->config);
  add_time(verb, o->write);
  verb->add_option("--workflows", o->workflows,
                   "Folder of workflow files, *.json (default: the configuration's, or what the database has)")
      ->type_name("FOLDER");
  verb->add_option("--plugins", o->plugins, "Folder of departments, *.so (default: plugins beside the program)")
      ->type_name("FOLDER");
  verb->add_option("--department-config", o->department_config, "JSON file: each department's configuration by its name")
      ->type_name("FILE");
  verb->add_option("--posts", o->posts, "Posts, one JSON object a line; -: standard input (default: none)")->type_name("FILE");
  verb->add_option("--outbox", o->outbox, "File that published replies are appended to (default: the configuration's)")
      ->type_name("FILE");
  verb->add_option("--people", o->people, "Script of people's acts, one JSON object a line")->type_name("FILE");
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

void build_serve(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("serve", "Offer the engine over HTTP until a signal; drive every case meanwhile");
  auto o = make<ServeOptions>();
  verb->add_option("--db", o->run.write.db, "The database file (default: the configuration's)")
      ->type_name("FILE")
      ->check(file_that("name the database file"));
  add_config(verb, o->run.config);
  add_time(verb, o->run.write);
  verb->add_option("--listen", o->listen,
                   "127.0.0.1:8080, [::1]:8080 or unix:/run/redress.sock; port 0: any (default: the configuration's)");
  verb->add_option("--workflows", o->run.workflows,
                   "Folder of workflow files, *.json (default: the configuration's, or what the database has)")
      ->type_name("FOLDER");
  verb->add_option("--plugins", o->run.plugins, "Folder of departments, *.so (default: plugins beside the program)")
      ->type_name("FOLDER");
  verb->add_option("--department-config", o->run.department_config, "JSON file: each department's configuration by its name")
      ->type_name("FILE");
  verb->add_option("--outbox", o->run.outbox, "File that published replies are appended to (default: the configuration's)")
      ->type_name("FILE");
  verb->add_option("--people", o->run.people, "With --clock virtual: script of people's acts, one JSON object a line")
      ->type_name("FILE");
  verb->add_option_function<std::string>(
      "--start",
      [o](const std::string& text) {
        if (auto wrong = read_until(o->start_ms, text); !wrong.empty()) throw CLI::ValidationError(wrong);
      },
      "Where a new virtual time starts, as 2026-03-02T09:00:00Z");
  b.on(verb, [o](Console& console) { return serve(*o, console); });
}

void build_check(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("check", "Find every error in workflow files");
  auto o = make<CheckOptions>();
  auto format = std::make_shared<std::string>("text");
  verb->add_option("files", o->files, "Workflow files (default: all of the configuration's folder)")->type_name("FILE");
  verb->add_option("--plugins", o->plugins, "Folder of departments, *.so (default: plugins beside the program)")
      ->type_name("FOLDER");
  add_config(verb, o->config);
  verb->add_option("--format", *format, "text, json or sarif (default: text)")->check(CLI::IsMember({"text", "json", "sarif"}));
  verb->add_flag_callback(
      "--json", [format] { *format = "json"; }, "As --format json");
  b.on(verb, [o, format](Console& console) {
    using enum CheckOptions::Format;
    o->format = *format == "json" ? json : *format == "sarif" ? sarif : text;
    return check(*o, console);
  });
}

void build_diagram(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("diagram", "Draw a workflow: states, commitments, replies, deadlines");
  auto o = make<DiagramOptions>();
  auto format = std::make_shared<std::string>("svg");
  verb->add_option("file", o->file, "The workflow file")->type_name("FILE")->required();
  verb->add_option("--format", *format, "svg or mermaid (default: svg)")->check(CLI::IsMember({"svg", "mermaid"}));
  verb->add_option("--output", o->output, "Write it here (default: standard output)")->type_name("FILE");
  verb->add_option("--finding", o->finding, "Mark the way to what check found: 1 is its first finding that has one")
      ->check(CLI::PositiveNumber);
  verb->add_option("--plugins", o->plugins, "Folder of departments, *.so (default: plugins beside the program)")
      ->type_name("FOLDER");
  add_config(verb, o->config);
  b.on(verb, [o, format](Console& console) {
    o->mermaid = *format == "mermaid";
    return diagram(*o, console);
  });
}

void build_eval(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("eval", "The value of one expression with its type, or its error");
  auto o = make<EvalOptions>();
  verb->add_option("--expr", o->expression, "As in a workflow: size('abc') > 2")->required();
  verb->add_option("--vars", o->variables, "JSON object of names to values; -: standard input (default: no names)")
      ->type_name("FILE");
  verb->add_option("--language", o->language, "What money() and date() speak (default: en)");
  b.on(verb, [o](Console& console) { return eval(*o, console); });
}

void build_step(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("step", "Run a workflow's bare statechart, event by event, with no case around it");
  auto workflow = std::make_shared<std::string>();
  auto events = std::make_shared<std::string>();
  verb->add_option("--workflow", *workflow, "The workflow file; its states are all that it must have")
      ->type_name("FILE")
      ->required();
  verb->add_option("--events", *events, R"(Events, one a line: {"event", "data", "advance"}; -: standard input)")
      ->type_name("FILE")
      ->required();
  b.on(verb, [workflow, events](Console& console) { return step(*workflow, *events, console); });
}

void build_test(const Builder& b) {
  CLI::App* verb = b.app.add_subcommand("test", "Rehearse workflows by scenarios in plain text");
  auto o = make<TestOptions>();
  verb->add_option("files", o->files, "Scenario files, or folders of *.scenario (default: the configuration's workflows)")
      ->type_name("FILE");
  verb->add_option("--plugins", o->plugins,
                   "Folder of departments, *.so, whose manifests count (default: plugins beside the program)")
      ->type_name("FOLDER");
  add_config(verb, o->config);
  verb->add_option("--coverage-min", o->coverage_min, "Status 1 where less than this per cent is covered")
      ->check(CLI::Range(0, 100));
  verb->add_option("--junit", o->junit, "Write what became of each scenario here, as JUnit's XML")->type_name("FILE");
  verb->add_flag("--watch", o->watch, "Again whenever a scenario or workflow changes, until Ctrl-C");
  verb->add_flag("--json", o->json, "One JSON object instead of lines");
  b.on(verb, [o](Console& console) { return test(*o, console); });
}

void build_folder(const Builder& b) {
  CLI::App* begin = b.app.add_subcommand("init", "Begin a folder that runs at once: configuration, workflows, sample accounts");
  auto folder = add_subject<std::string>(begin, "folder", "Not there yet, or empty");
  b.on(begin, [folder](Console& console) { return init(*folder, console); });

  CLI::App* look = b.app.add_subcommand("doctor", "Look at everything that a configuration names, and say what would go wrong");
  auto o = make<DoctorOptions>();
  add_config(look, o->config);
  look->add_flag("--json", o->json, "JSON, one object a line");
  b.on(look, [o](Console& console) { return doctor(*o, console); });
}

void build_case(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("case", "List cases, show one, let one that is set aside go on");
  group->require_subcommand(1);
  CLI::App* list = group->add_subcommand("list", "All cases");
  b.on(list, [o = add_read(list, "/v1/cases")](Console& console) { return list_cases(*o, console); });

  CLI::App* show = group->add_subcommand("show", "One case whole");
  auto shown = add_subject<std::string>(show, "reference", "As C-000001");
  b.on(show, [o = add_read(show, "/v1/cases/{}", shown), shown](Console& console) { return show_case(*o, *shown, console); });

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
  b.on(explain, [o = add_read(explain, "/v1/cases/{}/why", explained), explained](Console& console) {
    return why(*o, *explained, console);
  });

  CLI::App* open = b.app.add_subcommand("tasks", "What waits for people");
  auto role = make<std::string>();
  open->add_option("--role", *role, "Only this role's");
  b.on(open, [o = add_read(open, "/v1/tasks"), role](Console& console) { return tasks(*o, *role, console); });

  CLI::App* verify = b.app.add_subcommand("audit", "Check the history's chain, and that each state follows from it");
  b.on(verify, [o = add_read(verify, "")](Console& console) { return audit(*o, console); });

  CLI::App* dump = b.app.add_subcommand("export", "Everything, as JSON Lines");
  b.on(dump, [o = add_read(dump, "")](Console& console) { return export_lines(*o, console); });

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
  verb->add_option("--html", *html, "Write it as one page for a browser")->type_name("FILE");
  b.on(verb, [o = add_read(verb, "/v1/report"), html](Console& console) { return report(*o, *html, console); });
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
  add_write(publish, *w, &p->plugins);
  publish->add_option("files", p->files, "Workflow files")->type_name("FILE")->required();
  publish->add_option("--plugins", p->plugins, "Folder of the departments' plugins (default: plugins beside the program)")
      ->type_name("FOLDER");
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
  b.on(list, [o = add_read(list, "/v1/workflows")](Console& console) { return list_workflows(*o, console); });
}

void build_token(const Builder& b) {
  CLI::App* group = b.app.add_subcommand("token", "What programs show over HTTP; each stands for a person");
  group->require_subcommand(1);
  CLI::App* add = group->add_subcommand("add", "A new token; printed this once");
  auto w = make<WriteOptions>();
  auto grant = make<TokenGrant>();
  add_write(add, *w);
  add->add_option("person", grant->person, "Whose")->required();
  add->add_option("--role", grant->roles, "Only this one of the person's roles; again for each")->take_all()->expected(1);
  add->add_option_function<std::string>(
      "--until",
      [grant](const std::string& text) {
        std::optional<std::int64_t> until;
        if (auto wrong = read_until(until, text); !wrong.empty()) throw CLI::ValidationError(wrong);
        if (*until <= 0) throw CLI::ValidationError("--until " + text + " is past: a token is good until an instant to come");
        grant->expires_at_ms = *until;
      },
      "Good until before this instant (default: until it is revoked)");
  add->add_option("--note", grant->note, "What it is for");
  b.on(add, [w, grant](Console& console) { return add_token(*w, *grant, console); });
  CLI::App* revoke = group->add_subcommand("revoke", "It is good no more");
  auto r = make<WriteOptions>();
  auto id = add_subject<std::int64_t>(revoke, "id", "Its number in redress token list");
  add_write(revoke, *r);
  b.on(revoke, [r, id](Console& console) { return revoke_token(*r, *id, console); });
  CLI::App* list = group->add_subcommand("list", "All tokens, without their text");
  b.on(list, [o = add_read(list, "/v1/tokens")](Console& console) { return list_tokens(*o, console); });
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
  b.on(list, [o = add_read(list, "/v1/people")](Console& console) { return list_people(*o, console); });
}

constexpr const char* about = "Redress: from public complaints to replies that say only what was done.";

void build_all(const Builder& builder) {
  builder.app.set_version_flag("--version", std::string(version_text()));
  builder.app.require_subcommand(1);
  for (auto* build : {build_run, build_serve, build_check, build_diagram, build_test, build_eval, build_step, build_folder,
                      build_case, build_reading, build_decide, build_acts, build_settle, build_task, build_say, build_report,
                      build_workflow, build_person, build_token})
    build(builder);
}

// "TEXT:{real,virtual}" names the choices; "UINT:NONNEGATIVE" a number.
OptionText describe(const CLI::Option& option) {
  OptionText text;
  text.name = option.nonpositional() ? "--" + option.get_lnames().front() : option.get_name();
  text.required = option.get_required();
  text.many = option.get_expected_max() > 1 || option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  text.help = option.get_description();
  if (option.get_items_expected_max() == 0) return text;
  const std::string type = option.get_type_name();
  text.value = type.substr(0, type.find(':'));
  if (text.value == "INT" || text.value == "UINT") text.value = "NUMBER";
  const std::size_t open = type.find('{');
  if (open == std::string::npos) return text;
  std::istringstream choices(type.substr(open + 1, type.find('}') - open - 1));
  for (std::string choice; std::getline(choices, choice, ',');) text.choices.push_back(choice);
  return text;
}

void describe(const CLI::App& app, const std::string& name, std::vector<VerbText>& into) {
  VerbText verb{name, app.get_description(), {}, {}, {}};
  std::vector<const CLI::App*> below;
  std::vector<const CLI::App*> parts{&app};
  for (const CLI::App* part : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (part->get_name().empty()) {
      parts.push_back(part);  // A group of options is a verb without a name.
    } else {
      below.push_back(part);
      verb.verbs.push_back(part->get_name());
    }
  }
  for (const CLI::App* part : parts) {
    for (const CLI::Option* option : part->get_options()) {
      if (option == app.get_help_ptr() || option == part->get_help_ptr() || option->get_group().empty()) continue;
      (option->nonpositional() ? verb.options : verb.places).push_back(describe(*option));
    }
  }
  into.push_back(std::move(verb));
  for (const CLI::App* sub : below) describe(*sub, name.empty() ? sub->get_name() : name + " " + sub->get_name(), into);
}

}  // namespace

std::vector<VerbText> describe_command_line() {
  Verb chosen;
  CLI::App app(about, "redress");
  build_all({app, chosen});
  std::vector<VerbText> verbs;
  describe(app, "", verbs);
  return verbs;
}

CommandLine read_command_line(int argc, const char* const* argv, Console& console) {
  CommandLine line;
  CLI::App app(about, "redress");
  build_all({app, line.verb});
  const auto is_asked = [&](const CLI::App* verb) { return verb->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_asked).empty()) {
    console.err << "redress has no verb \"" << printable(argv[1]) << "\"; redress --help lists those that it has\n";
    line.status = exit_status(Code::invalid);
    return line;
  }
  try {
    app.parse(argc, argv);
  } catch (const Error& refused) {
    line.verb = nullptr;
    line.status = exit_status(refused.code);
    console.err << "redress: " << printable(refused.message, true) << '\n';
  } catch (const CLI::ParseError& e) {
    line.verb = nullptr;
    line.status = app.exit(e, console.out, console.err) == 0 ? 0 : exit_status(Code::invalid);
  }
  return line;
}

}  // namespace redress::cli
