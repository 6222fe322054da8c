// From cards to places: top down, each card as high as what it holds.
#include <algorithm>
#include <deque>

#include "diagram/sheet.hpp"

namespace redress::diagram {
namespace {

using workflow::Workflow;

constexpr double margin = 24, padding = 12, gap = 18, line_height = 17, lane_gap = 14, width = 640;

// The bytes of one code point, from its first.
std::size_t length_at(const std::string& text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  return std::min<std::size_t>(c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4, text.size() - at);
}

// In lines of at most `room` pixels; at spaces where there are some.
std::vector<std::string> wrapped(const std::string& text, double room, TextStyle style) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t space = std::string::npos;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    line += text.substr(at, length);
    at += length;
    if (line.back() == ' ') space = line.size();
    if (width_of(line, style) <= room) continue;
    std::size_t cut = space == std::string::npos ? line.size() - length : space;
    if (cut == 0) cut = line.size();
    lines.push_back(line.substr(0, cut));
    line.erase(0, cut);
    space = std::string::npos;
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

// As a case may come to them, so that most lines lead down.
std::vector<int> in_order(const Workflow& workflow) {
  const auto& tops = workflow.chart.at(statechart::root).children;
  const auto top_of = [&](int state) {
    while (workflow.chart.at(state).parent != statechart::root) state = workflow.chart.at(state).parent;
    return state;
  };
  std::vector<int> order;
  std::deque<int> next(workflow.chart.at(statechart::root).initial.begin(), workflow.chart.at(statechart::root).initial.end());
  const auto visit = [&](int top) {
    if (std::find(order.begin(), order.end(), top) != order.end()) return;
    order.push_back(top);
    for (int state = top; state < workflow.chart.at(top).end; ++state)
      for (const Row& row : card_of(workflow, state).rows) next.insert(next.end(), row.targets.begin(), row.targets.end());
  };
  while (!next.empty()) {
    const int top = top_of(next.front());
    next.pop_front();
    visit(top);
  }
  for (const int top : tops) visit(top);
  std::stable_partition(order.begin(), order.end(),
                        [&](int top) { return workflow.chart.at(top).kind != statechart::Kind::final; });
  return order;
}

class Layout {
 public:
  Layout(const Workflow& workflow, const Marks& marks) : workflow_(workflow), marks_(marks) {}

  Sheet make() {
    double y = margin;
    y = heading(y);
    for (const int top : in_order(workflow_)) y = card(top, margin, y, width, -1) + gap;
    if (!card_of(workflow_, statechart::root).rows.empty() || workflow_.reopen) y = anywhere(y) + gap;
    sheet_.height = y - gap + margin;
    place_lanes();
    return std::move(sheet_);
  }

 private:
  void text(double x, double y, const std::string& words, TextStyle style, bool marked = false) {
    sheet_.texts.push_back({x, y, words, style, marked});
  }

  // Answers where the next line begins.
  double lines(double x, double y, const std::string& words, double room, TextStyle style, bool marked = false) {
    for (const std::string& line : wrapped(words, room, style)) {
      y += style == TextStyle::title ? 26 : line_height;
      text(x, y - 5, line, style, marked);
    }
    return y;
  }

  double heading(double y) {
    bool first = true;
    for (const std::string& line : heading_of(workflow_)) {
      y = lines(margin, y, line, width, first ? TextStyle::title : TextStyle::heading);
      first = false;
    }
    return y + gap;
  }

  std::size_t open(double x, double y, double w, int inside, const std::string& kind, bool marked) {
    sheet_.boxes.push_back({x, y, w, 0, inside, kind, marked});
    return sheet_.boxes.size() - 1;
  }

  double row(const Row& each, double x, double y, double w) {
    const bool marked = marks_.rules.contains(each.pointer);
    const double room = w - 2 * padding;
    const std::string to = each.targets.empty() ? "" : "  \u2192 " + names_of(workflow_, each.targets);
    const double top = y;
    y = lines(x + padding, y, each.when + to, room, TextStyle::event, marked);
    for (const int target : each.targets) joins_.push_back({target, {x + w, top + line_height - 9, marked}});
    for (const std::string& action : each.does) y = lines(x + padding + 18, y, action, room - 18, TextStyle::action, marked);
    return y + 3;
  }

