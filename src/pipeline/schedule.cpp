// SPDX-License-Identifier: Apache-2.0
// pipeline: which block a thread works on next, and in which order the results are committed.
#include "pipeline/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/matcher.hpp"
#include "pipeline/plan.hpp"

namespace weir::pipeline {
namespace {

constexpr std::size_t kKeptRejects = 3;

void add_format(const FormatPtr& format, std::vector<FormatPtr>& formats) {
  const auto same = [&](const FormatPtr& known) { return known == format || *known == *format; };
  if (std::none_of(formats.begin(), formats.end(), same)) formats.push_back(format);
}

/// Adds the report of an object's next part.
void add_part(DecodeReport part, DecodeReport& whole) {
  whole.records += part.records;
  whole.rejected += part.rejected;
  for (std::size_t reason = 0; reason < kRejectReasons; ++reason) {
    whole.rejected_by_reason[reason] += part.rejected_by_reason[reason];
  }
  for (Reject& reject : part.samples) {
    const auto same = [&](const Reject& known) { return known.reason == reject.reason; };
    const auto known = std::count_if(whole.samples.begin(), whole.samples.end(), same);
    if (static_cast<std::size_t>(known) < kRejectSamples) {
      whole.samples.push_back(std::move(reject));
    }
  }
  whole.millisecond_times += part.millisecond_times;
  whole.coarse_times += part.coarse_times;
  whole.repeated_names += part.repeated_names;
  whole.packed_bytes += part.packed_bytes;
  whole.unpacked_bytes += part.unpacked_bytes;
  for (FormatUse& use : part.formats) {
    const auto same = [&](const FormatUse& known) { return *known.format == *use.format; };
    const auto known = std::find_if(whole.formats.begin(), whole.formats.end(), same);
    if (known == whole.formats.end()) {
      whole.formats.push_back(std::move(use));
    } else {
      known->records += use.records;
    }
  }
}

}  // namespace

Schedule::Schedule(std::span<const Input> inputs, const RunOptions& options,
                   const DecodeOptions& decode, std::size_t most_ahead, BatchSink& sink,
                   parquet::Engine& parquet)
    : inputs_(inputs),
      options_(options),
      decode_(decode),
      context_{.decode = decode,
               .wanted = plan_parquet(options, decode),
               .parquet = parquet,
               .progress = options.progress},
      sink_(sink),
      most_ahead_(most_ahead) {}

std::optional<Schedule::Claim> Schedule::claim(const std::optional<Claim>& last) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopped_) return std::nullopt;
    if (std::optional<Claim> claim = claim_any(last)) return claim;
    if (is_all_claimed()) return std::nullopt;
    changed_.wait(lock);
  }
}

bool Schedule::is_all_claimed() const {
  return next_input_ == inputs_.size() &&
         std::all_of(slots_.begin(), slots_.end(),
                     [](const SlotPtr& slot) { return slot->is_exhausted && !goes_on(*slot); });
}

bool Schedule::can_open_more() const {
  if (waiting_ >= most_ahead_) return false;
  return next_input_ < inputs_.size() ||
         std::any_of(slots_.begin(), slots_.end(),
                     [](const SlotPtr& slot) { return can_go_on(*slot); });
}

/// The members of an archive are read one after the other.
bool Schedule::can_go_on(const Slot& slot) {
  return slot.has_next_part || (slot.has_next_member && slot.is_exhausted && !slot.is_reading);
}

std::optional<Schedule::Claim> Schedule::claim_any(const std::optional<Claim>& last) {
  if (last && !last->slot->is_closed) {
    if (std::optional<Claim> claim = claim_from(last->slot)) return claim;
  }
  const bool leaves_others = can_open_more();
  for (const SlotPtr& slot : slots_) {
    // Objects that another thread reads are left to it while there are further ones to open.
    const bool is_anothers = slot->in_flight > 0 && !slot->has_ranges;
    if (is_anothers && leaves_others) continue;
    if (std::optional<Claim> claim = claim_from(slot)) return claim;
  }
  if (std::optional<Claim> claim = claim_what_follows()) return claim;
  return waiting_ < most_ahead_ ? claim_next_object() : std::nullopt;
}

