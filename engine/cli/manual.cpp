// The manual page's verbs, from the command line itself: roff with the classic man macros, which every system can show.
#include "cli/manual.hpp"

#include <sstream>

namespace redress::cli {
namespace {

// Text in roff: a hyphen that can be typed again, no escape, no line that begins as a request.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.empty() || (out.front() != '.' && out.front() != '\'') ? out : "\\&" + out;
}

std::string value_of(const OptionText& option) {
  if (option.choices.empty()) return "\\fI" + roff(option.value) + "\\fR";
  std::string text;
  for (const auto& choice : option.choices) text += (text.empty() ? "\\fB" : "\\fR|\\fB") + roff(choice);
  return text + "\\fR";
}

std::string option_of(const OptionText& option) {
  std::string text = "\\fB" + roff(option.name) + "\\fR";
  if (!option.value.empty()) text += " " + value_of(option);
  return text + (option.many ? " ..." : "");
}

// "redress case show reference --db FILE [options]": what must be there, and whether there is more.
std::string usage_of(const VerbText& verb) {
  std::string text = ".B redress " + roff(verb.name) + "\n";
  for (const auto& place : verb.places) text += ".I " + roff(place.name) + (place.many ? " ...\n" : "\n");
  bool more = false;
  for (const auto& option : verb.options) {
    if (option.required)
      text += option_of(option) + "\n";
    else
      more = true;
  }
  return text + (more ? "[\\fIoptions\\fR]\n" : "");
}

// One sentence, in lines as short as roff's own style asks for; a line must not begin as a request.
std::string sentence(const std::string& text) {
  constexpr std::size_t width = 70;
  std::string out;
  std::string line;
  std::istringstream words(text + ".");
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out += roff(line) + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + roff(line) + "\n";
}

std::string help_of(const OptionText& option) {
  return sentence(option.help + (option.required && option.name.starts_with("--") ? ". Required" : ""));
}

}  // namespace

std::string manual_of(const std::vector<VerbText>& verbs) {
  std::string text;
  for (const auto& verb : verbs) {
    if (verb.name.empty() || !verb.verbs.empty()) continue;  // A group's verbs follow it, each by its whole name.
    text += ".SS redress " + roff(verb.name) + "\n" + sentence(verb.help) + ".PP\n" + usage_of(verb);
    for (const auto& place : verb.places) text += ".TP\n.I " + roff(place.name) + "\n" + help_of(place);
    for (const auto& option : verb.options) text += ".TP\n" + option_of(option) + "\n" + help_of(option);
  }
  return text;
}

}  // namespace redress::cli
