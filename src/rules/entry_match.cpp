// SPDX-License-Identifier: Apache-2.0
// rules: which entries of an ACL may have decided a packet, and what would without one of them.
#include "rules/entry_match.hpp"

#include "base/prefix.hpp"
#include "base/protocol.hpp"

namespace weir::rules {

Answer entry_matches(const AclEntry& entry, const Packet& packet) noexcept {
  if (entry.direction != packet.direction || !base::holds(entry.peer, packet.peer)) {
    return Answer::no;
  }
  const TrafficMatch& traffic = entry.traffic;
  if (traffic.protocol == kAnyProtocol) return Answer::yes;
  if (traffic.protocol != packet.protocol) return Answer::no;
  if (base::has_ports(packet.protocol)) {
    return traffic.ports.contains(packet.destination_port) ? Answer::yes : Answer::no;
  }
  return traffic.icmp_type == -1 && traffic.icmp_code == -1 ? Answer::yes : Answer::possibly;
}

std::vector<const AclEntry*> matching_entries(const NetworkAcl& acl, const Packet& packet) {
  std::vector<const AclEntry*> entries;
  for (const AclEntry& entry : acl.entries) {
    const Answer matches = entry_matches(entry, packet);
    if (matches != Answer::no) entries.push_back(&entry);
    if (matches == Answer::yes) break;
  }
  return entries;
}

std::vector<const AclEntry*> entries_that(bool allow, const NetworkAcl& acl, const Packet& packet) {
  std::vector<const AclEntry*> entries = matching_entries(acl, packet);
  const bool sure = !entries.empty() && entry_matches(*entries.back(), packet) == Answer::yes;
  std::erase_if(entries, [allow](const AclEntry* entry) { return entry->allow != allow; });
  if (!sure && !allow) entries.push_back(nullptr);
  return entries;
}

Answer allowed_without(const NetworkAcl& acl, const AclEntry& without,
                       const Packet& packet) noexcept {
  bool may_allow = false;
  bool may_deny = false;
  for (const AclEntry& entry : acl.entries) {
    if (&entry == &without) continue;
    const Answer matches = entry_matches(entry, packet);
    if (matches == Answer::no) continue;
    (entry.allow ? may_allow : may_deny) = true;
    if (matches == Answer::possibly) continue;
    return may_allow && may_deny ? Answer::possibly : may_allow ? Answer::yes : Answer::no;
  }
  return may_allow ? Answer::possibly : Answer::no;
}

}  // namespace weir::rules
