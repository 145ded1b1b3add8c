// SPDX-License-Identifier: Apache-2.0
// field: ports and the services that live there, from service_ports.csv.
#include <algorithm>

#include "base/protocol.hpp"
#include "field/ascii.hpp"
#include "field/service.hpp"
#include "weir/names.hpp"

namespace weir {
namespace {

struct PortRow {
  std::uint16_t port;
  bool tcp;
  bool udp;
  bool sctp;
  field::Service service;
  std::string_view aliases;  // joined by `|`
};

constexpr PortRow kPorts[] = {
#include "service_ports.inc"
};
static_assert(std::is_sorted(std::begin(kPorts), std::end(kPorts),
                             [](const PortRow& a, const PortRow& b) { return a.port < b.port; }));

constexpr bool speaks(const PortRow& row, std::uint64_t protocol) noexcept {
  switch (protocol) {
    case 0:
      return true;
    case base::kTcp:
      return row.tcp;
    case base::kUdp:
      return row.udp;
    case base::kSctp:
      return row.sctp;
    default:
      return false;
  }
}

}  // namespace

const field::Service* field::find_service_of(std::uint64_t port, std::uint64_t protocol) noexcept {
  const PortRow* row =
      std::lower_bound(std::begin(kPorts), std::end(kPorts), port,
                       [](const PortRow& a, std::uint64_t wanted) { return a.port < wanted; });
  for (; row != std::end(kPorts) && row->port == port; ++row) {
    if (speaks(*row, protocol)) return &row->service;
  }
  return nullptr;
}

std::string_view service_name(std::uint64_t port, std::uint64_t protocol) noexcept {
  const field::Service* service = field::find_service_of(port, protocol);
  return service == nullptr ? std::string_view{} : service->name;
}

std::optional<std::uint16_t> find_service(std::string_view name) noexcept {
  if (name.empty()) return std::nullopt;
  for (const PortRow& row : kPorts) {
    if (field::equal_ignoring_case(row.service.name, name) ||
        field::lists_name(row.aliases, name)) {
      return row.port;
    }
  }
  return std::nullopt;
}

}  // namespace weir