  double card(int state, double x, double y, double w, int inside) {
    const Card content = card_of(workflow_, state);
    const bool begins = std::find(begin().begin(), begin().end(), state) != begin().end();
    const std::size_t box = open(x, y, w, inside, content.kind, marks_.states.contains(workflow_.state(state).path));
    const std::string kind =
        content.kind + (begins ? (content.kind.empty() ? "" : ", ") + std::string("a case begins here") : "");
    const double room = w - 2 * padding;
    const double header = y + 8;
    y = lines(x + padding, y + 6, content.name + (kind.empty() ? "" : "  (" + kind + ")"), room, TextStyle::name);
    entries_[state] = {x + w, header + 8};
    y += 2;
    for (const std::string& fact : content.facts) y = lines(x + padding, y, fact, room, TextStyle::fact);
    if (!content.facts.empty() && !content.rows.empty()) y += 5;
    for (const Row& each : content.rows) y = row(each, x, y, w);
    y += padding - 4;
    for (const int child : workflow_.chart.at(state).children)
      y = card(child, x + padding, y, w - 2 * padding, static_cast<int>(box)) + padding;
    sheet_.boxes[box].height = y - sheet_.boxes[box].y;
    return y;
  }

  const std::vector<int>& begin() const { return workflow_.chart.at(statechart::root).initial; }

  // What the workflow takes wherever the case is.
  double anywhere(double y) {
    Card content = card_of(workflow_, statechart::root);
    if (workflow_.reopen) {
      const workflow::Transition& reopen = workflow_.reopen->transition;
      Row again{.when = "once resolved, within " + in_words(workflow_.reopen->within_ms) + ": " + workflow_.reopen->event,
                .does = {},
                .targets = reopen.targets,
                .pointer = reopen.pointer};
      if (reopen.guard) again.when += " [" + reopen.guard->text() + "]";
      content.rows.push_back(std::move(again));
    }
    const std::size_t box = open(margin, y, width, -1, "anywhere", false);
    y = lines(margin + padding, y + 6, "anywhere", width - 2 * padding, TextStyle::name) + 2;
    for (const Row& each : content.rows) y = row(each, margin, y, width);
    y += padding - 4;
    sheet_.boxes[box].height = y - sheet_.boxes[box].y;
    return y;
  }

  // One for each target; two may have the same place where they do not run beside each other.
  void place_lanes() {
    struct Span {
      int target;
      double top, bottom;
    };
    std::vector<Span> spans;
    for (const auto& [target, join] : joins_) {
      auto span = std::find_if(spans.begin(), spans.end(), [&, t = target](const Span& each) { return each.target == t; });
      const double to = entries_.at(target).second;
      if (span == spans.end()) span = spans.insert(spans.end(), {target, to, to});
      span->top = std::min(span->top, join.y);
      span->bottom = std::max(span->bottom, join.y);
    }
    std::stable_sort(spans.begin(), spans.end(),
                     [](const Span& a, const Span& b) { return a.bottom - a.top < b.bottom - b.top; });
    std::vector<std::vector<Span>> columns;
    for (const Span& span : spans) {
      std::size_t column = 0;
      const auto beside = [&](const Span& other) { return span.top <= other.bottom + 6 && other.top <= span.bottom + 6; };
      while (column < columns.size() && std::any_of(columns[column].begin(), columns[column].end(), beside)) ++column;
      if (column == columns.size()) columns.emplace_back();
      columns[column].push_back(span);
      Lane lane{.x = margin + width + 22 + lane_gap * static_cast<double>(column),
                .to_x = entries_.at(span.target).first,
                .to_y = entries_.at(span.target).second,
                .joins = {},
                .colour = sheet_.lanes.size()};
      for (const auto& [target, join] : joins_)
        if (target == span.target) lane.joins.push_back(join);
      sheet_.lanes.push_back(std::move(lane));
    }
    sheet_.width = margin + width + 22 + lane_gap * static_cast<double>(columns.size()) + margin;
  }

  const Workflow& workflow_;
  const Marks& marks_;
  Sheet sheet_;
  std::vector<std::pair<int, Join>> joins_;           // With the target.
  std::map<int, std::pair<double, double>> entries_;  // By state: where lanes come in.
};

}  // namespace

double width_of(const std::string& text, TextStyle style) {
  double width_px = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    width_px += length <= 2 ? 0.63 : 1.05;  // Of the font's size. Beyond Latin, Greek and Cyrillic: full width.
    at += length;
  }
  return width_px * (style == TextStyle::title ? title_px * 1.1 : style == TextStyle::name ? font_px + 1 : font_px);
}

Sheet lay_out(const Workflow& workflow, const Marks& marks) { return Layout(workflow, marks).make(); }

}  // namespace redress::diagram
