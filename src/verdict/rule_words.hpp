// SPDX-License-Identifier: Apache-2.0
// verdict: the rules of a verdict in words.
#pragma once

#include <string>

#include "weir/verdict.hpp"

namespace weir::verdict {

/// The rules that a verdict points to; null where it points to none.
struct NamedRules {
  const SecurityGroup* group = nullptr;
  const SecurityGroupRule* group_rule = nullptr;
  const NetworkAcl* acl = nullptr;
  const AclEntry* acl_entry = nullptr;  ///< null: the implicit deny
  const NetworkInterface* interface = nullptr;
  const SecurityGroup* other_group = nullptr;  ///< of Verdict::other_rule
  const SecurityGroupRule* other_rule = nullptr;
};
NamedRules rules_of(const Verdict& verdict, const Network* network);

/// `security group sg-… ingress rule 0 (tcp 22 from 10.0.0.0/8)`.
std::string group_rule_words(const NamedRules& rules);
/// The same of Verdict::other_rule, which must be there.
std::string other_rule_words(const NamedRules& rules);
/// `network ACL acl-… rule 100 (deny udp all ports to 203.0.113.0/24)`.
std::string acl_rule_words(const Verdict& verdict, const NamedRules& rules);
/// `security group sg-…`, `security groups sg-… and sg-…`.
std::string groups_words(const NamedRules& rules);

/// `in`, `out`, or `through` where the side is not known.
std::string_view way_in_or_out(Side side) noexcept;
/// ` inbound`, ` outbound` or nothing.
std::string_view way_suffix(Side side) noexcept;

}  // namespace weir::verdict
