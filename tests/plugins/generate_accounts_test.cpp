// The generator of test accounts: the same bytes for the same seed, and a seed file that billing takes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "books_probe.hpp"

namespace redress {
namespace {

using testing::Folder;

// Forty authors; every other one as an object, as both forms are in use.
std::string posts() {
  std::string lines;
  for (int n = 0; n < 40; ++n) {
    const std::string handle = "author" + std::to_string(n);
    nlohmann::json post{{"id", std::to_string(n)}, {"channel", "x"}, {"text", "they charged me twice"}};
    post["author"] = n % 2 == 0 ? nlohmann::json(handle) : nlohmann::json{{"handle", handle}};
    lines += post.dump() + "\n";
  }
  return lines + "this line is no post\n";
}

std::string generate(const Folder& folder, const char* seed, const char* share) {
  testing::write_file(folder.file("posts.jsonl"), posts());
  const std::string out = folder.file("seed.json");
  const std::string command =
      std::string(GENERATE_ACCOUNTS) + " " + folder.file("posts.jsonl") + " " + seed + " " + share + " > " + out;
  EXPECT_EQ(std::system(command.c_str()), 0);
  return testing::read_file(out);
}

TEST(GenerateAccounts, GivesTheSameBytesForTheSameSeed) {
  const Folder folder;
  const auto first = generate(folder, "7", "0.5");
  EXPECT_EQ(first, generate(folder, "7", "0.5"));
  EXPECT_NE(first, generate(folder, "8", "0.5"));
}

TEST(GenerateAccounts, TakesTheShareOfTheAuthors) {
  const Folder folder;
  EXPECT_EQ(nlohmann::json::parse(generate(folder, "1", "1"))["accounts"].size(), 40u);
  EXPECT_EQ(nlohmann::json::parse(generate(folder, "1", "0"))["accounts"].size(), 0u);
}

TEST(GenerateAccounts, MakesASeedThatBillingTakes) {
  const Folder folder;
  const auto seed = nlohmann::json::parse(generate(folder, "3", "1"));
  const nlohmann::json config{
      {"database", folder.file("b.db")}, {"seed", folder.file("seed.json")}, {"refund_authority_minor", 25000}};
  const testing::Desk desk(BILLING_PLUGIN, config.dump());
  int right = 0, wrong = 0, large = 0;
  for (const auto& account : seed["accounts"]) {
    const auto input = nlohmann::json{{"account", account["account"]}}.dump();
    const auto found = desk.perform("check_charge", "k", input);
    ASSERT_EQ(found.kind, OutcomeKind::done) << found.reason;
    const auto over_minor = nlohmann::json::parse(found.evidence)["overcharged_minor"].get<std::int64_t>();
    ++(over_minor == 0 ? right : over_minor <= 10000 ? wrong : large);
  }
  EXPECT_GT(right, 5);
  EXPECT_GT(wrong, 5);
  EXPECT_GT(large, 0);
}

}  // namespace
}  // namespace redress
