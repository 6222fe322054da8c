// What reaches a person's terminal.
#include "cli/console.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace redress::cli {
namespace {

TEST(Printable, TakesEscapesOutOfWhatStrangersWrote) {
  EXPECT_EQ(printable("a\x1b[31mred\nline"), "a [31mred line");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31m"),
            "a 31m");
}

TEST(Printable, KeepsAccentsAndWhereAskedLineEnds) { EXPECT_EQ(printable("ñandú\n¡sí!", true), "ñandú\n¡sí!"); }

TEST(Clipped, CutsBetweenCodePoints) {
  EXPECT_EQ(clipped("áéíóú", 5), "áéíóú");
  EXPECT_EQ(clipped("áéíóú", 3), "áé…");
}

TEST(Table, AlignsColumnsByCodePoints) {
  Table table({"who", "where"});
  table.add({"Lucía", "Madrid"});
  table.add({"Tom", "York"});
  std::ostringstream out;
  table.print(out);
  EXPECT_EQ(out.str(), "who    where\nLucía  Madrid\nTom    York\n");
}

}  // namespace
}  // namespace redress::cli
