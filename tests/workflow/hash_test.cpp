// The hash that a published workflow is known by.
#include <gtest/gtest.h>

#include "workflow/files.hpp"

namespace redress::workflow {
namespace {

std::string hash_of(std::string_view text) { return workflow_hash(text).value(); }

TEST(WorkflowHash, IsTheSha256OfTheTextWithoutWhiteSpace) {
  EXPECT_EQ(hash_of(" { } \n"), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");  // Of "{}".
}

TEST(WorkflowHash, DoesNotSeeLayout) {
  EXPECT_EQ(hash_of("{\"a\":1,\"b\":[true,null]}"), hash_of("{\n\t\"a\" : 1 ,\r\n \"b\": [ true, null ] }\n"));
}

TEST(WorkflowHash, SeesTheOrderOfKeys) { EXPECT_NE(hash_of(R"({"a":1,"b":2})"), hash_of(R"({"b":2,"a":1})")); }

TEST(WorkflowHash, KeepsWhiteSpaceWithinStrings) { EXPECT_NE(hash_of(R"({"a":"x y"})"), hash_of(R"({"a":"xy"})")); }

TEST(WorkflowHash, KeepsNumbersAndStringsAsTheyAreWritten) {
  EXPECT_NE(hash_of("[1.0]"), hash_of("[1]"));
  EXPECT_NE(hash_of(R"(["\u0061"])"), hash_of(R"(["a"])"));
}

TEST(WorkflowHash, IsRefusedForWhatIsNoJson) {
  const auto hash = workflow_hash("{\n \"a\": }");
  ASSERT_FALSE(hash.ok());
  EXPECT_EQ(hash.error().code, Code::invalid);
  EXPECT_EQ(hash.error().message,
            "workflow at line 2, column 7: a value is missing here. Write a string, number, object, list, true, "
            "false or null.");
  EXPECT_FALSE(workflow_hash(R"({"a":1,"a":2})").ok());
}

TEST(WorkflowHash, IsTheOneOfTheWorkflowThatWasRead) {
  const std::string text = files::read("workflows/billing-overcharge.json");
  const Checked checked = read_workflow(text, "f", files::manifests());
  ASSERT_TRUE(checked.workflow);
  EXPECT_EQ(checked.workflow->hash, hash_of(text));
  EXPECT_EQ(checked.workflow->source, text);
}

}  // namespace
}  // namespace redress::workflow
