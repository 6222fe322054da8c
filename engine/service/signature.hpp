// Standard Webhooks signatures, and the digests that the service needs.
//
// https://www.standardwebhooks.com, 1.0: HMAC-SHA256 over "{id}.{timestamp}.{body}", the raw bytes; "v1,{base64}", several
// apart by spaces.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace redress::service {

// `secret`: raw bytes. `at_s`: Unix seconds.
[[nodiscard]] std::string sign(std::string_view secret, std::string_view id, std::int64_t at_s, std::string_view body);
// True where one of the header's signatures is this one; compared in constant time.
[[nodiscard]] bool is_signed(std::string_view header, std::string_view secret, std::string_view id, std::int64_t at_s,
                             std::string_view body);
[[nodiscard]] std::string sha256_hex(std::string_view text);

}  // namespace redress::service
