// SPDX-License-Identifier: Apache-2.0
// verdict: a verdict -> one sentence for a person.
#include <fmt/format.h>

#include "verdict/rule_words.hpp"

namespace weir {
namespace {

/// Verb forms for how sure a sentence is: `stopped`, `most likely stopped`, `may have stopped`.
std::string surely(Certainty certainty, std::string_view past) {
  switch (certainty) {
    case Certainty::certain:
      return std::string(past);
    case Certainty::likely:
      return fmt::format("most likely {}", past);
    case Certainty::possible:
      break;
  }
  return fmt::format("may have {}", past);
}

Side other_side(Side side) noexcept {
  switch (side) {
    case Side::inbound:
      return Side::outbound;
    case Side::outbound:
      return Side::inbound;
    case Side::unknown:
      break;
  }
  return Side::unknown;
}

class Sentence {
 public:
  Sentence(const Verdict& verdict, const Network* network)
      : verdict_(verdict), rules_(verdict::rules_of(verdict, network)) {}

  std::string text() const {
    if (verdict_.logged == Action::accept) return "ACCEPT: " + allowed();
    return "REJECT: " + rejected();
  }

 private:
  bool has(Fact fact) const noexcept { return verdict_.because.has(fact); }
  std::string_view way() const noexcept { return verdict::way_suffix(verdict_.side); }
  std::string_view in_or_out() const noexcept { return verdict::way_in_or_out(verdict_.side); }
  std::string acl() const { return verdict::acl_rule_words(verdict_, rules_); }
  std::string stopped() const { return surely(verdict_.certainty, "stopped"); }

  std::string rejected() const {
    switch (verdict_.cause) {
      case Cause::security_group:
        return stopped_by_groups();
      case Cause::network_acl:
        return has(Fact::acl_denies) || has(Fact::acl_unsure) ? stopped_by_acl_rule()
                                                              : stopped_by_some_acl();
      case Cause::block_public_access:
        return fmt::format("VPC Block Public Access {} it{}", stopped(), way());
      case Cause::encryption_controls:
        return "a VPC endpoint stopped it because of VPC Encryption Controls";
      case Cause::late_packet:
        return late();
      case Cause::allowed:
      case Cause::unknown:
        break;
    }
    return unknown();
  }

  std::string stopped_by_groups() const {
    if (has(Fact::groups_unsure) && rules_.group_rule == nullptr && !has(Fact::doubt_group)) {
      return fmt::format("{}{}", unsure_groups(), acl_beside());
    }
    if (has(Fact::groups_unsure) && rules_.group_rule == nullptr) {
      return fmt::format(
          "whether the security groups let it {} is unknown, because one of them is not in "
          "--config "
          "(aws ec2 describe-security-groups){}",
          in_or_out(), acl_beside());
    }
    if (has(Fact::groups_unsure) && verdict_.certainty == Certainty::certain) {
      return fmt::format("no rule of {} lets it {}: {} may match, and did not{}",
                         verdict::groups_words(rules_), in_or_out(),
                         verdict::group_rule_words(rules_), acl_beside());
    }
    if (has(Fact::groups_unsure)) {
      return fmt::format("it depends on {}, the only rule of the security groups that may match{}",
                         verdict::group_rule_words(rules_), acl_beside());
    }
    if (has(Fact::untracked)) {
      return fmt::format("the connection is not tracked, and no rule of {} lets the reply {}",
                         verdict::groups_words(rules_), in_or_out());
    }
    return fmt::format("no rule of {} lets it {}{}", verdict::groups_words(rules_), in_or_out(),
                       acl_beside());
  }

  /// What is not known of the groups, where they have no rule that may match.
  std::string unsure_groups() const {
    if (has(Fact::doubt_load_balancer)) {
      return fmt::format("no rule of {} lets in what a load balancer handed on",
                         verdict::groups_words(rules_));
    }
    if (has(Fact::doubt_unread_rules)) {
      return fmt::format(
          "no rule of {} that could be read lets it {}, and a rule that was left out may",
          verdict::groups_words(rules_), in_or_out());
    }
    return fmt::format(
        "whether the security groups let it {} is unknown, because --config names none of this "
        "interface (aws ec2 describe-network-interfaces)",
        in_or_out());
  }

  /// What the other layer says, behind what a group says.
  std::string acl_beside() const {
    if (has(Fact::acl_allows)) return fmt::format("; {} would", acl());
    if (has(Fact::acl_not_checked)) return "; no network ACL checks it";
    if (has(Fact::acl_unsure)) return "; what the network ACL does is not known";
    return {};
  }

  std::string stopped_by_acl_rule() const {
    const bool inbound = verdict_.side == Side::inbound;
    if (has(Fact::groups_are_stateful)) {
      return fmt::format("the reply {} (security groups are stateful) and {} {} it{}",
                         inbound ? "came back" : "left the instance", acl(), stopped(), way());
    }
    if (has(Fact::groups_deny)) {
      return fmt::format("{} {} it{}, and no rule of {} would let it {}", acl(), stopped(), way(),
                         verdict::groups_words(rules_), in_or_out());
    }
    if (has(Fact::groups_allow)) {
      return fmt::format("{} {} it{}; {} would let it {}", acl(), stopped(), way(),
                         verdict::group_rule_words(rules_), in_or_out());
    }
    return fmt::format("{} {} it{}", acl(), stopped(), way());
  }

