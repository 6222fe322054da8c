// Mermaid's stateDiagram-v2. States have ids of their own, since a name may be a word of Mermaid; texts are escaped as
// entities.
#include "diagram/sheet.hpp"

namespace redress::diagram {
namespace {

using workflow::Workflow;

// What Mermaid would read as its own is written with a sign that looks alike: state diagrams know no escapes.
std::string escaped(const std::string& text) {
  static const std::map<char, std::string_view> alike = {{':', "\u2236"}, {';', ","},      {'<', "\u2039"}, {'>', "\u203A"},
                                                         {'"', "'"},      {'#', "\u266F"}, {'{', "("},      {'}', ")"},
                                                         {'&', "\uFF06"}, {'%', "\uFF05"}, {'`', "'"}};
  std::string out;
  for (const char c : text) {
    const auto found = alike.find(c);
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    out += control ? " " : found == alike.end() ? std::string(1, c) : std::string(found->second);
  }
  return out;
}

std::string id_of(int state) { return "s" + std::to_string(state); }

class Writer {
 public:
  Writer(const Workflow& workflow, const Marks& marks) : workflow_(workflow), marks_(marks) {}

  std::string write() {
    const auto heading = heading_of(workflow_);
    out_ = "---\ntitle: \"" + escaped(heading[0] + ", " + heading[1]) + "\"\n---\nstateDiagram-v2\n";
    const statechart::Node& root = workflow_.chart.at(statechart::root);
    for (const int state : root.children) declare(state, "  ");
    for (const int state : root.initial) out_ += "  [*] --> " + id_of(state) + "\n";
    for (int state = statechart::root + 1; state < workflow_.chart.size(); ++state) transitions(state);
    for (int state = statechart::root + 1; state < workflow_.chart.size(); ++state) {
      const statechart::Node& node = workflow_.chart.at(state);
      if (node.kind == statechart::Kind::final && node.parent == statechart::root) out_ += "  " + id_of(state) + " --> [*]\n";
    }
    anywhere(heading);
    mark();
    return out_;
  }

 private:
  void declare(int state, const std::string& indent) {
    const statechart::Node& node = workflow_.chart.at(state);
    const Card card = card_of(workflow_, state);
    const std::string title = card.name + (card.kind.empty() ? "" : " (" + card.kind + ")");
    if (node.children.empty()) {
      out_ += indent + "state \"" + escaped(title) + "\" as " + id_of(state) + "\n";
      for (const std::string& fact : card.facts) out_ += indent + id_of(state) + " : " + escaped(fact) + "\n";
      return;
    }
    out_ += indent + "state \"" + escaped(title) + "\" as " + id_of(state) + " {\n";
    bool first = true;
    for (const int child : node.children) {
      if (node.kind == statechart::Kind::parallel && !first) out_ += indent + "  --\n";
      declare(child, indent + "  ");
      first = false;
    }
    for (const int begin : node.initial)
      if (node.kind == statechart::Kind::compound) out_ += indent + "  [*] --> " + id_of(begin) + "\n";
    out_ += indent + "}\n";
    if (!card.facts.empty()) note(state, card.facts, indent);
  }

  void note(int state, const std::vector<std::string>& lines, const std::string& indent) {
    out_ += indent + "note right of " + id_of(state) + "\n";
    for (const std::string& line : lines) out_ += indent + "  " + escaped(line) + "\n";
    out_ += indent + "end note\n";
  }

  static std::string label(const Row& row) {
    std::string text = row.when;
    for (const std::string& action : row.does) text += (text == row.when ? " / " : "; ") + action.substr(0, action.find(':'));
    return escaped(text);
  }

  void transitions(int state) {
    for (const Row& row : card_of(workflow_, state).rows) {
      for (const int target : row.targets) out_ += "  " + id_of(state) + " --> " + id_of(target) + " : " + label(row) + "\n";
      if (row.targets.empty()) out_ += "  " + id_of(state) + " --> " + id_of(state) + " : " + label(row) + " (stays)\n";
    }
  }

  // What the workflow itself takes, as a note beside the first state: Mermaid has no place for it.
  void anywhere(const std::vector<std::string>& heading) {
    std::vector<std::string> lines(heading.begin() + 2, heading.end());
    for (const Row& row : card_of(workflow_, statechart::root).rows) {
      std::string line = "anywhere: " + row.when;
      for (const std::string& action : row.does) line += "; " + action.substr(0, action.find(':'));
      if (!row.targets.empty()) line += ", to " + names_of(workflow_, row.targets);
      lines.push_back(line);
    }
    if (workflow_.reopen)
      lines.push_back("reopened by " + workflow_.reopen->event + " within " + in_words(workflow_.reopen->within_ms) + ", to " +
                      names_of(workflow_, workflow_.reopen->transition.targets));
    if (!lines.empty()) note(workflow_.chart.at(statechart::root).children.front(), lines, "  ");
  }

  void mark() {
    std::string marked;
    for (int state = statechart::root + 1; state < workflow_.chart.size(); ++state)
      if (marks_.states.contains(workflow_.state(state).path) && workflow_.chart.at(state).children.empty())
        marked += (marked.empty() ? "" : ",") + id_of(state);
    if (!marked.empty()) out_ += "  classDef path stroke:#cf222e,stroke-width:3px\n  class " + marked + " path\n";
  }

  const Workflow& workflow_;
  const Marks& marks_;
  std::string out_;
};

}  // namespace

std::string as_mermaid(const Workflow& workflow, const Marks& marks) { return Writer(workflow, marks).write(); }

}  // namespace redress::diagram
