// Drives the engine from the host's own loop: one thread, ::poll() on the host's own descriptors, no thread and no timer of
// Redress. The engine says until when the host may sleep.
#include <poll.h>
#include <unistd.h>
#include <redress/engine.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <iomanip>
#include <iostream>
#include <limits>
#include <string>

namespace {

constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms;
constexpr std::int64_t monday_ms = 1'772'442'000'000;  // 2026-03-02T09:00:00Z.

const char* const workflow = R"json({
  "redress": 1, "id": "dark-street", "version": "1.0.0", "default_language": "en", "owner": "community",
  "intake": { "when": "post.text.contains('lamp')", "category": "lamps" },
  "commitments": {
    "mending": { "department": "lamps", "action": "mend", "due": "P2D", "input": { "where": "{{ post.text }}" } } },
  "replies": {
    "told": { "claims": { "mending": "requested" },
              "text": { "en": "{{ customer.handle }}, we told our lamp crew. Case {{ case.reference }}." } },
    "lit":  { "text": { "en": "{{ customer.handle }}, your lamp shines again: {{ mending.evidence.job }}." } },
    "unlit": { "claims": { "mending": "declined" },
               "text": { "en": "{{ customer.handle }}, we cannot mend this lamp. Case {{ case.reference }}." } } },
  "initial": "waiting",
  "states": {
    "waiting": { "entry": [ { "commit": "mending" }, { "reply": "told" } ],
                 "on": { "mending.fulfilled": { "target": "answered", "actions": [ { "reply": "lit" } ] },
                         "mending.declined": { "target": "answered", "actions": [ { "reply": "unlit" } ] },
                         "mending.failed": { "actions": [ { "escalate": "community" } ] },
                         "manual.try_again": { "target": "waiting" } },
                 "manual": { "try_again": { "role": "community" } } },
    "answered": { "type": "final" } },
  "on": { "*.overdue": { "actions": [ { "escalate": "community" } ] },
          "*.unknown": { "actions": [ { "escalate": "community" } ] } },
  "reopen": { "on": "customer.replied", "within": "P1D", "target": "waiting" }
})json";

void print(std::int64_t at_ms, const std::string& line) {
  constexpr std::array days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // 1 January 1970 was a Thursday.
  const std::int64_t seconds = at_ms / second_ms;
  std::cout << days[static_cast<std::size_t>(seconds / 86'400 % 7)] << std::setfill('0') << ' ' << std::setw(2)
            << seconds / 3600 % 24 << ':' << std::setw(2) << seconds / 60 % 60 << ':' << std::setw(2) << seconds % 60 << "  "
            << line << '\n';
}

// Its calls run on the loop's thread, so it never waits itself: what takes long is `waiting`, and it says when to ask again.
class Lamps : public redress::Department {
 public:
  std::string manifest() const override {
    return R"json({
      "id": "com.example.lamps", "version": "1.0.0", "abi": 1, "department": "lamps",
      "actions": { "mend": {
        "input": { "type": "object", "required": ["where"], "properties": { "where": { "type": "string" } } },
        "evidence": { "type": "object", "required": ["job"],
                      "properties": { "job": { "type": "string", "maxLength": 12, "public_text": true } } },
        "dedupes": true, "reconciles": true } } })json";
  }
  redress::Outcome handle(const redress::Call& call) override {
    const redress::Outcome outcome = answer_to(call);
    print(call.now_ms, "  lamps, " + std::string(call.case_reference) + ": " + std::string(to_string(call.verb)) + ", " +
                           std::string(to_string(outcome.kind)));
    return outcome;
  }

 private:
  static redress::Outcome answer_to(const redress::Call& call) {
    if (call.verb == redress::Verb::reconcile)  // Asked again after half an hour: the crew is back.
      return {.kind = redress::OutcomeKind::done, .evidence = R"({"job": ")" + std::string(call.ticket) + "\"}"};
    if (call.attempt == 1) return {.kind = redress::OutcomeKind::retry, .reason = "the line is busy"};
    return {.kind = redress::OutcomeKind::waiting,
            .ticket = "JOB-" + std::to_string(call.commitment_id),
            .retry_at_ms = call.now_ms + 30 * minute_ms};
  }
};

class Screen : public redress::Channel {
 public:
  redress::Outcome publish(const redress::Publication& publication) override {
    print(publication.now_ms, "  > " + std::string(publication.text));
    return {.kind = redress::OutcomeKind::done, .evidence = "{}"};
  }
  redress::Outcome lookup(const redress::Publication&) override { return {.reason = "a screen cannot be asked"}; }
  bool dedupes() const override { return false; }
};

// The world outside, in which time jumps: what arrives on the host's descriptor, and when. A real host has no such class: its
// wait is the one line `::poll(&fd, 1, timeout_ms)` and its clock the system's.
class World {
 public:
  explicit World(int arrivals_fd) : fd_(arrivals_fd) {}

