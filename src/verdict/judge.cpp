// SPDX-License-Identifier: Apache-2.0
// verdict: conversations -> a verdict for each record of them.
#include "verdict/judges.hpp"

namespace weir {
namespace {

/// Judges the records of a conversation in their order, and keeps what was accepted so far.
class ConversationJudge {
 public:
  ConversationJudge(const JudgeOptions& options, const Conversation& conversation,
                    const Conversation* earlier)
      : options_(options),
        conversation_(conversation),
        observed_(options.interfaces[conversation.interface]),
        earlier_(earlier) {
    if (conversation.forward.rejected + conversation.backward.rejected > 0) find_first_accepted();
    if (options.policy == nullptr || observed_.configured == Evaluator::kUnknownInterface) return;
    interface_ = &options.policy->network().interfaces[observed_.configured];
    rules_.emplace(*options.policy, observed_.configured, conversation);
  }

  void judge(const Judge::Take& take) {
    const std::span<const FlowRecord> records = conversation_.records;
    for (std::size_t begin = 0; begin < records.size();) {
      // What begins in the same second may have come first.
      std::size_t end = begin;
      for (; end < records.size() && records[end].start == records[begin].start; ++end) {
        const FlowRecord& record = records[end];
        if (record.action == Action::accept) ways_[way_of(record)].add(record);
      }
      for (; begin < end; ++begin) {
        const FlowRecord& record = records[begin];
        if (!record.selected || record.action == Action::none) continue;
        take(conversation_, record, judge(record));
      }
    }
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  void find_first_accepted() {
    for (const FlowRecord& record : conversation_.records) {
      std::int64_t& first = first_accepted_[way_of(record)];
      if (record.action == Action::accept) first = std::min(first, record.start);
    }
  }

  std::size_t way_of(const FlowRecord& record) const noexcept {
    return conversation_.is_forward(record) ? 0 : 1;
  }

  Verdict judge(const FlowRecord& record) {
    const std::size_t way = way_of(record);
    verdict::History history{.same = ways_[way],
                             .other = ways_[1 - way],
                             .conversation = &conversation_,
                             .earlier = earlier_,
                             .forward = way == 0};
    if (record.action == Action::reject && !history.other.any) {
      // Nothing of the other way so far: the first of the conversation is yet to come.
      history.other_overlaps = first_accepted_[1 - way] <= record.end;
    }
    Verdict verdict = verdict::judge_from_log(record, history, observed_, interface_, options_);
    if (options_.policy != nullptr) {
      if (!rules_) {
        verdict.because.add(Fact::interface_not_configured);
      } else if (record.side != Side::unknown) {
        rules_->judge(verdict, record, history);
      }
    }
    if (verdict.cause == Cause::unknown) verdict::add_evidence(verdict, record, history, options_);
    return verdict;
  }

  const JudgeOptions& options_;
  const Conversation& conversation_;
  const ObservedInterface& observed_;
  const Conversation* earlier_;
  const NetworkInterface* interface_ = nullptr;
  std::optional<verdict::RuleJudge> rules_;
  verdict::AcceptedWay ways_[2];  ///< forward, backward
  /// Earliest start of what was accepted in the whole conversation.
  std::int64_t first_accepted_[2] = {kNever, kNever};
};

}  // namespace

void Judge::judge(std::span<const Conversation> conversations, const Take& take) const {
  const Conversation* earlier = nullptr;
  for (const Conversation& conversation : conversations) {
    if (earlier != nullptr && earlier->interface != conversation.interface) earlier = nullptr;
    ConversationJudge(options_, conversation, earlier).judge(take);
    earlier = &conversation;
  }
}

}  // namespace weir
