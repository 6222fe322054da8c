// generate_accounts writes a billing seed for the authors of a file of posts: accounts, charges, and the mistakes in them.
//
//   generate_accounts POSTS.jsonl SEED SHARE > billing-seed.json
//
// SHARE, 0 to 1, is the part of the authors who are customers. The same posts, seed and share give the same bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace {

using Json = nlohmann::ordered_json;

// SplitMix64: small, and the same on every machine, which std's distributions are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  // From 0 up to `end`, itself left out.
  std::int64_t below(std::int64_t end) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(end)); }
  bool happens(int percent) { return below(100) < percent; }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

// The channel of each author, by handle; std::map, so that the order of the posts does not count.
std::map<std::string, std::string> read_authors(std::istream& posts) {
  std::map<std::string, std::string> authors;
  for (std::string line; std::getline(posts, line);) {
    const auto post = Json::parse(line, nullptr, false);
    if (!post.is_object() || !post.contains("author")) continue;
    const auto& author = post["author"];
    const auto handle = author.is_object() ? author.value("handle", "") : author.is_string() ? author.get<std::string>() : "";
    if (!handle.empty()) authors.emplace(handle, post.value("channel", "x"));
  }
  return authors;
}

struct Customer {
  std::string account;
  std::string currency;
  int charges = 0;
};

Json charge(Customer& customer, const char* what, int month, std::int64_t amount_minor, std::int64_t expected_minor) {
  char period[16];
  std::snprintf(period, sizeof period, "2017-%02d", month);
  return {{"id", customer.account + "-" + std::to_string(++customer.charges)},
          {"account", customer.account},
          {"what", what},
          {"period", period},
          {"amount_minor", amount_minor},
          {"expected_minor", expected_minor},
          {"currency", customer.currency},
          {"charged_at", std::string(period) + "-01T06:00:00Z"},
          {"duplicate_of", nullptr}};
}

// Three months of one plan; of the customers, 40 % without a mistake, 25 % charged twice, 20 % by too much, 10 % by far too
// much (over 100.00, which needs an approval), 5 % both twice and by too much.
void add_charges(Json& charges, Customer& customer, Chance& chance) {
  const std::int64_t price_minor = 1500 + 500 * chance.below(10);
  for (int month = 8; month <= 10; ++month) charges.push_back(charge(customer, "mobile plan", month, price_minor, price_minor));
  const auto kind = chance.below(100);
  const bool twice = (kind >= 40 && kind < 65) || kind >= 95;
  if (twice) {
    Json again = charge(customer, "mobile plan", 10, price_minor, price_minor);
    again["charged_at"] = "2017-10-01T06:05:00Z";
    if (chance.happens(50)) again["duplicate_of"] = customer.account + "-3";
    charges.push_back(again);
  }
  if (kind < 65) return;
  const std::int64_t over_minor = kind >= 85 && kind < 95 ? 10001 + chance.below(20000) : 100 + chance.below(4900);
  charges.push_back(charge(customer, "roaming", 9, 900 + over_minor, 900));
}

Json generate(const std::map<std::string, std::string>& authors, std::uint64_t seed, double share) {
  Json accounts = Json::array();
  Json charges = Json::array();
  Chance chance(seed);
  int number = 0;
  for (const auto& [handle, channel] : authors) {
    if (static_cast<double>(chance.below(1'000'000)) >= share * 1e6) continue;
    char account[16];
    std::snprintf(account, sizeof account, "A-%07d", 1'000'000 + 7 * ++number);
    Customer customer{account, chance.happens(80) ? "EUR" : "USD", 0};
    const char* payout = chance.happens(15) ? "bank_transfer_manual" : chance.happens(50) ? "card" : "bank_transfer";
    accounts.push_back({{"account", account},
                        {"name", "Customer " + std::to_string(number)},
                        {"currency", customer.currency},
                        {"payout", payout},
                        {"handles", Json::array({Json{{"channel", channel}, {"handle", handle}}})}});
    add_charges(charges, customer, chance);
  }
  return {{"accounts", accounts}, {"charges", charges}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::cerr << "usage: generate_accounts POSTS.jsonl SEED SHARE > billing-seed.json\n";
    return 2;
  }
  std::ifstream posts(arguments[1]);
  if (!posts) {
    std::cerr << "generate_accounts: " << arguments[1] << " cannot be read\n";
    return 2;
  }
  std::cout
      << generate(read_authors(posts), std::strtoull(arguments[2], nullptr, 10), std::strtod(arguments[3], nullptr)).dump(1)
      << "\n";
  return std::cout.flush() ? 0 : 5;
}
