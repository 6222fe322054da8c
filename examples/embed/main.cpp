// The smallest program around a Redress engine: one post in, one case, whatever can be done at once, and what became of it.
//
// Usage: redress_embed WORKFLOW_FILE PLUGINS_FOLDER DEPARTMENTS_FILE OUTBOX_FILE
#include <redress/engine.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

void print(const redress::CaseRecord& record) {
  std::cout << record.row.reference << " is " << to_string(record.row.state) << '\n';
  for (const auto& [id, reply] : record.replies)
    std::cout << "  reply " << reply.name << ": " << to_string(reply.state) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  // [README begins]
  auto departments = redress::load_departments(argv[2], text_of(argv[3]));
  auto channel = redress::make_file_channel(argv[4]);
  if (!departments || !channel) return fail(!departments ? departments.error() : channel.error());
  redress::EngineOptions options;
  options.store = redress::make_memory_store();  // Or, in a file:
  // auto store = redress::open_sqlite_store("cases.db", redress::OpenMode::write);
  // if (!store) return fail(store.error());
  // options.store = std::move(*store);
  options.departments = *departments;
  options.channel = *channel;
  options.workflows = {text_of(argv[1])};
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());
  auto post = redress::parse_post(R"({"id": "1", "channel": "x", "author": "lucia_marin",
      "created_at": "2026-03-02T09:00:00Z", "text": "Me cobraron dos veces la factura de febrero"})");
  auto fate = (*engine)->receive(*post);                                          // Durable when it returns.
  if (auto idle = (*engine)->run_until_idle(); !idle) return fail(idle.error());  // Or poll(), or start(workers).
  // [README ends]
  if (!fate) return fail(fate.error());
  auto id = (*engine)->store().find_case(fate->case_reference);
  if (!id || !*id) return 1;
  auto record = (*engine)->store().load_case(**id);  // Or show_case() of reading.hpp, as JSON.
  if (!record) return fail(record.error());
  print(*record);
  return 0;
}

// Expected output:
// C-000001 is resolved
//   reply acknowledge: published
//   reply refunded: published
