// SPDX-License-Identifier: Apache-2.0
// render: one value of one record -> the text of a table cell.
#include "render/record_cells.hpp"

#include "base/protocol.hpp"
#include "base/terminal_text.hpp"
#include "render/field_text.hpp"
#include "render/number_text.hpp"
#include "render/record_columns.hpp"

namespace weir::render {
namespace {

/// Beyond this the two times do not belong to one capture window, which lasts 600 s at most (AWS
/// VPC User Guide, "Flow log records"); then `end` is shown as what it is.
constexpr std::uint64_t kLongestDuration = 9'999;
constexpr std::uint64_t kLatestInstant = 253'402'300'799;  // the end of the year 9999

int position_of(std::span<const FormatField> fields, FieldId id) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

RecordCells::RecordCells(const Batch& batch, std::span<const FormatField> fields,
                         const Style& style)
    : fields_(fields),
      columns_(bind_columns(batch, fields)),
      style_(&style),
      start_(position_of(fields, FieldId::start)),
      end_(position_of(fields, FieldId::end)),
      action_(position_of(fields, FieldId::action)),
      log_status_(batch.find(FieldId::log_status)) {}

const Column* RecordCells::column(int field) const noexcept {
  return field < 0 ? nullptr : columns_[static_cast<std::size_t>(field)];
}

bool RecordCells::is_missing(std::size_t field, std::size_t row) const noexcept {
  return columns_[field] == nullptr || columns_[field]->nulls.test(row);
}

std::optional<std::int64_t> RecordCells::day(std::size_t row) const {
  const Column* times = column(day_field());
  if (times == nullptr || times->nulls.test(row) || times->numbers[row] > kLatestInstant) {
    return std::nullopt;
  }
  const auto seconds = static_cast<std::int64_t>(times->numbers[row]);
  const std::int64_t local = seconds + style_->zone.offset_at(seconds);
  return (local >= 0 ? local : local - (base::kSecondsOfDay - 1)) / base::kSecondsOfDay;
}

Paint RecordCells::row_paint(std::size_t row) const noexcept {
  if (log_status_ == nullptr || log_status_->nulls.test(row)) return Paint::plain;
  if (log_status_->texts[row] == "NODATA") return Paint::faint;
  return log_status_->texts[row] == "SKIPDATA" ? Paint::warning : Paint::plain;
}

bool RecordCells::shows_duration(std::size_t row) const noexcept {
  const Column* starts = column(start_);
  const Column* ends = column(end_);
  if (starts == nullptr || starts->nulls.test(row)) return false;
  const std::uint64_t start = starts->numbers[row];
  const std::uint64_t end = ends->numbers[row];
  return end >= start && end - start <= kLongestDuration;
}

CellText RecordCells::cell(std::size_t field, std::size_t row, const CellOptions& options) const {
  const int position = static_cast<int>(field);
  if (is_missing(field, row)) {
    if (!options.status_in_action || position != action_ || log_status_ == nullptr ||
        log_status_->nulls.test(row)) {
      return {.text = "-", .paint = Paint::faint};
    }
    return {.text = base::printable(log_status_->texts[row], style_->unicode),
            .paint = Paint::plain};
  }
  const Column& values = *columns_[field];
  const FormatField& format_field = fields_[field];
  if (format_field.type == FieldType::address) return {.text = to_string(values.addresses[row])};
  if (format_field.type == FieldType::text) {
    return {.text = base::printable(values.texts[row], style_->unicode),
            .paint = paint_of(format_field.id, values.texts[row])};
  }
  if (position == end_ && options.duration && shows_duration(row)) {
    return {.text = '+' + decimal_text(values.numbers[row] - column(start_)->numbers[row]) + 's'};
  }
  std::string text = number_text(format_field.id, values.numbers[row], style_->zone);
  // `2026-11-22 10:00:00`: eleven characters before the time of day.
  if (position == day_field() && options.time_of_day && text.size() == 19) text.erase(0, 11);
  return {.text = std::move(text)};
}

}  // namespace weir::render
