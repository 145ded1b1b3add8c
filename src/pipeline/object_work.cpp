// SPDX-License-Identifier: Apache-2.0
// pipeline: one object that several threads work on.
#include "pipeline/object_work.hpp"

#include <utility>

namespace weir {

Result<void> ObjectWork::open() {
  Result<std::unique_ptr<Object>> object = Object::open(name_);
  if (!object) return Unexpected(std::move(object.error()));
  object_ = *std::move(object);
  Result<std::unique_ptr<Envelope>> envelope = Envelope::open(*object_, object_->name());
  if (!envelope) return Unexpected(std::move(envelope.error()));
  envelope_ = *std::move(envelope);
  if (object_->plain_size() && envelope_->kind() == EnvelopeKind::bare_lines) {
    Result<LineRanges> ranges = LineRanges::over(*object_);
    if (!ranges) return Unexpected(std::move(ranges.error()));
    ranges_ = *ranges;
  }
  decoding_ = std::make_unique<ObjectDecoding>(object_->name(), options_);
  decoding_->report().shape = describe_shape(*object_, *envelope_);
  return {};
}

Result<bool> ObjectWork::read(std::uint64_t number, LineBlock& block) {
  if (!ranges_) {
    Result<bool> more = envelope_->next(block);
    packed_bytes_.store(object_->packed_bytes(), std::memory_order_relaxed);
    return more;
  }
  if (Result<void> done = ranges_->read(number, block); !done) {
    return Unexpected(std::move(done.error()));
  }
  packed_bytes_.fetch_add(ranges_->bytes_of(number), std::memory_order_relaxed);
  return true;
}

Result<bool> ObjectWork::settle(std::uint64_t number, BlockDecoder& decoder, bool is_last) {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return next_to_settle_ == number || ended_; });
  if (ended_) return false;
  Result<void> settled = decoder.settle(*decoding_);
  shape_ = decoder.shape();
  ++next_to_settle_;
  ended_ = is_last || !settled;
  settled_.notify_all();
  if (!settled) return Unexpected(std::move(settled.error()));
  return true;
}

LineShape ObjectWork::shape() {
  const std::lock_guard lock(mutex_);
  return shape_;
}

std::optional<Error> ObjectWork::commit(BlockOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  decoding_->commit(outcome);
  return decoding_->take_failure();
}

DecodeReport& ObjectWork::finish() {
  const std::uint64_t unpacked = ranges_ ? packed_bytes() : object_->unpacked_bytes();
  decoding_->finish(*envelope_, packed_bytes(), unpacked);
  ranges_.reset();
  envelope_.reset();
  object_.reset();
  return decoding_->report();
}

}  // namespace weir
