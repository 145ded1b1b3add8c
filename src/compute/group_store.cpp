// SPDX-License-Identifier: Apache-2.0
// compute: totals, failures and the temporary file of an aggregation.
#include "compute/group_store.hpp"

#include <random>

#include "compute/partitioned_groups.hpp"

namespace weir::compute {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

constexpr std::uint8_t kKnownSet = 4;
constexpr std::uint8_t kKnownPackets = 2;
constexpr std::uint8_t kKnownBytes = 1;

}  // namespace

bool GroupOrder::before(const GroupRecord& a, const GroupRecord& b) const {
  if (measure_) {
    const auto left = measure_of(a.totals, *measure_);
    const auto right = measure_of(b.totals, *measure_);
    if (left != right) return left > right;
  }
  return layout_->compare(a.key, b.key, *pool_) < 0;
}

std::unique_ptr<GroupStore> GroupStore::create(KeyLayout layout, AggregateOptions options) {
  // A layout without a compact form has all of its groups in the tables of full keys.
  if (layout.compact_words() == 2) {
    return std::make_unique<PartitionedGroups<2>>(std::move(layout), std::move(options));
  }
  return std::make_unique<PartitionedGroups<1>>(std::move(layout), std::move(options));
}

GroupStore::GroupStore(KeyLayout layout, AggregateOptions options)
    : layout_(std::move(layout)), options_(std::move(options)), hash_(random_seed()) {}

KnownCounts GroupStore::known_counts(const CountColumns& counts) noexcept {
  std::uint8_t known = known_.load(std::memory_order_relaxed);
  if (known == 0) {
    known = kKnownSet;
    if (counts.packets != nullptr) known |= kKnownPackets;
    if (counts.bytes != nullptr) known |= kKnownBytes;
    std::uint8_t unset = 0;
    known_.compare_exchange_strong(unset, known);
  }
  return known_counts();
}

KnownCounts GroupStore::known_counts() const noexcept {
  const std::uint8_t known = known_.load(std::memory_order_relaxed);
  return {.packets = (known & kKnownPackets) != 0, .bytes = (known & kKnownBytes) != 0};
}

void GroupStore::add_totals(const GroupTotals& totals, std::uint64_t without_key) {
  const std::lock_guard lock(mutex_);
  total_.add(totals);
  without_key_ += without_key;
}

void GroupStore::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(error);
  failed_ = true;
}

Result<void> GroupStore::failure() const {
  const std::lock_guard lock(mutex_);
  if (failure_) return Unexpected(*failure_);
  return {};
}

Result<base::SpillFile*> GroupStore::spill_file() {
  const std::lock_guard lock(mutex_);
  if (spill_file_ == nullptr) {
    auto file = base::SpillFile::create(options_.temp_directory);
    if (!file) return Unexpected(std::move(file.error()));
    spill_file_ = *std::move(file);
  }
  return spill_file_.get();
}

void GroupStore::close_spill_file() {
  const std::lock_guard lock(mutex_);
  spill_file_.reset();
}

}  // namespace weir::compute
