// The shipped workflow, read into the struct that the data path interprets.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "redress/workflow.hpp"
#include "workflow/files.hpp"
#include "workflow/wording.hpp"
#include "workflow/wording_files.hpp"

namespace redress::workflow {
namespace {

const char* const shipped = "workflows/billing-overcharge.json";

Workflow read_shipped() {
  Checked checked = read_workflow(files::read(shipped), shipped, files::manifests());
  EXPECT_EQ(files::printed(checked.findings), "");
  return checked.workflow ? std::move(*checked.workflow) : Workflow{};
}

TEST(ShippedWorkflow, HasNoFindingBesideItsDepartments) {
  const std::vector<std::string> manifests = {files::read(files::folder / "manifests/billing.json"),
                                              files::read(files::folder / "manifests/commercial.json")};
  EXPECT_TRUE(check_workflow(files::read(shipped), shipped, manifests).empty());
}

TEST(ShippedWorkflow, NamesTheDepartmentsThatAreMissing) {
  const auto found = check_workflow(files::read(shipped), shipped, {});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].rule, "unknown_department");
  EXPECT_EQ(found[0].severity, "error");
  EXPECT_EQ(found[0].pointer, "/commitments/identify/department");
}

// Each commitment that is given what a customer wrote, or who: people decide by that page whom they give a token.
TEST(ShippedWorkflows, HandOverWhatTheServicesPageSays) {
  const std::string page = files::read("docs/service.md");
  const std::size_t begin = page.find("Of the seven that ship");
  std::string told = page.substr(begin, page.find("\n\n", begin) - begin);
  std::replace(told.begin(), told.end(), '\n', ' ');
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("workflows")) {
    const Json workflow = Json::parse(files::read(entry.path()), nullptr, false);
    if (entry.path().extension() != ".json" || !workflow.contains("redress")) continue;
    const Json commitments = workflow.value("commitments", Json::object());
    for (const auto& [name, commitment] : commitments.items()) {
      const std::string full = "`" + workflow["id"].get<std::string>() + "." + name + "`";
      const std::string input = commitment["input"].dump();
      const auto hands = [&](const char* what) { return input.find(what) != std::string::npos; };
      const bool hands_text = hands("post.text"), hands_author = hands("author.") || hands("customer.");
      const std::size_t at = told.find(full);
      EXPECT_EQ(at != std::string::npos, hands_text || hands_author) << full;
      if (at == std::string::npos) continue;
      ++count;
      EXPECT_EQ(at > told.find("author's handle"), hands_author) << full;
      // The department stands before the bracket: `branches` (`branch-service.locate`, ...).
      const std::string before = told.substr(0, told.rfind('(', at));
      EXPECT_TRUE(before.ends_with("`" + commitment["department"].get<std::string>() + "` ")) << full;
    }
  }
  EXPECT_EQ(count, 7U);
}

