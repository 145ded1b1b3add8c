// SPDX-License-Identifier: Apache-2.0
// conversation: partitions of records.
#include "conversation/record_store.hpp"

#include <algorithm>
#include <cstring>

namespace weir::conversation {
namespace {

/// Bytes a record that its place in the order takes besides.
constexpr std::size_t kOrderBytes = sizeof(std::uint32_t);
/// Units that one partition may have in memory: places are 32 bits wide.
constexpr std::size_t kMostUnits = std::size_t{1} << 31;
/// Buffers of all runs of a partition together, and of one.
constexpr std::size_t kMergeBytes = std::size_t{4} << 20;
constexpr std::size_t kLeastRunBytes = std::size_t{4} << 10;
constexpr std::size_t kMostRunBytes = std::size_t{128} << 10;

/// Bits of the hash behind those that choose the partition.
constexpr unsigned kBucketBits = 12;
std::size_t bucket_of(std::uint64_t hash) noexcept { return hash << 8 >> (64 - kBucketBits); }

}  // namespace

void RecordStore::Units::add(std::span<const PackedRecord> units) {
  while (!units.empty()) {
    const std::size_t place = size_ % kBlock;
    if (place == 0) {
      blocks_.emplace_back(new std::array<PackedRecord, kBlock>);
    }
    const std::size_t count = std::min(units.size(), kBlock - place);
    std::copy_n(units.begin(), count, blocks_.back()->begin() + static_cast<std::ptrdiff_t>(place));
    units = units.subspan(count);
    size_ += count;
  }
}

/// Records in memory, in their order.
class RecordStore::MemoryReader final : public Reader {
 public:
  explicit MemoryReader(const Partition& partition) : partition_(partition) {}
  Result<std::optional<RecordView>> next() override {
    if (place_ == partition_.order.size()) return std::optional<RecordView>();
    return std::optional(partition_.units.at(partition_.order[place_++]));
  }

 private:
  const Partition& partition_;
  std::size_t place_ = 0;
};

/// Runs of the file and what is in memory, merged.
class RecordStore::MergingReader final : public Reader {
 public:
  MergingReader(const base::SpillFile& file, const Partition& partition) : memory_(partition) {
    const std::size_t share = kMergeBytes / partition.runs.size();
    const std::size_t buffer = std::clamp(share, kLeastRunBytes, kMostRunBytes);
    for (const base::SpillRun& run : partition.runs) {
      runs_.push_back(std::make_unique<Run>(file, run, buffer));
    }
  }

  Result<std::optional<RecordView>> next() override {
    if (!began_) {
      began_ = true;
      for (std::size_t source = 0; source <= runs_.size(); ++source) {
        if (auto done = advance(source); !done) return Unexpected(std::move(done.error()));
      }
    } else if (!heap_.empty()) {
      const std::size_t source = heap_.back().source;  // whose record was handed out last
      heap_.pop_back();
      if (auto done = advance(source); !done) return Unexpected(std::move(done.error()));
    }
    if (heap_.empty()) return std::optional<RecordView>();
    std::pop_heap(heap_.begin(), heap_.end(), comes_later);
    return std::optional(heap_.back().record);
  }

 private:
  struct Run {
    Run(const base::SpillFile& file, const base::SpillRun& run, std::size_t buffer_bytes)
        : reader(file, run, sizeof(PackedRecord), buffer_bytes) {}
    base::RunReader reader;
    PackedRecord core;
    PackedRecord tail;
  };
  struct Head {
    RecordView record;
    std::size_t source;  // runs_.size(): memory
  };
  static bool comes_later(const Head& a, const Head& b) noexcept {
    return comes_before(b.record, a.record);
  }

  /// Puts the next record of a source into the heap.
  Result<void> advance(std::size_t source) {
    if (source == runs_.size()) {
      const auto record = memory_.next();
      if (*record) push({.record = **record, .source = source});
      return {};
    }
    Run& run = *runs_[source];
    const auto core = run.reader.next();
    if (!core) return Unexpected(core.error());
    if (*core == nullptr) return {};
    std::memcpy(&run.core, *core, sizeof run.core);
    RecordView record{.core = &run.core, .tail = nullptr};
    if (run.core.has_tail()) {
      const auto tail = run.reader.next();
      if (!tail) return Unexpected(tail.error());
      std::memcpy(&run.tail, *tail, sizeof run.tail);
      record.tail = &run.tail;
    }
    push({.record = record, .source = source});
    return {};
  }
  void push(Head head) {
    heap_.push_back(head);
    std::push_heap(heap_.begin(), heap_.end(), comes_later);
  }

