// redress init: begins a folder that runs at once. It is made beside its place and moved there whole.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "cli/instants.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"
#include "redress/clock.hpp"
#include "redress/limits.hpp"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t secret_bytes = 32;

constexpr std::string_view config_text = R"({
  "$schema": "redress.schema.json",
  "database": "redress.db",
  "workflows": "workflows",
  "outbox": "replies.jsonl",
  "departments": {
    "billing": { "database": "departments/billing.db", "seed": "departments/accounts.json", "refund_authority_minor": 50000 },
    "branches": { "database": "departments/branches.db", "branches": "departments/branches.json" },
    "commercial": { "database": "departments/commercial.db" },
    "communications": { "database": "departments/communications.db", "board": "notices.jsonl" },
    "maintenance": { "database": "departments/maintenance.db", "seed": "departments/field.json" }
  },
  "service": { "listen": "127.0.0.1:8080" },
  "inbound": [ { "name": "helpdesk", "secret_file": "secrets/helpdesk" } ],
  "outbound": []
}
)";

constexpr std::string_view ignored_text = R"(# What a run makes, and what nobody else may know.
redress.db*
replies.jsonl
notices.jsonl
departments/*.db*
secrets/
)";

constexpr std::string_view readme_text = R"(# A folder of Redress

In this folder:

```sh
redress doctor
redress run --posts posts.jsonl --people people.jsonl
redress tasks
```

The doctor says what would go wrong. The run makes the database and the people, takes three posts in, and publishes replies
into replies.jsonl: each says only what a department has done. What a person has to decide is in the tasks, each with the
command that settles it. `redress why C-000001` tells what a case waits for; the next `redress run` goes on from there.

| | |
|---|---|
| redress.json | the configuration; every key has a text in redress.schema.json, which editors show |
| workflows/ | what happens to which post; the language is explained in workflows/README.md; `redress check` finds every mistake, `redress test` rehearses them by workflows/scenarios |
| departments/ | sample accounts, branches and crews, and the departments' own databases |
| people.jsonl | who may act, and in which roles; `redress person add NAME --role R` adds somebody later |
| posts.jsonl | three posts to try it with |
| secrets/ | one file for each secret, for you alone; never to be shared or committed |

The departments are the plugins that come with the program. To bring your own, put them (*.so) into a folder of their own and
name it in redress.json as "plugins": then those are all that there are.
)";

// Where what comes with the program lies: in the package, or beside the program of a build.
Result<fs::path> shipped() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& folder : {program.parent_path() / "share/redress", program / "share/redress"})
    if (fs::is_directory(folder / "workflows", ignored)) return folder;
  return {Code::not_found, "the workflows that come with redress are not beside the program: neither " +
                               (program.parent_path() / "share/redress").string() + " nor " +
                               (program / "share/redress").string() + " is there; install the whole package"};
}

// The folder in the making: removed at the end, unless it was moved to its place.
class Draft {
 public:
  static Result<std::unique_ptr<Draft>> beside(const fs::path& place) {
    std::string pattern = (place.parent_path() / ".redress-init-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return {Code::invalid, "no folder can be made in " + place.parent_path().string() + ": " + std::strerror(errno)};
    return std::make_unique<Draft>(pattern);
  }
  explicit Draft(fs::path folder) : folder_(std::move(folder)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  Result<void> make_folder(const std::string& name, fs::perms mode) const {
    std::error_code failed;
    fs::create_directory(folder_ / name, failed);
    if (!failed) fs::permissions(folder_ / name, mode, failed);
    return answer(name, failed);
  }
  Result<void> copy(const fs::path& from, const std::string& name) const {
    std::error_code failed;
    fs::copy_file(from, folder_ / name, failed);
    if (!failed) fs::permissions(folder_ / name, fs::perms::owner_write, fs::perm_options::add, failed);
    return answer(name, failed);
  }
  Result<void> write(const std::string& name, std::string_view text) const {
    std::ofstream file(folder_ / name, std::ios::binary);
    file << text;
    file.close();
    return answer(name, file ? std::error_code() : std::make_error_code(std::errc::io_error));
  }
  Result<void> move_to(const fs::path& place) {
    if (::rename(folder_.c_str(), place.c_str()) != 0) {
      const Code code = errno == ENOTEMPTY || errno == EEXIST ? Code::refused : Code::unavailable;
      return {code, "the folder cannot be moved to " + place.string() + ": " + std::strerror(errno)};
    }
    folder_.clear();
    return {};
  }

 private:
  static Result<void> answer(const std::string& name, const std::error_code& failed) {
    if (!failed) return {};
    return {Code::unavailable, name + " cannot be made: " + failed.message() + "; nothing was begun"};
  }
  fs::path folder_;
};

// Three posts of just now: a charge to give back, a repair that takes its time, and a question for people.
std::string sample_posts(std::int64_t now_ms) {
  struct Sample {
    const char *id, *author, *language, *text;
    std::int64_t ago_ms;
  };
  constexpr std::array samples{
      Sample{"101", "lucia_marin", "es", "¡Me cobraron dos veces la factura de febrero! ¿Quién me lo devuelve?", 180'000},
      Sample{"102", "vero_ch", "es", "Llevamos una hora sin internet en Chamberí, ¿qué pasa?", 120'000},
      Sample{"103", "quim_pregunta", "es", "@redtel ¿cómo puedo cambiar mi router?", 60'000},
  };
  std::string lines;
  for (const Sample& sample : samples) {
    const Json line{{"id", sample.id},
                    {"channel", "x"},
                    {"author", sample.author},
                    {"created_at", format_instant(now_ms - sample.ago_ms)},
                    {"language", sample.language},
                    {"text", sample.text}};
    lines += line.dump() + "\n";
  }
  return lines;
}

// The people of the demonstration, without what they do there.
Result<std::string> sample_people(const fs::path& script) {
  auto text = read_file(script.string(), limits::document_bytes_max);
  if (!text) return text;
  std::string people, line;
  std::istringstream lines(*text);
  for (int number = 1; std::getline(lines, line); ++number) {
    auto json = parse_json(line, script.string() + ":" + std::to_string(number));
    if (!json) return json.error();
    if (json->contains("person")) people += line + "\n";
  }
  return people;
}

// "whsec_" and base64, which every Standard Webhooks library reads as the same key.
std::string new_secret() {
  std::array<std::byte, secret_bytes> bytes{};
  make_system_random()->fill(0, bytes);
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned held = 0;  // Bits that no digit has yet, in the lowest `held_bits`.
  int held_bits = 0;
  for (const std::byte b : bytes) {
    held = (held << 8) | std::to_integer<unsigned>(b);
    for (held_bits += 8; held_bits >= 6; held_bits -= 6) text += digits[(held >> (held_bits - 6)) & 63U];
    held &= 63U;
  }
  if (held_bits > 0) text += digits[(held << (6 - held_bits)) & 63U];
  while (text.size() % 4 != 0) text += '=';
  return "whsec_" + text + "\n";
}

Result<void> write_secret(const Draft& draft, const std::string& name) {
  const mode_t before = ::umask(0077);  // Made for its owner alone: never open for an instant.
  auto written = draft.write("secrets/" + name, new_secret());
  ::umask(before);
  return written;
}

bool is_of_workflows(const std::string& name) {
  return name.ends_with(".json") || name.ends_with(".scenario") || name == "README.md";
}

// The folder's own files into the folder `to` of the draft.
Result<void> copy_workflows(const Draft& draft, const fs::path& from, const std::string& to) {
  std::error_code failed;
  for (fs::directory_iterator entry(from, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!is_of_workflows(name)) continue;
    if (auto copied = draft.copy(entry->path(), to + "/" + name); !copied) return copied;
  }
  if (failed) return {Code::unavailable, "the workflows in " + from.string() + " cannot be read: " + failed.message()};
  return {};
}

// Where the pages lie that were installed with the program; without them (a system that leaves them out) nothing is said.
std::string readme_of(const fs::path& from) {
  const fs::path pages = from.parent_path() / "doc/redress";
  std::error_code ignored;
  if (!fs::is_directory(pages / "docs", ignored)) return std::string(readme_text);
  return std::string(readme_text) + "\nThe whole is told in " + pages.string() +
         ": docs/configuration.md (each key, secrets, the doctor), docs/service.md (HTTP,\n"
         "tokens, webhooks), docs/formats.md (files and verbs), plugins/README.md (departments), deploy/ (systemd, nginx).\n";
}

Result<void> fill(const Draft& draft, const fs::path& from) {
  auto people = sample_people(from / "demo/people.jsonl");
  if (!people) return people.error();
  constexpr fs::perms open =
      fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
  for (const auto& [name, mode] : {std::pair("workflows", open), std::pair("workflows/scenarios", open),
                                   std::pair("departments", fs::perms::owner_all), std::pair("secrets", fs::perms::owner_all)})
    if (auto made = draft.make_folder(name, mode); !made) return made;
  for (const char* folder : {"workflows", "workflows/scenarios"})
    if (auto copied = copy_workflows(draft, from / folder, folder); !copied) return copied;
  for (const char* name : {"accounts.json", "branches.json", "field.json"})
    if (auto copied = draft.copy(from / "demo" / name, std::string("departments/") + name); !copied) return copied;
  if (auto copied = draft.copy(from / "config/redress.schema.json", "redress.schema.json"); !copied) return copied;
  if (auto written = write_secret(draft, "helpdesk"); !written) return written;
  const std::string readme = readme_of(from);
  const std::string posts = sample_posts(make_system_clock()->now_ms());
  for (const auto& [name, text] : {std::pair<const char*, std::string_view>("redress.json", config_text),
                                   {"posts.jsonl", posts},
                                   {"people.jsonl", *people},
                                   {"README.md", readme},
                                   {".gitignore", ignored_text}})
    if (auto written = draft.write(name, text); !written) return written;
  return {};
}

// The place as a whole path, where a folder may be begun.
Result<fs::path> free_place(const std::string& folder) {
  std::error_code failed;
  fs::path place = fs::absolute(folder, failed).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  if (folder.empty() || failed || !place.has_filename()) return {Code::invalid, "name the folder to begin"};
  if (!fs::is_directory(place.parent_path(), failed))
    return {Code::invalid, "the folder " + place.parent_path().string() + " is not there; make it first"};
  const fs::file_status found = fs::symlink_status(place, failed);
  if (!fs::exists(found)) return place;
  if (!fs::is_directory(found)) return {Code::refused, folder + " is there, and no folder; name another"};
  if (!fs::is_empty(place, failed) || failed)
    return {Code::refused, "the folder " + folder + " is not empty; name one that is not there yet"};
  if (fs::equivalent(place, fs::current_path(failed), failed))
    return {Code::refused,
            "the folder that you are in cannot be replaced; go up: cd .. && redress init " + place.filename().string()};
  return place;
}

}  // namespace

Result<int> init(const std::string& folder, Console& console) {
  const auto place = free_place(folder);
  if (!place) return place.error();
  const auto from = shipped();
  if (!from) return from.error();
  const auto draft = Draft::beside(*place);
  if (!draft) return draft.error();
  if (auto filled = fill(**draft, *from); !filled) return filled.error();
  if (auto moved = (*draft)->move_to(*place); !moved) return moved.error();
  console.out << "the folder " << printable(folder) << " is begun; next: cd " << printable(folder)
              << " && redress doctor. Its README.md goes on from there\n";
  return 0;
}

}  // namespace redress::cli
