// StoredWorkflows stands before a store in which these workflows went live under an earlier release, whose check asked for
// less: the engine reads such versions and does not prove them again, so that what holds at run time shows without the
// checker's help.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "redress/forwarding_store.hpp"
#include "workflow/workflow.hpp"

namespace redress::house {

class StoredWorkflows final : public ForwardingStore {
 public:
  StoredWorkflows(std::shared_ptr<Store> inner, const std::vector<std::string>& workflows) : ForwardingStore(std::move(inner)) {
    for (const std::string& text : workflows) {
      const auto json = nlohmann::json::parse(text);
      const auto hash = workflow::workflow_hash(text);
      EXPECT_TRUE(hash) << hash.error().message;
      rows_.push_back({.id = static_cast<std::int64_t>(rows_.size()) + 1,
                       .kind = "workflow",
                       .name = json.at("id"),
                       .version = json.at("version"),
                       .hash = hash ? *hash : "",
                       .content = text,
                       .active = 1});
    }
  }

  Result<std::optional<DocumentRow>> find_document(std::string_view kind, std::string_view hash) override {
    for (const DocumentRow& row : rows_)
      if (row.kind == kind && row.hash == hash) return std::optional(row);
    return ForwardingStore::find_document(kind, hash);
  }
  Result<std::vector<DocumentRow>> documents(std::string_view kind, std::int64_t after, std::size_t limit) override {
    auto page = ForwardingStore::documents(kind, after, limit);
    const auto first = std::min(static_cast<std::size_t>(after), rows_.size());
    if (page && kind == "workflow")
      page->insert(page->begin(), rows_.begin() + static_cast<std::ptrdiff_t>(first), rows_.end());
    return page;
  }

 private:
  std::vector<DocumentRow> rows_;
};

}  // namespace redress::house
