// The Live feed hands facts to open streams: from where each left off, in order, as far as each may see, at each one's pace.
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
  explicit Live(Context& context);
  ~Live();  // Ends all streams.

  // `after`: the id of the last fact that the client has ("17-1"), or empty: from now on. `invalid`: it is no such id.
  struct Place {
    std::int64_t row_id = 0;
    int number = 0;
  };
  [[nodiscard]] Result<Place> place_of(const std::string& after) const;
  void add(std::shared_ptr<Stream> stream, Viewer viewer, std::string token, Place place);
  void wake();  // Something new is in the journal. [any thread]

 private:
  struct Reader {
    std::shared_ptr<Stream> stream;
    Viewer viewer;
    std::string token;  // Looked at again from time to time: a revoked one ends the stream.
    Place place;
    std::int64_t spoke_ms = 0;
    std::int64_t checked_ms = 0;  // When its token was last looked at.
  };
  void run();
  bool feed(Reader& reader);           // True: there is more for it to take.
  bool keep(Reader& reader);           // False: the stream is over.
  bool is_still_good(Reader& reader);  // Its token; refreshes its roles.

  Context& context_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::list<Reader> joining_;
  bool news_ = false, stopping_ = false;
  bool held_ = false;  // Some reader has not taken what it was sent. [its thread]
  std::thread thread_;
};

}  // namespace redress::service
