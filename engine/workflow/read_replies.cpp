// Reads the replies: their texts, what they claim, and who looks at them first.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflow/reading.hpp"

namespace redress::workflow {
namespace {

const Site standing{.kind = Site::Kind::standing};
const std::vector<std::string> claim_levels = {"requested", "accepted", "fulfilled", "declined", "failed", "revoked"};

}  // namespace

void Reading::read_replies() {
  const auto section = member(root_, "replies");
  if (!section || !section->json->is_object()) return;
  for (const auto& [name, place] : members(*section)) read_reply(name, place);
  check_languages();
}

void Reading::read_reply(const std::string& name, const Place& place) {
  const Keys keys{.required = {"text"}, .optional = {"claims", "review", "corrects", "title", "description"}, .not_yet = {}};
  ReplySpec spec;
  spec.name = name;
  if (check_object(place, "a reply", keys, findings_)) {
    read_claims(place, spec);
    read_review(place, spec);
    if (const auto corrects = read_string(place, "corrects", findings_)) {
      spec.corrects = *corrects;
      if (*corrects == name || !replies_.contains(*corrects)) {
        const std::string message =
            *corrects == name ? "a reply cannot correct itself" : "there is no reply " + in_quotes(*corrects);
        refuse("unknown_reply", place.pointer + "/corrects", message, suggest(*corrects, replies_));
      }
    }
    read_texts(place, spec);
  }
  workflow_.replies.push_back(std::move(spec));
}

void Reading::read_claims(const Place& place, ReplySpec& spec) {
  const auto claims = member(place, "claims");
  if (!claims || !check_named(*claims, "levels by commitment", findings_)) return;
  for (const auto& [commitment, value] : members(*claims)) {
    const CommitmentSpec* claimed = workflow_.find_commitment(commitment);
    if (!claimed) {
      refuse("unknown_commitment", value.pointer, "there is no commitment " + in_quotes(commitment),
             suggest(commitment, commitments_), Part::key);
    }
    const auto text = read_text(value, findings_);
    if (!text) continue;
    const auto level = from_string<ClaimLevel>(*text);
    if (!level) {
      refuse("unknown_level", value.pointer, in_quotes(*text) + " is nothing that can be claimed",
             suggest(*text, claim_levels));
      continue;
    }
    if (claimed && *level == ClaimLevel::revoked && claimed->contract.input && !claimed->contract.revocable) {
      refuse("not_revocable", value.pointer, "the department's action " + in_quotes(claimed->action) + " is not revocable",
             "Remove the claim.");
    }
    spec.claims.push_back({commitment, *level});
  }
}

void Reading::read_review(const Place& place, ReplySpec& spec) {
  const auto review = member(place, "review");
  const Keys keys{.required = {"role"}, .optional = {"within", "when"}, .not_yet = {}};
  if (!review || !check_object(*review, "a review", keys, findings_)) return;
  spec.review = Review{read_id(*review, "role", findings_).value_or(""),
                       read_duration(*review, "within", findings_).value_or(0), read_condition(*review, "when", standing)};
}

void Reading::read_texts(const Place& place, ReplySpec& spec) {
  const auto texts = member(place, "text");
  if (!texts || !check_named(*texts, "texts by language", findings_)) return;
  for (const auto& [language, text] : members(*texts)) {
    if (!is_language(language)) {
      refuse("language", text.pointer, in_quotes(language) + " is no language", "Write it as en, es or es-MX.", Part::key);
    }
    if (text.json->is_string()) {
      read_text_of("default", text, spec.texts[language], spec);
      continue;
    }
    if (!check_named(text, "texts by channel", findings_)) continue;
    if (!text.json->contains("default")) {
      refuse("missing_text", text.pointer, "no text for the channels that are not named", "Add \"default\".");
    }
    for (const auto& [channel, of_channel] : members(text)) read_text_of(channel, of_channel, spec.texts[language], spec);
  }
}

void Reading::read_text_of(const std::string& channel, const Place& place, std::map<std::string, Template>& texts,
                           ReplySpec& spec) {
  const auto written = read_text(place, findings_);
  if (!written) return;
  expression::Finding finding;
  const auto text = Template::parse(*written, finding);
  if (!text) return findings_.add_expression(place.pointer, finding);
  texts.emplace(channel, *text);
  imply_claims(place.pointer, *text, spec);
  // A review that only sometimes happens is none for what a person or a plugin wrote.
  const bool reviewed = spec.review && !spec.review->when;
  pending_.push_back(
      {std::nullopt, *text, place.pointer, standing,
       [=, this, pointer = place.pointer](const expression::Type& got) { check_text(*text, got, pointer, reviewed); }});
}

// Text that shows evidence says by itself that the commitment is fulfilled; one that shows a promise, that it was taken on.
void Reading::imply_claims(const std::string& pointer, const Template& text, ReplySpec& spec) {
  for (const std::string& path : text.reads()) {
    const std::size_t dot = path.find('.');
    const std::string commitment = path.substr(0, dot);
    const std::string rest = dot == std::string::npos ? "" : path.substr(dot + 1);
    const auto claim =
        std::find_if(spec.claims.begin(), spec.claims.end(), [&](const ClaimSpec& c) { return c.commitment == commitment; });
    if (commitments_.contains(commitment) && rest == "promised_at") {
      if (claim == spec.claims.end())
        spec.claims.push_back({commitment, ClaimLevel::accepted, true, true});
      else
        claim->shows_promise = true;
    }
    if (!commitments_.contains(commitment) || (rest != "evidence" && !rest.starts_with("evidence."))) continue;
    if (claim == spec.claims.end()) {
      spec.claims.push_back({commitment, ClaimLevel::fulfilled, false, true});
    } else if (claim->implied) {  // Another text shows its promise alone.
      claim->level = ClaimLevel::fulfilled;
    } else if (claim->level != ClaimLevel::fulfilled) {
      findings_.add({.rule = "claim_clash",
                     .pointer = pointer,
                     .message = "the text shows " + in_quotes(path) + ", so it claims " + in_quotes(commitment) +
                                " as fulfilled, but the reply claims it as " + std::string(to_string(claim->level)),
                     .mend = "Leave the evidence out of the text, or the claim out of the reply.",
                     .inside = text.text().find(path)});
    }
  }
}

// A customer gets one language, never a mixture: so each reply has the same ones.
void Reading::check_languages() {
  Names languages;
  for (const ReplySpec& reply : workflow_.replies) {
    for (const auto& [language, texts] : reply.texts) languages.insert(language);
  }
  if (!workflow_.default_language.empty()) languages.insert(workflow_.default_language);
  for (const ReplySpec& reply : workflow_.replies) {
    const auto texts = member({&(*root_.json)["replies"][reply.name], "/replies" + pointer_part(reply.name)}, "text");
    if (!texts || !texts->json->is_object()) continue;
    for (const std::string& language : languages) {
      if (texts->json->contains(language)) continue;
      const bool is_default = language == workflow_.default_language;
      refuse("missing_text", texts->pointer,
             "the reply " + in_quotes(reply.name) + " has no text in " + in_quotes(language) +
                 (is_default ? ", the default language" : ""),
             is_default ? "Add one." : "Add one: other replies have it.");
    }
  }
}

}  // namespace redress::workflow
