// Under load, through kills and a full disk: what was answered with 2xx is there afterwards, and each key did its thing once.
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
  std::atomic<int> refused = 0;  // 503.
  std::atomic<bool> enough = false;
};

// One client: posts of its own, one after the other, until the server is gone. A post without an answer is sent again to the
// next server, under the same key.
void send_posts(int port, const std::string& token, int client, std::map<int, int>& next, Load& load) {
  wire::Wire wire(port);
  for (int i = next[client]; i < next[client] + 200 && !load.enough; ++i) {
    const std::string id = std::to_string(client) + "-" + std::to_string(i);
    const std::string handle = i % 3 == 0 ? "lucia_marin" : "user_" + id;
    const std::string body = Json::parse(post_line(id, handle, "2026-03-02T09:00:00Z", "I was charged twice")).dump();
    if (!wire.send(wire::post("/v1/posts", body, "Authorization: Bearer " + token + "\r\nIdempotency-Key: " + id + "\r\n")))
      return;
    const auto answer = wire.answer();
    if (answer.status == 0) return;
    if (answer.status == 503) {
      EXPECT_NE(answer.header("Retry-After"), "") << answer.body;
      ++load.refused;
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

struct Kept {
  std::size_t posts = 0, replies = 0;
};

// Everything that was begun comes to its end, and the database holds what was answered, each thing once.
Kept expect_kept(const Workspace& space, const Load& load) {
  const Finished run = space.redress({"run", "--db", "redress.db", "--plugins", REDRESS_PLUGINS, "--department-config",
                                      "departments.json", "--outbox", "replies.jsonl"});
  EXPECT_EQ(run.status, 0) << run.err;
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
  return {.posts = stored.size(), .replies = published.size()};
}

const std::vector<std::string> serve_arguments{"--db",      "redress.db",    "--workflows",         "workflows",
                                               "--plugins", REDRESS_PLUGINS, "--department-config", "departments.json",
                                               "--outbox",  "replies.jsonl"};

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
    ServedProgram served(space, serve_arguments);
    ASSERT_NE(served.port, 0);
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client)
      threads.emplace_back([&, client] { send_posts(served.port, token, client, next, load); });
    const int until = load.count + std::uniform_int_distribution(1, 400)(chance);
    while (load.count < until && load.count < (kill + 1) * clients * 200) std::this_thread::yield();
    served.end(SIGKILL);
    for (std::thread& thread : threads) thread.join();
  }
  const Kept kept = expect_kept(space, load);
  std::cout << kills << " kills, " << load.answered.size() << " posts answered, " << kept.posts << " stored, " << kept.replies
            << " replies published\n";
}

// Filled and emptied three times; the load goes on all the while.
TEST(FullDisk, IsAnswered503AndLosesNothingThatWasAnswered) {
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel"});
  const std::string full = space.path("full");
  ::setenv("LD_PRELOAD", REDRESS_FULL_DISK, 1);
  ::setenv("REDRESS_TEST_FULL_DISK", full.c_str(), 1);
  ServedProgram served(space, serve_arguments);
  ::unsetenv("LD_PRELOAD");
  ::unsetenv("REDRESS_TEST_FULL_DISK");
  ASSERT_NE(served.port, 0);
  Load load;
  std::map<int, int> next;
  constexpr int posters = 16;
  for (int client = 0; client < posters; ++client) next[client] = 0;
  std::vector<std::thread> threads;
  for (int client = 0; client < posters; ++client)
    threads.emplace_back([&, client] {
      while (!load.enough) send_posts(served.port, token, client, next, load);
    });
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  const auto wait_for = [&](const std::atomic<int>& count, int more) {
    const int until = count + more;
    while (count < until && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    return count >= until;
  };
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(wait_for(load.count, 100)) << "round " << round;
    space.write("full", "");
    EXPECT_TRUE(wait_for(load.refused, 500)) << "round " << round;
    ::unlink(full.c_str());
  }
  EXPECT_TRUE(wait_for(load.count, 100));
  load.enough = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served.end(SIGTERM), 0) << space.read("stderr");
  const Kept kept = expect_kept(space, load);
  std::cout << load.answered.size() << " posts answered, " << load.refused << " refused, " << kept.posts << " stored, "
            << kept.replies << " replies published\n";
}

}  // namespace
}  // namespace redress::test
