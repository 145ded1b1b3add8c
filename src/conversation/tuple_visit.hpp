// SPDX-License-Identifier: Apache-2.0
// conversation: records in order -> the conversations of each tuple -> a visitor.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conversation/double_records.hpp"
#include "conversation/fan_in.hpp"
#include "conversation/interface_log.hpp"
#include "conversation/nat_legs.hpp"
#include "conversation/packed_record.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// What is known once all records have been read.
struct TupleContext {
  std::span<const std::uint32_t> ranks;           ///< of interfaces, by their numbers
  std::span<const ObservedInterface> interfaces;  ///< by rank
  std::span<const OwnAddresses> own;              ///< by rank
  std::span<const std::uint64_t> block_begin;     ///< sequence of the first row of each block
  const NatLegs* legs = nullptr;                  ///< null: doubles are not marked
  const FanIn* fan_in = nullptr;
  const Evaluator* policy = nullptr;
};

/// Gathers the records of a tuple. For one thread.
class TupleVisit {
 public:
  /// Both must outlive this.
  TupleVisit(const TupleContext& context, ConversationVisitor& visitor)
      : context_(context), visitor_(visitor) {}

  /// Takes records in the order of comes_before().
  void add(const RecordView& record);
  /// Hands out what is left.
  void finish() { emit(records_.size()); }

 private:
  bool continues(const RecordView& record) const noexcept;
  void emit_full();
  void emit(std::size_t count);
  void sort_by_interface(std::size_t count);
  void stitch_all(std::size_t count);
  void mark();

  const TupleContext& context_;
  ConversationVisitor& visitor_;
  // A record of the tuple, to compare others with.
  PackedRecord core_;
  PackedRecord tail_;
  std::vector<FlowRecord> records_;
  std::vector<std::uint32_t> ranks_;  // of their interfaces
  std::vector<std::uint32_t> order_;
  std::vector<FlowRecord> sorted_;
  std::vector<InterfaceRecords> interfaces_;
  std::vector<std::size_t> starts_;  // of their conversations
  std::vector<Conversation> conversations_;
};

}  // namespace weir::conversation
