// SPDX-License-Identifier: Apache-2.0
// pipeline: one object that several threads work on, or a part of a large Parquet object.
#include "pipeline/object_work.hpp"

#include <utility>

#include "decode/chunk_decoder.hpp"

namespace weir::pipeline {

ObjectWork::ObjectWork(const ObjectWork& before, std::size_t part)
    : place_(before.place_),
      input_(before.input_),
      name_(before.name_),
      context_(before.context_),
      watch_(before.watch_),
      archive_(before.archive_),
      first_block_(before.first_block_),
      file_(before.file_),
      part_(part),
      decoding_(std::make_unique<decode::ObjectDecoding>(file_->name(), context_.decode)) {}

ObjectWork::ObjectWork(const ObjectWork& before, std::uint64_t blocks,
                       std::shared_ptr<Archive> archive)
    : place_(before.place_),
      input_(before.input_),
      name_(before.input_.shown_name()),
      context_(before.context_),
      watch_(before.watch_),
      archive_(std::move(archive)),
      archive_bytes_(archive_->packed_bytes()),
      first_block_(before.first_block_ + blocks) {}

std::shared_ptr<ObjectWork> ObjectWork::next_part() const {
  return std::make_shared<ObjectWork>(*this, part_ + 1);
}

Result<bool> ObjectWork::open() {
  if (file_ != nullptr) {
    Result<void> opened = open_part();
    return opened ? Result<bool>(true) : Unexpected(std::move(opened.error()));
  }
  Result<std::unique_ptr<Object>> object = archive_ != nullptr ? next_of_archive() : open_input();
  if (!object) return Unexpected(std::move(object.error()));
  if (*object == nullptr) return false;
  if (Result<void> opened = open_object(*std::move(object)); !opened) {
    return Unexpected(std::move(opened.error()));
  }
  return true;
}

/// The object, or the first one in it.
Result<std::unique_ptr<Object>> ObjectWork::open_input() {
  Result<std::unique_ptr<Object>> object = Object::open(input_);
  if (object) watch_ = (*object)->watch();
  if (!object || !(*object)->is_archive()) return object;
  archive_ = std::make_shared<Archive>(*std::move(object));
  Result<std::unique_ptr<Object>> first = next_of_archive();
  if (!first || *first != nullptr) return first;
  return Unexpected({.code = ErrorCode::not_found,
                     .message = "the archive holds no files",
                     .where = name_,
                     .hint = "links, empty files and names that begin with `.` are left out"});
}

Result<std::unique_ptr<Object>> ObjectWork::next_of_archive() {
  Result<std::unique_ptr<Object>> member = archive_->next();
  if (member && *member != nullptr) {
    name_ = (*member)->name();
  } else if (member) {
    members_left_out_ = archive_->left_out();
    archive_.reset();
  }
  return member;
}

Result<void> ObjectWork::open_object(std::unique_ptr<Object> object) {
  if (object->content() != Container::parquet) return open_lines(std::move(object));
  auto file = parquet::File::open(context_.parquet, *object);
  if (!file) return Unexpected(std::move(file.error()));
  file_ = *std::move(file);
  if (archive_ != nullptr) have_read(archive_->packed_bytes() - archive_bytes_);
  decoding_ = std::make_unique<decode::ObjectDecoding>(file_->name(), context_.decode);
  decoding_->report().shape = file_->shape();
  return open_part();
}

Result<void> ObjectWork::open_lines(std::unique_ptr<Object> object) {
  object_ = std::move(object);
  Result<std::unique_ptr<Envelope>> envelope = Envelope::open(*object_, object_->name());
  if (!envelope) return Unexpected(std::move(envelope.error()));
  envelope_ = *std::move(envelope);
  if (object_->plain_size() && envelope_->kind() == EnvelopeKind::bare_lines) {
    Result<envelope::LineRanges> ranges = envelope::LineRanges::over(*object_);
    if (!ranges) return Unexpected(std::move(ranges.error()));
    ranges_ = *ranges;
  }
  decoding_ = std::make_unique<decode::ObjectDecoding>(object_->name(), context_.decode);
  decoding_->report().shape = decode::describe_shape(*object_, *envelope_);
  return {};
}

Result<void> ObjectWork::open_part() {
  auto rows =
      parquet::PartReader::open(context_.parquet, file_, file_->parts()[part_], context_.wanted);
  if (!rows) return Unexpected(std::move(rows.error()));
  rows_ = *std::move(rows);
  return {};
}

Result<bool> ObjectWork::read(std::uint64_t number, LineBlock& block) {
  if (!ranges_) {
    Result<bool> more = envelope_->next(block);
    have_read(archive_ != nullptr ? archive_->packed_bytes() - archive_bytes_
                                  : object_->packed_bytes());
    return more;
  }
  if (Result<void> done = ranges_->read(number, block); !done) {
    return Unexpected(std::move(done.error()));
  }
  const std::uint64_t bytes = ranges_->bytes_of(number);
  packed_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (context_.progress != nullptr) context_.progress->advance(bytes);
  return true;
}

Result<bool> ObjectWork::read(parquet::RowBlock& block) {
  Result<bool> more = rows_->next(block);
  if (archive_ == nullptr) have_read(rows_->bytes());
  return more;
}

/// For objects that one thread at a time reads.
void ObjectWork::have_read(std::uint64_t bytes) {
  const std::uint64_t before = packed_bytes_.exchange(bytes, std::memory_order_relaxed);
  if (context_.progress != nullptr && bytes > before) context_.progress->advance(bytes - before);
}

Result<bool> ObjectWork::settle(std::uint64_t number, decode::BatchMaker& maker, bool is_last) {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return next_to_settle_ == number || ended_; });
  if (ended_) return false;
  Result<void> settled = maker.settle(*decoding_);
  ++next_to_settle_;
  ended_ = is_last || !settled;
  settled_.notify_all();
  if (!settled) return Unexpected(std::move(settled.error()));
  return true;
}

decode::LineShape ObjectWork::shape() {
  const std::lock_guard lock(mutex_);
  return decoding_->shape();
}

std::optional<Error> ObjectWork::commit(decode::BlockOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  decoding_->commit(outcome);
  return decoding_->take_failure();
}

std::optional<ChangedFile> ObjectWork::change() const {
  if (!watch_ || has_next_part() || may_have_next_member()) return std::nullopt;
  return change_of(*watch_);
}

DecodeReport& ObjectWork::finish() {
  if (file_ != nullptr) {
    // What Parquet unpacks to depends on which columns are asked for: its own bytes stand for it.
    decoding_->finish(packed_bytes(), packed_bytes());
  } else {
    const std::uint64_t unpacked = ranges_ ? packed_bytes() : object_->unpacked_bytes();
    decoding_->finish(*envelope_, packed_bytes(), unpacked);
  }
  rows_.reset();
  file_.reset();
  ranges_.reset();
  envelope_.reset();
  object_.reset();
  return decoding_->report();
}

}  // namespace weir::pipeline
