// SPDX-License-Identifier: Apache-2.0
// rules: replaying conversations against a proposed configuration.
#include "weir/whatif.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/protocol.hpp"
#include "rules/judged_ways.hpp"
#include "rules/rule_hits.hpp"
#include "rules/whatif_rows.hpp"

namespace weir {
namespace {

/// TCP that goes on without having begun: rejected for coming late, whatever the rules say.
bool may_be_late(const Conversation& conversation, const ConversationWay& way) {
  const bool has_flags = std::any_of(conversation.records.begin(), conversation.records.end(),
                                     [](const FlowRecord& record) { return record.has_tcp_flags; });
  return conversation.protocol == base::kTcp && has_flags && (way.tcp_flags & base::kSyn) == 0;
}

Certainty least(Certainty a, Certainty b) { return std::min(a, b); }

/// A conversation as the replay sees it, in one reading of who opened it.
struct Replayed {
  Packet opening;
  Packet reply;
  conversation::LoggedWay opening_way;
  conversation::LoggedWay reply_way;
  bool opening_accepted = false;
  bool reply_accepted = false;
  bool opening_late = false;
  bool reply_late = false;
  Certainty opener = Certainty::certain;

  explicit Replayed(const Conversation& conversation)
      : Replayed(conversation, conversation::LoggedWays(conversation)) {}
  Replayed(const Conversation& conversation, const conversation::LoggedWays& ways)
      : opening(conversation::forward_packet(conversation)),
        reply(conversation::backward_packet(conversation)),
        opening_way(ways.forward),
        reply_way(ways.backward),
        opening_accepted(conversation.forward.accepted > 0),
        reply_accepted(conversation.backward.accepted > 0),
        opening_late(may_be_late(conversation, conversation.forward)),
        reply_late(may_be_late(conversation, conversation.backward)) {
    // What is only possible is replayed in both readings, each as if it were so.
    if (conversation.opener_certainty != Certainty::possible) {
      opener = conversation.opener_certainty;
    }
  }

  RecordSums accepted() const {
    RecordSums sums = opening_way.accepted;
    sums.add(reply_way.accepted);
    return sums;
  }
};

/// What becomes of a conversation, and the layer that decides it in the proposal.
struct Outcome {
  Effect effect = Effect::cut;
  Certainty certainty = Certainty::certain;
  rules::LayerVerdict rules::JudgedWays::*layer = nullptr;
  RecordSums records;
};

/// What one reading of a conversation comes to.
struct Reading {
  Replayed replayed;
  std::optional<rules::JudgedWays> before;
  rules::JudgedWays after;
  std::optional<Outcome> outcome;

  const rules::JudgedWays* known() const { return before ? &*before : nullptr; }
};

/// Of one interface, in both configurations.
struct Handles {
  std::uint32_t now = Evaluator::kUnknownInterface;
  std::uint32_t proposed = Evaluator::kUnknownInterface;
};

rules::LayerVerdict rules::JudgedWays::*layer_of(const rules::JudgedWays& ways,
                                                 const rules::LayerVerdict& verdict) {
  if (&verdict == &ways.groups) return &rules::JudgedWays::groups;
  return &verdict == &ways.opening_acl ? &rules::JudgedWays::opening_acl
                                       : &rules::JudgedWays::reply_acl;
}

}  // namespace

struct WhatifReplay::State {
  State(const Evaluator* evaluator_now, const Evaluator& evaluator_proposed,
        std::span<const ObservedInterface> observed, std::size_t most_rows)
      : now(evaluator_now),
        proposed(evaluator_proposed),
        now_slots(evaluator_now == nullptr ? evaluator_proposed.network()
                                           : evaluator_now->network()),
        proposed_slots(evaluator_proposed.network()),
        rows(most_rows) {
    for (const ObservedInterface& interface : observed) {
      interface_handles.push_back(
          {.now = now == nullptr ? Evaluator::kUnknownInterface : now->find_interface(interface.id),
           .proposed = proposed.find_interface(interface.id)});
    }
  }

