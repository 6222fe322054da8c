// Reads channels.json and brand.json: shapes first, then what their words mean.
#include "workflow/wording_files.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "redress/limits.hpp"
#include "wording/flaws.hpp"
#include "wording/private_data.hpp"
#include "workflow/channels_file.hpp"
#include "workflow/findings.hpp"
#include "workflow/names.hpp"
#include "workflow/shape.hpp"

namespace redress::workflow {
namespace {

using wording::Address;
using wording::Brand;
using wording::Counting;
using wording::Profile;

constexpr std::int64_t length_most = 1'000'000;
constexpr std::size_t phrases_max = 1000;
constexpr std::size_t phrase_bytes_max = 400;

// The JSON of a text without a fault; nothing, and findings, where it has one.
std::optional<Json> parsed(std::string_view text, Findings& findings) {
  const std::vector<Fault> faults = scan_json(text);
  for (const Fault& fault : faults) findings.add_fault(fault);
  if (!faults.empty()) return std::nullopt;
  auto json = base::parse_json(text, limits::workflow_bytes_max);
  if (json) return std::move(*json);
  findings.add({.rule = "syntax", .pointer = "", .message = json.error().message, .mend = "Write it as JSON."});
  return std::nullopt;
}

void refuse(Findings& findings, const std::string& pointer, std::string message, std::string mend, Part part = Part::value) {
  findings.add({.rule = "value", .pointer = pointer, .message = std::move(message), .mend = std::move(mend), .part = part});
}

void check_version(const Place& root, Findings& findings) {
  if (const auto redress = member(root, "redress"); redress && *redress->json != 1)
    refuse(findings, redress->pointer, "this version of Redress reads files of version 1", "Write \"redress\": 1.");
}

// ---- channels ---------------------------------------------------------------------------------------------------------------

const std::map<std::string, Counting, std::less<>>& countings() {
  static const std::map<std::string, Counting, std::less<>> all{{"code_points", Counting::code_points},
                                                                {"graphemes", Counting::graphemes},
                                                                {"mastodon", Counting::mastodon},
                                                                {"x_weighted", Counting::x_weighted}};
  return all;
}

void read_size(const Place& place, std::string_view key, std::int64_t most, std::size_t& size, Findings& findings) {
  const auto number = read_integer(place, key, findings);
  if (!number) return;
  if (*number < 1 || *number > most) {
    return refuse(findings, place.pointer + pointer_part(key), std::to_string(*number) + " is out of range",
                  "Write a number from 1 to " + std::to_string(most) + ".");
  }
  size = static_cast<std::size_t>(*number);
}

void read_flag(const Place& place, std::string_view key, bool& flag, Findings& findings) {
  const auto value = member(place, key);
  if (!value) return;
  if (!value->json->is_boolean()) return refuse(findings, value->pointer, "this is no truth", "Write true or false.");
  flag = value->json->get<bool>();
}

void read_counting(const Place& place, Profile& profile, Findings& findings) {
  const auto name = read_string(place, "counting", findings);
  if (!name) return;
  const auto found = countings().find(*name);
  if (found != countings().end()) {
    profile.counting = found->second;
    return;
  }
  Names names;
  for (const auto& [each, counting] : countings()) names.insert(each);
  refuse(findings, place.pointer + "/counting", "nothing counts as " + in_quotes(*name), suggest(*name, names));
}

// What no other counting knows of.
void check_fits_counting(const Place& place, const Profile& profile, Findings& findings) {
  const bool x = profile.counting == Counting::x_weighted, links = x || profile.counting == Counting::mastodon;
  if (!links && profile.link_length > 0)
    refuse(findings, place.pointer + "/link_length", "this counting takes links as any other text", "Leave link_length out.");
  if (links && profile.link_length == 0)
    refuse(findings, place.pointer, "this counting needs \"link_length\"", "Add it: 23 for X and Mastodon.");
  if (!x && !profile.leading_mentions_count)
    refuse(findings, place.pointer + "/leading_mentions_count", "x_weighted alone leaves mentions out",
           "Leave leading_mentions_count out.");
}

Profile read_profile(const std::string& name, const Place& place, Findings& findings) {
  Profile profile;
  profile.name = name;
  const Keys keys{.required = {"counting", "length_max"},
                  .optional = {"title", "other_names", "bytes_max", "link_length", "leading_mentions_count",
                               "handle_length_max", "expected"},
                  .not_yet = {}};
  if (!check_object(place, "a profile", keys, findings)) return profile;
  read_counting(place, profile, findings);
  read_size(place, "length_max", length_most, profile.length_max, findings);
  read_size(place, "bytes_max", length_most, profile.bytes_max, findings);
  read_size(place, "link_length", 1000, profile.link_length, findings);
  read_size(place, "handle_length_max", limits::name_bytes_max, profile.handle_length_max, findings);
  read_flag(place, "leading_mentions_count", profile.leading_mentions_count, findings);
  read_flag(place, "expected", profile.expected, findings);
  if (const auto names = member(place, "other_names"); names && check_list(*names, "names of the channel", findings)) {
    for (const Place& other : items(*names))
      if (auto text = read_text(other, findings)) profile.other_names.push_back(std::move(*text));
  }
  check_fits_counting(place, profile, findings);
  return profile;
}

void check_names(const std::vector<Profile>& profiles, Findings& findings) {
  Names seen;
  for (const Profile& profile : profiles) {
    std::vector<std::string> names = profile.other_names;
    names.push_back(profile.name);
    for (const std::string& name : names)
      if (!seen.insert(name).second)
        refuse(findings, "/channels" + pointer_part(profile.name), in_quotes(name) + " is the name of two channels",
               "Give each its own.", Part::key);
  }
}

// ---- brand ------------------------------------------------------------------------------------------------------------------

void check_language(const std::string& language, const Place& place, Findings& findings) {
  if (!is_language(language))
    refuse(findings, place.pointer, in_quotes(language) + " is no language", "Write it as en, es or es-MX.", Part::key);
}

void read_forbidden(const Place& root, Brand& brand, Findings& findings) {
  const auto forbidden = member(root, "forbidden");
  if (!forbidden || !check_named(*forbidden, "lists of words by language", findings)) return;
  for (const auto& [language, list] : members(*forbidden)) {
    if (language != Brand::any_language) check_language(language, list, findings);
    if (!check_list(list, "words", findings)) continue;
    if (list.json->size() > phrases_max) {
      refuse(findings, list.pointer, std::to_string(list.json->size()) + " words", "Write at most 1000.");
      continue;
    }
    for (const Place& place : items(list)) {
      const auto phrase = read_text(place, findings);
      if (!phrase) continue;
      if (phrase->size() > phrase_bytes_max || !wording::has_words(*phrase))
        refuse(findings, place.pointer, "no text says " + in_quotes(*phrase), "Write one word or a few, of letters.");
      brand.forbidden[language].push_back(*phrase);
    }
  }
}

void read_signature(const Place& root, Brand& brand, Findings& findings) {
  const auto signature = member(root, "signature");
  if (!signature || !check_named(*signature, "signatures by language", findings)) return;
  for (const auto& [language, place] : members(*signature)) {
    check_language(language, place, findings);
    const auto text = read_text(place, findings);
    if (!text) continue;
    if (text->size() > phrase_bytes_max) refuse(findings, place.pointer, "this signature is long", "Write a name.");
    if (const auto flaw = wording::find_flaw(*text))
      findings.add({.rule = "signs", .pointer = place.pointer, .message = flaw->message, .mend = flaw->mend, .inside = flaw->offset});
    else if (const std::string why = wording::looks_private(*text, {}); !why.empty())
      findings.add({.rule = "privacy", .pointer = place.pointer, .message = "no signature can be public: " + why, .mend = "Leave it out."});
    brand.signature[language] = *text;
  }
}

void read_address(const Place& root, Brand& brand, Findings& findings) {
  const auto address = member(root, "address");
  if (!address || !check_named(*address, "tu or usted by language", findings)) return;
  for (const auto& [language, place] : members(*address)) {
    if (language != "es" && !language.starts_with("es-"))
      refuse(findings, place.pointer, "Redress knows forms of address in Spanish alone", "Write es, or a region as es-CO.", Part::key);
    const auto form = read_text(place, findings);
    if (!form) continue;
    if (*form != "tu" && *form != "usted")
      refuse(findings, place.pointer, in_quotes(*form) + " is no form of address", "Write \"tu\" or \"usted\".");
    brand.address[language] = *form == "usted" ? Address::usted : Address::tu;
  }
}

// What the brand itself says must keep its own rules.
void check_signatures(const Brand& brand, Findings& findings) {
  for (const auto& [language, text] : brand.signature)
    for (const auto& breach : wording::find_breaches(brand, language, text))
      findings.add({.rule = "brand", .pointer = "/signature" + pointer_part(language), .message = breach.message, .mend = breach.mend, .inside = breach.offset});
}

}  // namespace

std::vector<Finding> read_channels(std::string_view text, std::string_view file, wording::Rules& rules) {
  Findings findings(text, file);
  const auto json = parsed(text, findings);
  const Keys keys{.required = {"redress", "channels", "elsewhere"}, .optional = {"$schema", "title", "description"}, .not_yet = {}};
  const Place root{json ? &*json : nullptr, ""};
  if (!json || !check_object(root, "a channels file", keys, findings)) return findings.take();
  check_version(root, findings);
  std::vector<Profile> profiles;
  if (const auto channels = member(root, "channels"); channels && check_named(*channels, "profiles by channel", findings))
    for (const auto& [name, place] : members(*channels)) profiles.push_back(read_profile(name, place, findings));
  check_names(profiles, findings);
  Profile elsewhere;
  if (const auto place = member(root, "elsewhere")) elsewhere = read_profile("elsewhere", *place, findings);
  if (!findings.has_errors()) {
    rules.channels = std::move(profiles);
    rules.elsewhere = std::move(elsewhere);
  }
  return findings.take();
}

std::vector<Finding> read_brand(std::string_view text, std::string_view file, wording::Rules& rules) {
  Findings findings(text, file);
  const auto json = parsed(text, findings);
  const Keys keys{.required = {"redress"},
                  .optional = {"$schema", "title", "description", "forbidden", "signature", "address"},
                  .not_yet = {}};
  const Place root{json ? &*json : nullptr, ""};
  if (!json || !check_object(root, "a brand file", keys, findings)) return findings.take();
  check_version(root, findings);
  Brand brand;
  read_forbidden(root, brand, findings);
  read_signature(root, brand, findings);
  read_address(root, brand, findings);
  if (!findings.has_errors()) check_signatures(brand, findings);
  if (!findings.has_errors()) rules.brand = std::move(brand);
  return findings.take();
}

const std::shared_ptr<const wording::Rules>& default_rules() {
  static const std::shared_ptr<const wording::Rules> rules = [] {
    auto read = std::make_shared<wording::Rules>();
    const auto findings = read_channels(channels_file(), "channels.json", *read);
    if (!findings.empty()) throw std::logic_error("the channels that come with Redress: " + findings.front().message);
    return read;
  }();
  return rules;
}

Result<std::shared_ptr<const wording::Rules>> read_rules(const Wording& wording) {
  if (wording.channels.empty() && wording.brand.empty()) return default_rules();
  auto rules = std::make_shared<wording::Rules>(*default_rules());
  std::vector<Finding> found;
  if (!wording.channels.empty()) found = read_channels(wording.channels, "channels.json", *rules);
  if (!wording.brand.empty()) {
    std::vector<Finding> of_brand = read_brand(wording.brand, "brand.json", *rules);
    std::move(of_brand.begin(), of_brand.end(), std::back_inserter(found));
  }
  if (found.empty()) return std::shared_ptr<const wording::Rules>(std::move(rules));
  return {Code::invalid, in_lines(found)};
}

}  // namespace redress::workflow
