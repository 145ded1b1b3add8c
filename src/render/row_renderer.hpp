// SPDX-License-Identifier: Apache-2.0
// render: batch -> text, row by row. The inner loop of every output that programs read.
//
// A record asks for memory once, for all of its values at their longest; within that, values are
// stored in whole words, and what a store wrote too much the next one overwrites.
#pragma once

#include <cstring>
#include <optional>
#include <utility>

#include "base/ip_text.hpp"
#include "render/number_text.hpp"
#include "render/plain_text.hpp"
#include "render/record_plan.hpp"
#include "weir/render.hpp"

namespace weir {

/// A renderer for one format of text. `Dialect` has
///
///     using Bytes         which bytes of a text need care, see plain_text.hpp
///     kLeastPlain         the shortest text that can do without care
///     kQuoted             whether texts and addresses have a quote behind them
///     kRecordEnd          what ends a record
///     frame()             what stands around a field's values, see RecordPlan
///     append_text()       writes any text with all care
template <class Dialect>
class RowRenderer final : public RecordRenderer {
 public:
  explicit RowRenderer(std::optional<Format> columns) : columns_(std::move(columns)) {}

  void render(const Batch& batch, const Selection& selection, RenderedRecords& out) override {
    if (out.runs.empty() || out.runs.back().format != batch.format) {
      out.runs.push_back({batch.format, out.text.size()});
    }
    if (selection.count == 0) return;
    if (!plan_ || (!columns_ && format_ != batch.format)) {
      format_ = batch.format;
      plan_.emplace(columns_ ? *columns_ : *format_, Dialect::frame);
    }
    const std::span<const BoundField> fields = plan_->bind(batch);
    for (std::size_t i = 0; i < selection.count; ++i) {
      render_row(fields, selection.rows[i], out.text);
    }
    out.records += selection.count;
  }

 private:
  void render_row(std::span<const BoundField> fields, std::size_t row, TextBlock& text) {
    char* out = text.room(plan_->record_bytes());
    for (const BoundField& field : fields) {
      if (field.nulls != nullptr && field.nulls->test(row)) {
        out = field.frame->missing.copy_to(out);
        continue;
      }
      out = field.frame->before.copy_to(out);
      switch (field.type) {
        case FieldType::number:
        case FieldType::time:
          out = write_number(field.numbers[row], out);
          continue;
        case FieldType::address:
          out = write_address(field.addresses[row], out);
          break;
        case FieldType::text:
          out = write_text(field.texts[row], field.percent_encoded, out, text);
          break;
      }
      if constexpr (Dialect::kQuoted) *out++ = '"';
    }
    std::memcpy(out, Dialect::kRecordEnd.data(), Dialect::kRecordEnd.size());
    text.advance_to(out + Dialect::kRecordEnd.size());
  }

  char* write_text(std::string_view value, bool percent_encoded, char* out, TextBlock& text) {
    const bool in_room =
        value.size() - Dialect::kLeastPlain <= kMostPlainText - Dialect::kLeastPlain;
    if (in_room && !percent_encoded &&
        copy_plain<typename Dialect::Bytes>(value.data(), value.size(), out)) {
      return out + value.size();
    }
    text.advance_to(out);
    Dialect::append_text(text, value, percent_encoded);
    return text.room(plan_->record_bytes());
  }

  std::optional<Format> columns_;
  FormatPtr format_;
  std::optional<RecordPlan> plan_;
};

}  // namespace weir
