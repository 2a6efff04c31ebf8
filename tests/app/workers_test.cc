#include "app/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace app {
namespace {

class WorkersTest : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Threads, WorkersTest, testing::Values(1, 2, 4));

TEST_P(WorkersTest, EveryJobRunsOnce) {
  Workers workers(GetParam());
  EXPECT_EQ(workers.size(), GetParam());
  std::vector<int> runs(100);
  workers.each(runs.size(), [&](std::size_t i) { ++runs[i]; });
  EXPECT_EQ(runs, std::vector<int>(100, 1));
  workers.each(0, [](std::size_t) { FAIL(); });
}

TEST_P(WorkersTest, AloneTheCallerRunsEveryJobInOrder) {
  Workers workers(GetParam());
  std::vector<std::size_t> jobs;
  const auto caller = std::this_thread::get_id();
  const auto job = [&](std::size_t i) {
    ASSERT_EQ(std::this_thread::get_id(), caller);
    jobs.push_back(i);
  };
  workers.each(4, job, true);
  EXPECT_EQ(jobs, (std::vector<std::size_t>{0, 1, 2, 3}));
}

TEST_P(WorkersTest, WhatAJobThrowsComesToTheCallerAndTheNextStepWorks) {
  Workers workers(GetParam());
  for (std::size_t bad = 0; bad < 8; ++bad) {
    const auto step = [&](std::size_t i) {
      if (i == bad) throw std::runtime_error("job " + std::to_string(i));
    };
    try {
      workers.each(8, step);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), "job " + std::to_string(bad));
    }
    std::atomic<int> runs{0};
    workers.each(8, [&](std::size_t) { ++runs; });
    EXPECT_EQ(runs, 8);
  }
}

TEST_P(WorkersTest, OfManyExceptionsOneComesOutWhenNoJobRunsAnyMore) {
  Workers workers(GetParam());
  std::atomic<int> running{0};
  const auto fail = [&](std::size_t) {
    ++running;
    --running;
    throw std::runtime_error("each of them");
  };
  EXPECT_THROW(workers.each(64, fail), std::runtime_error);
  EXPECT_EQ(running, 0);
  workers.each(64, [](std::size_t) {});  // No old exception comes out of it.
}

}  // namespace
}  // namespace app
