// What the tests of departments share: a folder of their own, accounts made by hand, and an independent eye on the file.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "billing/ledger.hpp"
#include "redress/department.hpp"

namespace redress::testing {

// A new folder, removed with what is in it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

void write_file(const std::string& path, std::string_view text);
[[nodiscard]] std::string read_file(const std::string& path);

// The first column of each row, read by a connection of its own through SQLite's C interface.
[[nodiscard]] std::vector<std::string> query(const std::string& path, const std::string& sql);
// Runs `sql` through a connection of its own; empty, or SQLite's error message.
[[nodiscard]] std::string tamper(const std::string& path, const std::string& sql);
// What in the file breaks the rules of double-entry books and of refunds; empty: nothing.
[[nodiscard]] std::vector<std::string> violations(const std::string& path);

// A-1 ana: 4500 charged twice, card. A-2 ben: 12000 too much, card. A-3 cleo: nothing wrong. A-4 dan: 3000 twice, paid by hand
// at the bank. A-5 eva: kept in EUR, a charge in USD. A-6 fay: a repeated charge of 2000 and 500 too much on another.
[[nodiscard]] std::vector<billing::Account> sample_accounts();
[[nodiscard]] std::vector<billing::Charge> sample_charges();
[[nodiscard]] std::string sample_seed();  // The same, as the text of a seed file.

// A department in this process, and calls to it in one line.
class Desk {
 public:
  // A load that fails is a failed test; then `answer` gives unknown.
  Desk(const std::string& plugin, const std::string& config);
  [[nodiscard]] Outcome answer(Verb verb, std::string_view action, std::string_view key, std::string_view input,
                               std::string_view evidence = {}, std::int64_t now_ms = 1'507'500'000'000, int attempt = 1) const;
  [[nodiscard]] Outcome perform(std::string_view action, std::string_view key, std::string_view input) const {
    return answer(Verb::perform, action, key, input);
  }
  [[nodiscard]] Outcome reconcile(std::string_view action, std::string_view key) const {
    return answer(Verb::reconcile, action, key, "{}");
  }
  [[nodiscard]] Department& department() const { return *department_; }

 private:
  std::shared_ptr<Department> department_;
};

// A billing department over a file in `folder`, that begins with the sample and may refund up to 10000 at once.
[[nodiscard]] std::string billing_config(const Folder& folder, std::int64_t authority_minor = 10000);

}  // namespace redress::testing
