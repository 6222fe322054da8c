// The FairQueue holds what waits for a worker: one line for each asker, and the workers serve the lines in turn.
//
// So who asks a hundred things at once waits behind the one thing of somebody else, not the other way round. A line may be
// bounded in how many workers serve it at once: of those the rest waits, though workers are free. [any thread]
#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace redress::service {

template <class Job>
class FairQueue {
 public:
  struct Waiting {
    std::string line;             // Of whom.
    std::size_t workers_max = 0;  // That serve this line at once; 0: any number.
    Job job{};
  };

  explicit FairQueue(std::size_t waiting_max) : waiting_max_(waiting_max) {}

  // What found no place: nothing; the new one; or, where that comes to a line that is shorter, the last of the longest line.
  std::optional<Waiting> push(Waiting waiting) {
    const std::lock_guard lock(mutex_);
    std::optional<Waiting> without_place;
    auto line = find_or_add(waiting.line);
    if (waiting_ >= waiting_max_) {
      const auto longest = std::max_element(lines_.begin(), lines_.end(),
                                            [](const Line& a, const Line& b) { return a.waiting.size() < b.waiting.size(); });
      if (longest->waiting.size() <= line->waiting.size() + 1) {
        erase_if_empty(line);
        return waiting;
      }
      without_place = std::move(longest->waiting.back());
      longest->waiting.pop_back();
      --waiting_;
    }
    line->waiting.push_back(std::move(waiting));
    ++waiting_;
    ready_.notify_one();
    return without_place;
  }

  // Waits for one that may be served now; done() follows when it was. Nothing: the queue has ended.
  std::optional<Waiting> take() {
    std::unique_lock lock(mutex_);
    auto line = lines_.end();
    ready_.wait(lock, [&] { return ended_ || (line = next_line()) != lines_.end(); });
    if (ended_) return std::nullopt;
    Waiting taken = std::move(line->waiting.front());
    line->waiting.pop_front();
    --waiting_;
    ++line->served;
    lines_.splice(lines_.end(), lines_, line);  // The others' turn.
    return taken;
  }

  void done(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto line = find_or_add(name);
    --line->served;
    erase_if_empty(line);
    ready_.notify_one();  // One of this line may be served now.
  }

  // What waits is dropped, and take() answers nothing from now on.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ready_.notify_all();
  }

 private:
  struct Line {
    std::string name;
    std::deque<Waiting> waiting{};
    std::size_t served = 0;  // By workers, now.
  };
  using Lines = std::list<Line>;  // At most as many as wait and are served: looking through them costs nothing worth an index.

  typename Lines::iterator find_or_add(const std::string& name) {
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) { return line.name == name; });
    return found != lines_.end() ? found : lines_.insert(lines_.end(), Line{.name = name});
  }

  typename Lines::iterator next_line() {
    return std::find_if(lines_.begin(), lines_.end(), [](const Line& line) {
      return !line.waiting.empty() && (line.waiting.front().workers_max == 0 || line.served < line.waiting.front().workers_max);
    });
  }

  void erase_if_empty(typename Lines::iterator line) {
    if (line->waiting.empty() && line->served == 0) lines_.erase(line);
  }

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  Lines lines_;  // In the order of their turns.
  std::size_t waiting_ = 0;
  bool ended_ = false;
};

}  // namespace redress::service
