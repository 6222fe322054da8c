// The names that a workflow's expressions see at run time: case, post, customer, event, now, and each commitment by name.
#pragma once
#include "expression/expression.hpp"
#include "path/draft.hpp"

namespace redress::path {

// Valid while the draft and the event are. A name or field that is not set is absent, never null.
[[nodiscard]] expression::Lookup scope_of(Draft& draft, const Event& event);

// For intake: `post` and `now` alone, before there is a case.
[[nodiscard]] expression::Lookup scope_of_post(const PostRow& post, std::string_view profile_json, std::string_view text,
                                               std::int64_t now_ms);

}  // namespace redress::path
