// Who waits for a worker, and whose turn it is.
#include "service/fair_queue.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace redress::service {
namespace {

using testing::ElementsAre;
using Queue = FairQueue<int>;

void push_all(Queue& queue, const std::string& line, std::initializer_list<int> jobs, std::size_t workers_max = 0) {
  for (const int job : jobs) EXPECT_FALSE(queue.push({line, workers_max, job})) << line << job;
}

std::vector<int> take(Queue& queue, std::size_t count) {
  std::vector<int> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(queue.take()->job);
  return out;
}

TEST(FairQueue, ServesTheLinesInTurnAndEachInItsOrder) {
  Queue queue(10);
  push_all(queue, "many", {1, 2, 3, 4});
  push_all(queue, "few", {11});
  push_all(queue, "some", {21, 22});
  EXPECT_THAT(take(queue, 7), ElementsAre(1, 11, 21, 2, 22, 3, 4));
}

TEST(FairQueue, PassesOverALineThatHoldsAsManyWorkersAsItMay) {
  Queue queue(10);
  push_all(queue, "reads", {1, 2, 3}, 2);
  push_all(queue, "acts", {11});
  EXPECT_THAT(take(queue, 3), ElementsAre(1, 11, 2));
  push_all(queue, "acts", {12});
  EXPECT_THAT(take(queue, 1), ElementsAre(12)) << "3 waits, though it came first";
  queue.done("reads");
  EXPECT_THAT(take(queue, 1), ElementsAre(3));
}

TEST(FairQueue, GivesTheLastPlaceOfTheLongestLineToANewcomer) {
  Queue queue(3);
  push_all(queue, "many", {1, 2, 3});
  EXPECT_EQ(queue.push({"many", 0, 4})->job, 4);
  EXPECT_EQ(queue.push({"few", 0, 11})->job, 3);
  EXPECT_EQ(queue.push({"few", 0, 12})->job, 12) << "its line would be as long as the longest";
  EXPECT_THAT(take(queue, 3), ElementsAre(1, 11, 2));
}

TEST(FairQueue, AnswersNothingOnceItHasEnded) {
  Queue queue(3);
  push_all(queue, "many", {1});
  queue.end();
  EXPECT_FALSE(queue.take());
}

}  // namespace
}  // namespace redress::service
