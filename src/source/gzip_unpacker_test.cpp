// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "source/source_testing.hpp"
#include "source/unpacker.hpp"

namespace weir::source {
namespace {

using namespace source_testing;
using namespace std::string_literals;

const std::string kLine = "2 123456789010 eni-1 - - - - - - - 1 2 - NODATA\n";

// kLine as zlib packs it: a member without a header field, the parts of a member with all of them.
const std::string kBareHeader = "\x1f\x8b\x08\0\0\0\0\0\0\x03"s;
const std::string kFullHeader =
    "\x1f\x8b\x08\x1e\0\0\0\0\0\x03"
    "\x03\0abc"
    "flow.log\0"
    "a comment\0"
    "\x1c\xd5"s;
const std::string kBody =
    "\x33\x52\x30\x34\x32\x36\x31\x35\x33\xb7\xb0\x34\x30\x34\x50\x48\xcd\xcb\xd4\x35\x54\xd0\x45"
    "\x81\x86\x0a\x46\x40\xd2\xcf\xdf\xc5\x31\xc4\x91\x0b\0"s;
const std::string kTrailer = "\xa9\xc7\xff\xb3\x30\0\0\0"s;

std::string with_byte(std::string bytes, std::size_t at, char value) {
  bytes[at] = value;
  return bytes;
}

TEST(GzipUnpacker, ReadsWhatOthersWrote) {
  const std::string member = kBareHeader + kBody + kTrailer;
  const struct {
    const char* why;
    std::string packed;
    std::string expected;
  } cases[] = {
      {"a bare member", member, kLine},
      {"extra field, name, comment and header checksum", kFullHeader + kBody + kTrailer, kLine},
      {"members are one stream", member + kFullHeader + kBody + kTrailer + member,
       kLine + kLine + kLine},
      {"a member of no bytes", "\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0"s, ""},
      {"a member of no bytes between others",
       member + "\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0"s + member, kLine + kLine},
      {"one zero of padding", member + "\0"s, kLine},
      {"a block device's padding", member + std::string(300'000, '\0'), kLine},
      {"a stored block", gzip(noise(100'000)), noise(100'000)},
      {"larger than any buffer", gzip(records(20'000)), records(20'000)},
  };
  for (const auto& c : cases) {
    const Drained drained = drain_memory(c.packed);
    EXPECT_FALSE(drained.error) << c.why << ": " << drained.error->message;
    EXPECT_TRUE(drained.bytes == c.expected) << c.why;
  }
}

TEST(GzipUnpacker, SaysWhatIsDamagedAndWhere) {
  const std::string member = kBareHeader + kBody + kTrailer;
  const struct {
    const char* why;
    std::string packed;
    std::string bytes;
    std::string message;
  } cases[] = {
      {"only the magic number", "\x1f\x8b", "",
       "the object ends inside a gzip member, at packed byte 2"},
      {"inside the name", kFullHeader.substr(0, 18), "",
       "the object ends inside a gzip member, at packed byte 18"},
      {"before the first block", kBareHeader, "",
       "the object ends inside a gzip member, at packed byte 10"},
      {"the trailer is missing", kBareHeader + kBody, kLine,
       "the object ends inside a gzip member, at packed byte 47"},
      {"half of the trailer is missing", kBareHeader + kBody + kTrailer.substr(0, 4), kLine,
       "the object ends inside a gzip member, at packed byte 51"},
      {"the next member has one byte", member + "\x1f", kLine,
       "the object ends inside a gzip member, at packed byte 56"},
      {"not deflate", with_byte(member, 2, '\x07'), "",
       "broken gzip header: the compression method is not deflate, at packed byte 0"},
      {"header checksum", with_byte(kFullHeader, 12, 'A') + kBody + kTrailer, "",
       "broken gzip header: its checksum does not match, at packed byte 0"},
      {"broken header of a later member", member + "\x1f\x8b\x07\0\0\0\0\0\0\0"s, kLine,
       "broken gzip header: the compression method is not deflate, at packed byte 55"},
      {"a block type that does not exist", kBareHeader + "\x07" + kBody + kTrailer, "",
       "corrupt gzip member: bad deflate block, at packed byte 10"},
      {"checksum", with_byte(member, 47, '\xa8'), kLine,
       "corrupt gzip member: CRC mismatch, at packed byte 47"},
      {"length", with_byte(member, 51, '\x31'), kLine,
       "corrupt gzip member: length mismatch, at packed byte 47"},
      {"text after the last member", member + "garbage", kLine,
       "bytes that are no gzip member follow the last gzip member, at packed byte 55"},
      {"text after padding", member + std::string(200'000, '\0') + "garbage", kLine,
       "bytes that are no gzip member follow the last gzip member, at packed byte 200055"},
  };
  for (const auto& c : cases) {
    const Drained drained = drain_memory(c.packed);
    EXPECT_EQ(drained.bytes, c.bytes) << c.why;
    ASSERT_TRUE(drained.error) << c.why;
    EXPECT_EQ(drained.error->message, c.message) << c.why;
    EXPECT_EQ(drained.error->code, ErrorCode::damaged) << c.why;
    EXPECT_EQ(drained.error->where, "memory") << c.why;
    EXPECT_FALSE(drained.error->hint.empty()) << c.why;
  }
}

Drained drain_in_steps(std::string_view bytes, std::size_t step) {
  PackedBytes packed(std::make_unique<Trickle>(bytes, step));
  return drain(*make_gzip_unpacker(), packed);
}

// Three members of different kinds: Huffman codes, none, stored or fixed codes.
struct ThreeMembers {
  std::string text;
  std::string packed;
  std::vector<std::size_t> ends{0};  // packed lengths at which the object is whole
};

ThreeMembers three_members(std::size_t record_count) {
  ThreeMembers made;
  for (const std::string& part : {records(record_count, 1), ""s, records(record_count / 2, 2)}) {
    made.text += part;
    made.packed += gzip(part);
    made.ends.push_back(made.packed.size());
  }
  return made;
}

TEST(GzipUnpacker, EveryCutGivesAPrefixAndAnError) {
  const ThreeMembers whole = three_members(12);
  std::size_t longest = 0;
  // A cut after one byte leaves nothing to recognise: it is plain text.
  for (std::size_t cut = 2; cut <= whole.packed.size(); ++cut) {
    const Drained drained = drain_memory(std::string_view(whole.packed).substr(0, cut));
    EXPECT_TRUE(whole.text.starts_with(drained.bytes)) << cut;
    EXPECT_GE(drained.bytes.size(), longest) << "a longer object gave less, cut at " << cut;
    longest = drained.bytes.size();
    const bool is_whole = std::count(whole.ends.begin(), whole.ends.end(), cut) > 0;
    EXPECT_EQ(drained.error.has_value(), !is_whole) << cut;
    if (drained.error) {
      EXPECT_EQ(drained.error->message,
                "the object ends inside a gzip member, at packed byte " + std::to_string(cut));
    }
  }
  EXPECT_EQ(longest, whole.text.size());
}

TEST(GzipUnpacker, ACutLosesNoLiteral) {
  // ISA-L looks up one symbol at a time when it sees a block's header with little behind it, and up
  // to three otherwise. What a cut leaves has to be the same.
  const std::string packed = gzip(records(700));
  ASSERT_GT(packed.size(), 8'500u);
  for (std::size_t cut = 8'000; cut < 8'100; ++cut) {
    const std::string_view left = std::string_view(packed).substr(0, cut);
    EXPECT_EQ(drain_memory(left).bytes.size(), drain_in_steps(left, 1'000).bytes.size()) << cut;
  }
}

TEST(GzipUnpacker, EveryCorruptByteIsHarmlessOrTold) {
  const ThreeMembers whole = three_members(6);
  for (std::size_t at = 2; at < whole.packed.size(); ++at) {
    const std::string before = drain_memory(std::string_view(whole.packed).substr(0, at)).bytes;
    for (const char value : corruptions_of(whole.packed[at])) {
      const Drained drained = drain_memory(with_byte(whole.packed, at, value));
      if (drained.error) {
        EXPECT_EQ(drained.error->code, ErrorCode::damaged);
      } else {
        EXPECT_EQ(drained.bytes, whole.text) << "unnoticed at " << at;
      }
      EXPECT_TRUE(drained.bytes.starts_with(before)) << "lost what stood before byte " << at;
    }
  }
}

TEST(GzipUnpacker, DamageTakesNothingAway) {
  // Damage far behind the first buffers: what ISA-L decoded ahead has to come out, in any span.
  std::string packed = gzip(records(4'000));
  packed.resize(packed.size() / 2);
  const std::string before = drain_memory(packed).bytes;
  ASSERT_GT(before.size(), 150'000u);
  packed += std::string(1'000, '\xff');
  for (const std::size_t span_bytes : {1u, 7u, 4096u, 32'768u, 1u << 20}) {
    const Drained drained = drain_memory(packed, span_bytes);
    EXPECT_TRUE(drained.bytes.starts_with(before)) << span_bytes;
    ASSERT_TRUE(drained.error) << span_bytes;
    EXPECT_EQ(drained.error->code, ErrorCode::damaged);
  }
}

}  // namespace
}  // namespace weir::source
