// What all stores know of rows: whose they are, which values they may hold, and the maps of a record by table.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "redress/store.hpp"

namespace redress::store {

template <class RowType>
[[nodiscard]] std::int64_t case_of(const RowType& row) {
  if constexpr (std::is_same_v<RowType, CaseRow>)
    return row.id;
  else
    return row.case_id;
}

template <class RowType>
[[nodiscard]] std::string name_of(const RowType& row) {
  return std::string(RowType::table) + " " + std::to_string(row.id);
}

// The reply answers a private post of its case, so nobody else may read it.
[[nodiscard]] bool is_private(const CaseRecord& record, const ReplyRow& reply);

// One field's value, seen as it is stored: a number or a text. Lives as long as its row.
using FieldView = std::variant<std::int64_t, std::string_view>;
[[nodiscard]] inline FieldView view(std::int64_t value) { return value; }
[[nodiscard]] inline FieldView view(const std::string& value) { return std::string_view(value); }
template <class State, class = std::enable_if_t<std::is_enum_v<State>>>
[[nodiscard]] FieldView view(State value) {
  return to_string(value);
}

template <class RowType>
[[nodiscard]] std::vector<FieldView> views(const RowType& row) {
  std::vector<FieldView> out;
  out.reserve(40);
  RowType::each_field(row, [&](std::string_view, const auto& value) { out.push_back(view(value)); });
  return out;
}

// The maps of a record by id, in an order that foreign keys allow. The case row and the texts are apart.
template <class Record, class Visit>
void each_table(Record& record, Visit&& visit) {
  visit(record.posts);
  visit(record.commitments);
  visit(record.members);
  visit(record.replies);
  visit(record.claims);
  visit(record.timers);
  visit(record.effects);
  visit(record.tasks);
  visit(record.episodes);
  visit(record.people);
  visit(record.documents);
  visit(record.requests);
}

// The two records' maps side by side.
template <class A, class B, class Visit>
void each_table(A& a, B& b, Visit&& visit) {
  visit(a.posts, b.posts);
  visit(a.commitments, b.commitments);
  visit(a.members, b.members);
  visit(a.replies, b.replies);
  visit(a.claims, b.claims);
  visit(a.timers, b.timers);
  visit(a.effects, b.effects);
  visit(a.tasks, b.tasks);
  visit(a.episodes, b.episodes);
  visit(a.people, b.people);
  visit(a.documents, b.documents);
  visit(a.requests, b.requests);
}

template <class Map>
using row_of = typename std::remove_cvref_t<Map>::mapped_type;

// What makes a unit unfit for any store: rows of another case, a value outside its range, a journal row that changes, a case
// row in the wrong list. `invalid`, naming the row.
[[nodiscard]] Result<void> check_unit(const Unit& unit);

// Columns of a reply that stay as they were drafted: the first that differs, or empty.
[[nodiscard]] std::string_view changed_frozen_column(const ReplyRow& before, const ReplyRow& after);
// A claim row is taken only while its reply has not been handed out, and only if it is among the frozen claims.
[[nodiscard]] Result<void> check_claim_row(const ReplyRow& reply, const ClaimRow& claim);

// The errors that every store answers in the same words.
[[nodiscard]] Error version_conflict(const Unit& unit, std::int64_t found);
[[nodiscard]] Error timer_conflict(std::int64_t timer_id);
[[nodiscard]] Error row_missing(const std::string& row);

}  // namespace redress::store
