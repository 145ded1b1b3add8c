// SPDX-License-Identifier: Apache-2.0
// suggest: who used which port, in bounded memory.
#include "suggest/evidence.hpp"

#include <algorithm>
#include <utility>

#include "base/hash.hpp"
#include "base/prefix.hpp"
#include "suggest/prefixes.hpp"

namespace weir {

void RuleEvidence::add(const RuleEvidence& other) noexcept {
  if (other.conversations == 0) return;
  first = conversations == 0 ? other.first : std::min(first, other.first);
  last = conversations == 0 ? other.last : std::max(last, other.last);
  certainty = conversations == 0 ? other.certainty : std::max(certainty, other.certainty);
  conversations += other.conversations;
  answered += other.answered;
  flows += other.flows;
  packets += other.packets;
  bytes += other.bytes;
}

std::size_t suggest::EvidenceStore::KeyHash::operator()(
    const suggest::PortKey& key) const noexcept {
  const std::uint64_t rest = std::uint64_t{key.port} << 16 | std::uint64_t{key.protocol} << 8 |
                             (key.is_ipv6 ? 2U : 0U) |
                             (key.direction == RuleDirection::egress ? 1U : 0U);
  base::WordHash hash;
  hash.add(rest << 32 | key.subject);
  return hash.value();
}

std::size_t suggest::EvidenceStore::IpHash::operator()(const Ip& address) const noexcept {
  base::WordHash hash;
  hash.add(address.high);
  hash.add(address.low);
  return hash.value();
}

void suggest::EvidenceStore::insert(PeerSet& set, const Ip& peer, const RuleEvidence& evidence) {
  set.peers[base::first_of(peer, set.length)].add(evidence);
}

void suggest::EvidenceStore::shorten(PeerSet& set, std::uint8_t length) {
  if (length >= set.length) return;
  const Peers longer = std::exchange(set.peers, {});
  set.length = length;
  for (const auto& [peer, evidence] : longer) insert(set, peer, evidence);
}

void suggest::EvidenceStore::keep_within_bounds(PeerSet& set) {
  if (set.peers.size() <= bound_) return;
  std::vector<Ip> sorted;
  sorted.reserve(set.peers.size());
  for (const auto& [peer, evidence] : set.peers) sorted.push_back(peer);
  std::sort(sorted.begin(), sorted.end());
  // Neighbours that share n bits stay two prefixes at any length above n.
  std::vector<std::uint8_t> shared;
  shared.reserve(sorted.size());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    shared.push_back(base::common_bits(sorted[i - 1], sorted[i]));
  }
  std::sort(shared.begin(), shared.end());
  shorten(set, shared[bound_ - 1]);
}

void suggest::EvidenceStore::halve_bound() {
  while (charged_ > most_tuples_) {
    if (bound_ <= kLeastPeers) {
      is_overfull_ = true;
      sets_.clear();
      charged_ = 0;
      return;
    }
    bound_ /= 2;
    charged_ = 0;
    for (auto& [key, set] : sets_) {
      keep_within_bounds(set);
      charged_ += charge_of(set);
    }
  }
}

void suggest::EvidenceStore::add(const suggest::PortKey& key, const Ip& peer,
                                 const RuleEvidence& evidence) {
  if (is_overfull_) return;
  PeerSet& set = sets_[key];
  charged_ -= charge_of(set);
  insert(set, peer, evidence);
  keep_within_bounds(set);
  charged_ += charge_of(set);
  halve_bound();
}

void suggest::EvidenceStore::merge(suggest::EvidenceStore& other) {
  is_overfull_ = is_overfull_ || other.is_overfull_;
  if (is_overfull_) {
    sets_.clear();
    charged_ = 0;
    return;
  }
  if (other.bound_ < bound_) {
    bound_ = other.bound_;
    charged_ = 0;
    for (auto& [key, set] : sets_) {
      keep_within_bounds(set);
      charged_ += charge_of(set);
    }
  }
  for (auto& [key, theirs] : other.sets_) {
    PeerSet& set = sets_[key];
    charged_ -= charge_of(set);
    if (set.peers.empty()) {
      set = std::move(theirs);
    } else {
      shorten(set, theirs.length);
      for (const auto& [peer, evidence] : theirs.peers) insert(set, peer, evidence);
    }
    keep_within_bounds(set);
    charged_ += charge_of(set);
  }
  other.sets_.clear();
  other.charged_ = 0;
  halve_bound();
}

std::vector<suggest::PortTraffic> suggest::EvidenceStore::take() {
  std::vector<suggest::PortTraffic> ports;
  ports.reserve(sets_.size());
  for (auto& [key, set] : sets_) {
    suggest::PortTraffic& port = ports.emplace_back();
    port.key = key;
    port.is_coarse = set.is_coarse();
    port.peers.reserve(set.peers.size());
    for (const auto& [peer, evidence] : set.peers) {
      port.peers.push_back({.peer = {.network = peer, .length = set.length}, .evidence = evidence});
    }
    set.peers = {};  // so that nothing is there twice but the peers of one port
    std::sort(port.peers.begin(), port.peers.end(),
              [](const suggest::PeerTraffic& a, const suggest::PeerTraffic& b) {
                return a.peer < b.peer;
              });
  }
  sets_.clear();
  charged_ = 0;
  std::sort(
      ports.begin(), ports.end(),
      [](const suggest::PortTraffic& a, const suggest::PortTraffic& b) { return a.key < b.key; });
  return ports;
}

}  // namespace weir
