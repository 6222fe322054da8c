// One thread feeds all streams; each has its own place in the journal.
#include "service/live.hpp"

#include <charconv>
#include <chrono>

#include "service/visibility.hpp"

namespace redress::service {
namespace {

constexpr std::size_t rows_at_once = 100;
constexpr std::size_t pages_kept_max = 8;                  // Of one round: readers far apart share nothing anyway.
constexpr std::size_t pending_bytes_max = 64 * 1024;       // What a reader may leave untaken before it is waited for.
constexpr std::int64_t silence_ms_max = 15'000;            // Then a comment: proxies cut silent connections.
constexpr std::int64_t check_ms = 1'000;                   // How often a reader's token is looked at.
constexpr auto look_soon = std::chrono::milliseconds(10);  // Where a reader was waited for.
constexpr auto look_again = std::chrono::milliseconds(250);

std::int64_t tick_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct Live::Seats {
  std::mutex mutex;
  std::map<std::string, std::size_t> taken;  // By person.
  std::size_t all = 0;
};

Live::Live(Context& context, const Limits& limits)
    : context_(context), limits_(limits), seats_(std::make_shared<Seats>()), thread_([this] { run(); }) {}

Live::~Live() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.join();
}

Result<Live::Place> Live::place_of(const std::string& after) const {
  Place place;
  if (after.empty()) {  // From now on: after the latest row.
    const auto latest = context_.reader().latest_journal_id();
    if (!latest) return latest.error();
    return Place{*latest, 0};
  }
  const char* const end = after.data() + after.size();
  const auto row = std::from_chars(after.data(), end, place.row_id);
  if (row.ec != std::errc{} || row.ptr == end || *row.ptr != '-')
    return {Code::invalid, "Last-Event-ID is a fact's id, as 17-1"};
  const auto number = std::from_chars(row.ptr + 1, end, place.number);
  if (number.ec != std::errc{} || number.ptr != end || place.row_id < 0 || place.number < 0)
    return {Code::invalid, "Last-Event-ID is a fact's id, as 17-1"};
  const auto latest = context_.reader().latest_journal_id();
  if (!latest) return latest.error();
  if (place.row_id > *latest)  // Else nothing would come until the journal gets there, and then only the rest.
    return {Code::invalid, "no event here is " + std::to_string(place.row_id) + "-" + std::to_string(place.number) +
                               ": it is of another database, or of this one before a backup was put back; the latest here is " +
                               std::to_string(*latest) + "-N; 0-0 begins at the beginning, none at what happens from now on"};
  return place;
}

Result<Live::Seat> Live::take_seat(const std::string& person) {
  const std::lock_guard lock(seats_->mutex);
  if (seats_->all >= limits_.streams_max)
    return {Code::unavailable,
            std::to_string(limits_.streams_max) + " live streams are open, half of all connections: try later"};
  std::size_t& taken = seats_->taken[person];
  if (taken >= limits_.streams_per_person_max)
    return {Code::unavailable,
            person + " has " + std::to_string(taken) + " live streams open, as many as one person may: close one"};
  ++taken;
  ++seats_->all;
  // One is given back with its stream, wherever that ends: also where its client is gone before it opens.
  return Seat(seats_.get(), [seats = seats_, person](void*) {
    const std::lock_guard giving(seats->mutex);
    --seats->all;
    if (--seats->taken[person] == 0) seats->taken.erase(person);
  });
}

void Live::add(std::shared_ptr<Stream> stream, Viewer viewer, std::string token, Place place, Seat seat) {
  stream->send(": what came true, from the journal\n\n");
  const std::lock_guard lock(mutex_);
  joining_.push_back({.stream = std::move(stream),
                      .viewer = std::move(viewer),
                      .token = std::move(token),
                      .place = place,
                      .spoke_ms = tick_ms(),
                      .seat = std::move(seat)});
  news_ = true;
  woken_.notify_all();
}

void Live::wake() {
  const std::lock_guard lock(mutex_);
  news_ = true;
  woken_.notify_all();
}

void Live::run() {
  std::list<Reader> readers;
  bool behind = false;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!behind) woken_.wait_for(lock, held_ ? look_soon : look_again, [&] { return news_ || stopping_; });
      if (stopping_) break;
      news_ = false;
      readers.splice(readers.end(), joining_);
    }
    behind = held_ = false;
    pages_.clear();  // Each round reads the journal anew.
    for (auto reader = readers.begin(); reader != readers.end();) {
      behind = feed(*reader) || behind;
      reader = keep(*reader) ? std::next(reader) : readers.erase(reader);
    }
  }
  const std::lock_guard lock(mutex_);
  readers.splice(readers.end(), joining_);
  for (Reader& reader : readers) reader.stream->end();
}

// The page that holds the row after this one, read once a round for all who stand within it.
Result<const FactPage*> Live::page_after(std::int64_t row_id) {
  for (const Page& page : pages_)
    if (row_id == page.after || (row_id > page.after && row_id < page.facts.last_row_id)) return &page.facts;
  auto facts = list_facts(context_.reader(), row_id, rows_at_once);
  if (!facts) return facts.error();
  if (pages_.size() == pages_kept_max) pages_.pop_front();
  pages_.push_back({row_id, std::move(*facts)});
  return &pages_.back().facts;
}

bool Live::feed(Reader& reader) {
  if (reader.stream->ended()) return false;
  if (reader.stream->pending() > pending_bytes_max) {  // What it has not taken yet comes first.
    held_ = true;
    return false;
  }
  if (!is_still_good(reader)) {
    reader.stream->end();
    return false;
  }
  // The row of the place is read again where only some of its facts were taken.
  const bool partly = reader.place.number > 0;
  const std::int64_t after = reader.place.row_id - (partly ? 1 : 0);
  const auto found = page_after(after);
  if (!found) {
    context_.log(LogLevel::warning, "a live stream ends: " + found.error().message);
    reader.stream->end();
    return false;
  }
  const FactPage& page = **found;
  std::string text;
  Place place = {page.last_row_id, 0};
  for (const Fact& fact : page.facts) {
    if (fact.row_id <= after) continue;
    if (fact.row_id == reader.place.row_id && fact.number <= reader.place.number) continue;
    const auto visible = is_visible(context_, reader.viewer, fact);
    if (visible && *visible) text += "id: " + fact.id + "\nevent: " + fact.type + "\ndata: " + fact.json + "\n\n";
    if (text.size() < pending_bytes_max) continue;
    place = {fact.row_id, fact.number};  // The rest of the page comes when this much was taken.
    break;
  }
  const bool moved =
      place.row_id > reader.place.row_id || (place.row_id == reader.place.row_id && place.number > reader.place.number);
  if (moved) reader.place = place;
  if (!text.empty()) {
    reader.stream->send(std::move(text));
    reader.spoke_ms = tick_ms();
  }
  return moved;
}

bool Live::is_still_good(Reader& reader) {
  if (tick_ms() - reader.checked_ms < check_ms) return true;
  reader.checked_ms = tick_ms();
  const auto viewer = context_.viewer_of_token(reader.token);
  if (!viewer || !*viewer) return false;
  reader.viewer = **viewer;
  return true;
}

bool Live::keep(Reader& reader) {
  if (reader.stream->ended()) return false;
  if (!is_still_good(reader)) {
    reader.stream->end();
    return false;
  }
  if (tick_ms() - reader.spoke_ms < silence_ms_max) return true;
  reader.spoke_ms = tick_ms();
  reader.stream->send(": still here\n\n");
  return true;
}

}  // namespace redress::service
