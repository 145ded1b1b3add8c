// SPDX-License-Identifier: Apache-2.0
// verdict: numbers by record, in memory and in a file.
#include "verdict/verdict_store.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

namespace weir::verdict {
namespace {

TEST(VerdictStore, GivesBackWhatAnyThreadHasSet) {
  // Two pages, of which the last is not full.
  constexpr std::uint64_t kRecords = (std::uint64_t{1} << 20) + 12'345;
  for (const std::uint64_t memory : {~std::uint64_t{0}, std::uint64_t{0}}) {
    auto created = VerdictStore::create(kRecords, memory, "");
    ASSERT_TRUE(created);
    VerdictStore& store = **created;
    const auto number_of = [](std::uint64_t sequence) {
      return static_cast<std::uint32_t>(sequence % 5 == 0 ? 0 : sequence % 1000 + 1);
    };
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 3; ++thread) {
      threads.emplace_back([&, thread] {
        VerdictStore::Writer writer(store);
        // Far apart, as conversations are: a step that visits every third record once.
        constexpr std::uint64_t kStep = 1'000'003;
        const std::uint64_t own = (kRecords - thread + 2) / 3;
        for (std::uint64_t i = 0, at = 0; i < own; ++i, at = (at + kStep) % own) {
          const std::uint64_t sequence = at * 3 + thread;
          if (number_of(sequence) != 0) writer.set(sequence, number_of(sequence));
        }
        EXPECT_TRUE(writer.finish());
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::uint64_t wrong = 0;
    for (std::uint64_t sequence = 0; sequence < kRecords; ++sequence) {
      const auto number = store.at(sequence);
      wrong += !number || *number != number_of(sequence) ? 1 : 0;
    }
    EXPECT_EQ(wrong, 0U) << "memory " << memory;
    EXPECT_EQ(*store.at(kRecords), 0U) << "beyond the last";
  }
}

TEST(VerdictStore, SaysThatItsFileCannotBe) {
  const auto store = VerdictStore::create(1000, 0, "/no/such/directory");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().where, "/no/such/directory");
}

TEST(VerdictStore, NeedsNoFileForNoRecords) {
  EXPECT_TRUE(VerdictStore::create(0, 0, "/no/such/directory"));
}

}  // namespace
}  // namespace weir::verdict
