// Billing killed at its n-th write to disk, for each n: what was done is there once, what was not can be done.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <list>
#include <nlohmann/json.hpp>

#include "books_probe.hpp"

namespace redress {
namespace {

using testing::billing_config;
using testing::Desk;
using testing::Folder;
using enum OutcomeKind;

// A layer under SQLite, in the child alone: it passes all on, and kills its process in the middle of the n-th write or sync.
namespace killing {
int steps_left = 0;
sqlite3_vfs layer;
// SQLite has one table of methods for the database and another for its log.
struct Methods {
  const sqlite3_io_methods* real;
  sqlite3_io_methods passed_on;
};
std::list<Methods> known;

const sqlite3_io_methods& real_of(const sqlite3_file* file) {
  return *std::find_if(known.begin(), known.end(), [&](const Methods& m) { return &m.passed_on == file->pMethods; })->real;
}
int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  if (--steps_left == 0) {
    real_of(file).xWrite(file, bytes, count / 2, offset);  // Torn.
    kill(getpid(), SIGKILL);
  }
  return real_of(file).xWrite(file, bytes, count, offset);
}
int sync(sqlite3_file* file, int flags) {
  if (--steps_left == 0) kill(getpid(), SIGKILL);
  return real_of(file).xSync(file, flags);
}
int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* under = static_cast<sqlite3_vfs*>(layer.pAppData);
  const int status = under->xOpen(under, name, file, flags, out_flags);
  if (file->pMethods == nullptr) return status;
  auto found = std::find_if(known.begin(), known.end(), [&](const Methods& m) { return m.real == file->pMethods; });
  if (found == known.end()) {
    found = known.insert(known.end(), {file->pMethods, *file->pMethods});
    found->passed_on.xWrite = write;
    found->passed_on.xSync = sync;
  }
  file->pMethods = &found->passed_on;
  return status;
}
void at(int steps) {
  sqlite3_vfs* under = sqlite3_vfs_find(nullptr);
  layer = *under;
  layer.zName = "killing";
  layer.pAppData = under;
  layer.xOpen = open;
  steps_left = steps;
  sqlite3_vfs_register(&layer, 1);
}
}  // namespace killing

struct Act {
  const char* key;
  const char* input;
};
constexpr Act acts[] = {{"s/c1/refund/1/perform", R"({"account": "A-1", "amount_minor": 4500, "currency": "EUR"})"},
                        {"s/c2/refund/1/perform", R"({"account": "A-6", "amount_minor": 2000, "currency": "USD"})"},
                        {"s/c3/refund/1/perform", R"({"account": "A-4", "amount_minor": 3000, "currency": "EUR"})"}};
constexpr const char* undo_key = "s/c1/refund/1/undo";

// All acts in order, then the first one taken back.
void work(const Desk& desk) {
  Outcome first;
  for (const Act& act : acts) {
    const Outcome outcome = desk.perform("refund", act.key, act.input);
    if (&act == acts) first = outcome;
  }
  if (first.kind == done) (void)desk.answer(Verb::undo, "reverse_refund", undo_key, acts[0].input, first.evidence);
}

// True: killed. False: it came to its end before that write.
bool killed_at(int steps, const std::string& config) {
  const pid_t child = fork();
  if (child == 0) {
    killing::at(steps);
    work(Desk(BILLING_PLUGIN, config));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// After the kill: each key says what became of it, and asking again ends all of them in the same place as without a kill.
void recover(const Desk& desk, const std::string& path) {
  EXPECT_EQ(testing::violations(path), std::vector<std::string>{});
  const bool was_undone = desk.reconcile("reverse_refund", undo_key).kind == done;
  for (const Act& act : acts) {
    const Outcome found = desk.reconcile("refund", act.key);
    const bool in_books = testing::query(path, std::string("SELECT 1 FROM refunds WHERE key = '") + act.key + "'").size() == 1;
    EXPECT_EQ(found.kind == retry, !in_books) << act.key << ' ' << found.reason;
  }
  if (!was_undone) work(desk);
  EXPECT_EQ(testing::query(path, "SELECT account || ' ' || amount_minor || ' ' || state FROM refunds ORDER BY account"),
            (std::vector<std::string>{"A-1 4500 reversed", "A-4 3000 sent", "A-6 2000 paid"}));
  EXPECT_EQ(testing::query(path, "SELECT count(*) FROM reversals"), std::vector<std::string>{"1"});
  EXPECT_EQ(testing::violations(path), std::vector<std::string>{});
}

TEST(BillingCrash, LosesAndDoublesNothingWhereverItIsKilled) {
  const Folder fresh;
  { const Desk desk(BILLING_PLUGIN, billing_config(fresh)); }
  constexpr int steps_max = 2000;
  int steps = 1;
  for (; steps < steps_max && !HasFailure(); steps += 5) {
    SCOPED_TRACE("killed at write " + std::to_string(steps));
    const Folder folder;
    const std::string config = billing_config(folder);
    std::filesystem::copy_file(fresh.file("billing.db"), folder.file("billing.db"));
    const bool killed = killed_at(steps, config);
    recover(Desk(BILLING_PLUGIN, config), folder.file("billing.db"));
    if (!killed) break;
  }
  EXPECT_GT(steps, 60) << "the layer under SQLite did not count";
  EXPECT_LT(steps, steps_max);
}

TEST(BillingCrash, BeginsAnewWhereItIsKilledWhileItImports) {
  int steps = 1;
  for (; steps < 2000 && !HasFailure(); steps += 11) {
    SCOPED_TRACE("killed at write " + std::to_string(steps));
    const Folder folder;
    const std::string config = billing_config(folder);
    const bool killed = killed_at(steps, config);
    recover(Desk(BILLING_PLUGIN, config), folder.file("billing.db"));
    if (!killed) break;
  }
  EXPECT_GT(steps, 60);
}

}  // namespace
}  // namespace redress
