// A Cast plays what is outside the engine: every department, and the channels. What no script says, waits.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redress/channel.hpp"
#include "redress/department.hpp"
#include "scenario/script.hpp"

namespace redress::scenario {

// An answer that waits for its call.
struct Scripted {
  Answer answer;
  int line = 0;                // Where the script says it.
  std::string text;            // The statement.
  std::string case_reference;  // Only for this case; empty: for any.
  bool asked = false;          // At least once.
};

// Used by one thread.
class Cast {
 public:
  // Which commitment a call is about: its name in the workflow.
  using NameOf = std::function<std::string(std::string_view case_reference, std::int64_t commitment_id)>;
  explicit Cast(NameOf name_of) : name_of_(std::move(name_of)) {}

  // The departments of these manifests. The cast outlives them.
  [[nodiscard]] std::vector<std::shared_ptr<Department>> departments(std::span<const std::string> manifests);
  [[nodiscard]] std::shared_ptr<Channel> channel();

  // For the next call of this verb, or (reconcile) for the next time that it is asked what became of one.
  void script(const std::string& commitment, Verb verb, Scripted scripted);
  void script_channel(bool lookup, Scripted scripted);

  // Words that come by themselves once their call has been answered: "failed" is one, since no call answers so.
  [[nodiscard]] std::vector<Report> take_words();
  // The first answer, in the script's order, that nobody asked for.
  [[nodiscard]] std::optional<Scripted> unasked() const;

  // ---- for its departments and channel ----
  Outcome answer(const Call& call);
  Outcome publish(const Publication& publication, bool lookup);

 private:
  void add(const std::string& queue, Scripted scripted);
  std::optional<Answer> next(const std::string& queue, std::string_view case_reference);

  NameOf name_of_;
  std::map<std::string, std::deque<Scripted>> queues_;  // By commitment and verb, "publish" and "lookup".
  std::map<std::string, Outcome, std::less<>>
      standing_;  // By key: what was answered last, and is answered again when looked up.
  std::vector<Report> words_;
};

}  // namespace redress::scenario
