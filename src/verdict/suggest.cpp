// SPDX-License-Identifier: Apache-2.0
// verdict: conversations -> proposed security groups.
#include "weir/suggest.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include "verdict/suggest_evidence.hpp"
#include "verdict/suggest_references.hpp"
#include "verdict/suggest_rules.hpp"
#include "verdict/suggest_subjects.hpp"

namespace weir {
namespace {

/// Records of a proposal that are no evidence of a rule, and those that are.
struct Tally {
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t without_side = 0;
  std::uint64_t only_replies = 0;

  void add(const Tally& other) noexcept {
    accepted += other.accepted;
    rejected += other.rejected;
    without_side += other.without_side;
    only_replies += other.only_replies;
  }
};

Certainty side_certainty(SideOrigin origin) noexcept {
  switch (origin) {
    case SideOrigin::flow_direction:
    case SideOrigin::configuration:
      return Certainty::certain;
    case SideOrigin::common_address:
    case SideOrigin::private_address:
      return Certainty::likely;
    case SideOrigin::unknown:
      break;
  }
  return Certainty::possible;
}

/// What the selected, accepted records of a conversation add up to.
RuleEvidence evidence_of(const Conversation& conversation, std::uint64_t& rejected) {
  RuleEvidence evidence;
  for (const FlowRecord& record : conversation.records) {
    if (!record.selected) continue;
    if (record.action == Action::reject) ++rejected;
    if (record.action != Action::accept) continue;
    evidence.first = evidence.flows == 0 ? record.start : std::min(evidence.first, record.start);
    evidence.last = evidence.flows == 0 ? record.end : std::max(evidence.last, record.end);
    ++evidence.flows;
    evidence.packets += record.packets;
    evidence.bytes += record.bytes;
  }
  evidence.conversations = evidence.flows > 0 ? 1 : 0;
  if (conversation.backward.accepted > 0 && conversation.state != TcpState::refused) {
    evidence.answered = evidence.conversations;
  }
  evidence.certainty =
      std::min(conversation.opener_certainty, side_certainty(conversation.side_origin));
  return evidence;
}

}  // namespace

struct Suggester::State {
  State(SuggestOptions chosen, std::span<const ObservedInterface> interfaces)
      : options(std::move(chosen)),
        subjects(choose_subjects(options, interfaces)),
        store(options.most_tuples) {
    if (subjects) tallies.resize(subjects->proposals.size());
  }

  SuggestOptions options;
  Result<Subjects> subjects;
  std::mutex mutex;  // guards what follows while there are visitors
  EvidenceStore store;
  std::vector<Tally> tallies;  // by proposal
};

namespace {

constexpr std::uint64_t kTuplesOfVisitor = std::uint64_t{1} << 17;

}  // namespace

/// A thread's evidence, which it brings to the others now and then.
class SuggestVisitor final : public ConversationVisitor {
 public:
  using Collect = std::function<void(EvidenceStore&, std::vector<Tally>&)>;

  SuggestVisitor(std::span<const std::uint32_t> subjects, std::size_t proposals,
                 std::uint64_t most_tuples, Collect collect)
      : subjects_(subjects), store_(most_tuples), tallies_(proposals), collect_(std::move(collect)) {}
  SuggestVisitor(const SuggestVisitor&) = delete;
  SuggestVisitor& operator=(const SuggestVisitor&) = delete;
  ~SuggestVisitor() override { collect_(store_, tallies_); }

  void take(std::span<const Conversation> conversations) override {
    for (const Conversation& conversation : conversations) {
      if (conversation.interface >= subjects_.size()) continue;
      const std::uint32_t subject = subjects_[conversation.interface];
      if (subject != kNoSubject) add(conversation, subject);
    }
    if (store_.tuples() > kTuplesOfVisitor) collect_(store_, tallies_);
  }

