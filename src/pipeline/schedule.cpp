// SPDX-License-Identifier: Apache-2.0
// pipeline: which block a thread works on next, and in which order what came of them is committed.
#include "pipeline/schedule.hpp"

#include <algorithm>

#include "pipeline/matcher.hpp"

namespace weir {
namespace {

constexpr std::size_t kKeptRejects = 3;

void add_format(const FormatPtr& format, std::vector<FormatPtr>& formats) {
  const auto same = [&](const FormatPtr& known) { return known == format || *known == *format; };
  if (std::none_of(formats.begin(), formats.end(), same)) formats.push_back(format);
}

}  // namespace

Schedule::Schedule(std::span<const std::string> names, const RunOptions& options,
                   const DecodeOptions& decode, std::size_t most_ahead, BatchSink& sink)
    : names_(names), options_(options), decode_(decode), sink_(sink), most_ahead_(most_ahead) {}

std::optional<Schedule::Claim> Schedule::claim(const std::optional<Claim>& last) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopped_) return std::nullopt;
    if (std::optional<Claim> claim = claim_any(last)) return claim;
    const bool all_claimed =
        front_ + slots_.size() == names_.size() &&
        std::all_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.is_exhausted; });
    if (all_claimed) return std::nullopt;
    changed_.wait(lock);
  }
}

std::optional<Schedule::Claim> Schedule::claim_any(const std::optional<Claim>& last) {
  if (last && last->object >= front_) {
    if (std::optional<Claim> claim = claim_from(last->object)) return claim;
  }
  for (std::size_t object = front_; object < front_ + slots_.size(); ++object) {
    const Slot& slot = slots_[object - front_];
    // Objects that another thread reads are left to it while there are further ones to open.
    const bool is_anothers = slot.in_flight > 0 && !slot.has_ranges;
    if (is_anothers && front_ + slots_.size() < names_.size() && waiting_ < most_ahead_) continue;
    if (std::optional<Claim> claim = claim_from(object)) return claim;
  }
  const std::size_t next = front_ + slots_.size();
  if (next == names_.size() || waiting_ >= most_ahead_) return std::nullopt;
  Slot& slot = slots_.emplace_back();
  slot.work = std::make_shared<ObjectWork>(names_[next], decode_);
  slot.is_reading = true;
  slot.next_claim = 1;
  slot.in_flight = 1;
  return Claim{.object = next, .number = 0, .work = slot.work, .opens = true};
}

std::optional<Schedule::Claim> Schedule::claim_from(std::size_t object) {
  Slot& slot = slots_[object - front_];
  if (slot.is_exhausted || slot.is_reading || !has_room_ahead(object)) return std::nullopt;
  const Claim claim{
      .object = object, .number = slot.next_claim++, .work = slot.work, .opens = false};
  ++slot.in_flight;
  if (!slot.has_ranges) {
    slot.is_reading = true;
  } else if (slot.next_claim == slot.work->range_count()) {
    slot.is_exhausted = true;
    changed_.notify_all();
  }
  return claim;
}

/// The first object may always go on by some blocks; the others must not pile up what they make.
bool Schedule::has_room_ahead(std::size_t object) const {
  const Slot& slot = slots_[object - front_];
  if (slot.next_claim >= slot.next_commit + most_ahead_) return false;
  return object == front_ || waiting_ < most_ahead_;
}

/// An object stays as long as one of its blocks is at work.
Schedule::Slot& Schedule::find(const Claim& claim) { return slots_[claim.object - front_]; }

void Schedule::has_read(const Claim& claim, bool ended) {
  const std::lock_guard lock(mutex_);
  Slot& slot = find(claim);
  slot.is_reading = false;
  slot.has_ranges = slot.work->has_ranges();
  if (ended || (slot.has_ranges && slot.next_claim >= slot.work->range_count())) {
    slot.is_exhausted = true;
  }
  if (options_.on_progress) {
    std::uint64_t bytes = finished_bytes_;
    for (const Slot& each : slots_) bytes += each.is_done ? 0 : each.work->packed_bytes();
    options_.on_progress(bytes);
  }
  changed_.notify_all();
}

