// SPDX-License-Identifier: Apache-2.0
// cli: what `top` and `timeline` share: keys, measures and their columns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/reading.hpp"
#include "weir/aggregate.hpp"

namespace weir::cli {

/// Feeds an aggregator.
class GroupSink final : public BatchSink {
 public:
  explicit GroupSink(Aggregator& aggregator) : aggregator_(aggregator) {}
  /// log-status too, since SKIPDATA makes every sum a lower bound.
  FieldSet fields() const;
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    aggregator_.add(batch, selection);
    return true;
  }

 private:
  Aggregator& aggregator_;
};

/// `srcaddr,dst_port` -> names with hyphens. Errors: usage, naming an unknown field.
Result<std::vector<std::string>> parse_group_fields(std::string_view list);
/// bytes, packets or flows; nothing if the text is empty.
Result<std::optional<Measure>> parse_measure(std::string_view text);
std::string_view measure_name(Measure measure);

/// What a run is ordered by: what was asked for, else bytes, else flows where no input has bytes.
Measure settle_measure(std::optional<Measure> asked, const Reading& reading);

ResultColumn field_column(const std::string& field);
void add_measure_columns(ResultTable& table);
Cell cell_of(const GroupValue& value);
void add_measures(std::vector<Cell>& row, const GroupTotals& totals);
/// Share of a group in the whole, 0..1.
double share_of(const GroupTotals& totals, const GroupTotals& whole, Measure measure);
/// Share of the largest group, never zero: what bars are drawn against.
double share_of_first(const Group& first, const GroupTotals& whole, Measure measure);

/// What a reader of sums must know: records left out, SKIPDATA, counts that are missing.
void add_common_notes(ResultTable& table, const Aggregator& aggregator, const std::string& keys,
                      const RunReport& report);

/// Writes the table, prints its notes to standard error when the output is for a machine, and ends
/// the run.
int finish_result(Reading& reading, const ResultTable& table);

}  // namespace weir::cli
