// SPDX-License-Identifier: Apache-2.0
// Whatever the number of threads and however the bytes arrive (a plain file in ranges, a packed one
// as a stream, many objects), the output, the rejects and the counts are the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "base/scratch_testing.hpp"
#include "source/archive_testing.hpp"
#include "weir/pipeline.hpp"
#include "weir/render.hpp"

namespace weir::pipeline {
namespace {

struct TextPiece final : SinkPiece {
  std::string text;
};

/// Lines of flow-log text, made by the threads and put together in order.
class TextSink final : public BatchSink {
 public:
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    text += lines_of(batch, selection);
    return true;
  }
  std::unique_ptr<SinkPart> part() override { return std::make_unique<Part>(); }
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override {
    text += static_cast<TextPiece&>(*piece).text;
    return true;
  }
  void object_done(const DecodeReport& report) override {
    objects.emplace_back(report.name, report.records, report.rejected);
    for (const Reject& reject : report.samples) samples.push_back(reject.line);
  }

  std::string text;
  std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t>> objects;
  std::vector<std::uint64_t> samples;

 private:
  static std::string lines_of(const Batch& batch, const Selection& selection) {
    StringSink sink;
    const auto writer = RecordWriter::create(OutputKind::ndjson, sink, {}, {});
    EXPECT_TRUE(writer->write(batch, selection));
    EXPECT_TRUE(writer->finish());
    return sink.text();
  }
  class Part final : public SinkPart {
   public:
    void take(const Batch& batch, const Selection& selection) override {
      if (!piece_) piece_ = std::make_unique<TextPiece>();
      piece_->text += lines_of(batch, selection);
    }
    std::unique_ptr<SinkPiece> end_block() override { return std::move(piece_); }

   private:
    std::unique_ptr<TextPiece> piece_;
  };
};

struct Outcome {
  std::string text;
  std::vector<std::uint64_t> reject_lines;
  std::vector<std::uint64_t> samples;
  std::vector<std::uint64_t> records;
  std::uint64_t matched = 0;
  std::uint64_t rejected = 0;
  std::uint64_t unpacked_bytes = 0;
  std::vector<std::string> formats;
  std::vector<std::string> failures;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome_of(const std::vector<Input>& names, RunOptions options, std::size_t threads) {
  Outcome outcome;
  options.threads = threads;
  options.decode.on_reject = [&](const std::string&, const Reject& reject) {
    outcome.reject_lines.push_back(reject.line);
  };
  TextSink sink;
  const RunReport report = run(names, options, sink);
  outcome.text = sink.text;
  outcome.samples = sink.samples;
  for (const auto& object : sink.objects) outcome.records.push_back(std::get<1>(object));
  outcome.matched = report.matched;
  outcome.rejected = report.rejected;
  outcome.unpacked_bytes = report.unpacked_bytes;
  for (const FormatPtr& format : report.formats) outcome.formats.push_back(format->header());
  for (const Error& error : report.failures) outcome.failures.push_back(error.message);
  return outcome;
}

/// Text that has everything that makes blocks depend on each other.
class LogText {
 public:
  explicit LogText(std::uint32_t seed) : random_(seed) {}

  std::string make(std::size_t bytes, bool tidy) {
    std::string text = "dstport action start srcaddr\n";
    while (text.size() < bytes) {
      const auto odd = random_() % 2000;
      if (tidy || odd > 12) {
        text += record();
      } else {
        text += oddity(odd);
      }
    }
    return text;
  }

