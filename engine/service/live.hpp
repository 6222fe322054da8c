// The Live feed hands facts to open streams: from where each left off, in order, as far as each may see, at each one's pace.
//
// Readers that stand at the same place, as those do that keep up, are handed one page that was read once.
#pragma once
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "service/context.hpp"

namespace redress::service {

class Live {
 public:
  struct Limits {
    std::size_t streams_max = 1000;  // All together.
    std::size_t streams_per_person_max = 32;
  };
  Live(Context& context, const Limits& limits);
  ~Live();  // Ends all streams.

  // A stream's seat is held from before it opens, given back when its last copy goes. `unavailable`: none is free.
  using Seat = std::shared_ptr<void>;
  [[nodiscard]] Result<Seat> take_seat(const std::string& person);

  // `after`: the id of the last fact that the client has ("17-1"), or empty: from now on. `invalid`: it is no such id.
  struct Place {
    std::int64_t row_id = 0;
    int number = 0;
  };
  [[nodiscard]] Result<Place> place_of(const std::string& after) const;
  void add(std::shared_ptr<Stream> stream, Viewer viewer, std::string token, Place place, Seat seat);
  void wake();  // Something new is in the journal. [any thread]

 private:
  struct Reader {
    std::shared_ptr<Stream> stream;
    Viewer viewer;
    std::string token;  // Looked at again from time to time: a revoked one ends the stream.
    Place place;
    std::int64_t spoke_ms = 0;
    std::int64_t checked_ms = 0;  // When its token was last looked at.
    Seat seat;
  };
  struct Seats;
  struct Page {
    std::int64_t after = 0;  // The row before its first.
    FactPage facts;
  };
  void run();
  Result<const FactPage*> page_after(std::int64_t row_id);
  bool feed(Reader& reader);           // True: there is more for it to take.
  bool keep(Reader& reader);           // False: the stream is over.
  bool is_still_good(Reader& reader);  // Its token; refreshes its roles.

  Context& context_;
  const Limits limits_;
  const std::shared_ptr<Seats> seats_;  // Shared with each seat: a stream that never opened may outlive the feed.
  std::list<Page> pages_;               // Of this round. [its thread]
  std::mutex mutex_;
  std::condition_variable woken_;
  std::list<Reader> joining_;
  bool news_ = false, stopping_ = false;
  bool held_ = false;  // Some reader has not taken what it was sent. [its thread]
  std::thread thread_;
};

}  // namespace redress::service
