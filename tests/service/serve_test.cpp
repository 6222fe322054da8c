// redress serve as its users meet it: a process, driven by curl, by Python's standard library, by the program's own verbs.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "service/served_program.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

// Runs a program found on PATH, its output to `out`; the exit status, 127 where it is not there.
int run_tool(std::vector<std::string> words, const std::string& out) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (::dup2(fd, STDOUT_FILENO) < 0 || ::dup2(fd, STDERR_FILENO) < 0) ::_exit(126);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// The demonstration's folder, and a token of a person who may bring posts in and move the clock.
struct Demo {
  Demo() {
    for (const char* name : {"accounts.json", "branches.json", "departments.json", "field.json", "people.jsonl", "posts.jsonl"})
      fs::copy_file(fs::path(REDRESS_SOURCE "/examples/demo") / name, space.path(name), fs::copy_options::overwrite_existing);
    token = token_for(space, "bridge", {"admin"}, virtually);
    first_post = Json::parse(lines_of(space.read("posts.jsonl")).front())["created_at"];
  }
  [[nodiscard]] std::vector<std::string> common() const {
    return {"--db",
            "redress.db",
            "--workflows",
            REDRESS_SOURCE "/workflows",
            "--plugins",
            REDRESS_PLUGINS,
            "--department-config",
            "departments.json",
            "--outbox",
            "replies.jsonl",
            "--people",
            "people.jsonl"};
  }
  std::vector<std::string> virtually{"--clock", "virtual", "--seed", "1"};
  Workspace space;
  std::string token, first_post;
};

