// The board on a disk that fails: fsync and ftruncate of this program fail when a test says so.
#include "communications/board.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "books_probe.hpp"

namespace {
bool syncs = true, truncates = true;
int fail() {
  errno = EIO;
  return -1;
}
}  // namespace

extern "C" int fsync(int file) noexcept(noexcept(::fsync(file))) {
  return syncs ? static_cast<int>(syscall(SYS_fsync, file)) : fail();
}
extern "C" int ftruncate(int file, off_t length) noexcept(noexcept(::ftruncate(file, length))) {
  return truncates ? static_cast<int>(syscall(SYS_ftruncate, file, length)) : fail();
}

namespace redress {
namespace {

using communications::Board;
using testing::Folder;

const std::string first = R"({"entry":"N-1"})", second = R"({"entry":"N-2"})";

class FailingDisk : public ::testing::Test {
 protected:
  FailingDisk() { EXPECT_TRUE(board_->put("N-1", first)); }
  ~FailingDisk() override { syncs = truncates = true; }
  [[nodiscard]] std::string text() const { return testing::read_file(folder_.file("b.jsonl")); }

  Folder folder_;
  std::unique_ptr<Board> board_ = std::move(*Board::open(folder_.file("b.jsonl")));
};

TEST_F(FailingDisk, ThatDoesNotSyncGetsTheLineOnceWhenItIsPutAgain) {
  syncs = false;
  const auto put = board_->put("N-2", second);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::unavailable);
  EXPECT_FALSE(board_->has("N-2"));
  EXPECT_EQ(text(), first + "\n");
  syncs = true;
  ASSERT_TRUE(board_->put("N-2", second));
  EXPECT_EQ(text(), first + "\n" + second + "\n");
}

TEST_F(FailingDisk, ThatIsFullInMidLineKeepsNothingOfIt) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{first.size() + 8, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto put = board_->put("N-2", second);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, handler);
  ASSERT_FALSE(put);
  EXPECT_EQ(text(), first + "\n");
  ASSERT_TRUE(board_->put("N-2", second));
  EXPECT_EQ(text(), first + "\n" + second + "\n");
}

TEST_F(FailingDisk, ThatTakesNothingBackGetsNothingMoreUntilItIsOpenedAnew) {
  syncs = truncates = false;
  const auto put = board_->put("N-2", second);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::internal);
  EXPECT_FALSE(board_->is_whole());
  syncs = truncates = true;
  EXPECT_EQ(board_->put("N-2", second).error().code, Code::internal);
  EXPECT_EQ(board_->put("N-3", second).error().code, Code::internal);
  EXPECT_EQ(text(), first + "\n" + second + "\n");
  board_ = std::move(*Board::open(folder_.file("b.jsonl")));
  ASSERT_TRUE(board_->put("N-2", second));  // It is there.
  EXPECT_EQ(text(), first + "\n" + second + "\n");
}

}  // namespace
}  // namespace redress
