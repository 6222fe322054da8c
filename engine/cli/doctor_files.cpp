// The doctor's checks of files: the database, the outbox, the disk below them, and secrets.
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "cli/doctor.hpp"
#include "cli/instants.hpp"
#include "cli/session.hpp"
#include "redress/clock.hpp"
#include "redress/inspection.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t free_bytes_least = 64 * mebibyte;  // Less: the next transaction may find the disk full.
constexpr std::int64_t free_bytes_low = 1024 * mebibyte;
constexpr std::int64_t wal_bytes_high = 256 * mebibyte;
constexpr std::int64_t clock_slack_ms = 1000;

const std::string how_to_make_a_secret = "echo \"whsec_$(openssl rand -base64 32)\"";

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string mebibytes(std::int64_t bytes) { return std::to_string(bytes / mebibyte) + " MiB"; }

// File systems on which a database or an outbox is not as durable, or not as exclusive, as it seems.
struct Kind {
  std::uint64_t magic;
  const char* name;
  const char* why;
};
constexpr const char* by_network = "locks and syncs over a network are not to be trusted with a database";
constexpr std::array kinds{
    Kind{0x6969, "NFS", by_network},
    Kind{0x517B, "SMB", by_network},
    Kind{0xFF534D42, "CIFS", by_network},
    Kind{0xFE534D42, "SMB 2", by_network},
    Kind{0x01021997, "9P", by_network},
    Kind{0x00C36400, "Ceph", by_network},
    Kind{0x5346414F, "AFS", by_network},
    Kind{0x65735546, "FUSE", "what is synced there depends on the program behind it"},
    Kind{0x01021994, "tmpfs", "it is gone after a restart"},
    Kind{0x858458F6, "ramfs", "it is gone after a restart"},
    Kind{0x794C7630, "overlay", "a container's own layer is gone with the container"},
};

}  // namespace

bool Checkup::check_folder_of(const std::string& what, const std::string& path) {
  const std::string folder = folder_of(path);
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    fail(what, "the folder " + folder + " for " + path + " is not there", "Make it");
  } else if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    fail(what, "nothing can be made in the folder " + folder + " for " + path + ": " + std::strerror(errno),
         "Give the folder to the user that runs redress");
  } else {
    return true;
  }
  return false;
}

void Checkup::check_not_for_all(const std::string& what, const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || (found.st_mode & S_IWOTH) == 0) return;
  if (S_ISDIR(found.st_mode) && (found.st_mode & S_ISVTX) != 0) return;
  fail(what, "anyone on this machine can change " + path, "chmod o-w " + path);
}

void Checkup::check_database() {
  struct stat found {};
  if (::stat(config_.database.c_str(), &found) != 0) {
    if (check_folder_of("database", config_.database))
      ok("database", config_.database + " is not there yet; the first run makes it");
    return;
  }
  check_database_file();
  auto store = open_for_reading(config_.database);
  if (!store) return fail("database", store.error().message, "");
  store_ = std::move(*store);
  check_database_state();
  check_writer();
  ok("audit", "not done here: redress audit reads the whole history");
}

// The files that are there: whether we may write them, and who may read them.
void Checkup::check_database_file() {
  for (const char* ending : {"", "-wal", "-shm", ".lock"}) {
    const std::string path = config_.database + ending;
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) continue;
    if (::access(path.c_str(), R_OK | W_OK) != 0)
      fail("database",
           path + " belongs to user " + std::to_string(found.st_uid) + " and cannot be written: " + std::strerror(errno),
           "Run redress as that user, or give the file to this one");
    check_not_for_all("database", path);
  }
  struct stat file {
  }, folder{};
  if (::stat(config_.database.c_str(), &file) != 0 || ::stat(folder_of(config_.database).c_str(), &folder) != 0) return;
  if ((file.st_mode & S_IROTH) != 0 && (folder.st_mode & S_IXOTH) != 0)
    warn("database", "anyone on this machine can read " + config_.database + ", and it holds what customers wrote",
         "chmod 0700 " + folder_of(config_.database));
  check_folder_of("database", config_.database);  // SQLite makes files beside it.
}

void Checkup::check_database_state() {
  const auto meta = store_->meta();
  if (!meta) return fail("database", meta.error().message, "");
  const std::string clock = meta->clock.empty() ? "no time yet" : meta->clock + " time";
  ok("database", config_.database + " opens; it is driven by " + clock +
                     (meta->last_at_ms > 0 ? ", last written at " + format_instant(meta->last_at_ms) : ", and empty"));
  const std::int64_t now_ms = make_system_clock()->now_ms();
  if (meta->clock != "virtual" && meta->last_at_ms > now_ms + clock_slack_ms)
    warn("clock",
         "the database was written at " + format_instant(meta->last_at_ms) + ", and the system's clock says " +
             format_instant(now_ms) + ": it went back",
         "Set the clock right: until it has caught up, deadlines come late");
  std::error_code failed;
  const auto wal_bytes = static_cast<std::int64_t>(fs::file_size(config_.database + "-wal", failed));
  if (!failed && wal_bytes > wal_bytes_high)
    warn("database", config_.database + "-wal has " + mebibytes(wal_bytes) + ": somebody has been reading for long",
         "End that reader; the writer then shortens it");
}

