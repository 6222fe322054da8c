// Who asks for the counts while they are counted.
#include "service/census.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "redress/forwarding_store.hpp"
#include "redress/store.hpp"

namespace redress::service {
namespace {

// A store whose cases are read only once the test lets them.
class HeldStore final : public ForwardingStore {
 public:
  HeldStore() : ForwardingStore(make_memory_store()) {}

  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    return ForwardingStore::cases(after, limit);
  }
  void hold(bool on) {
    const std::lock_guard lock(mutex_);
    held_ = on;
    changed_.notify_all();
  }
  void wait_asked(int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= times; });
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int asked_ = 0;
  bool held_ = false;
};

TEST(Censuses, AnswerWithTheLatestWhileAnotherIsTaken) {
  HeldStore store;
  std::atomic<std::int64_t> tick_ms = 1'000;
  Censuses censuses([&] { return tick_ms.load(); });
  ASSERT_TRUE(censuses.latest(store, 0));
  tick_ms = 60'000;  // Old by now.
  store.hold(true);
  std::thread counting([&] { EXPECT_TRUE(censuses.latest(store, 0)); });
  store.wait_asked(2);
  EXPECT_TRUE(censuses.latest(store, 0)) << "and does not wait, or this test never ends";
  EXPECT_EQ(store.asked(), 2);
  store.hold(false);
  counting.join();
}

TEST(Censuses, WaitForTheFirstAndTakeItOnce) {
  HeldStore store;
  Censuses censuses([] { return std::int64_t{1'000}; });
  store.hold(true);
  std::thread first([&] { EXPECT_TRUE(censuses.latest(store, 0)); });
  store.wait_asked(1);
  std::thread second([&] { EXPECT_TRUE(censuses.latest(store, 0)); });
  store.hold(false);
  first.join();
  second.join();
  EXPECT_EQ(store.asked(), 1);
}

}  // namespace
}  // namespace redress::service
