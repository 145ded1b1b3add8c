// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_testing.hpp"
#include "source/archive_testing.hpp"
#include "source/source_testing.hpp"

namespace weir::source {
namespace {

using namespace archive_testing;
using namespace scratch_testing;
using namespace source_testing;
using namespace std::string_literals;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// All that came out of an archive.
struct Taken {
  std::vector<std::string> names;
  std::vector<std::string> packings;
  std::string bytes;                // of all members
  std::vector<std::string> errors;  // `where: message`
  std::uint64_t left_out = 0;
};

Taken take_all(std::unique_ptr<Object> object) {
  Taken taken;
  EXPECT_TRUE(object->is_archive());
  if (!object->is_archive()) return taken;
  const auto note = [&](const Error& error) {
    taken.errors.push_back(error.where + ": " + error.message);
  };
  Archive archive(std::move(object));
  while (taken.errors.size() < 10'000) {
    auto member = archive.next();
    if (!member) {
      note(member.error());
      continue;
    }
    if (*member == nullptr) break;
    taken.names.push_back((*member)->name());
    taken.packings.push_back((*member)->packing());
    Drained drained = drain(**member);
    taken.bytes += drained.bytes;
    if (drained.error) note(*drained.error);
  }
  const auto after = archive.next();
  EXPECT_TRUE(after && *after == nullptr) << "the end is not the end";
  taken.left_out = archive.left_out();
  return taken;
}

Taken take_all(const std::string& bytes) { return take_all(Object::from_memory("x", bytes)); }

/// From a pipe that gives a few bytes at a time.
Taken take_slowly(const std::string& bytes, std::size_t step) {
  return take_all(Object::from_stream("x", std::make_unique<Trickle>(bytes, step), ""));
}

const ArchiveKind* const kKinds[] = {&kTar,    &kGnuTar, &kOldTar, &kTarGz,
                                     &kTarZst, &kTarXz,  &kZip,    &kStoredZip};

TEST(Archive, EveryFileInItIsAnObject) {
  const std::string one = records(500, 1);
  const std::string two = records(30'000, 2);
  const std::vector<ArchiveMember> members = {
      {.name = "logs/"},
      {.name = "logs/a.log", .bytes = one},
      {.name = "logs/empty.log"},
      {.name = "./logs/b.log.gz", .bytes = gzip(two)},
      {.name = "../../etc/c.bz2", .bytes = bzip2(one)},
  };
  const ScratchDirectory scratch;
  int number = 0;
  for (const ArchiveKind* kind : kKinds) {
    const std::string packed = pack(*kind, members);
    const std::string path = scratch.write(std::to_string(++number), packed);
    auto file = Object::open(path);
    ASSERT_TRUE(file);
    const Taken from_file = take_all(*std::move(file));
    EXPECT_THAT(from_file.names, ElementsAre(path + "/logs/a.log", path + "/logs/b.log.gz",
                                             path + "/../../etc/c.bz2"));
    for (const Taken& taken : {from_file, take_all(packed), take_slowly(packed, 1000)}) {
      EXPECT_TRUE(taken.bytes == one + two + one) << number;
      EXPECT_THAT(taken.errors, IsEmpty()) << number;
      EXPECT_THAT(taken.packings.at(1), StartsWith("gzip in ")) << number;
    }
  }
  EXPECT_THAT(take_all(pack(kTarGz, members)).packings,
              ElementsAre("tar in gzip", "gzip in tar in gzip", "bzip2 in tar in gzip"));
}

TEST(Archive, LinksAndWhatMacOsAddsAreSkipped) {
  const std::vector<ArchiveMember> members = {
      {.name = "a.log", .bytes = "2 a\n"},
      {.name = "latest.log", .symbolic_link = "a.log"},
      {.name = "._a.log", .bytes = "Mac OS X"},
      {.name = "__MACOSX/._b.log", .bytes = "Mac OS X"},
      {.name = "sub/.hidden/c.log", .bytes = "2 c\n"},
      {.name = "./d..log", .bytes = "2 d\n"},
  };
  for (const ArchiveKind* kind : {&kTar, &kTarGz, &kZip}) {
    const ScratchDirectory scratch;  // a zip says only at its end what is a link
    auto file = Object::open(scratch.write("x", pack(*kind, members)));
    ASSERT_TRUE(file);
    const Taken taken = take_all(*std::move(file));
    EXPECT_EQ(taken.bytes, "2 a\n2 d\n");
    EXPECT_EQ(taken.left_out, 3U);
    EXPECT_THAT(taken.errors, IsEmpty());
  }
  EXPECT_EQ(take_all(pack(kTar, {{.name = "a", .bytes = "2 a\n"}, {.name = "b", .hard_link = "a"}}))
                .bytes,
            "2 a\n");
}

TEST(Archive, ArchivesInItAreOpenedFourDeep) {
  std::string packed = pack(kTar, {{.name = "log", .bytes = "2 a\n"}});
  packed = pack(kZip, {{.name = "1.tar", .bytes = packed}, {.name = "b", .bytes = "2 b\n"}});
  const Taken two = take_all(packed);
  EXPECT_THAT(two.names, ElementsAre("x/1.tar/log", "x/b"));
  EXPECT_THAT(two.packings, ElementsAre("tar in zip", "zip"));
  packed = pack(kTarGz, {{.name = "2.zip", .bytes = packed}});
  packed = pack(kStoredZip, {{.name = "3.tgz", .bytes = packed}, {.name = "c", .bytes = "2 c\n"}});
  const Taken four = take_all(packed);
  EXPECT_THAT(four.names, ElementsAre("x/3.tgz/2.zip/1.tar/log", "x/3.tgz/2.zip/b", "x/c"));
  EXPECT_EQ(four.bytes, "2 a\n2 b\n2 c\n");
  const Taken five = take_all(pack(kTar, {{.name = "4.zip", .bytes = packed}}));
  EXPECT_EQ(five.bytes, "2 b\n2 c\n");
  EXPECT_THAT(five.errors,
              ElementsAre("x/4.zip/3.tgz/2.zip/1.tar: this archive stands in more than three "
                          "others"));
}

TEST(Archive, TarsPutOneAfterTheOtherAreOne) {
  const std::string both =
      pack(kTar, {{.name = "a", .bytes = "2 a\n"}}) + pack(kTar, {{.name = "b", .bytes = "2 b\n"}});
  EXPECT_EQ(take_all(both).bytes, "2 a\n2 b\n");
  EXPECT_EQ(take_all(gzip(both)).bytes, "2 a\n2 b\n");
  EXPECT_THAT(take_all(both + "rubbish").errors, SizeIs(1));
}

TEST(Archive, EncryptedMembersAreToldAndTheOthersRead) {
  const std::vector<ArchiveMember> members = {{.name = "a", .bytes = "2 a\n"}};
  const Taken taken =
      take_all(pack(kTar, {{.name = "secret.zip", .bytes = pack(kEncryptedZip, members)},
                           {.name = "b", .bytes = "2 b\n"}}));
  EXPECT_EQ(taken.bytes, "2 b\n");
  EXPECT_THAT(taken.errors, ElementsAre("x/secret.zip/a: this member of the archive is encrypted"));
}

// Zeros that nobody wrote are not handed out: there may be 2^60 of them.
TEST(Archive, HolesOfSparseFilesCostNothing) {
  constexpr std::size_t kHole = std::size_t{1} << 20;
  const std::string packed =
      pack(kTar, {{.name = "a", .bytes = "2 a\n", .hole_after = std::int64_t{1} << 60},
                  {.name = "b", .bytes = std::string(kHole, '\0') + "2 b\n", .hole_before = kHole},
                  {.name = "c", .bytes = "2 c\n"}});
  EXPECT_LT(packed.size(), kHole);
  const Taken taken = take_all(packed);
  EXPECT_EQ(taken.bytes, "2 a\n" + std::string(512, '\0') + "2 b\n2 c\n");
  EXPECT_THAT(taken.errors, IsEmpty());
}

TEST(Archive, NamesOfAnyLengthAndKindAreOnlyNames) {
  const std::string name = "a\x1b[31m\n" + std::string(5'000, 'n');
  const Taken taken = take_all(pack(kTarGz, {{.name = name, .bytes = "2 a\n"}}));
  EXPECT_EQ(taken.bytes, "2 a\n");
  ASSERT_THAT(taken.names, SizeIs(1));
  EXPECT_EQ(taken.names[0].size(), std::size_t{2 + 1024 + 3});
}

/// A member of a tar as POSIX lays it out.
std::string raw_member(const std::string& name, char type, const std::string& bytes) {
  std::string header = name;
  header.resize(512, '\0');
  const auto put = [&](std::size_t at, std::size_t digits, std::size_t value) {
    header.replace(at, digits, fmt::format("{:0{}o}", value, digits));
  };
  put(124, 11, bytes.size());
  header[156] = type;
  header.replace(257, 8,
                 "ustar\0"
                 "00"s);
  header.replace(148, 8, 8, ' ');
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, 6, sum);
  return header + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

// GNU tar, "PAX Format, Version 1.0": the map of a sparse file is made of decimal numbers.
// libarchive keeps 48 bytes for every 4 of these, which may be packed a thousand times.
TEST(Archive, HeadersOfAnyLengthEndIt) {
  std::string map = "99999999\n";
  while (map.size() < std::size_t{12} << 20) map += "1\n1\n";
  const std::string bomb = raw_member("h", 'x', "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n") +
                           raw_member("bomb", '0', map);
  const std::string tar = raw_member("a", '0', "2 a\n") + bomb + std::string(1024, '\0');
  const Taken taken = take_all(gzip(tar));
  EXPECT_EQ(taken.bytes, "2 a\n");
  EXPECT_THAT(taken.errors, ElementsAre(HasSubstr("a header or a gap before it is too long")));
}

TEST(Archive, ZerosOfAnyLengthMayFollowIt) {
  const std::string tar = pack(kTar, {{.name = "a", .bytes = "2 a\n"}});
  const Taken taken = take_all(gzip(tar + std::string(std::size_t{40} << 20, '\0')));
  EXPECT_EQ(taken.bytes, "2 a\n");
  EXPECT_THAT(taken.errors, IsEmpty());
}

TEST(Archive, EncryptedMembersWithoutEndEndIt) {
  const std::vector<ArchiveMember> members(3000, {.name = "a", .bytes = "2 a\n"});
  const Taken taken = take_all(pack(kEncryptedZip, members));
  EXPECT_THAT(taken.errors, SizeIs(1000));
  EXPECT_THAT(taken.errors.back(), HasSubstr("the rest of the archive is not read"));
}

/// Every record of `some` stands in `all`, in its order, but perhaps a last one that is cut.
void expect_prefix(const std::string& some, const std::string& all, const std::string& why) {
  EXPECT_TRUE(all.starts_with(some)) << why;
}

TEST(Archive, CutAnywhereItIsToldOrWhole) {
  const std::string one = records(3, 1);
  const std::string two = records(4, 2);
  const std::vector<ArchiveMember> members = {{.name = "a", .bytes = one},
                                              {.name = "b", .bytes = two}};
  const ScratchDirectory scratch;
  int number = 0;
  for (const ArchiveKind* kind : kKinds) {
    const std::string packed = pack(*kind, members);
    ++number;
    for (std::size_t length = 0; length < packed.size(); ++length) {
      // Inside of tar's blocks every byte is like the next.
      const std::size_t place = length % 512;
      if (packed.size() > 2048 && place > 2 && place < 510 && length % 37 != 0) continue;
      const std::string why = std::to_string(number) + " cut at " + std::to_string(length);
      const std::string path = scratch.write("cut", packed.substr(0, length));
      auto file = Object::open(path);
      ASSERT_TRUE(file);
      auto in_memory = Object::from_memory("x", std::string_view(packed).substr(0, length));
      for (std::unique_ptr<Object>* object : {&*file, &in_memory}) {
        if (!(*object)->is_archive()) {  // then what is left says so, or is nothing
          EXPECT_LT(length, 512 + 100) << why;
          drain(**object);
          continue;
        }
        const Taken taken = take_all(std::move(*object));
        expect_prefix(taken.bytes, one + two, why);
        EXPECT_TRUE(!taken.errors.empty() || taken.bytes == one + two) << why;
      }
    }
  }
}

TEST(Archive, DamagedBytesAreToldOrWhole) {
  const std::string text = records(5);
  const std::vector<ArchiveMember> members = {{.name = "a", .bytes = text},
                                              {.name = "b", .bytes = text}};
  for (const ArchiveKind* kind : {&kTarGz, &kZip, &kStoredZip}) {
    const std::string packed = pack(*kind, members);
    for (std::size_t i = 4; i < packed.size(); ++i) {
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      auto object = Object::from_memory("x", damaged);
      if (!object->is_archive()) continue;
      const Taken taken = take_all(std::move(object));
      // Names, times and what else has no checksum in a zip may change without a trace.
      const bool is_whole = taken.bytes == text + text;
      EXPECT_TRUE(is_whole || !taken.errors.empty() || taken.left_out > 0) << i;
    }
  }
  const std::string tar = pack(kTar, members);  // which has no checksum of what it holds
  for (std::size_t i = 0; i < tar.size(); ++i) {
    std::string damaged = tar;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    auto object = Object::from_memory("x", damaged);
    if (object->is_archive()) take_all(std::move(object));
  }
}

struct Filtered {
  const char* name;
  std::string (*pack)(const std::string&);
  Container container;
};
constexpr Filtered kFilters[] = {
    {"bzip2", bzip2, Container::bzip2}, {"xz", xz, Container::xz}, {"lz4", lz4, Container::lz4}};

TEST(FilterUnpacker, GivesWhatWasPackedAndSeveralStreamsAsOne) {
  const std::string text = records(3'000);
  for (const auto& [name, pack, container] : kFilters) {
    const std::string packed = pack(text);
    const struct {
      const char* why;
      std::string content;
      std::string bytes;
    } cases[] = {
        {"one", packed, text},
        {"three", packed + packed + pack("2 a\n"), text + text + "2 a\n"},
        {"nothing", pack(""), ""},
        {"zeros behind it", packed + std::string(1024, '\0'), text},
        {"gzip inside", pack(gzip(text)), text},
        {"inside gzip", gzip(packed), text},
    };
    for (const auto& c : cases) {
      const auto object = Object::from_memory("memory", c.content);
      if (c.why != "inside gzip"s) {
        EXPECT_EQ(object->container(), container) << name << c.why;
      }
      const Drained drained = drain(*object);
      EXPECT_TRUE(drained.bytes == c.bytes) << name << ", " << c.why;
      EXPECT_FALSE(drained.error) << name << ", " << c.why << ": " << drained.error->message;
      const auto slow = Object::from_stream("slow", std::make_unique<Trickle>(c.content, 777), "");
      EXPECT_TRUE(drain(*slow, 5000).bytes == c.bytes) << name << ", " << c.why;
    }
    const Drained after = drain_memory(packed + "rubbish");
    EXPECT_TRUE(text.starts_with(after.bytes)) << name;
    EXPECT_GE(after.bytes.size() + (std::size_t{64} << 10), text.size()) << name;
    EXPECT_TRUE(after.error && after.error->code == ErrorCode::damaged) << name;
  }
}

TEST(FilterUnpacker, CutOrDamagedItIsTold) {
  const std::string text = records(40);
  for (const auto& [name, pack, container] : kFilters) {
    const std::string packed = pack(text);
    for (std::size_t i = 10; i < packed.size(); ++i) {
      const Drained cut = drain_memory(packed.substr(0, i));
      EXPECT_TRUE(cut.error) << name << " cut at " << i;
      EXPECT_TRUE(text.starts_with(cut.bytes)) << name << " cut at " << i;
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      const Drained drained = drain_memory(damaged);
      EXPECT_TRUE(drained.error || drained.bytes == text) << name << " damaged at " << i;
    }
  }
}

}  // namespace
}  // namespace weir::source
