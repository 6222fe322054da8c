// What every Store does: one suite, run on memory, on SQLite, and on one that forwards.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "redress/forwarding_store.hpp"
#include "store/journal.hpp"
#include "store/scribe.hpp"

namespace redress {
namespace {

using tests::Folder;
using tests::Scribe;

class Opened {
 public:
  virtual ~Opened() = default;
  virtual Store& store() = 0;
};

class InMemory : public Opened {
 public:
  Store& store() override { return *store_; }

 private:
  std::unique_ptr<Store> store_ = make_memory_store();
};

class OnSqlite : public Opened {
 public:
  OnSqlite() : store_(open_sqlite_store(folder_.file("r.db"), OpenMode::write)) {
    EXPECT_TRUE(store_.ok()) << (store_.ok() ? "" : store_.error().message);
  }
  Store& store() override { return **store_; }

 private:
  Folder folder_;
  Result<std::unique_ptr<Store>> store_;
};

class Forwarded : public Opened {
 public:
  Store& store() override { return store_; }

 private:
  ForwardingStore store_{make_memory_store()};
};

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Opened>()> open;
};

class StoreConformance : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Opened> opened_ = GetParam().open();
  Store& store_ = opened_->store();
  Scribe scribe_{store_};

  CaseRecord loaded(std::int64_t id) {
    auto record = store_.load_case(id);
    EXPECT_TRUE(record.ok()) << (record.ok() ? "" : record.error().message);
    return record.ok() ? *record : CaseRecord{};
  }
};

void expect_same(const CaseRecord& a, const CaseRecord& b) {
  EXPECT_EQ(a.row, b.row);
  EXPECT_EQ(a.posts, b.posts);
  EXPECT_EQ(a.commitments, b.commitments);
  EXPECT_EQ(a.members, b.members);
  EXPECT_EQ(a.replies, b.replies);
  EXPECT_EQ(a.claims, b.claims);
  EXPECT_EQ(a.timers, b.timers);
  EXPECT_EQ(a.effects, b.effects);
  EXPECT_EQ(a.tasks, b.tasks);
  EXPECT_EQ(a.texts, b.texts);
}

// ---- writing --------------------------------------------------------------------------------------------------------

TEST_P(StoreConformance, GivesBackACaseAsItWasWritten) {
  CaseRecord record = scribe_.new_case();
  const CommitmentRow& commitment = scribe_.add_commitment(record);
  scribe_.add_reply(record, commitment, ClaimLevel::requested);
  scribe_.add_effect(record, EffectState::planned, 3000);
  scribe_.add_task(record, "billing-lead");
  record.row.category = std::string("nul \0 and \xC3\xB1", 10);
  ASSERT_TRUE(scribe_.write(CaseRecord{}, record).ok());
  expect_same(loaded(record.row.id), record);
}

TEST_P(StoreConformance, UpdatesRowsAndDropsTimers) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord after = before;
  after.row.state = CaseState::waiting_customer;
  after.timers.clear();
  scribe_.add_timer(after, "resolution:breach", 7);  // Armed again under the name of the one that goes.
  ASSERT_TRUE(scribe_.write(before, after).ok());
  expect_same(loaded(before.row.id), after);
}

TEST_P(StoreConformance, CountsTransactionsInItsMeta) {
  StoreMeta meta{.store_id = "0123456789abcdef", .author_pepper = "pepper", .draws = 3, .last_at_ms = 99, .clock = "virtual"};
  ASSERT_TRUE(store_.commit({}, meta).ok());
  ASSERT_TRUE(store_.commit({}, meta).ok());
  meta.last_tx = 2;
  EXPECT_EQ(*store_.meta(), meta);
}

TEST_P(StoreConformance, ErasesATextThatIsGoneFromTheRecord) {
  const CaseRecord before = scribe_.written_case();
  const std::string digest = before.texts.begin()->first;
  CaseRecord after = before;
  after.texts.clear();
  ASSERT_TRUE(scribe_.write(before, after).ok());
  EXPECT_TRUE(loaded(before.row.id).texts.empty());
  EXPECT_FALSE(store_.find_text(digest)->has_value());
}

// ---- what a unit is refused for -------------------------------------------------------------------------------------

TEST_P(StoreConformance, AnswersConflictWhereTheVersionHasMovedOn) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord first = before, second = before;
  first.row.priority = "high";
  ASSERT_TRUE(scribe_.write(before, first).ok());
  second.row.priority = "low";
  const auto answer = scribe_.write(before, second);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::conflict);
  EXPECT_EQ(answer.error().message, "case 1 is at version 2, the command at 1; load it again and decide anew");
  EXPECT_EQ(loaded(before.row.id).row.priority, "high");
}

