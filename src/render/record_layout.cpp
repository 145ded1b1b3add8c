// SPDX-License-Identifier: Apache-2.0
// render: which fields of a record a terminal has room for, and where they stand.
//
// If everything fits, everything is shown. Else fields that say the same in every record go first,
// into a line under the table; then the main fields take their place, narrowed as far as they stay
// readable; then the others, by importance, as long as they fit whole. Titles stand over their own
// column, and lean over a neighbour's blanks only where a main field would have no room otherwise.
#include "render/record_layout.hpp"

#include <algorithm>

#include "base/terminal_text.hpp"
#include "render/field_text.hpp"

namespace weir::render {
namespace {

/// What a table of records knows about a field, in the order in which a person reads a flow: when,
/// what became of it, from where to where, how much.
struct FieldRank {
  FieldId id;
  bool main;          ///< narrowed before it is left out; never left out as constant
  int importance;     ///< lower stays longer
  std::size_t floor;  ///< least width, so that later records fit too
};

using enum FieldId;
constexpr FieldRank kReadingOrder[] = {
    {start, true, 1, 8},
    {end, false, 10, 5},
    {action, true, 2, 6},
    {flow_direction, false, 13, 7},
    {srcaddr, true, 3, 15},
    {srcport, true, 4, 5},
    {dstaddr, true, 5, 15},
    {dstport, true, 6, 5},
    {protocol, true, 7, 4},
    {tcp_flags, false, 12, 11},
    {packets, false, 9, 7},
    {bytes, true, 8, 9},
    {interface_id, false, 11, 12},
    {log_status, false, 16, 6},
    {reject_reason, false, 14, 3},
    {packets_lost_no_route, false, 17, 5},
    {packets_lost_blackhole, false, 18, 5},
    {packets_lost_mtu_exceeded, false, 19, 5},
    {packets_lost_ttl_expired, false, 20, 5},
    {pkt_srcaddr, false, 21, 15},
    {pkt_dstaddr, false, 22, 15},
    {traffic_path, false, 23, 1},
    {pkt_src_aws_service, false, 24, 3},
    {pkt_dst_aws_service, false, 25, 3},
    {instance_id, false, 26, 10},
};
/// Fields without a rank follow in the order of their format.
constexpr int kUnranked = 1000;

/// Narrower than this an address no longer tells hosts apart.
constexpr std::size_t kLeastAddress = 17;
/// Widest text when not everything fits: an ARN would take the line for itself.
constexpr std::size_t kWidestText = 32;
/// The same for text of fields that a person chose.
constexpr std::size_t kLeastText = 8;
constexpr std::size_t kTimeOfDay = 8;

struct Candidate {
  std::size_t field = 0;
  int reading = 0;
  int importance = 0;
  bool main = false;
  bool constant = false;
  bool shown = true;
  TableColumn column;  // its width is what every value of the first batch needs
};

/// How tightly columns are set.
struct Setting {
  std::size_t gap;
  bool time_of_day;
  bool narrowed;
  bool titles_lean = false;  ///< a column may be narrower than its title
};

bool is_port_after_address(FieldId before, FieldId id) noexcept {
  return (before == srcaddr && id == srcport) || (before == dstaddr && id == dstport);
}

class Planner {
 public:
  Planner(const RecordCells& cells, std::span<const FormatField> fields, const Selection& selection,
          const Style& style, bool chosen)
      : cells_(cells),
        fields_(fields),
        selection_(selection),
        width_(std::max(style.width, kLeastTableWidth)),
        style_(style),
        chosen_(chosen) {}

  RecordLayout plan() {
    measure_fields();
    Setting setting{.gap = 2, .time_of_day = false, .narrowed = false};
    if (place(setting) > width_) {
      for (Candidate& candidate : candidates_) candidate.shown = !candidate.constant;
      if (place(setting) > width_) {
        setting = show_main_fields();
        show_other_fields(setting);
      }
    }
    return make_layout(setting);
  }

