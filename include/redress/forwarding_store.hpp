// A ForwardingStore hands every verb to another store: derive from it to watch or change a few of them.
//
//   class Metered : public redress::ForwardingStore {
//     using ForwardingStore::ForwardingStore;
//     Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override;  // Counts.
//   };
//
// A verb that Store gains later is handed on as well, so what derives from this keeps compiling.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "redress/store.hpp"

namespace redress {

// Its threads are the other store's. What overrides a verb keeps what Store says of it: the engine relies on each word.
class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(std::shared_ptr<Store> inner) : inner_(std::move(inner)) {}  // Never null.

  [[nodiscard]] Store& inner() { return *inner_; }

  Result<std::vector<Result<void>>> commit(std::span<const Unit> units, const StoreMeta& meta) override {
    return inner_->commit(units, meta);
  }
  std::int64_t next_id(Table table) override { return inner_->next_id(table); }
  Result<StoreMeta> meta() override { return inner_->meta(); }
  Result<CaseRecord> load_case(std::int64_t case_id) override { return inner_->load_case(case_id); }

  Result<std::optional<std::int64_t>> find_case(std::string_view reference) override { return inner_->find_case(reference); }
  Result<std::optional<std::int64_t>> find_case_of_commitment(std::int64_t commitment_id) override {
    return inner_->find_case_of_commitment(commitment_id);
  }
  Result<std::optional<std::int64_t>> find_case_of_reply(std::int64_t reply_id) override {
    return inner_->find_case_of_reply(reply_id);
  }
  Result<std::optional<std::int64_t>> find_case_of_task(std::int64_t task_id) override {
    return inner_->find_case_of_task(task_id);
  }
  Result<std::optional<std::int64_t>> find_case_of_key(std::string_view key) override { return inner_->find_case_of_key(key); }
  Result<std::optional<PostRow>> find_post(std::string_view channel, std::string_view post_id) override {
    return inner_->find_post(channel, post_id);
  }
  Result<std::optional<std::int64_t>> find_case_of_thread(std::string_view channel, std::string_view thread) override {
    return inner_->find_case_of_thread(channel, thread);
  }
  Result<std::vector<CaseRow>> cases_of_author(std::string_view channel, std::string_view author, std::size_t limit) override {
    return inner_->cases_of_author(channel, author, limit);
  }
  Result<std::optional<PersonRow>> find_person(std::string_view name) override { return inner_->find_person(name); }
  Result<std::optional<DocumentRow>> find_document(std::string_view kind, std::string_view hash) override {
    return inner_->find_document(kind, hash);
  }
  Result<std::optional<RequestRow>> find_request(std::string_view request) override { return inner_->find_request(request); }
  Result<std::optional<TextRow>> find_text(std::string_view digest) override { return inner_->find_text(digest); }

  Result<std::vector<Due>> due(std::int64_t now_ms, std::size_t limit) override { return inner_->due(now_ms, limit); }
  Result<std::optional<std::int64_t>> next_due_at_ms() override { return inner_->next_due_at_ms(); }
  Result<std::vector<EffectRow>> effects_attempting(std::size_t limit) override { return inner_->effects_attempting(limit); }

  Result<std::vector<CaseRow>> cases(std::int64_t after, std::size_t limit) override { return inner_->cases(after, limit); }
  Result<std::vector<PostRow>> posts(std::int64_t after, std::size_t limit) override { return inner_->posts(after, limit); }
  Result<std::vector<TaskRow>> open_tasks(std::string_view role, std::int64_t after, std::size_t limit) override {
    return inner_->open_tasks(role, after, limit);
  }
  Result<std::vector<JournalRow>> journal_since(std::int64_t after_id, std::size_t limit) override {
    return inner_->journal_since(after_id, limit);
  }
  Result<std::int64_t> latest_journal_id() override { return inner_->latest_journal_id(); }
  Result<std::vector<JournalRow>> journal(std::int64_t case_id, std::int64_t after_seq, std::size_t limit) override {
    return inner_->journal(case_id, after_seq, limit);
  }
  Result<std::vector<PersonRow>> people(std::int64_t after, std::size_t limit) override { return inner_->people(after, limit); }
  Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after, std::size_t limit) override {
    return inner_->documents(kind, after, limit);
  }

  Result<std::vector<std::string>> faults() override { return inner_->faults(); }

 private:
  std::shared_ptr<Store> inner_;
};

}  // namespace redress
