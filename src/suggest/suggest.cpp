// SPDX-License-Identifier: Apache-2.0
// suggest: conversations -> proposed security groups.
#include "weir/suggest.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/protocol.hpp"
#include "conversation/opening.hpp"
#include "suggest/evidence.hpp"
#include "suggest/references.hpp"
#include "suggest/steps.hpp"

namespace weir {
namespace {

/// Pairs of port and peer that a thread keeps before it hands them over.
constexpr std::uint64_t kOwnTuples = std::uint64_t{1} << 17;

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

/// What the selected, accepted records of a conversation add up to.
RuleEvidence evidence_of(const Conversation& conversation, std::uint64_t& rejected) {
  RuleEvidence evidence;
  for (const FlowRecord& record : conversation.records) {
    if (!record.selected) continue;
    if (record.action == Action::reject) ++rejected;
    if (record.action != Action::accept) continue;
    evidence.RecordSums::add(conversation::sums_of(record));
  }
  evidence.conversations = evidence.flows > 0 ? 1 : 0;
  return evidence;
}

/// A conversation as rules see it, in one reading of who opened it.
struct Opening {
  Packet packet;
  Certainty certainty = Certainty::possible;
  bool is_answered = false;
  bool is_refused = false;  ///< what was accepted cannot be replies to this
};

Opening opening_of(const Conversation& conversation, const Evaluator* policy,
                   std::uint32_t interface) {
  Opening opening;
  opening.packet = conversation::forward_packet(conversation);
  opening.certainty =
      std::min(conversation.opener_certainty, certainty_of(conversation.side_origin));
  opening.is_answered =
      conversation.backward.accepted > 0 && conversation.state != TcpState::refused;
  if (conversation.forward.accepted > 0 || conversation.forward.rejected == 0) return opening;
  // What the rules of now admit, it is not for a suggestion to cut.
  const bool has_policy = policy != nullptr && interface != Evaluator::kUnknownInterface;
  opening.is_refused =
      !has_policy || policy->groups(interface, opening.packet).allowed == Answer::no;
  return opening;
}

}  // namespace

struct Suggester::State {
  State(SuggestOptions chosen, std::span<const ObservedInterface> interfaces)
      : options(std::move(chosen)),
        subjects(suggest::choose_subjects(options, interfaces)),
        store(options.most_tuples) {
    if (subjects) tallies.resize(subjects->proposals.size());
    if (options.policy == nullptr) return;
    for (const ObservedInterface& interface : interfaces) {
      handles.push_back(options.policy->find_interface(interface.id));
    }
  }

  SuggestOptions options;
  Result<suggest::Subjects> subjects;
  std::vector<std::uint32_t> handles;  // of interfaces, with a policy
  std::mutex mutex;                    // guards what follows while there are visitors
  suggest::EvidenceStore store;
  std::vector<Tally> tallies;  // by proposal
};

/// A thread's evidence, which it brings to the others now and then.
class SuggestVisitor final : public ConversationVisitor {
 public:
  explicit SuggestVisitor(Suggester::State& state)
      : state_(state), store_(state.options.most_tuples), tallies_(state.tallies.size()) {}
  SuggestVisitor(const SuggestVisitor&) = delete;
  SuggestVisitor& operator=(const SuggestVisitor&) = delete;
  ~SuggestVisitor() override { hand_over(); }

  std::string_view work() const noexcept override { return "gathering traffic"; }
  void take(std::span<const Conversation> conversations) override {
    if (!state_.subjects) return;
    for (const Conversation& conversation : conversations) {
      const std::uint32_t subject = state_.subjects->of_interface[conversation.interface];
      if (subject != suggest::kNoSubject) add(conversation, subject);
    }
    if (store_.tuples() > most_tuples_) hand_over();
  }

 private:
  void add(const Conversation& conversation, std::uint32_t subject) {
    Tally& tally = tallies_[subject];
    RuleEvidence evidence = evidence_of(conversation, tally.rejected);
    if (evidence.conversations == 0) return;
    if (conversation.opened == Side::unknown) {
      tally.without_side += evidence.flows;
      return;
    }
    const std::uint32_t handle = state_.handles.empty() ? Evaluator::kUnknownInterface
                                                        : state_.handles[conversation.interface];
    bool is_admitted = admit(conversation, subject, handle, evidence);
    // Where either end may have opened it, one of two rules is needed, and nobody knows which.
    if (const auto other = conversation::other_reading(conversation)) {
      is_admitted = admit(*other, subject, handle, evidence) || is_admitted;
    }
    (is_admitted ? tally.accepted : tally.only_replies) += evidence.flows;
  }

  bool admit(const Conversation& conversation, std::uint32_t subject, std::uint32_t handle,
             RuleEvidence evidence) {
    const Opening opening = opening_of(conversation, state_.options.policy, handle);
    if (opening.is_refused) return false;
    evidence.answered = opening.is_answered ? 1 : 0;
    evidence.certainty = opening.certainty;
    const Packet& packet = opening.packet;
    const bool has_ports = base::has_ports(packet.protocol);
    store_.add({.subject = subject,
                .direction = packet.direction,
                .is_ipv6 = !packet.peer.is_ipv4(),
                .protocol = packet.protocol,
                .port = has_ports ? packet.destination_port : std::uint16_t{0}},
               packet.peer, evidence);
    return true;
  }

  void hand_over() {
    const std::lock_guard lock(state_.mutex);
    state_.store.merge(store_);
    for (std::size_t i = 0; i < tallies_.size(); ++i) {
      state_.tallies[i].add(tallies_[i]);
      tallies_[i] = {};
    }
  }

  Suggester::State& state_;
  const std::uint64_t most_tuples_ = std::min(kOwnTuples, state_.options.most_tuples / 16);
  suggest::EvidenceStore store_;
  std::vector<Tally> tallies_;
};

Suggester::Suggester(SuggestOptions options, std::span<const ObservedInterface> interfaces)
    : state_(std::make_unique<State>(std::move(options), interfaces)) {}
Suggester::~Suggester() = default;
Suggester::Suggester(Suggester&&) noexcept = default;
Suggester& Suggester::operator=(Suggester&&) noexcept = default;

std::unique_ptr<ConversationVisitor> Suggester::visitor() {
  return std::make_unique<SuggestVisitor>(*state_);
}

Result<Suggestions> Suggester::finish() {
  State& state = *state_;
  if (!state.subjects) return Unexpected(state.subjects.error());
  if (state.store.is_overfull()) {
    return Unexpected(Error{.code = ErrorCode::usage,
                            .message = "the log has more different ports in use than can be kept",
                            .hint = "choose less with --interface, --group, --where or --since"});
  }
  std::optional<suggest::ReferenceFinder> finder;
  if (state.options.policy != nullptr) finder.emplace(state.options.policy->network());
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
  std::vector<suggest::PortTraffic> ports = state.store.take();
  const std::span<suggest::PortTraffic> all = ports;
  for (std::size_t begin = 0, end = 0; begin < ports.size(); begin = end) {
    const suggest::PortKey& key = ports[begin].key;
    end = begin + 1;
    while (end < ports.size() && ports[end].key.subject == key.subject &&
           ports[end].key.direction == key.direction) {
      ++end;
    }
    suggest::suggest_rules(all.subspan(begin, end - begin), state.options,
                           finder ? &*finder : nullptr, result.proposals[key.subject]);
  }
  return result;
}

}  // namespace weir
