// Whether an answer is what the OpenAPI document says of its route.
#pragma once
#include <string>

namespace redress::house {

// What the document does not say of this answer, a finding a line; empty: it says all of it. `target`: with its query. A path
// that is no route's is not looked at.
[[nodiscard]] std::string undocumented(const std::string& method, const std::string& target, int status,
                                       const std::string& content_type, const std::string& body);
// The route of the request; empty: none.
[[nodiscard]] std::string route_of(const std::string& method, const std::string& target);

}  // namespace redress::house