 private:
  std::string record() {
    return std::to_string(random_() % 65536) + (random_() % 8 == 0 ? " REJECT " : " ACCEPT ") +
           std::to_string(1700000000 + random_() % 1000) + " 10.0." +
           std::to_string(random_() % 256) + ".7\n";
  }
  std::string oddity(std::size_t kind) {
    switch (kind) {
      case 0:
        return "action dstport\n" + std::string("REJECT 22\nACCEPT 80\n");
      case 1:
        return "dstport action start srcaddr\n";
      case 2:
        return "# a comment\n\n  \n";
      case 3:
        return "1 ACCEPT 5\n";
      case 4:
        return "x ACCEPT 1 1.2.3.4\n";
      case 5:
        return "1\tACCEPT  17 1.2.3.4 \r\n";
      case 6:
        return "1 ACCEPT 17 " + std::string(random_() % 5000, 'y') + "\n";
      case 7:
        return std::string(random_() % 30000, 'z') + "\n";
      case 8:
        return random_() % 20 == 0 ? std::string((1U << 20) + random_() % 600000, 'q') + "\n" : "";
      case 9:
        return "- - - -\n";
      case 10:
        return "1 ACCEPT 1700000000000 2001:db8::1\n";
      default:
        return "99999999999 REJECT 1 1.2.3.4\n";
    }
  }
  std::mt19937 random_;
};

class Parallel : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return scratch_.path(name); }
  std::string write(const std::string& name, const std::string& text) const {
    const auto sink = open_sink(path(name), packing_of(name));
    EXPECT_TRUE(sink);
    EXPECT_TRUE((*sink)->write(text));
    EXPECT_TRUE((*sink)->finish());
    return path(name);
  }

  const scratch_testing::ScratchDirectory scratch_;
};

TEST_F(Parallel, AFileReadInRangesIsTheSameAsAStream) {
  for (const bool tidy : {true, false}) {
    std::string text = LogText(tidy ? 1 : 2).make(std::size_t{2} << 20, tidy);
    for (const bool ends_with_newline : {true, false}) {
      if (!ends_with_newline) text.pop_back();
      const std::string plain = write("ranges.log", text);
      const std::string packed = write("stream.log.gz", text);
      for (const char* filter : {"", "rejected and dstport < 30000"}) {
        RunOptions options;
        if (*filter != '\0') options.filter = *Filter::parse(filter);
        const Outcome expected = outcome_of({packed}, options, 1);
        EXPECT_GT(expected.matched, 50U);
        EXPECT_EQ(expected.rejected > 0, !tidy);
        for (const std::size_t threads : {1, 2, 5}) {
          EXPECT_TRUE(outcome_of({plain}, options, threads) == expected) << threads << filter;
          EXPECT_TRUE(outcome_of({packed}, options, threads) == expected) << threads << filter;
        }
      }
    }
  }
}

TEST_F(Parallel, ByteOrderMarksAreNoPartOfTheFirstLine) {
  const std::string text = "\xef\xbb\xbf" + LogText(3).make(std::size_t{2} << 20, true);
  const Outcome ranges = outcome_of({write("mark.log", text)}, {}, 2);
  const Outcome stream = outcome_of({write("mark.log.gz", text)}, {}, 1);
  EXPECT_TRUE(ranges == stream);
  EXPECT_EQ(ranges.rejected, 0U);
}

TEST_F(Parallel, ManyObjectsComeOutInTheirOrder) {
  std::vector<Input> names;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const std::size_t bytes = i % 7 == 0 ? (std::size_t{1} << 20) + 5000 : i * 1000;
    const std::string name = "many" + std::to_string(i) + (i % 3 == 0 ? ".log" : ".log.gz");
    names.push_back(write(name, LogText(i).make(bytes, i % 2 == 0)));
  }
  names.insert(names.begin() + 5, path("is-not-there"));
  names.insert(names.begin() + 9, write("prose", "Dear reader\nthis is no log\n"));
  const std::string whole = scratch_testing::read_file(path("many4.log.gz"));
  names.push_back(scratch_.write("damaged.gz", whole.substr(0, whole.size() / 2)));
  const Outcome expected = outcome_of(names, {}, 1);
  EXPECT_EQ(expected.failures.size(), 3U);
  for (const std::size_t threads : {2, 7}) {
    EXPECT_TRUE(outcome_of(names, {}, threads) == expected) << threads;
  }
}

