// The longest that a text can get, piece by piece.
#include "wording/bound.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "wording/unicode.hpp"
#include "wording/weights.hpp"

namespace redress::wording {
namespace {

constexpr std::size_t utf8_bytes_max = 4;
constexpr std::string_view stand_in = "aa";  // For a value without dots, where only what stands around it matters.

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What is written stands between values that nobody knows yet: a link or a mention at its edge may go on there, or be none.
std::size_t written_length(const Profile& profile, const std::string& text, bool open_before, bool open_behind) {
  std::size_t length = 0, at = 0;
  for (const Entity& entity : profile.link_length > 0 ? find_entities(profile.counting, text) : std::vector<Entity>()) {
    const bool at_edge = (open_before && entity.begin == 0) || (open_behind && entity.end == text.size());
    length += signs_on(profile.counting, std::string_view(text).substr(at, entity.begin - at)) +
              entity_length(profile, text, entity, at_edge);
    at = entity.end;
  }
  return length + signs_on(profile.counting, std::string_view(text).substr(at));
}

std::size_t signs_of(const Profile& profile, const Span& value) {
  return value.handle && profile.handle_length_max > 0 ? std::min(value.signs_max, profile.handle_length_max)
                                                       : value.signs_max;
}

std::size_t value_length(const Profile& profile, const Span& value) {
  return signs_of(profile, value) * (profile.counting == Counting::x_weighted && !value.light ? 2 : 1);
}

// Whether the word around the piece makes a link of it, as in "{{ a }}.com".
bool makes_link(std::span<const Piece> pieces, std::size_t index) {
  static const re2::RE2 link(R"((?i)\.[a-z]{2})");
  std::string word(stand_in);
  for (std::size_t i = index; i > 0;) {
    const std::string& before = pieces[--i].value ? std::string(stand_in) : pieces[i].written;
    const auto blank = std::find_if(before.rbegin(), before.rend(), is_blank);
    word.insert(0, std::string(blank.base(), before.end()));
    if (blank != before.rend()) break;
  }
  for (std::size_t i = index + 1; i < pieces.size(); ++i) {
    const std::string& behind = pieces[i].value ? std::string(stand_in) : pieces[i].written;
    const auto blank = std::find_if(behind.begin(), behind.end(), is_blank);
    word.append(behind.begin(), blank);
    if (blank != behind.end()) break;
  }
  return re2::RE2::PartialMatch(word, link);
}

// One that the value has, and one that it makes with what stands around it.
std::size_t links_of(const Profile& profile, std::span<const Piece> pieces, std::size_t index) {
  if (profile.link_length == 0) return 0;
  const Span& value = *pieces[index].value;
  const bool known_handle = value.handle && profile.handle_length_max > 0;
  return (value.has_dots && !known_handle ? 1U : 0U) + (makes_link(pieces, index) ? 1U : 0U);
}

// "@{{ customer.handle }} ...": the mention that a reply begins with is left out where the channel says so.
bool begins_with_mention(const Profile& profile, std::span<const Piece> pieces) {
  return !profile.leading_mentions_count && pieces.size() >= 3 && pieces[0].written == "@" && pieces[1].value &&
         pieces[1].value->handle && profile.handle_length_max > 0 && !pieces[2].value && is_blank(pieces[2].written.front());
}

}  // namespace

Bound bound_of(const Profile& profile, std::span<const Piece> pieces) {
  Bound bound;
  const bool mention = begins_with_mention(profile, pieces);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::size_t length = 0;
    if (pieces[i].value) {
      length = value_length(profile, *pieces[i].value);
      bound.bytes_max += signs_of(profile, *pieces[i].value) * utf8_bytes_max;
      const std::size_t shortest = shortest_link(profile.counting);
      if (profile.link_length > shortest) length += links_of(profile, pieces, i) * (profile.link_length - shortest);
    } else {
      const std::string text = profile.counting == Counting::x_weighted ? composed(pieces[i].written) : pieces[i].written;
      length = written_length(profile, text, i > 0, i + 1 < pieces.size());
      bound.bytes_max += text.size();
    }
    if (mention && i < 2) length = 0;
    bound.by_piece.push_back(length);
    bound.length_max += length;
  }
  return bound;
}

}  // namespace redress::wording
