// The channel that is a file: one JSON line for each reply, on the disk before it is called published.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "redress/channel.hpp"
#include "redress/limits.hpp"

namespace redress {
namespace {

std::string reason_of(int number) { return std::generic_category().message(number); }

// Owns a file descriptor.
class Handle {
 public:
  explicit Handle(int fd) : fd_(fd) {}
  Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// Writes all of `bytes` at `offset`; errno's number where it could not, 0 where it did.
int write_all(int fd, std::string_view bytes, std::int64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return 0;
}

// The published lines: each key with the digest of its text, and where the last whole line ends.
struct Book {
  std::map<std::string, std::string, std::less<>> digests;
  std::int64_t end = 0;
  std::string last_line;  // With its newline.
};

// Takes one whole line, without its newline, into the book; false where it is none of ours.
bool take_line(std::string_view line, Book& book) {
  const Result<Json> json = base::parse_json(line, limits::document_bytes_max);
  if (!json || !json->is_object()) return false;
  const auto key = json->find("key");
  const auto text = json->find("text");
  if (key == json->end() || !key->is_string() || text == json->end() || !text->is_string()) return false;
  book.digests[key->get<std::string>()] = base::sha256_hex(text->get_ref<const std::string&>());
  return true;
}

// Reads the file line by line. A line that is none of ours ends the book: the caller judges whether it is the last one.
class BookReader {
 public:
  BookReader(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  Result<Book> read() {
    std::string buffer(64 * 1024, '\0');
    for (;;) {
      const ssize_t taken = ::pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(offset_));
      if (taken < 0 && errno == EINTR) continue;
      if (taken < 0) return {Code::unavailable, "outbox " + path_ + " cannot be read: " + reason_of(errno)};
      if (taken == 0) return std::move(book_);  // What is left without a newline is torn.
      offset_ += taken;
      if (!take_bytes({buffer.data(), static_cast<std::size_t>(taken)})) return corrupt();
    }
  }

 private:
  bool take_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
      if (is_torn_) return false;  // Something follows the line that is none.
      const std::size_t newline = bytes.find('\n');
      line_ += bytes.substr(0, newline);
      if (line_.size() > limits::document_bytes_max) is_torn_ = true;
      if (newline == std::string_view::npos) return true;
      bytes.remove_prefix(newline + 1);
      take_whole_line();
    }
    return true;
  }

  void take_whole_line() {
    ++lines_;
    is_torn_ = is_torn_ || !take_line(line_, book_);
    if (is_torn_) return;
    line_ += '\n';
    book_.end += static_cast<std::int64_t>(line_.size());
    book_.last_line = std::exchange(line_, {});
  }

  [[nodiscard]] Error corrupt() const {
    return {Code::corrupt, "outbox " + path_ + ", line " + std::to_string(lines_) +
                               ": is no reply of ours, and more follows it; move the file away, or restore it"};
  }

  int fd_;
  std::string path_;
  Book book_;
  std::string line_;
  std::int64_t offset_ = 0;
  std::size_t lines_ = 0;
  bool is_torn_ = false;
};

class FileChannel : public Channel {
 public:
  FileChannel(Handle file, std::string path, Book book)
      : file_(std::move(file)), path_(std::move(path)), book_(std::move(book)) {}

  [[nodiscard]] Outcome publish(const Publication& publication) override {
    const std::lock_guard lock(mutex_);
    if (const auto known = find(publication)) return *known;
    if (is_broken_) return answer(OutcomeKind::retry, "failed to sync; open it again");
    const std::string line = line_of(publication);
    if (line.empty()) return answer(OutcomeKind::declined, "takes UTF-8 and lines of at most 1 MiB; this reply is neither");
    if (const std::string why = foreign_change(); !why.empty()) return answer(OutcomeKind::retry, why);
    return append(publication, line);
  }

  [[nodiscard]] Outcome lookup(const Publication& publication) override {
    const std::lock_guard lock(mutex_);
    if (const auto known = find(publication)) {
      return known->kind == OutcomeKind::done ? *known : answer(OutcomeKind::unknown, known->reason);
    }
    return answer(OutcomeKind::retry, "does not have it");
  }

  [[nodiscard]] bool dedupes() const override { return true; }

 private:
  [[nodiscard]] Outcome answer(OutcomeKind kind, const std::string& why) const {
    Outcome outcome;
    outcome.kind = kind;
    outcome.reason = "outbox " + path_ + ' ' + why;
    return outcome;
  }

  static Outcome done() {
    Outcome outcome;
    outcome.kind = OutcomeKind::done;
    outcome.evidence = "{}";
    return outcome;
  }

