// SPDX-License-Identifier: Apache-2.0
// explain: what was sent, from where to where, and how much.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/number_words.hpp"
#include "base/protocol.hpp"
#include "explain/clauses.hpp"
#include "explain/words.hpp"
#include "field/service.hpp"
#include "weir/names.hpp"

namespace weir::explain {
namespace {

/// Which side of the record is a known service.
enum class Side { none, source, destination, both };

struct KnownService {
  Side side = Side::none;
  bool proven = false;  // by TCP flags, not by port numbers
  field::Service service;
};

bool is_efa(const RecordView& record) { return record.text(FieldId::type) == "EFA"; }

// AWS writes 0 into both ports of ICMP ("Flow log record examples"); a protocol without ports has
// ports to speak of only if the log holds some.
bool has_ports(const RecordView& record) {
  const auto protocol = record.number(FieldId::protocol);
  if (protocol && base::carries_ports(*protocol)) return true;
  return record.number(FieldId::srcport).value_or(0) != 0 ||
         record.number(FieldId::dstport).value_or(0) != 0;
}

/// True if the source's service is the better guess: assigned by IANA before not assigned, then the
/// lower port.
bool source_goes_first(const field::Service& source, std::uint64_t srcport,
                       const field::Service& destination, std::uint64_t dstport) {
  if (source.registered != destination.registered) return source.registered;
  return srcport < dstport;
}

KnownService known_service(const RecordView& record) {
  const std::uint64_t protocol = record.number(FieldId::protocol).value_or(0);
  const auto srcport = record.number(FieldId::srcport);
  const auto dstport = record.number(FieldId::dstport);
  const field::Service* source = srcport ? field::find_service_of(*srcport, protocol) : nullptr;
  const field::Service* destination =
      dstport ? field::find_service_of(*dstport, protocol) : nullptr;

  // Who sends SYN without ACK is the client, who sends SYN-ACK the server (AWS VPC User Guide,
  // "Flow log record examples", TCP flag sequence).
  const std::uint64_t flags = is_tcp(record) ? record.number(FieldId::tcp_flags).value_or(0) : 0;
  if ((flags & base::kSynAck) == base::kSynAck) {
    return source == nullptr ? KnownService{} : KnownService{Side::source, true, *source};
  }
  if ((flags & base::kSyn) != 0) {
    return destination == nullptr ? KnownService{}
                                  : KnownService{Side::destination, true, *destination};
  }

  if (source != nullptr && srcport == dstport) return {Side::both, false, *source};
  // A high port opposite a low one is a client's, whoever else may use it.
  if (srcport && dstport) {
    if (*srcport >= base::kFirstClientPort && *dstport < base::kFirstClientPort) source = nullptr;
    if (*dstport >= base::kFirstClientPort && *srcport < base::kFirstClientPort)
      destination = nullptr;
  }
  if (source != nullptr && destination != nullptr) {
    (source_goes_first(*source, *srcport, *destination, *dstport) ? destination : source) = nullptr;
  }
  if (destination != nullptr) return {Side::destination, false, *destination};
  if (source != nullptr) return {Side::source, false, *source};
  return {};
}

std::string unnamed_protocol_words(std::uint64_t number) {
  if (number > 255)
    return fmt::format("traffic of protocol {} (not an IP protocol number)", number);
  const std::string_view words =
      number == base::kReservedProtocol ? protocol_keyword(number) : protocol_description(number);
  return fmt::format("traffic of protocol {} ({})", number, uncapitalized(std::string(words)));
}

/// `TCP traffic`, `ESP traffic (protocol 50, Encap Security Payload)`.
std::string protocol_words(const RecordView& record) {
  const auto protocol = record.number(FieldId::protocol);
  if (is_efa(record)) return "EFA (Elastic Fabric Adapter) traffic";
  if (!protocol) return "traffic";
  if (*protocol == base::kIcmpv6) return "ICMPv6 traffic";
  const std::string_view keyword = protocol_keyword(*protocol);
  if (keyword.empty() || *protocol == base::kReservedProtocol)
    return unnamed_protocol_words(*protocol);
  if (*protocol == base::kIcmp || *protocol == base::kTcp || *protocol == base::kUdp) {
    return fmt::format("{} traffic", keyword);
  }
  const std::string_view description = protocol_description(*protocol);
  // `IPv4 traffic` would say something else than protocol 4, which is IP in IP.
  if (*protocol == base::kIpInIp || *protocol == base::kIpv6InIp) {
    return fmt::format("{} traffic (protocol {})", description, *protocol);
  }
  if (description.empty() || description == keyword) {
    return fmt::format("{} traffic (protocol {})", keyword, *protocol);
  }
  return fmt::format("{} traffic (protocol {}, {})", keyword, *protocol, description);
}

/// True if the port and protocol are assigned to the service; else it only usually uses them.
bool is_certain(const RecordView& record, const KnownService& known) {
  return record.number(FieldId::protocol) && known.service.registered && !is_efa(record);
}

/// `SSH traffic (destination port 22, TCP)`, or hedged where the port alone does not say it.
std::string service_words(const RecordView& record, const KnownService& known) {
  const std::string port =
      known.side == Side::both
          ? fmt::format("port {} on both sides", *record.number(FieldId::srcport))
          : fmt::format("destination port {}", *record.number(FieldId::dstport));
  const auto protocol = record.number(FieldId::protocol);
  if (!is_certain(record, known)) {
    return fmt::format("{} ({}, usually {})", protocol_words(record), port, known.service.title);
  }
  return fmt::format("{} traffic ({}, {})", known.service.title, port, protocol_keyword(*protocol));
}

/// ` from port 20641 of 10.0.0.1`, ` to 10.0.0.2`, ` from SSH port 22`: one end of the flow.
std::string end_words(std::string_view preposition, const std::optional<Ip>& address,
                      const std::string& port) {
  if (!address && port.empty()) return {};
  if (!address) return fmt::format(" {} {}", preposition, port);
  if (port.empty()) return fmt::format(" {} {}", preposition, to_string(*address));
  return fmt::format(" {} {} of {}", preposition, port, to_string(*address));
}

std::string port_words(std::optional<std::uint64_t> port) {
  return port ? fmt::format("port {}", *port) : std::string();
}

std::string serving_port_words(const RecordView& record, const KnownService& known) {
  return fmt::format("{}{} port {}", is_certain(record, known) ? "" : "the usual ",
                     known.service.title, *record.number(FieldId::srcport));
}

}  // namespace

bool is_tcp(const RecordView& record) {
  const auto protocol = record.number(FieldId::protocol);
  return protocol ? *protocol == base::kTcp : record.number(FieldId::tcp_flags).value_or(0) != 0;
}

std::string traffic_words(const RecordView& record) {
  const auto source = record.address(FieldId::srcaddr);
  const auto destination = record.address(FieldId::dstaddr);
  if (!has_ports(record)) {
    return protocol_words(record) + end_words("from", source, {}) +
           end_words("to", destination, {});
  }
  const KnownService known = known_service(record);
  if (known.side == Side::destination || known.side == Side::both) {
    return service_words(record, known) + end_words("from", source, {}) +
           end_words("to", destination, {});
  }
  const auto srcport = record.number(FieldId::srcport);
  const std::string to = end_words("to", destination, port_words(record.number(FieldId::dstport)));
  if (known.side == Side::none) {
    return protocol_words(record) + end_words("from", source, port_words(srcport)) + to;
  }
  return fmt::format("{}{}{} ({}the reply side)", protocol_words(record),
                     end_words("from", source, serving_port_words(record, known)), to,
                     known.proven ? "" : "probably ");
}

std::string amount_words(const RecordView& record, const TimeZone& zone) {
  const auto packets = record.number(FieldId::packets);
  const auto bytes = record.number(FieldId::bytes);
  const auto start = record.number(FieldId::start);
  const auto end = record.number(FieldId::end);
  const std::string counts[] = {packets ? base::counted(*packets, "packet") : std::string(),
                                bytes ? base::counted(*bytes, "byte") : std::string()};
  const std::string amount = joined(counts, ", ");
  const std::string lead = amount.empty() ? std::string() : ": " + amount;
  if (start && end && *end < *start) {
    return fmt::format("{} (start {}, end {}: the end lies before the start)", lead,
                       instant_words(*start, zone), instant_words(*end, zone));
  }
  if (amount.empty() || !start || !end || *start == *end) {
    return lead + window_words(start, end, zone);
  }
  return fmt::format("{} in {} from {}", lead, base::counted(*end - *start, "second"),
                     instant_words(*start, zone));
}

// No field of "Flow log records" (AWS VPC User Guide) holds them.
std::string icmp_sentence(const RecordView& record) {
  const auto protocol = record.number(FieldId::protocol);
  if (protocol != base::kIcmp && protocol != base::kIcmpv6) return {};
  return "The type and code of its ICMP messages are not logged.";
}

}  // namespace weir::explain
