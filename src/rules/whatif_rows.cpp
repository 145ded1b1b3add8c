// SPDX-License-Identifier: Apache-2.0
// rules: effects of a proposal, summed up in bounded space.
#include "rules/whatif_rows.hpp"

#include <utility>

#include "base/protocol.hpp"
#include "rules/rule_hits.hpp"

namespace weir::rules {
namespace {

void add_sums(WhatifSums& sums, const WhatifSums& other) {
  sums.conversations += other.conversations;
  sums.records.add(other.records);
  sums.peers.merge(other.peers);
  sums.ports.merge(other.ports);
}

}  // namespace

WhatifKey WhatifRows::cut_down(WhatifKey key, Detail detail) noexcept {
  if (detail >= Detail::no_port) key.port = 0;
  if (detail >= Detail::no_interface) key.interface = WhatifRow::kEveryInterface;
  return key;
}

void WhatifRows::add(WhatifKey key, const Ip& peer, const RecordSums& records) {
  const std::uint16_t port = key.port;
  WhatifSums& sums = rows_[cut_down(key, detail_)];
  ++sums.conversations;
  sums.records.add(records);
  sums.peers.add(peer);
  if (base::has_ports(key.protocol)) sums.ports.add(port);
  keep_bounded();
}

void WhatifRows::merge(const WhatifRows& other) {
  coarsen(other.detail_);
  for (const auto& [key, sums] : other.rows_) {
    add_sums(rows_[cut_down(key, detail_)], sums);
    keep_bounded();
  }
}

void WhatifRows::keep_bounded() {
  // Without ports and interfaces there are no more rows than pairs of rules and protocols.
  while (rows_.size() > most_ && detail_ != Detail::no_interface) {
    coarsen(static_cast<Detail>(static_cast<int>(detail_) + 1));
  }
}

void WhatifRows::coarsen(Detail detail) {
  if (detail <= detail_) return;
  detail_ = detail;
  for (auto& [key, sums] : std::exchange(rows_, {})) add_sums(rows_[cut_down(key, detail)], sums);
}

WhatifRow make_whatif_row(const WhatifKey& key, const WhatifSums& sums) {
  WhatifRow row;
  row.effect = key.effect;
  row.certainty = key.certainty;
  row.interface = key.interface;
  row.opened = key.opened;
  row.protocol = key.protocol;
  row.ports = sums.ports.ranges(kShownRanges);
  row.ports_exact = covered_ports(row.ports) == sums.ports.count();
  row.conversations = sums.conversations;
  sums.records.copy_to(row);
  row.peers = sums.peers.count();
  row.peers_exact = sums.peers.exact();
  row.peer_prefixes = shown_peers(sums.peers);
  return row;
}

}  // namespace weir::rules