TEST_P(StoreConformance, AnswersConflictForACaseThatIsThereAlready) {
  const CaseRecord there = scribe_.written_case();
  CaseRecord again = scribe_.new_case();
  again.row.id = there.row.id;
  for (auto* map : {&again.timers}) map->clear();
  again.posts.clear();
  again.texts.clear();
  EXPECT_EQ(scribe_.write(CaseRecord{}, again).error().code, Code::conflict);
}

TEST_P(StoreConformance, AnswersConflictForATimerThatHasFired) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord after = before;
  after.timers.clear();
  Unit fired = scribe_.unit(before, after);
  ASSERT_TRUE(scribe_.commit(fired).ok());
  Unit again{.case_id = after.row.id, .expected_version = after.row.version, .timers_dropped = fired.timers_dropped};
  EXPECT_EQ(scribe_.commit(again).error().code, Code::conflict);
}

TEST_P(StoreConformance, DoesNotDropAnotherCasesTimer) {
  const CaseRecord one = scribe_.written_case();
  const CaseRecord other = scribe_.written_case();
  const Unit unit{.case_id = one.row.id, .expected_version = one.row.version, .timers_dropped = {other.timers.begin()->first}};
  EXPECT_EQ(scribe_.commit(unit).error().code, Code::conflict);
  EXPECT_EQ(loaded(other.row.id).timers.size(), 1u);
}

TEST_P(StoreConformance, AnswersConflictForEachUniqueKeyThatIsTaken) {
  const CaseRecord first = scribe_.written_case();
  CaseRecord record = scribe_.case_0();
  const auto taken = [&](std::function<void(CaseRecord&)> change) {
    CaseRecord after = record;
    change(after);
    const auto answer = scribe_.write(record, after);
    if (answer.ok()) record = after;
    return answer.ok() ? "taken" : std::string(to_string(answer.error().code));
  };
  const auto add_post = [&](CaseRecord& r) {
    const std::int64_t id = store_.next_id(Table::posts);
    r.posts.emplace(id, PostRow{.id = id, .channel = "x", .post_id = first.posts.begin()->second.post_id});
  };
  EXPECT_EQ(taken(add_post), "conflict");
  const auto add_person = [&](CaseRecord& r) {
    const std::int64_t id = store_.next_id(Table::people);
    r.people.emplace(id, PersonRow{.id = id, .name = "ana", .roles = "[]"});
  };
  EXPECT_EQ(taken(add_person), "taken");
  EXPECT_EQ(taken(add_person), "conflict");
  const auto add_document = [&](CaseRecord& r) {
    const std::int64_t id = store_.next_id(Table::documents);
    r.documents.emplace(id,
                        DocumentRow{.id = id, .kind = "workflow", .name = "w", .version = "1", .hash = "h", .content = "{}"});
  };
  EXPECT_EQ(taken(add_document), "taken");
  EXPECT_EQ(taken(add_document), "conflict");
  const auto add_request = [&](CaseRecord& r) {
    const std::int64_t id = store_.next_id(Table::requests);
    r.requests.emplace(id, RequestRow{.id = id, .request = "r1", .act_digest = "d"});
  };
  EXPECT_EQ(taken(add_request), "taken");
  EXPECT_EQ(taken(add_request), "conflict");
  const auto add_effect = [&](CaseRecord& r) { scribe_.add_effect(r, EffectState::planned, 1).key = "same"; };
  EXPECT_EQ(taken(add_effect), "taken");
  EXPECT_EQ(taken(add_effect), "conflict");
  EXPECT_EQ(taken([&](CaseRecord& r) { scribe_.add_timer(r, "t", 1); }), "taken");
  EXPECT_EQ(taken([&](CaseRecord& r) { scribe_.add_timer(r, "t", 2); }), "conflict");
}

TEST_P(StoreConformance, AnswersConflictForAJournalRowWhoseSeqIsTaken) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord after = before;
  Unit unit = scribe_.unit(before, after);
  std::get<JournalRow>(unit.inserts.back()).seq = 1;
  EXPECT_EQ(scribe_.commit(unit).error().code, Code::conflict);
}

