// A redress serve as a process of its own, in a Workspace; stopped by its process id when the test ends.
#pragma once
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/program.hpp"
#include "service/wire.hpp"

namespace redress::test {

class ServedProgram {
 public:
  // `arguments`: after "serve". It listens on a port of its own.
  ServedProgram(const Workspace& workspace, std::vector<std::string> arguments) : workspace_(workspace) {
    const std::string pipe = workspace.path("serve.out");
    ::unlink(pipe.c_str());
    EXPECT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    arguments.insert(arguments.begin(), {"serve", "--listen", "127.0.0.1:0"});
    process_ = workspace.start(arguments, pipe);
    const int fd = ::open(pipe.c_str(), O_RDONLY);  // Until the program opens its end.
    std::string line;
    char c = 0;
    while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
    out_ = fd;
    const std::string head = "listening on port ";
    EXPECT_TRUE(line.starts_with(head)) << line << workspace.read("stderr");
    if (line.starts_with(head)) port = std::atoi(line.c_str() + head.size());
  }
  ServedProgram(const ServedProgram&) = delete;
  ServedProgram& operator=(const ServedProgram&) = delete;
  ~ServedProgram() { end(SIGKILL); }

  int port = 0;
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
  [[nodiscard]] pid_t process() const { return process_; }

  // Sends the signal and waits; the exit status, or 128 and the signal.
  int end(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    ::close(out_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  const Workspace& workspace_;
  pid_t process_ = -1;
  int out_ = -1;
};

// A token for a new person with these roles, in redress.db. `more`: of every verb, as {"--clock", "virtual"}.
inline std::string token_for(const Workspace& workspace, const std::string& person, const std::vector<std::string>& roles,
                             const std::vector<std::string>& more = {}) {
  std::vector<std::string> add{"person", "add", person, "--db", "redress.db"};
  for (const std::string& role : roles) add.insert(add.end(), {"--role", role});
  add.insert(add.end(), more.begin(), more.end());
  const Finished added = workspace.redress(add);
  EXPECT_EQ(added.status, 0) << added.err;
  std::vector<std::string> make{"token", "add", person, "--db", "redress.db"};
  make.insert(make.end(), more.begin(), more.end());
  Finished made = workspace.redress(make);
  EXPECT_EQ(made.status, 0) << made.err;
  while (!made.out.empty() && made.out.back() == '\n') made.out.pop_back();
  return made.out;
}

}  // namespace redress::test