/// A part or a member. What follows the first slot may always be opened, as it has its turn next.
std::optional<Schedule::Claim> Schedule::claim_what_follows() {
  for (auto at = slots_.begin(); at != slots_.end(); ++at) {
    if (at != slots_.begin() && waiting_ >= most_ahead_) break;
    Slot& slot = **at;
    if (!can_go_on(slot)) continue;
    const SlotPtr next = std::make_shared<Slot>();
    next->work =
        slot.has_next_part ? slot.work->next_part() : slot.work->next_member(slot.next_claim);
    slot.has_next_part = slot.has_next_member = false;
    slots_.insert(at + 1, next);
    return claim_first_block(next);
  }
  return std::nullopt;
}

std::optional<Schedule::Claim> Schedule::claim_next_object() {
  if (next_input_ == inputs_.size()) return std::nullopt;
  const SlotPtr& slot = slots_.emplace_back(std::make_shared<Slot>());
  slot->work = std::make_shared<ObjectWork>(next_input_, inputs_[next_input_], context_);
  ++next_input_;
  return claim_first_block(slot);
}

Schedule::Claim Schedule::claim_first_block(const SlotPtr& slot) {
  slot->is_reading = true;
  slot->next_claim = 1;
  slot->in_flight = 1;
  return {.slot = slot, .number = 0, .work = slot->work, .opens = true};
}

std::optional<Schedule::Claim> Schedule::claim_from(const SlotPtr& slot) {
  if (slot->is_exhausted || slot->is_reading || !has_room_ahead(slot)) return std::nullopt;
  const Claim claim{.slot = slot, .number = slot->next_claim++, .work = slot->work, .opens = false};
  ++slot->in_flight;
  if (!slot->has_ranges) {
    slot->is_reading = true;
  } else if (slot->next_claim == slot->work->range_count()) {
    slot->is_exhausted = true;
    changed_.notify_all();
  }
  return claim;
}

/// The first object may always go on by some blocks; the others must not pile up what they make.
bool Schedule::has_room_ahead(const SlotPtr& slot) const {
  if (slot->next_claim >= slot->next_commit + most_ahead_) return false;
  return slot == slots_.front() || waiting_ < most_ahead_;
}

/// Ranges are read side by side: the next one can be claimed before this one is here.
void Schedule::has_opened(const Claim& claim) {
  const std::lock_guard lock(mutex_);
  Slot& slot = *claim.slot;
  slot.has_next_part = slot.work->has_next_part();
  slot.has_next_member = slot.work->may_have_next_member();
  slot.has_ranges = slot.work->has_ranges();
  if (slot.has_ranges) {
    slot.is_reading = false;
    slot.is_exhausted = slot.next_claim >= slot.work->range_count();
  }
  changed_.notify_all();
}

void Schedule::has_read(const Claim& claim, bool ended) {
  const std::lock_guard lock(mutex_);
  Slot& slot = *claim.slot;
  slot.is_reading = false;
  // An object of which nothing was opened may still be followed by another one of its archive.
  if (ended && !slot.is_exhausted && claim.opens)
    slot.has_next_member = slot.work->may_have_next_member();
  if (ended) slot.is_exhausted = true;
  changed_.notify_all();
}

void Schedule::finish(const Claim& claim, FinishedBlock block) {
  std::unique_lock lock(mutex_);
  if (block.piece != nullptr) ++waiting_;
  Slot& slot = *claim.slot;
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
  while (!slots_.empty() && slots_.front()->is_done && slots_.front()->in_flight == 0 &&
         !goes_on(*slots_.front())) {
    close(*slots_.front());
    slots_.pop_front();
  }
  for (const SlotPtr& slot : slots_) {
    if (slot->is_done) continue;
    const auto block = slot->blocks.find(slot->next_commit);
    const bool is_first = slot == slots_.front();
    if (block == slot->blocks.end() || (!is_first && must_wait_its_turn(block->second))) continue;
    const SlotPtr kept = slot;
    FinishedBlock taken = std::move(block->second);
    slot->blocks.erase(block);
    commit(*kept, std::move(taken), lock);
    return true;
  }
  return false;
}

