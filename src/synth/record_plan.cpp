// SPDX-License-Identifier: Apache-2.0
// synth: how to write a line.
#include "synth/record_plan.hpp"

#include <algorithm>

#include "synth/interface_fields.hpp"
#include "synth/line_text.hpp"

namespace weir::synth {
namespace {

/// Most that a value of the traffic takes with its blank: an address.
constexpr std::size_t kMaxValueBytes = 48;

/// A constant text with its blank; the literal's own terminator is not copied.
template <std::size_t N>
char* write_literal(char* out, const char (&text)[N]) noexcept {
  std::memcpy(out, text, N - 1);
  return out + N - 1;
}

char* write_protocol(char* out, Protocol protocol) noexcept {
  switch (protocol) {
    case Protocol::icmp:
      return write_literal(out, "1 ");
    case Protocol::tcp:
      return write_literal(out, "6 ");
    case Protocol::udp:
      return write_literal(out, "17 ");
    case Protocol::icmpv6:
      break;
  }
  return write_literal(out, "58 ");
}

char* write_character(char* out, char character) noexcept {
  out[0] = character;
  out[1] = ' ';
  return out + 2;
}

char* write_value(FieldId field, const Record& record, char* out) noexcept {
  switch (field) {
    case FieldId::srcaddr:
      return record.source->address.write(out);
    case FieldId::dstaddr:
      return record.destination->address.write(out);
    case FieldId::srcport:
      return write_number(out, record.source_port);
    case FieldId::dstport:
      return write_number(out, record.destination_port);
    case FieldId::protocol:
      return write_protocol(out, record.protocol);
    case FieldId::packets:
      return write_number(out, record.packets);
    case FieldId::bytes:
      // AWS VPC User Guide, "Flow log records": no bytes when Block Public Access rejects.
      return record.block_public_access ? write_literal(out, "- ")
                                        : write_number(out, record.bytes);
    case FieldId::start:
      return write_number(out, static_cast<std::uint64_t>(record.start));
    case FieldId::end:
      return write_number(out, static_cast<std::uint64_t>(record.end));
    case FieldId::action:
      return record.rejected ? write_literal(out, "REJECT ") : write_literal(out, "ACCEPT ");
    case FieldId::log_status:
      return write_literal(out, "OK ");
    case FieldId::tcp_flags:
      return write_number(out, record.tcp_flags);
    case FieldId::type:
      return record.source->is_ipv6 ? write_literal(out, "IPv6 ") : write_literal(out, "IPv4 ");
    case FieldId::pkt_srcaddr:
      return record.packet_source->address.write(out);
    case FieldId::pkt_dstaddr:
      return record.packet_destination->address.write(out);
    case FieldId::pkt_src_aws_service:
      return record.packet_source->service->write(out);
    case FieldId::pkt_dst_aws_service:
      return record.packet_destination->service->write(out);
    case FieldId::flow_direction:
      return record.egress ? write_literal(out, "egress ") : write_literal(out, "ingress ");
    case FieldId::traffic_path:
      return write_character(
          out, record.traffic_path == 0 ? '-' : static_cast<char>('0' + record.traffic_path));
    case FieldId::reject_reason:
      return record.block_public_access ? write_literal(out, "BPA ") : write_literal(out, "- ");
    case FieldId::encryption_status:
      return write_character(out, record.encryption);
    default:
      return write_literal(out, "- ");
  }
}

}  // namespace

RecordPlan::RecordPlan(const Format& format, const Network& network) {
  has_reject_reason_ = format.has(FieldId::reject_reason);
  steps_ = compile(format, network, false);
  empty_steps_ = compile(format, network, true);
  // Values are copied in whole blocks.
  texts_.append(kCopySlack, ' ');
  max_line_bytes_ += kCopySlack + kMaxValueBytes;
}

std::vector<RecordPlan::Step> RecordPlan::compile(const Format& format, const Network& network,
                                                  bool empty_window) {
  std::vector<Step> steps;
  const std::span<const FormatField> fields = format.fields();
  const auto origin = [&](std::size_t i) { return origin_of(fields[i].id, empty_window); };
  std::size_t line_bytes = 0;
  for (std::size_t begin = 0; begin < fields.size();) {
    if (origin(begin) == Origin::traffic) {
      steps.push_back({.field = fields[begin++].id});
      line_bytes += kMaxValueBytes;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < fields.size() && origin(end) == origin(begin)) ++end;
    const std::size_t first = fragments_.size();
    Step step{.next_hop = origin(begin) == Origin::next_hop,
              .fragment = static_cast<std::uint32_t>(first) + 1};
    std::size_t longest = 0;
    for (const Interface& interface : network.interfaces()) {
      const std::size_t offset = texts_.size();
      for (std::size_t i = begin; i < end; ++i) {
        texts_ += interface_text(fields[i].id, interface, network, format.version(), empty_window);
        texts_ += ' ';
      }
      const std::size_t length = texts_.size() - offset;
      longest = std::max(longest, length);
      fragments_.push_back({.offset = static_cast<std::uint32_t>(offset),
                            .length = static_cast<std::uint32_t>(length)});
    }
    line_bytes += longest;
    steps.push_back(step);
    begin = end;
  }
  max_line_bytes_ = std::max(max_line_bytes_, line_bytes);
  return steps;
}

char* RecordPlan::write_fragment(const Step& step, const Interface& interface,
                                 char* out) const noexcept {
  const Text& text = fragments_[step.fragment - 1 + interface.index];
  return write_padded(out, texts_.data() + text.offset, text.length);
}

char* RecordPlan::write(const Record& record, char* out) const noexcept {
  for (const Step& step : steps_) {
    if (step.fragment == 0) {
      out = write_value(step.field, record, out);
    } else {
      out = write_fragment(step, step.next_hop ? *record.next_hop : *record.at, out);
    }
  }
  out[-1] = '\n';
  return out;
}

char* RecordPlan::write(const EmptyWindow& window, char* out) const noexcept {
  for (const Step& step : empty_steps_) {
    if (step.fragment != 0) {
      out = write_fragment(step, *window.at, out);
    } else if (step.field == FieldId::log_status) {
      out = window.skipped ? write_literal(out, "SKIPDATA ") : write_literal(out, "NODATA ");
    } else {
      const std::int64_t time = step.field == FieldId::start ? window.start : window.end;
      out = write_number(out, static_cast<std::uint64_t>(time));
    }
  }
  out[-1] = '\n';
  return out;
}

}  // namespace weir::synth