  std::string stopped_by_some_acl() const {
    const std::string_view by = verdict_.side == Side::inbound    ? "inbound network ACL"
                                : verdict_.side == Side::outbound ? "outbound network ACL"
                                                                  : "network ACL";
    if (has(Fact::syn_ack) && !has(Fact::request_accepted)) {
      return fmt::format(
          "it answers a connection that got in, and security groups let replies pass, so the {} of "
          "the subnet {} it",
          by, stopped());
    }
    if (has(Fact::way_accepted)) {
      return fmt::format(
          "the conversation was accepted both ways before, and security groups let it go on, so "
          "the {} of the subnet {} it",
          by, stopped());
    }
    return fmt::format(
        "the request was accepted{}, and security groups let replies pass, so the {} of the subnet "
        "{} the reply",
        verdict::way_suffix(other_side(verdict_.side)), by, stopped());
  }

  std::string late() const {
    const std::string_view when = has(Fact::connection_closed) ? "after its connection had closed"
                                  : has(Fact::connection_idle)
                                      ? "after its connection had been idle and was forgotten"
                                      : "after its connection was closed or forgotten";
    if (verdict_.certainty == Certainty::possible) {
      return fmt::format("it may have come{} {}; then no rule is to blame", way(), when);
    }
    return fmt::format("it came{} {}, so no rule is to blame", way(), when);
  }

  std::string unknown() const {
    if (has(Fact::reason_other)) return "AWS gives a reason that is not among the documented ones";
    if (has(Fact::rules_allow_now)) {
      return fmt::format(
          "the rules would let it {} now: they may have changed since, or it came after its "
          "connection was closed or forgotten",
          in_or_out());
    }
    if (has(Fact::groups_unsure) || has(Fact::acl_unsure)) {
      return fmt::format(
          "a security group or the network ACL stopped it{}, and what is known does not tell "
          "which{}",
          way(), missing());
    }
    std::string text = fmt::format(
        "a security group or the network ACL stopped it{}, and the log alone does not tell which",
        way());
    if (has(Fact::no_syn) || has(Fact::way_accepted)) {
      text += ", or it came after its connection was closed";
    } else if (has(Fact::others_accepted)) {
      text += "; other peers were accepted at this port";
    } else if (has(Fact::peer_accepted_elsewhere)) {
      text += "; this peer was accepted at another port";
    }
    return text;
  }

  /// What would tell, if it was not read.
  std::string_view missing() const {
    if (has(Fact::doubt_no_groups)) {
      return ": --config names no security group of this interface (aws ec2 "
             "describe-network-interfaces)";
    }
    if (has(Fact::doubt_group)) {
      return ": a security group of this interface is not in --config (aws ec2 "
             "describe-security-groups)";
    }
    if (has(Fact::doubt_unread_rules)) return ": a rule was left out as unreadable";
    if (has(Fact::doubt_acl)) {
      return ": the network ACL is not in --config (aws ec2 describe-network-acls)";
    }
    return has(Fact::doubt_icmp_type) ? ": flow logs have no ICMP type" : "";
  }

  std::string allowed() const {
    std::string text = allowed_by();
    if (has(Fact::reply_rejected)) {
      text += ", but the reply was rejected";
    } else if (has(Fact::refused)) {
      text += ", but the connection was refused (RST)";
    } else if (has(Fact::unanswered)) {
      text += ", but no reply was logged";
    }
    return text;
  }

  std::string allowed_by() const {
    if (has(Fact::rules_deny_now)) {
      return fmt::format("it was let {}, though {} {} now: the rules have changed since{}",
                         in_or_out(), denier(), has(Fact::acl_denies) ? "denies it" : "allows it",
                         has(Fact::may_be_tracked) ? ", or its connection is still tracked" : "");
    }
    if (has(Fact::opener_unclear) && rules_.group_rule != nullptr && rules_.other_rule != nullptr) {
      std::string text =
          fmt::format("{} or {} let the connection open: the log does not tell which end opened it",
                      verdict::group_rule_words(rules_), verdict::other_rule_words(rules_));
      if (has(Fact::acl_allows)) text += fmt::format("; {} let it {}", acl(), in_or_out());
      return text;
    }
    if (has(Fact::groups_are_stateful)) {
      const std::string_view reply =
          verdict_.side == Side::inbound ? "the reply came back" : "the reply left the instance";
      if (!has(Fact::acl_allows)) return fmt::format("{} (security groups are stateful)", reply);
      return fmt::format("{} (security groups are stateful) and {} let it {}", reply, acl(),
                         in_or_out());
    }
    if (has(Fact::groups_allow) || has(Fact::groups_unsure)) {
      std::string text = fmt::format("{} {} it {}", admitting_rule(),
                                     has(Fact::groups_allow) ? "let" : "may have let", in_or_out());
      if (has(Fact::acl_allows)) text += fmt::format(", and so did {}", acl());
      return text;
    }
    return fmt::format("it was let {}", in_or_out());
  }

  /// What let it pass, or may have; where no rule is known, why it is not.
  std::string admitting_rule() const {
    if (rules_.group_rule != nullptr) return verdict::group_rule_words(rules_);
    if (has(Fact::doubt_no_groups)) {
      return "a security group of the interface, of which --config names none (aws ec2 "
             "describe-network-interfaces),";
    }
    if (has(Fact::doubt_group)) {
      return "a security group that is not in --config (aws ec2 describe-security-groups)";
    }
    if (has(Fact::doubt_unread_rules)) return "a rule that was left out as unreadable";
    return "a security group";
  }

  /// What denies now what was accepted: an ACL, or `no rule of ...`.
  std::string denier() const {
    return has(Fact::acl_denies) ? acl() : "no rule of " + verdict::groups_words(rules_);
  }

  const Verdict& verdict_;
  verdict::NamedRules rules_;
};

}  // namespace

std::string verdict_text(const Verdict& verdict, const Network* network) {
  return Sentence(verdict, network).text();
}

}  // namespace weir