TEST(ShippedWorkflow, KeepsItsHeaderIntakeAndDeadlines) {
  const Workflow workflow = read_shipped();
  EXPECT_EQ(workflow.id, "billing-overcharge");
  EXPECT_EQ(workflow.owner, "community-lead");
  EXPECT_EQ(workflow.title.at("es"), "Cargo mal realizado en la factura");
  ASSERT_TRUE(workflow.intake);
  EXPECT_EQ(workflow.intake->rank, 20);
  EXPECT_EQ(workflow.intake->category, "billing");
  ASSERT_TRUE(workflow.first_reply && workflow.resolution);
  EXPECT_EQ(workflow.first_reply->within_ms, 900'000);
  EXPECT_EQ(workflow.first_reply->at_risk_ms, 600'000);
  EXPECT_EQ(workflow.resolution->pause_in, std::vector{workflow.chart.find("asking")});
  EXPECT_EQ(workflow.data.fields->size(), 1U);
  EXPECT_TRUE(workflow.data.fields->at("account").type.private_);
}

TEST(ShippedWorkflow, KeepsItsCommitmentsWithTheirContracts) {
  const Workflow workflow = read_shipped();
  ASSERT_EQ(workflow.commitments.size(), 4U);
  const CommitmentSpec* refund = workflow.find_commitment("refund");
  ASSERT_TRUE(refund);
  EXPECT_EQ(refund->due_ms, 12 * 3'600'000);
  EXPECT_EQ(refund->undo, "reverse_refund");
  EXPECT_TRUE(refund->contract.revocable);
  EXPECT_EQ(refund->retry.max_ms, 600'000);
  ASSERT_TRUE(refund->approval && refund->approval->when);
  EXPECT_EQ(refund->approval->role, "supervisor");
  EXPECT_TRUE(refund->input.templates.at("/amount_minor").is_single_expression());
  EXPECT_TRUE(workflow.find_commitment("by_hand")->input.templates.at("/question").is_constant());
}

TEST(ShippedWorkflow, ClaimsWhatItsTextsShow) {
  const Workflow workflow = read_shipped();
  ASSERT_EQ(workflow.replies.size(), 8U);
  const ReplySpec* refunded = workflow.find_reply("refunded");
  ASSERT_EQ(refunded->claims.size(), 1U);
  EXPECT_EQ(refunded->claims[0].commitment, "refund");
  EXPECT_EQ(refunded->claims[0].level, ClaimLevel::fulfilled);
  EXPECT_EQ(workflow.find_reply("acknowledge")->claims[0].level, ClaimLevel::requested);
  EXPECT_TRUE(workflow.find_reply("ask")->claims.empty());
  EXPECT_EQ(workflow.find_reply("correction")->corrects, "refunded");
  EXPECT_EQ(refunded->texts.at("es").count("default"), 1U);
  EXPECT_EQ(workflow.find_reply("offered")->review->within_ms, 3'600'000);
}

TEST(ShippedWorkflow, KeepsItsStatesInTheOrderOfTheFile) {
  const Workflow workflow = read_shipped();
  const auto state = [&](std::string_view path) -> const State& { return workflow.state(workflow.chart.find(path)); };
  ASSERT_EQ(workflow.states.size(), 8U);  // With the root.
  EXPECT_EQ(workflow.chart.at(statechart::root).initial, std::vector{workflow.chart.find("identifying")});
  const State& first = workflow.states[1];
  EXPECT_EQ(first.path, "identifying");
  ASSERT_EQ(first.entry.size(), 2U);
  EXPECT_EQ(first.entry[0].kind, Action::Kind::commit);
  EXPECT_EQ(first.entry[1].kind, Action::Kind::reply);
  EXPECT_EQ(first.entry[1].pointer, "/states/identifying/entry/1");
  EXPECT_EQ(first.on[0].events, std::vector<std::string>{"identify.fulfilled"});
  EXPECT_EQ(first.on[0].transitions[0].actions[0].values[0].first, "account");
  const State& checking = state("checking");
  ASSERT_EQ(checking.on[0].transitions.size(), 2U);
  EXPECT_TRUE(checking.on[0].transitions[0].guard);
  EXPECT_EQ(checking.on[0].transitions[1].pointer, "/states/checking/on/charge_check.fulfilled/1");
  EXPECT_EQ(state("asking").after[0].delay_ms, 5 * 86'400'000LL);
  ASSERT_EQ(state("answered").manual.size(), 2U);
  EXPECT_TRUE(state("answered").manual[0].form);
  EXPECT_FALSE(state("answered").manual[1].form);
  EXPECT_EQ(workflow.chart.at(workflow.chart.find("resolved")).kind, statechart::Kind::final);
  EXPECT_EQ(workflow.root().on.size(), 4U);
  ASSERT_TRUE(workflow.reopen);
  EXPECT_EQ(workflow.reopen->transition.targets, std::vector{workflow.chart.find("identifying")});
  EXPECT_TRUE(workflow.reopen->transition.guard);
}

// P6 of docs/promises.md, as far as words show it: who reads, looks, passes on or sends has a claim that says so.
TEST(ShippedReply, ThatClaimsNothingSpeaksOfNoDeedOfOurs) {
  static const re2::RE2 deed(
      R"((?i)\b(we|who|team|person|management) (read|looks?|looked|pass|sent|send|checked|asked|took|reviewed|fixe?d?)\b|)"
      R"(looks? into|putting|\b(te leemos|le[ií]mos|lee|contamos a|revisa|revisamos|enviamos|consultamos|llevamos|corrigiendo)\b)");
  int spoken = 0;
  for (const auto& file : std::filesystem::directory_iterator("workflows")) {
    if (!files::is_workflow(file.path())) continue;
    const std::string path = file.path().string();
    const Checked checked = read_workflow(files::read(path), path, files::manifests());
    ASSERT_TRUE(checked.workflow) << files::printed(checked.findings);
    const auto json = nlohmann::json::parse(files::read(path));
    for (const ReplySpec& reply : checked.workflow->replies) {
      if (!reply.claims.empty() || reply.review) continue;
      for (const auto& [language, text] : json["replies"][reply.name]["text"].items()) {
        EXPECT_FALSE(re2::RE2::PartialMatch(text.dump(), deed)) << path << ": " << text;
        ++spoken;
      }
    }
  }
  EXPECT_GT(spoken, 16);
}

TEST(ShippedReply, FitsItsChannelsEvenWithItsLongestValues) {
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator("workflows")) {
    if (!files::is_workflow(file.path())) continue;
    const std::string path = file.path().string();
    wording::Rules rules = *default_rules();
    EXPECT_EQ(files::printed(read_brand(files::read("workflows/brand.json"), "brand.json", rules)), "");
    const auto manifests = files::manifests();
    const Checked checked = read_workflow(
        files::read(path), path, Surroundings{.manifests = manifests, .rules = std::make_shared<const wording::Rules>(rules)});
    EXPECT_EQ(files::printed(checked.findings), "");
    ASSERT_TRUE(checked.workflow);
    EXPECT_EQ(channels_of(*checked.workflow).size(), 5U);
    ++count;
  }
  EXPECT_EQ(count, 7);
}

TEST(Claims, OfATextThatShowsAPromiseAndOfOneThatShowsEvidenceAreOneAsFulfilled) {
  const auto checked =
      read_workflow(files::read(files::folder / "accept/promise_beside_evidence.json"), "f.json", files::manifests());
  ASSERT_TRUE(checked.workflow);
  const auto& claims = checked.workflow->find_reply("told")->claims;
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_EQ(claims[0].level, ClaimLevel::fulfilled);
  EXPECT_TRUE(claims[0].shows_promise);
}

}  // namespace
}  // namespace redress::workflow
