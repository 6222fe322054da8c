// One thread owns every connection; workers and streams reach it through a mailbox and an eventfd.
#include "service/http_front.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "service/fair_queue.hpp"
#include "service/http_seam.hpp"

namespace redress::service {
namespace {

std::int64_t tick_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr std::int64_t look_ms = 100;      // How often deadlines are looked at.
constexpr std::int64_t linger_ms = 1'000;  // For a client to read why it is refused, before the socket goes.
constexpr std::size_t read_at_once = 16 * 1024;
constexpr std::size_t known_askers_max = 1'000;
constexpr std::size_t small_bytes = 32 * 1024;
constexpr std::uint64_t wake_serial = 0;  // Serials of connections begin after the listeners'.

// Askers that were found good; of too many, those that were found first are forgotten. [any thread]
class KnownAskers {
 public:
  void add(std::string asker) {
    const std::lock_guard lock(mutex_);
    if (!names_.insert(asker).second) return;
    order_.push_back(std::move(asker));
    if (order_.size() <= known_askers_max) return;
    names_.erase(order_.front());
    order_.pop_front();
  }
  [[nodiscard]] bool has(const std::string& asker) {
    const std::lock_guard lock(mutex_);
    return names_.contains(asker);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> names_;
  std::deque<std::string> order_;
};

class FrontLoop;

class OpenStream final : public Stream {
 public:
  OpenStream(FrontLoop& loop, std::uint64_t serial) : loop_(&loop), serial_(serial) {}
  void send(std::string text) override;
  void end() override;
  bool ended() const override { return ended_; }
  std::size_t pending() const override { return pending_; }

  std::mutex mutex_;  // Guards loop_: null once the loop is gone.
  FrontLoop* loop_;
  const std::uint64_t serial_;
  std::atomic<bool> ended_ = false;
  std::atomic<std::size_t> pending_ = 0;
};

struct Connection {
  enum class State { reading, working, writing, streaming, lingering } state = State::reading;
  int fd = -1;
  std::string in;
  std::string out;
  std::size_t out_at = 0;
  std::optional<Head> head;  // Of the request whose body is awaited.
  bool close_after = false;
  bool said_continue = false;
  bool any_byte = false;  // Of the present request.
  std::int64_t deadline_ms = 0;
  std::uint32_t watched = 0;  // Events in epoll.
  std::function<void(std::shared_ptr<Stream>)> on_stream;
  std::shared_ptr<OpenStream> stream;
};

class FrontLoop final : public Front {
 public:
  FrontLoop(std::vector<int> listeners, const FrontLimits& limits, Handler handler)
      : limits_(limits),
        seam_(std::move(handler)),
        listeners_(std::move(listeners)),
        queue_(limits.requests_waiting_max),
        urgent_queue_(limits.requests_waiting_max) {}

  ~FrontLoop() override {
    drain(0);
    for (const int fd : listeners_) ::close(fd);
    if (epoll_ >= 0) ::close(epoll_);
    if (wake_ >= 0) ::close(wake_);
  }

  Result<void> start() override {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (epoll_ < 0 || wake_ < 0) return {Code::unavailable, "no epoll or eventfd: too many open files?"};
    watch(wake_, wake_serial, EPOLLIN, EPOLL_CTL_ADD);
    for (std::size_t i = 0; i < listeners_.size(); ++i) watch(listeners_[i], i + 1, EPOLLIN, EPOLL_CTL_ADD);
    next_serial_ = listeners_.size() + 1;
    running_ = true;
    loop_ = std::thread([this] { run(); });
    for (std::size_t i = 0; i < limits_.workers; ++i) workers_.emplace_back([this] { work(queue_); });
    if (!limits_.urgent_paths.empty()) workers_.emplace_back([this] { work(urgent_queue_); });
    return {};
  }

  int port() const override {
    for (const int fd : listeners_) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
      if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
      if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
    }
    return 0;
  }

  FrontCounts counts() const override {
    return {.connections = open_,
            .streams = streams_,
            .accepted = accepted_,
            .refused_heads = refused_heads_,
            .refused_busy = refused_busy_,
            .timed_out = timed_out_};
  }

