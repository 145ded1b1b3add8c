// SPDX-License-Identifier: Apache-2.0
// explain: record -> every field with words for its value.
#include <fmt/format.h>

#include "base/number_words.hpp"
#include "base/protocol.hpp"
#include "explain/address_kind.hpp"
#include "explain/clauses.hpp"
#include "explain/words.hpp"
#include "field/service.hpp"
#include "weir/explain.hpp"
#include "weir/names.hpp"

namespace weir {
namespace {

constexpr std::string_view kUndocumented = "a value that AWS does not document";

/// The field's sentence of the catalogue as a clause: its first part, without the period.
std::string meaning_words(const FieldInfo& info) {
  std::string_view meaning = info.meaning.substr(0, info.meaning.find(';'));
  if (meaning.ends_with('.')) meaning.remove_suffix(1);
  return explain::uncapitalized(std::string(meaning));
}

/// Why a field is missing, as the catalogue has it.
std::string missing_words(const explain::RecordView& record, const FieldInfo& info) {
  constexpr std::string_view kNoTraffic = "NODATA and SKIPDATA records";
  const auto status = record.text(FieldId::log_status);
  if (info.missing.starts_with(kNoTraffic) && (status == "NODATA" || status == "SKIPDATA")) {
    return fmt::format("missing: a {} record describes no traffic", *status);
  }
  if (info.missing == "never" || info.missing.starts_with("AWS writes")) {
    return "missing, which AWS does not document";
  }
  if (info.missing == "rarely") return "missing, which is rare";
  return fmt::format("missing; AWS leaves it out in these cases: {}", info.missing);
}

std::string port_words(const explain::RecordView& record, std::uint64_t port) {
  const auto protocol = record.number(FieldId::protocol);
  if (port == 0 && (protocol == base::kIcmp || protocol == base::kIcmpv6))
    return "ICMP has no ports";
  const field::Service* service = field::find_service_of(port, protocol.value_or(0));
  if (service == nullptr) return "ephemeral or unregistered port";
  return fmt::format("{}{}", service->registered ? "" : "usually ", service->title);
}

std::string protocol_words(std::uint64_t number) {
  const std::string_view keyword = protocol_keyword(number);
  const std::string_view description = protocol_description(number);
  if (keyword.empty() && description.empty()) return "not an IP protocol";
  if (keyword.empty()) return explain::uncapitalized(std::string(description));
  if (description.empty() || description == keyword) return std::string(keyword);
  return fmt::format("{} ({})", keyword, description);
}

std::string flags_words(const explain::RecordView& record, std::uint64_t flags) {
  if (flags > 255) return std::string(kUndocumented);
  if (flags == 0) {
    return explain::is_tcp(record) || !record.number(FieldId::protocol)
               ? "no SYN, FIN or RST was seen in the window"
               : "none, since the protocol is not TCP";
  }
  return tcp_flags_text(flags) + ", seen in the window";
}

std::string coded_words(std::string_view preposition, std::string_view words) {
  if (words.empty()) return std::string(kUndocumented);
  return preposition.empty() ? std::string(words) : fmt::format("{} {}", preposition, words);
}

std::string number_words(const explain::RecordView& record, const FieldInfo& info,
                         std::uint64_t value) {
  switch (info.id) {
    case FieldId::version:
      return "the highest version among the fields of the format";
    case FieldId::packets:
      return base::counted(value, "packet");
    case FieldId::bytes:
      return base::counted(value, "byte");
    default:
      break;
  }
  switch (info.names) {
    case ValueNames::protocol:
      return protocol_words(value);
    case ValueNames::port:
      return port_words(record, value);
    case ValueNames::tcp_flags:
      return flags_words(record, value);
    case ValueNames::traffic_path:
      return coded_words(value == 1 ? "to" : "through", traffic_path_text(value));
    case ValueNames::encryption:
      return coded_words("", encryption_status_text(value));
    case ValueNames::none:
      break;
  }
  return fmt::format("{}: {}", meaning_words(info), base::with_thousands(value));
}

std::string time_words(const explain::RecordView& record, FieldId id, std::uint64_t value,
                       const TimeZone& zone) {
  const std::string instant = explain::instant_words(value, zone);
  const auto status = record.text(FieldId::log_status);
  const bool traffic = status != "NODATA" && status != "SKIPDATA";
  const auto start = record.number(FieldId::start);
  if (id == FieldId::start) {
    return instant + (traffic ? ", first packet in the window" : ", beginning of the window");
  }
  std::string end = instant + (traffic ? ", last packet in the window" : ", end of the window");
  if (!start || *start > value) return end;
  return fmt::format("{}, {} after start", end, base::counted(value - *start, "second"));
}

std::string action_words(std::string_view value) {
  if (value == "ACCEPT") return "the traffic was allowed";
  if (value == "REJECT") {
    return "the traffic was not allowed, or arrived after its connection was closed";
  }
  return std::string(kUndocumented);
}

std::string status_words(std::string_view value) {
  if (value == "OK") return "logged normally";
  if (value == "NODATA") return "no traffic in the window";
  if (value == "SKIPDATA") return "AWS dropped records of the window";
  return std::string(kUndocumented);
}

std::string type_words(std::string_view value) {
  if (value == "IPv4" || value == "IPv6") return fmt::format("{} traffic", value);
  return value == "EFA" ? "Elastic Fabric Adapter traffic" : std::string(kUndocumented);
}

std::string direction_words(const explain::RecordView& record, std::string_view value) {
  const char* const what = record.format().is_transit_gateway() ? "Transit Gateway" : "interface";
  if (value == "ingress") return fmt::format("into the {}", what);
  if (value == "egress") return fmt::format("out of the {}", what);
  return std::string(kUndocumented);
}

std::string reason_words(std::string_view value) {
  if (value == "BPA") return "rejected by VPC Block Public Access";
  if (value == "EC") return "rejected by VPC Encryption Controls at a VPC endpoint";
  return "a reason that weir does not know";
}

std::string text_words(const explain::RecordView& record, const FieldInfo& info,
                       std::string_view value) {
  switch (info.id) {
    case FieldId::account_id:
      if (value != "unknown") break;
      return "AWS does not name the owner of some interfaces that its services create";
    case FieldId::action:
      return action_words(value);
    case FieldId::log_status:
      return status_words(value);
    case FieldId::type:
      return type_words(value);
    case FieldId::flow_direction:
      return direction_words(record, value);
    case FieldId::reject_reason:
      return reason_words(value);
    case FieldId::pkt_src_aws_service:
    case FieldId::pkt_dst_aws_service:
      return "an address of " + explain::aws_service_words(value);
    case FieldId::interface_type:
    case FieldId::next_hop_interface_type:
      return explain::interface_words(value);
    default:
      break;
  }
  if (!info.percent_encoded) return meaning_words(info);
  return fmt::format("{}: {}", meaning_words(info), explain::quotable(value));
}

std::string value_words(const explain::RecordView& record, const FieldInfo& info,
                        const TimeZone& zone) {
  switch (info.type) {
    case FieldType::number:
      if (const auto value = record.number(info.id)) return number_words(record, info, *value);
      break;
    case FieldType::time:
      if (const auto value = record.number(info.id)) {
        return time_words(record, info.id, *value, zone);
      }
      break;
    case FieldType::address:
      if (const auto value = record.address(info.id)) {
        return fmt::format("{}; {}", meaning_words(info), explain::address_kind(*value));
      }
      break;
    case FieldType::text:
      if (const auto value = record.text(info.id)) return text_words(record, info, *value);
      break;
  }
  return missing_words(record, info);
}

}  // namespace

std::vector<FieldExplanation> explain_fields(const Batch& batch, std::size_t row,
                                             const TimeZone& zone) {
  const explain::RecordView record(batch, row);
  std::vector<FieldExplanation> explanations;
  const auto fields = record.format().fields();
  for (std::size_t position = 0; position < fields.size(); ++position) {
    if (!record.decoded(position)) continue;
    const FormatField& field = fields[position];
    const auto value = record.written(position);
    explanations.push_back({.name = field.name,
                            .value = value.value_or("-"),
                            .words = field.id == FieldId::unknown
                                         ? "not in weir's catalogue; kept as text"
                                         : value_words(record, field_info(field.id), zone)});
  }
  return explanations;
}

}  // namespace weir
