// One thread for each receiver: read a page of facts, tell those that it wants, move its mark.
#include "service/outbound.hpp"

#include <algorithm>
#include <chrono>

#include "service/http_client.hpp"
#include "service/signature.hpp"

namespace redress::service {
namespace {

constexpr std::size_t rows_at_once = 100;
constexpr std::int64_t first_wait_ms = 5'000;
constexpr std::int64_t longest_wait_ms = 60 * 60'000;
constexpr auto cancel_again = std::chrono::milliseconds(20);

}  // namespace

bool is_wanted(const std::vector<std::string>& events, std::string_view type) {
  return std::any_of(events.begin(), events.end(), [&](const std::string& wanted) {
    return wanted == "*" || wanted == type || (wanted.ends_with(".*") && type.starts_with(wanted.substr(0, wanted.size() - 1)));
  });
}

class Outbound::Receiver {
 public:
  // Where it begins is settled here, so that a new receiver hears all that happens once the service is open.
  Receiver(Context& context, OutboundHook hook)
      : context_(context), hook_(std::move(hook)), mark_(load_mark()), thread_([this] { run(); }) {}
  ~Receiver() { end(std::chrono::steady_clock::now()); }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_.notify_all();
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    news_ = true;
    woken_.notify_all();
  }
  // After stop().
  void end(std::chrono::steady_clock::time_point until) {
    if (!thread_.joinable()) return;
    stop();
    std::unique_lock lock(mutex_);
    woken_.wait_until(lock, until, [&] { return ended_; });
    while (!ended_) {  // As long as a request may take, at most.
      cancellation_.cancel();
      woken_.wait_for(lock, cancel_again, [&] { return ended_; });
    }
    lock.unlock();
    thread_.join();
  }
  DeliveryCounts counts() const { return {hook_.name, delivered_, failures_, gone_}; }

 private:
  void run() {
    tell_until_stopped();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    woken_.notify_all();
  }

  void tell_until_stopped() {
    auto mark = mark_;
    std::int64_t wait_ms = 1'000;
    while (!is_over(mark ? wait_ms : first_wait_ms)) {
      if (!mark) {
        mark = load_mark();
        continue;
      }
      const auto told = tell_page(*mark);
      if (told == Told::all) wait_ms = 1'000;
      if (told == Told::some) wait_ms = 0;
      if (told == Told::held) wait_ms = first_wait_ms;
      if (told == Told::failed) wait_ms = std::min(wait_ms < first_wait_ms ? first_wait_ms : 2 * wait_ms, longest_wait_ms);
      if (told == Told::failed && asked_wait_ms_ > 0) wait_ms = std::min(asked_wait_ms_, longest_wait_ms);
      if (gone_) return;
      failing_ = told == Told::failed || told == Told::held;
      if (told != Told::held) is_held_ = false;
    }
  }