  void drain(std::int64_t ms) override {
    const std::lock_guard once(drain_mutex_);
    if (!running_) return;
    drain_until_ms_ = tick_ms() + ms;
    draining_ = true;
    wake();
    loop_.join();
    queue_.end();  // Time is up: nobody is there any more to be answered.
    urgent_queue_.end();
    for (std::thread& worker : workers_) worker.join();
    for (const int fd : listeners_) ::close(fd);
    listeners_.clear();
    running_ = false;
  }

  // ---- the mailbox [any thread] ----
  struct Letter {
    std::uint64_t serial = 0;
    HttpSeam::Answer answer{};  // Of a worker.
    bool of_stream = false;     // `answer.bytes` goes on a stream; `answer.close`: and it ends.
  };
  void post(Letter letter) {
    {
      const std::lock_guard lock(mail_mutex_);
      mail_.push_back(std::move(letter));
    }
    wake();
  }

 private:
  // ---- workers ----
  struct Job {
    std::uint64_t serial = 0;
    Head head;
    std::string body;
  };

  using Queue = FairQueue<Job>;

  void work(Queue& queue) {
    while (auto taken = queue.take()) {
      queued_bytes_ -= taken->job.body.size();
      auto answer = seam_.answer(taken->job.head, std::move(taken->job.body));
      if (answer.of_known_asker) known_.add(asker_of(taken->job.head));
      post({.serial = taken->job.serial, .answer = std::move(answer)});
      queue.done(taken->line);
    }
  }

  // The token alone: its scheme may be spelled in many ways (bearer_of), and each would be another asker.
  static std::string asker_of(const Head& head) {
    constexpr std::size_t scheme_bytes = std::string_view("bearer ").size();
    const auto found = head.headers.find("authorization");
    return found == head.headers.end() || found->second.size() <= scheme_bytes ? "" : found->second.substr(scheme_bytes);
  }

  // Each asker, known by a token that was found good, has a line for what it does and one for what it
  // reads; all others share theirs, so that nobody gets more turns by making tokens up. What is read may be long: of one asker
  // it holds half of the workers at most, so that somebody else's act finds one free.
  Queue::Waiting in_line(Job job) {
    const bool reads = job.head.method == "GET" || job.head.method == "HEAD";
    const std::string asker = asker_of(job.head);
    return {.line = (reads ? "reads " : "acts ") + (known_.has(asker) ? asker : std::string()),
            .workers_max = reads ? std::max<std::size_t>(limits_.workers / 2, 1) : 0,
            .job = std::move(job)};
  }

  bool is_urgent(const Head& head) const {
    const std::string_view path = std::string_view(head.target).substr(0, head.target.find('?'));
    return std::find(limits_.urgent_paths.begin(), limits_.urgent_paths.end(), path) != limits_.urgent_paths.end();
  }

  // ---- the loop's thread alone, from here on ----
  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
  }

