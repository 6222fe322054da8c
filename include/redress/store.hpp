// A Store keeps cases durable. Few verbs, each one transaction; SQLite and memory are here, an embedder may bring its own.
//
// The engine decides outside of the store and hands over finished rows: one Unit for each command, checked against the case's
// version. Rows are plain data; a field has the same name here, in SQL and in the journal. Times are Unix ms, UTC; 0: not set.
// Personal text is never in a row: a field marked [text] holds the digest of a TextRow, which can be erased.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "redress/api.hpp"
#include "redress/lifecycle.hpp"
#include "redress/result.hpp"

namespace redress {

// ---- rows: each has an id that is unique in its table, and each_field() in column order -------------------------------------

struct CaseRow {
  static constexpr std::string_view table = "cases";
  std::int64_t id = 0;      // From 1. 0 is the chain of what belongs to no case: unwanted posts, people, workflows.
  std::string reference{};  // What people say: "C-000017".
  std::string workflow{};   // Its id, and below the version that the case began with.
  std::string workflow_version{};
  std::string workflow_hash{};
  CaseState state = CaseState::received;
  std::string configuration{};  // JSON array of full state paths: the active states that have none within, in document order.
  std::string history{};        // JSON object: by a history state's path, the paths that it leads back to. Empty: none yet.
  std::int64_t episode = 0;     // From 1.
  std::string category{};
  std::string priority{};
  std::string language{};             // BCP 47; what replies are written in where they can be.
  std::int64_t language_percent = 0;  // How sure: 100 as the post says; less as detected.
  std::string channel{};
  std::string thread{};
  std::string customer{};      // The opening author's key (see PostRow::author).
  std::string opening_post{};  // Post ids on `channel`.
  std::string episode_post{};  // The post that began the episode.
  std::string latest_post{};   // The customer's latest public one in the thread, else private: what a reply answers.
  std::int64_t prior_case = 0;
  std::int64_t opened_at_ms = 0;   // The opening post's created_at.
  std::int64_t episode_at_ms = 0;  // created_at of the post that began the episode: where its clocks start.
  std::int64_t resolved_at_ms = 0;
  std::int64_t closed_at_ms = 0;
  DeadlineState first_reply = DeadlineState::none;
  std::int64_t first_reply_due_at_ms = 0;
  std::int64_t first_reply_met_at_ms = 0;
  DeadlineState resolution = DeadlineState::none;
  std::int64_t resolution_due_at_ms = 0;
  std::int64_t resolution_met_at_ms = 0;
  std::int64_t resolution_paused_at_ms = 0;
  std::string data{};               // [text] JSON object: the workflow's own data.
  std::int64_t final_reply_id = 0;  // The reply that the transition into the final state drafted.
  std::int64_t changes = 0;         // Macrosteps that changed configuration, data or a claimed commitment: what approvals bind.
  std::int64_t replies_drafted = 0;
  std::int64_t set_aside = 0;      // 1: its workflow cannot react; waits for retry or skip.
  std::string set_aside_reason{};  // [text]
  std::string pending{};           // JSON array: events whose reaction waits, first first.
  // The journal's head. Not part of the fold: the chain itself says it.
  std::int64_t version = 0;  // seq of its last journal row.
  std::int64_t head_id = 0;
  std::string head_digest{};

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("reference", r.reference);
    v("workflow", r.workflow);
    v("workflow_version", r.workflow_version);
    v("workflow_hash", r.workflow_hash);
    v("state", r.state);
    v("configuration", r.configuration);
    v("history", r.history);
    v("episode", r.episode);
    v("category", r.category);
    v("priority", r.priority);
    v("language", r.language);
    v("language_percent", r.language_percent);
    v("channel", r.channel);
    v("thread", r.thread);
    v("customer", r.customer);
    v("opening_post", r.opening_post);
    v("episode_post", r.episode_post);
    v("latest_post", r.latest_post);
    v("prior_case", r.prior_case);
    v("opened_at_ms", r.opened_at_ms);
    v("episode_at_ms", r.episode_at_ms);
    v("resolved_at_ms", r.resolved_at_ms);
    v("closed_at_ms", r.closed_at_ms);
    v("first_reply", r.first_reply);
    v("first_reply_due_at_ms", r.first_reply_due_at_ms);
    v("first_reply_met_at_ms", r.first_reply_met_at_ms);
    v("resolution", r.resolution);
    v("resolution_due_at_ms", r.resolution_due_at_ms);
    v("resolution_met_at_ms", r.resolution_met_at_ms);
    v("resolution_paused_at_ms", r.resolution_paused_at_ms);
    v("data", r.data);
    v("final_reply_id", r.final_reply_id);
    v("changes", r.changes);
    v("replies_drafted", r.replies_drafted);
    v("set_aside", r.set_aside);
    v("set_aside_reason", r.set_aside_reason);
    v("pending", r.pending);
    v("version", r.version);
    v("head_id", r.head_id);
    v("head_digest", r.head_digest);
  }
  bool operator==(const CaseRow&) const = default;
};

