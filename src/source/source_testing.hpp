// SPDX-License-Identifier: Apache-2.0
// source: what the tests of this stage share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/packed_bytes.hpp"
#include "source/packing_sink.hpp"
#include "source/unpacker.hpp"
#include "weir/source.hpp"

namespace weir::source_testing {

/// Everything that a stream gave, and how it ended.
struct Drained {
  std::string bytes;
  std::optional<Error> error;
};

inline Drained drain(ByteStream& stream, std::size_t span_bytes = 64 * 1024) {
  Drained drained;
  std::vector<char> out(span_bytes);
  while (true) {
    auto length = stream.read(out);
    if (!length) drained.error = std::move(length.error());
    if (!length || *length == 0) break;
    drained.bytes.append(out.data(), *length);
  }
  auto after = stream.read(out);
  EXPECT_TRUE(after && *after == 0) << "the end is not the end";
  return drained;
}

inline Drained drain_memory(std::string_view bytes, std::size_t span_bytes = 64 * 1024) {
  return drain(*Object::from_memory("memory", bytes), span_bytes);
}

/// Hands out a few bytes at a time, as a slow pipe does.
class Trickle final : public ByteStream {
 public:
  Trickle(std::string_view bytes, std::size_t step) : bytes_(bytes), step_(step) {}
  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t length = std::min({out.size(), step_, bytes_.size()});
    std::copy_n(bytes_.data(), length, out.data());
    bytes_.remove_prefix(length);
    return length;
  }

 private:
  std::string_view bytes_;
  std::size_t step_;
};

/// As drain(), without an Object around the unpacker.
inline Drained drain(source::Unpacker& unpacker, source::PackedBytes& packed) {
  Drained drained;
  std::vector<char> out(5'000);
  while (!drained.error) {
    source::Unpacked step = unpacker.unpack(packed, out);
    drained.bytes.append(out.data(), step.length);
    drained.error = std::move(step.error);
    if (step.length == 0) break;
  }
  return drained;
}

/// Appends to a string that outlives it.
class AppendingSink final : public ByteSink {
 public:
  explicit AppendingSink(std::string& text) : text_(text) {}
  Result<void> write(std::string_view bytes) override {
    text_.append(bytes);
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  std::string& text_;
};

inline std::string gzip(std::string_view text) {
  std::string packed;
  const auto sink = source::make_gzip_sink(std::make_unique<AppendingSink>(packed));
  EXPECT_TRUE(sink->write(text));
  EXPECT_TRUE(sink->finish());
  return packed;
}

inline std::string zstd(std::string_view text) {
  std::string packed;
  const auto sink = source::make_zstd_sink(std::make_unique<AppendingSink>(packed));
  EXPECT_TRUE(sink.has_value());
  EXPECT_TRUE((*sink)->write(text));
  EXPECT_TRUE((*sink)->finish());
  return packed;
}

/// Flow-log lines that differ enough to be packed as Huffman codes with copies.
inline std::string records(std::size_t count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += "2 123456789010 eni-0a1b2c3d 10.0." + std::to_string(random() % 256) + "." +
            std::to_string(random() % 256) + " 172.31.9.69 " + std::to_string(random() % 65536) +
            " 443 6 " + std::to_string(random() % 100) + " " + std::to_string(random() % 100000) +
            " 1418530010 1418530070 ACCEPT OK\n";
  }
  return text;
}

/// Bytes that no packer makes smaller.
inline std::string noise(std::size_t length, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string bytes(length, '\0');
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
  return bytes;
}

/// What a single byte may turn into.
inline std::vector<char> corruptions_of(char byte) {
  std::vector<char> values;
  for (const int flipped : {0x01, 0x04, 0x10, 0x80, 0xff}) {
    values.push_back(static_cast<char>(byte ^ flipped));
  }
  if (byte != '\0') values.push_back('\0');
  return values;
}

}  // namespace weir::source_testing
