// Posts in: each (channel, id) has one row and one fate.
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "drive/driver.hpp"
#include "path/deadlines.hpp"
#include "path/decide.hpp"
#include "path/receive.hpp"
#include "redress/limits.hpp"

namespace redress::drive {
namespace {

constexpr std::int64_t future_ms_max = 5 * path::minute_ms;
constexpr std::size_t cases_of_author_max = 50;
constexpr std::string_view paused = "paused: ";  // Then the workflow: why a post opened no case.

void add_rejected(path::Draft& draft, const std::string& digest, const std::string& why) {
  PostRow row;
  row.id = draft.supply.next_id(Table::posts);
  row.post_id = digest;
  row.received_at_ms = draft.now_ms;
  row.fate = PostFate::rejected;
  row.reason = why;
  draft.record.posts[row.id] = row;
}

}  // namespace

Result<Fate> Driver::receive(const Post& post, const RequestKey& request) {
  if (request.id.size() > limits::name_bytes_max)
    return {Code::invalid, "the request id is longer than " + std::to_string(limits::name_bytes_max) + " bytes"};
  if (const auto checked = path::check_post(post); !checked) return checked.error();
  if (!options_.virtual_time && post.created_at_ms > options_.clock->now_ms() + future_ms_max) {
    return {Code::invalid, "post " + post.id + ": created_at is more than 5 minutes in the future; check the sender's clock"};
  }
  Fate fate;
  bool made_way = false;
  const std::string& thread = post.thread.empty() ? post.id : post.thread;
  std::vector<std::string> touches = {"post/" + post.channel + "/" + post.id, "thread/" + post.channel + "/" + thread,
                                      "author/" + post.channel + "/" + post.author.handle};
  RequestRow once{.request = request.id, .act_digest = request.digest};
  if (!request.id.empty()) {
    touches.push_back("request/" + request.id);
    if (once.act_digest.empty())
      once.act_digest = base::sha256_hex(post.channel + "\n" + post.id + "\n" + post.author.handle + "\n" +
                                         std::to_string(post.created_at_ms) + "\n" + post.text);
  }
  const auto work = [&](Turn& turn) { return receive_in(turn, post, once, fate, made_way); };
  auto received = writer_->execute(work, touches);
  if (received && made_way) received = writer_->execute(work, touches);  // Now it is a new post. A crash in between: likewise.
  if (!received) return received.error();
  wake();
  return fate;
}

Result<Fate> Driver::receive_line(std::string_view json_line, std::int64_t line_number) {
  const auto post = parse_post(json_line);
  std::string why;
  if (post) {
    auto fate = receive(*post);
    if (fate || fate.error().code != Code::invalid) return fate;
    why = fate.error().message;
  } else {
    why = post.error().message;
  }
  Fate fate;
  const std::string digest = base::sha256_hex(json_line);
  const auto rejected =
      writer_->execute([&](Turn& turn) { return reject_line(turn, digest, line_number, why, fate); }, {"post//" + digest});
  if (!rejected) return rejected.error();
  return fate;
}

Result<void> Driver::reject_line(Turn& turn, const std::string& digest, std::int64_t line_number, const std::string& why,
                                 Fate& fate) {
  fate = {.fate = PostFate::rejected, .case_reference = "", .reason = "line " + std::to_string(line_number) + ": " + why};
  const auto known = options_.store->find_post("", digest);
  if (!known) return known.error();
  fate.redelivered = known->has_value();
  if (fate.redelivered) return {};
  const auto zero = turn.load_zero();
  if (!zero) return zero.error();
  path::Draft draft(*zero, nullptr, turn.supply(), turn.now_ms());
  add_rejected(draft, digest, fate.reason);
  draft.event = "post.rejected";
  turn.put(*zero, std::move(draft));
  return {};
}

// A pause kept this post out, and its workflow takes new cases again.
bool Driver::may_be_taken_up(const PostRow& known) {
  if (known.case_id != 0 || known.fate != PostFate::not_wanted || !known.reason.starts_with(paused)) return false;
  return !library_.switches_of(known.reason.substr(paused.size())).new_cases;
}

// The row of the earlier delivery goes under the digest of its id, as those of rejected lines do, and frees the id.
Result<void> Driver::make_way(Turn& turn, const PostRow& known) {
  auto old = turn.load_zero();
  if (!old) return old.error();
  old->posts[known.id] = known;
  path::Draft draft(*old, nullptr, turn.supply(), turn.now_ms());
  PostRow& row = draft.record.posts[known.id];
  row.channel.clear();
  row.post_id = base::sha256_hex(std::to_string(known.id) + "/" + known.channel + "/" + known.post_id);
  row.reason = "taken up when it was delivered again; " + known.reason;
  draft.event = "post.taken_up";
  turn.put(*old, std::move(draft));
  return {};
}

// The same request again is answered and changes nothing, also where the post was edited since. Only where its post is not
// there (a crash came between the two steps of one that a pause had kept out) it is received.
Result<void> Driver::answer_again(Turn& turn, const Post& post, Fate& fate, bool& made_way) {
  made_way = false;
  if (const auto caught = library_.catch_up(*options_.store, turn.doubts()); !caught) return caught;
  const auto known = options_.store->find_post(post.channel, post.id);
  if (!known) return known.error();
  if (!*known || may_be_taken_up(**known)) return receive_once(turn, post, fate, made_way);
  const auto before = (*known)->case_id == 0 ? turn.load_zero() : turn.load((*known)->case_id);
  if (!before) return before.error();
  fate = {.fate = (*known)->fate, .case_reference = before->row.reference, .reason = (*known)->reason, .redelivered = true};
  return {};
}

// With its request id, where it has one: in the same transaction as what became of the post.
Result<void> Driver::receive_in(Turn& turn, const Post& post, const RequestRow& request, Fate& fate, bool& made_way) {
  if (request.request.empty()) return receive_once(turn, post, fate, made_way);
  const auto earlier = options_.store->find_request(request.request);
  if (!earlier) return earlier.error();
  if (*earlier && (*earlier)->act_digest != request.act_digest)
    return {Code::conflict, "request " + request.request + " was another request: take a new request id"};
  if (*earlier) return answer_again(turn, post, fate, made_way);
  turn.remember(request);
  if (const auto received = receive_once(turn, post, fate, made_way); !received) return received;
  return turn.put_request();  // Where the post was here before, nothing of it was stored now.
}

Result<void> Driver::receive_once(Turn& turn, const Post& post, Fate& fate, bool& made_way) {
  fate = {};
  made_way = false;
  if (const auto caught = library_.catch_up(*options_.store, turn.doubts()); !caught) return caught;
  const auto known = options_.store->find_post(post.channel, post.id);
  if (!known) return known.error();
  if (*known && may_be_taken_up(**known)) {
    made_way = true;
    return make_way(turn, **known);
  }
  if (*known) return receive_again(turn, **known, post, fate);
  const std::string author = path::author_key(turn.author_pepper(), post.channel, post.author.handle);
  const auto case_id = case_for(post, author);
  if (!case_id) return case_id.error();
  if (!*case_id) return open_or_leave(turn, post, author, std::nullopt, fate);
  const auto before = turn.load(**case_id);
  if (!before) return before.error();
  const bool closed = path::is_past_reopening(*before, turn.now_ms());
  if (closed && before->row.customer == author) return open_or_leave(turn, post, author, **case_id, fate);
  return attach(turn, *before, post, author, fate);
}

// The same id again: nothing is stored, unless its text is another one.
Result<void> Driver::receive_again(Turn& turn, const PostRow& known, const Post& post, Fate& fate) {
  fate.fate = known.fate;
  fate.reason = known.reason;
  fate.redelivered = true;
  const auto text = options_.store->find_text(known.text);
  if (!text) return text.error();
  auto before = known.case_id == 0 ? turn.load_zero() : turn.load(known.case_id);
  if (!before) return before.error();
  fate.case_reference = before->row.reference;
  if (!*text || (*text)->content.empty() || (*text)->content == post.text) return {};
  fate.redelivered = false;
  fate.edited = true;
  CaseRecord old = std::move(*before);
  old.posts[known.id] = known;
  if (known.case_id == 0) {
    path::Draft draft(old, nullptr, turn.supply(), turn.now_ms());
    draft.record.posts[known.id].text = draft.put_text(post.text);
    draft.event = "post.edited";
    turn.put(old, std::move(draft));
    return {};
  }
  auto draft = draft_of(turn, old);
  if (!draft) return draft.error();
  PostRow& row = draft->record.posts[known.id];
  row.text = draft->put_text(post.text);
  draft->event = "post.edited";
  draft->raise({.name = "post.edited", .text = row.text});
  path::react(*draft);
  turn.put(old, std::move(*draft));
  return {};
}

// The case that a post belongs to: a private one to the author's one case that waits for them, else by thread.
Result<std::optional<std::int64_t>> Driver::case_for(const Post& post, const std::string& author) {
  if (post.is_private) {
    const auto theirs = options_.store->cases_of_author(post.channel, author, cases_of_author_max);
    if (!theirs) return theirs.error();
    std::vector<std::int64_t> waiting;
    for (const CaseRow& row : *theirs) {
      if (row.state == CaseState::waiting_customer) waiting.push_back(row.id);
    }
    if (waiting.size() == 1) return std::optional(waiting.front());
  }
  return options_.store->find_case_of_thread(post.channel, post.thread.empty() ? post.id : post.thread);
}

Result<void> Driver::open_or_leave(Turn& turn, const Post& post, const std::string& author,
                                   std::optional<std::int64_t> closed_case, Fate& fate) {
  const path::Intake intake = path::choose_workflow(library_.active(), post, turn.now_ms());
  const bool shut = intake.chosen && library_.switches_of(intake.chosen->id).new_cases;
  if ((!intake.chosen || shut) && closed_case) {  // Where people see it, beside what was before.
    const auto before = turn.load(*closed_case);
    if (!before) return before.error();
    return attach(turn, *before, post, author, fate);
  }
  if (!intake.chosen || shut) {
    const auto zero = turn.load_zero();
    if (!zero) return zero.error();
    path::Draft draft(*zero, nullptr, turn.supply(), turn.now_ms());
    PostRow& row = path::add_post(draft, post, author);
    row.fate = fate.fate = PostFate::not_wanted;
    row.reason = fate.reason = shut ? std::string(paused) + intake.chosen->id : "no workflow wants it";
    draft.event = "post.not_wanted";
    draft.rules = intake.rules;
    turn.put(*zero, std::move(draft));
    return {};
  }
  std::int64_t prior = closed_case.value_or(0);
  if (prior == 0) {
    const auto earlier = options_.store->cases_of_author(post.channel, author, 1);
    if (!earlier) return earlier.error();
    if (!earlier->empty()) prior = earlier->front().id;
  }
  CaseRecord before;
  CaseRecord fresh;
  fresh.row.id = turn.supply().next_id(Table::cases);
  fresh.row.reference = path::reference_of(fresh.row.id);
  path::Draft draft(fresh, intake.chosen, turn.supply(), turn.now_ms());
  draft.replies_frozen = library_.switches_of(intake.chosen->id).automatic_replies;
  draft.rules = intake.rules;
  draft.event = "post.opened";
  path::open_case(draft, post, author, prior);
  path::react(draft);
  fate.fate = PostFate::opened;
  fate.case_reference = fresh.row.reference;
  fate.reason = intake.chosen->id;
  turn.put(before, std::move(draft));
  return {};
}

Result<void> Driver::attach(Turn& turn, const CaseRecord& before, const Post& post, const std::string& author, Fate& fate) {
  auto draft = draft_of(turn, before);
  if (!draft) return draft.error();
  path::attach_post(*draft, post, author, before.row.customer == author);
  path::react(*draft);
  fate.fate = PostFate::attached;
  fate.case_reference = before.row.reference;
  fate.reason = draft->event;
  turn.put(before, std::move(*draft));
  return {};
}

}  // namespace redress::drive
