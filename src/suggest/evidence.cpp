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
  RecordSums::add(other);
  certainty = conversations == 0 ? other.certainty : std::max(certainty, other.certainty);
  conversations += other.conversations;
  answered += other.answered;
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

void suggest::EvidenceStore::keep_within_bound() {
  charged_ = 0;
  for (auto& [key, set] : sets_) {
    set.keep_within(bound_);
    charged_ += charge_of(set);
  }
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
    keep_within_bound();
  }
}

void suggest::EvidenceStore::add(const suggest::PortKey& key, const Ip& peer,
                                 const RuleEvidence& evidence) {
  if (is_overfull_) return;
  PeerSet& set = sets_[key];
  charged_ -= charge_of(set);
  set.add(peer, evidence, bound_);
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
    keep_within_bound();
  }
  for (auto& [key, theirs] : other.sets_) {
    PeerSet& set = sets_[key];
    charged_ -= charge_of(set);
    set.merge(theirs, bound_);
    theirs = {};  // so that nothing is there twice but the peers of one port
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
    port.is_coarse = !set.exact();
    port.peers.reserve(set.size());
    for (const auto& [peer, evidence] : set.table()) {
      port.peers.push_back(
          {.peer = {.network = peer, .length = set.length()}, .evidence = evidence});
    }
    set = {};  // so that nothing is there twice but the peers of one port
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
