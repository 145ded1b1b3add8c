// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>

#include <string>

#include "source/source_testing.hpp"

namespace weir::source {
namespace {

using namespace source_testing;
using namespace std::string_literals;

const std::string kLine = "2 123456789010 eni-1 - - - - - - - 1 2 - NODATA\n";

// kLine as the zstd program packs it, without and with a checksum.
const std::string kFrame =
    "\x28\xb5\x2f\xfd\0\x58\x55\x01\0\x34\x02\x32 123456789010 eni-1 -\x31 2 - NODATA\n"
    "\x01\0\x3a\x5c\x13"s;
const std::string kCheckedFrame =
    kFrame.substr(0, 4) + "\x04" + kFrame.substr(5) + "\x6d\x62\x86\x80";
const std::string kSkippable = "\x5a\x2a\x4d\x18\x05\0\0\0other"s;

TEST(ZstdUnpacker, ReadsWhatOthersWrote) {
  const struct {
    const char* why;
    std::string packed;
    std::string expected;
  } cases[] = {
      {"a frame", kFrame, kLine},
      {"a frame with a checksum", kCheckedFrame, kLine},
      {"frames are one stream", kFrame + kCheckedFrame + kFrame, kLine + kLine + kLine},
      {"a skippable frame first", kSkippable + kFrame, kLine},
      {"a skippable frame between", kFrame + kSkippable + kFrame, kLine + kLine},
      {"nothing but a skippable frame", kSkippable, ""},
      {"a frame of no bytes", zstd(""), ""},
      {"padding", kFrame + std::string(300'000, '\0'), kLine},
      {"raw blocks", zstd(noise(300'000)), noise(300'000)},
      {"larger than any buffer", zstd(records(20'000)), records(20'000)},
  };
  for (const auto& c : cases) {
    const Drained drained = drain_memory(c.packed);
    EXPECT_FALSE(drained.error) << c.why << ": " << drained.error->message;
    EXPECT_TRUE(drained.bytes == c.expected) << c.why;
  }
}

TEST(ZstdUnpacker, SaysWhatIsWrongAndWhere) {
  std::string wrong_sum = kCheckedFrame;
  wrong_sum.back() ^= 1;
  const struct {
    const char* why;
    std::string packed;
    std::string bytes;
    ErrorCode code;
    std::string message;
  } cases[] = {
      {"only the magic number", kFrame.substr(0, 4), "", ErrorCode::damaged,
       "the object ends inside a zstd frame, at packed byte 4"},
      {"inside a skippable frame", kSkippable.substr(0, 10), "", ErrorCode::damaged,
       "the object ends inside a zstd frame, at packed byte 10"},
      {"the next frame has one byte", kFrame + "\x28", kLine, ErrorCode::damaged,
       "the object ends inside a zstd frame, at packed byte 52"},
      {"text after the last frame", kFrame + "garbage", kLine, ErrorCode::damaged,
       "bytes that are no zstd frame follow the last zstd frame, at packed byte 51"},
      {"checksum", wrong_sum, kLine, ErrorCode::damaged,
       "corrupt zstd frame: Restored data doesn't match checksum, at packed byte 52"},
      {"a window of 3.75 TiB", "\x28\xb5\x2f\xfd\0\xff\x01\0\0"s, "", ErrorCode::unsupported,
       "the zstd frame at packed byte 0 needs a window of more than 128 MiB"},
      {"a dictionary", "\x28\xb5\x2f\xfd\x01\x58\x2a\x01\0\0"s, "", ErrorCode::unsupported,
       "the zstd frame at packed byte 0 needs a dictionary"},
  };
  for (const auto& c : cases) {
    const Drained drained = drain_memory(c.packed);
    EXPECT_EQ(drained.bytes, c.bytes) << c.why;
    ASSERT_TRUE(drained.error) << c.why;
    EXPECT_EQ(drained.error->message, c.message) << c.why;
    EXPECT_EQ(drained.error->code, c.code) << c.why;
    EXPECT_EQ(drained.error->where, "memory") << c.why;
  }
}

std::string with_flushed_blocks(const std::vector<std::string>& parts) {
  std::string packed;
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string chunk(1 << 20, '\0');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ZSTD_inBuffer input{parts[i].data(), parts[i].size(), 0};
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    ZSTD_compressStream2(context, &output, &input,
                         i + 1 < parts.size() ? ZSTD_e_flush : ZSTD_e_end);
    packed.append(chunk, 0, output.pos);
  }
  ZSTD_freeCCtx(context);
  return packed;
}

struct TwoFrames {
  std::string text;
  std::string packed;
  std::vector<std::size_t> ends;  // packed lengths at which the object is whole
};

TwoFrames two_frames() {
  TwoFrames made;
  const std::string frames[] = {with_flushed_blocks({records(3, 1), records(1, 2), records(2, 3)}),
                                with_flushed_blocks({records(1, 4), noise(20)})};
  made.text = records(3, 1) + records(1, 2) + records(2, 3) + records(1, 4) + noise(20);
  for (const std::string& frame : frames) {
    made.packed += frame;
    made.ends.push_back(made.packed.size());
  }
  return made;
}

TEST(ZstdUnpacker, EveryCutGivesAllWholeBlocksAndAnError) {
  const TwoFrames whole = two_frames();
  std::vector<std::size_t> lengths;
  for (std::size_t cut = 4; cut <= whole.packed.size(); ++cut) {
    const Drained drained = drain_memory(std::string_view(whole.packed).substr(0, cut));
    EXPECT_TRUE(whole.text.starts_with(drained.bytes)) << cut;
    if (lengths.empty() || lengths.back() != drained.bytes.size()) {
      lengths.push_back(drained.bytes.size());
    }
    const bool is_whole = std::count(whole.ends.begin(), whole.ends.end(), cut) > 0;
    EXPECT_EQ(drained.error.has_value(), !is_whole) << cut;
    if (drained.error) {
      EXPECT_EQ(drained.error->message,
                "the object ends inside a zstd frame, at packed byte " + std::to_string(cut));
    }
  }
  EXPECT_TRUE(std::is_sorted(lengths.begin(), lengths.end())) << "a longer object gave less";
  EXPECT_GE(lengths.size(), 6u) << "each of five blocks has to come out by itself";
  EXPECT_EQ(lengths.back(), whole.text.size());
}

TEST(ZstdUnpacker, EveryCorruptByteIsHarmlessOrTold) {
  const TwoFrames whole = two_frames();
  for (std::size_t at = 4; at < whole.packed.size(); ++at) {
    const std::string before = drain_memory(std::string_view(whole.packed).substr(0, at)).bytes;
    for (const char value : corruptions_of(whole.packed[at])) {
      std::string packed = whole.packed;
      packed[at] = value;
      const Drained drained = drain_memory(packed);
      if (drained.error) {
        EXPECT_TRUE(drained.error->code == ErrorCode::damaged ||
                    drained.error->code == ErrorCode::unsupported);
        EXPECT_TRUE(drained.bytes.starts_with(before)) << "lost what stood before byte " << at;
      } else if (drained.bytes != whole.text) {
        // A frame's magic number may turn into a skippable frame's, and its descriptor's checksum
        // flag is protected by nothing.
        ADD_FAILURE() << "unnoticed at " << at << " as " << static_cast<int>(value);
      }
    }
  }
}

TEST(ZstdUnpacker, DamageTakesNothingAway) {
  std::string packed = zstd(records(20'000));
  packed.resize(packed.size() / 2);
  const std::string before = drain_memory(packed).bytes;
  ASSERT_GT(before.size(), 500'000u);
  packed += std::string(200'000, '\xff');
  for (const std::size_t span_bytes : {1u, 7u, 4096u, 131'072u, 1u << 20, 1u << 23}) {
    const Drained drained = drain_memory(packed, span_bytes);
    EXPECT_TRUE(drained.bytes.starts_with(before)) << span_bytes;
    ASSERT_TRUE(drained.error) << span_bytes;
    EXPECT_EQ(drained.error->code, ErrorCode::damaged);
  }
}

}  // namespace
}  // namespace weir::source
