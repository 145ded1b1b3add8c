// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <thread>

#include "base/scratch_testing.hpp"
#include "source/packed_bytes.hpp"
#include "source/source_testing.hpp"
#include "source/unpacker.hpp"

namespace weir::source {
namespace {

using namespace scratch_testing;
using namespace source_testing;
using namespace std::string_literals;

TEST(Object, ContainerComesFromTheContent) {
  const ScratchDirectory scratch;
  const std::string text = records(3);
  const struct {
    const char* why;
    std::string name;
    std::string content;
    Container container;
    std::string bytes;
  } cases[] = {
      {"text", "a.log", text, Container::plain, text},
      {"no bytes", "b.log.gz", "", Container::plain, ""},
      {"one byte", "c.gz", "\x1f", Container::plain, "\x1f"},
      {"text that is named like gzip", "d.gz", text, Container::plain, text},
      {"gzip that is named like text", "e.txt", gzip(text), Container::gzip, text},
      {"zstd without an ending", "f", zstd(text), Container::zstd, text},
      {"a skippable frame", "g", "\x50\x2a\x4d\x18\0\0\0\0"s + zstd(text), Container::zstd, text},
      {"Parquet is handed out as it is", "h.gz", "PAR1\x15\x04PAR1", Container::parquet,
       "PAR1\x15\x04PAR1"},
      {"nearly Parquet", "i", "PAR2", Container::plain, "PAR2"},
      {"text in UTF-16, little end first", "k", "\xff\xfe\x32\0\xac\x20\x3d\xd8\x00\xde\n\0"s,
       Container::utf16, "2\u20ac\U0001F600\n"},
      {"text in UTF-16, big end first", "l", "\xfe\xff\0\x32\0\n"s, Container::utf16, "2\n"},
      {"UTF-16 that ends inside a pair", "m", "\xff\xfe\x3d\xd8\x32"s, Container::utf16,
       "\ufffd\ufffd"},
      {"UTF-32 is left alone", "n", "\xff\xfe\0\0\x32\0\0\0"s, Container::plain,
       "\xff\xfe\0\0\x32\0\0\0"s},
      {"begins like a skippable frame", "j", "PEAR", Container::plain, "PEAR"},
  };
  for (const auto& c : cases) {
    const std::string path = scratch.write(c.name, c.content);
    auto object = Object::open(path);
    ASSERT_TRUE(object) << c.why;
    EXPECT_EQ((*object)->container(), c.container) << c.why;
    EXPECT_EQ((*object)->name(), path) << c.why;
    const Drained drained = drain(**object);
    EXPECT_EQ(drained.bytes, c.bytes) << c.why;
    EXPECT_FALSE(drained.error) << c.why;
    EXPECT_EQ((*object)->packed_bytes(), c.content.size()) << c.why;
    EXPECT_EQ((*object)->unpacked_bytes(), c.bytes.size()) << c.why;

    const auto in_memory = Object::from_memory("memory", c.content);
    EXPECT_EQ(in_memory->container(), c.container) << c.why;
    EXPECT_EQ(drain(*in_memory).bytes, c.bytes) << c.why;
  }
}

TEST(Object, WhatIsPackedAgainInsideIsUnpackedFourLayersDeep) {
  const std::string text = records(20'000);
  const std::string one = gzip(text);
  const std::string four = gzip(gzip(zstd(one)));
  const struct {
    const char* why;
    std::string content;
    std::string packing;
    std::string bytes;
  } cases[] = {
      {"once", one, "gzip", text},
      {"gzip in gzip", gzip(one), "gzip in gzip", text},
      {"members in members", gzip(one + one) + gzip(one), "gzip in gzip", text + text + text},
      {"zstd in gzip", gzip(zstd(text)), "zstd in gzip", text},
      {"gzip in zstd", zstd(one), "gzip in zstd", text},
      {"four times", four, "gzip in zstd in gzip in gzip", text},
      {"a fifth time stays", gzip(four), "zstd in gzip in gzip in gzip", one},
      {"UTF-16 in gzip", gzip("\xff\xfe\x32\0"s), "UTF-16 in gzip", "2"},
      {"nothing in gzip in gzip", gzip(gzip("")), "gzip in gzip", ""},
      {"Parquet in gzip", gzip("PAR1x"), "Parquet in gzip", "PAR1x"},
      {"one byte that begins like gzip", gzip("\x1f"), "gzip", "\x1f"},
  };
  for (const auto& c : cases) {
    for (const std::size_t span : {std::size_t{1}, std::size_t{3}, std::size_t{64} * 1024}) {
      const auto object = Object::from_memory("memory", c.content);
      EXPECT_EQ(object->packing(), c.packing) << c.why;
      const Drained drained = drain(*object, span);
      EXPECT_TRUE(drained.bytes == c.bytes) << c.why;
      EXPECT_FALSE(drained.error) << c.why;
      if (c.bytes.size() > 100 && span < 3) break;
    }
  }
}

TEST(Object, DamageInAnyLayerComesAfterTheBytesBeforeIt) {
  const std::string text = records(20'000);
  const std::string inner = gzip(text);
  const std::string outer = gzip(inner);
  for (const std::string& content :
       {gzip(inner.substr(0, inner.size() / 2)), outer.substr(0, outer.size() / 2)}) {
    const Drained drained = drain_memory(content);
    ASSERT_TRUE(drained.error);
    EXPECT_EQ(drained.error->code, ErrorCode::damaged);
    EXPECT_EQ(drained.error->where, "memory");
    EXPECT_GT(drained.bytes.size(), text.size() / 3);
    EXPECT_TRUE(text.starts_with(drained.bytes));
  }
}

TEST(Object, WhatCannotBeOpenedSaysWhy) {
  const ScratchDirectory scratch;
  const std::string file = scratch.write("file", "text");
  const struct {
    const char* why;
    std::string path;
    ErrorCode code;
    std::string message;
  } cases[] = {
      {"missing", scratch.path("absent"), ErrorCode::not_found, "no such file or directory"},
      {"below a file", file + "/below", ErrorCode::not_found, "no such file or directory"},
      {"a directory", scratch.path(), ErrorCode::unreadable, "is a directory, not a file"},
      {"a name longer than any", std::string(5000, 'x'), ErrorCode::unreadable,
       "cannot be opened: File name too long"},
  };
  for (const auto& c : cases) {
    auto object = Object::open(c.path);
    ASSERT_FALSE(object) << c.why;
    EXPECT_EQ(object.error().code, c.code) << c.why;
    EXPECT_EQ(object.error().message, c.message) << c.why;
    EXPECT_EQ(object.error().where, c.path) << c.why;
  }
}

TEST(Object, SpansOfAnySizeGiveTheSameBytes) {
  const ScratchDirectory scratch;
  const std::string text = records(3'000);
  const std::string contents[] = {text, gzip(text), zstd(text),
                                  gzip(text.substr(0, 1000)) + gzip(text.substr(1000)),
                                  zstd(text.substr(0, 1000)) + zstd(text.substr(1000))};
  for (const std::string& content : contents) {
    const std::string path = scratch.write("object", content);
    for (const std::size_t span_bytes : {1u, 7u, 4096u, 1u << 20}) {
      auto object = Object::open(path);
      ASSERT_TRUE(object);
      const Drained drained = drain(**object, span_bytes);
      EXPECT_FALSE(drained.error);
      EXPECT_TRUE(drained.bytes == text)
          << container_name((*object)->container()) << " by " << span_bytes;
    }
  }
}

TEST(Unpacker, PackedBytesMayArriveInAnyPieces) {
  // Name, extra field and checksum in the header: ISA-L has to resume in each of them.
  const std::string header =
      "\x1f\x8b\x08\x1e\0\0\0\0\0\x03\x03\0"
      "abcflow.log\0a comment\0\x1c\xd5"s;
  const std::string text = records(400);
  const std::string with_header = header + gzip(text).substr(10);
  const struct {
    std::unique_ptr<Unpacker> (*make)();
    std::string packed;
    std::string expected;
  } cases[] = {
      {make_gzip_unpacker, with_header + gzip("") + gzip(noise(500)) + "\0\0\0"s,
       text + noise(500)},
      {make_zstd_unpacker, zstd(text) + "\x50\x2a\x4d\x18\x03\0\0\0abc"s + zstd(noise(500)),
       text + noise(500)},
      {make_plain_unpacker, text, text},
  };
  for (const auto& c : cases) {
    for (const std::size_t step : {1u, 2u, 3u, 13u, 1000u}) {
      PackedBytes packed(std::make_unique<Trickle>(c.packed, step));
      const Drained drained = drain(*c.make(), packed);
      EXPECT_FALSE(drained.error) << drained.error->message;
      EXPECT_TRUE(drained.bytes == c.expected) << "in steps of " << step;
    }
  }
}

class Failing final : public ByteStream {
 public:
  explicit Failing(std::string_view bytes) : before_(bytes, 100) {}
  Result<std::size_t> read(std::span<char> out) override {
    auto length = before_.read(out);
    if (*length > 0) return length;
    return Unexpected({ErrorCode::unreadable, "cannot be read: disk on fire", "disk", {}, {}});
  }

 private:
  Trickle before_;
};

TEST(Unpacker, AReadErrorComesAfterTheBytesBeforeIt) {
  const std::string text = records(400);
  const struct {
    const char* why;
    std::unique_ptr<Unpacker> (*make)();
    std::string packed;
  } cases[] = {
      {"plain", make_plain_unpacker, text},
      {"inside a member", make_gzip_unpacker, gzip(text + text).substr(0, 8000)},
      {"between members", make_gzip_unpacker, gzip(text)},
      {"inside a frame", make_zstd_unpacker, zstd(noise(300'000)).substr(0, 280'000)},
      {"between frames", make_zstd_unpacker, zstd(text)},
  };
  for (const auto& c : cases) {
    PackedBytes packed(std::make_unique<Failing>(c.packed));
    const Drained drained = drain(*c.make(), packed);
    EXPECT_GT(drained.bytes.size(), 1000u) << c.why;
    ASSERT_TRUE(drained.error) << c.why;
    EXPECT_EQ(drained.error->message, "cannot be read: disk on fire") << c.why;
    EXPECT_EQ(drained.error->where, "disk") << c.why;
  }
}

TEST(Object, PipesAreReadWithoutSeeking) {
  const ScratchDirectory scratch;
  const std::string text = records(5'000);
  for (const std::string& content : {text, gzip(text), zstd(text)}) {
    const std::string path = scratch.path("pipe");
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << content; });
    auto object = Object::open(path);
    const Drained drained = object ? drain(**object) : Drained{};
    writer.join();
    ASSERT_TRUE(object);
    EXPECT_FALSE(drained.error);
    EXPECT_TRUE(drained.bytes == text);
    std::filesystem::remove(path);
  }
}

TEST(Object, APipeIsNotWaitedForWhileThereAreBytes) {
  const ScratchDirectory scratch;
  const std::string path = scratch.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  for (const bool packed : {false, true}) {
    // Opened for both, the pipe never ends: a read that wants more than there is would never
    // return.
    const int both = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(both, 0);
    const std::string content = packed ? gzip("one line\n") : "one line\n";
    ASSERT_EQ(::write(both, content.data(), content.size()), std::ssize(content));
    auto object = Object::open(path);
    ASSERT_TRUE(object);
    std::vector<char> out(1000);
    auto length = (*object)->read(out);
    ASSERT_TRUE(length);
    EXPECT_EQ(std::string_view(out.data(), *length), "one line\n");
    ::close(both);
  }
}

// Puts a file in the place of standard input and takes it away again.
class StandardInputFrom {
 public:
  explicit StandardInputFrom(const std::string& path) : saved_(::dup(0)) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(file, 0);
    ::close(file);
  }
  StandardInputFrom(const StandardInputFrom&) = delete;
  StandardInputFrom& operator=(const StandardInputFrom&) = delete;
  ~StandardInputFrom() {
    ::dup2(saved_, 0);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST(Object, ReadsStandardInput) {
  const ScratchDirectory scratch;
  const std::string packed = gzip(records(10));
  const struct {
    const char* why;
    std::string content;
    std::optional<std::string> where;
  } cases[] = {
      {"whole", packed, {}},
      {"cut", packed.substr(0, packed.size() - 1), "standard input"},
  };
  for (const auto& c : cases) {
    const StandardInputFrom input(scratch.write("input", c.content));
    auto object = Object::open("-");
    ASSERT_TRUE(object) << c.why;
    EXPECT_EQ((*object)->name(), "standard input");
    const Drained drained = drain(**object);
    EXPECT_EQ(drained.bytes, records(10)) << c.why;
    EXPECT_EQ(drained.error.has_value(), c.where.has_value()) << c.why;
    if (drained.error) {
      EXPECT_EQ(drained.error->where, *c.where) << c.why;
    }
  }
  const StandardInputFrom input(scratch.path());
  auto object = Object::open("-");
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().message, "is a directory, not a file");
}

}  // namespace
}  // namespace weir::source
