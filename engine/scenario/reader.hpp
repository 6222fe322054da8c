// What the two halves of reading a script share: the statement at hand, and what the scenario has named so far.
#pragma once
#include <set>
#include <string>

#include "scenario/script.hpp"
#include "scenario/words.hpp"

namespace redress::scenario {

struct NamedSoFar {
  std::set<std::string, std::less<>> posts, people;
};

// A name that the workflow must have is kept with its offset; the reader knows lines.
struct Use {
  NameUse::Kind kind = NameUse::Kind::commitment;
  std::string name;
  std::size_t at = 0;
};

struct Line {
  std::string_view text;  // Of the whole file.
  Cursor cursor;
  NamedSoFar& named;
  std::vector<Use> uses{};

  std::string workflow_name(NameUse::Kind kind, std::string_view what);
  std::string post_name();  // Of a post that came already.
};

// "expect case P1 checking, reply acknowledge published": what comes after the first word. Gives the post whose case it speaks
// of, where it names one.
[[nodiscard]] ExpectStep read_expectations(Line& line, std::string& of_post);

}  // namespace redress::scenario
