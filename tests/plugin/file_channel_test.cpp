// The file channel: one line a key, on the disk before it says done.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "redress/channel.hpp"
#include "redress/limits.hpp"

namespace {
bool sync_fails = false;
}

// Stands before the C library's, so that a test can let the disk fail.
extern "C" int fdatasync(int fd) {
  if (sync_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace redress {
namespace {

using testing::HasSubstr;

class FileChannelTest : public testing::Test {
 protected:
  FileChannelTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    path_ = testing::TempDir() + "redress_outbox_" + info->name();
    std::filesystem::remove(path_);
  }
  ~FileChannelTest() override {
    sync_fails = false;
    std::filesystem::remove(path_);
  }

  std::shared_ptr<Channel> open() const {
    auto channel = make_file_channel(path_);
    if (!channel) ADD_FAILURE() << channel.error().message;
    return channel ? *channel : nullptr;
  }
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes; }

  static Publication reply(std::string_view key, std::string_view text = "We refunded it.") {
    Publication publication;
    publication.key = key;
    publication.reply = "7";
    publication.case_reference = "R-1";
    publication.channel = "x";
    publication.in_reply_to = "p1";
    publication.text = text;
    publication.now_ms = 1'507'503'855'000;
    return publication;
  }

  std::string path_;
};

TEST_F(FileChannelTest, WritesOneLineForAReply) {
  EXPECT_EQ(open()->publish(reply("k1", "Olá \"tú\"")).kind, OutcomeKind::done);
  EXPECT_EQ(content(), R"({"reply":"7","case":"R-1","channel":"x","in_reply_to":"p1","text":"Olá \"tú\"","key":"k1",)"
                       R"("at":"2017-10-08T23:04:15Z"})"
                       "\n");
}

TEST_F(FileChannelTest, MarksAPrivateReply) {
  Publication hidden = reply("k1");
  hidden.is_private = true;
  EXPECT_EQ(open()->publish(hidden).kind, OutcomeKind::done);
  EXPECT_THAT(content(), testing::HasSubstr(R"("key":"k1","private":true,"at":)"));
}

TEST_F(FileChannelTest, PublishesAKeyOnceAlsoAfterReopening) {
  {
    const auto channel = open();
    EXPECT_TRUE(channel->dedupes());
    EXPECT_EQ(channel->publish(reply("k1")).kind, OutcomeKind::done);
    EXPECT_EQ(channel->publish(reply("k1")).kind, OutcomeKind::done);
    EXPECT_EQ(channel->publish(reply("k2")).kind, OutcomeKind::done);
  }
  const std::string before = content();
  EXPECT_EQ(std::count(before.begin(), before.end(), '\n'), 2);
  const auto channel = open();
  EXPECT_EQ(channel->publish(reply("k1")).kind, OutcomeKind::done);
  EXPECT_EQ(content(), before);
}

TEST_F(FileChannelTest, LooksAKeyUp) {
  const auto channel = open();
  EXPECT_EQ(channel->lookup(reply("k1")).kind, OutcomeKind::retry);
  static_cast<void>(channel->publish(reply("k1")));
  EXPECT_EQ(channel->lookup(reply("k1")).kind, OutcomeKind::done);
}

TEST_F(FileChannelTest, NeverSaysDoneForAnotherTextUnderAKey) {
  const auto channel = open();
  static_cast<void>(channel->publish(reply("k1", "one")));
  EXPECT_EQ(channel->publish(reply("k1", "two")).kind, OutcomeKind::declined);
  EXPECT_EQ(channel->lookup(reply("k1", "two")).kind, OutcomeKind::unknown);
}

TEST_F(FileChannelTest, CutsATornLineOffAtEveryLength) {
  static_cast<void>(open()->publish(reply("k1")));
  const std::string first = content();
  static_cast<void>(open()->publish(reply("k2")));
  const std::string both = content();
  for (std::size_t length = first.size(); length < both.size(); ++length) {
    write(both.substr(0, length));
    const auto channel = open();
    EXPECT_EQ(content(), first);
    EXPECT_EQ(channel->lookup(reply("k2")).kind, OutcomeKind::retry);
    EXPECT_EQ(channel->lookup(reply("k1")).kind, OutcomeKind::done);
  }
}

TEST_F(FileChannelTest, CutsALastLineOfZerosOff) {
  static_cast<void>(open()->publish(reply("k1")));
  const std::string first = content();
  write(first + std::string(40, '\0') + '\n');  // Its blocks were never written, save the last.
  EXPECT_EQ(open()->publish(reply("k2")).kind, OutcomeKind::done);
  EXPECT_THAT(content(), HasSubstr(first + "{\"reply\""));
}

TEST_F(FileChannelTest, RefusesAFileOfSomethingElse) {
  write("dear diary\nit rained\n");
  const auto channel = make_file_channel(path_);
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().code, Code::corrupt);
  EXPECT_THAT(channel.error().message, HasSubstr("line 1: is no reply of ours"));
  EXPECT_EQ(content(), "dear diary\nit rained\n");
}

