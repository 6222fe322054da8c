// What is there, in the words in which scenarios expect it.
#pragma once
#include <string>

#include "base/json.hpp"
#include "redress/store.hpp"

namespace redress::scenario {

[[nodiscard]] std::string text_of(const CaseRecord& record, const std::string& digest);  // "": erased, or not set.
[[nodiscard]] std::string quoted(const std::string& text);                               // As a script would write it.

[[nodiscard]] std::string describe_case(const CaseRecord& record);
[[nodiscard]] std::string describe(const CaseRecord& record, const std::string& name, const CommitmentRow& row,
                                   std::int64_t now_ms);
[[nodiscard]] std::string describe(const CaseRecord& record, const ReplyRow& row);
[[nodiscard]] std::string describe_commitments(const CaseRecord& record);  // All of them, shortly.
[[nodiscard]] std::string describe_replies(const CaseRecord& record);
[[nodiscard]] std::string describe_tasks(const CaseRecord& record);

}  // namespace redress::scenario
