// Two brands in one process: two engines with their own databases, books and outboxes, driven side by side by worker threads.
//
// Usage: redress_two_engines WORKFLOW_FILE PLUGINS_FOLDER ACCOUNTS_FILE FOLDER
// Prints a line for each brand: its cases, its public replies, and whether its audit passes.
#include <redress/engine.hpp>
#include <redress/reading.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

// Nothing of it is shared with the other brand's: the same plugin file is two departments, each with its own books.
redress::Result<std::unique_ptr<redress::Engine>> open_brand(const std::string& folder, const std::string& workflow,
                                                             const std::string& plugins, const std::string& accounts) {
  auto store = redress::open_sqlite_store(folder + "/cases.db", redress::OpenMode::write);
  if (!store) return store.error();
  auto departments = redress::load_departments(
      plugins, R"({"billing": {"database": ")" + folder + R"(/billing.db", "seed": ")" + accounts +
                   R"(", "refund_authority_minor": 50000}, "commercial": {"database": ")" + folder + R"(/commercial.db"}})");
  if (!departments) return departments.error();
  auto channel = redress::make_file_channel(folder + "/replies.jsonl");
  if (!channel) return channel.error();
  redress::EngineOptions options;
  options.store = std::move(*store);
  options.departments = *departments;
  options.channel = *channel;
  options.workflows = {workflow};
  return redress::Engine::open(std::move(options));
}

redress::Result<std::string> complain(redress::Engine& engine, const char* post_json) {
  const auto post = redress::parse_post(post_json);
  if (!post) return post.error();
  const auto fate = engine.receive(*post);
  if (!fate) return fate.error();
  return fate->case_reference;
}

// "north: 1 case, resolved".
redress::Result<std::string> summary(const std::string& brand, redress::Engine& engine) {
  const auto cases = redress::list_cases(engine.store(), 0, 100);
  if (!cases) return cases.error();
  const auto audit = redress::audit_store(engine.store());
  if (!audit) return audit.error();
  const bool resolved = cases->size() == 1 && cases->front().find("\"state\":\"resolved\"") != std::string::npos;
  return brand + ": " + std::to_string(cases->size()) + " case, " + (resolved ? "resolved" : "open") + ", the audit " +
         (audit->faults.empty() ? "passes" : "fails");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string workflow = text_of(argv[1]), plugins = argv[2], accounts = argv[3], folder = argv[4];
  auto north = open_brand(folder + "/north", workflow, plugins, accounts);
  if (!north) return fail(north.error());
  auto south = open_brand(folder + "/south", workflow, plugins, accounts);
  if (!south) return fail(south.error());
  // The same person writes to both, in each brand's own thread of the same number: two cases that know nothing of each other.
  const char* post = R"({"id": "1", "channel": "x", "author": "lucia_marin", "created_at": "2026-03-02T09:00:00Z",
                         "text": "Me cobraron dos veces la factura de febrero"})";
  for (redress::Engine* engine : {north->get(), south->get()}) {
    if (auto started = engine->start(2); !started) return fail(started.error());
  }
  for (redress::Engine* engine : {north->get(), south->get()}) {
    if (auto reference = complain(*engine, post); !reference) return fail(reference.error());
  }
  for (redress::Engine* engine : {north->get(), south->get()}) {
    engine->stop();                                                              // Waits for the calls that are out.
    if (auto idle = engine->run_until_idle(); !idle) return fail(idle.error());  // What was left when it stopped.
  }
  for (const auto& [brand, engine] : {std::pair{"north", north->get()}, std::pair{"south", south->get()}}) {
    const auto line = summary(brand, *engine);
    if (!line) return fail(line.error());
    std::cout << *line << '\n';
  }
  return 0;
}

// Expected output:
// north: 1 case, resolved, the audit passes
// south: 1 case, resolved, the audit passes
