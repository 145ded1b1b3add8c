// SPDX-License-Identifier: Apache-2.0
// render: format -> what stands between the values of its records, made once a format.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"

namespace weir {

/// Text that is copied in whole blocks of 16 bytes, as most of it is shorter.
class PaddedText {
 public:
  static constexpr std::size_t kBlock = 16;

  explicit PaddedText(std::string_view text)
      : length_(text.size()),
        bytes_(std::max(kBlock, (text.size() + kBlock - 1) / kBlock * kBlock)) {
    std::copy(text.begin(), text.end(), bytes_.begin());
  }

  /// Uses padded_length() bytes of `out` and returns where the text ends.
  char* copy_to(char* out) const noexcept {
    const char* const text = bytes_.data();
    std::size_t at = 0;
    do {
      std::memcpy(out + at, text + at, kBlock);
      at += kBlock;
    } while (at < length_);
    return out + length_;
  }
  std::size_t padded_length() const noexcept { return bytes_.size(); }

 private:
  std::size_t length_;
  std::vector<char> bytes_;
};

/// What stands around the values of one field.
struct FieldFrame {
  PaddedText before;   ///< before a value: separator, key, opening quote
  PaddedText missing;  ///< instead of `before` and a value that is missing
};

/// A field of a batch, ready for the loop over its rows.
struct BoundField {
  const FieldFrame* frame;
  const NullMask* nulls;  ///< null if no row lacks the value
  const std::uint64_t* numbers;
  const Ip* addresses;
  const std::string_view* texts;
  FieldType type;
  bool percent_encoded;
};

/// The longest text that record_bytes() counts in.
inline constexpr std::size_t kMostPlainText = 255;

/// The fields that records are written with.
class RecordPlan {
 public:
  /// `frame(field, index, count)` gives the FieldFrame of the field at `index` of `count`. The
  /// format must outlive the plan.
  template <class Frame>
  RecordPlan(const Format& columns, Frame frame) : fields_(columns.fields()) {
    for (std::size_t i = 0; i < fields_.size(); ++i) add(frame(fields_[i], i, fields_.size()));
  }

  /// The fields of one batch; valid until the next call and as long as the batch is.
  std::span<const BoundField> bind(const Batch& batch);

  /// Bytes that a record may use if none of its texts is longer than kMostPlainText.
  std::size_t record_bytes() const noexcept { return record_bytes_; }

 private:
  void add(FieldFrame frame);

  std::span<const FormatField> fields_;
  std::vector<FieldFrame> frames_;  // parallel to fields_
  std::vector<BoundField> bound_;
  std::size_t record_bytes_ = PaddedText::kBlock;  // what ends a record
};

}  // namespace weir
