// redress step: a workflow's bare statechart, event by event. Exit status 3 where a line was refused; the chart then stands as before it.
#include <ostream>

#include "cli/config.hpp"
#include "cli/json_text.hpp"
#include "cli/lines.hpp"
#include "cli/verbs.hpp"
#include "redress/limits.hpp"
#include "redress/stepper.hpp"

namespace redress::cli {

Result<int> step(const std::string& workflow, const std::string& events, Console& console) {
  const auto text = read_file(workflow, limits::workflow_bytes_max);
  if (!text) return text.error();
  auto stepper = Stepper::open(*text);
  if (!stepper) {
    console.err << printable(stepper.error().message, true) << '\n';
    return 1;
  }
  const StopSignal stop;
  auto lines = LineReader::open(events, stop);
  if (!lines) return lines.error();
  bool refused = false;
  for (Line line;;) {
    const auto got = lines->next(line, -1);
    if (!got) return got.error();
    if (*got != LineReader::Got::line) return refused ? 3 : 0;
    const auto told = (*stepper)->step(line.text);
    refused = refused || !told;
    if (told) {
      console.out << *told << std::endl;
    } else {
      const Json error = {{"error", told.error().message}, {"line", line.number}};
      console.out << error.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    }
  }
}

}  // namespace redress::cli
