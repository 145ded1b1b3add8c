// SPDX-License-Identifier: Apache-2.0
// verdict: sums by verdict, interface, peer and port.
#include "verdict/verdict_groups.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/hash.hpp"
#include "conversation/opening.hpp"

namespace weir::verdict {
namespace {

GroupKey coarse(GroupKey group, VerdictGroupLevel level) noexcept {
  if (level >= VerdictGroupLevel::no_peers) group.peer = {};
  if (level >= VerdictGroupLevel::no_ports) {
    group.port = 0;
    group.protocol = 0;
  }
  if (level >= VerdictGroupLevel::no_interfaces) group.interface = 0;
  return group;
}

auto order_of(const Verdict& verdict) noexcept {
  return std::tuple(verdict.logged, verdict.cause, verdict.certainty, verdict.side, verdict.group,
                    verdict.group_rule, verdict.acl, verdict.acl_number, verdict.interface,
                    verdict.other_group, verdict.other_rule, verdict.because.bits());
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

std::size_t GroupSums::Hash::operator()(const GroupKey& group) const noexcept {
  base::WordHash hash(static_cast<std::uint64_t>(group.verdict) << 32 | group.interface);
  hash.add(group.peer.high);
  hash.add(group.peer.low);
  hash.add(static_cast<std::uint64_t>(group.port) << 8 | group.protocol);
  return hash.value();
}

void GroupSums::add(std::uint32_t verdict, const Conversation& conversation,
                    const FlowRecord& record) {
  const bool inbound = record.side == Side::inbound ||
                       (record.side == Side::unknown && conversation.is_forward(record));
  const GroupKey group = coarse({.verdict = verdict,
                                 .interface = conversation.interface,
                                 .peer = inbound ? record.packet_source : record.packet_destination,
                                 .port = conversation.server_port,
                                 .protocol = conversation.protocol},
                                level_);
  // Records of a conversation come one after the other.
  if (last_totals_ == nullptr || !(group == last_)) {
    last_totals_ = &sums_[group];
    last_ = group;
  }
  last_totals_->add(record);
  if (sums_.size() > most_ && level_ != VerdictGroupLevel::no_interfaces) coarsen();
}

void GroupSums::clear() {
  sums_.clear();
  level_ = VerdictGroupLevel::all;
  last_totals_ = nullptr;
}

void GroupSums::coarsen() {
  while (sums_.size() > most_ && level_ != VerdictGroupLevel::no_interfaces) {
    coarsen_to(static_cast<VerdictGroupLevel>(static_cast<unsigned>(level_) + 1));
  }
  last_totals_ = nullptr;
}

void GroupSums::coarsen_to(VerdictGroupLevel level) {
  level_ = level;
  Sums finer;
  finer.swap(sums_);
  for (const auto& [group, totals] : finer) sums_[coarse(group, level_)].add(totals);
}

void GroupSums::absorb(const GroupSums& other) {
  if (other.level_ > level_) coarsen_to(other.level_);
  for (const auto& [group, totals] : other.sums_) sums_[coarse(group, level_)].add(totals);
  coarsen();
}

std::vector<VerdictGroup> GroupSums::rows(const VerdictPool& pool) const {
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
    const auto rest = [](const GroupKey& each) {
      return std::tuple(each.interface, each.peer, each.protocol, each.port);
    };
    return std::tuple(a.verdict, rest(group)) < std::tuple(b.verdict, rest(other_group));
  });
  std::vector<VerdictGroup> sorted;
  sorted.reserve(order.size());
  for (const Ordered& each : order) {
    const auto& [group, totals] = *each.sum;
    sorted.push_back({.verdict = &pool.at(group.verdict),
                      .interface = group.interface,
                      .peer = group.peer,
                      .port = group.port,
                      .protocol = group.protocol,
                      .totals = totals});
  }
  return sorted;
}

}  // namespace weir::verdict

namespace weir {

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

/// What the visitors have handed over.
struct VerdictGroups::State {
  State(const JudgeOptions& asked, std::size_t most) : options(asked), sums(most) {}

  class Visitor;

  JudgeOptions options;
  verdict::VerdictPool pool;
  std::mutex mutex;  // guards what follows while there are visitors
  verdict::GroupSums sums;
  std::uint64_t judged = 0;
};

class VerdictGroups::State::Visitor final : public ConversationVisitor {
 public:
  explicit Visitor(State& shared)
      : shared_(shared), judge_(shared.options), numbers_(shared.pool) {}
  ~Visitor() override { hand_over(); }

  std::string_view work() const noexcept override { return "judging"; }

  void take(std::span<const Conversation> conversations) override {
    judge_.judge(conversations, [this](const Conversation& conversation, const FlowRecord& record,
                                       const Verdict& verdict) {
      ++judged_;
      own_.add(numbers_.number_of(verdict), conversation, record);
    });
    if (own_.size() > kOwnGroups) hand_over();
  }

 private:
  /// Groups that a thread keeps before it hands them over, so that they take memory once.
  static constexpr std::size_t kOwnGroups = std::size_t{1} << 12;

  void hand_over() {
    const std::lock_guard lock(shared_.mutex);
    shared_.sums.absorb(own_);
    shared_.judged += judged_;
    own_.clear();
    judged_ = 0;
  }

  State& shared_;
  Judge judge_;
  verdict::VerdictNumbers numbers_;
  verdict::GroupSums own_;
  std::uint64_t judged_ = 0;
};

VerdictGroups::VerdictGroups(const JudgeOptions& options, std::size_t most)
    : state_(std::make_unique<State>(options, most)) {}
VerdictGroups::~VerdictGroups() = default;

std::unique_ptr<ConversationVisitor> VerdictGroups::visitor() {
  return std::make_unique<State::Visitor>(*state_);
}

std::uint64_t VerdictGroups::judged() const noexcept { return state_->judged; }
VerdictGroupLevel VerdictGroups::level() const noexcept { return state_->sums.level(); }
std::vector<VerdictGroup> VerdictGroups::rows() const { return state_->sums.rows(state_->pool); }

}  // namespace weir
