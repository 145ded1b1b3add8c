// SPDX-License-Identifier: Apache-2.0
// field: what is known about a port beyond its name.
#pragma once

#include <cstdint>
#include <string_view>

namespace weir::field {

/// A service that has a port of its own.
struct Service {
  std::string_view name;    ///< `ms-wbt-server`
  std::string_view title;   ///< as people write it: `RDP`
  bool registered = false;  ///< IANA assigned the port to it; else it only usually runs there
};

/// The service of a port, or null. Protocol 0 asks for any protocol that has one.
const Service* find_service_of(std::uint64_t port, std::uint64_t protocol) noexcept;

}  // namespace weir::field