  MemoryReader memory_;
  std::vector<std::unique_ptr<Run>> runs_;
  std::vector<Head> heap_;  // the first in order on top; behind it what was handed out last
  bool began_ = false;
};

void RecordStore::add(std::size_t partition, std::span<const PackedRecord> units) {
  Partition& into = partitions_[partition];
  const std::lock_guard lock(into.mutex);
  if (failed()) return;
  if (into.units.size() + units.size() > kMostUnits) {
    if (auto done = spill(into); !done) return fail(std::move(done.error()));
  }
  into.units.add(units);
  account(into);
}

/// Called with the partition's lock. A partition that is much smaller than others stays: writing it
/// would free nothing worth a run.
void RecordStore::account(Partition& partition) {
  const std::size_t bytes = partition.units.memory_bytes() + partition.units.size() * kOrderBytes;
  const std::size_t change = bytes - partition.counted_bytes;
  partition.counted_bytes = bytes;
  const std::size_t used = used_bytes_.fetch_add(change) + change;
  const std::size_t least =
      std::max(used / (2 * kPartitions), Units::kBlock * sizeof(PackedRecord));
  if (used <= memory_bytes_ || bytes < least) return;
  if (auto done = spill(partition); !done) fail(std::move(done.error()));
}

Result<void> RecordStore::spill(Partition& partition) {
  const auto to = file();
  if (!to) return Unexpected(to.error());
  sort(partition);
  const base::SpillRun run{.offset = (*to)->reserve(partition.units.size() * sizeof(PackedRecord)),
                           .count = partition.units.size()};
  base::RunWriter writer(**to, run.offset);
  for (const std::uint32_t index : partition.order) {
    const RecordView record = partition.units.at(index);
    for (const PackedRecord* const unit : {record.core, record.tail}) {
      if (unit == nullptr) continue;
      if (auto done = writer.write(std::as_bytes(std::span(unit, 1))); !done) return done;
    }
  }
  if (auto done = writer.finish(); !done) return done;
  partition.runs.push_back(run);
  partition.units.clear();
  partition.order.clear();
  used_bytes_.fetch_sub(partition.counted_bytes);
  partition.counted_bytes = 0;
  return {};
}

/// First into buckets by bits of the hash, then each bucket: most hold a few tuples.
void RecordStore::sort(Partition& partition) {
  const Units& units = partition.units;
  constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;
  std::vector<std::uint32_t> begin(kBuckets + 1);
  std::size_t records = 0;
  for (std::size_t i = 0; i < units.size(); i += units.at(i).units()) {
    ++begin[bucket_of(units.at(i).core->hash) + 1];
    ++records;
  }
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<std::uint32_t>& order = partition.order;
  order.resize(records);
  std::vector<std::uint32_t> place(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < units.size(); i += units.at(i).units()) {
    order[place[bucket_of(units.at(i).core->hash)]++] = static_cast<std::uint32_t>(i);
  }
  for (std::size_t i = 0; i < kBuckets; ++i) {
    std::sort(
        order.begin() + begin[i], order.begin() + begin[i + 1],
        [&](std::uint32_t a, std::uint32_t b) { return comes_before(units.at(a), units.at(b)); });
  }
}

std::unique_ptr<RecordStore::Reader> RecordStore::sorted(std::size_t partition) {
  Partition& from = partitions_[partition];
  if (from.order.empty()) sort(from);
  if (from.runs.empty()) return std::make_unique<MemoryReader>(from);
  return std::make_unique<MergingReader>(*file_, from);
}

Result<base::SpillFile*> RecordStore::file() {
  const std::lock_guard lock(mutex_);
  if (file_ == nullptr) {
    auto created = base::SpillFile::create(temp_directory_);
    if (!created) return Unexpected(std::move(created.error()));
    file_ = *std::move(created);
  }
  return file_.get();
}

void RecordStore::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(error);
  failed_ = true;
}

Result<void> RecordStore::failure() const {
  const std::lock_guard lock(mutex_);
  if (failure_) return Unexpected(*failure_);
  return {};
}

}  // namespace weir::conversation
