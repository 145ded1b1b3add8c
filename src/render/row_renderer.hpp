// SPDX-License-Identifier: Apache-2.0
// render: batch -> text, row by row. The inner loop of every output that programs read.
//
// A record asks for memory once, for all of its values at their longest; within that, values are
// stored in whole words, and what a store wrote too much the next one overwrites.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/ip_text.hpp"
#include "render/number_text.hpp"
#include "render/plain_text.hpp"
#include "render/record_plan.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// A renderer for one format of text. `Dialect` has
///
///     using Bytes         which bytes of a text need care, see plain_text.hpp
///     kLeastPlain         the shortest text that can do without care
///     kIsJson             whether values have keys and quotes, and records braces
///     kSeparator          what stands behind a value
///     kRecordEnd          what ends a record, instead of its last separator
///     frame()             what stands around a field's values, see RecordPlan
///     append_text()       writes any text with all care
template <class Dialect>
class RowRenderer final : public RecordRenderer {
 public:
  explicit RowRenderer(std::optional<Format> columns, std::optional<TimeZone> zone = {})
      : columns_(std::move(columns)), zone_(zone) {}

  void render(const Batch& batch, const Selection& selection, RenderedRecords& out) override {
    if (out.runs.empty() || out.runs.back().format != batch.format) {
      out.runs.push_back({batch.format, out.text.size()});
    }
    if (selection.count == 0) return;
    if (!plan_ || (!columns_ && format_ != batch.format)) {
      format_ = batch.format;
      plan_.emplace(columns_ ? *columns_ : *format_, Dialect::frame, zone_.has_value());
    }
    const std::span<BoundField> fields = plan_->bind(batch);
    for (std::size_t i = 0; i < selection.count; ++i) {
      render_row(fields, selection.rows[i], out.text);
    }
    out.records += selection.count;
  }

 private:
  void render_row(std::span<BoundField> fields, std::size_t row, TextBlock& text) {
    char* out = text.room(plan_->record_bytes());
    for (BoundField& field : fields) {
      if constexpr (Dialect::kIsJson) out = write_before(field, out);
      if (field.nulls != nullptr && field.nulls->test(row)) {
        out = write_missing(field, out);
      } else {
        out = write_value(field, row, out, text);
      }
      if constexpr (!Dialect::kIsJson) *out++ = Dialect::kSeparator;
    }
    if constexpr (!Dialect::kIsJson) --out;
    std::memcpy(out, Dialect::kRecordEnd.data(), Dialect::kRecordEnd.size());
    text.advance_to(out + Dialect::kRecordEnd.size());
  }

  static char* write_before(const BoundField& field, char* out) noexcept {
    std::memcpy(out, field.before.data(), field.before.size());
    if (field.before_length > field.before.size()) {
      std::memcpy(out, field.long_before, field.before_length);
    }
    return out + field.before_length;
  }

  static char* write_missing(const BoundField& field, char* out) noexcept {
    if constexpr (Dialect::kIsJson) out -= field.quotes;
    std::memcpy(out, field.missing.data(), field.missing.size());
    return out + field.missing_length;
  }

  char* write_value(BoundField& field, std::size_t row, char* out, TextBlock& text) {
    switch (field.kind) {
      case ValueKind::number:
        return write_number(field.value<std::uint64_t>(row), out);
      case ValueKind::byte:
        return write_byte(field.value<std::uint64_t>(row), out);
      case ValueKind::time:
        return write_time(field.value<std::uint64_t>(row), field.last_time, out);
      case ValueKind::zoned_time:
        out = write_zoned(field.value<std::uint64_t>(row), out);
        break;
      case ValueKind::address:
        out = base::write_address(field.value<Ip>(row), out);
        break;
      case ValueKind::text:
        out = write_text(field.value<std::string_view>(row), out, text);
        break;
      case ValueKind::tag:
        out = write_with_care(field.value<std::string_view>(row), true, out, text);
        break;
    }
    if constexpr (Dialect::kIsJson) *out++ = '"';
    return out;
  }

  [[gnu::noinline]] char* write_zoned(std::uint64_t value, char* out) const {
    constexpr std::uint64_t kLatestInstant = 253'402'300'799;  // the end of the year 9999
    if (value > kLatestInstant) return write_number(value, out);
    const std::string text = format_iso8601(static_cast<std::int64_t>(value), *zone_);
    return std::copy(text.begin(), text.end(), out);
  }

  char* write_text(std::string_view value, char* out, TextBlock& text) {
    constexpr std::size_t least = Dialect::kLeastPlain;
    if (value.size() - least <= kMostPlainText - least &&
        copy_plain<typename Dialect::Bytes>(value.data(), value.size(), out)) {
      return out + value.size();
    }
    return write_with_care(value, false, out, text);
  }

  [[gnu::noinline]] char* write_with_care(std::string_view value, bool percent_encoded, char* out,
                                          TextBlock& text) {
    text.advance_to(out);
    Dialect::append_text(text, value, percent_encoded);
    return text.room(plan_->record_bytes());
  }

  std::optional<Format> columns_;
  std::optional<TimeZone> zone_;  // of times, if it was asked for
  FormatPtr format_;
  std::optional<RecordPlan> plan_;
};

}  // namespace weir::render