  // Waits until something is new or `wait_ms` are over; while the receiver or our store fails, news do not hasten it. True:
  // stop.
  bool is_over(std::int64_t wait_ms) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return stopping_ || (news_ && !failing_); });
    news_ = false;
    return stopping_;
  }

  // A receiver that is new hears what happens from now on.
  Result<std::int64_t> load_mark() {
    const auto meta = context_.reader().meta();
    if (!meta) return meta.error();
    if (const auto found = meta->marks.find(mark_name()); found != meta->marks.end()) return found->second;
    const auto latest = context_.reader().latest_journal_id();
    if (!latest) return latest.error();
    if (const auto kept = context_.engine.keep_mark(mark_name(), *latest); !kept) return kept.error();
    return *latest;
  }

  enum class Told { all, some, failed, held };  // held: by our own store, not by the receiver.
  Told tell_page(std::int64_t& mark) {
    const auto store_id = known_store_id(mark);
    if (!store_id) return hold(store_id.error());
    const auto page = list_facts(context_.reader(), mark, rows_at_once);
    if (!page) return hold(page.error());
    if (page->last_row_id == mark) return Told::all;
    for (const Fact& fact : page->facts) {
      if (stopping_) return keep_what_is_told(mark), Told::failed;
      if (fact.row_id < told_row_ || (fact.row_id == told_row_ && fact.number <= told_number_)) continue;
      if (is_wanted(hook_.events, fact.type) && !tell(fact, *store_id)) return keep_what_is_told(mark), Told::failed;
      told_row_ = fact.row_id;
      told_number_ = fact.number;
    }
    if (const auto kept = context_.engine.keep_mark(mark_name(), page->last_row_id); !kept) return hold(kept.error());
    mark = page->last_row_id;
    return Told::some;
  }

  Told hold(const Error& error) {
    if (!std::exchange(is_held_, true)) context_.log(LogLevel::warning, "webhook " + hook_.name + " waits: " + error.message);
    return Told::held;
  }

  // A part of each fact's id: under another the receiver would take it for another fact. Keeping a mark draws it.
  Result<std::string> known_store_id(std::int64_t mark) {
    auto meta = context_.reader().meta();
    if (meta && meta->store_id.empty()) {
      if (const auto kept = context_.engine.keep_mark(mark_name(), mark); !kept) return kept.error();
      meta = context_.reader().meta();
    }
    if (!meta) return meta.error();
    if (meta->store_id.empty()) return {Code::unavailable, "the store that is read does not know its id yet"};
    return meta->store_id;
  }

  // The mark goes to the last row of which all was told, so that a restart begins there.
  void keep_what_is_told(std::int64_t& mark) {
    if (told_row_ - 1 <= mark) return;
    if (context_.engine.keep_mark(mark_name(), told_row_ - 1)) mark = told_row_ - 1;
  }

  bool tell(const Fact& fact, const std::string& store_id) {
    const Json json = Json::parse(fact.json, nullptr, false);
    const std::string body = write_json({{"type", fact.type}, {"timestamp", json.value("at", Json())}, {"data", json}});
    const std::string id = store_id + "-" + fact.id;
    const std::int64_t at_s = context_.now_ms() / 1000;
    const auto answer = send_request({.url = hook_.url,
                                      .method = "POST",
                                      .body = body,
                                      .headers = {{"webhook-id", id},
                                                  {"webhook-timestamp", std::to_string(at_s)},
                                                  {"webhook-signature", sign(hook_.secret, id, at_s, body)}}},
                                     &cancellation_);
    asked_wait_ms_ = 0;
    if (answer && answer->status >= 200 && answer->status < 300) {
      ++delivered_;
      return true;
    }
    if (!answer && cancellation_.is_cancelled()) return false;  // The end, and no failure: the next start tells it again.
    ++failures_;
    if (answer && answer->status == 410) {
      gone_ = true;
      context_.log(LogLevel::error, "webhook " + hook_.name + " answered 410: nothing more is sent to it until the next start");
      return false;
    }
    if (answer) asked_wait_ms_ = answer->retry_after_s * 1000;
    context_.log(LogLevel::warning, "webhook " + hook_.name + " did not take " + fact.id + ": " +
                                        (answer ? "status " + std::to_string(answer->status) : answer.error().message) +
                                        "; it is tried again");
    return false;
  }

  std::string mark_name() const { return "webhook/" + hook_.name; }

  Context& context_;
  const OutboundHook hook_;
  const Result<std::int64_t> mark_;  // As it was found at the start.
  std::atomic<std::int64_t> delivered_ = 0, failures_ = 0;
  std::atomic<bool> gone_ = false;
  std::int64_t told_row_ = 0, asked_wait_ms_ = 0;  // What was taken of a page whose mark has not moved yet.
  int told_number_ = 0;
  bool failing_ = false;
  bool is_held_ = false;  // And it was said.
  std::mutex mutex_;
  std::condition_variable woken_;
  bool news_ = false, ended_ = false;
  std::atomic<bool> stopping_ = false;
  Cancellation cancellation_;
  std::thread thread_;
};

Outbound::Outbound(Context& context, std::vector<OutboundHook> hooks) {
  for (OutboundHook& hook : hooks) receivers_.push_back(std::make_unique<Receiver>(context, std::move(hook)));
}
Outbound::~Outbound() { end(std::chrono::steady_clock::now()); }

void Outbound::end(std::chrono::steady_clock::time_point until) {
  for (const auto& receiver : receivers_) receiver->stop();  // All at once; then each is waited for.
  for (const auto& receiver : receivers_) receiver->end(until);
}

void Outbound::wake() {
  for (const auto& receiver : receivers_) receiver->wake();
}

std::vector<DeliveryCounts> Outbound::counts() const {
  std::vector<DeliveryCounts> out;
  for (const auto& receiver : receivers_) out.push_back(receiver->counts());
  return out;
}

}  // namespace redress::service
