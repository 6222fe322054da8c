// A Sheet is a picture as geometry: boxes, texts and lines with their places, in pixels from the upper left corner.
//
// States are cards, one below the other, and those that lie in another lie within its card. Each row that leads somewhere is
// joined to the lane of its target, which runs beside the cards: so lines cross lines, and never a box's text.
#pragma once
#include <string>
#include <vector>

#include "diagram/words.hpp"

namespace redress::diagram {

enum class TextStyle { title, heading, name, kind, fact, event, action };

struct Text {
  double x = 0, y = 0;  // Of its base line's left end.
  std::string text;
  TextStyle style = TextStyle::fact;
  bool marked = false;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  int inside = -1;  // The box that it lies in, by index.
  std::string kind;
  bool marked = false;
};

// From a row to the lane.
struct Join {
  double x = 0, y = 0;
  bool marked = false;
};

struct Lane {
  double x = 0;
  double to_x = 0, to_y = 0;  // Where it enters its target.
  std::vector<Join> joins;
  std::size_t colour = 0;
};

struct Sheet {
  double width = 0, height = 0;
  std::vector<Box> boxes;
  std::vector<Text> texts;
  std::vector<Lane> lanes;
};

inline constexpr double font_px = 12, title_px = 20;
// At least what any font takes of it: the fonts are monospaced, but for the title.
[[nodiscard]] double width_of(const std::string& text, TextStyle style);

[[nodiscard]] Sheet lay_out(const workflow::Workflow& workflow, const Marks& marks);
[[nodiscard]] std::string as_svg(const Sheet& sheet, const std::string& title);
[[nodiscard]] std::string as_mermaid(const workflow::Workflow& workflow, const Marks& marks);

}  // namespace redress::diagram
