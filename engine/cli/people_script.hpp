// A PeopleScript plays people: each act of a file is done at the first moment, at or after its time, at which its thing waits
// for it.
//
// Things are named by a post and their name in the workflow, since ids are not known before. An act's request id comes from its
// line, so a run that is started again does not do it twice. Used by one thread.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redress/engine.hpp"

namespace redress::cli {

struct ScriptedPerson {
  std::string name;
  std::vector<std::string> roles;  // Sorted.
};

struct ScriptedAct {
  enum class Kind { approve, review, decide, settle, event, retry, skip } kind = Kind::event;
  std::string line;  // As written, for people; `request_id` is made from it and its number.
  std::int64_t number = 0;
  std::string request_id;
  std::int64_t after_ms = 0;  // Counted from the post's created_at.
  std::string as;
  std::string channel, post;
  std::string name;        // The commitment, the reply or the event ("manual.identified").
  bool yes = false;        // approve, review: approved. settle: again.
  bool published = false;  // settle: seen to be public; neither: waived.
  Decision decision = Decision::done;
  std::string json;  // Evidence or form; empty: none.
  std::string reason;

  std::optional<std::int64_t> due_at_ms;  // Known once the post is there.
  bool over = false;                      // Done, now or by an earlier run, or refused.
  std::string refusal;                    // Why it cannot be done at all; empty: it was not refused.
  std::string waiting;                    // What the engine said when it was tried too early.
};

class PeopleScript {
 public:
  PeopleScript() = default;  // Nobody acts.
  // `invalid` names file, line and rule; no act is done before the whole file is in order.
  [[nodiscard]] static Result<PeopleScript> read(const std::string& path);

  // Makes the script's people known; one who is, in these roles, is left alone.
  [[nodiscard]] Result<void> add_people(Engine& engine) const;
  void look_for_posts() { new_posts_ = true; }  // Posts came in: acts may have become due.
  // Does the first act that is due and can be done. False: there is none.
  [[nodiscard]] Result<bool> act(Engine& engine, std::int64_t now_ms);
  // When the next act after `now_ms` becomes due.
  [[nodiscard]] std::optional<std::int64_t> next_due_at_ms(std::int64_t now_ms) const;

  [[nodiscard]] bool any_refused() const;
  void list_what_was_left(std::ostream& out) const;

 private:
  Result<void> find_due_times(Store& store);

  std::vector<ScriptedPerson> people_;
  std::vector<ScriptedAct> acts_;
  bool new_posts_ = true;
};

}  // namespace redress::cli
