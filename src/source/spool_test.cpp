// SPDX-License-Identifier: Apache-2.0
#include "source/spool.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "base/scratch_testing.hpp"
#include "source/source_testing.hpp"

namespace weir::source {
namespace {

/// A pipe with a short text in it, as standard input.
class PipedInput {
 public:
  explicit PipedInput(const std::string& text) : saved_(::dup(STDIN_FILENO)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
  }
  ~PipedInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;

 private:
  int saved_;
};

TEST(Spool, WhatCameThroughAPipeCanBeReadTwice) {
  const scratch_testing::ScratchDirectory scratch;
  const PipedInput piped("dstport\n22\n");
  std::vector<Input> inputs = {"a.log", "-"};
  ASSERT_TRUE(expect_spooled(inputs));
  EXPECT_EQ(inputs[0], Input("a.log"));
  EXPECT_EQ(inputs[1].kind, InputKind::spooled_standard_input);
  ASSERT_TRUE(spool_standard_input(scratch.path()));
  for (int reading = 0; reading < 2; ++reading) {
    const auto text = read_whole(inputs[1], 100);
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(*text, "dstport\n22\n") << reading;
  }
  EXPECT_EQ(read_whole(inputs[1], 5).value(), std::nullopt) << "longer than that";
}

TEST(Spool, SaysWhyThereIsNoRoom) {
  const PipedInput piped("x");
  const auto spooled = spool_standard_input("/no/such/directory");
  ASSERT_FALSE(spooled);
  EXPECT_EQ(spooled.error().code, ErrorCode::unreadable);
  EXPECT_EQ(spooled.error().where, "/no/such/directory");
}

TEST(Spool, StopsWhenItIsTold) {
  const scratch_testing::ScratchDirectory scratch;
  const PipedInput piped("x");
  EXPECT_FALSE(spool_standard_input(scratch.path(), [] { return true; }));
}

TEST(Spool, IsForStandardInputOnly) {
  std::vector<Input> inputs = {"a.log", Input("-", InputKind::file)};
  EXPECT_FALSE(expect_spooled(inputs));
  EXPECT_EQ(inputs[1].path(), "-") << "a file of that name";
}

}  // namespace
}  // namespace weir::source
