// Rows of the real data that some tests replay; they skip, saying so, where it is absent.
#pragma once
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace redress::history {

using Row = std::map<std::string, std::string>;

inline std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else if (c != '\r')
      fields.back() += c;
  }
  return fields;
}

// Empty where the file is not there.
inline std::vector<Row> rows_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return {};
  const auto names = fields_of(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    Row row;
    for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) row[names[i]] = fields[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

// "2017-08-15T12:03:54", with or without Z. A local time is taken as it stands: differences are what counts.
inline std::int64_t instant_ms(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t size) { return std::stoi(text.substr(at, size)); };
  const std::chrono::sys_days day = std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2);
  const auto seconds = day.time_since_epoch() + std::chrono::hours(number(11, 2)) + std::chrono::minutes(number(14, 2)) +
                       std::chrono::seconds(number(17, 2));
  return std::chrono::duration_cast<std::chrono::milliseconds>(seconds).count();
}

}  // namespace redress::history
