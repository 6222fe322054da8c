// Opens the engine as any embedder does, and moves its clock from one due instant to the next.
#include "scenario/stage.hpp"

#include <algorithm>

namespace redress::scenario {
namespace {

constexpr int steps_max = 100'000;  // Instants at which something happened, of one step of the script.
constexpr int words_max = 1'000;    // Words of departments, of one step.

}  // namespace

Stage::Stage(std::int64_t start_ms, Coverage& coverage)
    : clock_(make_virtual_clock(start_ms)),
      coverage_(coverage),
      cast_([this](std::string_view reference, std::int64_t id) { return name_of(reference, id); }) {
  coverage_.begin();
}

Result<void> Stage::open(const std::string& workflow, std::span<const std::string> manifests, const Wording& wording) {
  EngineOptions options;
  options.store = store_;
  options.departments = cast_.departments(manifests);
  options.channel = cast_.channel();
  options.workflows = {workflow};
  options.wording = wording;
  options.clock = clock_;
  options.random = make_seeded_random(0);
  options.virtual_time = true;
  options.listeners.on_event = [this](const CaseEvent& event) {
    const auto id = event.case_reference.empty() ? Result<std::optional<std::int64_t>>(std::nullopt)
                                                 : store_->find_case(event.case_reference);
    if (!id || !*id) return;
    if (const auto record = store_->load_case(**id)) coverage_.count(event.entry, *record);
  };
  auto engine = Engine::open(std::move(options));
  if (!engine) return engine.error();
  engine_ = std::move(*engine);
  return {};
}

Result<void> Stage::settle() {
  for (int i = 0; i < words_max; ++i) {
    if (auto idle = engine_->run_until_idle(); !idle) return idle.error();
    const auto words = cast_.take_words();
    if (words.empty()) return {};
    for (const Report& word : words)
      if (auto told = engine_->report(word); !told) return told;
  }
  return {Code::conflict, "the departments' words do not end: " + std::to_string(words_max) + " at one instant"};
}

Result<void> Stage::pass_until(std::int64_t until_ms) {
  for (int i = 0; i < steps_max; ++i) {
    if (auto settled = settle(); !settled) return settled;
    const auto next = store_->next_due_at_ms();
    if (!next) return next.error();
    if (!*next || **next > until_ms || **next <= now_ms()) {
      clock_->advance_to(until_ms);
      return settle();
    }
    clock_->advance_to(**next);
  }
  return {Code::conflict,
          "too much happens in that time: more than " + std::to_string(steps_max) + " instants at which something is due"};
}

std::string Stage::name_of(std::string_view case_reference, std::int64_t commitment_id) const {
  const auto id = store_->find_case(case_reference);
  if (!id || !*id) return "";
  const auto record = store_->load_case(**id);
  if (!record) return "";
  for (const auto& [member_id, member] : record->members)
    if (member.commitment_id == commitment_id) return member.name;
  return "";
}

Result<CaseRecord> Stage::load_case_at_hand() const {
  const auto post = posts.find(post_at_hand);
  if (post == posts.end()) return {Code::not_found, "no post came, so there is no case"};
  const auto row = store_->find_post(post->second.channel, post->second.id);
  if (!row) return row.error();
  if (!*row || (*row)->case_id == 0)
    return {Code::not_found, "post " + post_at_hand + " has no case: " +
                                 (*row ? std::string(to_string((*row)->fate)) + ", " + (*row)->reason : "it never came")};
  return store_->load_case((*row)->case_id);
}

std::string Stage::reference_at_hand() const {
  const auto record = load_case_at_hand();
  return record ? record->row.reference : "";
}

const CommitmentRow* find_commitment(const CaseRecord& record, std::string_view name, std::int64_t instance) {
  const MemberRow* best = nullptr;
  for (const auto& [id, member] : record.members) {
    if (member.name != name || (instance != 0 && member.instance != instance)) continue;
    if (best == nullptr || member.instance > best->instance) best = &member;
  }
  const auto row = best == nullptr ? record.commitments.end() : record.commitments.find(best->commitment_id);
  return row == record.commitments.end() ? nullptr : &row->second;
}

const ReplyRow* find_reply(const CaseRecord& record, std::string_view name) {
  const ReplyRow* latest = nullptr;
  for (const auto& [id, reply] : record.replies)
    if (reply.name == name && (latest == nullptr || reply.ordinal > latest->ordinal)) latest = &reply;
  return latest;
}

}  // namespace redress::scenario