struct PostRow {
  static constexpr std::string_view table = "posts";
  std::int64_t id = 0;
  std::int64_t case_id = 0;  // 0: not_wanted, rejected.
  std::string channel{};     // Rejected: empty, and post_id is the SHA-256 of the line's bytes.
  std::string post_id{};     // The channel's own id. (channel, post_id) is unique.
  std::string thread{};
  std::string in_reply_to{};
  std::string author{};          // A keyed digest of (channel, handle): tells people apart without naming them.
  std::string author_profile{};  // [text] JSON: handle, display_name.
  std::int64_t verified = 0;
  std::int64_t followers = 0;
  std::int64_t created_at_ms = 0;
  std::int64_t received_at_ms = 0;
  std::string language{};
  std::int64_t is_private = 0;
  std::string url{};
  std::string text{};  // [text]
  PostFate fate = PostFate::not_wanted;
  std::string reason{};

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("channel", r.channel);
    v("post_id", r.post_id);
    v("thread", r.thread);
    v("in_reply_to", r.in_reply_to);
    v("author", r.author);
    v("author_profile", r.author_profile);
    v("verified", r.verified);
    v("followers", r.followers);
    v("created_at_ms", r.created_at_ms);
    v("received_at_ms", r.received_at_ms);
    v("language", r.language);
    v("is_private", r.is_private);
    v("url", r.url);
    v("text", r.text);
    v("fate", r.fate);
    v("reason", r.reason);
  }
  bool operator==(const PostRow&) const = default;
};

// One department's promise. Which cases it belongs to, and under which name, says MemberRow.
struct CommitmentRow {
  static constexpr std::string_view table = "commitments";
  std::int64_t id = 0;
  std::int64_t case_id = 0;  // The case that made it.
  std::string department{};
  std::string action{};
  std::string key{};  // Idempotency key of perform.
  CommitmentState state = CommitmentState::proposed;
  DueState due = DueState::on_time;
  std::int64_t due_at_ms = 0;     // Late at or after this instant.
  std::string input{};            // [text] JSON object.
  std::string evidence{};         // [text] JSON object. Its digest is what claims bind: evidence_digest.
  std::string evidence_digest{};  // Stays when the evidence's text is erased.
  std::string evidence_by{};      // The person who supplied it; empty: the department's plugin.
  std::string reason{};           // [text] Of declined, failed, unknown, revoked.
  std::string ticket{};
  std::int64_t promised_at_ms = 0;
  std::int64_t attempts = 0;
  std::string approval_role{};  // Empty: needs none.
  std::string approved_by{};
  std::int64_t committed_at_ms = 0;
  std::int64_t requested_at_ms = 0;  // The request is durable and any approval given.
  std::int64_t accepted_at_ms = 0;   // WAITING or DONE was answered.
  std::int64_t settled_at_ms = 0;

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("department", r.department);
    v("action", r.action);
    v("key", r.key);
    v("state", r.state);
    v("due", r.due);
    v("due_at_ms", r.due_at_ms);
    v("input", r.input);
    v("evidence", r.evidence);
    v("evidence_digest", r.evidence_digest);
    v("evidence_by", r.evidence_by);
    v("reason", r.reason);
    v("ticket", r.ticket);
    v("promised_at_ms", r.promised_at_ms);
    v("attempts", r.attempts);
    v("approval_role", r.approval_role);
    v("approved_by", r.approved_by);
    v("committed_at_ms", r.committed_at_ms);
    v("requested_at_ms", r.requested_at_ms);
    v("accepted_at_ms", r.accepted_at_ms);
    v("settled_at_ms", r.settled_at_ms);
  }
  bool operator==(const CommitmentRow&) const = default;
};

