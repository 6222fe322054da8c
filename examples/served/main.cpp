// Serves an engine of one's own over HTTP: posts and people come in by token, from this process here, from anywhere else there.
#include <redress/engine.hpp>
#include <redress/service.hpp>

#include <atomic>
#include <future>
#include <iostream>
#include <string>

namespace {

const char* const workflow = R"json({
  "redress": 1, "id": "dark-street", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('lamp')", "category": "lamps" },
  "replies": {
    "heard": { "review": { "role": "community" }, "text": { "en": "{{ customer.handle }}, we heard you. Case {{ case.reference }}." } } },
  "initial": "heard",
  "states": { "heard": { "entry": [ { "reply": "heard" } ], "type": "final" } }
})json";

class Screen : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication& publication) override {  // From one of the engine's threads.
    said.set_value(std::string(publication.text));
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a screen cannot be asked"}; }
  bool dedupes() const override { return false; }

  std::promise<std::string> said;
};

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

// One request with a person's token, as a program of that person would send it.
int ask(const std::string& url, const std::string& token, const char* path, const char* body) {
  auto acts = redress::RemoteActs::open(url, token);
  if (!acts) return fail(acts.error());
  const auto answer = (*acts)->send("POST", path, body, "");
  std::cout << "POST " << path << ": " << (answer ? "done" : answer.error().message) << '\n';  // *answer is its JSON.
  return 0;
}

}  // namespace

int main() {
  const auto screen = std::make_shared<Screen>();
  std::atomic<redress::Service*> serving = nullptr;
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.channel = screen;
  options.workflows = {workflow};
  options.listeners.on_event = [&](const redress::CaseEvent&) {  // Live streams and webhooks hear at once.
    if (redress::Service* service = serving) service->wake();
  };
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());
  if (auto started = (*engine)->start(2); !started) return fail(started.error());

  std::string tokens[2];
  const std::pair<const char*, const char*> people[] = {{"bridge", "channel"}, {"ana", "community"}};
  for (std::size_t i = 0; i < 2; ++i) {
    if (auto added = (*engine)->add_person(people[i].first, {people[i].second}); !added) return fail(added.error());
    auto token = (*engine)->add_token({.person = people[i].first});  // Its text is told this once.
    if (!token) return fail(token.error());
    tokens[i] = *token;
  }

  // A store in a file is read by a second one, so that reads never wait: .reader = open_sqlite_store(path, OpenMode::read).
  auto service = redress::Service::open(**engine, {.listen = {"127.0.0.1:0"}});
  if (!service) return fail(service.error());
  serving = service->get();
  const std::string url = "http://127.0.0.1:" + std::to_string((*service)->port());

  ask(url, tokens[0], "/v1/posts",
      R"({"id": "1", "channel": "x", "author": "lucia", "created_at": "2026-03-02T09:00:00Z", "text": "My lamp is out"})");
  ask(url, tokens[0], "/v1/replies/1/review", R"({"approve": true})");  // A channel sees no replies.
  ask(url, tokens[1], "/v1/replies/1/review", R"({"approve": true})");
  std::cout << "> " << screen->said.get_future().get() << '\n';

  (*service)->drain(10'000);  // What is under way is answered.
  (*engine)->stop();          // No listener is called any more: then the service may go.
  return 0;
}

// Expected output:
// POST /v1/posts: done
// POST /v1/replies/1/review: no reply 1
// POST /v1/replies/1/review: done
// > lucia, we heard you. Case C-000001.