  void take(const Conversation& conversation);
  Reading read(const Conversation& conversation, Handles handles) const;
  static Reading joined(const Reading& one, const Reading& other);
  std::optional<Outcome> find_cut(const Replayed& replayed, const rules::JudgedWays* before,
                                  rules::JudgedWays after, Handles handles) const;
  std::optional<Outcome> find_admitted(const Replayed& replayed, const rules::JudgedWays* before,
                                       const rules::JudgedWays& after, Handles handles) const;
  bool keeps_doubt(Effect effect, rules::LayerVerdict rules::JudgedWays::*layer,
                   const rules::JudgedWays& before, const rules::JudgedWays& after,
                   const Replayed& replayed, Handles handles) const;
  static bool disagrees(const Replayed& replayed, const rules::JudgedWays& before);
  WhatifTotals& totals_of(const Outcome& outcome) {
    const bool possible = outcome.certainty == Certainty::possible;
    if (outcome.effect == Effect::cut) return possible ? totals.possibly_cut : totals.cut;
    return possible ? totals.possibly_admitted : totals.admitted;
  }

  const Evaluator* now;
  const Evaluator& proposed;
  rules::RuleSlots now_slots;
  rules::RuleSlots proposed_slots;
  std::vector<Handles> interface_handles;
  rules::WhatifRows rows;
  WhatifReport totals;  // without rows
};

Reading WhatifReplay::State::read(const Conversation& conversation, Handles handles) const {
  Reading reading{.replayed = Replayed(conversation), .before = {}, .after = {}, .outcome = {}};
  const Replayed& replayed = reading.replayed;
  if (handles.now != Evaluator::kUnknownInterface) {
    reading.before =
        rules::judge_ways(*now, now_slots, handles.now, replayed.opening, replayed.reply);
  }
  reading.after = rules::judge_ways(proposed, proposed_slots, handles.proposed, replayed.opening,
                                    replayed.reply);
  reading.outcome = find_cut(replayed, reading.known(), reading.after, handles);
  if (!reading.outcome) {
    reading.outcome = find_admitted(replayed, reading.known(), reading.after, handles);
  }
  // A conversation may be here as evidence, without a record of those asked about that changes.
  if (reading.outcome && reading.outcome->records.flows == 0) reading.outcome.reset();
  return reading;
}

/// Either end may have opened it: what is so in one reading alone is possible.
Reading WhatifReplay::State::joined(const Reading& one, const Reading& other) {
  if (!other.outcome) {
    Reading alone = one;
    if (alone.outcome) alone.outcome->certainty = Certainty::possible;
    return alone;
  }
  const bool agree = one.outcome && one.outcome->effect == other.outcome->effect;
  const bool takes_other = !one.outcome || (!agree && other.outcome->effect == Effect::cut);
  const Certainty certainty =
      agree ? std::min(one.outcome->certainty, other.outcome->certainty) : Certainty::possible;
  Reading joined = takes_other ? other : one;
  joined.outcome->certainty = certainty;
  return joined;
}

void WhatifReplay::State::take(const Conversation& conversation) {
  const RecordSums all = conversation::LoggedWays(conversation).all();
  if (all.flows == 0) return;
  const Handles handles = interface_handles[conversation.interface];
  if (handles.proposed == Evaluator::kUnknownInterface) return totals.unconfigured.add(all, 1);
  if (!conversation::has_side(conversation)) return totals.unplaced.add(all, 1);

  Reading reading = read(conversation, handles);
  if (const auto other = conversation::other_reading(conversation)) {
    reading = joined(reading, read(*other, handles));
  }
  const auto& [replayed, before, after, outcome] = reading;
  if (after.acl_unknown) totals.without_acl.add(all, 1);
  if (!outcome) {
    totals.unchanged.add(all, 1);
    if (before && disagrees(replayed, *before)) totals.disagreeing.add(all, 1);
    return;
  }
  totals_of(*outcome).add(outcome->records, 1);
  const rules::JudgedWays* const known = reading.known();
  rows.add({.effect = outcome->effect,
            .certainty = outcome->certainty,
            .proposed = (after.*outcome->layer).slot,
            .now = known == nullptr ? rules::LayerVerdict::kNoSlot : (known->*outcome->layer).slot,
            .opened = replayed.opening.direction == RuleDirection::ingress ? Side::inbound
                                                                           : Side::outbound,
            .protocol = conversation.protocol,
            .interface = conversation.interface,
            .port = replayed.opening.destination_port},
           replayed.opening.peer, outcome->records);
}

/// A doubt that was there before is no effect of the proposal.
bool WhatifReplay::State::keeps_doubt(Effect effect, rules::LayerVerdict rules::JudgedWays::*layer,
                                      const rules::JudgedWays& before,
                                      const rules::JudgedWays& after, const Replayed& replayed,
                                      Handles handles) const {
  const rules::LayerVerdict& was = before.*layer;
  const rules::LayerVerdict& is = after.*layer;
  if (was.allowed != Answer::possibly || is.allowed != Answer::possibly || was.doubt != is.doubt) {
    return false;
  }
  if (layer == &rules::JudgedWays::groups) {
    const rules::ConfiguredInterface here_now{*now, handles.now};
    const rules::ConfiguredInterface here_proposed{proposed, handles.proposed};
    return effect == Effect::cut ? rules::admits_no_less(here_now, here_proposed, replayed.opening)
                                 : rules::admits_no_less(here_proposed, here_now, replayed.opening);
  }
  return rules::decide_alike(
      *now_slots.places()[was.slot].acl, *proposed_slots.places()[is.slot].acl,
      layer == &rules::JudgedWays::reply_acl ? replayed.reply : replayed.opening);
}

/// Both ways count: a conversation whose replies are stopped is as dead as one that cannot begin.
std::optional<Outcome> WhatifReplay::State::find_cut(const Replayed& replayed,
                                                     const rules::JudgedWays* before,
                                                     rules::JudgedWays after,
                                                     Handles handles) const {
  for (rules::LayerVerdict rules::JudgedWays::*const layer :
       {&rules::JudgedWays::groups, &rules::JudgedWays::opening_acl,
        &rules::JudgedWays::reply_acl}) {
    if (before != nullptr && keeps_doubt(Effect::cut, layer, *before, after, replayed, handles)) {
      (after.*layer).allowed = Answer::yes;
    }
  }
  const bool opening_counts = replayed.opening_accepted || replayed.reply_accepted;
  for (const bool is_reply : {false, true}) {
    if (is_reply ? !replayed.reply_accepted : !opening_counts) continue;
    const rules::LayerVerdict& verdict = is_reply ? after.reply() : after.opening();
    rules::LayerVerdict rules::JudgedWays::*const layer = layer_of(after, verdict);
    if (verdict.allowed == Answer::yes) continue;
    if (before != nullptr &&
        (is_reply ? before->reply() : before->opening()).allowed == Answer::no) {
      continue;
    }
    Outcome outcome{.effect = Effect::cut, .layer = layer, .records = replayed.accepted()};
    if (verdict.allowed == Answer::possibly) {
      outcome.certainty = Certainty::possible;
    } else if (layer == &rules::JudgedWays::groups) {
      // Groups are asked about the opening.
      outcome.certainty = replayed.opener;
    }
    return outcome;
  }
  return std::nullopt;
}

std::optional<Outcome> WhatifReplay::State::find_admitted(const Replayed& replayed,
                                                          const rules::JudgedWays* before,
                                                          const rules::JudgedWays& after,
                                                          Handles handles) const {
  for (const bool is_reply : {false, true}) {
    const RecordSums& rejected =
        is_reply ? replayed.reply_way.rejected : replayed.opening_way.rejected;
    if (rejected.flows == 0) continue;
    if (is_reply ? replayed.reply_accepted : replayed.opening_accepted) continue;
    const rules::LayerVerdict& verdict = is_reply ? after.reply() : after.opening();
    // What cannot be answered is not admitted.
    const Answer allowed = std::min(verdict.allowed, after.reply_acl.allowed);
    if (allowed == Answer::no) continue;
    Outcome outcome{.effect = Effect::admitted, .records = rejected};
    outcome.layer = is_reply ? &rules::JudgedWays::reply_acl : &rules::JudgedWays::groups;
    outcome.certainty = least(Certainty::likely, replayed.opener);
    if (before != nullptr) {
      const rules::LayerVerdict& denied = is_reply ? before->reply() : before->opening();
      if (denied.allowed == Answer::yes) continue;
      outcome.layer = layer_of(*before, denied);
      if (keeps_doubt(Effect::admitted, outcome.layer, *before, after, replayed, handles)) continue;
      outcome.certainty = denied.allowed == Answer::no ? replayed.opener : Certainty::possible;
    } else if (is_reply ? replayed.reply_late : replayed.opening_late) {
      outcome.certainty = Certainty::possible;
    }
    if (allowed == Answer::possibly) outcome.certainty = Certainty::possible;
    // Rules admit nothing that Block Public Access stops, and only reject-reason tells that.
    const bool tells_reason =
        is_reply ? replayed.reply_way.tells_reason : replayed.opening_way.tells_reason;
    if (!tells_reason &&
        proposed.public_access_blocked(
            handles.proposed, is_reply ? replayed.reply : replayed.opening) != Answer::no) {
      outcome.certainty = Certainty::possible;
    }
    // A layer that the proposal does not ask is named by the other one.
    if ((after.*outcome.layer).slot == rules::LayerVerdict::kNoSlot)
      outcome.layer = &rules::JudgedWays::groups;
    if ((after.*outcome.layer).slot == rules::LayerVerdict::kNoSlot) return std::nullopt;
    return outcome;
  }
  return std::nullopt;
}

bool WhatifReplay::State::disagrees(const Replayed& replayed, const rules::JudgedWays& before) {
  const auto differs = [](const conversation::LoggedWay& way, bool accepted, Answer allowed) {
    return (accepted && allowed == Answer::no) ||
           (!accepted && way.rejected.flows > 0 && allowed == Answer::yes);
  };
  return differs(replayed.opening_way, replayed.opening_accepted, before.opening().allowed) ||
         differs(replayed.reply_way, replayed.reply_accepted, before.reply().allowed);
}

WhatifReplay::WhatifReplay(const Evaluator* now, const Evaluator& proposed,
                           std::span<const ObservedInterface> interfaces, std::size_t most_rows)
    : state_(std::make_unique<State>(now, proposed, interfaces, most_rows)) {}
WhatifReplay::~WhatifReplay() = default;
WhatifReplay::WhatifReplay(WhatifReplay&&) noexcept = default;
WhatifReplay& WhatifReplay::operator=(WhatifReplay&&) noexcept = default;

void WhatifReplay::take(std::span<const Conversation> conversations) {
  for (const Conversation& conversation : conversations) state_->take(conversation);
}

void WhatifReplay::merge(const WhatifReplay& other) {
  state_->rows.merge(other.state_->rows);
  for (WhatifTotals WhatifReport::*const totals :
       {&WhatifReport::cut, &WhatifReport::possibly_cut, &WhatifReport::admitted,
        &WhatifReport::possibly_admitted, &WhatifReport::unchanged, &WhatifReport::unconfigured,
        &WhatifReport::unplaced, &WhatifReport::disagreeing, &WhatifReport::without_acl}) {
    const WhatifTotals& others = other.state_->totals.*totals;
    (state_->totals.*totals).add(others, others.conversations);
  }
}

WhatifReport WhatifReplay::report() const {
  const State& state = *state_;
  WhatifReport report = state.totals;
  report.ports_together = state.rows.detail() >= rules::WhatifRows::Detail::no_port;
  report.interfaces_together = state.rows.detail() >= rules::WhatifRows::Detail::no_interface;
  for (const auto& [key, sums] : state.rows.rows()) {
    report.rows.push_back(rules::make_whatif_row(key, sums));
    WhatifRow& row = report.rows.back();
    row.proposed = state.proposed_slots.places()[key.proposed];
    row.has_now = key.now != rules::LayerVerdict::kNoSlot;
    if (row.has_now) row.now = state.now_slots.places()[key.now];
  }
  // Rows come in the order of their keys, which a stable sort keeps among equals.
  std::stable_sort(report.rows.begin(), report.rows.end(),
                   [](const WhatifRow& a, const WhatifRow& b) {
                     const auto rank = [](const WhatifRow& row) {
                       return std::tuple(row.effect, row.certainty == Certainty::possible);
                     };
                     if (rank(a) != rank(b)) return rank(a) < rank(b);
                     return a.bytes != b.bytes ? a.bytes > b.bytes : a.flows > b.flows;
                   });
  return report;
}

Result<WhatifReport> replay(Conversations& conversations, const Evaluator* now,
                            const Evaluator& proposed, std::size_t threads) {
  std::vector<WhatifReplay> replays;
  std::vector<ConversationVisitor*> visitors;
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    replays.emplace_back(now, proposed, conversations.interfaces());
  }
  visitors.reserve(replays.size());
  for (WhatifReplay& one : replays) visitors.push_back(&one);
  if (Result<void> visited = conversations.visit(visitors); !visited) {
    return Unexpected(std::move(visited.error()));
  }
  for (std::size_t i = 1; i < replays.size(); ++i) replays.front().merge(replays[i]);
  return replays.front().report();
}

}  // namespace weir