 private:
  void measure_fields();
  Candidate measure(std::size_t field) const;
  std::size_t least_width(const FormatField& field, std::size_t natural) const noexcept;
  Setting show_main_fields();
  void show_other_fields(Setting setting);
  std::vector<Candidate*> by_importance(bool main);
  std::vector<TableColumn> columns(Setting setting) const;
  std::size_t place(Setting setting) const;
  RecordLayout make_layout(Setting setting) const;
  bool days_change_seldom() const;
  bool begins_before_end() const noexcept;

  const RecordCells& cells_;
  std::span<const FormatField> fields_;
  const Selection& selection_;
  std::size_t width_;
  const Style& style_;
  bool chosen_;
  CellOptions options_;
  std::vector<Candidate> candidates_;  // in reading order
};

void Planner::measure_fields() {
  options_ = {.duration = begins_before_end(), .status_in_action = true};
  for (std::size_t field = 0; field < fields_.size(); ++field)
    candidates_.push_back(measure(field));
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.reading < b.reading; });
}

/// True if `end` can be told as a length of time: it stands after the time at which it begins.
bool Planner::begins_before_end() const noexcept {
  if (!chosen_) return true;
  for (const FormatField& field : fields_) {
    if (field.id == start || field.id == FieldId::end) return field.id == start;
  }
  return false;
}

Candidate Planner::measure(std::size_t field) const {
  const FormatField& format_field = fields_[field];
  const auto* const rank =
      std::find_if(std::begin(kReadingOrder), std::end(kReadingOrder),
                   [&](const FieldRank& row) { return row.id == format_field.id; });
  const int position = static_cast<int>(field);
  const bool ranked = rank != std::end(kReadingOrder);
  Candidate candidate;
  candidate.field = field;
  const int reading_position =
      ranked ? static_cast<int>(rank - std::begin(kReadingOrder)) : kUnranked + position;
  candidate.reading = chosen_ ? position : reading_position;
  candidate.importance = chosen_ ? position : ranked ? rank->importance : kUnranked + position;
  candidate.main = chosen_ || (ranked && rank->main);
  std::size_t natural = ranked ? rank->floor : 1;
  bool constant = true;
  std::string first;
  for (std::size_t i = 0; i < selection_.count; ++i) {
    const std::string text = cells_.cell(field, selection_.rows[i], options_).text;
    natural = std::max(natural, display_width(text));
    if (i == 0) first = text;
    constant = constant && text == first;
  }
  candidate.constant =
      constant && !candidate.main && format_field.id != FieldId::end && format_field.id != packets;
  const std::string title = base::printable(format_field.name, style_.unicode);
  candidate.column = {
      .title = cut_text(title, std::min(width_, kWidestText), Cut::end, style_.unicode),
      .align_right = aligns_right(format_field.id, format_field.type) ||
                     (options_.duration && format_field.id == FieldId::end),
      .width = natural,
      .least = std::min(natural, least_width(format_field, natural))};
  return candidate;
}

std::size_t Planner::least_width(const FormatField& field, std::size_t natural) const noexcept {
  if (field.type == FieldType::address) return kLeastAddress;
  if (field.type != FieldType::text || field.id == action) return natural;
  return chosen_ ? kLeastText : kWidestText;
}

/// Shows the main fields, set as loosely as they fit.
Setting Planner::show_main_fields() {
  for (Candidate& candidate : candidates_) candidate.shown = candidate.main;
  const bool days = days_change_seldom();
  const Setting settings[] = {
      {.gap = 2, .time_of_day = false, .narrowed = false},
      {.gap = 2, .time_of_day = days, .narrowed = false},
      {.gap = 2, .time_of_day = days, .narrowed = true},
      {.gap = 2, .time_of_day = days, .narrowed = false, .titles_lean = true},
      {.gap = 2, .time_of_day = days, .narrowed = true, .titles_lean = true},
      {.gap = 1, .time_of_day = days, .narrowed = true, .titles_lean = true}};
  std::vector<Candidate*> main = by_importance(true);
  while (true) {
    for (const Setting& setting : settings) {
      if (place(setting) <= width_) return setting;
    }
    if (main.size() <= 1) break;
    main.back()->shown = false;
    main.pop_back();
  }
  if (!main.empty()) main.front()->column.least = 1;
  return settings[std::size(settings) - 1];
}

