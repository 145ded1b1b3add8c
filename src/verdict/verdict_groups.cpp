// SPDX-License-Identifier: Apache-2.0
// verdict: sums by verdict, interface, peer and port.
#include "verdict/verdict_groups.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/hash.hpp"
#include "conversation/opening.hpp"

namespace weir::verdict {
namespace {

VerdictGroup coarse(VerdictGroup group, GroupLevel level) noexcept {
  if (level >= GroupLevel::no_peers) group.peer = {};
  if (level >= GroupLevel::no_ports) {
    group.port = 0;
    group.protocol = 0;
  }
  if (level >= GroupLevel::no_interfaces) group.interface = 0;
  return group;
}

auto order_of(const Verdict& verdict) noexcept {
  return std::tuple(verdict.logged, verdict.cause, verdict.certainty, verdict.side, verdict.group,
                    verdict.group_rule, verdict.acl, verdict.acl_number, verdict.interface,
                    verdict.because.bits());
}

/// Verdict -> its place among those of the groups.
template <class Sums>
std::unordered_map<std::uint32_t, std::size_t> places_of_verdicts(const Sums& sums,
                                                                  const VerdictPool& pool) {
  std::unordered_map<std::uint32_t, std::size_t> places;
  for (const auto& [group, totals] : sums) places.try_emplace(group.verdict);
  std::vector<std::uint32_t> verdicts;
  verdicts.reserve(places.size());
  for (const auto& [verdict, place] : places) verdicts.push_back(verdict);
  std::sort(verdicts.begin(), verdicts.end(), [&](std::uint32_t a, std::uint32_t b) {
    return order_of(pool.at(a)) < order_of(pool.at(b));
  });
  for (std::size_t i = 0; i < verdicts.size(); ++i) places[verdicts[i]] = i;
  return places;
}

}  // namespace

void VerdictTotals::add(const FlowRecord& record) noexcept {
  RecordSums::add(conversation::sums_of(record));
  has_packets |= record.has_packets;
  has_bytes |= record.has_bytes;
}

void VerdictTotals::add(const VerdictTotals& other) noexcept {
  RecordSums::add(other);
  has_packets |= other.has_packets;
  has_bytes |= other.has_bytes;
}

std::size_t VerdictGroups::Hash::operator()(const VerdictGroup& group) const noexcept {
  base::WordHash hash(static_cast<std::uint64_t>(group.verdict) << 32 | group.interface);
  hash.add(group.peer.high);
  hash.add(group.peer.low);
  hash.add(static_cast<std::uint64_t>(group.port) << 8 | group.protocol);
  return hash.value();
}

void VerdictGroups::add(std::uint32_t verdict, const Conversation& conversation,
                        const FlowRecord& record) {
  const bool inbound = record.side == Side::inbound ||
                       (record.side == Side::unknown && conversation.is_forward(record));
  const VerdictGroup group = coarse({.verdict = verdict,
                                     .interface = conversation.interface,
                                     .peer = inbound ? record.source : record.destination,
                                     .port = conversation.server_port,
                                     .protocol = conversation.protocol},
                                    level_);
  // Records of a conversation come one after the other.
  if (last_totals_ == nullptr || !(group == last_)) {
    last_totals_ = &totals_of(group);
    last_ = group;
  }
  last_totals_->add(record);
  if (sums_.size() > most_ && level_ != GroupLevel::no_interfaces) coarsen();
}

void VerdictGroups::clear() {
  sums_.clear();
  level_ = GroupLevel::all;
  last_totals_ = nullptr;
}

VerdictTotals& VerdictGroups::totals_of(const VerdictGroup& group) { return sums_[group]; }

void VerdictGroups::coarsen() {
  while (sums_.size() > most_ && level_ != GroupLevel::no_interfaces) {
    level_ = static_cast<GroupLevel>(static_cast<unsigned>(level_) + 1);
    Sums finer;
    finer.swap(sums_);
    for (const auto& [group, totals] : finer) sums_[coarse(group, level_)].add(totals);
  }
  last_totals_ = nullptr;
}

void VerdictGroups::absorb(const VerdictGroups& other) {
  if (other.level_ > level_) {
    level_ = other.level_;
    Sums finer;
    finer.swap(sums_);
    for (const auto& [group, totals] : finer) sums_[coarse(group, level_)].add(totals);
  }
  for (const auto& [group, totals] : other.sums_) sums_[coarse(group, level_)].add(totals);
  coarsen();
}

std::vector<VerdictGroups::Row> VerdictGroups::rows(const VerdictPool& pool) const {
  // Few verdicts stand for many groups, so that they are compared once.
  const std::unordered_map<std::uint32_t, std::size_t> places = places_of_verdicts(sums_, pool);
  struct Ordered {
    std::size_t verdict;
    const Sums::value_type* sum;
  };
  std::vector<Ordered> order;
  order.reserve(sums_.size());
  for (const auto& sum : sums_) order.push_back({places.at(sum.first.verdict), &sum});
  std::sort(order.begin(), order.end(), [](const Ordered& a, const Ordered& b) {
    const auto& [group, totals] = *a.sum;
    const auto& [other_group, other_totals] = *b.sum;
    if (totals.flows != other_totals.flows) return totals.flows > other_totals.flows;
    const auto rest = [](const VerdictGroup& each) {
      return std::tuple(each.interface, each.peer, each.protocol, each.port);
    };
    return std::tuple(a.verdict, rest(group)) < std::tuple(b.verdict, rest(other_group));
  });
  std::vector<Row> sorted;
  sorted.reserve(order.size());
  for (const Ordered& each : order) sorted.push_back({each.sum->first, each.sum->second});
  return sorted;
}

}  // namespace weir::verdict
