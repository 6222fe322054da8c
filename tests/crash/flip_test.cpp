// A file whose bytes changed under it: the audit fails, or nothing that is kept reads otherwise.
//
// REDRESS_FLIPS  how many seeded bytes (100; each costs an audit of the whole file), REDRESS_SEED which. The bytes of page
// headers are a sample beside them, or all of them where REDRESS_FLIPS is 2000 or more.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>

#include "crash/held_run.hpp"
#include "redress/reading.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;

std::size_t number_of(const char* name, std::size_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoul(value, nullptr, 10);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string exported(Store& store) {
  std::string all;
  const auto done = export_store(store, [&](std::string_view line) {
    all.append(line).push_back('\n');
    return true;
  });
  return done ? all : "failed: " + done.error().message;
}

enum class Found { audit_fails, unchanged, changed };

// A whole file without a log beside it, and what is exported of it.
class Flipped : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_held(folder_).status, 3) << folder_.read("stderr");
    const std::string path = folder_.path("redress.db");
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr),
              SQLITE_OK);
    ASSERT_EQ(sqlite3_close(db), SQLITE_OK);
    whole_ = bytes_of(path);
    ASSERT_GT(whole_.size(), 100'000u);
    page_size_ = static_cast<unsigned char>(whole_[16]) * 256u + static_cast<unsigned char>(whole_[17]);
    ASSERT_GE(page_size_, 512u);
    ASSERT_EQ(whole_.size() % page_size_, 0u);
    std::ofstream(copy(), std::ios::binary) << whole_;
    ASSERT_EQ(read_copy(), Found::unchanged);  // Sets export_.
  }

  [[nodiscard]] std::string copy() const { return folder_.path("flipped.db"); }

  Found read_copy() {
    auto store = open_sqlite_store(copy(), OpenMode::read);
    if (!store) return Found::audit_fails;
    const auto audit = audit_store(**store);
    if (!audit || !audit->faults.empty()) return Found::audit_fails;
    const std::string now = exported(**store);
    if (export_.empty()) export_ = now;
    return now == export_ ? Found::unchanged : Found::changed;
  }

  // One byte changed, and made good again.
  Found flip(std::size_t at, unsigned char mask) {
    const auto put = [&](char byte) {
      std::fstream file(copy(), std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(static_cast<std::streamoff>(at));
      file.put(byte);
    };
    put(static_cast<char>(whole_[at] ^ static_cast<char>(mask)));
    const Found found = read_copy();
    for (const char* beside : {"-wal", "-shm", "-journal"}) fs::remove(copy() + beside);
    put(whole_[at]);
    return found;
  }

  // The header of each page, and the file's own.
  [[nodiscard]] std::vector<std::size_t> headers() const {
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < 100; ++at) places.push_back(at);
    for (std::size_t page = 0; page < whole_.size(); page += page_size_)
      for (std::size_t at = 0; at < 12; ++at) places.push_back(page + (page == 0 ? 100 : 0) + at);
    return places;
  }

  const HeldFolder folder_;
  std::string whole_, export_;
  std::size_t page_size_ = 0;
};

TEST_F(Flipped, ByteOfItsFileFailsTheAuditOrChangesNothingThatIsExported) {
  const std::size_t count = number_of("REDRESS_FLIPS", 100);
  std::mt19937 chance(static_cast<unsigned>(number_of("REDRESS_SEED", 1)));
  std::vector<std::pair<std::size_t, const char*>> places;
  for (std::size_t i = 0; i < count; ++i) places.emplace_back(chance() % whole_.size(), "any byte");
  const auto all = headers();
  if (count >= 2000) {
    for (const std::size_t at : all) places.emplace_back(at, "header byte");
  } else {
    for (std::size_t i = 0; i < count; ++i) places.emplace_back(all[chance() % all.size()], "header byte");
  }
  std::map<std::string, std::array<int, 3>> tally;
  for (const auto& [at, what] : places) {
    const auto mask = static_cast<unsigned char>(1u << chance() % 8);
    const Found found = flip(at, mask);
    ++tally[what][static_cast<std::size_t>(found)];
    EXPECT_NE(found, Found::changed) << what << ' ' << at << " xor " << int{mask};
  }
  for (const auto& [what, counts] : tally)
    std::cout << what << ": the audit failed at " << counts[0] << ", the export was unchanged at " << counts[1] << '\n';
  EXPECT_EQ(read_copy(), Found::unchanged);
}

}  // namespace
}  // namespace redress::test
