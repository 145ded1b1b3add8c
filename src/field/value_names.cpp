// SPDX-License-Identifier: Apache-2.0
// field: the words for coded numbers.
//
// Source: AWS VPC User Guide, "Flow log records"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).
#include <array>

#include "weir/names.hpp"

namespace weir {
namespace {

constexpr std::array<std::string_view, 9> kTrafficPaths = {
    "",
    "another resource in the same VPC",
    "an internet gateway or a gateway VPC endpoint",
    "a virtual private gateway",
    "an intra-Region VPC peering connection",
    "an inter-Region VPC peering connection",
    "a Local Zone or a Wavelength Zone",
    "a gateway VPC endpoint",
    "an internet gateway",
};

constexpr std::array<std::string_view, 4> kEncryption = {
    "not encrypted",
    "encrypted by the Nitro System",
    "encrypted by the application",
    "encrypted by the Nitro System and by the application",
};

}  // namespace

std::string_view traffic_path_text(std::uint64_t code) noexcept {
  return code < kTrafficPaths.size() ? kTrafficPaths[code] : std::string_view{};
}

std::string_view encryption_status_text(std::uint64_t code) noexcept {
  return code < kEncryption.size() ? kEncryption[code] : std::string_view{};
}

std::string value_name(ValueNames names, std::uint64_t value) {
  switch (names) {
    case ValueNames::protocol:
      return std::string(protocol_keyword(value));
    case ValueNames::port:
      return std::string(service_name(value, 0));
    case ValueNames::tcp_flags:
      return value > 255 ? std::string() : tcp_flags_text(value);
    case ValueNames::traffic_path:
      return std::string(traffic_path_text(value));
    case ValueNames::encryption:
      return std::string(encryption_status_text(value));
    case ValueNames::none:
      break;
  }
  return {};
}

}  // namespace weir
