// Texts in the repository that a test can write anew, and commands that a test runs. Tests run in the project's folder.
#pragma once
#include <string>
#include <vector>

namespace redress::test {

[[nodiscard]] std::string text_of(const std::string& path);
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

// The file holds `text`, byte for byte. Where REDRESS_UPDATE=1, it is written first.
void expect_golden(const std::string& path, const std::string& text);

struct Ended {
  int status = -1;
  std::string out;
};
// Through sh: what strangers type. Standard error comes through where the command says so.
[[nodiscard]] Ended shell(const std::string& command);

}  // namespace redress::test
