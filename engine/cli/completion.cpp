// Completions of shells, from the command line itself: verbs, options, choices, files and folders.
#include <algorithm>

#include "cli/manual.hpp"

namespace redress::cli {
namespace {

const std::string note =
    ": verbs, options, choices, files. Written by the program's own test (REDRESS_UPDATE=1); do not edit.\n";

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

// In single quotes: a quote within ends them, stands escaped, and begins them again. The three shells agree on that.
std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Of zsh's specs, where brackets and colons mean something.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += (c == '[' || c == ']' || c == ':' || c == '\\' ? "\\" : "") + std::string(1, c);
  return out;
}

std::vector<std::string> options_of(const VerbText& verb) {
  std::vector<std::string> names;
  for (const auto& option : verb.options) names.push_back(option.name);
  names.emplace_back("--help");
  return names;
}

bool takes_files(const VerbText& verb) {
  return std::any_of(verb.places.begin(), verb.places.end(), [](const auto& place) { return place.value == "FILE"; });
}

// What bash offers for an option's value.
std::string bash_values(const OptionText& option) {
  if (!option.choices.empty()) return "words=\"" + joined(option.choices) + "\"";
  if (option.value == "FILE") return "files=-f";
  if (option.value == "FOLDER") return "files=-d";
  return ":";  // Nothing that a shell could know.
}

std::string zsh_values(const OptionText& option) {
  if (!option.choices.empty()) return "(" + joined(option.choices) + ")";
  if (option.value == "FILE") return "_files";
  if (option.value == "FOLDER") return "_files -/";
  return " ";
}

// '--db[The database file]:FILE:_files'
std::string zsh_option(const OptionText& option) {
  std::string spec = (option.many ? "*" : "") + option.name + "[" + escaped(option.help) + "]";
  if (!option.value.empty()) spec += ":" + option.value + ":" + zsh_values(option);
  return in_quotes(spec);
}

std::string zsh_place(const VerbText& verb, const OptionText& place) {
  const bool last = &place == &verb.places.back();
  return in_quotes((place.many && last ? "*:" : ":") + place.name + ":" + zsh_values(place));
}

std::string fish_condition(const VerbText& verb) {
  if (verb.name.empty()) return "__fish_use_subcommand";
  const std::size_t space = verb.name.find(' ');
  const std::string first = "__fish_seen_subcommand_from " + verb.name.substr(0, space);
  if (space != std::string::npos) return first + "; and __fish_seen_subcommand_from " + verb.name.substr(space + 1);
  return verb.verbs.empty() ? first : first + "; and not __fish_seen_subcommand_from " + joined(verb.verbs);
}

std::string fish_option(const std::string& condition, const OptionText& option) {
  std::string line = "complete -c redress -n " + in_quotes(condition) + " -l " + option.name.substr(2);
  if (!option.choices.empty())
    line += " -x -a " + in_quotes(joined(option.choices));
  else if (option.value == "FILE")
    line += " -r -F";
  else if (option.value == "FOLDER")
    line += " -x -a '(__fish_complete_directories)'";
  else if (!option.value.empty())
    line += " -x";
  return line + " -d " + in_quotes(option.help) + "\n";
}

const VerbText* find_verb(const std::vector<VerbText>& verbs, const std::string& name) {
  const auto at = std::find_if(verbs.begin(), verbs.end(), [&](const auto& verb) { return verb.name == name; });
  return at == verbs.end() ? nullptr : &*at;
}

std::string below(const VerbText& verb, const std::string& name) { return verb.name.empty() ? name : verb.name + " " + name; }

}  // namespace

