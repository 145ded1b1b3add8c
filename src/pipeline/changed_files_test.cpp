// SPDX-License-Identifier: Apache-2.0
// Files that are truncated, written to or rotated between the first record that a run hands out and
// the last that it reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/scratch_testing.hpp"
#include "source/archive_testing.hpp"
#include "source/source_testing.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// Does something when the first batch arrives.
class HookedSink final : public BatchSink {
 public:
  explicit HookedSink(std::function<void()> hook) : hook_(std::move(hook)) {}
  Result<bool> take(const Batch&, const Selection&) override {
    if (hook_) std::exchange(hook_, nullptr)();
    return true;
  }

 private:
  std::function<void()> hook_;
};

class ChangedFiles : public testing::Test {
 protected:
  RunReport read(const std::string& path, std::function<void()> hook) const {
    HookedSink sink(std::move(hook));
    const Input input = path;
    return run(std::span(&input, 1), {}, sink);
  }
  static std::string text(std::size_t records) {
    return "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
           "start end action log-status\n" +
           source_testing::records(records);
  }
  static void append(const std::string& path) {
    std::ofstream(path, std::ios::app) << source_testing::records(1);
  }

  const scratch_testing::ScratchDirectory scratch_;
};

auto about(const std::string& path, const std::string& what) {
  return AllOf(Field(&Error::where, path), Field(&Error::message, HasSubstr(what)));
}

TEST_F(ChangedFiles, TruncatedWhileReadIsAFailureWhateverTheWayOfReading) {
  const std::string large = text(40'000);
  const struct {
    const char* why;
    std::string bytes;
  } cases[] = {
      {"a stream", text(9'000)},  // below a mebibyte
      {"ranges", large},
      {"gzip", source_testing::gzip(large)},
      {"an archive", archive_testing::pack(archive_testing::kTar, {{.name = "a", .bytes = large},
                                                                   {.name = "b", .bytes = large}})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const std::string path = scratch_.write("truncated", c.bytes);
    const RunReport report = read(path, [&] { std::filesystem::resize_file(path, 1000); });
    ASSERT_FALSE(report.failures.empty());
    EXPECT_THAT(report.failures.back().message, HasSubstr("was truncated while it was read, from"));
    EXPECT_THAT(report.failures.back().message, HasSubstr("to 1000 bytes"));
    EXPECT_THAT(report.failures.back().where, testing::StartsWith(path));
    EXPECT_THAT(report.changed_files, IsEmpty());
    EXPECT_GT(report.records, 0U);
  }
}

TEST_F(ChangedFiles, WrittenOverAtTheSameLengthIsAFailure) {
  const std::string bytes = text(9'000);
  const std::string path = scratch_.write("rewritten", bytes);
  const auto before = std::filesystem::last_write_time(path);
  const RunReport report = read(path, [&] {
    scratch_.write("rewritten", bytes);
    std::filesystem::last_write_time(path, before + std::chrono::seconds(1));
  });
  EXPECT_THAT(report.failures, ElementsAre(about(path, "was written to while it was read")));
}

TEST_F(ChangedFiles, GrownOrRotatedIsAWarning) {
  for (const std::size_t records : {9'000, 40'000}) {
    const std::string path = scratch_.write("growing", text(records));
    const RunReport grown = read(path, [&] { append(path); });
    EXPECT_THAT(grown.changed_files, ElementsAre(about(path, "grew while it was read")));
    EXPECT_THAT(grown.failures, IsEmpty());

    const RunReport rotated = read(path, [&] {
      std::filesystem::rename(path, path + ".1");
      scratch_.write("growing", "");
    });
    EXPECT_THAT(rotated.changed_files, ElementsAre(about(path, "was replaced while it was read")));
    EXPECT_THAT(rotated.failures, IsEmpty());
    EXPECT_EQ(rotated.records, records + 1);  // all of the old one
  }
}

TEST_F(ChangedFiles, WhatStaysOrIsOnlyRemovedIsNoWarning) {
  const std::string path = scratch_.write("quiet", text(9'000));
  EXPECT_THAT(read(path, [] {}).changed_files, IsEmpty());
  const RunReport removed = read(path, [&] { std::filesystem::remove(path); });
  EXPECT_THAT(removed.changed_files, IsEmpty());
  EXPECT_THAT(removed.failures, IsEmpty());
  EXPECT_EQ(removed.records, 9'000U);
}

}  // namespace
}  // namespace weir::pipeline
