// Every mutant of the shipped workflows is caught by the checker, or breaks no promise on any path that the engine plays. The
// table and the list of docs/checking.md say how many; REDRESS_UPDATE=1 writes them anew.
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "proof/checking.hpp"
#include "proof/mutations.hpp"
#include "proof/rehearsal.hpp"

namespace redress::proof {
namespace {

constexpr int depth = 5;  // Outcomes, acts, posts and timers in a row.

// What the checker only warns of is not caught.
bool is_caught(const std::string& text) { return is_refused(findings_of(text)); }

std::vector<std::string> shipped() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("workflows"))
    if (workflow::files::is_workflow(entry.path())) names.insert(entry.path().filename());
  return {names.begin(), names.end()};
}

struct Row {
  int made = 0, caught = 0;
};

struct Tally {
  std::map<std::string, Row> rows;     // By kind.
  std::vector<std::string> harmless;   // "service-down: data that nobody sets, /on/notice.undone/actions".
  std::vector<std::string> surviving;  // Their texts.
};

const Tally& tally() {
  static const Tally all = [] {
    Tally made;
    for (const std::string& name : shipped()) {
      for (const Mutant& mutant : mutants_of(workflow::files::read("workflows/" + name))) {
        Row& row = made.rows[mutant.kind];
        ++row.made;
        if (is_caught(mutant.text)) {
          ++row.caught;
        } else {
          made.harmless.push_back(name.substr(0, name.find('.')) + ": " + mutant.kind + ", " + mutant.what);
          made.surviving.push_back(mutant.text);
        }
      }
    }
    return made;
  }();
  return all;
}

std::string as_markdown(const Tally& tally) {
  std::string text = "| mistake | made | caught | harmless |\n|---|---:|---:|---:|\n";
  Row sum;
  const auto line = [&](const std::string& kind, const Row& row) {
    text += "| " + kind + " | " + std::to_string(row.made) + " | " + std::to_string(row.caught) + " | " +
            std::to_string(row.made - row.caught) + " |\n";
  };
  for (const auto& [kind, row] : tally.rows) {
    line(kind, row);
    sum.made += row.made;
    sum.caught += row.caught;
  }
  line("**all**", sum);
  text += "\nThe harmless ones:\n\n";
  for (const std::string& each : tally.harmless) text += "- " + each + "\n";
  return text;
}

TEST(Mutants, AreCaughtButForAFewThatStandInTheDocs) {
  const std::string page = "docs/checking.md";
  const std::string text = workflow::files::read(page);
  const std::string from = "<!-- mutants -->\n", to = "<!-- end of mutants -->";
  const std::size_t begin = text.find(from), end = text.find(to);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos);
  const std::string now = as_markdown(tally());
  if (std::getenv("REDRESS_UPDATE") != nullptr)
    std::ofstream(page, std::ios::binary) << text.substr(0, begin + from.size()) + now + text.substr(end);
  else
    EXPECT_EQ(text.substr(begin + from.size(), end - begin - from.size()), now);
  int made = 0;
  for (const auto& [kind, row] : tally().rows) made += row.made;
  EXPECT_GE(made, 200);
  EXPECT_LE(tally().harmless.size() * 10, static_cast<std::size_t>(made));
}

TEST(Mutants, ThatAreNotCaughtBreakNoPromise) {
  for (std::size_t i = 0; i < tally().surviving.size(); ++i)
    EXPECT_EQ(broken_promise(tally().surviving[i], depth), "") << tally().harmless[i];
}

// That a rehearsal would find it, if one did.
TEST(Rehearsal, BreaksThePromisesThatTheCheckerSaysAreBroken) {
  int broken = 0;
  for (const Mutant& mutant : mutants_of(workflow::files::read("workflows/billing-overcharge.json"))) {
    if (mutant.kind != "told before it is done" && mutant.kind != "reply of another outcome") continue;
    EXPECT_TRUE(is_caught(mutant.text)) << mutant.what;
    EXPECT_THAT(broken_promise(mutant.text, 3), testing::HasSubstr("is blocked")) << mutant.what;
    ++broken;
  }
  EXPECT_EQ(broken, 8);
}

