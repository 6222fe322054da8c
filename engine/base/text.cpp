// Digests by OpenSSL; hexadecimal and UTF-8 by hand.
#include "base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <new>

namespace redress::base {
namespace {

using Digest = std::array<unsigned char, 32>;

std::string hex_of(const Digest& digest) { return hex(std::as_bytes(std::span(digest))); }

bool is_tail(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Length of the well-formed sequence at the front of `bytes`, which is not empty; 0: there is none. RFC 3629, section 4.
std::size_t sequence_bytes(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(i < bytes.size() ? bytes[i] : '\0'); };
  const unsigned char first = at(0);
  const unsigned char second = at(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return is_tail(second) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return is_tail(second) && !overlong && !surrogate && is_tail(at(2)) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool beyond = first == 0xF4 && second > 0x8F;
    return is_tail(second) && !overlong && !beyond && is_tail(at(2)) && is_tail(at(3)) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Digest digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  return hex_of(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  Digest digest{};
  const auto* message = reinterpret_cast<const unsigned char*>(bytes.data());
  const char* const key_data = key.empty() ? "" : key.data();  // OpenSSL takes a null key for "the previous one".
  if (!HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), message, bytes.size(), digest.data(), nullptr)) {
    throw std::bad_alloc();
  }
  return hex_of(digest);
}

std::string hex(std::span<const std::byte> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return text;
}

std::size_t utf8_valid_bytes(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t length = sequence_bytes(bytes.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

bool is_utf8(std::string_view bytes) { return utf8_valid_bytes(bytes) == bytes.size(); }

std::size_t utf8_length(std::string_view text) {
  const auto begins = [](char c) { return !is_tail(static_cast<unsigned char>(c)); };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_tail(static_cast<unsigned char>(text[end]))) --end;
  return text.substr(0, end);
}

std::string find_steering(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t point = more == 0 ? lead : static_cast<char32_t>(lead & (0x3F >> more));
    for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
    const bool control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
    const bool turns = (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    if (!control && !turns) continue;
    char name[16];
    std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(point));
    return name;
  }
  return "";
}

}  // namespace redress::base
