// After twitter-text's and Mastodon's patterns. Where those are wider than ours, the rest of a link counts sign by sign: too long
// a count keeps a text back, too short a one would let a text out that the channel cuts or refuses.
#include "wording/links.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "wording/unicode.hpp"

namespace redress::wording {
namespace {

// The endings of domains that are no country's and often seen in texts. X knows more, which come and go: a word with a dot that
// ends in another one may be a link or not, and counts as the longer of both.
constexpr std::array<std::string_view, 24> generic{"com",  "org",  "net",   "info", "biz",  "edu",  "gov",  "int",
                                                   "mil",  "app",  "dev",   "blog", "shop", "store", "site", "online",
                                                   "tech", "news", "cloud", "page", "name", "pro",   "mobi", "museum"};

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_ascii(char c) { return is_alnum(c) && (c < '0' || c > '9'); }
bool is_one_of(char c, std::string_view signs) { return signs.find(c) != std::string_view::npos; }

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_well_known(std::string_view ending) {
  const std::string lower = lower_ascii(ending);
  return std::ranges::find(generic, lower) != generic.end() || is_country(lower);
}

struct Domain {
  std::size_t end = 0;
  std::size_t labels = 0;
  std::string_view ending;  // Behind the last dot.
};

// The domain that `text` begins with: "redress.example". ASCII alone: others go without the link's discount.
Domain domain_at(std::string_view text) {
  Domain found;
  std::size_t labels = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && (is_alnum(text[at]) || text[at] == '-' || text[at] == '_')) ++at;
    const std::string_view label = text.substr(begin, at - begin);
    const std::string_view ending = label.substr(0, label.find('_'));  // No ending has a "_": there the link is over.
    if (label.empty() || label.front() == '-' || label.back() == '-') break;
    ++labels;
    if (labels >= 2 && ending.size() >= 2 && std::ranges::all_of(ending, is_letter_ascii))
      found = {begin + ending.size(), labels, ending};
    if (at == text.size() || text[at] != '.') break;
    ++at;
  }
  return found;
}

// A port, a path and a query behind a domain, without the signs that end a sentence.
std::size_t rest_of_link(std::string_view text) {
  static const re2::RE2 rest(R"(((?::[0-9]{1,5})?(?:/(?:[A-Za-z0-9!*';:=+,.$/%#\[\]_~@|&-]*[A-Za-z0-9=_#/+-])?)?)"
                             R"((?:\?[A-Za-z0-9!?*';:=+,.$/%#\[\]_~@|&-]*[A-Za-z0-9=_#/&-])?))");
  re2::StringPiece behind(text.data(), text.size()), found;
  return re2::RE2::Consume(&behind, rest, &found) ? found.size() : 0;
}

std::size_t scheme_bytes(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.size() > scheme.size() && lower_ascii(text.substr(0, scheme.size())) == scheme) return scheme.size();
  return 0;
}

// What stands before decides whether a link may begin here.
bool may_begin(std::string_view text, std::size_t at, bool scheme) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !is_alnum(before) && !is_one_of(before, "@$#") && (scheme || !is_one_of(before, "-_./"));
}

std::optional<Entity> link_at(std::string_view text, std::size_t at, bool bare) {
  const std::size_t scheme = scheme_bytes(text.substr(at));
  if (!may_begin(text, at, scheme > 0) || (scheme == 0 && !bare)) return std::nullopt;
  const Domain domain = domain_at(text.substr(at + scheme));
  if (domain.end == 0) return std::nullopt;
  std::size_t end = at + scheme + domain.end;
  const bool goes_on = end < text.size() && is_one_of(text[end], "@+");  // As a mail address: none, or a shorter one.
  const std::size_t rest = rest_of_link(text.substr(end));
  // "redress.es" is none for X, but for .co and .tv; "www.redress.es" and "redress.es/a" are.
  const std::string ending = lower_ascii(domain.ending);
  const bool short_one = domain.labels == 2 && is_country(ending) && rest == 0 && ending != "co" && ending != "tv";
  end += rest;
  return Entity{.begin = at, .end = end, .certain = is_well_known(domain.ending) && !goes_on && (scheme > 0 || !short_one)};
}

// "@ana@example.social": that server's word for its own people is "@ana".
std::optional<Entity> mention_at(std::string_view text, std::size_t at) {
  static const re2::RE2 mention(R"(@([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)@(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9_-]*[A-Za-z0-9_])");
  if (text[at] != '@' || (at > 0 && (is_alnum(text[at - 1]) || is_one_of(text[at - 1], "=/_") ||
                                     static_cast<unsigned char>(text[at - 1]) >= 0x80)))
    return std::nullopt;
  re2::StringPiece behind(text.data() + at, text.size() - at), name;
  const std::size_t before = behind.size();
  if (!re2::RE2::Consume(&behind, mention, &name)) return std::nullopt;
  return Entity{.begin = at, .end = at + before - behind.size(), .link = false, .kept = name.size() + 1};
}

}  // namespace

std::vector<Entity> find_entities(Counting counting, std::string_view text) {
  std::vector<Entity> found;
  const bool x = counting == Counting::x_weighted, mastodon = counting == Counting::mastodon;
  if (!x && !mastodon) return found;
  for (std::size_t at = 0; at < text.size();) {
    std::optional<Entity> entity = link_at(text, at, x);
    if (!entity && mastodon) entity = mention_at(text, at);
    if (entity) found.push_back(*entity);
    at = entity ? entity->end : at + 1;
  }
  return found;
}

std::size_t leading_mentions_bytes(std::string_view text) {
  static const re2::RE2 mentions(R"(((?:@[A-Za-z0-9_]{1,20}\s+){1,50}))");
  re2::StringPiece rest(text.data(), text.size()), found;
  return re2::RE2::Consume(&rest, mentions, &found) ? found.size() : 0;
}

std::size_t shortest_link(Counting counting) { return counting == Counting::mastodon ? 11 : 4; }

}  // namespace redress::wording