struct MemberRow {
  static constexpr std::string_view table = "members";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::int64_t commitment_id = 0;
  std::string name{};         // As the workflow names it: "refund".
  std::int64_t instance = 0;  // From 1, of this name in this case.
  std::int64_t episode = 0;

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("commitment_id", r.commitment_id);
    v("name", r.name);
    v("instance", r.instance);
    v("episode", r.episode);
  }
  bool operator==(const MemberRow&) const = default;
};

struct ReplyRow {
  static constexpr std::string_view table = "replies";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string name{};        // As the workflow names it: "refunded".
  std::int64_t ordinal = 0;  // From 1 within the case.
  std::int64_t episode = 0;
  ReplyState state = ReplyState::drafted;
  std::string channel{};
  std::string in_reply_to{};
  std::string language{};
  std::string text{};         // [text] The final bytes.
  std::string claims{};       // JSON array [{"commitment_id","level","evidence_digest"}]. Frozen when it is drafted.
  std::string key{};          // Idempotency key of publish.
  std::string drafted_by{};   // The person whose act drafted it; empty: the workflow, by an event.
  std::string review_role{};  // Empty: needs no review.
  std::string reviewed_by{};
  std::string approved_binding{};  // Digest of what was approved: text, channel, evidence digests, the case's `changes`.
  std::int64_t approved_at_ms = 0;
  std::int64_t drafted_at_ms = 0;
  std::int64_t published_at_ms = 0;
  std::int64_t corrects_id = 0;  // The reply that this one corrects.
  std::string reason{};          // [text] Of blocked, refused, failed, unknown, waived.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("name", r.name);
    v("ordinal", r.ordinal);
    v("episode", r.episode);
    v("state", r.state);
    v("channel", r.channel);
    v("in_reply_to", r.in_reply_to);
    v("language", r.language);
    v("text", r.text);
    v("claims", r.claims);
    v("key", r.key);
    v("drafted_by", r.drafted_by);
    v("review_role", r.review_role);
    v("reviewed_by", r.reviewed_by);
    v("approved_binding", r.approved_binding);
    v("approved_at_ms", r.approved_at_ms);
    v("drafted_at_ms", r.drafted_at_ms);
    v("published_at_ms", r.published_at_ms);
    v("corrects_id", r.corrects_id);
    v("reason", r.reason);
  }
  bool operator==(const ReplyRow&) const = default;
};

struct ClaimRow {
  static constexpr std::string_view table = "claims";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::int64_t reply_id = 0;
  std::int64_t commitment_id = 0;
  ClaimLevel level = ClaimLevel::requested;
  std::string evidence_digest{};    // Where the level is fulfilled.
  std::int64_t promised_at_ms = 0;  // The promise that the text shows; 0: it shows none.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("reply_id", r.reply_id);
    v("commitment_id", r.commitment_id);
    v("level", r.level);
    v("evidence_digest", r.evidence_digest);
    v("promised_at_ms", r.promised_at_ms);
  }
  bool operator==(const ClaimRow&) const = default;
};

struct TimerRow {
  static constexpr std::string_view table = "timers";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string name{};  // "after:asking:0", "due:3", "first_reply:breach". (case_id, name) is unique.
  std::int64_t due_at_ms = 0;

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("name", r.name);
    v("due_at_ms", r.due_at_ms);
  }
  bool operator==(const TimerRow&) const = default;
};

// One effect on the outside world: the outbox. Durable before the first byte leaves.
struct EffectRow {
  static constexpr std::string_view table = "outbox";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string verb{};           // "perform", "undo", "cancel", "record", "publish".
  std::int64_t subject_id = 0;  // The commitment, or for publish the reply.
  std::string key{};            // Unique.
  EffectState state = EffectState::planned;
  std::int64_t reconciling = 0;  // 1: the next (or present) call only looks it up.
  std::int64_t attempt = 0;      // Calls of the verb itself so far.
  std::int64_t next_at_ms = 0;   // planned, waiting, unknown: when to call; 0: not by itself (a person, or a report).
  std::int64_t uncertain_since_ms = 0;
  std::int64_t lookups = 0;  // Reconciling calls since it became uncertain.
  std::string request{};     // [text] The final bytes: input, evidence or reply text.
  std::string reason{};      // [text]
  std::string blocked{};     // Why nothing is called: "plugin maintenance missing". Empty: nothing stands in its way.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("verb", r.verb);
    v("subject_id", r.subject_id);
    v("key", r.key);
    v("state", r.state);
    v("reconciling", r.reconciling);
    v("attempt", r.attempt);
    v("next_at_ms", r.next_at_ms);
    v("uncertain_since_ms", r.uncertain_since_ms);
    v("lookups", r.lookups);
    v("request", r.request);
    v("reason", r.reason);
    v("blocked", r.blocked);
  }
  bool operator==(const EffectRow&) const = default;
};