TEST_P(StoreConformance, RefusesAUnitThatBreaksARuleOfRows) {
  const CaseRecord before = scribe_.written_case();
  const auto code = [&](std::vector<Row> inserts, std::vector<Row> updates) {
    return scribe_
        .commit({.case_id = before.row.id, .expected_version = 1, .inserts = std::move(inserts), .updates = std::move(updates)})
        .error()
        .code;
  };
  EXPECT_EQ(code({TaskRow{.id = 50, .case_id = before.row.id + 1}}, {}), Code::invalid);  // Another case's row.
  EXPECT_EQ(code({TaskRow{.id = 0, .case_id = before.row.id}}, {}), Code::invalid);       // No id.
  EXPECT_EQ(code({CommitmentRow{.id = 50, .case_id = before.row.id, .attempts = -1}}, {}), Code::invalid);
  EXPECT_EQ(code({ReplyRow{.id = 50, .case_id = before.row.id, .ordinal = 1, .claims = "{"}}, {}), Code::invalid);
  EXPECT_EQ(code({MemberRow{.id = 50, .case_id = before.row.id, .commitment_id = 77, .name = "n", .instance = 1}}, {}),
            Code::invalid);
  EXPECT_EQ(code({}, {JournalRow{.id = 1, .case_id = before.row.id, .seq = 1}}), Code::invalid);  // History does not change.
  EXPECT_EQ(code({}, {TaskRow{.id = 50, .case_id = before.row.id}}), Code::conflict);             // Not there.
  EXPECT_EQ(code({before.row}, {}), Code::invalid);                                               // A second birth.
  expect_same(loaded(before.row.id), before);
}

TEST_P(StoreConformance, KeepsABadUnitFromHurtingItsBatch) {
  const CaseRecord one = scribe_.written_case();
  const CaseRecord two = scribe_.written_case();
  CaseRecord one_after = one, two_stale = two, two_after = two, one_last;
  one_after.row.priority = "high";
  std::vector<Unit> units{scribe_.unit(one, one_after)};
  two_stale.row.priority = "lost";
  scribe_.add_task(two_stale, "nobody");
  units.push_back(scribe_.unit(two, two_stale));
  units.back().timers_dropped = {999};  // It fails after its version was checked.
  two_after.row.priority = "kept";
  units.push_back(scribe_.unit(two, two_after));
  one_last = one_after;
  one_last.row.priority = "higher";
  units.push_back(scribe_.unit(one_after, one_last));  // Sees what the first unit of the batch wrote.
  const auto answers = store_.commit(units, *store_.meta());
  ASSERT_TRUE(answers.ok()) << answers.error().message;
  EXPECT_TRUE((*answers)[0].ok());
  EXPECT_EQ((*answers)[1].error().code, Code::conflict);
  EXPECT_TRUE((*answers)[2].ok()) << (*answers)[2].error().message;
  EXPECT_TRUE((*answers)[3].ok()) << (*answers)[3].error().message;
  expect_same(loaded(one.row.id), one_last);
  expect_same(loaded(two.row.id), two_after);
}

TEST_P(StoreConformance, UndoesEveryRowOfAUnitThatFailsAtItsEnd) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord after = before;
  after.row.priority = "lost";
  after.timers.clear();
  const CommitmentRow& commitment = scribe_.add_commitment(after);
  scribe_.add_reply(after, commitment, ClaimLevel::requested);
  scribe_.add_effect(after, EffectState::attempting, 0);
  scribe_.add_task(after, "r");
  Unit unit = scribe_.unit(before, after);
  unit.updates.emplace_back(TaskRow{.id = 999, .case_id = before.row.id});
  EXPECT_EQ(scribe_.commit(unit).error().code, Code::conflict);
  expect_same(loaded(before.row.id), before);
  EXPECT_TRUE(store_.effects_attempting(9)->empty());
  EXPECT_TRUE(store_.open_tasks("", 0, 9)->empty());
  EXPECT_EQ(store_.journal(before.row.id, 0, 9)->size(), 1u);
  EXPECT_EQ(*store_.next_due_at_ms(), 100'001);
}

// ---- finding --------------------------------------------------------------------------------------------------------