TEST_F(Parallel, ArchivesAreTheSameAsTheFilesInThem) {
  using namespace archive_testing;
  std::vector<Input> names;
  std::vector<ArchiveMember> members = {{.name = "logs/"}};
  const auto add = [&](const std::string& name, const std::string& path) {
    names.push_back(path);
    members.push_back({.name = "logs/" + name, .bytes = scratch_testing::read_file(path)});
  };
  for (std::uint32_t i = 0; i < 12; ++i) {
    const std::size_t bytes = i % 5 == 0 ? 700'000 : 1 + i * 1000;
    const std::string name = "a" + std::to_string(i) + (i % 3 == 0 ? ".log" : ".log.gz");
    add(name, write(name, LogText(i).make(bytes, i % 2 == 0)));
  }
  add("prose", write("prose", "Dear reader\nthis is no log\n"));
  const std::string whole = scratch_testing::read_file(path("a5.log.gz"));
  add("cut.gz", scratch_.write("cut.gz", whole.substr(0, whole.size() / 2)));
  const std::string last = write("last.log", LogText(99).make(9000, true));
  add("last.log", last);
  const Outcome expected = outcome_of(names, {}, 1);
  EXPECT_EQ(expected.failures.size(), 2U);

  int number = 0;
  for (const ArchiveKind& kind : {kTar, kTarGz, kTarXz, kZip, kStoredZip}) {
    const Input archive = scratch_.write(std::to_string(++number), pack(kind, members));
    for (const std::size_t threads : {1, 5}) {
      const Outcome outcome = outcome_of({archive}, {}, threads);
      EXPECT_TRUE(outcome == expected) << number << " on " << threads;
    }
    if (number % 2 == 0) continue;
    // Between others, and followed by one that is read meanwhile.
    const std::vector<Input> mixed = {last, archive, archive, last};
    EXPECT_TRUE(outcome_of(mixed, {}, 1) == outcome_of(mixed, {}, 4)) << number;
  }
}

TEST_F(Parallel, AnArchiveWithoutFilesIsNoAnswer) {
  using namespace archive_testing;
  const Input name = scratch_.write("empty.tar", pack(kTar, {{.name = "logs/"}}));
  const Outcome outcome = outcome_of({name}, {}, 2);
  EXPECT_THAT(outcome.failures, testing::ElementsAre("the archive holds no files"));
}

TEST_F(Parallel, ProgressOfAnArchiveIsThatOfItsFile) {
  using namespace archive_testing;
  std::vector<ArchiveMember> members;
  for (std::uint32_t i = 0; i < 5; ++i) {
    members.push_back({.name = std::to_string(i), .bytes = LogText(i).make(300'000, true)});
  }
  for (const ArchiveKind& kind : {kTar, kTarGz, kZip}) {
    const Input name = scratch_.write("progress", pack(kind, members));
    Progress progress;
    RunOptions options;
    options.progress = &progress;
    TextSink sink;
    const RunReport report = run(std::span(&name, 1), options, sink);
    EXPECT_EQ(report.objects, members.size());
    const auto size = std::filesystem::file_size(name.name);
    EXPECT_LE(progress.state().done, size);
    EXPECT_GT(progress.state().done, size * 9 / 10);
  }
}

// Names, kinds of archives and thread counts aside: what an archive gives cannot fill the memory.
TEST_F(Parallel, OfVeryManyBadMembersTheFirstAreKeptAndTheOthersCounted) {
  using namespace archive_testing;
  std::vector<ArchiveMember> members(kMostFailures + 7, {.name = "a", .bytes = "no log at all\n"});
  const Input name = scratch_.write("many.tgz", pack(kTarGz, members));
  TextSink sink;
  const RunReport report = run(std::span(&name, 1), {}, sink);
  EXPECT_EQ(report.failures.size(), kMostFailures);
  EXPECT_EQ(report.more_failures, 7U);
}

TEST_F(Parallel, AFullSinkEndsTheRun) {
  class OneBlock final : public BatchSink {
   public:
    Result<bool> take(const Batch&, const Selection&) override { return true; }
    std::unique_ptr<SinkPart> part() override { return std::make_unique<Part>(); }
    Result<bool> commit(std::unique_ptr<SinkPiece>) override {
      ++commits;
      return Unexpected(Error{.code = ErrorCode::unreadable, .message = "no space left"});
    }
    int commits = 0;

   private:
    class Part final : public SinkPart {
     public:
      void take(const Batch&, const Selection&) override {}
      std::unique_ptr<SinkPiece> end_block() override { return std::make_unique<TextPiece>(); }
    };
  };
  const std::string name = write("full.log", LogText(4).make(std::size_t{8} << 20, true));
  OneBlock sink;
  RunOptions options;
  options.threads = 4;
  const std::vector<Input> names{name, name, name};
  const RunReport report = run(names, options, sink);
  ASSERT_TRUE(report.fatal);
  EXPECT_EQ(report.fatal->message, "no space left");
  EXPECT_EQ(sink.commits, 1);
}

}  // namespace
}  // namespace weir::pipeline