struct TaskRow {
  static constexpr std::string_view table = "tasks";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string subject{};  // "commitment:3", "reply:2", "state:answered", "case". One open task for each.
  std::string role{};
  std::string what{};  // One line for people; no personal text.
  std::int64_t since_ms = 0;
  std::int64_t due_at_ms = 0;
  std::int64_t done_at_ms = 0;  // 0: open.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("subject", r.subject);
    v("role", r.role);
    v("what", r.what);
    v("since_ms", r.since_ms);
    v("due_at_ms", r.due_at_ms);
    v("done_at_ms", r.done_at_ms);
  }
  bool operator==(const TaskRow&) const = default;
};

struct PersonRow {
  static constexpr std::string_view table = "people";
  std::int64_t id = 0;
  std::int64_t case_id = 0;  // Always 0.
  std::string name{};        // Unique.
  std::string roles{};       // JSON array of strings, sorted.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("name", r.name);
    v("roles", r.roles);
  }
  bool operator==(const PersonRow&) const = default;
};

// An episode that is over, as its deadlines ended: the case's row has those of the present one alone.
struct EpisodeRow {
  static constexpr std::string_view table = "episodes";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::int64_t episode = 0;  // From 1; (case_id, episode) is unique.
  std::int64_t began_at_ms = 0;
  std::int64_t resolved_at_ms = 0;
  DeadlineState first_reply = DeadlineState::none;
  std::int64_t first_reply_due_at_ms = 0;
  std::int64_t first_reply_met_at_ms = 0;
  DeadlineState resolution = DeadlineState::none;
  std::int64_t resolution_due_at_ms = 0;
  std::int64_t resolution_met_at_ms = 0;

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("episode", r.episode);
    v("began_at_ms", r.began_at_ms);
    v("resolved_at_ms", r.resolved_at_ms);
    v("first_reply", r.first_reply);
    v("first_reply_due_at_ms", r.first_reply_due_at_ms);
    v("first_reply_met_at_ms", r.first_reply_met_at_ms);
    v("resolution", r.resolution);
    v("resolution_due_at_ms", r.resolution_due_at_ms);
    v("resolution_met_at_ms", r.resolution_met_at_ms);
  }
  bool operator==(const EpisodeRow&) const = default;
};

// One published version of a workflow; or (kind "manifest") a department's manifest that workflows were checked against; or
// (kind "switch") which of a workflow's ways are shut: {"workflow", "new_cases", "automatic_replies"}, true where shut.
struct DocumentRow {
  static constexpr std::string_view table = "documents";
  std::int64_t id = 0;
  std::int64_t case_id = 0;  // Always 0.
  std::string kind{};        // "workflow", "manifest", "switch".
  std::string name{};        // The workflow's id, or the department.
  std::string version{};
  std::string hash{};       // SHA-256 of the text without insignificant white space. (kind, hash) is unique.
  std::string content{};    // Verbatim, so not personal.
  std::int64_t active = 0;  // 1: takes new cases. At most one of a name.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("kind", r.kind);
    v("name", r.name);
    v("version", r.version);
    v("hash", r.hash);
    v("content", r.content);
    v("active", r.active);
  }
  bool operator==(const DocumentRow&) const = default;
};

// What was asked from outside under a request id: the same twice is one. Kept for ever.
struct RequestRow {
  static constexpr std::string_view table = "requests";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string request{};     // Unique.
  std::string act_digest{};  // Of the act's content: another act under the same id is a conflict.
  std::int64_t at_ms = 0;

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("request", r.request);
    v("act_digest", r.act_digest);
    v("at_ms", r.at_ms);
  }
  bool operator==(const RequestRow&) const = default;
};

