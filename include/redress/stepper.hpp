// A Stepper runs a workflow's bare statechart: states, guards, `set` and `raise`, and the time of `after`. There is no case around
// it, no store and no department: what actions commit or reply is only told. For looking at a chart's behaviour, as `redress step` does.
//
// [one thread at a time]
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "redress/api.hpp"
#include "redress/result.hpp"

namespace redress {

class REDRESS_API Stepper {
 public:
  virtual ~Stepper() = default;

  // The workflow's JSON; "states" is all that it must have. Enters where it begins. `invalid`: all that is wrong with its states, one
  // finding a line, each with line and column; or what begins never comes to rest.
  [[nodiscard]] static Result<std::unique_ptr<Stepper>> open(std::string_view workflow);

  // One JSON object, of which each member may be left out:
  //   "advance": "PT5M"   first lets this time pass, with all that `after` it holds
  //   "event": "paid"     then this event comes,
  //   "data": {...}       with this, which expressions read as event.data, and as event.form, event.text and so on for its members
  // Answers {"configuration": ["a.b.c", ...], "raised": [...]} once everything has come to rest: the active states that have none
  // within, in document order, and the events that were raised on the way; and where there are any, "actions", as [{"commit":
  // "refund"}], and "data", the case's own fields by `set`.
  // Refused, with nothing changed: `invalid`, what is no such object, or a loop without waiting.
  [[nodiscard]] virtual Result<std::string> step(std::string_view line) = 0;

  // All that a Stepper remembers between steps, as JSON, and back: the other one goes on as this one would.
  [[nodiscard]] virtual std::string save() const = 0;
  [[nodiscard]] virtual Result<void> restore(std::string_view saved) = 0;  // `invalid`, with nothing changed: not saved of this workflow.
};

}  // namespace redress
