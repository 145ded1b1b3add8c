// SPDX-License-Identifier: Apache-2.0
// policy: sets of addresses -> intervals, swept from the lowest address to the highest.
#include "policy/address_classes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/prefix.hpp"
#include "base/range_set.hpp"

namespace weir::policy {
namespace {

using SetId = AddressClasses::SetId;
using Lists = std::map<std::vector<SetId>, std::uint32_t>;

/// A set begins or has ended.
template <class Key>
struct Edge {
  Key at{};
  SetId set = 0;
  bool begins = false;
};

template <class Key>
void add_edges(SetId set, std::vector<base::ValueRange<Key>> ranges,
               std::vector<Edge<Key>>& edges) {
  const base::RangeSet<Key> disjoint(std::move(ranges));
  for (const base::ValueRange<Key>& range : disjoint.ranges()) {
    edges.push_back({range.low, set, true});
    const Key after = base::successor(range.high);
    if (range.high < after) edges.push_back({after, set, false});
  }
}

template <class Key>
IntervalMap<Key, std::uint32_t> sweep(std::vector<Edge<Key>> edges, Lists& lists) {
  std::sort(edges.begin(), edges.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  IntervalMap<Key, std::uint32_t> map;
  std::set<SetId> open;
  for (std::size_t i = 0; i < edges.size();) {
    const Key at = edges[i].at;
    for (; i < edges.size() && edges[i].at == at; ++i) {
      if (edges[i].begins) {
        open.insert(edges[i].set);
      } else {
        open.erase(edges[i].set);
      }
    }
    const auto next = static_cast<std::uint32_t>(lists.size());
    map.append(at, lists.emplace(std::vector(open.begin(), open.end()), next).first->second);
  }
  return map;
}

}  // namespace

AddressClasses::AddressClasses(std::span<const std::vector<Cidr>> sets) {
  std::vector<Edge<std::uint32_t>> ipv4;
  std::vector<Edge<Ip>> ipv6;
  for (SetId set = 0; set < sets.size(); ++set) {
    std::vector<base::ValueRange<std::uint32_t>> ranges4;
    std::vector<base::ValueRange<Ip>> ranges6;
    for (const Cidr& prefix : sets[set]) {
      if (base::is_ipv4(prefix)) {
        ranges4.push_back({static_cast<std::uint32_t>(prefix.network.low),
                           static_cast<std::uint32_t>(base::last_of(prefix).low)});
      } else {
        ranges6.push_back({prefix.network, base::last_of(prefix)});
      }
    }
    add_edges(set, std::move(ranges4), ipv4);
    add_edges(set, std::move(ranges6), ipv6);
  }
  Lists lists{{{}, 0}};
  ipv4_ = sweep(std::move(ipv4), lists);
  ipv6_ = sweep(std::move(ipv6), lists);

  std::vector<const std::vector<SetId>*> by_place(lists.size());
  for (const auto& [list, place] : lists) by_place[place] = &list;
  begins_.push_back(0);
  for (const std::vector<SetId>* list : by_place) {
    sets_.insert(sets_.end(), list->begin(), list->end());
    begins_.push_back(sets_.size());
  }
}

}  // namespace weir::policy
