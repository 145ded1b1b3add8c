// SPDX-License-Identifier: Apache-2.0
// envelope: where OCSF events keep what a flow log says.
#include "envelope/ocsf.hpp"

#include <algorithm>

#include "envelope/field_line.hpp"

namespace weir::envelope {
namespace {

using When = OcsfWhen;
using Reading = OcsfReading;

// The numbers and their captions: https://schema.ocsf.io/1.1.0/classes/network_activity, and
// https://schema.ocsf.io/1.1.0/objects/network_connection_info. 0 is unknown, 99 is said in words.
constexpr OcsfWord kActionIds[] = {{"1", "ACCEPT"}, {"2", "REJECT"}, {"0", ""}, {"99", ""}};
constexpr OcsfWord kActions[] = {{"Allowed", "ACCEPT"}, {"Denied", "REJECT"}, {"Unknown", ""}};
constexpr OcsfWord kDispositionIds[] = {{"1", "ACCEPT"}, {"2", "REJECT"}};
constexpr OcsfWord kDispositions[] = {{"Allowed", "ACCEPT"}, {"Blocked", "REJECT"}};
// `activity_name`, `activity_id` and `type_uid` are made of `action`: the mapping of AWS.
constexpr OcsfWord kActivityIds[] = {{"6", "ACCEPT"}, {"5", "REJECT"}};
constexpr OcsfWord kActivities[] = {{"Traffic", "ACCEPT"}, {"Refuse", "REJECT"}};
constexpr OcsfWord kTypeIds[] = {{"400106", "ACCEPT"}, {"400105", "REJECT"}};
constexpr OcsfWord kVersionIds[] = {{"4", "IPv4"}, {"6", "IPv6"}, {"0", ""}, {"99", ""}};
constexpr OcsfWord kVersions[] = {{"Internet Protocol version 4 (IPv4)", "IPv4"},
                                  {"Internet Protocol version 6 (IPv6)", "IPv6"},
                                  {"Unknown", ""}};
constexpr OcsfWord kDirectionIds[] = {{"1", "ingress"}, {"2", "egress"}, {"0", ""}, {"99", ""}};
constexpr OcsfWord kDirections[] = {
    {"Inbound", "ingress"}, {"Outbound", "egress"}, {"Unknown", ""}};
// In the order of the values of traffic-path: AWS VPC User Guide, "Flow log records".
constexpr OcsfWord kBoundaryIds[] = {{"4", "1"}, {"5", "2"},  {"6", "3"},  {"7", "4"}, {"8", "5"},
                                     {"9", "6"}, {"10", "7"}, {"11", "8"}, {"0", ""},  {"99", ""}};
constexpr OcsfWord kBoundaries[] = {{"Same VPC", "1"},
                                    {"Internet/VPC Gateway", "2"},
                                    {"Virtual Private Gateway", "3"},
                                    {"Intra-region VPC", "4"},
                                    {"Inter-region VPC", "5"},
                                    {"Local Gateway", "6"},
                                    {"Gateway VPC", "7"},
                                    {"Internet Gateway", "8"},
                                    {"Unknown", ""},
                                    {"Other", ""}};
// "-1 if not defined by IANA".
constexpr OcsfWord kProtocolNumbers[] = {{"-1", ""}};

// One row for each place of a field, in the order of the catalogue and, within a field, in that in
// which they are asked. What is not here is either in `unmapped` or no field of flow logs.
constexpr OcsfPlace kPlaces[] = {
    {FieldId::version, "metadata.product.version", When::named_flow_log},
    {FieldId::account_id, "cloud.account.uid"},
    {FieldId::account_id, "cloud.account_uid"},  // 1.0.0-rc.2
    {FieldId::account_id, "accountid"},          // a partition of Security Lake, as Athena answers
    {FieldId::interface_id, "src_endpoint.interface_uid", When::at_source},
    {FieldId::interface_id, "dst_endpoint.interface_uid", When::at_destination},
    // "if pkt_srcaddr equals srcaddr: src_endpoint.ip, else srcaddr is in intermediate_ips".
    {FieldId::srcaddr, "src_endpoint.intermediate_ips", When::always, Reading::first_of_list},
    {FieldId::srcaddr, "src_endpoint.ip"},
    {FieldId::dstaddr, "dst_endpoint.intermediate_ips", When::always, Reading::first_of_list},
    {FieldId::dstaddr, "dst_endpoint.ip"},
    {FieldId::srcport, "src_endpoint.port"},
    {FieldId::dstport, "dst_endpoint.port"},
    {FieldId::protocol, "connection_info.protocol_num", When::always, Reading::words_or_as_is,
     kProtocolNumbers},
    {FieldId::protocol, "connection_info.protocol_name", When::always, Reading::protocol_name},
    {FieldId::packets, "traffic.packets"},
    {FieldId::bytes, "traffic.bytes"},
    {FieldId::start, "start_time", When::always, Reading::seconds},
    {FieldId::start, "start_time_dt", When::always, Reading::seconds},
    {FieldId::start, "time", When::always, Reading::seconds},
    {FieldId::start, "time_dt", When::always, Reading::seconds},
    {FieldId::end, "end_time", When::always, Reading::seconds},
    {FieldId::end, "end_time_dt", When::always, Reading::seconds},
    {FieldId::action, "action_id", When::always, Reading::words, kActionIds, "action"},
    {FieldId::action, "action", When::always, Reading::words_or_as_is, kActions},
    {FieldId::action, "disposition_id", When::always, Reading::words, kDispositionIds, {}, true},
    {FieldId::action, "disposition", When::always, Reading::words, kDispositions, {}, true},
    {FieldId::action, "activity_id", When::flow_log, Reading::words, kActivityIds, {}, true},
    {FieldId::action, "activity_name", When::flow_log, Reading::words, kActivities, {}, true},
    {FieldId::action, "type_uid", When::flow_log, Reading::words, kTypeIds, {}, true},
    {FieldId::log_status, "status_code", When::flow_log},
    {FieldId::vpc_id, "src_endpoint.vpc_uid", When::at_source},
    {FieldId::vpc_id, "dst_endpoint.vpc_uid", When::at_destination},
    {FieldId::subnet_id, "src_endpoint.subnet_uid", When::at_source},
    {FieldId::subnet_id, "dst_endpoint.subnet_uid", When::at_destination},
    {FieldId::instance_id, "src_endpoint.instance_uid", When::at_source},
    {FieldId::instance_id, "dst_endpoint.instance_uid", When::at_destination},
    {FieldId::tcp_flags, "connection_info.tcp_flags"},
    {FieldId::type, "connection_info.protocol_ver_id", When::always, Reading::words, kVersionIds,
     "connection_info.protocol_ver"},
    {FieldId::type, "connection_info.protocol_ver", When::always, Reading::words_or_as_is,
     kVersions},
    {FieldId::pkt_srcaddr, "src_endpoint.ip", When::packet_addresses},
    {FieldId::pkt_dstaddr, "dst_endpoint.ip", When::packet_addresses},
    {FieldId::region, "cloud.region"},
    {FieldId::region, "region"},  // a partition, as `accountid`
    {FieldId::az_id, "cloud.zone"},
    {FieldId::pkt_src_aws_service, "src_endpoint.svc_name", When::flow_log},
    {FieldId::pkt_dst_aws_service, "dst_endpoint.svc_name", When::flow_log},
    {FieldId::flow_direction, "connection_info.direction_id", When::always, Reading::words,
     kDirectionIds, "connection_info.direction"},
    {FieldId::flow_direction, "connection_info.direction", When::always, Reading::words_or_as_is,
     kDirections},
    {FieldId::traffic_path, "connection_info.boundary_id", When::always, Reading::words,
     kBoundaryIds, "connection_info.boundary"},
    {FieldId::traffic_path, "connection_info.boundary", When::always, Reading::words, kBoundaries},
};

constexpr std::string_view kUnmapped = "unmapped.";

/// A name for a member's text: its path, as Parquet's and JSON's own names become names of fields.
std::string text_name(std::string_view path) {
  std::string name = as_field_name(path);
  return find_field(name) == FieldId::unknown ? name : "ocsf." + name;
}

void add_use(std::vector<OcsfColumn>& columns, FieldId field, OcsfColumn::Use use) {
  const auto column = std::find_if(columns.begin(), columns.end(),
                                   [&](const OcsfColumn& each) { return each.field == field; });
  if (column != columns.end()) {
    column->uses.push_back(use);
  } else {
    columns.push_back({.name = std::string(field_info(field).name), .field = field, .uses = {use}});
  }
}

/// Whether a member needs a text of its own: all of it, what is left of it, or none.
enum class Text : std::uint8_t { none, rest, whole };

Text text_of(std::span<const std::string> paths, std::size_t path, const OcsfKnowledge& knowledge) {
  if (ocsf_unmapped_field(paths[path]) != FieldId::unknown) return Text::none;
  Text text = Text::whole;
  for (const OcsfPlace& place : kPlaces) {
    if (place.path != paths[path] || place.is_also_text) continue;
    const InEvents holds = knowledge.holds(place.when);
    if (holds == InEvents::none) continue;
    if (holds == InEvents::all && (takes_all(place) || !knowledge.may_have_rest(path))) {
      return Text::none;
    }
    text = Text::rest;
  }
  return text;
}

}  // namespace

std::span<const OcsfPlace> ocsf_places() noexcept { return kPlaces; }

FieldId ocsf_unmapped_field(std::string_view path) noexcept {
  return path.starts_with(kUnmapped) ? find_field(path.substr(kUnmapped.size())) : FieldId::unknown;
}

bool is_ocsf_repetition(std::string_view path) noexcept { return path == "observables"; }

bool is_ocsf_array(std::string_view key) noexcept {
  constexpr std::string_view kArrays[] = {"intermediate_ips", "profiles", "observables",
                                          "enrichments"};
  return std::find(std::begin(kArrays), std::end(kArrays), key) != std::end(kArrays);
}

const OcsfWord* find_ocsf_word(const OcsfPlace& place, std::string_view text) noexcept {
  const auto word = std::find_if(place.words.begin(), place.words.end(),
                                 [&](const OcsfWord& each) { return each.from == text; });
  return word == place.words.end() ? nullptr : &*word;
}

bool takes_all(const OcsfPlace& place) noexcept {
  return place.reading == Reading::as_is || place.reading == Reading::seconds ||
         place.reading == Reading::words_or_as_is;
}

std::vector<OcsfColumn> ocsf_columns(std::span<const std::string> paths,
                                     const OcsfKnowledge& knowledge) {
  std::vector<OcsfColumn> columns;
  for (const OcsfPlace& place : kPlaces) {
    const auto path = std::find(paths.begin(), paths.end(), place.path);
    if (path == paths.end() || knowledge.holds(place.when) == InEvents::none) continue;
    add_use(columns, place.field,
            {.path = static_cast<std::size_t>(path - paths.begin()), .place = &place});
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const FieldId field = ocsf_unmapped_field(paths[i]);
    if (field != FieldId::unknown) add_use(columns, field, {.path = i});
  }
  std::sort(columns.begin(), columns.end(),
            [](const OcsfColumn& a, const OcsfColumn& b) { return a.field < b.field; });
  for (std::size_t i = 0; i < paths.size() && columns.size() < kMaxFormatFields; ++i) {
    const Text text = text_of(paths, i, knowledge);
    if (text == Text::none || paths[i].empty()) continue;
    std::string name = text_name(paths[i]);
    const bool twice = std::any_of(columns.begin(), columns.end(),
                                   [&](const OcsfColumn& each) { return each.name == name; });
    if (twice) continue;
    columns.push_back(
        {.name = std::move(name), .uses = {{.path = i}}, .is_rest = text == Text::rest});
  }
  return columns;
}

bool is_ocsf_record(std::span<const OcsfColumn> columns) noexcept {
  return std::any_of(columns.begin(), columns.end(), [](const OcsfColumn& column) {
    return column.field == FieldId::srcaddr || column.field == FieldId::dstaddr ||
           column.field == FieldId::interface_id;
  });
}

}  // namespace weir::envelope