/// Adds the other fields, most important first, each if there is room for it without taking any
/// from the main fields.
void Planner::show_other_fields(Setting setting) {
  std::vector<TableColumn> fitted = columns(setting);
  fit_columns(fitted, width_);
  auto next = fitted.begin();
  for (Candidate& candidate : candidates_) {
    if (candidate.shown) candidate.column.least = (next++)->width;
  }
  setting.narrowed = true;
  bool all_ranked = true;
  for (Candidate* candidate : by_importance(false)) {
    if (candidate->constant) continue;
    // What happens to be narrow is no reason to show it when something important is missing.
    if (!all_ranked && candidate->importance >= kUnranked) return;
    candidate->shown = true;
    if (place(setting) <= width_) continue;
    candidate->shown = false;
    all_ranked = false;
  }
}

std::vector<Candidate*> Planner::by_importance(bool main) {
  std::vector<Candidate*> ordered;
  for (Candidate& candidate : candidates_) {
    if (candidate.main == main) ordered.push_back(&candidate);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const Candidate* a, const Candidate* b) {
    return a->importance < b->importance;
  });
  return ordered;
}

std::vector<TableColumn> Planner::columns(Setting setting) const {
  std::vector<TableColumn> columns;
  FieldId before = FieldId::unknown;
  for (const Candidate& candidate : candidates_) {
    if (!candidate.shown) continue;
    TableColumn column = candidate.column;
    const FieldId id = fields_[candidate.field].id;
    if (setting.time_of_day && static_cast<int>(candidate.field) == cells_.day_field()) {
      column.width = column.least = kTimeOfDay;
    }
    if (setting.narrowed) column.width = column.least;
    if (!setting.titles_lean) hold_title(column);
    column.gap = is_port_after_address(before, id) ? 1 : setting.gap;
    before = id;
    columns.push_back(std::move(column));
  }
  return columns;
}

std::size_t Planner::place(Setting setting) const {
  std::vector<TableColumn> placed = columns(setting);
  return place_columns(placed);
}

RecordLayout Planner::make_layout(Setting setting) const {
  setting.narrowed = false;
  RecordLayout layout;
  layout.columns = columns(setting);
  layout.options = options_;
  fit_columns(layout.columns, width_);
  for (const Candidate& candidate : candidates_) {
    const bool is_status = fields_[candidate.field].id == log_status;
    const bool is_day = static_cast<int>(candidate.field) == cells_.day_field();
    if (candidate.shown && is_status) layout.options.status_in_action = false;
    if (candidate.shown && is_day) layout.options.time_of_day = setting.time_of_day;
    if (candidate.shown) {
      layout.fields.push_back(candidate.field);
    } else if (candidate.constant) {
      layout.constant.push_back(candidate.field);
    } else {
      layout.hidden.push_back(candidate.field);
    }
  }
  return layout;
}

/// True if a line for each new day would be rare between the records.
bool Planner::days_change_seldom() const {
  std::optional<std::int64_t> day;
  std::size_t changes = 0;
  for (std::size_t i = 0; i < selection_.count; ++i) {
    const std::optional<std::int64_t> next = cells_.day(selection_.rows[i]);
    if (!next || next == day) continue;
    day = next;
    ++changes;
  }
  return changes <= 2 + selection_.count / 16;
}

}  // namespace

RecordLayout lay_out_records(const RecordCells& cells, std::span<const FormatField> fields,
                             const Selection& selection, const Style& style, bool chosen) {
  return Planner(cells, fields, selection, style, chosen).plan();
}

}  // namespace weir::render
