// From what the books say to what a department answers, and from a call's JSON to its fields.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "redress/plugin.hpp"
#include "redress/result.hpp"

namespace redress::books {

// After a verb that does something. An unavailable store did nothing now; yet an earlier attempt may have, so only the first
// attempt may say so.
[[nodiscard]] plugin::Outcome cannot_do(const Error& error, const plugin::Call& call);
// After a verb that looks something up: what could not be read says nothing about what happened.
[[nodiscard]] plugin::Outcome cannot_tell(const Error& error);

// Keys of one commitment differ by the verb at their end alone: the one that `verb` ("perform", "undo") was called with.
[[nodiscard]] std::string key_with(std::string_view key, std::string_view verb);

// The JSON object in `text`; empty, where it is none.
[[nodiscard]] nlohmann::json object_of(std::string_view text);
// The member of that name and type; nothing where it is missing, or another type.
[[nodiscard]] std::optional<std::string> text_of(const nlohmann::json& object, const char* name);
[[nodiscard]] std::optional<std::int64_t> integer_of(const nlohmann::json& object, const char* name);

}  // namespace redress::books
