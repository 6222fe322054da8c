// Digests, differences and the fold: generic over the fields that each row names.
#include "store/journal.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "store/rows.hpp"

namespace redress::store {
namespace {

bool is_chain_field(std::string_view field) { return field == "version" || field == "head_id" || field == "head_digest"; }

// A document's "version" is not the chain's.
template <class RowType>
bool is_left_out(std::string_view field) {
  return field == "id" || (std::is_same_v<RowType, CaseRow> && is_chain_field(field));
}

Json to_json(const FieldView& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return std::string(std::get<std::string_view>(value));
}

template <class RowType>
void add_patch(const RowType& before, const RowType& after, bool is_new, std::vector<Json>& changes) {
  const std::vector<FieldView> old_values = views(before);
  Json set = Json::object();
  std::size_t at = 0;
  RowType::each_field(after, [&](std::string_view field, const auto& value) {
    const FieldView now = view(value);
    if (now != old_values[at++] && !is_left_out<RowType>(field)) set[std::string(field)] = to_json(now);
  });
  if (set.empty() && !is_new) return;
  Json patch = {{"row", RowType::table}, {"id", after.id}};
  if (is_new) patch["new"] = true;
  patch["set"] = std::move(set);
  changes.push_back(std::move(patch));
}

void difference_of_case(const CaseRecord& before, const CaseRecord& after, Difference& out) {
  out.unit.case_id = after.row.id;
  out.unit.expected_version = before.row.version;
  const bool is_new = before.row.version == 0;
  (is_new ? out.unit.inserts : out.unit.updates).emplace_back(after.row);
  add_patch(is_new ? CaseRow{} : before.row, after.row, is_new, out.changes);
}

void difference_of_texts(const CaseRecord& before, const CaseRecord& after, Difference& out) {
  for (const auto& [digest, text] : after.texts) {
    if (!before.texts.contains(digest)) out.unit.inserts.emplace_back(text);
  }
  for (const auto& [digest, text] : before.texts) {
    if (!after.texts.contains(digest)) out.unit.updates.emplace_back(TextRow{text.id, text.case_id, digest, "", ""});
  }
}

template <class RowType>
void difference_of_table(const std::map<std::int64_t, RowType>& before, const std::map<std::int64_t, RowType>& after,
                         Difference& out) {
  for (const auto& [id, row] : after) {
    const auto old = before.find(id);
    if (old == before.end()) {
      add_patch(RowType{}, row, true, out.changes);
      out.unit.inserts.emplace_back(row);
    } else if (old->second != row) {
      add_patch(old->second, row, false, out.changes);
      out.unit.updates.emplace_back(row);
    }
  }
  if constexpr (std::is_same_v<RowType, TimerRow>) {
    for (const auto& [id, row] : before) {
      if (after.contains(id)) continue;
      out.changes.push_back(Json{{"row", RowType::table}, {"id", id}, {"drop", true}});
      out.unit.timers_dropped.push_back(id);
    }
  }
}

// ---- the fold -------------------------------------------------------------------------------------------------------

struct Patch {
  std::string row;
  std::int64_t id = 0;
  bool is_new = false;
  bool drop = false;
  const Json* set = nullptr;  // An object; null where `drop`.
};

Error broken(const std::string& what) { return {Code::corrupt, "a journal entry's changes: " + what}; }
std::string name_of(const Patch& patch) { return patch.row + " " + std::to_string(patch.id); }

bool is_true(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

Result<Patch> read_patch(const Json& json) {
  if (!json.is_object()) return broken("a patch is an object");
  const auto row = json.find("row");
  const auto id = json.find("id");
  if (row == json.end() || !row->is_string() || id == json.end() || !id->is_number_integer()) {
    return broken("a patch names its row and id");
  }
  Patch patch{row->get<std::string>(), id->get<std::int64_t>(), is_true(json, "new"), is_true(json, "drop"), nullptr};
  if (patch.drop) return patch;
  const auto set = json.find("set");
  if (set == json.end() || !set->is_object()) return broken(name_of(patch) + " has neither \"set\" nor \"drop\"");
  patch.set = &*set;
  return patch;
}

bool assign(std::int64_t& field, const Json& value) {
  if (!value.is_number_integer()) return false;
  field = value.get<std::int64_t>();
  return true;
}
bool assign(std::string& field, const Json& value) {
  if (!value.is_string()) return false;
  field = value.get<std::string>();
  return true;
}
template <class State, class = std::enable_if_t<std::is_enum_v<State>>>
bool assign(State& field, const Json& value) {
  const auto state = value.is_string() ? from_string<State>(value.get_ref<const std::string&>()) : std::nullopt;
  if (state) field = *state;
  return state.has_value();
}

template <class RowType>
Result<void> set_fields(const Patch& patch, RowType& row) {
  std::size_t taken = 0;
  std::string unfit;
  RowType::each_field(row, [&](std::string_view field, auto& value) {
    const auto found = patch.set->find(field);
    if (found == patch.set->end() || is_left_out<RowType>(field)) return;
    ++taken;
    if (!assign(value, *found)) unfit = field;
  });
  if (!unfit.empty()) return broken(name_of(patch) + ": the value of " + unfit + " does not fit it");
  if (taken != patch.set->size()) return broken(name_of(patch) + " sets a field that " + patch.row + " does not have");
  return {};
}

Result<void> apply_to_case(const Patch& patch, CaseRow& row) {
  if (patch.drop) return broken(name_of(patch) + " is dropped; only timers are");
  if (patch.is_new && !(row == CaseRow{})) return broken(name_of(patch) + " is new, but a case is there");
  if (!patch.is_new && row.id != patch.id) return broken(name_of(patch) + " is not there");
  row.id = patch.id;
  return set_fields(patch, row);
}

template <class RowType>
Result<void> apply_to_table(const Patch& patch, std::map<std::int64_t, RowType>& table) {
  const auto found = table.find(patch.id);
  if (patch.is_new && found != table.end()) return broken(name_of(patch) + " is new, but is there");
  if (!patch.is_new && found == table.end()) return broken(name_of(patch) + " is not there");
  if (patch.drop) {
    if (!std::is_same_v<RowType, TimerRow>) return broken(name_of(patch) + " is dropped; only timers are");
    table.erase(found);
    return {};
  }
  if (!patch.is_new) return set_fields(patch, found->second);
  RowType row;
  row.id = patch.id;
  if (auto done = set_fields(patch, row); !done) return done;
  table.emplace(patch.id, std::move(row));
  return {};
}

Result<void> apply_patch(const Json& json, CaseRecord& record) {
  auto patch = read_patch(json);
  if (!patch) return patch.error();
  if (patch->row == CaseRow::table) return apply_to_case(*patch, record.row);
  Result<void> done = broken("no table is named " + patch->row);
  each_table(record, [&](auto& table) {
    if (patch->row == row_of<decltype(table)>::table) done = apply_to_table(*patch, table);
  });
  return done;
}

void add_hashed(std::string_view value, std::string& bytes) {
  bytes += std::to_string(value.size());
  bytes += ':';
  bytes += value;
}

}  // namespace

std::string journal_digest(const JournalRow& row, std::string_view previous_digest) {
  std::string bytes;
  JournalRow::each_field(row, [&](std::string_view field, const auto& value) {
    if (field == "digest") return;
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, std::int64_t>)
      add_hashed(std::to_string(value), bytes);
    else
      add_hashed(value, bytes);
  });
  add_hashed(previous_digest, bytes);
  return base::sha256_hex(bytes);
}

// The salt has a fixed length, so that the two cannot be shifted against each other.
std::string text_digest(std::string_view salt, std::string_view content) {
  return base::sha256_hex(std::string(salt) + std::string(content));
}

Difference difference(const CaseRecord& before, const CaseRecord& after) {
  Difference out;
  difference_of_case(before, after, out);
  difference_of_texts(before, after, out);
  each_table(before, after, [&](const auto& old_rows, const auto& new_rows) { difference_of_table(old_rows, new_rows, out); });
  return out;
}

Result<void> apply(const Json& changes, CaseRecord& record) {
  if (!changes.is_array()) return broken("they are an array");
  for (const Json& patch : changes) {
    if (auto done = apply_patch(patch, record); !done) return done;
  }
  return {};
}

}  // namespace redress::store
