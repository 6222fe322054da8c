// fork, exec, wait: no shell between a test and the program.
#include "cli/program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace redress::test {
namespace {

namespace fs = std::filesystem;

void redirect(const std::string& path, int to) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(126);
}

}  // namespace

Workspace::Workspace() {
  std::string pattern = (fs::temp_directory_path() / "redress-cli-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  fs::copy_file(REDRESS_SOURCE "/examples/demo/accounts.json", path("accounts.json"));
  fs::copy_file(REDRESS_SOURCE "/tests/crash/departments.json", path("departments.json"));
  fs::create_directory(path("workflows"));
  fs::copy_file(REDRESS_SOURCE "/workflows/billing-overcharge.json", path("workflows/billing-overcharge.json"));
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Workspace::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string Workspace::read(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t Workspace::start(const std::vector<std::string>& arguments, const std::string& out) const {
  std::vector<std::string> words{REDRESS_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (::chdir(folder_.c_str()) != 0) ::_exit(126);
  redirect(out.empty() ? path("stdout") : out, STDOUT_FILENO);
  redirect(path("stderr"), STDERR_FILENO);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(REDRESS_PROGRAM, argv.data());
  ::_exit(127);
}

Finished Workspace::wait(pid_t process) const {
  int status = 0;
  ::waitpid(process, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read("stdout"), read("stderr")};
}

Finished Workspace::redress(const std::vector<std::string>& arguments, const std::string& out) const {
  return wait(start(arguments, out));
}

std::vector<std::string> Workspace::run_arguments(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{
      "run",           "--db",     "redress.db",    "--workflows",         "workflows",        "--plugins",
      REDRESS_PLUGINS, "--outbox", "replies.jsonl", "--department-config", "departments.json", "--posts",
      "posts.jsonl",   "--clock",  "virtual"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Finished Workspace::run(const std::vector<std::string>& more) const { return redress(run_arguments(more)); }

std::string post_line(const std::string& id, const std::string& handle, const std::string& at, const std::string& text) {
  const nlohmann::ordered_json line{{"id", id},         {"channel", "x"},   {"author", handle},
                                    {"created_at", at}, {"language", "en"}, {"text", text}};
  return line.dump() + "\n";
}

}  // namespace redress::test
