// SPDX-License-Identifier: Apache-2.0
// cli: what `top` and `timeline` share: keys, measures and their columns.
#pragma once

#include <functional>
#include <memory>
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
  Result<bool> take(const Batch& batch, const Selection& selection) override;
  std::unique_ptr<SinkPart> part() override;
  Result<bool> commit(std::unique_ptr<SinkPiece> piece) override;

 private:
  Aggregator& aggregator_;
};

/// `srcaddr,dst_port` -> names with hyphens. Errors: usage, naming an unknown field.
Result<std::vector<std::string>> parse_group_fields(std::string_view list);
/// --by and --count: bytes, packets or flows; nothing if neither was given. Errors: usage.
Result<std::optional<Measure>> parse_measure(const Options& options);
std::string_view measure_name(Measure measure);
/// The value of --every, in seconds. Errors: usage.
Result<std::int64_t> parse_every(std::string_view text);
/// --memory and --temp-dir. Errors: usage.
Result<AggregateOptions> parse_aggregate_options(const Options& options);

/// What a run is ordered by: what was asked for, else bytes, else flows where no input has bytes.
Measure settle_measure(std::optional<Measure> asked, const Reading& reading);

ResultColumn field_column(const std::string& field);
void add_measure_columns(ResultTable& table);
Cell cell_of(const GroupValue& value);
void add_measures(std::vector<Cell>& row, const GroupTotals& totals);
/// Share of a group in the whole, 0..1.
double share_of(const GroupTotals& totals, const GroupTotals& whole, Measure measure);

/// What a reader of sums must know: records left out, SKIPDATA, counts that are missing.
void add_common_notes(ResultTable& table, const Aggregator& aggregator, const std::string& keys,
                      const RunReport& report);

/// Takes a row of an answer. Returns false when no more are wanted.
using TakeRow = std::function<Result<bool>(std::vector<Cell> row)>;

/// Writes an answer. `table` has the columns and the notes, which only people get; `rows` hands out
/// `row_count` rows: they are in memory together only if a person is to see them as a table.
Result<void> write_rows(Reading& reading, ResultTable table, std::uint64_t row_count,
                        const std::function<Result<void>(const TakeRow&)>& rows);
/// The same, prints the notes to standard error when the output is for a machine, and ends the run.
int finish_result(Reading& reading, ResultTable table, std::uint64_t row_count,
                  const std::function<Result<void>(const TakeRow&)>& rows);

}  // namespace weir::cli
