// SPDX-License-Identifier: Apache-2.0
// base: how far something long has come.
#include "weir/progress.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace weir {
namespace {

TEST(ProgressState, IsThatOfThePhaseAtHand) {
  std::vector<std::string> told;
  const Progress* all = nullptr;
  Progress progress([&] { told.emplace_back(all->state().phase); });
  all = &progress;
  EXPECT_EQ(progress.state().phase, "");

  progress.begin("reading", ProgressUnit::bytes, 100, "finishing");
  progress.advance(30);
  progress.advance(12);
  const Progress::State reading = progress.state();
  EXPECT_EQ(reading.phase, "reading");
  EXPECT_EQ(reading.unit, ProgressUnit::bytes);
  EXPECT_EQ(reading.done, 42U);
  EXPECT_EQ(reading.total, 100U);
  EXPECT_EQ(reading.then, "finishing");
  EXPECT_FALSE(reading.share);

  progress.begin("sorting");
  const Progress::State sorting = progress.state();
  EXPECT_EQ(sorting.phase, "sorting");
  EXPECT_EQ(sorting.done, 0U) << "each phase begins with nothing";
  EXPECT_EQ(sorting.total, 0U);
  EXPECT_EQ(sorting.then, "");
  EXPECT_EQ(sorting.busy_since, reading.began) << "there was always something to do";
  EXPECT_GE(sorting.began, reading.began);
  EXPECT_EQ(told, (std::vector<std::string>{"reading", "sorting"}));

  progress.end();
  EXPECT_EQ(progress.state().phase, "");
  progress.begin("answering");
  EXPECT_EQ(progress.state().busy_since, progress.state().began) << "after a pause";
}

TEST(ProgressState, AsksWhoKnowsTheShare) {
  Progress progress;
  progress.begin("answering");
  progress.ask([] { return std::optional(0.25); });
  EXPECT_EQ(progress.state().share, 0.25);
  progress.ask([] { return std::optional<double>(); });
  EXPECT_FALSE(progress.state().share);
  progress.ask(nullptr);
  EXPECT_FALSE(progress.state().share);
}

TEST(ProgressState, LosesNothingThatThreadsTell) {
  constexpr std::uint64_t kTimes = 10'000;
  Progress progress;
  progress.begin("reading", ProgressUnit::records, 4 * kTimes);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&progress] {
      for (std::uint64_t k = 0; k < kTimes; ++k) progress.advance(1);
    });
  }
  while (progress.state().done == 0) std::this_thread::yield();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(progress.state().done, 4 * kTimes);
}

}  // namespace
}  // namespace weir
