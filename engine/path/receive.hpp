// Receives: turns a post into a row, finds the workflow that wants it, and begins its case.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "path/draft.hpp"
#include "redress/post.hpp"

namespace redress::path {

// What breaks the rules of a post (required fields, sizes, UTF-8); ok: it can be received.
[[nodiscard]] Result<void> check_post(const Post& post);

// Tells people of a channel apart without naming them.
[[nodiscard]] std::string author_key(std::string_view pepper, std::string_view channel, std::string_view handle);

// The post's row in this draft's case, its texts put apart. `fate` and `reason` are the caller's to set.
PostRow& add_post(Draft& draft, const Post& post, const std::string& author);

struct Intake {
  std::shared_ptr<const workflow::Workflow> chosen;  // Null: no workflow wants it.
  Json rules;                                        // Each workflow: matched, not matched, or the error.
};
// Highest rank, then workflow id.
[[nodiscard]] Intake choose_workflow(std::span<const std::shared_ptr<const workflow::Workflow>> active, const Post& post,
                                     std::int64_t now_ms);

// Makes the new case's row from its opening post, and raises the event that enters the workflow's initial state.
void open_case(Draft& draft, const Post& post, const std::string& author, std::int64_t prior_case);

// A later post in the case's thread, by the customer (`from_customer`) or by somebody else.
void attach_post(Draft& draft, const Post& post, const std::string& author, bool from_customer);

}  // namespace redress::path
