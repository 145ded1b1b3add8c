// SPDX-License-Identifier: Apache-2.0
// explain: what an address is by itself.
#pragma once

#include <string_view>

#include "weir/ip.hpp"

namespace weir::explain {

/// `private IPv4 (RFC 1918)`, `public IPv6`, `link-local IPv4`: where addresses like it live.
std::string_view address_kind(const Ip& address) noexcept;

}  // namespace weir::explain
