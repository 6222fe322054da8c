// Places tells the line that each value of a JSON text stands on, and which keys stand twice.
//
// For findings about files that people write. Made of a text that is JSON already: keys that stand twice are all it forgives.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace redress::cli {

struct Twice {
  std::string pointer;  // RFC 6901: the key's second place.
  std::string key;
  int line = 0;
  int first_line = 0;
};

class Places {
 public:
  explicit Places(std::string_view json);
  // From 1; of the nearest value around it where there is none.
  [[nodiscard]] int line_of(std::string_view pointer) const;
  [[nodiscard]] const std::vector<Twice>& twice() const { return twice_; }

 private:
  void read_value(const std::string& pointer, int depth);
  void read_members(const std::string& pointer, int depth);
  void read_items(const std::string& pointer, int depth);
  std::string read_string();
  void pass_space();
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool pass(char c);

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::map<std::string, int, std::less<>> lines_;  // By pointer: a key's line where there is one, else the value's.
  std::vector<Twice> twice_;
};

// A pointer's next part, escaped: "/a~1b".
[[nodiscard]] std::string pointer_part(std::string_view key);

}  // namespace redress::cli
