// The front on a real socket: hostile clients are refused or cut off, and hold no worker.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "service/http_front.hpp"
#include "service/wire.hpp"

namespace redress::service {
namespace {

using testing::HasSubstr;
using testing::Not;
using wire::Wire;

struct Served {
  explicit Served(Handler handler, FrontLimits limits = {}) {
    const auto listener = open_listener("127.0.0.1:0");
    EXPECT_TRUE(listener) << listener.error().message;
    front = Front::make({*listener}, limits, std::move(handler));
    EXPECT_TRUE(front->start());
  }
  [[nodiscard]] Wire connect() const { return Wire(front->port()); }
  std::unique_ptr<Front> front;
};

Response echo(const Request& request) {
  return {.content_type = "text/plain",
          .body = request.method + " " + request.path + " [" + request.body + "] " + request.header("x-note")};
}

TEST(Front, AnswersRequestsOfOneConnectionInTheirOrder) {
  const Served served(echo);
  Wire client = served.connect();
  ASSERT_TRUE(client.send(wire::get("/a") + wire::post("/b", "xyz", "X-Note: n%0d%0aX: y\r\n") +
                          wire::get("/c", "Connection: close\r\n")));
  EXPECT_EQ(client.answer().body, "GET /a [] ");
  EXPECT_EQ(client.answer().body, "POST /b [xyz] n%0d%0aX: y");
  const auto last = client.answer();
  EXPECT_EQ(last.body, "GET /c [] ");
  EXPECT_EQ(last.header("Connection"), "close");
  EXPECT_FALSE(client.receive());
}

TEST(Front, TakesARequestInAnyPieces) {
  const Served served(echo);
  Wire client = served.connect();
  for (const char c : wire::post("/p", "hello")) ASSERT_TRUE(client.send({&c, 1}));
  EXPECT_EQ(client.answer().body, "POST /p [hello] ");
}

TEST(Front, SaysContinueToWhoAsks) {
  const Served served(echo);
  Wire client = served.connect();
  ASSERT_TRUE(client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_TRUE(client.receive_until("100 Continue\r\n\r\n"));
  ASSERT_TRUE(client.send("hi"));
  EXPECT_TRUE(client.receive_until("POST /p [hi]"));
}

TEST(Front, RefusesAMalformedRequestWithAProblemAndCloses) {
  const Served served(echo);
  Wire client = served.connect();
  ASSERT_TRUE(client.send(
      "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabcGET /hidden HTTP/1.1\r\n\r\n"));
  const std::string all = client.receive_all();
  EXPECT_THAT(all, HasSubstr("HTTP/1.1 411 "));
  EXPECT_THAT(all, HasSubstr("application/problem+json"));
  EXPECT_THAT(all, Not(HasSubstr("hidden")));
  EXPECT_EQ(served.front->counts().refused_heads, 1);
}

TEST(Front, NeverShowsWhatAHandlerThrows) {
  const Served served([](const Request&) -> Response { throw std::runtime_error("the secret is 42"); });
  Wire client = served.connect();
  ASSERT_TRUE(client.send(wire::get("/")));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.head + answer.body, Not(HasSubstr("secret")));
}

TEST(Front, IgnoresRangesAndCodings) {
  const Served served(echo);
  Wire client = served.connect();
  ASSERT_TRUE(client.send(wire::get("/abcdef", "Range: bytes=0-1\r\nAccept-Encoding: gzip, br\r\n")));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /abcdef [] ");
}

TEST(Front, AnswersWhile256ClientsDripAndOthersReadNothing) {
  FrontLimits limits;
  limits.workers = 2;
  const Served served(
      [](const Request& request) { return Response{.body = request.path == "/big" ? std::string(4 << 20, 'x') : "small"}; },
      limits);
  std::vector<Wire> slow;
  for (int i = 0; i < 256; ++i) {
    slow.push_back(served.connect());
    ASSERT_TRUE(slow.back().send(i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: a\r\nX-Dr"
                                            : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"));
  }
  for (int i = 0; i < 8; ++i) {
    slow.push_back(served.connect());
    ASSERT_TRUE(slow.back().send(wire::get("/big")));
  }
  for (int i = 0; i < 50; ++i) {
    Wire client = served.connect();
    ASSERT_TRUE(client.send(wire::get("/", "Connection: close\r\n")));
    ASSERT_EQ(client.answer().body, "small");
  }
  EXPECT_GE(served.front->counts().connections, 256);
}

TEST(Front, CutsOffWhoDoesNotFinishARequestInTime) {
  FrontLimits limits;
  limits.request_ms_max = 150;
  const Served served(echo, limits);
  Wire client = served.connect();
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHo"));
  EXPECT_FALSE(client.receive());
  EXPECT_EQ(served.front->counts().timed_out, 1);
}

TEST(Front, CutsOffWhoTakesNothingOfAnAnswer) {
  FrontLimits limits;
  limits.write_ms_max = 150;
  const Served served([](const Request&) { return Response{.body = std::string(16 << 20, 'x')}; }, limits);
  Wire client = served.connect();
  ASSERT_TRUE(client.send(wire::get("/")));
  // What the kernel had taken is still there to read; then the end.
  while (served.front->counts().timed_out == 0) std::this_thread::yield();
  std::size_t got = client.receive_all().size();
  EXPECT_LT(got, std::size_t{16} << 20);
}

TEST(Front, DropsTheConnectionThatIsIdleLongestForANewOne) {
  FrontLimits limits;
  limits.connections_max = 2;
  const Served served(echo, limits);
  Wire first = served.connect();
  ASSERT_TRUE(first.send(wire::get("/1")));
  EXPECT_EQ(first.answer().status, 200);
  Wire second = served.connect();
  ASSERT_TRUE(second.send(wire::get("/2")));
  EXPECT_EQ(second.answer().status, 200);
  Wire third = served.connect();
  ASSERT_TRUE(third.send(wire::get("/3")));
  EXPECT_EQ(third.answer().status, 200);
  EXPECT_FALSE(first.receive());
}

// A handler that is held until the test lets it go.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  bool open = false;
  Response hold(const Request&) {
    std::unique_lock lock(mutex);
    ++inside;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
    return {.body = "late"};
  }
  void wait_inside(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside >= count; });
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

TEST(Front, AnswersBusyWhereTooManyRequestsWait) {
  Gate gate;
  FrontLimits limits;
  limits.workers = 1;
  limits.requests_waiting_max = 1;
  const Served served([&](const Request& request) { return gate.hold(request); }, limits);
  Wire working = served.connect();
  ASSERT_TRUE(working.send(wire::get("/")));
  gate.wait_inside(1);
  std::vector<Wire> others;
  int busy = 0;
  for (int i = 0; i < 3; ++i) {
    others.push_back(served.connect());
    ASSERT_TRUE(others.back().send(wire::get("/")));
    if (i > 0) {
      const auto answer = others.back().answer();
      EXPECT_EQ(answer.status, 503);
      EXPECT_EQ(answer.header("Retry-After"), "1");
      ++busy;
    }
  }
  EXPECT_EQ(busy, 2);
  gate.let_go();
  EXPECT_EQ(working.answer().body, "late");
  EXPECT_EQ(others.front().answer().body, "late");
}

// RFC 9110, section 6.6.1.
TEST(Front, DatesItsAnswersAndRefusals) {
  const Served served([](const Request&) { return Response{.body = "taken"}; });
  for (const std::string& request : {wire::get("/"), std::string("GARBAGE\r\n\r\n")}) {
    Wire client = served.connect();
    ASSERT_TRUE(client.send(request));
    EXPECT_THAT(client.answer().header("Date"),
                testing::MatchesRegex("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"))
        << request;
  }
}

TEST(Front, AnswersWhetherItIsWellWhileAllWorkersAreHeld) {
  Gate gate;
  FrontLimits limits;
  limits.workers = 2;
  limits.requests_waiting_max = 1;
  limits.urgent_paths = {"/livez"};
  const Served served(
      [&](const Request& request) { return request.path == "/livez" ? Response{.body = "alive"} : gate.hold(request); },
      limits);
  std::vector<Wire> held;
  for (int i = 0; i < 3; ++i) {  // The last one waits, and no other may.
    held.push_back(served.connect());
    ASSERT_TRUE(held.back().send(wire::post("/", "x")));
    if (i < 2) gate.wait_inside(i + 1);
  }
  for (const char* path : {"/livez", "/livez?verbose"}) {
    Wire prober = served.connect();
    ASSERT_TRUE(prober.send(wire::get(path)));
    EXPECT_EQ(prober.answer().body, "alive");
  }
  gate.let_go();
}

// Each of these tokens was good once.
void make_known(const Served& served, std::initializer_list<const char*> tokens) {
  for (const std::string token : tokens) {
    Wire wire = served.connect();
    for (const char* scheme : {"Bearer ", "BEARER "}) {
      ASSERT_TRUE(wire.send(wire::get("/known", "Authorization: " + std::string(scheme) + token + "\r\n")));
      EXPECT_EQ(wire.answer().body, "known");
    }
  }
}
Response known(const Request& request) {
  return {.body = "known", .of_known_asker = request.header("authorization") != "Bearer made-up"};
}

TEST(Front, KeepsWorkersFreeOfOneReadersManyRequests) {
  Gate gate;
  FrontLimits limits;
  limits.workers = 4;
  const Served served(
      [&](const Request& request) {
        if (request.path == "/known") return known(request);
        return request.method == "GET" ? gate.hold(request) : Response{.body = "taken"};
      },
      limits);
  make_known(served, {"reader", "bridge"});
  std::vector<Wire> reads;
  for (int i = 0; i < 20; ++i) {  // However the scheme is spelled.
    const std::string scheme = i % 2 == 0 ? "Bearer" : "BEARER";
    reads.push_back(served.connect());
    ASSERT_TRUE(reads.back().send(wire::get("/v1/report", "Authorization: " + scheme + " reader\r\n")));
  }
  gate.wait_inside(2);
  for (const char* who : {"Authorization: Bearer bridge\r\n", "Authorization: Bearer reader\r\n", ""}) {
    Wire client = served.connect();
    ASSERT_TRUE(client.send(wire::post("/v1/posts", "x", who)));
    EXPECT_EQ(client.answer().body, "taken") << who;
  }
  {
    const std::lock_guard lock(gate.mutex);
    EXPECT_EQ(gate.inside, 2);
  }
  gate.let_go();
  for (Wire& read : reads) EXPECT_EQ(read.answer().body, "late");
}

// One worker is held and three wait, under `token_of` each: then somebody whose token was good comes, and is not the one
// refused.
void expect_that_one_of_many_is_refused(const std::function<std::string(int)>& token_of) {
  Gate gate;
  FrontLimits limits;
  limits.workers = 1;
  limits.requests_waiting_max = 3;
  const Served served([&](const Request& request) { return request.path == "/known" ? known(request) : gate.hold(request); },
                      limits);
  make_known(served, {"many", "made-up", "other"});
  std::vector<Wire> many;
  for (int i = 0; i < 4; ++i) {
    many.push_back(served.connect());
    ASSERT_TRUE(many.back().send(wire::post("/", "x", "Authorization: Bearer " + token_of(i) + "\r\n")));
    if (i == 0) gate.wait_inside(1);
  }
  Wire other = served.connect();
  // What the front has not read of `many` yet comes after it: 503 is told to one of them in any case.
  ASSERT_TRUE(other.send(wire::post("/", "x", "Authorization: Bearer other\r\n")));
  while (served.front->counts().refused_busy == 0) std::this_thread::yield();
  gate.let_go();
  EXPECT_EQ(other.answer().body, "late");
  int busy = 0;
  for (Wire& one : many) busy += one.answer().status == 503 ? 1 : 0;
  EXPECT_EQ(busy, 1);
}

TEST(Front, TellsWhoHasMostWaitingThatItIsBusy) {
  expect_that_one_of_many_is_refused([](int) { return "many"; });
}

TEST(Front, GivesMadeUpTokensOneTurnTogether) {
  expect_that_one_of_many_is_refused([](int i) { return "made-up-" + std::to_string(i); });
}

TEST(Front, FinishesWhatIsUnderWayWhenItDrains) {
  Gate gate;
  Served served([&](const Request& request) { return gate.hold(request); });
  Wire idle = served.connect();
  Wire working = served.connect();
  ASSERT_TRUE(working.send(wire::get("/")));
  gate.wait_inside(1);
  std::thread draining([&] { served.front->drain(60'000); });
  EXPECT_FALSE(idle.receive());  // Idle ones go at once.
  gate.let_go();
  EXPECT_EQ(working.answer().body, "late");
  draining.join();
}

TEST(Front, HandsAStreamOverAndEndsItWhereItsReaderTakesNothing) {
  std::shared_ptr<Stream> stream;
  std::mutex mutex;
  std::condition_variable opened;
  FrontLimits limits;
  limits.stream_bytes_max = 64 * 1024;
  const Served served(
      [&](const Request&) {
        Response response{.content_type = "text/event-stream"};
        response.on_stream = [&](std::shared_ptr<Stream> s) {
          const std::lock_guard lock(mutex);
          stream = std::move(s);
          opened.notify_all();
        };
        return response;
      },
      limits);
  Wire client = served.connect();
  ASSERT_TRUE(client.send(wire::get("/events")));
  {
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return stream != nullptr; });
  }
  stream->send("data: one\n\n");
  ASSERT_TRUE(client.receive_until("data: one\n\n"));
  EXPECT_THAT(client.so_far(), HasSubstr("text/event-stream"));
  EXPECT_THAT(client.so_far(), Not(HasSubstr("Content-Length")));
  for (int i = 0; i < 1000 && !stream->ended(); ++i) stream->send(std::string(64 * 1024, 'x'));
  while (!stream->ended()) std::this_thread::yield();
  stream->send("after the end");  // Nobody is there; nothing happens.
}

TEST(Listener, NamesAnAddressThatIsTaken) {
  const Served served(echo);
  const auto again = open_listener("127.0.0.1:" + std::to_string(served.front->port()));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::unavailable);
  EXPECT_THAT(again.error().message, HasSubstr("another program listens there"));
}

TEST(Listener, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "example.com:80", "[::1:80", "unix:"}) {
    const auto listener = open_listener(address);
    ASSERT_FALSE(listener) << address;
    EXPECT_EQ(listener.error().code, Code::invalid) << address;
  }
}

// A folder for socket files, whose paths are short enough for them.
struct Folder {
  Folder() { EXPECT_NE(::mkdtemp(name), nullptr); }
  ~Folder() { std::filesystem::remove_all(name); }
  [[nodiscard]] std::string path(const char* file) const { return std::string(name) + "/" + file; }
  char name[32] = "/tmp/redress_socket_XXXXXX";
};

// A socket bound at this path by somebody else; never listening.
int bound_at(const std::string& path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return fd;
}

TEST(Listener, ReplacesTheSocketThatAKilledProcessLeft) {
  const Folder folder;
  ::close(bound_at(folder.path("s"), SOCK_STREAM));
  const auto listener = open_listener("unix:" + folder.path("s"));
  ASSERT_TRUE(listener) << listener.error().message;
  EXPECT_EQ(std::filesystem::status(folder.path("s")).permissions(), std::filesystem::perms{0660});
  const auto again = open_listener("unix:" + folder.path("s"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::unavailable);
  EXPECT_THAT(again.error().message, HasSubstr("another program listens there"));
  ::close(*listener);
}

TEST(Listener, SaysThatNoSocketIsAtItsPathAndLeavesItThere) {
  const Folder folder;
  std::ofstream(folder.path("f")) << "mine";
  std::filesystem::create_directory(folder.path("d"));
  std::filesystem::create_symlink("nowhere", folder.path("l"));
  for (const auto& [name, what] : {std::pair("f", "a file"), {"d", "a folder"}, {"l", "a link"}}) {
    const auto listener = open_listener("unix:" + folder.path(name));
    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().message,
              "unix:" + folder.path(name) + ": " + what + " is there, and no socket: remove it, or listen elsewhere");
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(folder.path(name))));
  }
}