// Personal text, apart from the rows and the journal, so that it can be erased. Not journaled itself: its digest is.
struct TextRow {
  static constexpr std::string_view table = "texts";
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string digest{};  // SHA-256 of salt and content, 64 hexadecimal digits. Unique.
  std::string salt{};    // 32 hexadecimal digits. Dies with the text.
  std::string content{};

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("digest", r.digest);
    v("salt", r.salt);
    v("content", r.content);
  }
  bool operator==(const TextRow&) const = default;
};

// One link of a case's history. Append-only; its bytes are never rewritten.
struct JournalRow {
  static constexpr std::string_view table = "journal";
  std::int64_t id = 0;  // Over the whole store, rising.
  std::int64_t case_id = 0;
  std::int64_t seq = 0;    // From 1, without gaps, within the case.
  std::int64_t at_ms = 0;  // The event's own recorded time.
  std::string event{};
  std::string workflow_hash{};  // That decided; empty: none.
  std::string entry{};          // JSON: what came, which rules fired, what changed. Hashed as it stands.
  std::int64_t format = 1;
  std::int64_t previous_id = 0;  // The case's previous journal row; 0: none.
  std::string digest{};          // See engine/store/journal.hpp.

  template <class Self, class Visit>
  static void each_field(Self& r, Visit&& v) {
    v("id", r.id);
    v("case_id", r.case_id);
    v("seq", r.seq);
    v("at_ms", r.at_ms);
    v("event", r.event);
    v("workflow_hash", r.workflow_hash);
    v("entry", r.entry);
    v("format", r.format);
    v("previous_id", r.previous_id);
    v("digest", r.digest);
  }
  bool operator==(const JournalRow&) const = default;
};

// Everything of one case, by id. What a decision starts from.
struct CaseRecord {
  CaseRow row;
  std::map<std::int64_t, PostRow> posts{};
  std::map<std::int64_t, CommitmentRow> commitments{};
  std::map<std::int64_t, MemberRow> members{};
  std::map<std::int64_t, ReplyRow> replies{};
  std::map<std::int64_t, ClaimRow> claims{};
  std::map<std::int64_t, TimerRow> timers{};
  std::map<std::int64_t, EffectRow> effects{};
  std::map<std::int64_t, TaskRow> tasks{};
  std::map<std::int64_t, EpisodeRow> episodes{};    // Those that are over.
  std::map<std::int64_t, PersonRow> people{};       // Case 0 only; loaded one by one.
  std::map<std::int64_t, DocumentRow> documents{};  // Case 0 only.
  std::map<std::int64_t, RequestRow> requests{};    // Loaded one by one.
  std::map<std::string, TextRow> texts{};           // By digest; erased ones are absent.
};

// Any row that a unit writes.
using Row = std::variant<CaseRow, PostRow, CommitmentRow, MemberRow, ReplyRow, ClaimRow, TimerRow, EffectRow, TaskRow,
                         PersonRow, DocumentRow, RequestRow, TextRow, JournalRow, EpisodeRow>;

// The whole effect of one command: all of it lands, or nothing.
struct Unit {
  std::int64_t case_id = 0;
  std::int64_t expected_version = 0;  // The case's version before; 0: a new case (or case 0's first). Else `conflict`.
  std::vector<Row> inserts{};         // In an order that foreign keys allow: the case first.
  std::vector<Row> updates{};
  std::vector<std::int64_t> timers_dropped{};  // The only rows that go. A timer fires once: it must be there, else `conflict`.
};

// What the store keeps about itself; written with each batch.
struct StoreMeta {
  std::string store_id{};       // 16 hexadecimal digits; drawn at the first write. Part of every idempotency key.
  std::string author_pepper{};  // Keys the author digests.
  std::uint64_t draws = 0;      // From the random source, so far.
  std::int64_t last_at_ms = 0;  // The latest time of a write.
  std::string clock{};          // "real" or "virtual": what drives this store; empty: not decided yet.
  std::int64_t last_tx = 0;     // The number of the last transaction. Set by the store.
  // How far readers of the journal have come, by their names: Engine::keep_mark. None is ever taken away.
  std::map<std::string, std::int64_t, std::less<>> marks{};
  bool operator==(const StoreMeta&) const = default;
};

// Something that time alone makes runnable.
struct Due {
  enum class Kind { effect, timer } kind = Kind::timer;
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::int64_t at_ms = 0;
};

