// SPDX-License-Identifier: Apache-2.0
// policy: one item of an AWS answer -> an interface, a subnet, a VPC or a prefix list.
#pragma once

#include <optional>

#include "policy/item_problems.hpp"
#include "policy/json_members.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

// An address that makes no sense is left out and told to `problems`, the rest of the item is kept.
// Nothing is returned for an item that has no id.

/// Source: EC2 API Reference, NetworkInterface.
std::optional<NetworkInterface> read_interface(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, Subnet. Blocks that are no longer associated are left out.
std::optional<Subnet> read_subnet(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, Vpc.
std::optional<Vpc> read_vpc(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, PrefixList (with its CIDRs) and ManagedPrefixList (without them).
std::optional<PrefixList> read_prefix_list(const JsonObject& item, ItemProblems& problems);
/// Source: EC2 API Reference, PrefixListEntry.
std::optional<Cidr> read_prefix_list_entry(const JsonObject& item, ItemProblems& problems);

}  // namespace weir::policy