void Schedule::finish(const Claim& claim, FinishedBlock block) {
  std::unique_lock lock(mutex_);
  if (block.piece != nullptr) ++waiting_;
  Slot& slot = find(claim);
  --slot.in_flight;
  if (block.is_last) slot.is_exhausted = true;
  slot.blocks.emplace(claim.number, std::move(block));
  if (is_committing_) return;
  is_committing_ = true;
  while (commit_one(lock)) changed_.notify_all();
  is_committing_ = false;
  changed_.notify_all();
}

bool Schedule::must_wait_its_turn(const FinishedBlock& block) const {
  return block.piece != nullptr || (decode_.on_reject && !block.outcome.rejects.empty());
}

/// Commits one block, or closes one object; false if nothing has its turn.
bool Schedule::commit_one(std::unique_lock<std::mutex>& lock) {
  while (!slots_.empty() && slots_.front().is_done && slots_.front().in_flight == 0) {
    close(slots_.front());
    slots_.pop_front();
    ++front_;
  }
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.is_done) continue;
    const auto block = slot.blocks.find(slot.next_commit);
    if (block == slot.blocks.end() || (i > 0 && must_wait_its_turn(block->second))) continue;
    FinishedBlock taken = std::move(block->second);
    slot.blocks.erase(block);
    commit(front_ + i, std::move(taken), lock);
    return true;
  }
  return false;
}

void Schedule::commit(std::size_t object, FinishedBlock block, std::unique_lock<std::mutex>& lock) {
  Slot* const slot = &slots_[object - front_];  // only this thread takes slots away
  std::optional<Error> failure;
  Result<bool> wanted = true;
  const bool had_piece = block.piece != nullptr;
  const bool is_opened = block.is_opened;
  lock.unlock();
  if (is_opened) failure = slot->work->commit(block.outcome);
  if (had_piece && !stopped()) wanted = sink_.commit(std::move(block.piece));
  lock.lock();
  if (had_piece) --waiting_;
  for (const FormatPtr& format : block.formats) add_format(format, slot->formats);
  slot->is_opened = is_opened;
  ++slot->next_commit;
  if (!failure) failure = std::move(block.error);
  if (failure) fail(*std::move(failure));
  slot->is_done =
      block.is_last || (slot->has_ranges && slot->next_commit == slot->work->range_count());
  if (!wanted) {
    report_.fatal = std::move(wanted.error());
    stopped_ = true;
  } else if (!*wanted) {
    stopped_ = true;
  }
}

/// A bad object does not end the run; a bad line under `strict` does.
void Schedule::fail(Error error) {
  if (error.code == ErrorCode::malformed && decode_.strict) {
    if (!report_.fatal) report_.fatal = std::move(error);
    stopped_ = true;
    return;
  }
  report_.failures.push_back(std::move(error));
}

void Schedule::close(Slot& slot) {
  for (const FormatPtr& format : slot.formats) add_format(format, formats_);
  if (!slot.is_opened) return;
  ++report_.objects;
  DecodeReport& decoded = slot.work->finish();
  report_.records += decoded.records;
  report_.rejected += decoded.rejected;
  report_.unpacked_bytes += decoded.unpacked_bytes;
  finished_bytes_ += decoded.packed_bytes;
  for (const Reject& reject : decoded.samples) {
    if (report_.rejects.size() == kKeptRejects) break;
    report_.rejects.push_back(reject);
    report_.reject_objects.push_back(decoded.name);
  }
  sink_.object_done(decoded);
}

void Schedule::stop(std::optional<Error> fatal) {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (fatal && !report_.fatal) report_.fatal = std::move(fatal);
  changed_.notify_all();
}

std::optional<Error> Schedule::fatal() {
  const std::lock_guard lock(mutex_);
  return report_.fatal;
}

RunReport Schedule::report() {
  for (Slot& slot : slots_) close(slot);
  slots_.clear();
  report_formats(options_, std::move(formats_), report_);
  return std::move(report_);
}

}  // namespace weir
