// HMAC, base64 and SHA-256, by OpenSSL.
#include "service/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "redress/service.hpp"

namespace redress::service {
namespace {

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// False: it is no base64.
bool from_base64(std::string_view text, std::string& out) {
  if (text.empty() || text.size() % 4 != 0) return false;
  out.assign(text.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return false;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  out.resize(static_cast<std::size_t>(size) - padding);
  return true;
}

// Apart from secret_bytes, where g++ 12 would take what it knows of the size for a fault in the string's move.
[[gnu::noinline]] bool is_too_short(const std::string& secret) {
  constexpr std::size_t least = 24;
  return secret.size() < least;
}

}  // namespace

std::string sign(std::string_view secret, std::string_view id, std::int64_t at_s, std::string_view body) {
  std::string signed_text(id);
  signed_text.append(".").append(std::to_string(at_s)).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(signed_text.data()),
       signed_text.size(), mac.data(), &size);
  std::string out = "v1,";
  return out.append(base64({reinterpret_cast<const char*>(mac.data()), size}));
}

bool is_signed(std::string_view header, std::string_view secret, std::string_view id, std::int64_t at_s,
               std::string_view body) {
  const std::string wanted = sign(secret, id, at_s, body);
  bool found = false;
  while (!header.empty()) {
    const std::size_t space = std::min(header.find(' '), header.size());
    const std::string_view one = header.substr(0, space);
    header.remove_prefix(std::min(space + 1, header.size()));
    found = (one.size() == wanted.size() && CRYPTO_memcmp(one.data(), wanted.data(), wanted.size()) == 0) || found;
  }
  return found;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace redress::service

namespace redress {

Result<std::string> secret_bytes(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  constexpr std::string_view prefix = "whsec_";
  std::string bytes;
  if (!text.starts_with(prefix)) {
    bytes.append(text);
  } else if (!service::from_base64(text.substr(prefix.size()), bytes)) {
    return Error{Code::invalid, "a secret that begins with whsec_ goes on in base64"};
  }
  if (service::is_too_short(bytes)) return Error{Code::invalid, "a secret has at least 24 bytes; make a longer one"};
  return bytes;
}

}  // namespace redress
