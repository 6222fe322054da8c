// Digests, hexadecimal and UTF-8: small functions on bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace redress::base {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string hex(std::span<const std::byte> bytes);
[[nodiscard]] bool is_utf8(std::string_view bytes);                  // Well-formed, RFC 3629; no surrogates.
[[nodiscard]] std::size_t utf8_valid_bytes(std::string_view bytes);  // Length of the longest well-formed beginning.
[[nodiscard]] std::size_t utf8_length(std::string_view text);        // Code points of well-formed UTF-8.
// The first `bytes_max` bytes at most, cut at a code point's end.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);
// The first code point of well-formed UTF-8 that no name may hold, as "U+202E"; empty: there is none. Names stand in lines of
// logs and replies: a control character (C0, DEL, C1), a line or paragraph separator and what turns the direction of the text
// around it (U+202A to U+202E, U+2066 to U+2069) would change what is read there.
[[nodiscard]] std::string find_steering(std::string_view text);

}  // namespace redress::base
