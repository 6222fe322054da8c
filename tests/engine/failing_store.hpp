// A Store whose writes fail after a number of them, as if the process had died or the disk were full; reads go on.
#pragma once
#include <atomic>
#include <memory>

#include "redress/store.hpp"

namespace redress::house {

class FailingStore final : public Store {
 public:
  explicit FailingStore(std::shared_ptr<Store> inner) : inner_(std::move(inner)) {}
  std::atomic<int> commits_left = -1;  // -1: it never fails.

  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    if (commits_left == 0) return {Code::unavailable, "the disk is full"};
    if (commits_left > 0) --commits_left;
    return inner_->commit(units, meta);
  }
  std::int64_t next_id(Table table) override { return inner_->next_id(table); }
  Result<StoreMeta> meta() override { return inner_->meta(); }
  Result<CaseRecord> load_case(std::int64_t id) override { return inner_->load_case(id); }
  Result<std::optional<std::int64_t>> find_case(std::string_view r) override { return inner_->find_case(r); }
  Result<std::optional<std::int64_t>> find_case_of_commitment(std::int64_t id) override {
    return inner_->find_case_of_commitment(id);
  }
  Result<std::optional<std::int64_t>> find_case_of_reply(std::int64_t id) override { return inner_->find_case_of_reply(id); }
  Result<std::optional<std::int64_t>> find_case_of_task(std::int64_t id) override { return inner_->find_case_of_task(id); }
  Result<std::optional<std::int64_t>> find_case_of_key(std::string_view key) override { return inner_->find_case_of_key(key); }
  Result<std::optional<PostRow>> find_post(std::string_view c, std::string_view id) override {
    return inner_->find_post(c, id);
  }
  Result<std::optional<std::int64_t>> find_case_of_thread(std::string_view c, std::string_view t) override {
    return inner_->find_case_of_thread(c, t);
  }
  Result<std::vector<CaseRow>> cases_of_author(std::string_view c, std::string_view a, std::size_t limit) override {
    return inner_->cases_of_author(c, a, limit);
  }
  Result<std::optional<PersonRow>> find_person(std::string_view name) override { return inner_->find_person(name); }
  Result<std::optional<DocumentRow>> find_document(std::string_view k, std::string_view h) override {
    return inner_->find_document(k, h);
  }
  Result<std::optional<RequestRow>> find_request(std::string_view r) override { return inner_->find_request(r); }
  Result<std::optional<TextRow>> find_text(std::string_view d) override { return inner_->find_text(d); }
  Result<std::vector<Due>> due(std::int64_t now_ms, std::size_t limit) override { return inner_->due(now_ms, limit); }
  Result<std::optional<std::int64_t>> next_due_at_ms() override { return inner_->next_due_at_ms(); }
  Result<std::vector<EffectRow>> effects_attempting(std::size_t limit) override { return inner_->effects_attempting(limit); }
  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override { return inner_->cases(after, limit); }
  Result<std::vector<PostRow>> posts(std::int64_t after, std::size_t limit) override { return inner_->posts(after, limit); }
  Result<std::vector<TaskRow>> open_tasks(std::string_view role, std::int64_t after, std::size_t limit) override {
    return inner_->open_tasks(role, after, limit);
  }
  Result<std::vector<JournalRow>> journal(std::int64_t id, std::int64_t after, std::size_t limit) override {
    return inner_->journal(id, after, limit);
  }
  Result<std::vector<JournalRow>> journal_since(std::int64_t after, std::size_t limit) override {
    return inner_->journal_since(after, limit);
  }
  Result<std::int64_t> latest_journal_id() override { return inner_->latest_journal_id(); }
  Result<std::vector<PersonRow>> people(std::int64_t after, std::size_t limit) override { return inner_->people(after, limit); }
  Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after, std::size_t limit) override {
    return inner_->documents(kind, after, limit);
  }
  Result<std::vector<std::string>> faults() override { return inner_->faults(); }

 private:
  std::shared_ptr<Store> inner_;
};

}  // namespace redress::house
