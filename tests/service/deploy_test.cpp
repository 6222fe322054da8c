// What deploy/ holds is what the tools that read it take: systemd's own check of the units, nginx's of its configuration; and
// nginx serves by it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "service/served_program.hpp"

namespace redress::test {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream file(std::string(REDRESS_SOURCE "/deploy/") + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

bool is_there(const char* tool) { return std::system((std::string("command -v ") + tool + " > /dev/null").c_str()) == 0; }

TEST(Deploy, HasUnitsThatSystemdTakes) {
  if (!is_there("systemd-analyze")) GTEST_SKIP() << "systemd-analyze is not installed";
  const Workspace space;
  std::string unit = with(text_of("redress.service"), "/usr/bin/redress", REDRESS_PROGRAM);
  space.write("redress.service", with(unit, "Documentation=man:redress(1)\n", ""));  // The page is not installed here.
  space.write("redress.socket", text_of("redress.socket"));
  const std::string command = "systemd-analyze verify " + space.path("redress.service") + " > " + space.path("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << space.read("said");
  EXPECT_EQ(space.read("said"), "");
}

// deploy/nginx.conf with a certificate of its own, and what nginx needs around it, in a workspace.
void write_nginx(const Workspace& space, std::string site) {
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=redress.example.com -keyout " +
                           space.path("key") + " -out " + space.path("certificate") + " > /dev/null 2>&1";
  ASSERT_EQ(std::system(make.c_str()), 0);
  site = with(site, "/etc/ssl/certs/redress.example.com.pem", space.path("certificate"));
  space.write("redress.conf", with(site, "/etc/ssl/private/redress.example.com.key", space.path("key")));
  std::string folders;
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    folders += std::string(kind) + "_temp_path " + space.path(kind) + "; ";
  const std::string user = ::geteuid() == 0 ? "user root; " : "";  // Who may read the workspace.
  space.write("nginx.conf", user + "daemon off; pid " + space.path("pid") +
                                "; error_log stderr; events {} http { access_log off; " + folders + "include " +
                                space.path("redress.conf") + "; }\n");
}

TEST(Deploy, HasAConfigurationThatNginxTakes) {
  if (!is_there("nginx") || !is_there("openssl")) GTEST_SKIP() << "nginx or openssl is not installed";
  const Workspace space;
  write_nginx(space, text_of("nginx.conf"));
  const std::string command = "nginx -t -c " + space.path("nginx.conf") + " > " + space.path("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << space.read("said");
}

// A loopback port that nobody had a moment ago.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

// A program found on PATH, its output to a pipe; stopped by its process id at the end.
class Tool {
 public:
  explicit Tool(std::vector<std::string> words) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    process_ = ::fork();
    if (process_ == 0) {
      if (::dup2(ends[1], STDOUT_FILENO) < 0 || ::dup2(ends[1], STDERR_FILENO) < 0) ::_exit(126);
      std::vector<char*> argv;
      for (auto& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;
  ~Tool() {
    if (process_ > 0) ::kill(process_, SIGTERM);
    end();
    ::close(out_);
  }

  // Reads on until this was said; false: it was not, and nothing came for ten seconds, or all was said.
  bool says(const std::string& text) {
    while (said_.find(text) == std::string::npos)
      if (!read()) return false;
    return true;
  }
  // All that it says until it ends by itself.
  std::string all() {
    while (read()) {
    }
    end();
    return said_;
  }
  [[nodiscard]] const std::string& said() const { return said_; }

 private:
  bool read() {
    pollfd watched{out_, POLLIN, 0};
    if (::poll(&watched, 1, 10'000) <= 0) return false;
    char buffer[4096];
    const ssize_t got = ::read(out_, buffer, sizeof buffer);
    if (got > 0) said_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }
  void end() {
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

  pid_t process_ = -1;
  int out_ = -1;
  std::string said_;
};

TEST(Deploy, ServesThroughNginx) {
  for (const char* tool : {"nginx", "openssl", "curl"})
    if (!is_there(tool)) GTEST_SKIP() << tool << " is not installed";
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel", "auditor"});
  const ServedProgram served(space, {"--db", "redress.db", "--workflows", "workflows", "--plugins", REDRESS_PLUGINS,
                                     "--department-config", "departments.json", "--outbox", "replies.jsonl"});
  const int port = free_port();
  std::string site = with(text_of("nginx.conf"), "127.0.0.1:8080", "127.0.0.1:" + std::to_string(served.port));
  write_nginx(space, with(site, "listen 443 ssl", "listen 127.0.0.1:" + std::to_string(port) + " ssl"));
  Tool nginx({"nginx", "-p", space.path(""), "-c", space.path("nginx.conf")});

  // As one outside: TLS, checked against the certificate.
  const std::string name = "redress.example.com:" + std::to_string(port);
  const auto curl = [&](std::vector<std::string> more, const std::string& path) {
    std::vector<std::string> words{"curl",
                                   "-sS",
                                   "--http1.1",
                                   "--cacert",
                                   space.path("certificate"),
                                   "--resolve",
                                   name + ":127.0.0.1",
                                   "-H",
                                   "Authorization: Bearer " + token};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back("https://" + name + path);
    return words;
  };
  const std::vector<std::string> status{"-o", "/dev/null", "-w", "%{http_code}"};
  std::vector<std::string> first = status;
  first.insert(first.end(), {"--retry", "100", "--retry-connrefused", "--retry-delay", "0", "--retry-max-time", "20"});
  ASSERT_THAT(Tool(curl(first, "/v1/openapi.json")).all(), testing::EndsWith("200")) << (nginx.says("\n") ? nginx.said() : "");
  for (const char* path : {"/metrics", "/readyz", "/livez"}) EXPECT_EQ(Tool(curl(status, path)).all(), "404") << path;

  Tool feed(curl({"-N", "-i"}, "/v1/events"));
  ASSERT_TRUE(feed.says(": what came true")) << feed.said();
  const std::string post = post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice");
  EXPECT_THAT(Tool(curl({"-H", "Content-Type: application/json", "-d", post}, "/v1/posts")).all(),
              testing::HasSubstr("opened"));
  // At once: a feed that nginx buffered would say nothing for as long as it is open.
  EXPECT_TRUE(feed.says("event: case.opened")) << feed.said();
  EXPECT_THAT(feed.said(), testing::Not(testing::HasSubstr("event: case.closed"))) << "it is still open";
}

}  // namespace
}  // namespace redress::test
