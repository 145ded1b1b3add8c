// SPDX-License-Identifier: Apache-2.0
// render: values of flow-log fields -> what a person reads in a table.
#include "render/field_text.hpp"

#include "render/number_text.hpp"
#include "weir/names.hpp"

namespace weir::render {
namespace {

constexpr std::uint64_t kEndOfYear9999 = 253'402'300'799;

bool counts_packets(FieldId id) noexcept {
  using enum FieldId;
  return id == packets || id == packets_lost_no_route || id == packets_lost_blackhole ||
         id == packets_lost_mtu_exceeded || id == packets_lost_ttl_expired;
}

/// Names that replace the number in a table. Ports keep their numbers: a service's name beside an
/// ephemeral port misleads. Codes of paths and encryption have sentences, too long for a cell.
bool shows_name(ValueNames names) noexcept {
  return names == ValueNames::protocol || names == ValueNames::tcp_flags;
}

}  // namespace

std::string time_text(unsigned __int128 seconds, const TimeZone& zone) {
  if (seconds > kEndOfYear9999) return decimal_text(seconds);
  return format_time(static_cast<std::int64_t>(seconds), zone);
}

std::string number_text(FieldId id, std::uint64_t value, const TimeZone& zone) {
  const FieldInfo& info = field_info(id);
  if (info.type == FieldType::time) return time_text(value, zone);
  if (id == FieldId::bytes) return human_bytes(value);
  if (counts_packets(id)) return with_thousands(value);
  if (shows_name(info.names)) {
    // Everyone calls it ICMPv6; IANA's keyword is IPv6-ICMP.
    if (info.names == ValueNames::protocol && value == 58) return "ICMPv6";
    if (std::string name = value_name(info.names, value); !name.empty()) return name;
  }
  return decimal_text(value);
}

bool aligns_right(FieldId id, FieldType type) noexcept {
  return type == FieldType::number && !shows_name(field_info(id).names);
}

Paint paint_of(FieldId id, std::string_view text) noexcept {
  if (id != FieldId::action) return Paint::plain;
  if (text == "ACCEPT") return Paint::accepted;
  return text == "REJECT" ? Paint::rejected : Paint::plain;
}

}  // namespace weir::render