TEST_P(StoreConformance, FindsWhatIsThereAndNothingElse) {
  const CaseRecord before = scribe_.written_case();
  CaseRecord after = before;
  const std::int64_t commitment = scribe_.add_commitment(after).id;
  const std::int64_t reply = scribe_.add_reply(after, after.commitments.at(commitment), ClaimLevel::requested).id;
  const std::string key = scribe_.add_effect(after, EffectState::planned, 1).key;
  const RequestRow request{.id = store_.next_id(Table::requests), .case_id = after.row.id, .request = "r1", .act_digest = "d"};
  after.requests.emplace(request.id, request);
  ASSERT_TRUE(scribe_.write(before, after).ok());
  const std::int64_t id = after.row.id;
  EXPECT_EQ(*store_.find_case("C-000001"), id);
  EXPECT_EQ(*store_.find_case("C-000002"), std::nullopt);
  EXPECT_EQ(*store_.find_case_of_commitment(commitment), id);
  EXPECT_EQ(*store_.find_case_of_commitment(77), std::nullopt);
  EXPECT_EQ(*store_.find_case_of_reply(reply), id);
  EXPECT_EQ(*store_.find_case_of_reply(77), std::nullopt);
  EXPECT_EQ(*store_.find_case_of_key(key), id);
  EXPECT_EQ(*store_.find_case_of_key("no"), std::nullopt);
  EXPECT_EQ((*store_.find_post("x", "p1")).value(), after.posts.begin()->second);
  EXPECT_FALSE(store_.find_post("y", "p1")->has_value());
  EXPECT_EQ((*store_.find_request("r1")).value(), request);
  EXPECT_FALSE(store_.find_request("r2")->has_value());
  EXPECT_EQ((*store_.find_text(after.texts.begin()->first)).value(), after.texts.begin()->second);
  EXPECT_FALSE(store_.find_text("no")->has_value());
  EXPECT_FALSE(store_.find_person("ana")->has_value());
  EXPECT_FALSE(store_.find_document("workflow", "h")->has_value());
  EXPECT_EQ(store_.load_case(77).error().code, Code::not_found);
  EXPECT_EQ(store_.load_case(0).error().code, Code::not_found);
}

TEST_P(StoreConformance, FindsTheLatestCaseOfAThread) {
  CaseRecord first = scribe_.new_case(), second = scribe_.new_case();
  first.posts.begin()->second.thread = second.posts.begin()->second.thread = "same";
  ASSERT_TRUE(scribe_.write(CaseRecord{}, first).ok());
  EXPECT_EQ(*store_.find_case_of_thread("x", "same"), first.row.id);
  ASSERT_TRUE(scribe_.write(CaseRecord{}, second).ok());
  EXPECT_EQ(*store_.find_case_of_thread("x", "same"), second.row.id);
  EXPECT_EQ(*store_.find_case_of_thread("y", "same"), std::nullopt);
  CaseRecord none = scribe_.case_0(), with_post = none;
  with_post.posts.emplace(90, PostRow{.id = 90, .channel = "x", .post_id = "u", .thread = "unwanted"});
  ASSERT_TRUE(scribe_.write(none, with_post).ok());
  EXPECT_EQ(*store_.find_case_of_thread("x", "unwanted"), std::nullopt);  // Belongs to no case.
}

TEST_P(StoreConformance, ListsAnAuthorsCasesLatestFirst) {
  for (int i = 0; i < 3; ++i) (void)scribe_.written_case();
  const auto cases = store_.cases_of_author("x", "ana", 2);
  ASSERT_EQ(cases->size(), 2u);
  EXPECT_EQ((*cases)[0].id, 3);
  EXPECT_EQ((*cases)[1].id, 2);
  EXPECT_TRUE(store_.cases_of_author("x", "eva", 2)->empty());
}

// ---- time -----------------------------------------------------------------------------------------------------------

TEST_P(StoreConformance, OrdersWhatIsDueByTimeThenEffectsThenTimersThenId) {
  CaseRecord record = scribe_.new_case();
  record.timers.clear();
  const std::int64_t timer_b = scribe_.add_timer(record, "b", 20).id;
  const std::int64_t timer_c = scribe_.add_timer(record, "c", 20).id;
  const std::int64_t timer_a = scribe_.add_timer(record, "a", 10).id;
  const std::int64_t waiting = scribe_.add_effect(record, EffectState::waiting, 20).id;
  const std::int64_t planned = scribe_.add_effect(record, EffectState::planned, 20).id;
  const std::int64_t unknown = scribe_.add_effect(record, EffectState::unknown, 5).id;
  scribe_.add_effect(record, EffectState::planned, 0);     // Not by itself.
  scribe_.add_effect(record, EffectState::attempting, 1);  // In flight.
  scribe_.add_effect(record, EffectState::done, 1);
  scribe_.add_timer(record, "later", 21);
  ASSERT_TRUE(scribe_.write(CaseRecord{}, record).ok());
  const auto ids = [&](std::int64_t now, std::size_t limit) {
    std::vector<std::pair<char, std::int64_t>> out;
    const auto due = store_.due(now, limit);
    for (const Due& d : *due) out.emplace_back(d.kind == Due::Kind::effect ? 'e' : 't', d.id);
    return out;
  };
  using Ids = std::vector<std::pair<char, std::int64_t>>;
  EXPECT_EQ(ids(20, 100),
            (Ids{{'e', unknown}, {'t', timer_a}, {'e', waiting}, {'e', planned}, {'t', timer_b}, {'t', timer_c}}));
  EXPECT_EQ(ids(20, 3), (Ids{{'e', unknown}, {'t', timer_a}, {'e', waiting}}));
  EXPECT_EQ(ids(19, 100).size(), 2u);
  EXPECT_EQ(ids(4, 100).size(), 0u);
  EXPECT_EQ(*store_.next_due_at_ms(), 5);
  EXPECT_EQ(store_.effects_attempting(9)->size(), 1u);
}

