// Shows a database's public replies, each beside the evidence that it stands on, and the deadlines met and missed.
//
// Usage: redress_demo_show FILE. It reads beside whoever writes, and changes nothing.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "redress/limits.hpp"
#include "redress/reading.hpp"

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json, const char* name) {
  const auto at = json.find(name);
  if (at == json.end() || at->is_null()) return "";
  return at->is_string() ? at->get<std::string>() : at->dump();
}

// "2026-03-02T09:00:00Z" as "03-02 09:00"; nothing: "".
std::string short_time(const std::string& instant) {
  return instant.size() < 16 ? "" : instant.substr(5, 5) + " " + instant.substr(11, 5);
}

const Json* find_commitment(const Json& whole, const Json& id) {
  for (const auto& one : whole["commitments"])
    if (one["id"] == id) return &one;
  return nullptr;
}

// "refund fulfilled: {"amount_minor":2490,...} (evidence 1f0c55a2b7d1)"; what shows a claim that binds no evidence is its
// state.
std::string ground_of(const Json& whole, const Json& claim) {
  std::string line = text_of(claim, "commitment") + " " + text_of(claim, "level");
  const std::string digest = text_of(claim, "evidence_digest");
  const Json* commitment = find_commitment(whole, claim["commitment_id"]);
  if (digest.empty() || commitment == nullptr) return line;
  return line + ": " + text_of(*commitment, "evidence") + " (evidence " + digest.substr(0, 12) + ")";
}

// What was said in a case, by time.
struct Said {
  std::string at;  // RFC 3339, so that text order is time order.
  std::string text;
};

Said post_said(const Json& post) {
  const std::string at = text_of(post, "created_at");
  return {at, "  " + short_time(at) + "  " + (post.value("private", false) ? "(private) " : "") + "@" +
                  text_of(post.value("author", Json::object()), "handle") + ": " + text_of(post, "text") + "\n"};
}

Said reply_said(const Json& whole, const Json& reply) {
  const std::string state = text_of(reply, "state");
  const std::string published = text_of(reply, "published_at");
  const std::string at = published.empty() ? text_of(reply, "drafted_at") : published;
  std::string text = "  " + (published.empty() ? "not public " : short_time(published)) + "  > " + text_of(reply, "text");
  text += (state == "published" ? "" : "  [" + state + "]") + "\n";
  if (reply["claims"].empty()) text += "                 claims nothing\n";
  for (const auto& claim : reply["claims"]) text += "                 stands on " + ground_of(whole, claim) + "\n";
  return {at, text};
}

struct Deadlines {
  int met = 0, missed = 0, open = 0;
  void count(const std::string& state) { ++(state == "met" ? met : state == "breached" ? missed : open); }
};

std::string deadline_line(const Json& deadline) {
  const std::string state = text_of(deadline, "state");
  const std::string due = short_time(text_of(deadline, "due_at"));
  const std::string met = short_time(text_of(deadline, "met_at"));
  return state + (met.empty() ? "" : " at " + met) + (due.empty() ? "" : ", due " + due);
}

struct Totals {
  Deadlines first_reply, resolution;
  int published = 0, claims = 0;
};

void print_case(const Json& whole, Totals& totals) {
  std::cout << text_of(whole, "reference") << "  " << text_of(whole, "state") << ", " << text_of(whole, "priority")
            << " priority, in " << text_of(whole, "language") << '\n';
  std::vector<Said> said;
  for (const auto& post : whole["posts"]) said.push_back(post_said(post));
  for (const auto& reply : whole["replies"]) {
    said.push_back(reply_said(whole, reply));
    if (text_of(reply, "published_at").empty()) continue;
    ++totals.published;
    totals.claims += static_cast<int>(reply["claims"].size());
  }
  std::stable_sort(said.begin(), said.end(), [](const Said& a, const Said& b) { return a.at < b.at; });
  for (const auto& one : said) std::cout << one.text;
  std::cout << "  first reply " << deadline_line(whole["first_reply"]) << "; resolution " << deadline_line(whole["resolution"])
            << "\n\n";
  totals.first_reply.count(text_of(whole["first_reply"], "state"));
  totals.resolution.count(text_of(whole["resolution"], "state"));
}

int fail(const redress::Error& error) {
  std::cerr << "redress_demo_show: " << error.message << '\n';
  return redress::exit_status(error.code);
}

int show(redress::Store& store) {
  Totals totals;
  std::int64_t after = 0;
  std::cout << "What was said in public, and what it stands on\n\n";
  for (;;) {
    auto page = redress::list_cases(store, after, redress::limits::page_rows_max);
    if (!page) return fail(page.error());
    for (const auto& line : *page) {
      const Json row = Json::parse(line);
      after = row["id"].get<std::int64_t>();
      auto whole = redress::show_case(store, row["reference"].get<std::string>());
      if (!whole) return fail(whole.error());
      print_case(Json::parse(*whole), totals);
    }
    if (page->size() < redress::limits::page_rows_max) break;
  }
  std::cout << totals.published << " public replies with " << totals.claims << " claims\n"
            << "first reply within its time: " << totals.first_reply.met << " met, " << totals.first_reply.missed << " missed, "
            << totals.first_reply.open << " open\n"
            << "resolved within its time:    " << totals.resolution.met << " met, " << totals.resolution.missed << " missed, "
            << totals.resolution.open << " open\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: redress_demo_show FILE\n";
    return 2;
  }
  auto store = redress::open_sqlite_store(argv[1], redress::OpenMode::read);
  if (!store) return fail(store.error());
  try {
    return show(**store);
  } catch (const std::exception& error) {
    return fail(
        {redress::Code::internal, std::string("what the store says is not what this program expects: ") + error.what()});
  }
}
