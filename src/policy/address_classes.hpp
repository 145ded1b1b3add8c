// SPDX-License-Identifier: Apache-2.0
// policy: an address -> the sets of addresses that it is in, with one search for all sets.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "policy/interval_map.hpp"
#include "weir/ip.hpp"

namespace weir::policy {

/// Cuts the addresses into intervals in which every address is in the same sets: the members of
/// groups, the entries of prefix lists. Intervals with the same sets share one list of them.
///
/// Memory: 8 bytes an interval (24 for IPv6), of which there are at most twice as many as prefixes.
class AddressClasses {
 public:
  using SetId = std::uint32_t;

  AddressClasses() : begins_{0, 0} {}
  /// `sets[i]`: the prefixes of set i, in any order; they may overlap.
  explicit AddressClasses(std::span<const std::vector<Cidr>> sets);

  /// Ascending.
  std::span<const SetId> sets_of(const Ip& address) const noexcept {
    const std::uint32_t place = address.is_ipv4()
                                    ? ipv4_.find(static_cast<std::uint32_t>(address.low))
                                    : ipv6_.find(address);
    return {sets_.data() + begins_[place], begins_[place + 1] - begins_[place]};
  }

 private:
  IntervalMap<std::uint32_t, std::uint32_t> ipv4_;  // to a place in begins_
  IntervalMap<Ip, std::uint32_t> ipv6_;
  std::vector<std::size_t> begins_;  // places in sets_; one more than there are lists
  std::vector<SetId> sets_;          // the lists, one after another; the first is empty
};

}  // namespace weir::policy
