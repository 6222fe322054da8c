// The printed and stored text of outcome kinds, verbs and report kinds.
#include "redress/department.hpp"

namespace redress {

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::done:
      return "done";
    case OutcomeKind::waiting:
      return "waiting";
    case OutcomeKind::declined:
      return "declined";
    case OutcomeKind::retry:
      return "retry";
    case OutcomeKind::unknown:
      return "unknown";
  }
  return "?";
}

std::string_view to_string(Verb verb) {
  switch (verb) {
    case Verb::perform:
      return "perform";
    case Verb::reconcile:
      return "reconcile";
    case Verb::undo:
      return "undo";
    case Verb::cancel:
      return "cancel";
    case Verb::record:
      return "record";
  }
  return "?";
}

std::string_view to_string(ReportKind kind) {
  switch (kind) {
    case ReportKind::done:
      return "done";
    case ReportKind::declined:
      return "declined";
    case ReportKind::failed:
      return "failed";
    case ReportKind::revoked:
      return "revoked";
  }
  return "?";
}

}  // namespace redress
