// Which act settles an open task: one rule for who lists tasks and for who finishes them.
#pragma once
#include <string>

#include "redress/store.hpp"

namespace redress::store {

// "decide commitment 3", "case retry or case skip". Empty: no other act does, so somebody looks at it and finishes it.
[[nodiscard]] std::string settled_by(const CaseRecord& record, const TaskRow& task);

}  // namespace redress::store
