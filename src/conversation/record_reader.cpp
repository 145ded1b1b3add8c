// SPDX-License-Identifier: Apache-2.0
// conversation: rows of batches -> packed records.
#include "conversation/record_reader.hpp"

#include <algorithm>

namespace weir::conversation {
namespace {

constexpr FieldId kFields[] = {
    FieldId::interface_id, FieldId::resource_id, FieldId::tgw_attachment_id,
    FieldId::srcaddr,      FieldId::dstaddr,     FieldId::pkt_srcaddr,
    FieldId::pkt_dstaddr,  FieldId::srcport,     FieldId::dstport,
    FieldId::protocol,     FieldId::packets,     FieldId::bytes,
    FieldId::start,        FieldId::end,         FieldId::action,
    FieldId::log_status,   FieldId::tcp_flags,   FieldId::flow_direction,
    FieldId::reject_reason};

bool has(const Column* column, std::size_t row) noexcept {
  return column != nullptr && !column->nulls.test(row);
}

std::string_view text_at(const Column* column, std::size_t row) noexcept {
  return has(column, row) ? column->texts[row] : std::string_view();
}

std::int64_t time_at(const Column* column, std::size_t row) noexcept {
  return static_cast<std::int64_t>(std::min(column->numbers[row], kLatest));
}

Action action_of(std::string_view text) noexcept {
  if (text == "ACCEPT") return Action::accept;
  return text == "REJECT" ? Action::reject : Action::none;
}

LoggedDirection direction_of(std::string_view text) noexcept {
  if (text == "ingress") return LoggedDirection::ingress;
  return text == "egress" ? LoggedDirection::egress : LoggedDirection::none;
}

LoggedRejectReason reject_reason_of(std::string_view text) noexcept {
  if (text.empty()) return LoggedRejectReason::none;
  if (text == "BPA") return LoggedRejectReason::block_public_access;
  return text == "EC" ? LoggedRejectReason::encryption_controls : LoggedRejectReason::other;
}

template <class Enum>
std::uint16_t bits_of(Enum value, unsigned place) noexcept {
  return static_cast<std::uint16_t>(static_cast<unsigned>(value) << place);
}

}  // namespace

FieldSet RecordReader::fields() {
  FieldSet set;
  for (const FieldId id : kFields) set.add(id);
  return set;
}

void RecordReader::begin(const Batch& batch) {
  interface_ = batch.find(FieldId::interface_id);
  resource_ = batch.find(FieldId::resource_id);
  attachment_ = batch.find(FieldId::tgw_attachment_id);
  source_ = batch.find(FieldId::srcaddr);
  destination_ = batch.find(FieldId::dstaddr);
  packet_source_ = batch.find(FieldId::pkt_srcaddr);
  packet_destination_ = batch.find(FieldId::pkt_dstaddr);
  source_port_ = batch.find(FieldId::srcport);
  destination_port_ = batch.find(FieldId::dstport);
  protocol_ = batch.find(FieldId::protocol);
  packets_ = batch.find(FieldId::packets);
  bytes_ = batch.find(FieldId::bytes);
  start_ = batch.find(FieldId::start);
  end_ = batch.find(FieldId::end);
  action_ = batch.find(FieldId::action);
  status_ = batch.find(FieldId::log_status);
  tcp_flags_ = batch.find(FieldId::tcp_flags);
  direction_ = batch.find(FieldId::flow_direction);
  reject_reason_ = batch.find(FieldId::reject_reason);
}

/// The interface, or what stands in for it where there is none: a regional NAT gateway's id, a
/// transit gateway's attachment (AWS VPC User Guide, "Flow log records", interface-id; AWS Transit
/// Gateway Guide, "Flow log records").
InterfaceLog& RecordReader::log_of(std::size_t row, std::uint32_t& number) {
  id_ = text_at(interface_, row);
  if (id_.empty()) id_ = text_at(resource_, row);
  if (id_.empty()) id_ = text_at(attachment_, row);
  number = numbers_.number_of(id_);
  if (number >= logs_.size()) logs_.resize(number + std::size_t{1});
  logs_[number].is_nameless = logs_[number].is_nameless || (id_.empty() && interface_ != nullptr);
  return logs_[number];
}

/// What makes a record part of a conversation. False if something is missing or impossible.
bool RecordReader::read_tuple(std::size_t row, PackedRecord& core, AddressTail& addresses) const {
  if (!has(source_, row) || !has(destination_, row) || !has(protocol_, row)) return false;
  addresses.source = source_->addresses[row];
  addresses.destination = destination_->addresses[row];
  addresses.packet_source =
      has(packet_source_, row) ? packet_source_->addresses[row] : addresses.source;
  addresses.packet_destination =
      has(packet_destination_, row) ? packet_destination_->addresses[row] : addresses.destination;
  const std::uint64_t protocol = protocol_->numbers[row];
  const std::uint64_t source_port = has(source_port_, row) ? source_port_->numbers[row] : 0;
  const std::uint64_t destination_port =
      has(destination_port_, row) ? destination_port_->numbers[row] : 0;
  if (protocol > 0xff || source_port > 0xffff || destination_port > 0xffff) return false;
  core.protocol = static_cast<std::uint8_t>(protocol);
  core.source_port = static_cast<std::uint16_t>(source_port);
  core.destination_port = static_cast<std::uint16_t>(destination_port);
  return true;
}

std::size_t RecordReader::read(std::size_t row, bool selected, std::array<PackedRecord, 2>& units) {
  PackedRecord& core = units[0];
  InterfaceLog& log = log_of(row, core.interface);
  const bool has_start = has(start_, row);
  const bool has_end = has(end_, row);
  core.start = has_start ? time_at(start_, row) : has_end ? time_at(end_, row) : 0;
  RecordEnds ends;
  ends.end = has_end ? time_at(end_, row) : core.start;
  if (has_start || has_end) log.add_time(core.start, ends.end);
  const std::string_view status = text_at(status_, row);
  if (status == "NODATA") {
    ++log.nodata;
    ++counts_.nodata;
    return 0;
  }
  if (status == "SKIPDATA") {
    ++log.skipdata;
    ++counts_.skipdata;
    if (has_start || has_end) log.skipped.add(core.start, ends.end);
    return 0;
  }
  if (!read_tuple(row, core, ends.addresses)) {
    ++counts_.without_tuple;
    return 0;
  }
  ++counts_.records;
  core.packets = has(packets_, row) ? packets_->numbers[row] : 0;
  core.bytes = has(bytes_, row) ? bytes_->numbers[row] : 0;
  core.tcp_flags = static_cast<std::uint8_t>(has(tcp_flags_, row) ? tcp_flags_->numbers[row] : 0);
  const Action action = action_of(text_at(action_, row));
  const LoggedDirection direction = direction_of(text_at(direction_, row));
  const LoggedRejectReason reason = reject_reason_of(text_at(reject_reason_, row));
  unsigned bits = bits_of(action, PackedRecord::kAction);
  bits |= bits_of(direction, PackedRecord::kDirection);
  bits |= bits_of(reason, PackedRecord::kRejectReason);
  if (has(tcp_flags_, row)) bits |= PackedRecord::kHasFlags;
  if (has(packets_, row)) bits |= PackedRecord::kHasPackets;
  if (has(bytes_, row)) bits |= PackedRecord::kHasBytes;
  if (has(packet_source_, row) && has(packet_destination_, row)) {
    bits |= PackedRecord::kHasPacketAddresses;
  }
  if (reject_reason_ != nullptr) bits |= PackedRecord::kHasRejectReason;
  if (selected) bits |= PackedRecord::kSelected;
  core.bits = static_cast<std::uint16_t>(bits);
  if (action == Action::accept) ++log.accepted;
  if (action == Action::reject) ++log.rejected;
  log.add_ends(ends.addresses.source, ends.addresses.destination, direction);
  return pack_ends(ends, hash_, core, units[1]) ? 2 : 1;
}

}  // namespace weir::conversation
