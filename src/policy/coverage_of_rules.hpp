// SPDX-License-Identifier: Apache-2.0
// policy: whether all that a rule matches is matched by others.
#pragma once

#include <span>

#include "weir/policy.hpp"

namespace weir::policy {

/// Without what does not count for the protocol, so that what means the same is the same.
TrafficMatch meaning_of(TrafficMatch traffic) noexcept;

/// Whether `outer` matches whatever `inner` does; both as meaning_of() gives them.
bool contains(const TrafficMatch& outer, const TrafficMatch& inner) noexcept;

/// Whether `entries` together match every packet that `entry` does. Exact, but for entries that
/// list all protocols, ICMP types or codes one by one: they are not seen to be complete.
bool cover(std::span<const AclEntry* const> entries, const AclEntry& entry);

}  // namespace weir::policy
