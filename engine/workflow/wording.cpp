// Counts by the functions that the gate counts with at run time (engine/wording), and reads what is written in the file alone.
#include "workflow/wording.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wording/bound.hpp"
#include "wording/flaws.hpp"
#include "wording/private_data.hpp"
#include "workflow/names.hpp"

namespace redress::workflow {
namespace {

using wording::Bound;
using wording::Piece;
using wording::Profile;

// One text of a reply, and where it stands.
struct Written {
  const Workflow& workflow;
  const ReplySpec& reply;
  const std::string& language;
  const std::string& channel;  // "default".
  const Template& text;
  std::string pointer;
};

std::optional<wording::Span> span_of(const expression::Type& type) {
  const auto length = expression::text_length_max(type);
  if (!length) return std::nullopt;
  const bool text = type.kind == expression::Kind::string || type.localized;
  return wording::Span{
      .signs_max = *length, .light = !text || type.light, .has_dots = text && type.has_dots, .handle = text && type.handle};
}

// Nothing where a value has no bound.
std::optional<std::vector<Piece>> pieces_of(const Written& written, const expression::Scope& scope) {
  std::vector<Piece> pieces;
  for (const Template::Piece& piece : written.text.pieces()) {
    if (piece.expression == nullptr) {
      pieces.push_back({std::string(piece.written), std::nullopt});
      continue;
    }
    std::vector<expression::Finding> found;
    const auto span = span_of(piece.expression->check(scope, found));
    if (!span || !found.empty()) return std::nullopt;
    pieces.push_back({"", span});
  }
  const std::string signature = wording::signature_in(written.workflow.rules->brand, written.language);
  if (!signature.empty()) pieces.push_back({signature, std::nullopt});
  return pieces;
}

// "{{ x.evidence.answer }} with up to 259", and where it stands.
std::pair<std::string, std::size_t> longest_part(const Written& written, const Bound& bound) {
  const auto pieces = written.text.pieces();
  std::size_t longest = 0, text = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].expression == nullptr) text += bound.by_piece[i];
    if (bound.by_piece[i] > bound.by_piece[longest] || pieces[longest].expression == nullptr) longest = i;
  }
  if (pieces[longest].expression == nullptr || bound.by_piece[longest] < text)
    return {"what is written itself, with " + std::to_string(text), 0};
  return {"{{ " + pieces[longest].expression->text() + " }}, with up to " + std::to_string(bound.by_piece[longest]),
          pieces[longest].offset};
}

void check_length(const Written& written, const Profile& profile, const std::vector<Piece>& pieces, Findings& findings) {
  const Bound bound = wording::bound_of(profile, pieces);
  const bool too_many_bytes = profile.bytes_max > 0 && bound.bytes_max > profile.bytes_max;
  if (bound.length_max <= profile.length_max && !too_many_bytes) return;
  const auto [part, offset] = longest_part(written, bound);
  const std::string counted = bound.length_max > profile.length_max
                                  ? std::to_string(bound.length_max) + " long on " + profile.name + ", which takes " +
                                        std::to_string(profile.length_max)
                                  : std::to_string(bound.bytes_max) + " bytes long on " + profile.name + ", which takes " +
                                        std::to_string(profile.bytes_max);
  findings.add({.rule = "too_long",
                .pointer = written.pointer,
                .message = "the reply " + in_quotes(written.reply.name) + " in " + written.language + " can get " + counted +
                           "; the most of it is " + part,
                .mend = "Write less, give the value a smaller maxLength or a pattern of Latin letters where it is declared, or write a "
                        "text for " +
                        profile.name + " alone: { \"default\": \"...\", \"" + profile.name + "\": \"...\" }.",
                .inside = offset});
}

// What stands in the file: the text's own words, and those within its expressions.
void check_words(const Written& written, std::string_view words, std::size_t offset, Findings& findings) {
  const auto add = [&](const char* rule, std::size_t at, const std::string& message, const std::string& mend) {
    findings.add({.rule = rule, .pointer = written.pointer, .message = message, .mend = mend, .inside = offset + at});
  };
  if (const auto flaw = wording::find_flaw(words)) return add("signs", flaw->offset, flaw->message, flaw->mend);
  if (const std::string why = wording::looks_private(words, {}); !why.empty())
    add("privacy", 0, "the text cannot be public: " + why, "Leave it out of the text.");
  for (const auto& breach : wording::find_breaches(written.workflow.rules->brand, written.language, words))
    add("brand", breach.offset, breach.message, breach.mend);
}

void check_all_words(const Written& written, Findings& findings) {
  for (const Template::Piece& piece : written.text.pieces()) {
    if (piece.expression == nullptr) {
      check_words(written, piece.written, piece.offset, findings);
      continue;
    }
    for (const auto& literal : piece.expression->literals())
      check_words(written, literal.text, piece.offset + literal.offset, findings);
  }
}

// Whether this text is the one that the reply has for the channel.
bool is_for(const Written& written, const Profile& profile, const std::map<std::string, Template>& by_channel) {
  const Template* own = find_text(by_channel, profile);
  return own == &written.text;
}

void check_one(const Written& written, const std::map<std::string, Template>& by_channel, const expression::Scope& scope,
               Findings& findings) {
  check_all_words(written, findings);
  const auto pieces = pieces_of(written, scope);
  if (!pieces) return;
  for (const Profile* profile : channels_of(written.workflow))
    if (is_for(written, *profile, by_channel)) check_length(written, *profile, *pieces, findings);
  const Profile& named = written.workflow.rules->on(written.channel);
  const auto expected = channels_of(written.workflow);
  if (written.channel != "default" && std::ranges::find(expected, &named) == expected.end())
    check_length(written, named, *pieces, findings);
}

}  // namespace

const Template* find_text(const std::map<std::string, Template>& by_channel, const wording::Profile& profile) {
  if (const auto own = by_channel.find(profile.name); own != by_channel.end()) return &own->second;
  for (const std::string& name : profile.other_names)
    if (const auto own = by_channel.find(name); own != by_channel.end()) return &own->second;
  const auto any = by_channel.find("default");
  return any == by_channel.end() ? nullptr : &any->second;
}

std::vector<const Profile*> channels_of(const Workflow& workflow) {
  std::vector<const Profile*> found;
  for (const Profile& profile : workflow.rules->channels) {
    const bool named = std::ranges::any_of(workflow.channels, [&](const auto& name) { return &workflow.rules->on(name) == &profile; });
    if (workflow.channels.empty() ? profile.expected : named) found.push_back(&profile);
  }
  return found;
}

void check_wording(const Workflow& workflow, const expression::Scope& scope, const Place& replies, Findings& findings) {
  for (const ReplySpec& reply : workflow.replies) {
    const auto place = member(replies, reply.name);
    const auto texts = place ? member(*place, "text") : std::nullopt;
    for (const auto& [language, by_channel] : reply.texts) {
      const auto of_language = texts ? member(*texts, language) : std::nullopt;
      if (!of_language) continue;
      for (const auto& [channel, text] : by_channel) {
        const bool alone = of_language->json->is_string();
        check_one({workflow, reply, language, channel, text, of_language->pointer + (alone ? "" : pointer_part(channel))},
                  by_channel, scope, findings);
      }
    }
  }
}

}  // namespace redress::workflow
