// Reads lists of entity tags.
#include "service/entity_tags.hpp"

#include <algorithm>

namespace redress::service {
namespace {

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

bool is_etag_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

// One tag from the front of `rest`; false: there is none. A comma between the quotes is the tag's own.
bool take_tag(std::string_view& rest, EntityTag& out) {
  out.weak = rest.starts_with("W/");
  if (out.weak) rest.remove_prefix(2);
  if (!rest.starts_with('"')) return false;
  const std::size_t end = rest.find('"', 1);
  if (end == std::string_view::npos) return false;
  out.opaque = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return std::all_of(out.opaque.begin(), out.opaque.end(), is_etag_char);
}

}  // namespace

bool EntityTags::match_strongly(std::string_view opaque) const {
  return any || std::any_of(tags.begin(), tags.end(), [&](const EntityTag& tag) { return !tag.weak && tag.opaque == opaque; });
}

bool EntityTags::match_weakly(std::string_view opaque) const {
  return any || std::any_of(tags.begin(), tags.end(), [&](const EntityTag& tag) { return tag.opaque == opaque; });
}

Result<EntityTags> parse_entity_tags(std::string_view header, std::string_view value) {
  const Error malformed{
      Code::invalid, std::string(header) + " takes *, or ETags in double quotes with commas between them, as \"12\", \"13\""};
  EntityTags out;
  std::string_view rest = value;
  skip_blanks(rest);
  if (rest.starts_with('*')) {
    rest.remove_prefix(1);
    skip_blanks(rest);
    out.any = true;
    return rest.empty() ? Result<EntityTags>(out) : malformed;
  }
  while (!rest.empty()) {
    if (rest.front() != ',') {  // An element of a list may be empty (RFC 9110, 5.6.1.2).
      if (!take_tag(rest, out.tags.emplace_back())) return malformed;
      skip_blanks(rest);
      if (!rest.empty() && rest.front() != ',') return malformed;
    }
    if (!rest.empty()) rest.remove_prefix(1);
    skip_blanks(rest);
  }
  return out.tags.empty() ? Result<EntityTags>(malformed) : Result<EntityTags>(out);
}

}  // namespace redress::service
