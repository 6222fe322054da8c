// What the actions of a workflow and the settling of answers share: an instance of a commitment, and its effects.
#pragma once
#include <string>
#include <string_view>

#include "path/draft.hpp"

namespace redress::path {

// Of the instance's effects of this verb, wherever they are made again.
[[nodiscard]] std::string key_of(Draft& draft, const MemberRow& member, std::string_view verb);
void raise_for(Draft& draft, const Draft::Held& held, const char* what);
// An effect that leaves at once.
EffectRow& plan(Draft& draft, const std::string& verb, std::int64_t subject_id, const std::string& key,
                const std::string& request);
// The department is asked to perform it.
void request_now(Draft& draft, const Draft::Held& held);
// It was moved to one of its ends: its due time and its task are over, and the event says so.
void end(Draft& draft, const Draft::Held& held, const char* event);

}  // namespace redress::path
