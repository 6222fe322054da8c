// What holds for all values: random ones, with the edges among them, from a fixed seed.
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "expression/instants.hpp"
#include "expression/language.hpp"
#include "expression/value_text.hpp"

namespace redress::expression {
namespace {

constexpr int rounds = 3000;

class Random {
 public:
  std::int64_t integer() {
    static constexpr std::array<std::int64_t, 8> edges{0, 1, -1, 2, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1};
    if (generator_() % 4 == 0) return edges[generator_() % edges.size()];
    return static_cast<std::int64_t>(generator_()) >> (generator_() % 63);
  }
  double number() {
    const std::uint64_t bits = generator_();
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return std::isfinite(number) ? number : 0.5;
  }
  Timestamp timestamp() {
    const std::uint64_t span = static_cast<std::uint64_t>(timestamp_s_max - timestamp_s_min);
    return {timestamp_s_min + static_cast<std::int64_t>(generator_() % span),
            static_cast<std::int32_t>(generator_() % 1'000'000'000)};
  }
  char32_t code_point() {
    const auto code = static_cast<char32_t>(generator_() % 0x110000);
    return code >= 0xD800 && code <= 0xDFFF ? U'?' : code;
  }

 private:
  std::mt19937_64 generator_{20260504};
};

Lookup names(Value a, Value b) {
  return [a, b](std::string_view name) { return std::optional(name == "a" ? a : b); };
}

Result<Value> value_of(std::string_view text, Value a, Value b = {}) {
  return Expression::parse(text).value().evaluate(names(std::move(a), std::move(b)));
}

bool is_true(std::string_view text, Value a, Value b = {}) {
  const auto value = value_of(text, std::move(a), std::move(b));
  return value.ok() && value->get_if<bool>() != nullptr && *value->get_if<bool>();
}

TEST(ForAllInts, ArithmeticIsExactOrAnError) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    const std::int64_t a = random.integer(), b = random.integer();
    const std::array<std::pair<const char*, Nanoseconds>, 3> exact{
        {{"a + b", Nanoseconds(a) + b}, {"a - b", Nanoseconds(a) - b}, {"a * b", Nanoseconds(a) * b}}};
    for (const auto& [text, wanted] : exact) {
      const auto value = value_of(text, a, b);
      const bool fits = wanted >= INT64_MIN && wanted <= INT64_MAX;
      ASSERT_EQ(value.ok(), fits) << text << " of " << a << " and " << b;
      if (!fits) continue;
      ASSERT_EQ(*value->get_if<std::int64_t>(), static_cast<std::int64_t>(wanted)) << text << " of " << a << ", " << b;
    }
  }
}

TEST(ForAllInts, QuotientAndRemainderMakeTheWholeAgain) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    const std::int64_t a = random.integer(), b = random.integer();
    const bool defined = b != 0 && !(a == INT64_MIN && b == -1);
    ASSERT_EQ(is_true("(a / b) * b + a % b == a", a, b), defined) << a << ", " << b;
  }
}

TEST(ForAllNumbers, TextGivesTheSameNumberAgain) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    ASSERT_TRUE(is_true("int(string(a)) == a", random.integer()));
    const double number = random.number();
    ASSERT_TRUE(is_true("double(string(a)) == a", number)) << number_text(number);
  }
}

TEST(ForAllInstants, TextGivesTheSameInstantAgain) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    const Timestamp at = random.timestamp();
    const Duration span{random.integer()};
    ASSERT_TRUE(is_true("timestamp(string(a)) == a", at)) << timestamp_text(at);
    ASSERT_TRUE(is_true("duration(string(a)) == a", span)) << duration_seconds_text(span);
    ASSERT_EQ(duration_from_text(duration_iso_text(span)).value(), span) << duration_iso_text(span);
  }
}

TEST(ForAllInstants, ADurationAddedAndTakenAwayLeavesNoTrace) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    const Timestamp at = random.timestamp();
    const Duration span{random.integer()};
    const Nanoseconds wanted = nanoseconds(at) + span.ns;
    const auto sum = value_of("a + b", at, span);
    ASSERT_EQ(sum.ok(), timestamp_at(wanted).has_value()) << timestamp_text(at) << " + " << duration_seconds_text(span);
    if (!sum.ok()) continue;
    ASSERT_TRUE(is_true("a + b - b == a && (a + b) - a == b", at, span));
  }
}

TEST(ForAllCodePoints, AnEscapeInALiteralIsThatOneCharacter) {
  Random random;
  for (int i = 0; i < rounds; ++i) {
    std::array<char, 16> escape{};
    std::snprintf(escape.data(), escape.size(), "'\\U%08X'", static_cast<unsigned>(random.code_point()));
    const auto value = Expression::parse(escape.data()).value().evaluate({});
    ASSERT_TRUE(value.ok()) << escape.data();
    ASSERT_TRUE(is_true("size(a) == 1", *value)) << escape.data();
  }
}

}  // namespace
}  // namespace redress::expression
