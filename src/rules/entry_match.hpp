// SPDX-License-Identifier: Apache-2.0
// rules: which entries of an ACL may have decided a packet, and what would without one of them.
#pragma once

#include <vector>

#include "weir/policy.hpp"

namespace weir::rules {

/// Whether an entry matches a packet of its own direction.
Answer entry_matches(const AclEntry& entry, const Packet& packet) noexcept;

/// The entries that match, or may, up to the first that surely does: what may decide the packet.
std::vector<const AclEntry*> matching_entries(const NetworkAcl& acl, const Packet& packet);

/// The entries that may have decided a packet of which it is known what came of it: the first that
/// surely matches, and before it those that may; only such that do what was logged. Null is the
/// implicit deny.
std::vector<const AclEntry*> entries_that(bool allow, const NetworkAcl& acl, const Packet& packet);

/// What the ACL would say of the packet without `entry`, which matches it. The implicit deny may be
/// the answer, as in AWS.
Answer allowed_without(const NetworkAcl& acl, const AclEntry& entry, const Packet& packet) noexcept;

}  // namespace weir::rules
