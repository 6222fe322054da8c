// Runs redress_held over this folder's posts in a folder of its own, watched through a pipe and killed where a test says.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace redress::test {

// A folder with the accounts, people and posts; gone when the test ends.
class HeldFolder {
 public:
  // With the posts, people and seeds of a folder of the project; of examples/demo with every workflow, else with one.
  explicit HeldFolder(const std::string& source = "tests/crash");
  ~HeldFolder();
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string read(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

// Where a run is killed: at a place in its letters, or at the first letter that is one of `letters`.
struct Moment {
  std::size_t place = 0;
  std::string letters;  // Not empty: instead of `place`.
  bool held = false;    // The program stands still there until the kill comes; else it runs on, and the kill lands soon after.
  long after_us = 0;    // Not held: waits so long before it kills, to land in the midst of what follows.
};

struct Ran {
  std::string letters;  // What redress_held told, up to its end.
  bool killed = false;
  int status = -1;  // Exit status, where it was not killed.
};

// `redress run` to its end, or to the moment.
[[nodiscard]] Ran run_held(const HeldFolder& folder, const std::optional<Moment>& moment = std::nullopt);
// Another verb, unwatched; its standard output goes to the file `stdout` of the folder.
[[nodiscard]] int run_verb(const HeldFolder& folder, const std::vector<std::string>& words);

}  // namespace redress::test
