// Looks for names in folded text: small letters and digits, words parted by one blank.
#include "books/places.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace redress::books {
namespace {

// Accented letters of Spanish, and capitals, to what stands for them.
constexpr std::array<std::pair<std::string_view, char>, 14> plain{{{"\u00e1", 'a'},
                                                                   {"\u00e9", 'e'},
                                                                   {"\u00ed", 'i'},
                                                                   {"\u00f3", 'o'},
                                                                   {"\u00fa", 'u'},
                                                                   {"\u00fc", 'u'},
                                                                   {"\u00f1", 'n'},
                                                                   {"\u00c1", 'a'},
                                                                   {"\u00c9", 'e'},
                                                                   {"\u00cd", 'i'},
                                                                   {"\u00d3", 'o'},
                                                                   {"\u00da", 'u'},
                                                                   {"\u00dc", 'u'},
                                                                   {"\u00d1", 'n'}}};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

// " calle norte 5 ": begins and ends with a blank, so that words can be looked for as " norte ".
std::string folded(std::string_view text) {
  std::string out = " ";
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    const auto* accent =
        std::find_if(plain.begin(), plain.end(), [&](const auto& p) { return text.substr(at).starts_with(p.first); });
    if (accent != plain.end()) {
      c = accent->second;
      at += accent->first.size() - 1;
    }
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_word(c))
      out += c;
    else if (out.back() != ' ')
      out += ' ';
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

struct Found {
  std::size_t begin, end;
  std::string id;
};

}  // namespace

std::vector<std::string> places_in(std::string_view text, const std::vector<Place>& places) {
  const std::string where = folded(text);
  std::vector<Found> found;
  for (const Place& place : places) {
    for (const std::string& name : place.names) {
      const std::string wanted = folded(name);
      if (wanted.size() < 3) continue;
      for (std::size_t at = where.find(wanted); at != std::string::npos; at = where.find(wanted, at + 1))
        found.push_back({at, at + wanted.size(), place.id});
    }
  }
  std::vector<std::string> ids;
  for (const Found& one : found) {
    const bool inside = std::any_of(found.begin(), found.end(), [&](const Found& other) {
      return other.begin <= one.begin && other.end >= one.end && other.end - other.begin > one.end - one.begin;
    });
    if (!inside && std::find(ids.begin(), ids.end(), one.id) == ids.end()) ids.push_back(one.id);
  }
  return ids;
}

}  // namespace redress::books
