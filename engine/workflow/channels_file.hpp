// The text of workflows/channels.json, compiled in, so that an embedder without the file is safe. Private to this room.
#pragma once
#include <string_view>

namespace redress::workflow {

[[nodiscard]] std::string_view channels_file();

}  // namespace redress::workflow