// Which table an id is for.
enum class Table {
  cases,
  posts,
  commitments,
  members,
  replies,
  claims,
  timers,
  outbox,
  tasks,
  people,
  documents,
  requests,
  texts,
  journal,
  episodes
};

// commit() by one thread at a time; reads from any thread, also beside it.
class REDRESS_API Store {
 public:
  virtual ~Store() = default;

  // The units in order, each in a savepoint: a bad one hurts only itself, and gets its own error (`conflict`: version, timer or
  // unique key; `refused`: the database's own gate). One sync, then all answers are durable.
  // The outer error means that nothing at all was written; an uncertain COMMIT was looked up before it answers.
  [[nodiscard]] virtual Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) = 0;

  // A fresh id, rising, from 1. In memory until a row with it is committed: ids that were drawn and not used come again after
  // a reopening. [writer]
  [[nodiscard]] virtual std::int64_t next_id(Table table) = 0;

  [[nodiscard]] virtual Result<StoreMeta> meta() = 0;
  // The whole case; for 0 only its CaseRow. not_found where there is none.
  [[nodiscard]] virtual Result<CaseRecord> load_case(std::int64_t case_id) = 0;

  // find_: nothing where there is none.
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case(std::string_view reference) = 0;
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case_of_commitment(std::int64_t commitment_id) = 0;
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case_of_reply(std::int64_t reply_id) = 0;
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case_of_task(std::int64_t task_id) = 0;
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case_of_key(std::string_view key) = 0;  // An effect's.
  [[nodiscard]] virtual Result<std::optional<PostRow>> find_post(std::string_view channel, std::string_view post_id) = 0;
  // The latest case that has a post in this thread.
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> find_case_of_thread(std::string_view channel,
                                                                                std::string_view thread) = 0;
  // Cases that this author opened on this channel, latest first.
  [[nodiscard]] virtual Result<std::vector<CaseRow>> cases_of_author(std::string_view channel, std::string_view author,
                                                                     std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<PersonRow>> find_person(std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::optional<DocumentRow>> find_document(std::string_view kind, std::string_view hash) = 0;
  [[nodiscard]] virtual Result<std::optional<RequestRow>> find_request(std::string_view request) = 0;
  [[nodiscard]] virtual Result<std::optional<TextRow>> find_text(std::string_view digest) = 0;

  // What is due at or before `now_ms`: effects (planned, waiting or unknown, with next_at_ms > 0) and timers, ordered by time,
  // then effects before timers, then id.
  [[nodiscard]] virtual Result<std::vector<Due>> due(std::int64_t now_ms, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<std::int64_t>> next_due_at_ms() = 0;                  // The earliest of them all.
  [[nodiscard]] virtual Result<std::vector<EffectRow>> effects_attempting(std::size_t limit) = 0;  // For recovery, by id.

  // Pages: rows with an id (journal: seq) greater than `after`, in that order, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) = 0;  // Without case 0.
  [[nodiscard]] virtual Result<std::vector<PostRow>> posts(std::int64_t after, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<TaskRow>> open_tasks(std::string_view role, std::int64_t after,
                                                                std::size_t limit) = 0;  // "": all.
  [[nodiscard]] virtual Result<std::vector<JournalRow>> journal(std::int64_t case_id, std::int64_t after_seq,
                                                                std::size_t limit) = 0;
  // Of all cases, 0 among them, by the row's id: what is committed later has a greater id.
  [[nodiscard]] virtual Result<std::vector<JournalRow>> journal_since(std::int64_t after_id, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::int64_t> latest_journal_id() = 0;  // 0: there is none yet.
  [[nodiscard]] virtual Result<std::vector<PersonRow>> people(std::int64_t after, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after,
                                                                   std::size_t limit) = 0;

  // Only what this kind of store can check of itself (SQLite: integrity_check, foreign keys). One line for each fault.
  [[nodiscard]] virtual Result<std::vector<std::string>> faults() = 0;
};

enum class OpenMode { write, read };

// A file that is made where it is not there (write), or must be (read: not_found). Write takes the lock beside it: a second
// writer is `unavailable`, naming the holder's pid. A newer version, or not a Redress database: `invalid`, naming both.
// Damaged: `corrupt`.
[[nodiscard]] REDRESS_API Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, OpenMode mode);
[[nodiscard]] REDRESS_API std::unique_ptr<Store> make_memory_store();

}  // namespace redress