std::string bash_completion(const std::vector<VerbText>& verbs) {
  std::vector<std::string> groups;
  std::string values;
  std::string words;
  for (const auto& verb : verbs) {
    if (!verb.verbs.empty() && !verb.name.empty()) groups.push_back(in_quotes(verb.name));
    for (const auto& option : verb.options)
      if (!option.value.empty()) values += "    '" + verb.name + " " + option.name + "') " + bash_values(option) + " ;;\n";
    words += "    " + in_quotes(verb.name) + ") words=\"" + joined(verb.verbs) + (verb.verbs.empty() ? "" : " ") +
             joined(options_of(verb)) + "\"" + (takes_files(verb) ? " files=-f" : "") + " ;;\n";
  }
  return "# Completion of redress in bash" + note + R"(_redress() {
  local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" verb="" words="" files="" at
  for (( at = 1; at < COMP_CWORD; at++ )); do
    [[ "${COMP_WORDS[at]}" == -* ]] && break
    case "$verb" in
      "") verb="${COMP_WORDS[at]}" ;;
      )" +
         joined(groups, "|") +
         R"() verb+=" ${COMP_WORDS[at]}" ;;
      *) break ;;
    esac
  done
  case "$verb $previous" in
)" + values +
         R"(    *) case "$verb" in
)" + words +
         R"(    esac ;;
  esac
  local IFS=$' \t\n'
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [[ -n "$files" && "$word" != -* ]] && compgen $files -- "$word")
  [[ -n "$files" ]] && compopt -o filenames 2>/dev/null
  return 0
}
complete -F _redress redress
)";
}

std::string zsh_completion(const std::vector<VerbText>& verbs) {
  std::string text = "#compdef redress\n# Completion of redress in zsh" + note + R"(local verb
verb="$words[2]"
case "$verb" in
  )";
  std::vector<std::string> groups;
  for (const auto& verb : verbs)
    if (!verb.verbs.empty() && !verb.name.empty()) groups.push_back(verb.name);
  text += joined(groups, "|") + R"()
    if (( CURRENT > 3 )); then
      verb="$words[2] $words[3]"
      shift 2 words
      (( CURRENT -= 2 ))
    elif (( CURRENT == 3 )); then
      shift words
      (( CURRENT -= 1 ))
    fi ;;
  *)
    if (( CURRENT > 2 )); then
      shift words
      (( CURRENT -= 1 ))
    else
      verb=""
    fi ;;
esac
local -a verbs
case "$verb" in
)";
  for (const auto& verb : verbs) {
    text += "  " + in_quotes(verb.name) + ")\n";
    if (!verb.verbs.empty()) {
      text += "    verbs=(\n";
      for (const auto& name : verb.verbs) {
        const VerbText* sub = find_verb(verbs, below(verb, name));
        text += "      " + in_quotes(name + ":" + (sub == nullptr ? "" : sub->help)) + "\n";
      }
      text += "    )\n    if [[ \"$words[CURRENT]\" != -* ]]; then _describe verb verbs; return; fi\n";
    }
    text += "    _arguments -s \\\n";
    for (const auto& option : verb.options) text += "      " + zsh_option(option) + " \\\n";
    for (const auto& place : verb.places) text += "      " + zsh_place(verb, place) + " \\\n";
    text += "      '--help[Print the help and exit]' ;;\n";
  }
  return text + "esac\n";
}

std::string fish_completion(const std::vector<VerbText>& verbs) {
  std::string text = "# Completion of redress in fish" + note + "complete -c redress -f\n";
  for (const auto& verb : verbs) {
    const std::string condition = fish_condition(verb);
    for (const auto& name : verb.verbs) {
      const VerbText* sub = find_verb(verbs, below(verb, name));
      text += "complete -c redress -n " + in_quotes(condition) + " -a " + name + " -d " +
              in_quotes(sub == nullptr ? "" : sub->help) + "\n";
    }
    for (const auto& option : verb.options) text += fish_option(condition, option);
    if (takes_files(verb)) text += "complete -c redress -n " + in_quotes(condition) + " -F\n";
  }
  return text + "complete -c redress -l help -d 'Print the help and exit'\n";
}

}  // namespace redress::cli
