// SPDX-License-Identifier: Apache-2.0
// render: format -> how each of its fields is written, made once a format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "render/number_text.hpp"
#include "weir/batch.hpp"

namespace weir::render {

/// What a format of text writes around the values of one field.
struct FieldFrame {
  std::string before;   ///< before a value: the key of a JSON object, with the quote of a string
  std::string missing;  ///< instead of a value; a quote before it is taken back. At most 8 bytes
  bool quoted = false;  ///< `before` ends with a quote
};

/// Which loop writes a value.
enum class ValueKind : std::uint8_t { number, byte, time, zoned_time, address, text, tag };

/// A field of a batch, ready for the loop over its rows.
struct BoundField {
  static constexpr std::size_t kShortBefore = 32;

  const NullMask* nulls = nullptr;  ///< null if no row lacks the value
  const void* values = nullptr;     ///< of the type that `kind` says
  ValueKind kind = ValueKind::number;
  std::uint8_t quotes = 0;  ///< quotes at the end of `before`: one or none
  std::uint8_t missing_length = 0;
  std::uint32_t before_length = 0;
  std::array<char, 8> missing{};
  const char* long_before = nullptr;        ///< all of `before`
  std::array<char, kShortBefore> before{};  ///< what fits: nearly always all of it
  LastTime last_time;

  template <class Value>
  const Value& value(std::size_t row) const noexcept {
    return static_cast<const Value*>(values)[row];
  }
};

/// The longest text that record_bytes() counts in.
inline constexpr std::size_t kMostPlainText = 255;

/// The fields that records are written with.
class RecordPlan {
 public:
  /// `frame(field, index, count)` gives the FieldFrame of the field at `index` of `count`. Times
  /// are texts if they are `zoned`, and numbers otherwise. The format must outlive the plan.
  template <class Frame>
  RecordPlan(const Format& columns, Frame frame, bool zoned) : fields_(columns.fields()) {
    frames_.reserve(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      frames_.push_back(frame(as_written(fields_[i], zoned), i, fields_.size()));
    }
    prepare(zoned);
  }

  /// The fields of one batch; valid until the next call and as long as the batch is.
  std::span<BoundField> bind(const Batch& batch);

  /// Bytes that a record may use if none of its texts is longer than kMostPlainText.
  std::size_t record_bytes() const noexcept { return record_bytes_; }

 private:
  /// The field as its values are written: a zoned time is a text.
  static FormatField as_written(FormatField field, bool zoned) {
    if (zoned && field.type == FieldType::time) field.type = FieldType::text;
    return field;
  }
  void prepare(bool zoned);

  std::span<const FormatField> fields_;
  std::vector<FieldFrame> frames_;  // parallel to fields_
  std::vector<BoundField> bound_;   // parallel to fields_
  std::size_t record_bytes_ = 0;
};

}  // namespace weir::render
