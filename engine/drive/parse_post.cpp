// Reads a post's JSON line: the fields of a post as other programs write them.
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/time.hpp"
#include "path/receive.hpp"
#include "redress/limits.hpp"
#include "redress/post.hpp"

namespace redress {
namespace {

struct Wrong {
  std::string message;
};

std::string text_of(const Json& json, const char* field, bool required) {
  const auto found = json.find(field);
  if (found == json.end() || found->is_null()) {
    if (required)
      throw Wrong{std::string("post: ") + field + " is missing; every post needs id, channel, author, created_at and text"};
    return "";
  }
  if (found->is_string()) return found->get<std::string>();
  throw Wrong{std::string("post: ") + field + " is " + found->type_name() + "; it must be a string"};
}

Author author_of(const Json& json) {
  const auto found = json.find("author");
  if (found == json.end() || !found->is_object())
    return {.handle = text_of(json, "author", true), .display_name = "", .verified = false, .followers = 0};
  Author author{.handle = text_of(*found, "handle", true),
                .display_name = text_of(*found, "display_name", false),
                .verified = false,
                .followers = 0};
  if (const auto verified = found->find("verified"); verified != found->end() && !verified->is_null()) {
    if (!verified->is_boolean()) throw Wrong{"post: author.verified must be true or false"};
    author.verified = verified->get<bool>();
  }
  if (const auto followers = found->find("followers"); followers != found->end() && !followers->is_null()) {
    if (!followers->is_number_integer() || followers->get<std::int64_t>() < 0)
      throw Wrong{"post: author.followers must be a whole number from 0"};
    author.followers = followers->get<std::int64_t>();
  }
  return author;
}

Post read(const Json& json) {
  if (!json.is_object()) throw Wrong{"post: the line is no JSON object"};
  Post post;
  post.id = text_of(json, "id", true);
  post.channel = text_of(json, "channel", true);
  post.author = author_of(json);
  const std::string created_at = text_of(json, "created_at", true);
  const auto at = base::parse_instant(created_at);
  if (!at)
    throw Wrong{"post: created_at is \"" + created_at.substr(0, 40) +
                "\"; it must be an RFC 3339 instant such as 2017-10-08T23:04:15Z"};
  post.created_at_ms = *at;
  post.text = text_of(json, "text", true);
  post.thread = text_of(json, "thread", false);
  post.in_reply_to = text_of(json, "in_reply_to", false);
  post.language = text_of(json, "language", false);
  post.url = text_of(json, "url", false);
  if (const auto found = json.find("private"); found != json.end() && !found->is_null()) {
    if (!found->is_boolean()) throw Wrong{"post: private must be true or false"};
    post.is_private = found->get<bool>();
  }
  return post;
}

}  // namespace

Result<Post> parse_post(std::string_view text) {
  const auto json = base::parse_json(text, limits::post_bytes_max);
  if (!json) return Error{Code::invalid, "post: " + json.error().message};
  try {
    Post post = read(*json);
    if (const auto checked = path::check_post(post); !checked) return checked.error();
    return post;
  } catch (const Wrong& wrong) {
    return Error{Code::invalid, wrong.message};
  }
}

}  // namespace redress
