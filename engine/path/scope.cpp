// Builds the values of case, post, customer, event and commitments from the record.
#include "path/scope.hpp"

#include <nlohmann/json.hpp>

namespace redress::path {
namespace {

using expression::Map;
using expression::Timestamp;
using expression::Value;

Json parsed(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json::object();
}

Value author_value(const PostRow& post, std::string_view profile_json) {
  const Json profile = parsed(std::string(profile_json));
  return Map{{"handle", profile.value("handle", "")},
             {"display_name", profile.value("display_name", "")},
             {"verified", post.verified != 0},
             {"followers", post.followers}};
}

Value post_value(const PostRow& post, std::string_view profile_json, std::string_view text) {
  return Map{{"id", post.post_id},
             {"channel", post.channel},
             {"thread", post.thread},
             {"text", std::string(text)},
             {"language", post.language},
             {"created_at", Timestamp::of_ms(post.created_at_ms)},
             {"author", author_value(post, profile_json)}};
}

const PostRow* find_post(const Draft& draft, const std::string& post_id) {
  for (const auto& [id, post] : draft.record.posts) {
    if (post.post_id == post_id) return &post;
  }
  return nullptr;
}

std::optional<Value> post_of(const Draft& draft, const std::string& post_id) {
  const PostRow* post = find_post(draft, post_id);
  if (post == nullptr) return std::nullopt;
  return post_value(*post, draft.text(post->author_profile), draft.text(post->text));
}

Value case_value(const Draft& draft) {
  const CaseRow& row = draft.record.row;
  Map map{{"reference", row.reference}, {"category", row.category}, {"priority", row.priority},
          {"language", row.language},   {"channel", row.channel},   {"opened_at", Timestamp::of_ms(row.opened_at_ms)},
          {"episode", row.episode}};
  expression::List configuration;
  for (const int state : draft.memory.active) configuration.push_back(draft.workflow->state(state).path);
  map.emplace_back("configuration", std::move(configuration));
  if (row.prior_case != 0) map.emplace_back("prior_case", reference_of(row.prior_case));
  const Json data = parsed(draft.text(row.data));
  for (const auto& [name, value] : data.items()) {
    const auto& fields = draft.workflow->data.fields;
    const auto field = fields ? fields->find(name) : decltype(fields->find(name)){};
    const bool typed = fields && field != fields->end();
    map.emplace_back(name, typed ? expression::from_json(value, field->second.type) : expression::from_json(value));
  }
  return map;
}

// A form's fields have the types that the act declares; one whose state was left meanwhile keeps JSON's own.
Value form_value(const Draft& draft, const Event& event) {
  const Json form = parsed(draft.text(event.form));
  for (const workflow::Manual* manual : draft.workflow->acts_in(draft.memory.active)) {
    if (event.name == "manual." + manual->name && manual->form)
      return expression::from_json(form, expression::type_of_schema(*manual->form, "event.form"));
  }
  return expression::from_json(form);
}

Value event_value(const Draft& draft, const Event& event) {
  Map map{{"name", event.name}, {"at", Timestamp::of_ms(event.at_ms)}};
  if (!event.form.empty()) map.emplace_back("form", form_value(draft, event));
  if (!event.text.empty()) map.emplace_back("text", draft.text(event.text));
  if (!event.reason.empty()) map.emplace_back("reason", draft.text(event.reason));
  if (event.instance != 0) map.emplace_back("instance", event.instance);
  return map;
}

std::optional<Value> commitment_value(Draft& draft, std::string_view name) {
  const workflow::CommitmentSpec* spec = draft.workflow->find_commitment(name);
  if (spec == nullptr) return std::nullopt;
  const Draft::Held held = draft.latest(name, draft.record.row.episode);
  if (!held) return Map{};  // So that has(refund.state) asks whether it was committed.
  const CommitmentRow& row = *held.commitment;
  Map map{
      {"state", std::string(to_string(row.state))}, {"due_at", Timestamp::of_ms(row.due_at_ms)}, {"attempts", row.attempts}};
  if (row.promised_at_ms != 0) map.emplace_back("promised_at", Timestamp::of_ms(row.promised_at_ms));
  if (const std::string reason = draft.text(row.reason); !reason.empty()) map.emplace_back("reason", reason);
  if (const std::string evidence = draft.text(row.evidence); !evidence.empty()) {
    const expression::Type type = expression::type_of_schema(*spec->contract.evidence, std::string(name) + ".evidence");
    map.emplace_back("evidence", expression::from_json(parsed(evidence), type));
  }
  return map;
}

}  // namespace

expression::Lookup scope_of(Draft& draft, const Event& event) {
  return [&draft, &event](std::string_view name) -> std::optional<Value> {
    const CaseRow& row = draft.record.row;
    if (name == "now") return Timestamp::of_ms(draft.now_ms);
    if (name == "case") return case_value(draft);
    if (name == "event") return event_value(draft, event);
    if (name == "post") return post_of(draft, row.episode_post);
    if (name == "customer") {
      const PostRow* post = find_post(draft, row.opening_post);
      if (post == nullptr) return std::nullopt;
      return author_value(*post, draft.text(post->author_profile));
    }
    return commitment_value(draft, name);
  };
}

expression::Lookup scope_of_post(const PostRow& post, std::string_view profile_json, std::string_view text,
                                 std::int64_t now_ms) {
  return [value = post_value(post, profile_json, text), now_ms](std::string_view name) -> std::optional<Value> {
    if (name == "post") return value;
    if (name == "now") return Timestamp::of_ms(now_ms);
    return std::nullopt;
  };
}

}  // namespace redress::path
