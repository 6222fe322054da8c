// The rules of a public text that no workflow can switch off.
#include "path/public_text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "path/private_data.hpp"

namespace redress::path {
namespace {

constexpr std::size_t private_bytes_min = 4;  // Shorter values stand in any text by chance.

struct Profile {
  std::string_view channel;
  std::size_t length_max;
};
constexpr Profile profiles[] = {{"x", 280}, {"twitter", 280}, {"bluesky", 300}, {"mastodon", 500}};
constexpr std::size_t length_max_elsewhere = 8'000;

std::size_t length_max_on(std::string_view channel) {
  const auto* found =
      std::find_if(std::begin(profiles), std::end(profiles), [&](const auto& p) { return p.channel == channel; });
  return found == std::end(profiles) ? length_max_elsewhere : found->length_max;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? lead : static_cast<char32_t>(lead & (0x3F >> more));
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return point;
}

bool weighs_one(char32_t point) {
  return point <= 4351 || (point >= 8192 && point <= 8205) || (point >= 8208 && point <= 8223) ||
         (point >= 8242 && point <= 8247);
}
bool joins_emoji(char32_t point) { return point == 0x200D; }
bool modifies_emoji(char32_t point) {
  return point == 0xFE0F || point == 0x20E3 || (point >= 0x1F3FB && point <= 0x1F3FF) || (point >= 0xE0020 && point <= 0xE007F);
}
bool is_flag_half(char32_t point) { return point >= 0x1F1E6 && point <= 0x1F1FF; }

// An emoji counts 2 with all that is joined to it.
std::size_t weight_without_urls(std::string_view text) {
  std::size_t weight = 0;
  char32_t before = 0;
  bool half_flag = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    const bool second_half = half_flag && is_flag_half(point);
    const bool part_of_last = second_half || (before > 0x2190 && (modifies_emoji(point) || joins_emoji(point))) ||
                              (joins_emoji(before) && point > 0x2190);
    if (!part_of_last) weight += weighs_one(point) ? 1 : 2;
    half_flag = !second_half && is_flag_half(point);
    before = point;
  }
  return weight;
}

std::size_t weighted_length(std::string_view text) {
  static const re2::RE2 leading_mentions(R"(^(?:@[A-Za-z0-9_]{1,50}[,:]?\s+)+)");
  static const re2::RE2 url(R"((?is)(.*?)(https?://[^\s]+))");
  re2::StringPiece rest(text.data(), text.size());
  re2::RE2::Consume(&rest, leading_mentions);
  std::size_t weight = 0;
  re2::StringPiece before, link;
  while (re2::RE2::Consume(&rest, url, &before, &link)) weight += weight_without_urls({before.data(), before.size()}) + 23;
  return weight + weight_without_urls({rest.data(), rest.size()});
}

// ---- what no text may hold --------------------------------------------------------------------------------------------------

bool is_control(char32_t point) {
  const bool breaks_line = point == '\t' || point == '\n' || point == '\r';
  return (point < 0x20 && !breaks_line) || (point >= 0x7F && point <= 0x9F);
}

bool is_space(char32_t point) {
  return point <= 0x20 || point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202F) || (point >= 0x205F && point <= 0x2064) || point == 0x3000 || point == 0xFEFF;
}

std::string looks_broken(std::string_view text) {
  bool blank = true;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (is_control(point)) return "the text has control characters";
    blank = blank && is_space(point);
  }
  return blank ? "the text is blank" : "";
}

// ---- privacy ----------------------------------------------------------------------------------------------------------------

void gather(const Json& schema, const Json& value, std::set<std::string>& out) {
  const auto properties = schema.is_object() ? schema.find("properties") : schema.end();
  if (properties == schema.end() || !value.is_object()) return;
  for (const auto& [name, field] : properties->items()) {
    if (!value.contains(name)) continue;
    const Json& inner = value[name];
    const bool hidden = field.is_object() && field.value("private", false);
    if (hidden && inner.is_string()) out.insert(inner.get<std::string>());
    if (hidden && inner.is_array()) {
      for (const Json& each : inner)
        if (each.is_string()) out.insert(each.get<std::string>());
    }
    gather(field, inner, out);
  }
}

Json stored(const Draft& draft, const std::string& digest) { return Json::parse(draft.text(digest), nullptr, false); }

// Every value of this case that its data, inputs or evidence call private.
std::set<std::string> private_values(const Draft& draft) {
  std::set<std::string> out;
  const Json data = stored(draft, draft.record.row.data);
  if (draft.workflow->data.fields && data.is_object()) {
    for (const auto& [name, field] : *draft.workflow->data.fields)
      if (field.type.private_ && data.contains(name) && data[name].is_string()) out.insert(data[name].get<std::string>());
  }
  for (const auto& [id, member] : draft.record.members) {
    const workflow::CommitmentSpec* spec = draft.workflow->find_commitment(member.name);
    const auto row = draft.record.commitments.find(member.commitment_id);
    if (spec == nullptr || row == draft.record.commitments.end()) continue;
    gather(*spec->contract.input, stored(draft, row->second.input), out);
    gather(*spec->contract.evidence, stored(draft, row->second.evidence), out);
  }
  return out;
}

// Of everybody who wrote in this case.
std::vector<std::string> handles(const Draft& draft) {
  std::vector<std::string> all;
  for (const auto& [id, post] : draft.record.posts) {
    const Json profile = stored(draft, post.author_profile);
    if (profile.is_object()) all.push_back(profile.value("handle", ""));
  }
  return all;
}

}  // namespace

std::size_t length_on(std::string_view channel, std::string_view text) {
  return channel == "x" || channel == "twitter" ? weighted_length(text) : base::utf8_length(text);
}

std::string unfit_for_public(const Draft& draft, std::string_view channel, std::string_view text) {
  if (std::string why = looks_broken(text); !why.empty()) return why;
  const std::size_t length = length_on(channel, text), length_max = length_max_on(channel);
  if (length > length_max) {
    return "the text is " + std::to_string(length) + " long as " + std::string(channel) + " counts, at most " +
           std::to_string(length_max) + " go out";
  }
  for (const std::string& value : private_values(draft)) {
    if (value.size() >= private_bytes_min && text.find(value) != std::string_view::npos)
      return "the text shows a value that is private";
  }
  const std::string why = looks_private(text, handles(draft));
  return why.empty() ? "" : "the text cannot be public: " + why;
}

}  // namespace redress::path