void Schedule::commit(Slot& slot, FinishedBlock block, std::unique_lock<std::mutex>& lock) {
  std::optional<Error> failure;
  Result<bool> wanted = true;
  const bool had_piece = block.piece != nullptr;
  const bool is_opened = block.is_opened;
  lock.unlock();
  if (is_opened) failure = slot.work->commit(block.outcome);
  if (had_piece && !stopped()) wanted = sink_.commit(std::move(block.piece));
  lock.lock();
  if (had_piece) --waiting_;
  for (const FormatPtr& format : block.formats) add_format(format, slot.formats);
  slot.is_opened = is_opened;
  ++slot.next_commit;
  if (!failure) failure = std::move(block.error);
  if (failure) fail(slot, *std::move(failure));
  slot.is_done = block.is_last || (slot.has_ranges && slot.next_commit == slot.work->range_count());
  if (!wanted) {
    report_.fatal = std::move(wanted.error());
    stopped_ = true;
  } else if (!*wanted) {
    stopped_ = true;
  }
}

/// A bad object does not end the run; a bad line under `strict` does.
void Schedule::fail(Slot& slot, Error error) {
  if (error.code == ErrorCode::malformed && decode_.strict) {
    if (!report_.fatal) report_.fatal = std::move(error);
    stopped_ = true;
    return;
  }
  slot.failures.push_back(std::move(error));
}

/// When the object has its turn: blocks that leave nothing to commit may be ahead of theirs.
void Schedule::report_failures(Slot& slot) {
  for (Error& error : slot.failures) {
    if (error.code != ErrorCode::other_log) {
      if (report_.failures.size() < kMostFailures) {
        report_.failures.push_back(std::move(error));
      } else {
        ++report_.more_failures;
      }
      continue;
    }
    const auto known =
        std::find_if(report_.other_logs.begin(), report_.other_logs.end(),
                     [&](const OtherLog& other) { return other.error.service == error.service; });
    if (report_.other_logs.size() >= kMostFailures && known != report_.other_logs.end()) {
      ++known->objects;
    } else {
      report_.other_logs.push_back({.error = std::move(error)});
    }
  }
  slot.failures.clear();
}

/// What is lost is a failure; if the object has failed already, it is the reason for that.
void Schedule::report_change(Slot& slot) {
  const std::optional<ChangedFile> changed = slot.work->change();
  if (!changed || (!slot.is_opened && !slot.failures.empty())) return;
  Error warning = describe(*changed, slot.work->name());
  if (!changed->has_lost()) {
    if (report_.changed_files.size() < kMostFailures) {
      report_.changed_files.push_back(std::move(warning));
    }
  } else if (!slot.failures.empty()) {
    slot.failures.back().message += fmt::format("; the file {}", warning.message);
  } else {
    slot.failures.push_back(std::move(warning));
  }
}

void Schedule::close(Slot& slot) {
  slot.is_closed = true;
  report_change(slot);
  report_failures(slot);
  report_.members_left_out += slot.work->members_left_out();
  for (const FormatPtr& format : slot.formats) add_format(format, formats_);
  if (!slot.is_opened) return;
  const bool is_last_part = !slot.work->has_next_part();
  DecodeReport& decoded = slot.work->finish();
  if (object_report_) {
    add_part(std::move(decoded), *object_report_);
  } else {
    object_report_ = std::move(decoded);
  }
  if (is_last_part) end_object();
}

/// Reports the object whose parts are closed, if there is one.
void Schedule::end_object() {
  if (!object_report_) return;
  const DecodeReport decoded = *std::exchange(object_report_, std::nullopt);
  ++report_.objects;
  report_.records += decoded.records;
  report_.repeated_names += decoded.repeated_names;
  report_.rejected += decoded.rejected;
  report_.unpacked_bytes += decoded.unpacked_bytes;
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
  for (const SlotPtr& slot : slots_) close(*slot);
  slots_.clear();
  end_object();
  report_formats(options_, std::move(formats_), report_);
  return std::move(report_);
}

}  // namespace weir::pipeline