  // What is known of this key: done, or why it cannot be; nothing where the file does not have it.
  [[nodiscard]] std::optional<Outcome> find(const Publication& publication) const {
    if (publication.key == uncertain_key_ && !uncertain_key_.empty()) {
      return answer(OutcomeKind::unknown, "failed to sync this reply; open it again and look it up");
    }
    const auto known = book_.digests.find(publication.key);
    if (known == book_.digests.end()) return std::nullopt;
    if (known->second == base::sha256_hex(publication.text)) return done();
    return answer(OutcomeKind::declined, "has another text under the key " + known->first + "; a key publishes one text");
  }

  // The line with its newline; empty where it cannot be one.
  static std::string line_of(const Publication& publication) {
    const std::pair<const char*, std::string_view> fields[] = {
        {"reply", publication.reply},     {"case", publication.case_reference},
        {"channel", publication.channel}, {"in_reply_to", publication.in_reply_to},
        {"text", publication.text},       {"key", publication.key}};
    Json json = Json::object();
    for (const auto& [name, value] : fields) {
      if (value.size() > limits::document_bytes_max || !base::is_utf8(value)) return {};
      json[name] = std::string(value);
    }
    if (publication.is_private) json["private"] = true;
    json["at"] = base::format_instant(publication.now_ms);
    std::string line = base::dump_json(json);
    if (line.size() > limits::document_bytes_max) return {};
    return line + '\n';
  }

  // Why the file is not as this channel left it; empty: it is.
  [[nodiscard]] std::string foreign_change() const {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return "cannot be looked at: " + reason_of(errno);
    if (status.st_nlink == 0) return "was deleted; open it again";
    if (status.st_size != book_.end) return "was changed by another program; open it again";
    return {};
  }

  Outcome append(const Publication& publication, const std::string& line) {
    if (const int failed = write_all(file_.get(), line, book_.end); failed != 0) return take_back(publication, failed);
    if (::fdatasync(file_.get()) != 0) return lose_trust(publication, "was not synced: " + reason_of(errno));
    book_.end += static_cast<std::int64_t>(line.size());
    book_.digests.emplace(publication.key, base::sha256_hex(publication.text));
    return done();
  }

  // A part of the line may be there: the newline is not, so that a crash in between leaves a torn line.
  Outcome take_back(const Publication& publication, int failed) {
    if (::ftruncate(file_.get(), static_cast<off_t>(book_.end)) != 0) {
      return lose_trust(publication, "holds a part of a line that cannot be cut off: " + reason_of(errno));
    }
    return answer(OutcomeKind::retry, "did not take it: " + reason_of(failed));
  }

  // After a failed sync the kernel may call lost bytes clean. Only opening the file anew tells what it holds.
  Outcome lose_trust(const Publication& publication, const std::string& why) {
    is_broken_ = true;
    uncertain_key_ = publication.key;
    return answer(OutcomeKind::unknown, why);
  }

  Handle file_;
  const std::string path_;
  std::mutex mutex_;  // Guards what follows.
  Book book_;
  bool is_broken_ = false;
  std::string uncertain_key_;
};

Error unavailable(const std::string& path, const std::string& why) { return {Code::unavailable, "outbox " + path + ' ' + why}; }

// A file's name is durable once its folder is.
Result<void> sync_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const Handle handle(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() < 0 || ::fsync(handle.get()) != 0) {
    return unavailable(path, "has a folder that cannot be synced: " + reason_of(errno));
  }
  return {};
}

// Cuts a torn end off, and makes what was read durable. The last line is written over itself: if an earlier process failed to
// sync it, the kernel holds it as clean, and a sync alone would say yes without writing it.
Result<void> mend(int fd, const std::string& path, const Book& book) {
  if (::ftruncate(fd, static_cast<off_t>(book.end)) != 0) return unavailable(path, "cannot be mended: " + reason_of(errno));
  const std::int64_t last_begin = book.end - static_cast<std::int64_t>(book.last_line.size());
  if (const int failed = write_all(fd, book.last_line, last_begin); failed != 0) {
    return unavailable(path, "cannot be mended: " + reason_of(failed));
  }
  if (::fsync(fd) != 0) return unavailable(path, "cannot be synced: " + reason_of(errno));
  return sync_folder(path);
}

}  // namespace

Result<std::shared_ptr<Channel>> make_file_channel(const std::string& path) {
  Handle file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644));
  if (file.get() < 0) return unavailable(path, "cannot be opened: " + reason_of(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {Code::invalid, "outbox " + path + " is no regular file; name one"};
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    const int failed = errno;
    if (failed == EWOULDBLOCK) return unavailable(path, "is open in another channel or process; close that one");
    return unavailable(path, "cannot be locked: " + reason_of(failed));
  }
  Result<Book> book = BookReader(file.get(), path).read();
  if (!book) return book.error();
  if (const Result<void> mended = mend(file.get(), path, *book); !mended) return mended.error();
  return std::shared_ptr<Channel>(std::make_shared<FileChannel>(std::move(file), path, *std::move(book)));
}

}  // namespace redress
