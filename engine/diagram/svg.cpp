// SVG 1.1 with its style within: it needs no other file, and follows the page's light or dark.
#include <array>
#include <cmath>

#include "diagram/sheet.hpp"

namespace redress::diagram {
namespace {

constexpr std::array colours{"#1f6feb", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#0e7490", "#9a6700", "#57606a"};

// Also without what XML cannot say, and what turns the direction of text.
std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::string_view three = std::string_view(text).substr(at, 3);
    const bool turns =
        three.size() == 3 && ((three >= "\u202A" && three <= "\u202E") || (three >= "\u2066" && three <= "\u2069") ||
                              three == "\u200E" || three == "\u200F");
    const bool is_no_xml = three == "\uFFFE" || three == "\uFFFF";  // XML 1.0, production 2.
    if (turns || is_no_xml) {
      out += "\uFFFD";
      at += 2;
    } else if (c < 0x20 || c == 0x7F) {
      out += "\uFFFD";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

std::string number(double value) {
  const auto tenths = static_cast<long>(std::lround(value * 10));
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(std::abs(tenths % 10)));
}

const char* class_of(TextStyle style) {
  switch (style) {
    case TextStyle::title:
      return "title";
    case TextStyle::heading:
      return "heading";
    case TextStyle::name:
      return "name";
    case TextStyle::kind:
      return "kind";
    case TextStyle::fact:
      return "fact";
    case TextStyle::event:
      return "event";
    case TextStyle::action:
      return "action";
  }
  return "";
}

constexpr const char* style = R"css(
  svg { background: #ffffff }
  .box { fill: #ffffff; stroke: #8c959f; stroke-width: 1.2 }
  .inner { fill: #f6f8fa }
  .parallel { stroke-dasharray: 6 3 }
  .final { stroke-width: 3 }
  .anywhere { fill: #f6f8fa; stroke-dasharray: 2 3 }
  .history { stroke-dasharray: 1 3 }
  text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #1f2328; white-space: pre }
  .title { font: 600 20px system-ui, "DejaVu Sans", Arial, sans-serif }
  .heading, .action { fill: #57606a }
  .name { font-weight: 700; font-size: 13px }
  .fact { fill: #0a5c2b }
  .lane { fill: none; stroke-width: 1.6 }
  .box.marked { stroke: #cf222e; stroke-width: 2.6 }
  text.marked { fill: #cf222e; font-weight: 700 }
  .lane.marked { stroke: #cf222e; stroke-width: 3 }
  path.marked:not(.lane), circle.marked { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117 }
    .box { fill: #161b22; stroke: #6e7681 }
    .inner, .anywhere { fill: #0d1117 }
    text { fill: #e6edf3 }
    .heading, .action { fill: #9da7b3 }
    .fact { fill: #7ee2a0 }
    .lane { filter: brightness(1.5) }
    .box.marked, .lane.marked { stroke: #ff7b72 }
    text.marked, path.marked:not(.lane), circle.marked { fill: #ff7b72 }
  }
)css";

std::string box(const Box& each) {
  std::string kind = each.kind.substr(each.kind.rfind(' ') + 1);  // "deep history" is history.
  return "<rect class=\"box" + std::string(each.inside >= 0 ? " inner" : "") + (kind.empty() ? "" : " " + kind) +
         (each.marked ? " marked" : "") + "\" x=\"" + number(each.x) + "\" y=\"" + number(each.y) + "\" width=\"" +
         number(each.width) + "\" height=\"" + number(each.height) + "\" rx=\"7\"/>\n";
}

std::string text(const Text& each) {
  return "<text class=\"" + std::string(class_of(each.style)) + (each.marked ? " marked" : "") + "\" x=\"" + number(each.x) +
         "\" y=\"" + number(each.y) + "\">" + escaped(each.text) + "</text>\n";
}

std::string arrow(const Lane& lane, const std::string& colour, bool marked) {
  const std::string x = number(lane.to_x + 1), y = number(lane.to_y);
  return "<path " + std::string(marked ? "class=\"marked\" " : "") + "fill=\"" + colour + "\" stroke=\"none\" d=\"M" + x + " " +
         y + " l9 -4.5 v9 z\"" + (marked ? " style=\"fill:#cf222e\"" : "") + "/>\n";
}

std::string lane(const Lane& each) {
  const std::string colour = colours[each.colour % colours.size()];
  std::string out;
  bool marked = false;
  for (const bool on_path : {false, true}) {  // What is marked lies above.
    for (const Join& join : each.joins) {
      if (join.marked != on_path) continue;
      marked = marked || on_path;
      out += "<path class=\"lane" + std::string(on_path ? " marked" : "") + "\" stroke=\"" + colour + "\" d=\"M" +
             number(join.x) + " " + number(join.y) + " H" + number(each.x) + " V" + number(each.to_y) + " H" +
             number(each.to_x + 9) + "\"/>\n";
      out += "<circle " + std::string(on_path ? "class=\"marked\" " : "") + "cx=\"" + number(each.x) + "\" cy=\"" +
             number(join.y) + "\" r=\"2.6\" fill=\"" + colour + "\"/>\n";
    }
  }
  return out + arrow(each, colour, marked);
}

}  // namespace

std::string as_svg(const Sheet& sheet, const std::string& title) {
  const std::string size = number(sheet.width) + " " + number(sheet.height);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" + number(sheet.width) +
                    "\" height=\"" + number(sheet.height) + "\" role=\"img\">\n<title>" + escaped(title) + "</title>\n<style>" +
                    style + "</style>\n";
  for (const Box& each : sheet.boxes) out += box(each);
  for (const Lane& each : sheet.lanes) out += lane(each);
  for (const Text& each : sheet.texts) out += text(each);
  return out + "</svg>\n";
}

}  // namespace redress::diagram
