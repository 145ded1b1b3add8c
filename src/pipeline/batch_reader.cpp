// SPDX-License-Identifier: Apache-2.0
// pipeline: what one thread of a run does with a block.
#include "pipeline/batch_reader.hpp"

#include <algorithm>
#include <utility>

namespace weir::pipeline {

BatchReader::BatchReader(Schedule& schedule, const RunOptions& options, const DecodeOptions& decode,
                         EndBlock end_block)
    : schedule_(schedule),
      decode_(decode),
      end_block_(std::move(end_block)),
      line_decoder_(decode),
      matcher_(options),
      counts_skipdata_(options.count_skipdata),
      only_traffic_(options.only_traffic),
      hands_on_all_(options.hand_on_all),
      needs_(options.needs),
      counts_covered_(options.count_covered) {}

BatchReader::~BatchReader() {
  if (!is_decoding_) return;
  end_block_ = nullptr;
  end_block();
}

bool BatchReader::next() {
  while (true) {
    if (is_decoding_) {
      if (next_in_block()) return true;
      end_block();
    }
    claim_ = schedule_.claim(claim_);
    if (!claim_) return false;
    begin_block();
  }
}

/// Reads the claimed block; false at the end of the object.
Result<bool> BatchReader::read_block() {
  ObjectWork& work = *claim_->work;
  if (work.has_rows()) {
    if (!row_decoder_) row_decoder_.emplace(decode_);
    maker_ = &*row_decoder_;
    Result<bool> more = work.read(rows_);
    row_decoder_->start(rows_);
    return more;
  }
  maker_ = &line_decoder_;
  Result<bool> more = work.read(claim_->number, lines_);
  if (!more || !*more) lines_.text = {};
  return more;
}

/// Reads the claimed block and settles its formats, or reports why it cannot.
void BatchReader::begin_block() {
  const Schedule::Claim& claim = *claim_;
  finished_ = FinishedBlock();
  rows_seen_ = 0;
  if (claim.opens) {
    if (Result<bool> opened = claim.work->open(); !opened || !*opened) {
      schedule_.has_read(claim, true);
      if (!opened) finished_.error = std::move(opened.error());
      finished_.is_last = true;
      finished_.is_opened = !claim.work->is_first_part();
      return finish();
    }
    schedule_.has_opened(claim);
  }
  Result<bool> more = read_block();
  const bool ended = !more || !*more;
  if (!claim.work->has_ranges() || ended) schedule_.has_read(claim, ended);
  if (!claim.work->has_rows()) line_decoder_.index(lines_, claim.work->shape());
  Result<bool> settled = claim.work->settle(claim.number, *maker_, ended);
  finished_.is_last = ended;
  if (!settled) {
    finished_.error = std::move(settled.error());
    finished_.is_last = true;
    finished_.is_opened = claim.number > 0;
    return finish();
  }
  if (!more) {
    finished_.error = std::move(more.error());
    // Damage before the first line leaves an object that was opened and holds nothing.
    finished_.is_opened = claim.number > 0 || finished_.error->code == ErrorCode::damaged;
  }
  if (!*settled) return finish();
  is_decoding_ = true;
}

bool BatchReader::next_in_block() {
  while (!schedule_.stopped() && maker_->next(batch_)) {
    first_row_ = std::exchange(rows_seen_, rows_seen_ + batch_.rows);
    if (finished_.formats.empty() || finished_.formats.back() != batch_.format) {
      finished_.formats.push_back(batch_.format);
    }
    matcher_.keep_time_range(batch_, selection_);
    // SKIPDATA stands for an unknown number of lost records (AWS VPC User Guide, "Flow log
    // records", log-status), whatever the filter asks for: sums over its window are lower bounds.
    bool has_windows = only_traffic_;
    if (counts_skipdata_) {
      const decode::EmptyWindows windows = maker_->empty_windows(batch_, selection_, false);
      skipdata_ += windows.skipdata;
      has_windows = only_traffic_ && windows.nodata + windows.skipdata > 0;
    }
    std::size_t step = 0;
    for (; step < matcher_.steps() && selection_.count > 0; ++step) {
      maker_->complete(batch_, selection_, step);
      matcher_.keep_matching(step, batch_, selection_);
    }
    if (has_windows && selection_.count > 0) leave_out_windows();
    if (selection_.count > 0) maker_->complete(batch_, selection_, step);
    if (!needs_.empty() && selection_.count > 0) count_coverage();
    if (selection_.count == 0 && !hands_on_all_) continue;
    matched_ += selection_.count;
    return true;
  }
  return false;
}

void BatchReader::leave_out_windows() {
  const decode::EmptyWindows windows = maker_->empty_windows(batch_, selection_, true);
  left_out_.nodata += windows.nodata;
  left_out_.skipdata += windows.skipdata;
}

/// What a format lacks, every record of it lacks. A value that is missing in a format that has the
/// field says something: traffic-path is logged on the way out only.
void BatchReader::count_coverage() {
  if (batch_.format != judged_format_) {
    judged_format_ = batch_.format;
    lacked_.clear();
    for (const std::vector<FieldId>& alternatives : needs_) {
      const bool has_one = std::any_of(alternatives.begin(), alternatives.end(), [&](FieldId id) {
        return judged_format_->index_of(id) >= 0;
      });
      if (!has_one) lacked_.insert(lacked_.end(), alternatives.begin(), alternatives.end());
    }
    if (!lacked_.empty()) coverage_.add({.covered = {}, .lacking = {}, .fields = lacked_});
  }
  if (lacked_.empty() && !counts_covered_) return;
  RecordSums share;
  const decode::EmptyWindows windows = maker_->empty_windows(batch_, selection_, false);
  share.flows = selection_.count - windows.nodata - windows.skipdata;
  const auto sum = [&](FieldId id) {
    unsigned __int128 total = 0;
    const Column* const column = batch_.find(id);
    for (std::size_t i = 0; column != nullptr && i < selection_.count; ++i) {
      const std::uint16_t row = selection_.rows[i];
      if (!column->nulls.test(row)) total += column->numbers[row];
    }
    return total;
  };
  share.packets = sum(FieldId::packets);
  share.bytes = sum(FieldId::bytes);
  (lacked_.empty() ? coverage_.covered : coverage_.lacking).add(share);
}

void BatchReader::end_block() {
  is_decoding_ = false;
  if (end_block_) finished_.piece = end_block_();
  finished_.outcome = std::move(maker_->outcome());
  finish();
}

void BatchReader::finish() { schedule_.finish(*claim_, std::move(finished_)); }

}  // namespace weir::pipeline
