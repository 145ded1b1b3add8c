// SPDX-License-Identifier: Apache-2.0
// decode: what is known of an object across its blocks: its format, its line numbers, what was
// rejected. Blocks pass through here in their order, whatever the order in which they are worked
// on.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "decode/block_outcome.hpp"
#include "decode/format_chooser.hpp"
#include "decode/line_index.hpp"
#include "decode/reject_log.hpp"
#include "weir/decode.hpp"

namespace weir::decode {

/// Threads: one at a time.
class ObjectDecoding {
 public:
  /// `options` must outlive this.
  ObjectDecoding(const std::string& name, const DecodeOptions& options);
  ObjectDecoding(const ObjectDecoding&) = delete;
  ObjectDecoding& operator=(const ObjectDecoding&) = delete;

  const DecodeOptions& options() const { return options_; }
  FormatChooser& chooser() { return chooser_; }

  /// The next block has so many lines; returns the number of its first one, as if all stood in one
  /// file.
  std::uint64_t pass_lines(std::uint64_t count);

  /// True for the first block of rows.
  bool begin_rows() noexcept { return !std::exchange(has_rows_, true); }

  /// Adds what happened in the next block, and empties `outcome`.
  void commit(BlockOutcome& outcome);
  /// Remembers what ends the object; the first failure stays.
  void fail(Error error) { rejects_.fail(std::move(error)); }
  bool failed() const { return rejects_.failed(); }
  std::optional<Error> take_failure() { return rejects_.take_failure(); }

  /// What the next block's lines probably look like.
  const LineShape& shape() const { return shape_; }
  void set_shape(const LineShape& shape) { shape_ = shape; }

  /// The report is complete: no block follows.
  void finish(std::uint64_t packed_bytes, std::uint64_t unpacked_bytes);
  void finish(const Envelope& envelope, std::uint64_t packed_bytes, std::uint64_t unpacked_bytes);
  DecodeReport& report() { return report_; }

 private:
  const DecodeOptions& options_;
  DecodeReport report_;
  FormatChooser chooser_;
  RejectLog rejects_;
  std::uint64_t lines_ = 0;
  bool has_rows_ = false;
  LineShape shape_;
};

/// The words for an object's shape: `gzip, bare lines`. For Parquet packing() says it all.
std::string describe_shape(const Object& object, const Envelope& envelope);

}  // namespace weir::decode