std::string export_of_run(std::string& end_ms) {
  const Demo demo;
  std::vector<std::string> arguments{"run", "--posts", "posts.jsonl"};
  for (const auto& list : {demo.common(), demo.virtually}) arguments.insert(arguments.end(), list.begin(), list.end());
  const Finished run = demo.space.redress(arguments);
  EXPECT_EQ(run.status, 0) << run.err;
  // The last post and 14 days: where a run ends.
  std::string last;
  for (const std::string& line : lines_of(demo.space.read("posts.jsonl")))
    last = std::max(last, Json::parse(line)["created_at"].get<std::string>());
  std::tm parts{};
  ::strptime(last.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  end_ms = std::to_string((static_cast<std::int64_t>(::timegm(&parts)) + 14 * 86'400) * 1000);
  return demo.space.exported();
}

std::vector<std::string> rehearsal(const Demo& demo) {
  std::vector<std::string> arguments{"--start", demo.first_post};
  for (const auto& list : {demo.common(), demo.virtually}) arguments.insert(arguments.end(), list.begin(), list.end());
  return arguments;
}

TEST(Rehearsal, OfPostsSentByPythonGivesTheExportOfARun) {
  std::string end_ms;
  const std::string wanted = export_of_run(end_ms);
  const Demo demo;
  ServedProgram served(demo.space, rehearsal(demo));
  const std::string log = demo.space.path("client.out");
  const int sent = run_tool(
      {"python3", REDRESS_SOURCE "/tests/service/client.py", served.url(), demo.token, demo.space.path("posts.jsonl"), end_ms},
      log);
  if (sent == 127) GTEST_SKIP() << "python3 is not installed";
  ASSERT_EQ(sent, 0) << demo.space.read("client.out") << demo.space.read("stderr");
  EXPECT_EQ(served.end(SIGTERM), 0);
  EXPECT_EQ(demo.space.exported(), wanted);
}

TEST(Rehearsal, OfPostsSentByCurlGivesTheExportOfARun) {
  std::string end_ms;
  const std::string wanted = export_of_run(end_ms);
  const Demo demo;
  ServedProgram served(demo.space, rehearsal(demo));
  const std::string log = demo.space.path("curl.out");
  const auto curl = [&](const std::string& path, const std::string& body) {
    demo.space.write("body", body);
    return run_tool({"curl", "-sS", "--fail-with-body", "-H", "Authorization: Bearer " + demo.token, "-H",
                     "Content-Type: application/json", "--data-binary", "@" + demo.space.path("body"), served.url() + path},
                    log);
  };
  for (const std::string& line : lines_of(demo.space.read("posts.jsonl"))) {
    const int sent = curl("/v1/posts", line);
    if (sent == 127) GTEST_SKIP() << "curl is not installed";
    ASSERT_EQ(sent, 0) << demo.space.read("curl.out");
  }
  ASSERT_EQ(curl("/v1/clock", R"({"advance_to_ms":)" + end_ms + "}"), 0) << demo.space.read("curl.out");
  EXPECT_EQ(served.end(SIGTERM), 0);
  EXPECT_EQ(demo.space.exported(), wanted);
}

std::vector<std::string> plain() {
  return {"--db",          "redress.db",          "--workflows",      "workflows", "--plugins",
          REDRESS_PLUGINS, "--department-config", "departments.json", "--outbox",  "replies.jsonl"};
}

wire::Wire::Answer ask(const ServedProgram& served, const std::string& token, const std::string& text) {
  wire::Wire wire(served.port);
  const std::size_t line = text.find("\r\n") + 2;
  EXPECT_TRUE(wire.send(text.substr(0, line) + "Authorization: Bearer " + token + "\r\n" + text.substr(line)));
  return wire.answer();
}

TEST(Serve, TakesPostsAndPublishesWhatFollows) {
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel", "auditor"});
  ServedProgram served(space, plain());
  const auto fate =
      ask(served, token,
          wire::post("/v1/posts",
                     Json::parse(post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice")).dump()));
  ASSERT_EQ(fate.status, 201) << fate.body;
  // The feed tells when the case is resolved: its workers ran by themselves.
  wire::Wire feed(served.port);
  ASSERT_TRUE(feed.send("GET /v1/events?after=0-0 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n"));
  EXPECT_TRUE(feed.receive_until("event: case.resolved")) << space.read("stderr");
  EXPECT_THAT(space.read("replies.jsonl"), HasSubstr("24.90"));
}

TEST(Serve, StopsCleanlyAtASignalAndGoesOnAfterwards) {
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel", "auditor"});
  {
    ServedProgram served(space, plain());
    EXPECT_EQ(
        ask(served, token,
            wire::post("/v1/posts", Json::parse(post_line("1", "ana", "2026-03-02T09:00:00Z", "I was charged twice")).dump()))
            .status,
        201);
    EXPECT_EQ(served.end(SIGTERM), 0);
  }
  ServedProgram served(space, plain());
  EXPECT_EQ(ask(served, token, wire::get("/v1/posts/x/1")).status, 200);
  EXPECT_EQ(served.end(SIGINT), 0);
  EXPECT_EQ(space.redress({"audit", "--db", "redress.db"}).status, 0);
}

TEST(Serve, IsUnavailableWhereItsPortIsTaken) {
  const Workspace space, other;
  const ServedProgram served(space, plain());
  std::vector<std::string> arguments{"serve", "--listen", "127.0.0.1:" + std::to_string(served.port)};
  for (const auto& word : plain()) arguments.push_back(word);
  const Finished second = other.redress(arguments);
  EXPECT_EQ(second.status, 5);
  EXPECT_THAT(second.err, HasSubstr("another program listens there"));
}

TEST(Serve, TakesTheVerbsOfTheProgramByTheirToken) {
  const Workspace space;
  const std::string admin = token_for(space, "adam", {"admin"});
  ServedProgram served(space, plain());
  space.write("admin.token", admin + "\n");
  const std::vector<std::string> to{"--server", served.url(), "--token-file", "admin.token"};
  const auto remotely = [&](std::vector<std::string> words) {
    words.insert(words.end(), to.begin(), to.end());
    return space.redress(words);
  };
  EXPECT_EQ(space.redress({"person", "add", "ana", "--role", "community", "--db", "redress.db"}).status, 5)
      << "the server holds the lock";
  const Finished added = remotely({"person", "add", "ana", "--role", "community"});
  EXPECT_EQ(added.status, 0) << added.err;
  EXPECT_EQ(added.out, "ana may act as community\n");
  const Finished made = remotely({"token", "add", "ana"});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(remotely({"workflow", "pause", "billing-overcharge"}).status, 0);
  EXPECT_THAT(space.redress({"workflow", "list", "--db", "redress.db"}).out, HasSubstr("new cases shut"));
  EXPECT_EQ(remotely({"workflow", "resume", "billing-overcharge"}).status, 0);
  EXPECT_EQ(remotely({"workflow", "publish", "workflows/billing-overcharge.json"}).status, 0);
  EXPECT_EQ(remotely({"case", "retry", "C-000009"}).status, 4);
  space.write("ana.token", made.out);
  const Finished refused =
      space.redress({"workflow", "pause", "billing-overcharge", "--server", served.url(), "--token-file", "ana.token"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr("needs the role admin"));
  const Finished nobody =
      space.redress({"case", "retry", "C-1", "--server", "http://127.0.0.1:1", "--token-file", "ana.token"});
  EXPECT_EQ(nobody.status, 5) << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("could not connect to http://127.0.0.1:1: nobody listens there"));
}

TEST(Serve, NamesTheReplyThatSomebodyElseReviews) {
  const Workspace space;
  const std::string token = token_for(space, "bridge", {"channel", "auditor"});
  space.write("lea.token", token_for(space, "lea", {"community-lead"}) + "\n");
  ServedProgram served(space, plain());
  const std::string post = Json::parse(post_line("1", "ana", "2026-03-02T09:00:00Z", "I was charged twice")).dump();
  ASSERT_EQ(ask(served, token, wire::post("/v1/posts", post)).status, 201);
  const Finished said =
      space.redress({"say", "C-000001", "--text", "We are at it.", "--server", served.url(), "--token-file", "lea.token"});
  ASSERT_EQ(said.status, 0) << said.err;
  const Json shown = Json::parse(ask(served, token, wire::get("/v1/cases/C-000001")).body);
  std::string reply;
  for (const Json& one : shown["replies"])
    if (one["name"] == "said") reply = one["id"].dump();
  EXPECT_THAT(said.out, HasSubstr("\nsomebody else reviews it: redress review " + reply + " --approve|--refuse --server " +
                                  served.url() + " --token-file FILE\n"));
}

struct Sent {
  std::vector<std::string> words;
  int status;
  std::string told;  // In what it prints, or in its error.
};

// Each of them, as far as the server: what is not there, it says.
TEST(Serve, TakesEveryVerbThatWritesOverAUnixSocket) {
  const Workspace space;
  space.write("admin.token", token_for(space, "adam", {"admin"}) + "\n");
  (void)token_for(space, "zoe", {"owner"});
  const std::string listed = space.redress({"token", "list", "--json", "--db", "redress.db"}).out;
  const std::string token = Json::parse(lines_of(listed).at(1))["id"].dump();
  const std::string version = Json::parse(space.read("workflows/billing-overcharge.json"))["version"];
  const Sent verbs[] = {
      {{"person", "add", "ana", "--role", "community"}, 0, "ana may act as community"},
      {{"person", "add", "Zo\xc3\xab & co/1", "--role", "owner"}, 0, "may act as owner"},
      {{"token", "add", "ana", "--note", "n", "--until", "2090-01-01T00:00:00Z"}, 0, "redress_"},
      {{"token", "revoke", token}, 0, "token " + token + " is good no more"},
      {{"workflow", "publish", "workflows/billing-overcharge.json"},
       0,
       "billing-overcharge " + version + " is published, and is the active one already"},
      {{"workflow", "activate", "billing-overcharge", version}, 0, "takes the new cases"},
      {{"workflow", "pause", "billing-overcharge"}, 0, "new cases shut"},
      {{"workflow", "resume", "billing-overcharge"}, 0, "new cases open"},
      {{"case", "retry", "C-000009"}, 4, "no case 'C-000009'"},
      {{"case", "skip", "C-000009", "--request-id", "r-1"}, 4, "no case 'C-000009'"},
      {{"event", "C-000009", "manual.identified", "--form", R"({"account":"A-1"})"}, 4, "no case 'C-000009'"},
      {{"say", "C-000009", "--text", "we are on it"}, 4, "no case 'C-000009'"},
      {{"decide", "9", "--outcome", "failed"}, 4, "no commitment 9"},
      {{"approve", "9", "--approve"}, 4, "no commitment 9"},
      {{"review", "9", "--refuse"}, 4, "no reply 9"},
      {{"settle", "9", "--again"}, 4, "no reply 9"},
      {{"settle", "9", "--published"}, 4, "no reply 9"},
      {{"settle", "9", "--waive", "told by telephone"}, 4, "no reply 9"},
      {{"task", "done", "9", "--note", "seen"}, 4, "no task 9"},
  };
  auto arguments = plain();
  arguments.insert(arguments.end(), {"--listen", "unix:" + space.path("r.sock")});
  const ServedProgram served(space, arguments);
  for (const Sent& verb : verbs) {
    auto line = verb.words;
    line.insert(line.end(), {"--server", "unix:" + space.path("r.sock"), "--token-file", "admin.token"});
    const Finished done = space.redress(line);
    EXPECT_EQ(done.status, verb.status) << verb.words[0] << ": " << done.err;
    EXPECT_THAT(done.out + done.err, HasSubstr(verb.told)) << verb.words[0];
  }
  const Finished nobody =
      space.redress({"task", "done", "9", "--server", "unix:" + space.path("no.sock"), "--token-file", "admin.token"});
  EXPECT_EQ(nobody.status, 5);
  EXPECT_THAT(nobody.err, HasSubstr("could not connect to unix:" + space.path("no.sock")));
}

TEST(Serve, SaysWhatFollowsWhereNoDepartmentIsThere) {
  const Workspace space;
  const std::string token = token_for(space, "adam", {"admin"});
  fs::create_directory(space.path("none"));
  const ServedProgram served(space, {"--db", "redress.db", "--plugins", "none", "--outbox", "replies.jsonl"});
  EXPECT_THAT(space.read("stderr"), HasSubstr("none has no *.so; commitments stay planned"));
}

TEST(Serve, RemovesItsSocketsFileWhenItEnds) {
  const Workspace space;
  std::vector<std::string> arguments = plain();
  arguments.insert(arguments.end(), {"--listen", "unix:served.sock"});
  ServedProgram served(space, arguments);
  EXPECT_TRUE(fs::is_socket(space.path("served.sock")));
  EXPECT_EQ(served.end(SIGTERM), 0);
  EXPECT_FALSE(fs::exists(space.path("served.sock")));
}

TEST(Serve, TakesAsManyConnectionsAsItMayHaveFilesOpen) {
  const Workspace space;
  std::vector<std::string> words{REDRESS_PROGRAM, "serve", "--listen", "127.0.0.1:0"};
  for (const auto& word : plain()) words.push_back(word);
  int said[2];
  ASSERT_EQ(::pipe2(said, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit few{100, 200};
    const int err = ::open(space.path("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (::setrlimit(RLIMIT_NOFILE, &few) != 0 || ::dup2(said[1], STDOUT_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0 ||
        ::chdir(space.path("").c_str()) != 0)
      ::_exit(126);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(REDRESS_PROGRAM, argv.data());
    ::_exit(127);
  }
  ::close(said[1]);
  char c = 0;
  while (::read(said[0], &c, 1) == 1 && c != '\n') {
  }
  EXPECT_EQ(c, '\n') << "it listens";
  EXPECT_THAT(space.read("stderr"), HasSubstr("leaves room for 136 connections, not 2000: raise it to 2064"));
  std::ifstream limits("/proc/" + std::to_string(child) + "/limits");
  const std::string text{std::istreambuf_iterator<char>(limits), {}};
  EXPECT_THAT(text, testing::ContainsRegex("Max open files +200 +200"));
  ::kill(child, SIGTERM);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  ::close(said[0]);
}

// A supervisor's socket for notifications.
struct Supervisor {
  explicit Supervisor(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Supervisor() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(fd);
  }
  std::string hear() const {
    char buffer[256];
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : "";
  }
  int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(Serve, TellsItsSupervisorThatItIsReadyAndThatItStops) {
  const Workspace space;
  const Supervisor supervisor(space.path("notify"));
  ServedProgram served(space, plain());
  EXPECT_EQ(supervisor.hear(), "READY=1");
  EXPECT_EQ(served.end(SIGTERM), 0);
  EXPECT_EQ(supervisor.hear(), "STOPPING=1");
}

TEST(Serve, TakesASocketThatIsHandedOver) {
  const Workspace space;
  const std::string token = token_for(space, "adam", {"admin"});
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 16), 0);
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  // Connected before anybody serves: it waits in the socket's queue.
  wire::Wire early(ntohs(address.sin_port));
  ASSERT_TRUE(early.send(wire::get("/livez")));
  std::vector<std::string> words{REDRESS_PROGRAM, "serve"};
  for (const auto& word : plain()) words.push_back(word);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::dup2(listener, 3) < 0 || ::chdir(space.path("").c_str()) != 0) ::_exit(126);
    ::setenv("LISTEN_FDS", "1", 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(REDRESS_PROGRAM, argv.data());
    ::_exit(127);
  }
  ::close(listener);
  EXPECT_EQ(early.answer().status, 200);
  ::kill(child, SIGTERM);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace redress::test
