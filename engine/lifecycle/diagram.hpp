// The machines as a page of Markdown with Mermaid diagrams: docs/lifecycles.md.
#pragma once
#include <string>

namespace redress::lifecycle {

[[nodiscard]] std::string lifecycles_page();

}  // namespace redress::lifecycle
