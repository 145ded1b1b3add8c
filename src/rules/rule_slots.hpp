// SPDX-License-Identifier: Apache-2.0
// rules: a place in one array for every rule of a network.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "weir/rule_use.hpp"

namespace weir::rules {

/// Threads: immutable.
class RuleSlots {
 public:
  explicit RuleSlots(const Network& network);

  /// The rules in the order of their slots: groups by id, then what no group rule admitted, then
  /// ACLs by id; the implicit denies last in their direction.
  const std::vector<RulePlace>& places() const noexcept { return places_; }

  /// The rule must be one of the network's, not a copy.
  std::size_t of(const SecurityGroup& group, const SecurityGroupRule& rule) const noexcept {
    return group_begin_[index_of(group, network_.groups)] + index_of(rule, group.rules);
  }
  /// What no group rule admitted, in this direction.
  std::size_t no_group_rule(RuleDirection direction) const noexcept {
    return no_group_rule_ + static_cast<std::size_t>(direction);
  }
  std::size_t of(const NetworkAcl& acl, const AclEntry& entry) const noexcept {
    return acls_[index_of(acl, network_.acls)].entries[index_of(entry, acl.entries)];
  }
  std::size_t implicit_deny(const NetworkAcl& acl, RuleDirection direction,
                            bool ipv4) const noexcept {
    return acls_[index_of(acl, network_.acls)].denies[static_cast<std::size_t>(direction)] +
           (ipv4 ? 0 : 1);
  }

 private:
  struct AclSlots {
    std::vector<std::size_t> entries;
    std::array<std::size_t, 2> denies{};  // by direction: the IPv4 one, and the IPv6 one behind it
  };

  template <class T>
  static std::size_t index_of(const T& item, const std::vector<T>& items) noexcept {
    return static_cast<std::size_t>(&item - items.data());
  }
  void add_acl(const NetworkAcl& acl);

  const Network& network_;
  std::vector<RulePlace> places_;
  std::vector<std::size_t> group_begin_;
  std::size_t no_group_rule_ = 0;
  std::vector<AclSlots> acls_;
};

}  // namespace weir::rules
