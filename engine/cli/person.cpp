// redress person: who may act, and in which roles. The first person makes the database.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"
#include "redress/limits.hpp"

namespace redress::cli {

Result<int> add_person(const WriteOptions& options, const std::string& name, const std::vector<std::string>& roles,
                       Console& console) {
  if (options.server.named()) {
    const auto answer = ask_server(options.server, "PUT", "/v1/people/" + segment(name), {{"roles", roles}});
    if (!answer) return answer.error();
    console.out << printable(name) << " may act as";
    for (const auto& role : roles) console.out << ' ' << printable(role);
    console.out << '\n';
    return 0;
  }
  if (const auto made = make_database(options.db); !made) return made.error();
  return with_writer(options, console, [&](Engine& engine) -> Result<int> {
    auto added = engine.add_person(name, roles);
    if (!added) return added.error();
    console.out << printable(name) << " may act as";
    for (const auto& role : roles) console.out << ' ' << printable(role);
    console.out << '\n';
    return 0;
  });
}

Result<int> list_people(const ReadOptions& options, Console& console) {
  auto store = open_for_reading(options.db);
  if (!store) return store.error();
  Table table({"person", "roles"});
  std::int64_t after = 0;
  for (;;) {
    auto page = (*store)->people(after, limits::page_rows_max);
    if (!page) return page.error();
    for (const auto& person : *page) {
      after = person.id;
      auto roles = parse_json(person.roles, "the roles of " + person.name);
      if (!roles) return roles.error();
      if (options.json)
        console.out << Json{{"name", person.name}, {"roles", *roles}}.dump(-1, ' ', false, Json::error_handler_t::replace)
                    << '\n';
      else
        table.add({person.name, cell(*roles)});
    }
    if (page->size() < limits::page_rows_max) break;
  }
  if (!options.json) table.print(console.out);
  return 0;
}

}  // namespace redress::cli
