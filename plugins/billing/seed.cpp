// Reads a seed member by member, so that a mistake is named with its place.
#include "billing/seed.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace redress::billing {
namespace {

using Json = nlohmann::json;

std::optional<std::string> optional_text(const Json& row, const char* name) {
  const auto member = row.find(name);
  if (member == row.end() || member->is_null()) return std::nullopt;
  return member->get<std::string>();
}

Account read_account(const Json& row) {
  Account account{row.at("account"), row.at("name"), row.at("currency"), row.at("payout"), {}};
  for (const auto& handle : row.at("handles")) account.handles.push_back({handle.at("channel"), handle.at("handle")});
  return account;
}

Charge read_charge(const Json& row) {
  return {row.at("id"),
          row.at("account"),
          row.at("what"),
          optional_text(row, "period"),
          row.at("amount_minor").get<std::int64_t>(),
          row.at("expected_minor").get<std::int64_t>(),
          row.at("currency"),
          row.at("charged_at"),
          optional_text(row, "duplicate_of")};
}

// Each row of the list `name`, read by `read`; what is wrong with a row is thrown again with its place.
template <class Row>
std::vector<Row> read_rows(const Json& file, const char* name, Row (*read)(const Json&)) {
  std::vector<Row> rows;
  std::size_t at = 0;
  for (const auto& row : file.at(name)) {
    try {
      rows.push_back(read(row));
    } catch (const Json::exception& error) {
      throw std::runtime_error("/" + std::string(name) + "/" + std::to_string(at) + ": " + error.what());
    }
    ++at;
  }
  return rows;
}

}  // namespace

Result<Seed> read_seed(const std::string& path) {
  std::ifstream file(path);
  if (!file) return {Code::invalid, "the seed file " + path + " cannot be read; name one that exists, or leave \"seed\" out"};
  try {
    const Json json = Json::parse(file);
    return Seed{read_rows(json, "accounts", read_account), read_rows(json, "charges", read_charge)};
  } catch (const std::exception& error) {
    return {Code::invalid, "the seed file " + path + " breaks its format: " + error.what()};
  }
}

}  // namespace redress::billing