TEST_P(StoreConformance, HasNothingDueWhereItIsEmpty) {
  EXPECT_TRUE(store_.due(1'000'000, 10)->empty());
  EXPECT_EQ(*store_.next_due_at_ms(), std::nullopt);
  EXPECT_TRUE(store_.faults()->empty());
}

// ---- pages ----------------------------------------------------------------------------------------------------------

TEST_P(StoreConformance, PagesByIdWithoutCase0) {
  (void)scribe_.case_0();
  for (int i = 0; i < 5; ++i) (void)scribe_.written_case();
  EXPECT_EQ(store_.cases(0, 2)->back().id, 2);
  EXPECT_EQ(store_.cases(2, 2)->front().id, 3);
  EXPECT_EQ(store_.cases(4, 2)->size(), 1u);
  EXPECT_EQ(store_.cases(-1, 100)->size(), 5u);
  EXPECT_EQ(store_.posts(3, 100)->size(), 2u);
  EXPECT_TRUE(store_.cases(0, 0)->empty());
}

TEST_P(StoreConformance, ListsOpenTasksOfARole) {
  CaseRecord record = scribe_.new_case();
  scribe_.add_task(record, "a");
  scribe_.add_task(record, "b");
  scribe_.add_task(record, "a").done_at_ms = 9;
  ASSERT_TRUE(scribe_.write(CaseRecord{}, record).ok());
  EXPECT_EQ(store_.open_tasks("", 0, 9)->size(), 2u);
  EXPECT_EQ(store_.open_tasks("a", 0, 9)->size(), 1u);
  EXPECT_EQ(store_.open_tasks("", 1, 9)->front().role, "b");
  CaseRecord after = record;
  for (auto& [id, task] : after.tasks) task.done_at_ms = 10;
  ASSERT_TRUE(scribe_.write(record, after).ok());
  EXPECT_TRUE(store_.open_tasks("", 0, 9)->empty());
}

TEST_P(StoreConformance, ListsPeopleAndDocumentsOfAKind) {
  const CaseRecord before = scribe_.case_0();
  CaseRecord after = before;
  after.people = {{1, {.id = 1, .name = "ana", .roles = "[]"}}, {2, {.id = 2, .name = "eva", .roles = "[\"x\"]"}}};
  after.documents = {{1, {.id = 1, .kind = "workflow", .name = "w", .hash = "1", .content = "{}", .active = 1}},
                     {2, {.id = 2, .kind = "manifest", .name = "m", .hash = "2", .content = "{}"}}};
  ASSERT_TRUE(scribe_.write(before, after).ok());
  EXPECT_EQ(store_.people(1, 9)->front().name, "eva");
  EXPECT_EQ(store_.find_person("ana")->value().id, 1);
  EXPECT_EQ(store_.documents("workflow", 0, 9)->size(), 1u);
  EXPECT_EQ(store_.find_document("manifest", "2")->value().name, "m");
  EXPECT_EQ(loaded(0).row, after.row);
  EXPECT_TRUE(loaded(0).people.empty());
}

TEST_P(StoreConformance, PagesTheJournalBySeq) {
  CaseRecord record = scribe_.written_case();
  for (int i = 0; i < 4; ++i) {
    (void)scribe_.written_case();  // Other cases' rows lie between.
    CaseRecord after = record;
    after.row.changes = i;
    ASSERT_TRUE(scribe_.write(record, after).ok());
    record = after;
  }
  const auto page = store_.journal(record.row.id, 1, 3);
  ASSERT_EQ(page->size(), 3u);
  EXPECT_EQ(page->front().seq, 2);
  EXPECT_EQ(page->back().seq, 4);
  EXPECT_EQ(store_.journal(record.row.id, 4, 3)->back().digest, record.row.head_digest);
}