TEST(Listener, KeepsASocketOfWhichItCannotTellWhetherSomebodyListens) {
  const Folder folder;
  const int other = bound_at(folder.path("s"), SOCK_DGRAM);
  const auto listener = open_listener("unix:" + folder.path("s"));
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code, Code::unavailable);
  EXPECT_THAT(listener.error().message, HasSubstr("cannot be told: Protocol wrong type for socket"));
  EXPECT_TRUE(std::filesystem::exists(folder.path("s")));
  ::close(other);
}

TEST(Listener, LeavesTheProcesssMaskAlone) {
  const Folder folder;
  const mode_t before = ::umask(0077);
  const auto listener = open_listener("unix:" + folder.path("s"));
  EXPECT_EQ(std::filesystem::status(folder.path("s")).permissions(), std::filesystem::perms{0660});
  EXPECT_EQ(::umask(before), mode_t{0077});
  ASSERT_TRUE(listener);
  ::close(*listener);
}

TEST(SocketFile, IsRemovedUnlessAnotherStandsInItsPlace) {
  const Folder folder;
  const std::string path = folder.path("s");
  const auto listener = open_listener("unix:" + path);
  ASSERT_TRUE(listener);
  { const SocketFile file(path); }
  EXPECT_FALSE(std::filesystem::exists(path));
  const auto second = open_listener("unix:" + path);
  ASSERT_TRUE(second);
  std::optional<SocketFile> file(path);
  std::filesystem::remove(path);
  const int newer = bound_at(path, SOCK_STREAM);
  file.reset();
  EXPECT_TRUE(std::filesystem::exists(path));
  for (const int fd : {*listener, *second, newer}) ::close(fd);
}

}  // namespace
}  // namespace redress::service
