// Scripted answers come first, each once; then what waits goes on waiting, and what is unknown stays so.
#include "scenario/cast.hpp"

#include <algorithm>

namespace redress::scenario {
namespace {

class PlayedDepartment final : public Department {
 public:
  PlayedDepartment(std::string manifest, Cast& cast) : manifest_(std::move(manifest)), cast_(cast) {}
  std::string manifest() const override { return manifest_; }
  Outcome handle(const Call& call) override { return cast_.answer(call); }

 private:
  std::string manifest_;
  Cast& cast_;
};

class PlayedChannel final : public Channel {
 public:
  explicit PlayedChannel(Cast& cast) : cast_(cast) {}
  Outcome publish(const Publication& publication) override { return cast_.publish(publication, false); }
  Outcome lookup(const Publication& publication) override { return cast_.publish(publication, true); }
  bool dedupes() const override { return false; }

 private:
  Cast& cast_;
};

Outcome outcome_of(const Answer& answer) {
  const std::string reason = answer.reason.empty() ? "as the scenario says" : answer.reason;
  switch (answer.kind) {
    case Answer::Kind::done:
      return {.kind = OutcomeKind::done, .evidence = answer.evidence};
    case Answer::Kind::declined:
      return {.kind = OutcomeKind::declined, .reason = reason};
    case Answer::Kind::retry:
      return {.kind = OutcomeKind::retry, .reason = reason};
    case Answer::Kind::unknown:
      return {.kind = OutcomeKind::unknown, .reason = reason};
    case Answer::Kind::waiting:
    case Answer::Kind::failed:
    case Answer::Kind::revoked:
      break;
  }
  return {.kind = OutcomeKind::waiting, .ticket = "T-1", .promised_at_ms = answer.promised_at_ms};
}

std::string queue_of(std::string_view commitment, std::string_view verb) {
  return std::string(commitment) + " " + std::string(verb);
}

}  // namespace

std::vector<std::shared_ptr<Department>> Cast::departments(std::span<const std::string> manifests) {
  std::vector<std::shared_ptr<Department>> all;
  for (const std::string& manifest : manifests) all.push_back(std::make_shared<PlayedDepartment>(manifest, *this));
  return all;
}

std::shared_ptr<Channel> Cast::channel() { return std::make_shared<PlayedChannel>(*this); }

void Cast::script(const std::string& commitment, Verb verb, Scripted scripted) {
  add(queue_of(commitment, to_string(verb)), std::move(scripted));
}

void Cast::script_channel(bool lookup, Scripted scripted) { add(lookup ? "lookup" : "publish", std::move(scripted)); }

// "always" is until the next word.
void Cast::add(const std::string& queue, Scripted scripted) {
  auto& waiting = queues_[queue];
  if (!waiting.empty() && waiting.back().answer.times == 0 && waiting.back().asked) waiting.pop_back();
  waiting.push_back(std::move(scripted));
}

std::vector<Report> Cast::take_words() { return std::exchange(words_, {}); }

std::optional<Scripted> Cast::unasked() const {
  std::optional<Scripted> first;
  for (const auto& [queue, waiting] : queues_) {
    for (const Scripted& one : waiting)
      if (!(one.answer.times == 0 && one.asked) && (!first || one.line < first->line)) first = one;
  }
  return first;
}

// "retry always" stays at the head of its queue; "retry 3" is three.
std::optional<Answer> Cast::next(const std::string& queue, std::string_view case_reference) {
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return std::nullopt;
  auto& waiting = found->second;
  const auto one = std::find_if(waiting.begin(), waiting.end(), [&](const Scripted& scripted) {
    return scripted.case_reference.empty() || scripted.case_reference == case_reference;
  });
  if (one == waiting.end()) return std::nullopt;
  one->asked = true;
  Answer answer = one->answer;
  if (one->answer.times > 1)
    --one->answer.times;
  else if (one->answer.times == 1)
    waiting.erase(one);
  return answer;
}

Outcome Cast::answer(const Call& call) {
  const std::string name = name_of_(call.case_reference, call.commitment_id);
  const std::string key(call.key);
  auto scripted = next(queue_of(name, to_string(call.verb)), call.case_reference);
  if (!scripted && (call.verb == Verb::cancel || call.verb == Verb::record))
    return {.kind = OutcomeKind::done, .evidence = "{}"};
  if (!scripted && call.verb == Verb::reconcile) {
    const auto standing = standing_.find(key);
    return standing == standing_.end() ? Outcome{.kind = OutcomeKind::unknown, .reason = "nobody knows"} : standing->second;
  }
  const Answer answer = scripted.value_or(Answer{.kind = Answer::Kind::waiting});
  if (answer.kind == Answer::Kind::failed) words_.push_back({.key = key, .kind = ReportKind::failed, .reason = answer.reason});
  standing_[key] = outcome_of(answer);
  return standing_[key];
}

Outcome Cast::publish(const Publication& publication, bool lookup) {
  const auto scripted = next(lookup ? "lookup" : "publish", publication.case_reference);
  if (scripted) return outcome_of(*scripted);
  return lookup ? Outcome{.kind = OutcomeKind::unknown, .reason = "nobody knows"}
                : Outcome{.kind = OutcomeKind::done, .evidence = "{}"};
}

}  // namespace redress::scenario