TEST_P(StoreConformance, DrawsIdsThatRiseFromOneInEachTable) {
  EXPECT_EQ(store_.next_id(Table::cases), 1);
  EXPECT_EQ(store_.next_id(Table::cases), 2);
  EXPECT_EQ(store_.next_id(Table::journal), 1);
}

// ---- the gate -------------------------------------------------------------------------------------------------------

struct Gated {
  ClaimLevel level;
  CommitmentRow commitment;
  bool holds;
};

std::vector<Gated> gated() {
  using enum ClaimLevel;
  using C = CommitmentState;
  return {
      {requested, {.state = C::requested, .requested_at_ms = 1}, true},
      {requested, {.state = C::declined, .attempts = 1, .requested_at_ms = 1}, true},
      {requested, {.state = C::cancelled, .attempts = 1, .requested_at_ms = 1}, true},
      {requested, {.state = C::cancelled, .attempts = 0, .requested_at_ms = 1}, false},
      {requested, {.state = C::awaiting_approval, .requested_at_ms = 0}, false},
      {accepted, {.state = C::in_progress, .accepted_at_ms = 1}, true},
      {accepted, {.state = C::attempting, .accepted_at_ms = 0}, false},
      {fulfilled, {.state = C::fulfilled, .evidence_digest = "e"}, true},
      {fulfilled, {.state = C::fulfilled, .evidence_digest = ""}, false},
      {fulfilled, {.state = C::undoing, .evidence_digest = "e"}, false},
      {fulfilled, {.state = C::revoked, .evidence_digest = "e"}, false},
      {declined, {.state = C::declined}, true},
      {declined, {.state = C::failed}, false},
      {failed, {.state = C::failed}, true},
      {failed, {.state = C::unknown}, false},
      {revoked, {.state = C::revoked}, true},
      {revoked, {.state = C::fulfilled, .evidence_digest = "e"}, false},
  };
}

TEST_P(StoreConformance, PublishesOnlyWhereTheClaimHoldsOnEachLevel) {
  for (const Gated& g : gated()) {
    CaseRecord before = scribe_.new_case();
    CommitmentRow& commitment = scribe_.add_commitment(before);
    const CommitmentRow named = commitment;
    commitment = g.commitment;
    commitment.id = named.id;
    commitment.case_id = named.case_id;
    commitment.key = named.key;
    const std::int64_t reply = scribe_.add_reply(before, commitment, g.level).id;
    before.replies.at(reply).state = ReplyState::approved;
    ASSERT_TRUE(scribe_.write(CaseRecord{}, before).ok());
    CaseRecord after = before;
    after.replies.at(reply).state = ReplyState::publishing;
    const auto answer = scribe_.write(before, after);
    const std::string what = std::string(to_string(g.level)) + " of " + std::string(to_string(g.commitment.state));
    EXPECT_EQ(answer.ok(), g.holds) << what;
    if (!answer.ok()) {
      EXPECT_EQ(answer.error().code, Code::refused) << what << answer.error().message;
    }
  }
}

// A commitment that was taken on, and an approved reply whose text shows its promise.
class Promised {
 public:
  explicit Promised(Scribe& scribe) : scribe_(scribe), before(scribe.new_case()) {
    CommitmentRow& row = scribe.add_commitment(before, CommitmentState::in_progress);
    row.accepted_at_ms = 1;
    row.promised_at_ms = 100;
    commitment = row.id;
    ReplyRow& told = scribe.add_reply(before, row, ClaimLevel::accepted);
    told.state = ReplyState::approved;
    told.claims = R"([{"commitment_id":)" + std::to_string(commitment) + R"(,"level":"accepted","promised_at_ms":100}])";
    reply = told.id;
    before.claims.rbegin()->second.promised_at_ms = 100;
    EXPECT_TRUE(scribe.write(CaseRecord{}, before).ok());
  }
  // Whether it is told in the transaction that makes the commitment so.
  bool is_told(const std::function<void(CommitmentRow&)>& change) {
    CaseRecord after = before;
    change(after.commitments.at(commitment));
    after.replies.at(reply).state = ReplyState::publishing;
    return scribe_.write(before, after).ok();
  }

 private:
  Scribe& scribe_;

 public:
  CaseRecord before;
  std::int64_t commitment = 0, reply = 0;
};

TEST_P(StoreConformance, RefusesToPublishOnAnotherPromiseThanTheTextShows) {
  for (const std::int64_t promised_later_ms : {100, 200}) {
    Promised f(scribe_);
    EXPECT_EQ(f.is_told([&](CommitmentRow& row) { row.promised_at_ms = promised_later_ms; }), promised_later_ms == 100);
  }
}

