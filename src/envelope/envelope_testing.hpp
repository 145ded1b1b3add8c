// SPDX-License-Identifier: Apache-2.0
// envelope: what the tests of this stage share.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "weir/envelope.hpp"

namespace weir::envelope_testing {

/// Bytes in memory that arrive in pieces of a given size, and an error behind them if wanted.
class ChunkedStream final : public ByteStream {
 public:
  ChunkedStream(std::string_view bytes, std::size_t chunk, const Error* error = nullptr)
      : bytes_(bytes), chunk_(chunk), error_(error) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), chunk_, bytes_.size()});
    if (size == 0 && error_ != nullptr) return Unexpected(*std::exchange(error_, nullptr));
    std::copy_n(bytes_.data(), size, out.data());
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
  std::size_t chunk_;
  const Error* error_;
};

/// Texts that are made while they are read, so that a test may be larger than memory.
class GeneratedStream final : public ByteStream {
 public:
  /// `make` returns the piece with this number, or nothing at the end.
  explicit GeneratedStream(std::function<std::string(std::size_t)> make) : make_(std::move(make)) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (rest_.empty()) {
      piece_ = make_(count_++);
      rest_ = piece_;
    }
    const std::size_t size = std::min(out.size(), rest_.size());
    std::copy_n(rest_.data(), size, out.data());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::function<std::string(std::size_t)> make_;
  std::string piece_;
  std::string_view rest_;
  std::size_t count_ = 0;
};

/// One record that came out.
struct Line {
  std::uint64_t line = 0;
  std::uint32_t column = 0;
  std::string text;

  friend bool operator==(const Line&, const Line&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Line& it) {
    return out << it.line << ':' << it.column << " [" << it.text << ']';
  }
};

/// Everything that came out of an object.
struct Reading {
  EnvelopeKind kind = EnvelopeKind::bare_lines;
  std::string shape;
  std::vector<Line> lines;
  std::vector<std::string> formats;  ///< headers of the blocks' formats, each once, as they come
  std::vector<Reject> rejects;
  std::uint64_t passed_over = 0;
  std::uint64_t coarse_times = 0;
  std::size_t largest_block = 0;
  std::optional<Error> error;

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Line& line : lines) all.push_back(line.text);
    return all;
  }
};

/// Reads an object to its end. Calls `take` for each line instead of keeping it if there is one.
inline Reading read_all(ByteStream& stream, const std::function<void(const Line&)>& take = {}) {
  Reading reading;
  auto envelope = Envelope::open(stream, "object");
  if (!envelope) {
    reading.error = envelope.error();
    return reading;
  }
  LineBlock block;
  while (true) {
    const auto more = (*envelope)->next(block);
    for (Reject& reject : block.rejects) reading.rejects.push_back(std::move(reject));
    if (!more) reading.error = more.error();
    if (!more || !*more) break;
    reading.largest_block = std::max(reading.largest_block, block.text.size());
    if (block.format != nullptr &&
        (reading.formats.empty() || reading.formats.back() != block.format->header())) {
      reading.formats.push_back(block.format->header());
    }
    std::string_view rest = block.text;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      const std::size_t length = rest.find('\n');
      const LineOrigin origin = block.origins.empty()
                                    ? LineOrigin{.line = block.first_line + i, .column = 0}
                                    : block.origins.at(i);
      const Line line{origin.line, origin.column, std::string(rest.substr(0, length))};
      rest.remove_prefix(length + 1);
      if (take) {
        take(line);
      } else {
        reading.lines.push_back(line);
      }
    }
  }
  reading.kind = (*envelope)->kind();
  reading.shape = (*envelope)->describe();
  reading.passed_over = (*envelope)->passed_over();
  reading.coarse_times = (*envelope)->coarse_times();
  return reading;
}

inline Reading read_all(std::string_view bytes, std::size_t chunk = 4096) {
  ChunkedStream stream(bytes, chunk);
  return read_all(stream);
}

// Records in AWS's format, for every shape.
inline constexpr std::string_view kAccept =
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 "
    "1418530070 ACCEPT OK";
inline constexpr std::string_view kReject =
    "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 "
    "1418530070 REJECT OK";
inline constexpr std::string_view kNoData =
    "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA";

}  // namespace weir::envelope_testing
