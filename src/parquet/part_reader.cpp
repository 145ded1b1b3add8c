// SPDX-License-Identifier: Apache-2.0
// parquet: a part of a file -> chunks of its rows, in their order.
#include "parquet/part_reader.hpp"

#include <algorithm>
#include <utility>

#include "weir/batch.hpp"

namespace weir::parquet {
namespace {

/// So that what is asked of the schedule and handed to it is little beside the work.
constexpr std::size_t kChunksOfBlock = 4;

}  // namespace

std::size_t RowBlock::rows(std::size_t chunk) const {
  return std::min<std::size_t>(api().data_chunk_get_size(chunks_[chunk].get()), kBatchRows);
}

Values RowBlock::values(std::size_t chunk, std::size_t column) const {
  const duckdb::Vector vector = api().data_chunk_get_vector(chunks_[chunk].get(), column);
  return {.data = api().vector_get_data(vector), .valid = api().vector_get_validity(vector)};
}

Result<std::unique_ptr<PartReader>> PartReader::open(Engine& engine,
                                                     std::shared_ptr<const File> file,
                                                     const Part& part, const Wanted& wanted) {
  auto instance = engine.connect();
  if (!instance) return Unexpected(file->damaged(instance.error()));
  const auto plan = std::make_shared<const Plan>(make_plan(*file, part, wanted));
  auto rows = (*instance)->query(plan->sql);
  if (!rows) return Unexpected(file->damaged(rows.error()));
  std::unique_ptr<PartReader> reader(new PartReader);
  reader->file_ = std::move(file);
  reader->part_ = part;
  reader->plan_ = plan;
  reader->instance_ = *std::move(instance);
  reader->rows_ = *std::move(rows);
  reader->next_row_ = part.first_row;
  return reader;
}

Result<bool> PartReader::next(RowBlock& block) {
  block.plan_ = plan_;
  block.chunks_.clear();
  block.first_row_ = next_row_;
  while (!ended_ && block.chunks_.size() < kChunksOfBlock) {
    Result<duckdb::OwnedChunk> chunk = rows_->take();
    if (!chunk || *chunk == nullptr) {
      ended_ = true;
      rows_.reset();
      if (!chunk) failure_ = file_->damaged(chunk.error());
      break;
    }
    block.chunks_.push_back(*std::move(chunk));
    const std::size_t last = block.chunks_.size() - 1;
    if (!plan_->has_row_numbers) {
      next_row_ += block.rows(last);
    } else if (const std::size_t rows = block.rows(last); rows > 0) {
      const Values numbers = block.values(last, plan_->columns.size());
      next_row_ =
          static_cast<std::uint64_t>(static_cast<const std::int64_t*>(numbers.data)[rows - 1]) + 1;
    }
  }
  if (!block.chunks_.empty()) return true;
  if (failure_) return Unexpected(*std::exchange(failure_, std::nullopt));
  return false;
}

std::uint64_t PartReader::bytes() const {
  if (ended_) return part_.bytes;
  if (part_.rows == 0) return 0;
  const double share =
      static_cast<double>(next_row_ - part_.first_row) / static_cast<double>(part_.rows);
  return static_cast<std::uint64_t>(std::min(share, 1.0) * static_cast<double>(part_.bytes));
}

}  // namespace weir::parquet
