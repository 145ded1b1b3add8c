// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iterator>
#include <string>

#include "base/scratch_testing.hpp"
#include "source/source_testing.hpp"

namespace weir::source {
namespace {

using namespace scratch_testing;
using namespace source_testing;
using namespace std::string_literals;

TEST(Sink, WritesWhatIsReadAgain) {
  const ScratchDirectory scratch;
  const std::string texts[] = {"", "one line\n", records(20'000), noise(700'000)};
  for (const Packing packing : {Packing::none, Packing::gzip, Packing::zstd}) {
    for (const std::string& text : texts) {
      for (const std::size_t piece : {std::size_t{100}, std::size_t{200'000}, text.size() + 1}) {
        const std::string path = scratch.path("out");
        auto sink = open_sink(path, packing);
        ASSERT_TRUE(sink);
        for (std::size_t at = 0; at < text.size(); at += piece) {
          ASSERT_TRUE((*sink)->write(std::string_view(text).substr(at, piece)));
        }
        ASSERT_TRUE((*sink)->finish());
        EXPECT_FALSE((*sink)->is_closed_pipe());

        auto object = Object::open(path);
        ASSERT_TRUE(object);
        const Drained drained = drain(**object);
        EXPECT_FALSE(drained.error);
        EXPECT_TRUE(drained.bytes == text) << text.size() << " bytes by " << piece;
      }
    }
  }
}

TEST(Sink, GzipHeaderNamesNoFileAndNoTime) {
  const std::string packed = gzip("one line\n");
  EXPECT_EQ(packed.substr(0, 9), "\x1f\x8b\x08\0\0\0\0\0\0"s);
  EXPECT_EQ(packed.substr(packed.size() - 4), "\x09\0\0\0"s) << "the trailer ends with the length";
}

TEST(Sink, ReplacesAFileAndRefusesWhatIsNone) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("out", "a longer content than the new one");
  auto sink = open_sink(path, Packing::none);
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->write("new"));
  EXPECT_EQ(read_file(path), "a longer content than the new one") << "until finish()";
  ASSERT_TRUE((*sink)->finish());
  EXPECT_EQ(read_file(path), "new");

  for (const std::string& bad : {scratch.path(), scratch.path("absent/out")}) {
    auto refused = open_sink(bad, Packing::gzip);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unreadable);
    EXPECT_EQ(refused.error().where, bad);
  }
}

TEST(Sink, IsWholeOrNotThere) {
  const ScratchDirectory scratch;
  const std::string kept = scratch.write("kept", "before");
  const std::string absent = scratch.path("absent");
  for (const Packing packing : {Packing::none, Packing::gzip, Packing::zstd}) {
    for (const std::string& path : {kept, absent}) {
      auto sink = open_sink(path, packing);
      ASSERT_TRUE(sink);
      ASSERT_TRUE((*sink)->write(noise(1'000'000)));
    }
    EXPECT_EQ(read_file(kept), "before") << "nothing was finished";
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1)
        << "and nothing is left";
  }
}

TEST(Sink, KeepsTheModeAndTheLinkOfWhatItReplaces) {
  const ScratchDirectory scratch;
  const std::string path = scratch.write("secret", "before");
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  for (const char* const target : {"secret", "new"}) {
    const std::string link = scratch.path("link");
    ASSERT_EQ(symlink(target, link.c_str()), 0);
    auto sink = open_sink(link, Packing::none);
    ASSERT_TRUE(sink);
    ASSERT_TRUE((*sink)->write("after"));
    ASSERT_TRUE((*sink)->finish());
    struct stat status {};
    ASSERT_EQ(lstat(link.c_str(), &status), 0);
    EXPECT_TRUE(S_ISLNK(status.st_mode)) << target;
    EXPECT_EQ(read_file(scratch.path(target)), "after");
    ASSERT_EQ(unlink(link.c_str()), 0);
  }
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Sink, AFullDeviceIsTold) {
  for (const Packing packing : {Packing::none, Packing::gzip, Packing::zstd}) {
    auto sink = open_sink("/dev/full", packing);
    ASSERT_TRUE(sink);
    const auto written = (*sink)->write(noise(1'000'000));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "cannot be written: No space left on device");
    EXPECT_EQ(written.error().where, "/dev/full");
    EXPECT_FALSE((*sink)->finish()) << "a failed sink stays failed";
    EXPECT_FALSE((*sink)->is_closed_pipe());
  }
}

TEST(Sink, AClosedPipeIsRecognised) {
  const ScratchDirectory scratch;
  const auto previous = std::signal(SIGPIPE, SIG_IGN);
  for (const Packing packing : {Packing::none, Packing::gzip, Packing::zstd}) {
    const std::string path = scratch.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    auto sink = open_sink(path, packing);
    ASSERT_TRUE(sink);
    ::close(reader);
    ASSERT_TRUE((*sink)->write("one line\n")) << "nobody has tried yet";
    const auto finished = (*sink)->finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().message, "cannot be written: Broken pipe");
    EXPECT_TRUE((*sink)->is_closed_pipe());
    std::filesystem::remove(path);
  }
  std::signal(SIGPIPE, previous);
}

TEST(Sink, PackingOfAName) {
  EXPECT_EQ(packing_of("flow.log.gz"), Packing::gzip);
  EXPECT_EQ(packing_of("flow.log.zst"), Packing::zstd);
  EXPECT_EQ(packing_of("flow.gz.log"), Packing::none);
  EXPECT_EQ(packing_of(""), Packing::none);
}

}  // namespace
}  // namespace weir::source
