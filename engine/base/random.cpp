// The sources of chance: the operating system's, and a stream that is a function of its seed.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <new>

#include "redress/clock.hpp"

namespace redress {
namespace {

class SystemRandom final : public RandomSource {
 public:
  void fill(std::uint64_t, std::span<std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) std::abort();  // No kernel that runs us lacks it; a salt without chance would be a lie.
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
  }
};

// Block n of draw c is HMAC-SHA256(seed, c || n), all of them as eight bytes, the highest first.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) { put(seed, seed_.data()); }

  void fill(std::uint64_t counter, std::span<std::byte> bytes) override {
    std::array<unsigned char, 16> message{};
    put(counter, message.data());
    for (std::uint64_t block_number = 0; !bytes.empty(); ++block_number) {
      put(block_number, message.data() + 8);
      std::array<unsigned char, 32> block{};
      unsigned int size = 0;
      const auto* const made = HMAC(EVP_sha256(), seed_.data(), 8, message.data(), message.size(), block.data(), &size);
      if (!made) throw std::bad_alloc();
      const std::size_t taken = std::min<std::size_t>(size, bytes.size());
      std::transform(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(taken), bytes.begin(),
                     [](unsigned char byte) { return std::byte{byte}; });
      bytes = bytes.subspan(taken);
    }
  }

 private:
  static void put(std::uint64_t number, unsigned char* to) {
    for (int i = 7; i >= 0; --i, number >>= 8) to[i] = static_cast<unsigned char>(number & 0xFF);
  }

  std::array<unsigned char, 8> seed_{};
};

}  // namespace

std::shared_ptr<RandomSource> make_system_random() { return std::make_shared<SystemRandom>(); }

std::shared_ptr<RandomSource> make_seeded_random(std::uint64_t seed) { return std::make_shared<SeededRandom>(seed); }

}  // namespace redress