 private:
  void add(const Conversation& conversation, std::uint32_t subject) {
    Tally& tally = tallies_[subject];
    const RuleEvidence evidence = evidence_of(conversation, tally.rejected);
    if (evidence.conversations == 0) return;
    if (conversation.opened == Side::unknown) {
      tally.without_side += evidence.flows;
      return;
    }
    if (conversation.forward.accepted == 0 && conversation.forward.rejected > 0) {
      tally.only_replies += evidence.flows;
      return;
    }
    tally.accepted += evidence.flows;
    const bool has_ports = conversation.protocol == 6 || conversation.protocol == 17;
    const Ip& peer = conversation.remote();
    store_.add({.subject = subject,
                .direction = conversation.opened == Side::inbound ? RuleDirection::ingress
                                                                  : RuleDirection::egress,
                .is_ipv6 = !peer.is_ipv4(),
                .protocol = conversation.protocol,
                .port = has_ports ? conversation.server_port : std::uint16_t{0}},
               peer, evidence);
  }

  std::span<const std::uint32_t> subjects_;
  EvidenceStore store_;
  std::vector<Tally> tallies_;
  Collect collect_;
};

Suggester::Suggester(SuggestOptions options, std::span<const ObservedInterface> interfaces)
    : state_(std::make_unique<State>(std::move(options), interfaces)) {}
Suggester::~Suggester() = default;
Suggester::Suggester(Suggester&&) noexcept = default;
Suggester& Suggester::operator=(Suggester&&) noexcept = default;

std::unique_ptr<ConversationVisitor> Suggester::visitor() {
  State& state = *state_;
  const std::span<const std::uint32_t> subjects =
      state.subjects ? std::span<const std::uint32_t>(state.subjects->of_interface)
                     : std::span<const std::uint32_t>();
  return std::make_unique<SuggestVisitor>(
      subjects, state.tallies.size(), state.options.most_tuples,
      [&state](EvidenceStore& store, std::vector<Tally>& tallies) {
        const std::lock_guard lock(state.mutex);
        state.store.merge(store);
        for (std::size_t i = 0; i < tallies.size(); ++i) {
          state.tallies[i].add(tallies[i]);
          tallies[i] = {};
        }
      });
}

Result<Suggestions> Suggester::finish() {
  State& state = *state_;
  if (!state.subjects) return Unexpected(state.subjects.error());
  if (state.store.is_overfull()) {
    return Unexpected(Error{.code = ErrorCode::usage,
                            .message = "the log has more different ports in use than can be kept",
                            .where = {},
                            .excerpt = {},
                            .hint = "choose less with --interface, --group, --where or --since"});
  }
  std::optional<ReferenceFinder> finder;
  if (state.options.network != nullptr) finder.emplace(*state.options.network);
  Suggestions result{.proposals = state.subjects->proposals,
                     .ungrouped = state.subjects->ungrouped};
  for (std::size_t i = 0; i < result.proposals.size(); ++i) {
    Suggestion& proposal = result.proposals[i];
    proposal.accepted = state.tallies[i].accepted;
    proposal.rejected = state.tallies[i].rejected;
    proposal.without_side = state.tallies[i].without_side;
    proposal.only_replies = state.tallies[i].only_replies;
    for (auto& by_family : proposal.counts) {
      for (RuleCount& count : by_family) count.limit = state.options.max_rules;
    }
  }
  std::vector<PortTraffic> ports = state.store.take();
  const std::span<PortTraffic> all = ports;
  for (std::size_t begin = 0, end = 0; begin < ports.size(); begin = end) {
    const PortKey& key = ports[begin].key;
    end = begin + 1;
    while (end < ports.size() && ports[end].key.subject == key.subject &&
           ports[end].key.direction == key.direction) {
      ++end;
    }
    suggest_rules(all.subspan(begin, end - begin), state.options, finder ? &*finder : nullptr,
                  result.proposals[key.subject]);
  }
  return result;
}

}  // namespace weir
