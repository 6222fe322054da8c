// Pictures of workflows: every box, text and line has its own place, all that matters is in them, and a way can be marked.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "diagram/sheet.hpp"
#include "redress/diagram.hpp"
#include "statechart/random_chart.hpp"
#include "workflow/files.hpp"

namespace redress::diagram {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> shipped = {"billing-overcharge", "branch-service", "competitor-offer", "general-mood", "praise",
                                          "question",           "service-down"};

workflow::Workflow read(const std::string& text) {
  const auto manifests = workflow::files::manifests();
  auto checked = workflow::read_workflow(text, "f", {.manifests = manifests, .rules = nullptr});
  EXPECT_TRUE(checked.workflow) << workflow::files::printed(checked.findings);
  return std::move(*checked.workflow);
}

std::string file_of(const std::string& id) { return workflow::files::read("workflows/" + id + ".json"); }

struct Rectangle {
  double left, top, right, bottom;
};

Rectangle around(const Box& box) { return {box.x, box.y, box.x + box.width, box.y + box.height}; }

// As high as its font, as wide as any monospaced one may be.
Rectangle around(const Text& text) {
  const double height = text.style == TextStyle::title ? title_px : font_px;
  return {text.x, text.y - height * 0.85, text.x + width_of(text.text, text.style), text.y + height * 0.25};
}

bool meet(const Rectangle& a, const Rectangle& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
bool holds(const Rectangle& outer, const Rectangle& inner) {
  return outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;
}

bool lies_in(const Sheet& sheet, std::size_t box, std::size_t outer) {
  for (int at = sheet.boxes[box].inside; at >= 0; at = sheet.boxes[static_cast<std::size_t>(at)].inside)
    if (static_cast<std::size_t>(at) == outer) return true;
  return false;
}

void expect_boxes_apart(const Sheet& sheet) {
  for (std::size_t a = 0; a < sheet.boxes.size(); ++a) {
    const Rectangle one = around(sheet.boxes[a]);
    EXPECT_TRUE(holds({0, 0, sheet.width, sheet.height}, one));
    const int outer = sheet.boxes[a].inside;
    EXPECT_TRUE(outer < 0 || holds(around(sheet.boxes[static_cast<std::size_t>(outer)]), one));
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_TRUE(lies_in(sheet, a, b) || !meet(one, around(sheet.boxes[b]))) << a << " and " << b;
  }
}

void expect_texts_apart(const Sheet& sheet) {
  for (std::size_t a = 0; a < sheet.texts.size(); ++a) {
    const Rectangle one = around(sheet.texts[a]);
    EXPECT_TRUE(holds({0, 0, sheet.width, sheet.height}, one)) << sheet.texts[a].text;
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_FALSE(meet(one, around(sheet.texts[b]))) << sheet.texts[a].text << " and " << sheet.texts[b].text;
    for (const Box& box : sheet.boxes) {  // Within it, or apart: on no border.
      const Rectangle frame = around(box);
      EXPECT_TRUE(holds(frame, one) || !meet(frame, one)) << sheet.texts[a].text;
    }
  }
}

// Lanes run beside all cards, and no two on each other.
void expect_lanes_apart(const Sheet& sheet) {
  double right = 0;
  for (const Box& box : sheet.boxes) right = std::max(right, box.x + box.width);
  const auto span = [](const Lane& lane) {
    double top = lane.to_y, bottom = lane.to_y;
    for (const Join& join : lane.joins) {
      top = std::min(top, join.y);
      bottom = std::max(bottom, join.y);
    }
    return std::pair{top, bottom};
  };
  for (std::size_t a = 0; a < sheet.lanes.size(); ++a) {
    EXPECT_GT(sheet.lanes[a].x, right);
    EXPECT_LT(sheet.lanes[a].x, sheet.width);
    EXPECT_FALSE(sheet.lanes[a].joins.empty());
    for (std::size_t b = 0; b < a; ++b) {
      if (sheet.lanes[a].x != sheet.lanes[b].x) continue;
      const auto [top_a, bottom_a] = span(sheet.lanes[a]);
      const auto [top_b, bottom_b] = span(sheet.lanes[b]);
      EXPECT_TRUE(bottom_a < top_b || bottom_b < top_a) << a << " and " << b;
    }
  }
}

void expect_tidy(const workflow::Workflow& workflow) {
  const Sheet sheet = lay_out(workflow, Marks({}));
  expect_boxes_apart(sheet);
  expect_texts_apart(sheet);
  expect_lanes_apart(sheet);
}

TEST(Picture, OfEachShippedWorkflowHasNothingOnAnythingElse) {
  for (const std::string& id : shipped) {
    SCOPED_TRACE(id);
    expect_tidy(read(file_of(id)));
  }
  expect_tidy(read(workflow::files::read(workflow::files::folder / "accept/nested_and_parallel.json")));
}

TEST(Picture, OfRandomChartsHasNothingOnAnythingElse) {
  for (unsigned seed = 1; seed <= 60 && !testing::Test::HasFailure(); ++seed) {
    const auto checked = workflow::read_bare_workflow(statechart::as_workflow(statechart::random_chart(seed, true)), "f");
    ASSERT_TRUE(checked.workflow);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Sheet sheet = lay_out(*checked.workflow, Marks({}));
    // One box for each state; and every transition with a target is joined to its lane.
    EXPECT_EQ(sheet.boxes.size(), static_cast<std::size_t>(checked.workflow->chart.size() - 1));
    expect_boxes_apart(sheet);
    expect_texts_apart(sheet);
    expect_lanes_apart(sheet);
  }
}

std::string drawn(const std::string& text, DiagramFormat format, std::span<const WorkflowPathStep> path = {}) {
  std::vector<std::string> manifests;
  for (const char* name : {"billing.json", "branches.json", "commercial.json", "communications.json", "maintenance.json"})
    manifests.push_back(workflow::files::read(workflow::files::folder / "manifests" / name));
  const auto picture = draw_workflow(text, manifests, format, path);
  EXPECT_TRUE(picture) << picture.error().message;
  return picture ? *picture : "";
}

TEST(Picture, ShowsCommitmentsRepliesAndDeadlines) {
  for (const auto format : {DiagramFormat::svg, DiagramFormat::mermaid}) {
    const std::string picture = drawn(file_of("billing-overcharge"), format);
    for (const char* words :
         {"Wrong charge on an invoice", "First reply within 15 min", "Resolution within 2 d", "paused in asking",
          "billing, check_charge, due in 4 h", "approved by supervisor if", "reply refunded", "after 5 d", "act identified",
          "refund.declined", "escalate to commercial-lead"})
      EXPECT_THAT(picture, HasSubstr(words));
  }
}

TEST(Picture, IsTheSameForTheSameWorkflow) {
  for (const auto format : {DiagramFormat::svg, DiagramFormat::mermaid})
    EXPECT_EQ(drawn(file_of("service-down"), format), drawn(file_of("service-down"), format));
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(Picture, MarksTheStatesAndTransitionsOfAWay) {
  const std::vector<WorkflowPathStep> way = {{"case.opened", {"identifying"}, {}, 0, 0},
                                             {"identify.failed", {"asking"}, {"/states/identifying/on/identify.failed"}, 1, 1}};
  const std::string svg = drawn(file_of("billing-overcharge"), DiagramFormat::svg, way);
  EXPECT_EQ(count_of(svg, "class=\"box marked\""), 2U);
  EXPECT_EQ(count_of(svg, "class=\"event marked\""), 1U);
  EXPECT_EQ(count_of(svg, "class=\"lane marked\""), 1U);
  EXPECT_EQ(count_of(drawn(file_of("billing-overcharge"), DiagramFormat::svg), " marked\""), 0U);
  EXPECT_THAT(drawn(file_of("billing-overcharge"), DiagramFormat::mermaid, way), HasSubstr("class s1,s2 path"));
}

TEST(Picture, InTheDocsIsNotStale) {
  const std::string now = drawn(file_of("billing-overcharge"), DiagramFormat::svg);
  if (std::getenv("REDRESS_UPDATE") != nullptr) std::ofstream("docs/billing-overcharge.svg", std::ios::binary) << now;
  EXPECT_EQ(workflow::files::read("docs/billing-overcharge.svg"), now) << "run this test with REDRESS_UPDATE=1";
}

// Every element is closed, nothing stands bare.
void expect_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::size_t end = xml.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = xml.substr(at + 1, end - at - 1);
    EXPECT_EQ(tag.find('<'), std::string::npos) << tag;
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), tag.substr(1));
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Picture, IsWellFormedWhateverItsTextsHold) {
  std::string text = file_of("praise");
  const std::size_t at = text.find("\"title\": {");
  ASSERT_NE(at, std::string::npos);
  const std::size_t end = text.find('}', at);
  text.replace(at, end - at + 1, R"("title": { "en": "<b>&amp;\" a ] ]> \u202Eb\uFFFF", "es": "c" })");
  const std::string svg = drawn(text, DiagramFormat::svg);
  expect_well_formed(svg);
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;amp;&quot;"));
  EXPECT_THAT(svg, Not(HasSubstr("\u202E")));
  EXPECT_THAT(svg, Not(HasSubstr("\uFFFF")));
  for (const std::string& id : shipped) expect_well_formed(drawn(file_of(id), DiagramFormat::svg));
}

TEST(Picture, OfAFileThatCannotBeReadSaysWhy) {
  const auto picture = draw_workflow("{}", {}, DiagramFormat::svg);
  ASSERT_FALSE(picture);
  EXPECT_EQ(picture.error().code, Code::invalid);
  EXPECT_THAT(picture.error().message, HasSubstr("workflow:1:1: "));
}

}  // namespace
}  // namespace redress::diagram
