// SPDX-License-Identifier: Apache-2.0
// names: the words for values that AWS writes as numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/field.hpp"

namespace weir {

/// IANA keyword of a protocol number: 6 -> `TCP`; empty when unassigned or above 255.
std::string_view protocol_keyword(std::uint64_t number) noexcept;
/// IANA's longer name: 6 -> `Transmission Control`; empty when there is none.
std::string_view protocol_description(std::uint64_t number) noexcept;
/// Number of a keyword in any case, aliases such as `icmpv6` included.
std::optional<std::uint8_t> find_protocol(std::string_view keyword) noexcept;

/// IANA service name of a well-known port: (22, 6) -> `ssh`; empty when weir knows none. Protocol 0
/// asks for TCP or UDP, whichever has a name.
std::string_view service_name(std::uint64_t port, std::uint64_t protocol) noexcept;
/// Port of a service name in any case, aliases such as `rdp` included.
std::optional<std::uint16_t> find_service(std::string_view name) noexcept;

/// 19 -> `SYN-ACK+FIN`, 0 -> `none`: AWS ORs the flags of a window, and ACK counts only with SYN.
std::string tcp_flags_text(std::uint64_t flags);
/// Bits of a flag name in any case: `syn` 2, `syn-ack` 18, `fin` 1, `rst` 4, `psh`, `ack`, `urg`,
/// `ece`, `cwr`; several joined by `+`.
std::optional<std::uint8_t> find_tcp_flags(std::string_view name) noexcept;

/// Meaning of a traffic-path code, a noun phrase: 8 -> `an internet gateway`; empty if
/// undocumented.
std::string_view traffic_path_text(std::uint64_t code) noexcept;
/// Meaning of an encryption-status code: 0 -> `not encrypted`; empty if undocumented.
std::string_view encryption_status_text(std::uint64_t code) noexcept;

/// Short readable form of a number of a field: protocol 6 -> `TCP`, dstport 22 -> `ssh`; empty if
/// it has no name.
std::string value_name(ValueNames names, std::uint64_t value);

/// Decodes %XX. Broken sequences stay as they are.
std::string percent_decode(std::string_view text);
/// Encodes blanks, control bytes, `%` and bytes outside ASCII; a lone `-` becomes `%2D`.
std::string percent_encode(std::string_view text);
/// Encodes every byte but RFC 3986's unreserved characters, which is how weir writes tag values.
std::string percent_encode_tag(std::string_view text);

}  // namespace weir
