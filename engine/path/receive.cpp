// Posts in: rows, intake, and the first event of a case.
#include "path/receive.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "path/deadlines.hpp"
#include "path/decide.hpp"
#include "path/language.hpp"
#include "path/scope.hpp"
#include "redress/limits.hpp"

namespace redress::path {
namespace {

constexpr std::int64_t created_at_ms_max =
    7'289'654'400'000;  // 2201-01-01T00:00:00Z: what follows it must still have four digits in its year.

Result<void> check_name(const char* field, const std::string& value, bool required) {
  if (value.empty() && required)
    return {Code::invalid, std::string("post: ") + field + " is missing or empty; every post needs it"};
  if (value.size() > limits::name_bytes_max) {
    return {Code::invalid, std::string("post: ") + field + " has " + std::to_string(value.size()) + " bytes; at most " +
                               std::to_string(limits::name_bytes_max) + " are taken"};
  }
  if (!base::is_utf8(value)) return {Code::invalid, std::string("post: ") + field + " is not UTF-8"};
  if (const std::string steering = base::find_steering(value); !steering.empty()) {
    return {Code::invalid, std::string("post: ") + field + " has " + steering +
                               "; names take no control characters, line separators or characters that turn the direction of "
                               "text: replies and logs would carry them"};
  }
  return {};
}

std::string profile_of(const Author& author) {
  return base::canonical_json({{"handle", author.handle}, {"display_name", author.display_name}});
}

PostRow row_of(const Post& post) {
  PostRow row;
  row.channel = post.channel;
  row.post_id = post.id;
  row.thread = post.thread.empty() ? post.id : post.thread;
  row.in_reply_to = post.in_reply_to;
  row.verified = post.author.verified ? 1 : 0;
  row.followers = post.author.followers;
  row.created_at_ms = post.created_at_ms;
  row.language = post.language;
  row.is_private = post.is_private ? 1 : 0;
  row.url = post.url;
  return row;
}

std::string priority_of(const workflow::Workflow& workflow, const expression::Lookup& scope, Json& rules) {
  if (!workflow.intake->priority) return "normal";
  const auto value = workflow.intake->priority->evaluate(scope);
  const std::string* priority = value ? value->get_if<std::string>() : nullptr;
  if (priority != nullptr) return *priority;
  rules.push_back({{"rule", "/intake/priority"}, {"taken", false}, {"error", true}});
  return "normal";
}

// Replies are public wherever they can be: a private post is answered only while the customer wrote none in public.
bool may_be_answered(const Draft& draft, const PostRow& post) {
  if (post.is_private == 0) return true;
  const auto& posts = draft.record.posts;
  return std::any_of(posts.begin(), posts.end(), [&](const auto& entry) {
    return entry.second.post_id == draft.record.row.latest_post && entry.second.is_private != 0;
  });
}

}  // namespace

Result<void> check_post(const Post& post) {
  const std::pair<const char*, const std::string*> names[] = {
      {"id", &post.id}, {"channel", &post.channel}, {"author", &post.author.handle}};
  for (const auto& [field, value] : names) {
    if (const auto checked = check_name(field, *value, true); !checked) return checked;
  }
  const std::pair<const char*, const std::string*> optional[] = {
      {"thread", &post.thread}, {"in_reply_to", &post.in_reply_to}, {"language", &post.language}};
  for (const auto& [field, value] : optional) {
    if (const auto checked = check_name(field, *value, false); !checked) return checked;
  }
  if (post.created_at_ms < 0 || post.created_at_ms >= created_at_ms_max) {
    return {Code::invalid, "post: created_at lies outside the years 1970 to 2200"};
  }
  if (post.text.empty()) return {Code::invalid, "post: text is missing or empty; every post needs it"};
  const std::size_t bytes = post.text.size() + post.url.size() + post.author.display_name.size();
  if (bytes > limits::post_bytes_max) {
    return {Code::invalid,
            "post: " + std::to_string(bytes) + " bytes; at most " + std::to_string(limits::post_bytes_max) + " are taken"};
  }
  if (!base::is_utf8(post.text) || !base::is_utf8(post.url) || !base::is_utf8(post.author.display_name)) {
    return {Code::invalid, "post: text, url and display_name must be UTF-8"};
  }
  return {};
}

std::string author_key(std::string_view pepper, std::string_view channel, std::string_view handle) {
  std::string bytes(channel);
  bytes += '\0';
  bytes += handle;
  return base::hmac_sha256_hex(pepper, bytes).substr(0, 32);
}

PostRow& add_post(Draft& draft, const Post& post, const std::string& author) {
  PostRow row = row_of(post);
  row.id = draft.supply.next_id(Table::posts);
  row.case_id = draft.record.row.id;
  row.author = author;
  row.author_profile = draft.put_text(profile_of(post.author));
  row.text = draft.put_text(post.text);
  row.received_at_ms = draft.now_ms;
  return draft.record.posts[row.id] = row;
}

Intake choose_workflow(std::span<const std::shared_ptr<const workflow::Workflow>> active, const Post& post,
                       std::int64_t now_ms) {
  Intake intake{.chosen = nullptr, .rules = Json::array()};
  const auto scope = scope_of_post(row_of(post), profile_of(post.author), post.text, now_ms);
  for (const auto& candidate : active) {
    if (!candidate->intake) continue;
    const auto value = candidate->intake->when.evaluate(scope);
    const bool* wanted = value ? value->get_if<bool>() : nullptr;
    const bool matched = wanted != nullptr && *wanted;
    Json rule = {{"event", "intake"}, {"rule", candidate->id + "/intake/when"}, {"taken", matched}};
    if (wanted == nullptr) {
      const std::string why = value ? "the condition is no bool" : value.error().message;
      rule["error"] = why.substr(0, why.find_first_of("\"'"));  // What follows may quote the post.
    }
    intake.rules.push_back(std::move(rule));
    if (!matched) continue;
    const bool better = !intake.chosen || candidate->intake->rank > intake.chosen->intake->rank ||
                        (candidate->intake->rank == intake.chosen->intake->rank && candidate->id < intake.chosen->id);
    if (better) intake.chosen = candidate;
  }
  return intake;
}

void open_case(Draft& draft, const Post& post, const std::string& author, std::int64_t prior_case) {
  CaseRow& row = draft.record.row;
  const workflow::Workflow& workflow = *draft.workflow;
  PostRow& opening = add_post(draft, post, author);
  opening.fate = PostFate::opened;
  opening.reason = workflow.id;
  const DetectedLanguage detected = detect_language(post.text);
  row.workflow = workflow.id;
  row.workflow_version = workflow.version;
  row.workflow_hash = workflow.hash;
  row.configuration = "[]";
  row.episode = 1;
  row.category = workflow.intake->category;
  row.priority =
      priority_of(workflow, scope_of_post(opening, draft.text(opening.author_profile), post.text, draft.now_ms), draft.rules);
  row.language = post.language.empty() ? detected.language : post.language;
  row.language_percent = post.language.empty() ? detected.percent : 100;
  if (row.language.empty()) row.language = workflow.default_language;
  row.channel = post.channel;
  row.thread = opening.thread;
  row.customer = author;
  row.opening_post = row.episode_post = row.latest_post = post.id;
  row.prior_case = prior_case;
  row.opened_at_ms = row.episode_at_ms = post.created_at_ms;
  row.data = draft.put_text("{}");
  draft.move(lifecycle::CaseEvent::open);
  start_clocks(draft);
  const std::deque<Event> late = std::move(draft.raised);  // Breached at birth: told after the workflow has begun.
  draft.raised.clear();
  draft.raise({.name = std::string(case_opened)});
  for (const Event& event : late) draft.raise(event);
}

void attach_post(Draft& draft, const Post& post, const std::string& author, bool from_customer) {
  PostRow& row = add_post(draft, post, author);
  row.fate = PostFate::attached;
  row.reason = from_customer ? "customer.replied" : "post.joined";
  if (from_customer && row.thread == draft.record.row.thread && may_be_answered(draft, row))
    draft.record.row.latest_post = post.id;
  draft.event = row.reason;
  draft.raise({.name = row.reason, .text = row.text});
}

}  // namespace redress::path