TEST_P(StoreConformance, TellsAPromiseOnlyWhileTheDepartmentIsAtItOrHasKeptIt) {
  using enum CommitmentState;
  const std::set<CommitmentState> stands{attempting, in_progress, fulfilled};
  for (const CommitmentState state : {proposed, awaiting_approval, requested, attempting, in_progress, fulfilled, declined,
                                      failed, unknown, cancelled, revoked, undoing, undone}) {
    Promised f(scribe_);
    EXPECT_EQ(f.is_told([&](CommitmentRow& row) { row.state = state; }), stands.contains(state)) << to_string(state);
  }
}

TEST_P(StoreConformance, RefusesAClaimRowWithAnotherPromiseThanWasFrozen) {
  CaseRecord record = scribe_.new_case();
  CommitmentRow& commitment = scribe_.add_commitment(record, CommitmentState::in_progress);
  commitment.accepted_at_ms = 1;
  commitment.promised_at_ms = 100;
  (void)scribe_.add_reply(record, commitment, ClaimLevel::accepted);
  record.claims.rbegin()->second.promised_at_ms = 100;
  EXPECT_EQ(scribe_.write(CaseRecord{}, record).error().code, Code::refused);
}

class Fulfilled {
 public:
  Fulfilled(Scribe& scribe, std::string digest = "e") : scribe_(scribe), before(scribe.new_case()) {
    CommitmentRow& row = scribe.add_commitment(before, CommitmentState::fulfilled);
    row.evidence_digest = std::move(digest);
    commitment = row.id;
    reply = scribe.add_reply(before, row, ClaimLevel::fulfilled).id;
    before.replies.at(reply).state = ReplyState::approved;
    EXPECT_TRUE(scribe.write(CaseRecord{}, before).ok());
  }
  // The answer to a change, which is kept where it was taken.
  std::string after(const std::function<void(CaseRecord&)>& change) {
    CaseRecord next = before;
    change(next);
    const auto answer = scribe_.write(before, next);
    if (answer.ok()) before = next;
    return answer.ok() ? "taken" : std::string(to_string(answer.error().code));
  }
  std::string step(ReplyState state) {
    return after([&](CaseRecord& r) { r.replies.at(reply).state = state; });
  }

 private:
  Scribe& scribe_;

 public:
  CaseRecord before;
  std::int64_t commitment = 0, reply = 0;
};

TEST_P(StoreConformance, RefusesToPublishOnOtherEvidenceThanWasFrozen) {
  Fulfilled f(scribe_);
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.commitments.at(f.commitment).evidence_digest = "other"; }), "taken");
  EXPECT_EQ(f.step(ReplyState::publishing), "refused");
}

TEST_P(StoreConformance, RefusesToPublishWhereTheClaimBecomesFalseInTheSameUnit) {
  Fulfilled f(scribe_);
  EXPECT_EQ(f.after([&](CaseRecord& r) {
    r.commitments.at(f.commitment).state = CommitmentState::revoked;
    r.replies.at(f.reply).state = ReplyState::publishing;
  }),
            "refused");
  EXPECT_EQ(f.step(ReplyState::publishing), "taken");  // The unit left no trace.
}

TEST_P(StoreConformance, RefusesAClaimOfAnEarlierEpisode) {
  Fulfilled f(scribe_);
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.members.begin()->second.episode = 2; }), "taken");
  EXPECT_EQ(f.step(ReplyState::publishing), "refused");
}

TEST_P(StoreConformance, RefusesEveryWayRoundTheGate) {
  using enum ReplyState;
  Fulfilled f(scribe_);
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.commitments.at(f.commitment).state = CommitmentState::revoked; }), "taken");
  EXPECT_EQ(f.step(publishing), "refused");
  EXPECT_EQ(f.step(published), "refused");
  EXPECT_EQ(f.step(unknown), "refused");  // Else it would be published from there.
  EXPECT_EQ(f.step(corrected), "refused");
  EXPECT_EQ(f.step(blocked), "taken");
}

TEST_P(StoreConformance, RefusesAReplyThatIsBornPublishing) {
  CaseRecord before = scribe_.written_case(), after = before;
  const CommitmentRow& commitment = scribe_.add_commitment(after);
  scribe_.add_reply(after, commitment, ClaimLevel::requested).state = ReplyState::publishing;
  EXPECT_EQ(scribe_.write(before, after).error().code, Code::refused);
}

