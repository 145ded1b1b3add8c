// SPDX-License-Identifier: Apache-2.0
// verdict: verdicts by the place of their record, in memory or in a temporary file.
#include "verdict/verdict_store.hpp"

#include <algorithm>
#include <span>

namespace weir::verdict {

Result<std::unique_ptr<VerdictStore>> VerdictStore::create(std::uint64_t records,
                                                           std::uint64_t memory_bytes,
                                                           const std::string& temp_directory) {
  std::unique_ptr<VerdictStore> store(new VerdictStore(records));
  if (records <= memory_bytes / sizeof(std::uint32_t)) {
    store->numbers_.resize(static_cast<std::size_t>(records));
    return store;
  }
  auto file = base::SpillFile::create(temp_directory);
  if (!file) return Unexpected(std::move(file.error()));
  store->file_ = *std::move(file);
  store->runs_.resize(static_cast<std::size_t>((records - 1) / kPageRecords + 1));
  return store;
}

void VerdictStore::Writer::flush() {
  std::sort(waiting_.begin(), waiting_.end(),
            [](const Numbered& a, const Numbered& b) { return a.sequence < b.sequence; });
  std::vector<Entry> entries;
  entries.reserve(waiting_.size());
  for (const Numbered& numbered : waiting_) {
    entries.push_back(
        {static_cast<std::uint32_t>(numbered.sequence % kPageRecords), numbered.number});
  }
  const auto bytes = std::as_bytes(std::span(entries));
  const std::uint64_t offset = store_.file_->reserve(bytes.size());
  if (auto done = store_.file_->write(offset, bytes); !done && written_) written_ = done;
  const std::lock_guard lock(store_.mutex_);
  for (std::size_t begin = 0; begin < waiting_.size();) {
    const std::uint64_t page = waiting_[begin].sequence / kPageRecords;
    std::size_t end = begin;
    while (end < waiting_.size() && waiting_[end].sequence / kPageRecords == page) ++end;
    store_.runs_[static_cast<std::size_t>(page)].push_back(
        {.offset = offset + begin * sizeof(Entry), .count = end - begin});
    begin = end;
  }
  waiting_.clear();
}

Result<void> VerdictStore::Writer::finish() {
  if (store_.file_ != nullptr) flush();
  return written_;
}

Result<void> VerdictStore::load(std::uint64_t page) {
  numbers_.assign(kPageRecords, 0);
  loaded_ = page;
  std::vector<Entry> entries;
  for (const Run& run : runs_[static_cast<std::size_t>(page)]) {
    entries.resize(static_cast<std::size_t>(run.count));
    const auto bytes = std::as_writable_bytes(std::span(entries));
    if (auto done = file_->read(run.offset, bytes); !done) return done;
    for (const Entry& entry : entries) numbers_[entry.place] = entry.number;
  }
  return {};
}

Result<std::uint32_t> VerdictStore::at(std::uint64_t sequence) {
  if (sequence >= records_) return std::uint32_t{0};
  if (file_ == nullptr) return numbers_[static_cast<std::size_t>(sequence)];
  if (const std::uint64_t page = sequence / kPageRecords; page != loaded_) {
    if (auto done = load(page); !done) return Unexpected(std::move(done.error()));
  }
  return numbers_[static_cast<std::size_t>(sequence % kPageRecords)];
}

}  // namespace weir::verdict