// Some changes at once, at random places, that no list of mistakes foresees: what the checker lets pass breaks no promise
// either.
class Changed {
 public:
  explicit Changed(const std::string& id) : base_(Json::parse(workflow::files::read("workflows/" + id + ".json"))) {
    for (const auto& [name, state] : base_.at("states").items()) states_.push_back(name);
    for (const auto& [name, reply] : base_.at("replies").items()) replies_.push_back(name);
    for (const auto& [name, commitment] : base_.at("commitments").items()) commitments_.push_back(name);
    find_transitions(base_.at("states"), "/states");
  }

  std::string change(std::mt19937& random) const {
    Json copy = base_;
    const auto one_of = [&](const std::vector<std::string>& names) { return names[random() % names.size()]; };
    for (std::size_t left = 1 + random() % 3; left > 0; --left) {
      Json& transition = copy.at(Json::json_pointer(one_of(transitions_)));
      const Json reply = {{"reply", one_of(replies_)}};
      switch (random() % 7) {
        case 0:
          transition["target"] = one_of(states_);
          break;
        case 1:
          transition["actions"].push_back(reply);
          break;
        case 2:
          transition.erase("actions");
          break;
        case 3:
          copy["states"][one_of(states_)]["always"].push_back(
              {{"guard",
                one_of(commitments_) + ".state == '" + one_of({"requested", "in_progress", "fulfilled", "declined"}) + "'"},
               {"target", one_of(states_)},
               {"actions", {reply}}});
          break;
        case 4:
          transition["actions"].push_back({{one_of({"commit", "cancel"}), one_of(commitments_)}});
          break;
        case 5:
          copy["on"][one_of({"post.joined", "customer.replied", one_of(commitments_) + ".accepted"})] = {
              {"actions", {one_of({"a", "b"}) == "a" ? reply : Json{{"commit", one_of(commitments_)}}}}};
          break;
        default:
          transition.erase(transition.contains("guard") ? "guard" : "target");
      }
    }
    return copy.dump(1);
  }

  std::string difference(const std::string& text) const { return Json::diff(base_, Json::parse(text)).dump(); }

 private:
  void find_transitions(const Json& json, const std::string& at) {
    if (json.is_object() && json.contains("target")) transitions_.push_back(at);
    if (json.is_object())
      for (const auto& [key, value] : json.items()) find_transitions(value, at + "/" + key);
    if (json.is_array())
      for (std::size_t i = 0; i < json.size(); ++i) find_transitions(json[i], at + "/" + std::to_string(i));
  }

  Json base_;
  std::vector<std::string> states_, replies_, commitments_, transitions_;
};

TEST(Changes, ThatTheCheckerLetsPassBreakNoPromise) {
  std::mt19937 random(1);
  int passed = 0;
  for (const char* id : {"billing-overcharge", "branch-service", "competitor-offer", "service-down"}) {
    const Changed changed(id);
    for (int i = 0; i < 30; ++i) {
      const std::string text = changed.change(random);
      if (!findings_of(text).empty()) continue;
      EXPECT_EQ(broken_promise(text, 3), "") << id << ", with " << changed.difference(text);
      ++passed;
    }
  }
  EXPECT_GT(passed, 10);
}

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, BreaksNoPromiseOnAnyPathThatTheEnginePlays) {
  EXPECT_EQ(broken_promise(workflow::files::read("workflows/" + GetParam() + ".json"), depth), "");
}
INSTANTIATE_TEST_SUITE_P(Workflow, Shipped,
                         testing::Values("billing-overcharge", "branch-service", "competitor-offer", "service-down"));

}  // namespace
}  // namespace redress::proof
