// SIGKILL under load: what was answered with 2xx is there afterwards, and each key did its thing once.
//
// REDRESS_SERVE_KILLS  how many (5; the long form takes 100).
#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "service/served_program.hpp"

namespace redress::test {
namespace {

using Json = nlohmann::json;

constexpr int clients = 64;

struct Load {
  std::mutex mutex;
  std::set<std::string> answered;  // Ids of posts that got 2xx.
  std::atomic<int> count = 0;
};

// One client: posts of its own, one after the other, until the server is gone. A post without an answer is sent again to the
// next server, under the same key.
void send_posts(int port, const std::string& token, int client, std::map<int, int>& next, Load& load) {
  wire::Wire wire(port);
  for (int i = next[client]; i < next[client] + 200; ++i) {
    const std::string id = std::to_string(client) + "-" + std::to_string(i);
    const std::string handle = i % 3 == 0 ? "lucia_marin" : "user_" + id;
    const std::string body = Json::parse(post_line(id, handle, "2026-03-02T09:00:00Z", "I was charged twice")).dump();
    if (!wire.send(wire::post("/v1/posts", body, "Authorization: Bearer " + token + "\r\nIdempotency-Key: " + id + "\r\n")))
      return;
    const auto answer = wire.answer();
    if (answer.status == 0) return;
    if (answer.status == 503) {
      --i;
      continue;
    }
    ASSERT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << answer.body;
    next[client] = i + 1;
    ++load.count;
    const std::lock_guard lock(load.mutex);
    load.answered.insert(id);
  }
}

TEST(KilledServer, HasWhatItAnsweredAndDidEachThingOnce) {
  const char* wish = std::getenv("REDRESS_SERVE_KILLS");
  const int kills = wish == nullptr ? 5 : std::atoi(wish);
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel"});
  Load load;
  std::map<int, int> next;
  for (int client = 0; client < clients; ++client) next[client] = 0;
  std::mt19937 chance(7);
  for (int kill = 0; kill < kills; ++kill) {
    ServedProgram served(space, {"--db", "redress.db", "--workflows", "workflows", "--plugins", REDRESS_PLUGINS,
                                 "--department-config", "departments.json", "--outbox", "replies.jsonl"});
    ASSERT_NE(served.port, 0);
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client)
      threads.emplace_back([&, client] { send_posts(served.port, token, client, next, load); });
    const int until = load.count + std::uniform_int_distribution(1, 400)(chance);
    while (load.count < until && load.count < (kill + 1) * clients * 200) std::this_thread::yield();
    served.end(SIGKILL);
    for (std::thread& thread : threads) thread.join();
  }
  {  // Everything that was begun comes to its end.
    const Finished run = space.redress({"run", "--db", "redress.db", "--plugins", REDRESS_PLUGINS, "--department-config",
                                        "departments.json", "--outbox", "replies.jsonl"});
    EXPECT_EQ(run.status, 0) << run.err;
  }
  EXPECT_EQ(space.redress({"audit", "--db", "redress.db"}).status, 0);
  std::set<std::string> stored;
  std::map<std::string, int> keys;
  std::istringstream lines(space.exported());
  for (std::string line; std::getline(lines, line);) {
    const Json json = Json::parse(line);
    if (json["type"] == "post") {
      EXPECT_TRUE(stored.insert(json["id"]).second) << "twice: " << line;
    }
    if (json["type"] == "reply") ++keys[json["key"].get<std::string>()];
  }
  for (const std::string& id : load.answered) EXPECT_TRUE(stored.contains(id)) << id << " was answered and is lost";
  for (const auto& [key, count] : keys) EXPECT_EQ(count, 1) << key;
  std::map<std::string, int> published;
  std::istringstream outbox(space.read("replies.jsonl"));
  for (std::string line; std::getline(outbox, line);) ++published[Json::parse(line)["key"].get<std::string>()];
  for (const auto& [key, count] : published) EXPECT_EQ(count, 1) << key << " was published twice";
  std::cout << kills << " kills, " << load.answered.size() << " posts answered, " << stored.size() << " stored, "
            << published.size() << " replies published\n";
}

}  // namespace
}  // namespace redress::test
