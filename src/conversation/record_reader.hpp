// SPDX-License-Identifier: Apache-2.0
// conversation: batch -> packed records, and what they say of their interfaces.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/text_pool.hpp"
#include "conversation/interface_log.hpp"
#include "conversation/packed_record.hpp"
#include "weir/batch.hpp"

namespace weir::conversation {

/// Records by what became of them.
struct RecordCounts {
  std::uint64_t records = 0;
  std::uint64_t nodata = 0;
  std::uint64_t skipdata = 0;
  std::uint64_t without_tuple = 0;

  void add(const RecordCounts& other) noexcept {
    records += other.records;
    nodata += other.nodata;
    skipdata += other.skipdata;
    without_tuple += other.without_tuple;
  }
};

/// Reads the rows of batches, for one thread.
class RecordReader {
 public:
  RecordReader(base::TextPool& interfaces, const TupleHash& hash)
      : numbers_(interfaces), hash_(hash) {}

  /// The fields that it reads.
  static FieldSet fields();

  /// Looks at the columns of a batch.
  void begin(const Batch& batch);
  /// Reads one row. Returns how many units it takes: 0 if it is no record of a conversation.
  /// `block` and `row` of the core are left to the caller.
  std::size_t read(std::size_t row, bool selected, std::array<PackedRecord, 2>& units);

  /// The interface of the row that was read last.
  std::string_view interface() const noexcept { return id_; }
  const RecordCounts& counts() const noexcept { return counts_; }
  /// By the numbers of interfaces; shorter if this thread has not met the last ones.
  const std::vector<InterfaceLog>& logs() const noexcept { return logs_; }
  /// Forgets counts and logs.
  void forget() {
    counts_ = {};
    logs_.clear();
  }

 private:
  InterfaceLog& log_of(std::size_t row, std::uint32_t& number);
  bool read_tuple(std::size_t row, PackedRecord& core, AddressTail& addresses) const;

  base::TextNumbers numbers_;
  TupleHash hash_;
  std::vector<InterfaceLog> logs_;
  RecordCounts counts_;
  std::string_view id_;

  const Column* interface_ = nullptr;
  const Column* resource_ = nullptr;
  const Column* attachment_ = nullptr;
  const Column* source_ = nullptr;
  const Column* destination_ = nullptr;
  const Column* packet_source_ = nullptr;
  const Column* packet_destination_ = nullptr;
  const Column* source_port_ = nullptr;
  const Column* destination_port_ = nullptr;
  const Column* protocol_ = nullptr;
  const Column* packets_ = nullptr;
  const Column* bytes_ = nullptr;
  const Column* start_ = nullptr;
  const Column* end_ = nullptr;
  const Column* action_ = nullptr;
  const Column* status_ = nullptr;
  const Column* tcp_flags_ = nullptr;
  const Column* direction_ = nullptr;
  const Column* reject_reason_ = nullptr;
};

}  // namespace weir::conversation