TEST_P(StoreConformance, LetsAReplyThatPassedTheGateEndWhateverHappensToItsClaims) {
  using enum ReplyState;
  Fulfilled f(scribe_);
  EXPECT_EQ(f.step(publishing), "taken");
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.commitments.at(f.commitment).state = CommitmentState::revoked; }), "taken");
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.replies.at(f.reply).reason = "still at the channel"; }), "taken");
  EXPECT_EQ(f.step(unknown), "taken");
  EXPECT_EQ(f.step(published), "taken");
  EXPECT_EQ(f.step(corrected), "taken");
}

TEST_P(StoreConformance, RefusesAnotherAttemptOnceTheClaimIsFalse) {
  using enum ReplyState;
  Fulfilled f(scribe_);
  EXPECT_EQ(f.step(publishing), "taken");
  EXPECT_EQ(f.step(approved), "taken");
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.commitments.at(f.commitment).state = CommitmentState::revoked; }), "taken");
  EXPECT_EQ(f.step(publishing), "refused");
}

TEST_P(StoreConformance, KeepsAReplyAsItWasDrafted) {
  Fulfilled f(scribe_);
  const auto changed = [&](const std::function<void(ReplyRow&)>& change) {
    return f.after([&](CaseRecord& r) { change(r.replies.at(f.reply)); });
  };
  EXPECT_EQ(changed([](ReplyRow& r) { r.text = "another"; }), "refused");
  EXPECT_EQ(changed([](ReplyRow& r) { r.claims = "[]"; }), "refused");
  EXPECT_EQ(changed([](ReplyRow& r) { r.name = "another"; }), "refused");
  EXPECT_EQ(changed([](ReplyRow& r) { r.key = "another"; }), "refused");
  EXPECT_EQ(changed([](ReplyRow& r) { r.episode = 2; }), "refused");
  EXPECT_EQ(changed([](ReplyRow& r) { r.reason = "may change"; }), "taken");
}

TEST_P(StoreConformance, KeepsClaimRowsAsTheyWereDrafted) {
  Fulfilled f(scribe_);
  EXPECT_EQ(f.after([&](CaseRecord& r) { r.claims.begin()->second.level = ClaimLevel::requested; }), "refused");
  const auto add_claim = [&](CaseRecord& r) {
    ClaimRow extra = r.claims.begin()->second;
    extra.id = store_.next_id(Table::claims);
    extra.level = ClaimLevel::declined;
    r.claims.emplace(extra.id, extra);
  };
  EXPECT_EQ(f.after(add_claim), "refused");  // Not among the frozen ones.
  EXPECT_EQ(f.step(ReplyState::publishing), "taken");
  EXPECT_EQ(f.after([&](CaseRecord& r) {
    ClaimRow extra = r.claims.begin()->second;
    extra.id = store_.next_id(Table::claims);
    r.claims.emplace(extra.id, extra);
  }),
            "refused");  // Among them, but the reply has been handed out.
}

TEST_P(StoreConformance, TellsTheJournalOfAllCasesInTheOrderOfItsIds) {
  const CaseRecord first = scribe_.written_case();
  const CaseRecord second = scribe_.written_case();
  CaseRecord later = first;
  scribe_.add_task(later, "community");
  ASSERT_TRUE(scribe_.write(first, later).ok());
  const auto all = store_.journal_since(0, 100);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].case_id, first.row.id);
  EXPECT_EQ((*all)[1].case_id, second.row.id);
  EXPECT_EQ((*all)[2].case_id, first.row.id);
  EXPECT_LT((*all)[1].id, (*all)[2].id);
  const auto rest = store_.journal_since((*all)[1].id, 100);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(*rest, std::vector<JournalRow>{(*all)[2]});
  EXPECT_EQ(store_.journal_since(0, 2)->size(), 2u);
  EXPECT_EQ(*store_.latest_journal_id(), (*all)[2].id);
}

TEST_P(StoreConformance, KeepsMarksWithoutAUnit) {
  StoreMeta meta = *store_.meta();
  meta.marks["crm"] = 4;
  ASSERT_TRUE(store_.commit({}, meta).ok());
  meta.marks["crm"] = 6;
  meta.marks["feed"] = 1;
  ASSERT_TRUE(store_.commit({}, meta).ok());
  EXPECT_EQ(store_.meta()->marks, meta.marks);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreConformance,
                         testing::Values(Kind{"Memory", [] { return std::make_unique<InMemory>(); }},
                                         Kind{"Sqlite", [] { return std::make_unique<OnSqlite>(); }},
                                         Kind{"Forwarding", [] { return std::make_unique<Forwarded>(); }}),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace redress
