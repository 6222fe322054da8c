// Rows to and from SQL, written once for all tables over the fields that each row names.
#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "store/rows.hpp"
#include "store/sqlite_connection.hpp"

namespace redress::store {

// `"id", "case_id", ...` in the order of each_field.
template <class RowType>
[[nodiscard]] const std::string& columns() {
  static const std::string text = [] {
    std::string out;
    const RowType row;
    RowType::each_field(
        row, [&](std::string_view field, const auto&) { out += (out.empty() ? "\"" : ", \"") + std::string(field) + "\""; });
    return out;
  }();
  return text;
}

template <class RowType>
[[nodiscard]] const std::string& insert_sql() {
  static const std::string text = [] {
    std::string marks;
    for (std::size_t i = 0; i < views(RowType{}).size(); ++i) marks += marks.empty() ? "?" : ", ?";
    return "INSERT INTO " + std::string(RowType::table) + " (" + columns<RowType>() + ") VALUES (" + marks + ")";
  }();
  return text;
}

// Values as in insert_sql; then what must be there: the case's version before, or the row's case.
template <class RowType>
[[nodiscard]] const std::string& update_sql() {
  static const std::string text = [] {
    std::string sets;
    int at = 0;
    const RowType row;
    RowType::each_field(row, [&](std::string_view field, const auto&) {
      if (++at > 1) sets += (at > 2 ? ", \"" : "\"") + std::string(field) + "\" = ?" + std::to_string(at);
    });
    const std::string guard = std::is_same_v<RowType, CaseRow> ? "version" : "case_id";
    return "UPDATE " + std::string(RowType::table) + " SET " + sets + " WHERE id = ?1 AND " + guard + " = ?" +
           std::to_string(at + 1);
  }();
  return text;
}

inline void bind_value(SQLite::Statement& statement, int at, std::int64_t value) { statement.bind(at, value); }
inline void bind_value(SQLite::Statement& statement, int at, std::string_view value) { statement.bind(at, std::string(value)); }

// Binds every field from parameter 1 on; answers the next free parameter. The row must outlive the step.
template <class RowType>
int bind_row(SQLite::Statement& statement, const RowType& row) {
  int at = 0;
  RowType::each_field(row, [&](std::string_view, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::string>)
      statement.bindNoCopy(++at, value);
    else if constexpr (std::is_enum_v<Value>)
      bind_value(statement, ++at, to_string(value));
    else
      bind_value(statement, ++at, value);
  });
  return at + 1;
}

// The row that the statement stands on; its columns are columns<RowType>().
template <class RowType>
[[nodiscard]] RowType read_row(SQLite::Statement& statement) {
  RowType row;
  int at = 0;
  RowType::each_field(row, [&](std::string_view field, auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    const SQLite::Column column = statement.getColumn(at++);
    if constexpr (std::is_same_v<Value, std::string>) {
      value = column.getString();
    } else if constexpr (std::is_enum_v<Value>) {
      const auto known = from_string<Value>(column.getString());
      if (!known) throw UnreadableRow(name_of(row) + ": " + std::string(field) + " holds a text that is none of its values");
      value = *known;
    } else {
      value = column.getInt64();
    }
  });
  return row;
}

// All rows that `where` (with what follows it) selects.
template <class RowType, class... Values>
[[nodiscard]] std::vector<RowType> select(Connection& connection, const std::string& where, const Values&... values) {
  SQLite::Statement& statement =
      connection.prepared("SELECT " + columns<RowType>() + " FROM " + std::string(RowType::table) + " " + where);
  const Resetting resetting(statement);
  int at = 0;
  (bind_value(statement, ++at, values), ...);
  std::vector<RowType> out;
  while (statement.executeStep()) out.push_back(read_row<RowType>(statement));
  return out;
}

template <class RowType, class... Values>
[[nodiscard]] std::optional<RowType> select_one(Connection& connection, const std::string& where, const Values&... values) {
  auto rows = select<RowType>(connection, where, values...);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

// The number that a query answers; nothing where it answers no row, or NULL.
template <class... Values>
[[nodiscard]] std::optional<std::int64_t> select_number(Connection& connection, const std::string& sql,
                                                        const Values&... values) {
  SQLite::Statement& statement = connection.prepared(sql);
  const Resetting resetting(statement);
  int at = 0;
  (bind_value(statement, ++at, values), ...);
  if (!statement.executeStep() || statement.getColumn(0).isNull()) return std::nullopt;
  return statement.getColumn(0).getInt64();
}

}  // namespace redress::store
