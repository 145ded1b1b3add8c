// SPDX-License-Identifier: Apache-2.0
// pipeline: one object that several threads work on, or a part of a large Parquet object. Its
// blocks are numbered as they are claimed, and pass two points in the order of their numbers: their
// formats are settled, and what came of them is committed.
//
//   claim 0 1 2 3 ...      read, index      settle 0 1 2 3 ...      decode      commit 0 1 2 3 ...
//   one at a time          any thread       one at a time           any         one at a time
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "decode/batch_maker.hpp"
#include "decode/object_decoding.hpp"
#include "envelope/line_ranges.hpp"
#include "parquet/part_reader.hpp"
#include "weir/pipeline.hpp"

namespace weir::pipeline {

/// What the objects of a run have in common.
struct RunContext {
  const DecodeOptions& decode;
  parquet::Wanted wanted;    ///< of Parquet objects
  parquet::Engine& parquet;  ///< opened by the first of them
  Progress* progress;        ///< told of what is read, or null
};

class ObjectWork {
 public:
  /// `place` is the object's among those of the run; `context` must outlive this.
  ObjectWork(std::size_t place, Input input, RunContext& context)
      : place_(place), input_(std::move(input)), name_(input_.shown_name()), context_(context) {}
  /// A further part of a Parquet object.
  ObjectWork(const ObjectWork& before, std::size_t part);
  /// What follows `before`, of which `blocks` blocks were claimed, in its archive.
  ObjectWork(const ObjectWork& before, std::uint64_t blocks, std::shared_ptr<Archive> archive);
  ObjectWork& operator=(const ObjectWork&) = delete;

  std::size_t place() const { return place_; }
  /// For messages.
  const std::string& name() const { return name_; }

  // ---- parts: row groups of a Parquet object that are read side by side; all others are one ----

  bool is_first_part() const { return part_ == 0; }
  /// Known once this is open. The next part is not open.
  bool has_next_part() const { return file_ != nullptr && part_ + 1 < file_->parts().size(); }
  std::shared_ptr<ObjectWork> next_part() const;

  // ---- archives: each of their members is an object, found when the one before has been read ----

  /// Known once this is open, or cannot be. Whether there really is one turns out when it is
  /// opened.
  bool may_have_next_member() const { return archive_ != nullptr && !has_next_part(); }
  std::shared_ptr<ObjectWork> next_member(std::uint64_t blocks) const {
    return std::make_shared<ObjectWork>(*this, blocks, archive_);
  }
  /// Blocks of the members before this one.
  std::uint64_t first_block() const { return first_block_; }
  /// Members that the archive passed over because of their names, told once, at its end.
  std::uint64_t members_left_out() const { return members_left_out_; }

  // ---- reading: by the thread that has claimed a block ----

  /// False if there is nothing: the archive has no further member.
  /// Errors: those of Object::open(), Archive::next(), Envelope::open() and parquet::File::open().
  Result<bool> open();
  /// True if blocks can be read by several threads at once.
  bool has_ranges() const { return ranges_.has_value(); }
  std::uint64_t range_count() const { return ranges_->count(); }
  /// True if blocks are rows and not lines.
  bool has_rows() const { return file_ != nullptr; }
  /// Fills block `number`; false at the end. One thread at a time unless has_ranges().
  Result<bool> read(std::uint64_t number, LineBlock& block);
  Result<bool> read(parquet::RowBlock& block);
  /// Packed bytes read so far, of all that were or will be read.
  std::uint64_t packed_bytes() const { return packed_bytes_.load(std::memory_order_relaxed); }

  // ---- settling ----

  /// Waits for the blocks before `number` and settles this one; false if the object ended before
  /// it. Must be called for every claimed block, also for one that could not be read, which
  /// `is_last` tells.
  Result<bool> settle(std::uint64_t number, decode::BatchMaker& maker, bool is_last);
  /// What lines probably look like.
  decode::LineShape shape();

  // ---- committing: in order ----

  /// Adds what happened in the next block. Returns what ends the object: a reject under `strict`.
  std::optional<Error> commit(decode::BlockOutcome& outcome);
  /// What has happened to the file while it was read, once nothing of it is left to open.
  std::optional<ChangedFile> change() const;
  /// Closes the object, or the part: no block follows.
  DecodeReport& finish();

 private:
  Result<std::unique_ptr<Object>> open_input();
  Result<std::unique_ptr<Object>> next_of_archive();
  Result<void> open_object(std::unique_ptr<Object> object);
  Result<void> open_lines(std::unique_ptr<Object> object);
  Result<void> open_part();
  /// So many packed bytes of this have been read.
  void have_read(std::uint64_t bytes);

  std::size_t place_;
  Input input_;
  std::string name_;
  RunContext& context_;
  std::optional<FileWatch> watch_;
  // Members of archives:
  std::shared_ptr<Archive> archive_;
  std::uint64_t archive_bytes_ = 0;  // packed, before this member
  std::uint64_t first_block_ = 0;
  std::uint64_t members_left_out_ = 0;
  // Lines:
  std::unique_ptr<Object> object_;
  std::unique_ptr<Envelope> envelope_;
  std::optional<envelope::LineRanges> ranges_;
  // Rows:
  std::shared_ptr<const parquet::File> file_;
  std::size_t part_ = 0;
  std::unique_ptr<parquet::PartReader> rows_;

  std::unique_ptr<decode::ObjectDecoding> decoding_;
  std::atomic<std::uint64_t> packed_bytes_{0};

  std::mutex mutex_;  // over what settling changes
  std::condition_variable settled_;
  std::uint64_t next_to_settle_ = 0;
  bool ended_ = false;
};

}  // namespace weir::pipeline