TEST_F(FileChannelTest, HasOneOwnerAtATime) {
  auto first = open();
  const auto second = make_file_channel(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr(path_));
  first.reset();
  EXPECT_TRUE(make_file_channel(path_));
}

TEST_F(FileChannelTest, RefusesAPathThatCannotBeAFile) {
  EXPECT_EQ(make_file_channel("/nonexistent/outbox").error().code, Code::unavailable);
  EXPECT_EQ(make_file_channel("/dev/null").error().code, Code::invalid);
}

TEST_F(FileChannelTest, AnswersRetryWhenTheDiskIsFullAndLeavesNoPart) {
  const auto channel = open();
  static_cast<void>(channel->publish(reply("k1")));
  const std::string before = content();
  ASSERT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit small{before.size() + 20, old.rlim_max};  // A part of the line fits.
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Outcome full = channel->publish(reply("k2"));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_EQ(full.kind, OutcomeKind::retry);
  EXPECT_EQ(content(), before);
  EXPECT_EQ(channel->publish(reply("k2")).kind, OutcomeKind::done);
}

TEST_F(FileChannelTest, AnswersUnknownWhenASyncFailsAndTakesNothingMore) {
  auto channel = open();
  static_cast<void>(channel->publish(reply("k1")));
  sync_fails = true;
  EXPECT_EQ(channel->publish(reply("k2")).kind, OutcomeKind::unknown);
  sync_fails = false;
  EXPECT_EQ(channel->publish(reply("k2")).kind, OutcomeKind::unknown);
  EXPECT_EQ(channel->lookup(reply("k2")).kind, OutcomeKind::unknown);
  EXPECT_EQ(channel->lookup(reply("k1")).kind, OutcomeKind::done);
  EXPECT_EQ(channel->publish(reply("k3")).kind, OutcomeKind::retry);
  channel.reset();
  EXPECT_EQ(open()->lookup(reply("k2")).kind, OutcomeKind::done);  // Opened anew it is known: the line is there, and synced.
}

TEST_F(FileChannelTest, AnswersRetryWhenTheFileIsNoLongerItsOwn) {
  const auto channel = open();
  std::ofstream(path_, std::ios::app) << "graffiti\n";
  EXPECT_THAT(channel->publish(reply("k1")).reason, HasSubstr("changed by another program"));
  std::filesystem::remove(path_);
  const Outcome gone = channel->publish(reply("k1"));
  EXPECT_EQ(gone.kind, OutcomeKind::retry);
  EXPECT_THAT(gone.reason, HasSubstr("was deleted"));
}

TEST_F(FileChannelTest, DeclinesWhatCanNeverBeALine) {
  const auto channel = open();
  EXPECT_EQ(channel->publish(reply("k1", "\xff")).kind, OutcomeKind::declined);
  EXPECT_EQ(channel->publish(reply("k2", std::string(limits::document_bytes_max, 'x'))).kind, OutcomeKind::declined);
  EXPECT_EQ(content(), "");
}

}  // namespace
}  // namespace redress