  void watch(int fd, std::uint64_t serial, std::uint32_t events, int how) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = serial;
    ::epoll_ctl(epoll_, how, fd, &event);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    std::int64_t looked_ms = 0;
    while (true) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(look_ms));
      now_ms_ = tick_ms();
      for (int i = 0; i < count; ++i) take(events[static_cast<std::size_t>(i)]);
      read_mail();
      if (now_ms_ - looked_ms >= look_ms) {
        looked_ms = now_ms_;
        look_at_deadlines();
        if (!draining_) watch_listeners(true);
      }
      if (draining_) watch_listeners(false);
      if (draining_ && drained()) break;
    }
    while (!connections_.empty()) drop(connections_.begin()->first);
  }

  void take(const epoll_event& event) {
    const std::uint64_t serial = event.data.u64;
    if (serial == wake_serial) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(wake_, &count, sizeof count);
    } else if (serial <= listeners_.size()) {
      if (!draining_) accept_from(listeners_[serial - 1]);
    } else if (const auto found = connections_.find(serial); found != connections_.end()) {
      if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) return drop(serial);
      if ((event.events & EPOLLOUT) != 0 && !flush(serial, found->second)) return;
      if ((event.events & (EPOLLIN | EPOLLRDHUP)) != 0) receive(serial);
    }
  }

  void accept_from(int listener) {
    for (int i = 0; i < 64; ++i) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) {
        const bool starved = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (starved && !drop_an_idle_one())
          watch_listeners(false);  // Until the next look: an event that cannot be served spins.
        return;
      }
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
                   sizeof on);  // Without it each answer waits some 40 ms for an acknowledgement.
      ++accepted_;
      if (connections_.size() >= limits_.connections_max && !drop_an_idle_one()) {
        ++refused_busy_;
        const std::string answer = HttpSeam::refusal(503, "too many connections: try again");
        [[maybe_unused]] const auto sent = ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        ::close(fd);
        continue;
      }
      const std::uint64_t serial = next_serial_++;
      Connection& c = connections_[serial];
      c.fd = fd;
      c.deadline_ms = now_ms_ + limits_.idle_ms_max;
      c.watched = EPOLLIN | EPOLLRDHUP;
      watch(fd, serial, c.watched, EPOLL_CTL_ADD);
      open_ = static_cast<std::int64_t>(connections_.size());
    }
  }

  void watch_listeners(bool on) {
    if (listening_ == on) return;
    listening_ = on;
    for (std::size_t i = 0; i < listeners_.size(); ++i)
      watch(listeners_[i], i + 1, EPOLLIN, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL);
  }

  // The one whose time ends first, of those that wait for a request to begin, else to become whole: what only holds a place.
  bool drop_an_idle_one() { return drop_a_waiting_one(false) || drop_a_waiting_one(true); }

  bool drop_a_waiting_one(bool begun) {
    std::uint64_t oldest = 0;
    std::int64_t oldest_deadline = 0;
    for (const auto& [serial, c] : connections_) {
      const bool idle = c.state == Connection::State::reading && c.any_byte == begun;
      if (idle && (oldest == 0 || c.deadline_ms < oldest_deadline)) oldest = serial, oldest_deadline = c.deadline_ms;
    }
    if (oldest == 0) return false;
    drop(oldest);
    return true;
  }

  void drop(std::uint64_t serial) {
    const auto found = connections_.find(serial);
    if (found == connections_.end()) return;
    if (const auto& stream = found->second.stream) {
      stream->ended_ = true;
      const std::lock_guard lock(stream->mutex_);
      stream->loop_ = nullptr;
      --streams_;
    }
    ::close(found->second.fd);
    connections_.erase(found);
    open_ = static_cast<std::int64_t>(connections_.size());
  }

  void set_watched(std::uint64_t serial, Connection& c) {
    using State = Connection::State;
    std::uint32_t events = 0;
    // While a worker has the request, nothing more is read: who pipelines without end is held back by its own socket.
    if (c.state == State::reading || c.state == State::streaming || c.state == State::lingering) events = EPOLLIN | EPOLLRDHUP;
    if (c.out_at < c.out.size()) events |= EPOLLOUT;
    if (events == c.watched) return;
    c.watched = events;
    watch(c.fd, serial, events, EPOLL_CTL_MOD);
  }

  void receive(std::uint64_t serial) {
    Connection& c = connections_.at(serial);
    std::array<char, read_at_once> buffer{};
    const ssize_t got = ::recv(c.fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return drop(serial);                  // A client that shuts its side down takes no answer either.
    if (c.state != Connection::State::reading) return;  // Of a stream's reader or a refused one: not wanted.
    c.in.append(buffer.data(), static_cast<std::size_t>(got));
    held_bytes_ += static_cast<std::size_t>(got);
    if (held_bytes_ > limits_.held_bytes_max && c.in.size() > small_bytes) {  // Small requests still come through.
      ++refused_busy_;
      return refuse(serial, c, 503, "too much is under way: try again");
    }
    parse(serial, c);
  }

  // Goes as far as the bytes reach: a whole request goes to the workers.
  void parse(std::uint64_t serial, Connection& c) {
    if (c.in.empty()) return;
    if (!c.any_byte) {
      c.any_byte = true;
      c.deadline_ms = now_ms_ + limits_.request_ms_max;
    }
    if (!c.head) {
      HeadOutcome outcome = read_head(c.in, limits_.head);
      if (outcome.refusal) {
        ++refused_heads_;
        return refuse(serial, c, outcome.refusal->status, outcome.refusal->why);
      }
      if (!outcome.head) return;
      c.in.erase(0, outcome.bytes);
      c.head = std::move(outcome.head);
    }
    if (c.in.size() < c.head->body_bytes) {
      if (c.head->expects_continue && !c.said_continue) {
        c.said_continue = true;
        send_now(c, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      return;
    }
    const std::size_t body_bytes = c.head->body_bytes;
    std::string rest = c.in.substr(body_bytes);
    c.in.resize(body_bytes);
    Job job{serial, std::move(*c.head), std::exchange(c.in, std::move(rest))};
    c.head.reset();
    c.state = Connection::State::working;
    set_watched(serial, c);
    Queue& queue = is_urgent(job.head) ? urgent_queue_ : queue_;
    queued_bytes_ += job.body.size();
    if (const auto without_place = queue.push(in_line(std::move(job)))) refuse_waiting(*without_place);
  }

  void refuse_waiting(const Queue::Waiting& waiting) {
    queued_bytes_ -= waiting.job.body.size();
    const auto found = connections_.find(waiting.job.serial);
    if (found == connections_.end()) return;  // It went while it waited.
    ++refused_busy_;
    refuse(found->first, found->second, 503, "too many requests wait: try again");
  }

  static void send_now(const Connection& c, std::string_view text) {
    [[maybe_unused]] const auto sent = ::send(c.fd, text.data(), text.size(), MSG_NOSIGNAL);
  }

  void refuse(std::uint64_t serial, Connection& c, int status, const std::string& why) {
    c.close_after = true;
    answer(serial, c, HttpSeam::refusal(status, why));
  }

  void answer(std::uint64_t serial, Connection& c, std::string bytes) {
    c.state = Connection::State::writing;
    c.out = std::move(bytes);
    c.out_at = 0;
    c.deadline_ms = now_ms_ + limits_.write_ms_max;
    flush(serial, c);
  }

  // False: the connection is gone.
  bool flush(std::uint64_t serial, Connection& c) {
    while (c.out_at < c.out.size()) {
      const ssize_t sent = ::send(c.fd, c.out.data() + c.out_at, c.out.size() - c.out_at, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) break;
      if (sent < 0) return drop(serial), false;
      c.out_at += static_cast<std::size_t>(sent);
      if (c.stream) c.stream->pending_ -= static_cast<std::size_t>(sent);
      c.deadline_ms = now_ms_ + limits_.write_ms_max;
    }
    if (c.out_at < c.out.size()) {
      set_watched(serial, c);
      return true;
    }
    std::string().swap(c.out);  // Its memory, too.
    c.out_at = 0;
    return c.state == Connection::State::writing ? end_of_answer(serial, c) : (set_watched(serial, c), true);
  }

  bool end_of_answer(std::uint64_t serial, Connection& c) {
    if (c.on_stream) {
      c.state = Connection::State::streaming;
      c.stream = std::make_shared<OpenStream>(*this, serial);
      ++streams_;
      set_watched(serial, c);
      std::exchange(c.on_stream, nullptr)(c.stream);
      return true;
    }
    if (c.close_after || draining_) {
      ::shutdown(c.fd, SHUT_WR);
      c.state = Connection::State::lingering;
      c.deadline_ms = now_ms_ + linger_ms;
      set_watched(serial, c);
      return true;
    }
    c.state = Connection::State::reading;
    c.any_byte = c.said_continue = false;
    c.deadline_ms = now_ms_ + limits_.idle_ms_max;
    set_watched(serial, c);
    parse(serial, c);  // What was pipelined. Its answer comes by mail, so this goes one deep.
    return connections_.contains(serial);
  }

  void read_mail() {
    std::deque<Letter> mail;
    {
      const std::lock_guard lock(mail_mutex_);
      mail.swap(mail_);
    }
    for (Letter& letter : mail) {
      const auto found = connections_.find(letter.serial);
      if (found == connections_.end()) continue;
      Connection& c = found->second;
      if (letter.of_stream) {
        feed(letter.serial, c, letter);
        continue;
      }
      c.close_after = letter.answer.close && !letter.answer.on_stream;
      c.on_stream = std::move(letter.answer.on_stream);
      answer(letter.serial, c, std::move(letter.answer.bytes));
    }
  }

  void feed(std::uint64_t serial, Connection& c, Letter& letter) {
    if (c.state != Connection::State::streaming) return;
    if (letter.answer.close) return drop(serial);
    if (c.out_at == c.out.size()) c.deadline_ms = now_ms_ + limits_.write_ms_max;
    c.out.erase(0, c.out_at);
    c.out_at = 0;
    c.out += letter.answer.bytes;
    if (!flush(serial, c) || c.out.size() - c.out_at <= limits_.stream_bytes_max) return;
    ++timed_out_;
    drop(serial);
  }

  void look_at_deadlines() {
    std::vector<std::uint64_t> late;
    held_bytes_ = queued_bytes_;
    for (const auto& [serial, c] : connections_) {
      held_bytes_ += c.in.capacity() + c.out.capacity();
      const bool waits_for_client =
          c.state != Connection::State::working && (c.state != Connection::State::streaming || c.out_at < c.out.size());
      if (waits_for_client && now_ms_ >= c.deadline_ms) late.push_back(serial);
    }
    for (const std::uint64_t serial : late) {
      const Connection& c = connections_.at(serial);
      const bool too_slow = c.any_byte || c.state == Connection::State::writing || c.state == Connection::State::streaming;
      if (too_slow && c.state != Connection::State::lingering) ++timed_out_;
      drop(serial);
    }
  }

  // Streams and idle connections go at once; the rest when it is answered, or when time is up.
  bool drained() {
    std::vector<std::uint64_t> idle;
    for (const auto& [serial, c] : connections_) {
      const bool waits = c.state == Connection::State::reading && !c.any_byte;
      if (waits || c.state == Connection::State::streaming || c.state == Connection::State::lingering) idle.push_back(serial);
    }
    for (const std::uint64_t serial : idle) drop(serial);
    return connections_.empty() || now_ms_ >= drain_until_ms_;
  }

  const FrontLimits limits_;
  HttpSeam seam_;
  std::vector<int> listeners_;
  int epoll_ = -1, wake_ = -1;
  std::int64_t now_ms_ = 0;
  bool listening_ = true;
  std::uint64_t next_serial_ = 1;
  std::size_t held_bytes_ = 0;  // Counted anew at each look, and what came since.
  std::map<std::uint64_t, Connection> connections_;

  std::mutex mail_mutex_;
  std::deque<Letter> mail_;
  KnownAskers known_;
  Queue queue_;
  Queue urgent_queue_;                         // With a worker of its own.
  std::atomic<std::size_t> queued_bytes_ = 0;  // Of the bodies in both.

  std::mutex drain_mutex_;
  bool running_ = false;
  std::atomic<bool> draining_ = false;
  std::atomic<std::int64_t> drain_until_ms_ = 0;
  std::atomic<std::int64_t> open_ = 0, streams_ = 0, accepted_ = 0, refused_heads_ = 0, refused_busy_ = 0, timed_out_ = 0;
  std::thread loop_;
  std::vector<std::thread> workers_;
};

void OpenStream::send(std::string text) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return;
  pending_ += text.size();
  loop_->post({.serial = serial_, .answer = {.bytes = std::move(text)}, .of_stream = true});
}

void OpenStream::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  if (loop_ != nullptr) loop_->post({.serial = serial_, .answer = {.close = true}, .of_stream = true});
}

}  // namespace

std::unique_ptr<Front> Front::make(std::vector<int> listeners, const FrontLimits& limits, Handler handler) {
  return std::make_unique<FrontLoop>(std::move(listeners), limits, std::move(handler));
}

}  // namespace redress::service
