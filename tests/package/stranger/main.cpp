// One post, one case, one reply, in a stranger's program. Usage: stranger WORKFLOW_FILE PLUGINS_FOLDER OUTBOX_FILE
#include <redress/engine.hpp>
#include <redress/reading.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::ifstream workflow(argv[1]);
  auto departments = redress::load_departments(argv[2], "{}");
  auto channel = redress::make_file_channel(argv[3]);
  if (!departments || !channel) {
    std::cerr << (departments ? channel.error() : departments.error()).message << '\n';
    return 1;
  }
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.departments = *departments;
  options.channel = *channel;
  options.workflows = {std::string(std::istreambuf_iterator<char>(workflow), {})};
  auto engine = redress::Engine::open(options);
  if (!engine) {
    std::cerr << engine.error().message << '\n';
    return redress::exit_status(engine.error().code);
  }
  auto post = redress::parse_post(R"({"id": "1", "channel": "x", "author": "lucia", "language": "en",
      "created_at": "2026-03-02T09:00:00Z", "text": "Our street is dark"})");
  auto fate = (*engine)->receive(*post);
  if (!fate || !(*engine)->run_until_idle()) return 1;
  auto cases = redress::list_cases((*engine)->store(), 0, 10);
  if (!cases || cases->size() != 1) return 1;
  std::cout << fate->case_reference << ' ' << redress::to_string(fate->fate) << '\n';
  return 0;
}