  int wait(pollfd& fd, int timeout_ms) {
    if (const int ready = ::poll(&fd, 1, 0); ready != 0 || timeout_ms == 0) return ready;
    const std::int64_t now = clock->now_ms();
    const std::int64_t wakes_at = timeout_ms < 0 ? std::numeric_limits<std::int64_t>::max() : now + timeout_ms;
    print(now, timeout_ms < 0 ? "the host sleeps until something arrives"
                              : "the host sleeps for at most " + std::to_string(timeout_ms / second_ms) + " s");
    if (arrivals_.empty() || arrivals_.front().at_ms > wakes_at) {
      clock->advance_to(wakes_at);
      return 0;
    }
    clock->advance_to(arrivals_.front().at_ms);
    const std::string line = arrivals_.front().line;
    arrivals_.pop_front();
    if (line.empty())
      ::close(fd_);  // The other side hangs up.
    else if (::write(fd_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      return -1;
    return ::poll(&fd, 1, 0);
  }

  std::shared_ptr<redress::VirtualClock> clock = redress::make_virtual_clock(monday_ms);

 private:
  struct Arrival {
    std::int64_t at_ms;
    std::string line;  // Empty: the end.
  };
  int fd_;
  std::deque<Arrival> arrivals_{
      {monday_ms, R"({"id": "1", "channel": "x", "author": "ana", "created_at": "2026-03-02T09:00:00Z", "language": "en",)"
                  R"( "text": "The lamp at 12 Mill Lane is out"})"
                  "\n"},
      {monday_ms + 20 * minute_ms,
       R"({"id": "2", "channel": "x", "author": "ben", "created_at": "2026-03-02T09:20:00Z", "language": "en",)"
       R"( "text": "Who mends the lamp by the old bridge?"})"
       "\n"},
      {monday_ms + 48 * 60 * minute_ms, ""}};
};

int fail(const redress::Error& error) {
  std::cerr << error.message << '\n';
  return redress::exit_status(error.code);
}

// What ::poll takes: -1 is for ever, 0 not at all.
int timeout_of(const redress::Progress& progress, std::int64_t now_ms) {
  if (!progress.next_due_at_ms) return -1;
  const std::int64_t ahead = *progress.next_due_at_ms - now_ms;
  return static_cast<int>(std::clamp<std::int64_t>(ahead, 0, std::numeric_limits<int>::max()));
}

// Takes in the whole lines that are there. False: the other side hung up.
bool take_in(int fd, std::string& unread, redress::Engine& engine, std::int64_t now_ms) {
  std::array<char, 4096> bytes{};
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  if (count <= 0) return false;
  unread.append(bytes.data(), static_cast<std::size_t>(count));
  for (std::size_t end = unread.find('\n'); end != std::string::npos; end = unread.find('\n')) {
    const auto fate = engine.receive_line(unread.substr(0, end), 0);  // Durable when it returns ok.
    print(now_ms, fate ? "  a post: " + std::string(to_string(fate->fate)) + " " + fate->case_reference : fate.error().message);
    unread.erase(0, end + 1);
  }
  return true;
}

}  // namespace

int main() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return 1;
  World world(ends[1]);
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  options.departments = {std::make_shared<Lamps>()};
  options.channel = std::make_shared<Screen>();
  options.workflows = {workflow};
  options.clock = world.clock;
  options.virtual_time = true;
  auto engine = redress::Engine::open(options);
  if (!engine) return fail(engine.error());

  // The host's loop: do what is due, sleep until the next thing is due or something arrives, take that in.
  pollfd posts{.fd = ends[0], .events = POLLIN, .revents = 0};
  std::string unread;
  for (;;) {
    const auto progress = (*engine)->poll();  // At most 64 steps, so that the host's other work gets its turn.
    if (!progress) return fail(progress.error());
    const int ready = world.wait(posts, timeout_of(*progress, world.clock->now_ms()));
    if (ready < 0) return 1;
    if (ready > 0 && !take_in(posts.fd, unread, **engine, world.clock->now_ms())) break;
  }
  ::close(ends[0]);
  return 0;
}

// Expected output:
// Mon 09:00:00  the host sleeps until something arrives
// Mon 09:00:00    a post: opened C-000001
// Mon 09:00:00    lamps, C-000001: perform, retry
// Mon 09:00:00    > ana, we told our lamp crew. Case C-000001.
// Mon 09:00:00  the host sleeps for at most 5 s
// Mon 09:00:05    lamps, C-000001: perform, waiting
// Mon 09:00:05  the host sleeps for at most 1800 s
// Mon 09:20:00    a post: opened C-000002
// Mon 09:20:00    lamps, C-000002: perform, retry
// Mon 09:20:00    > ben, we told our lamp crew. Case C-000002.
// Mon 09:20:00  the host sleeps for at most 5 s
// Mon 09:20:05    lamps, C-000002: perform, waiting
// Mon 09:20:05  the host sleeps for at most 600 s
// Mon 09:30:05    lamps, C-000001: reconcile, done
// Mon 09:30:05    > ana, your lamp shines again: JOB-1.
// Mon 09:30:05  the host sleeps for at most 1200 s
// Mon 09:50:05    lamps, C-000002: reconcile, done
// Mon 09:50:05    > ben, your lamp shines again: JOB-2.
// Mon 09:50:05  the host sleeps for at most 85200 s
// Tue 09:30:05  the host sleeps for at most 1200 s
// Tue 09:50:05  the host sleeps until something arrives
