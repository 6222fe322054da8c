// fork, exec, a pipe, and SIGKILL.
#include "crash/held_run.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace redress::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* hold_ms = "20000";  // The kill comes long before.

// In memory, where the machine has such a folder: a killed process loses nothing that the kernel has taken, so the disk's part
// in it is only time.
fs::path folder_for_tests() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

void redirect(const std::string& path, int to) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(126);
}

void set_watch(int fd, const std::optional<Moment>& moment) {
  ::setenv("REDRESS_WATCH_FD", std::to_string(fd).c_str(), 1);
  if (!moment || !moment->held) return;
  ::setenv("REDRESS_HOLD", moment->letters.empty() ? std::to_string(moment->place).c_str() : moment->letters.c_str(), 1);
  ::setenv("REDRESS_HOLD_MS", hold_ms, 1);
}

// `watch_fd` -1: unwatched.
pid_t start(const HeldFolder& folder, const std::vector<std::string>& words, int watch_fd,
            const std::optional<Moment>& moment) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (watch_fd >= 0) set_watch(watch_fd, moment);
  if (::chdir(folder.path("").c_str()) != 0) ::_exit(126);
  redirect("stdout", STDOUT_FILENO);
  redirect("stderr", STDERR_FILENO);
  std::vector<std::string> all{REDRESS_HELD};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (auto& word : all) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(REDRESS_HELD, argv.data());
  ::_exit(127);
}

bool is_reached(const std::string& letters, const Moment& moment) {
  if (moment.letters.empty()) return letters.size() > moment.place;
  return letters.find_first_of(moment.letters) != std::string::npos;
}

std::string read_letters(int fd, pid_t child, const std::optional<Moment>& moment) {
  std::string letters;
  bool killed = !moment;
  for (char letter = 0; ::read(fd, &letter, 1) == 1;) {
    letters += letter;
    if (killed || !is_reached(letters, *moment)) continue;
    if (!moment->held && moment->after_us > 0) ::usleep(static_cast<useconds_t>(moment->after_us));
    ::kill(child, SIGKILL);  // Not yet waited for, so its id is still its own.
    killed = true;
  }
  return letters;
}

}  // namespace

HeldFolder::HeldFolder(const std::string& source) {
  std::string pattern = (folder_for_tests() / "redress-crash-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  for (const auto& entry : fs::directory_iterator(fs::path(REDRESS_SOURCE) / source)) {
    const auto extension = entry.path().extension();
    if (extension == ".json" || extension == ".jsonl") fs::copy_file(entry.path(), folder_ / entry.path().filename());
  }
  fs::create_directory(folder_ / "workflows");
  for (const auto& entry : fs::directory_iterator(REDRESS_SOURCE "/workflows")) {
    const auto name = entry.path().filename();
    if (name.extension() == ".json" && (source == "examples/demo" || name == "billing-overcharge.json"))
      fs::copy_file(entry.path(), folder_ / "workflows" / name);
  }
}

HeldFolder::~HeldFolder() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string HeldFolder::read(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Ran run_held(const HeldFolder& folder, const std::optional<Moment>& moment) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  const pid_t child = start(folder,
                            {"run", "--db", "redress.db", "--workflows", "workflows", "--plugins", REDRESS_PLUGINS,
                             "--department-config", "departments.json", "--posts", "posts.jsonl", "--people", "people.jsonl",
                             "--outbox", "replies.jsonl", "--clock", "virtual", "--seed", "1"},
                            ends[1], moment);
  ::close(ends[1]);
  Ran ran{.letters = read_letters(ends[0], child, moment)};
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ran.killed = WIFSIGNALED(status);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

int run_verb(const HeldFolder& folder, const std::vector<std::string>& words) {
  const pid_t child = start(folder, words, -1, std::nullopt);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace redress::test