void Checkup::check_writer() {
  const auto writer = find_writer(config_.database);
  if (!writer) return warn("writer", writer.error().message, "Run the doctor as the user that runs redress");
  if (!*writer) return ok("writer", "nobody writes the database now");
  writer_ = static_cast<long>(**writer);
  ok("writer", "the database is being written by " + name_of_process(writer_) + "; another writer is refused until it ends");
}

void Checkup::check_outbox() {
  struct stat found {};
  if (::stat(config_.outbox.c_str(), &found) != 0) {
    if (check_folder_of("outbox", config_.outbox)) ok("outbox", config_.outbox + " is not there yet; the first run makes it");
  } else if (!S_ISREG(found.st_mode)) {
    fail("outbox", config_.outbox + " is no file", "Name a file that replies are appended to");
  } else if (::access(config_.outbox.c_str(), R_OK | W_OK) != 0) {
    fail("outbox", config_.outbox + " cannot be read and written: " + std::strerror(errno),
         "Give it to the user that runs redress");
  } else {
    ok("outbox", config_.outbox + " can be appended to");
  }
  check_not_for_all("outbox", config_.outbox);
}

void Checkup::check_disk() {
  std::set<std::string> folders;
  for (const std::string& path : {config_.database, config_.outbox})
    if (folders.insert(folder_of(path)).second) check_disk_at(folder_of(path));
}

void Checkup::check_disk_at(const std::string& folder) {
  struct statvfs space {};
  struct statfs kind {};
  if (::statvfs(folder.c_str(), &space) != 0 || ::statfs(folder.c_str(), &kind) != 0)
    return warn("disk", "nothing is known of the disk at " + folder + ": " + std::strerror(errno), "");
  const auto free_bytes = static_cast<std::int64_t>(space.f_bavail) * static_cast<std::int64_t>(space.f_frsize);
  const std::string found = mebibytes(free_bytes) + " are free at " + folder;
  if (free_bytes < free_bytes_least)
    fail("disk", found + ": posts will be refused", "Make room");
  else if (free_bytes < free_bytes_low)
    warn("disk", found, "Make room before it is full");
  else
    ok("disk", found);
  if (space.f_files > 0 && space.f_favail == 0)
    fail("disk", "no file can be made at " + folder + ": no inode is free", "Make room");
  if ((space.f_flag & ST_RDONLY) != 0) fail("disk", folder + " is mounted read-only", "Mount it for writing");
  for (const Kind& one : kinds)
    if (static_cast<std::uint64_t>(kind.f_type) == one.magic)
      warn("disk", folder + " is on " + one.name + ": " + one.why, "Take a local disk");
}

void Checkup::check_secrets() {
  for (const InboundConfig& hook : config_.inbound) check_secret("inbound " + hook.name, hook.secret_file);
  for (const OutboundConfig& hook : config_.outbound) {
    check_secret("outbound " + hook.name, hook.secret_file);
    const auto url = parse_url(hook.url);
    if (url && !url->tls && !url->host.starts_with("127.") && url->host != "::1" && url->host != "localhost")
      warn("outbound", hook.name + " is told over plain http: who listens on the way reads it", "Take https");
  }
}

void Checkup::check_secret(const std::string& hook, const std::string& path) {
  if (path.empty()) return;
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0)
    return fail("secrets", path + " (" + hook + ") is not there: " + std::strerror(errno), "Make it: " + how_to_make_a_secret);
  const std::size_t before = checks_.size();
  if (auto secret = read_secret(path); !secret)
    fail("secrets", secret.error().message, how_to_make_a_secret + " makes a good one");
  if ((found.st_mode & (S_IROTH | S_IWOTH)) != 0)
    fail("secrets", "anyone on this machine can read or write " + path + " (" + hook + ")", "chmod 0600 " + path);
  else if ((found.st_mode & (S_IRGRP | S_IWGRP)) != 0)
    warn("secrets", "its group can read or write " + path + " (" + hook + ")", "chmod 0600 " + path);
  if (found.st_uid != ::geteuid() && found.st_uid != 0)
    warn("secrets", path + " (" + hook + ") belongs to user " + std::to_string(found.st_uid) + ", who can change it",
         "Give it to the user that runs redress");
  if (checks_.size() == before) ok("secrets", path + " (" + hook + ") is there, for its owner alone");
}

}  // namespace redress::cli
