// The report: how fast, how late, what was said without being done. A pure function of the store; "now" is its last time.
#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "reading/rows.hpp"
#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace redress {
namespace {

using namespace reading;

constexpr std::size_t listed_max = 50;
struct Threshold {
  const char* name;
  std::int64_t ms;
};
constexpr std::array<Threshold, 4> thresholds{
    {{"PT15M", 900'000}, {"PT1H", 3'600'000}, {"PT24H", 86'400'000}, {"PT48H", 172'800'000}}};

// A list of which all are counted and the first are named.
struct Listed {
  std::int64_t count = 0;
  Json items = Json::array();

  void add(Json item) {
    ++count;
    if (items.size() < listed_max) items.push_back(std::move(item));
  }
  [[nodiscard]] Json json() const { return {{"count", count}, {"listed", items}}; }
};

std::int64_t median(std::vector<std::int64_t> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// How long one deadline took, over episodes.
struct Times {
  std::int64_t episodes = 0, met = 0, breached = 0, running = 0;
  std::vector<std::int64_t> took_ms;  // Of those that are over.

  void add(DeadlineState state, std::int64_t began_at_ms, std::int64_t done_at_ms) {
    ++episodes;
    if (done_at_ms != 0) took_ms.push_back(std::max<std::int64_t>(0, done_at_ms - began_at_ms));
    met += state == DeadlineState::met ? 1 : 0;
    breached += state == DeadlineState::breached ? 1 : 0;
    running += state == DeadlineState::running || state == DeadlineState::at_risk || state == DeadlineState::paused ? 1 : 0;
  }
  [[nodiscard]] Json json(const char* deadline, const std::string& channel, const Json& category) const {
    Json within = Json::object();
    for (const Threshold& each : thresholds) {
      within[each.name] = std::count_if(took_ms.begin(), took_ms.end(), [&](std::int64_t ms) { return ms <= each.ms; });
    }
    return {{"deadline", deadline},
            {"channel", channel},
            {"class", category},
            {"episodes", episodes},
            {"within", std::move(within)},
            {"not_yet", episodes - static_cast<std::int64_t>(took_ms.size())},
            {"median_ms", took_ms.empty() ? Json() : Json(median(took_ms))},
            {"target_met", met},
            {"target_breached", breached},
            {"target_running", running}};
  }
};

// The present episode, or one that is over, in the same words.
struct Episode {
  std::int64_t number, began_at_ms, resolved_at_ms;
  DeadlineState first_reply;
  std::int64_t first_reply_due_at_ms;
  DeadlineState resolution;
  std::int64_t resolution_due_at_ms;
};

std::vector<Episode> episodes_of(const CaseRecord& record) {
  std::vector<Episode> all;
  for (const auto& [id, e] : record.episodes) {
    all.push_back({e.episode, e.began_at_ms, e.resolved_at_ms, e.first_reply, e.first_reply_due_at_ms, e.resolution,
                   e.resolution_due_at_ms});
  }
  const CaseRow& row = record.row;
  all.push_back({row.episode, row.episode_at_ms, row.resolved_at_ms, row.first_reply, row.first_reply_due_at_ms, row.resolution,
                 row.resolution_due_at_ms});
  return all;
}

// Each commitment counts once: done (what was revoked or undone later, too), not done, or open.
struct Work {
  std::int64_t commitments = 0, on_time = 0, late = 0, declined = 0, failed = 0, cancelled = 0, open = 0, overdue_now = 0;
  std::vector<std::int64_t> late_ms;

  void add(const CommitmentRow& row) {
    ++commitments;
    const bool overdue = row.due == DueState::overdue;
    if (row.settled_at_ms == 0) {
      ++open;
      overdue_now += overdue ? 1 : 0;
    } else if (row.state == CommitmentState::declined) {
      ++declined;
    } else if (row.state == CommitmentState::failed) {
      ++failed;
    } else if (row.state == CommitmentState::cancelled) {
      ++cancelled;
    } else if (overdue || row.settled_at_ms > row.due_at_ms) {  // Also where it was done before its timer was seen to.
      ++late;
      late_ms.push_back(row.settled_at_ms - row.due_at_ms);
    } else {
      ++on_time;
    }
  }
};

class Report {
 public:
  explicit Report(std::int64_t now_ms) : now_ms_(now_ms) {}

  void add(const PostRow& post);
  [[nodiscard]] Result<void> add(const CaseRecord& record);
  [[nodiscard]] Json json() const;

 private:
  Result<void> add_episode(const CaseRecord& record, const Episode& episode);
  Result<void> add_nothing_done(const CaseRecord& record, const Episode& episode);
  void add_replies(const CaseRecord& record);
  void add_commitments(const CaseRecord& record);
  void add_blocked(const CaseRecord& record);

  std::int64_t now_ms_;
  std::map<std::string, std::int64_t> fates_, reasons_;
  using Key = std::pair<std::string, std::string>;  // Channel and class.
  std::map<Key, Times> first_reply_, resolution_;
  Listed unanswered_, late_, corrected_, nothing_done_, waived_, blocked_, unknown_, said_;
  std::map<Key, Work> work_;  // Department and action.
  std::map<std::string, std::set<std::string>> obstacles_;
};

void Report::add(const PostRow& post) {
  ++fates_[std::string(to_string(post.fate))];
  if (post.fate == PostFate::not_wanted) ++reasons_[post.reason];
}

Result<void> Report::add(const CaseRecord& record) {
  for (const Episode& episode : episodes_of(record))
    if (const auto added = add_episode(record, episode); !added) return added;
  add_replies(record);
  add_commitments(record);
  add_blocked(record);
  return {};
}

Result<void> Report::add_episode(const CaseRecord& record, const Episode& episode) {
  std::int64_t first_ms = 0;
  for (const auto& [id, reply] : record.replies) {
    if (reply.episode != episode.number || reply.published_at_ms == 0) continue;
    first_ms = first_ms == 0 ? reply.published_at_ms : std::min(first_ms, reply.published_at_ms);
  }
  const Key key{record.row.channel, record.row.category};
  first_reply_[key].add(episode.first_reply, episode.began_at_ms, first_ms);
  resolution_[key].add(episode.resolution, episode.began_at_ms, episode.resolved_at_ms);
  const Json who = {{"case", record.row.reference}, {"episode", episode.number}};
  if (first_ms == 0) unanswered_.add(who);
  if (first_ms != 0 && episode.first_reply_due_at_ms != 0 && first_ms > episode.first_reply_due_at_ms) {
    Json late = who;
    late["late_ms"] = first_ms - episode.first_reply_due_at_ms;
    late_.add(std::move(late));
  }
  return first_ms == 0 ? Result<void>() : add_nothing_done(record, episode);
}

// Answered, and over or past its time, while no department did anything.
Result<void> Report::add_nothing_done(const CaseRecord& record, const Episode& episode) {
  const bool over =
      episode.resolved_at_ms != 0 || (episode.resolution_due_at_ms != 0 && episode.resolution_due_at_ms <= now_ms_);
  if (!over) return {};
  bool any = false;
  for (const auto& [id, member] : record.members) {
    if (member.episode != episode.number) continue;
    any = true;
    const auto commitment = record.commitments.find(member.commitment_id);
    if (commitment == record.commitments.end()) {
      return {Code::corrupt, "case " + record.row.reference + ": member " + member.name + " names commitment " +
                                 std::to_string(member.commitment_id) + ", which is not there; run redress audit"};
    }
    const CommitmentState state = commitment->second.state;
    if (state == CommitmentState::fulfilled || state == CommitmentState::undoing) return {};
  }
  nothing_done_.add({{"case", record.row.reference},
                     {"episode", episode.number},
                     {"class", record.row.category},
                     {"why", any ? "no commitment was fulfilled" : "no commitment was made"}});
  return {};
}

void Report::add_replies(const CaseRecord& record) {
  for (const auto& [id, reply] : record.replies) {
    Json one = {{"case", record.row.reference}, {"reply", id}, {"name", reply.name}};
    if (reply.state == ReplyState::corrected) corrected_.add(one);
    if (reply.state == ReplyState::unknown) unknown_.add({{"case", record.row.reference}, {"what", "reply " + reply.name}});
    if (reply.state == ReplyState::waived || reply.state == ReplyState::blocked) {
      one["reason"] = content_json(record, reply.reason);
      if (reply.state == ReplyState::waived) one["by"] = reply.reviewed_by;
      (reply.state == ReplyState::waived ? waived_ : blocked_).add(one);
    }
    if (reply.name == "said" && reply.claims == "[]" && reply.published_at_ms != 0) {
      said_.add({{"case", record.row.reference},
                 {"by", reply.drafted_by},
                 {"at", instant_json(reply.published_at_ms)},
                 {"text", content_json(record, reply.text)}});
    }
  }
}

void Report::add_commitments(const CaseRecord& record) {
  for (const auto& [id, row] : record.commitments) {
    work_[{row.department, row.action}].add(row);
    if (row.state == CommitmentState::unknown) {
      const MemberRow* member = find_member(record, id, record.row.episode);
      unknown_.add({{"case", record.row.reference}, {"what", "commitment " + (member ? member->name : row.action)}});
    }
  }
}

void Report::add_blocked(const CaseRecord& record) {
  for (const auto& [id, effect] : record.effects)
    if (!effect.blocked.empty()) obstacles_[effect.blocked].insert(record.row.reference);
}

// A line for each channel and class, and before them one for the whole channel: never one over channels.
Json lines_of(const char* deadline, const std::map<std::pair<std::string, std::string>, Times>& times) {
  Json out = Json::array();
  std::map<std::string, Times> whole;
  for (const auto& [key, each] : times) {
    Times& sum = whole[key.first];
    sum.episodes += each.episodes;
    sum.met += each.met;
    sum.breached += each.breached;
    sum.running += each.running;
    sum.took_ms.insert(sum.took_ms.end(), each.took_ms.begin(), each.took_ms.end());
  }
  for (const auto& [channel, sum] : whole) {
    out.push_back(sum.json(deadline, channel, Json()));
    for (const auto& [key, each] : times)
      if (key.first == channel) out.push_back(each.json(deadline, channel, key.second));
  }
  return out;
}

Json Report::json() const {
  Json departments = Json::array();
  for (const auto& [key, work] : work_) {
    departments.push_back({{"department", key.first},
                           {"action", key.second},
                           {"commitments", work.commitments},
                           {"on_time", work.on_time},
                           {"late", work.late},
                           {"declined", work.declined},
                           {"failed", work.failed},
                           {"cancelled", work.cancelled},
                           {"median_late_ms", work.late_ms.empty() ? Json() : Json(median(work.late_ms))},
                           {"open", work.open},
                           {"overdue_now", work.overdue_now}});
  }
  Json obstacles = Json::array();
  for (const auto& [what, cases] : obstacles_) {
    Listed listed;
    for (const std::string& reference : cases) listed.add(reference);
    obstacles.push_back({{"blocked", what}, {"cases", listed.json()}});
  }
  Json posts = {{"fates", fates_}, {"not_wanted_because", Json::object()}, {"paused", Json::object()}};
  for (const auto& [reason, count] : reasons_)
    posts[reason.starts_with("paused") ? "paused" : "not_wanted_because"][reason] = count;
  return {{"at", instant_json(now_ms_)},
          {"posts", std::move(posts)},
          {"first_reply", lines_of("first_reply", first_reply_)},
          {"resolution", lines_of("resolution", resolution_)},
          {"unanswered", unanswered_.json()},
          {"late", late_.json()},
          {"corrected", corrected_.json()},
          {"replied_but_nothing_done", nothing_done_.json()},
          {"departments", std::move(departments)},
          {"waived", waived_.json()},
          {"blocked_replies", blocked_.json()},
          {"unknown", unknown_.json()},
          {"blocked", std::move(obstacles)},
          {"said_without_a_claim", said_.json()}};
}

}  // namespace

Result<std::string> make_report(Store& store) {
  const auto meta = store.meta();
  if (!meta) return meta.error();
  Report report(meta->last_at_ms);
  for (std::int64_t after = 0;;) {
    const auto page = store.posts(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const PostRow& post : *page) report.add(post);
    if (page->size() < limits::page_rows_max) break;
    after = page->back().id;
  }
  for (std::int64_t after = 0;;) {
    const auto page = store.cases(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const CaseRow& row : *page) {
      const auto record = store.load_case(row.id);
      if (!record) return record.error();
      if (const auto added = report.add(*record); !added) return added.error();
    }
    if (page->size() < limits::page_rows_max) break;
    after = page->back().id;
  }
  return base::dump_json(report.json());
}

}  // namespace redress
