// SPDX-License-Identifier: Apache-2.0
// verdict: facts -> short sentences.
#include <fmt/format.h>

#include <iterator>

#include "base/enum_table.hpp"
#include "verdict/rule_words.hpp"

namespace weir {
namespace {

constexpr base::NameRow<Cause> kCauses[] = {
    {Cause::security_group, "security-group"},
    {Cause::network_acl, "network-acl"},
    {Cause::block_public_access, "block-public-access"},
    {Cause::encryption_controls, "encryption-controls"},
    {Cause::late_packet, "late-packet"},
    {Cause::allowed, "allowed"},
    {Cause::unknown, "unknown"},
};
static_assert(base::names_all<kCauses>());

struct FactRow {
  Fact fact;
  std::string_view text;  ///< empty: words_of() makes it
};

/// In the order in which they are told.
constexpr FactRow kFacts[] = {
    {Fact::reason_block_public_access, "reject-reason is BPA"},
    {Fact::reason_encryption_controls, "reject-reason is EC"},
    {Fact::reason_other, "reject-reason has a value that AWS's documentation lacks"},
    {Fact::syn_ack, "its SYN-ACK answers a SYN that got through"},
    {Fact::no_syn, "its TCP flags have no SYN, so it does not open a connection"},
    {Fact::side_inferred, "its direction is inferred from the addresses of the interface"},
    {Fact::side_unknown,
     "direction unknown: the log has neither flow-direction nor enough records of this interface"},
    {Fact::is_reply, "it goes from who was called to who called"},
    {Fact::request_accepted, "the other direction of the same conversation was accepted"},
    {Fact::groups_are_stateful, "security groups are stateful: they let replies pass"},
    {Fact::tracking_may_be_over,
     "so long without traffic that the security groups may have forgotten the connection"},
    {Fact::order_unclear, "the log does not tell which direction came first"},
    {Fact::way_accepted, "earlier packets of the same direction were accepted"},
    {Fact::connection_closed, "the connection had closed (FIN both ways, or RST)"},
    {Fact::connection_idle, "the connection had been idle for longer than it is tracked"},
    {Fact::flags_unknown, "the log has no TCP flags, which would show a closed connection"},
    {Fact::other_way_rejected, "the other direction was rejected too"},
    {Fact::other_way_unseen, "nothing was logged in the other direction"},
    {Fact::reply_accepted, "replies were accepted"},
    {Fact::reply_rejected, "replies were rejected"},
    {Fact::unanswered, "no reply was logged"},
    {Fact::refused, "the connection was refused with RST"},
    {Fact::others_accepted, "other peers were accepted at this port"},
    {Fact::nobody_else_accepted, "no other peer was accepted at this port"},
    {Fact::peer_accepted_here, "the same peer was accepted at this port at another time"},
    {Fact::peer_accepted_elsewhere, "the same peer was accepted at another port"},
    {Fact::peer_never_accepted, "the same peer was accepted at no port"},
    {Fact::too_many_peers, "the log has too many peers and ports to keep who else was accepted"},
    {Fact::records_dropped, "AWS dropped records of this interface at that time (SKIPDATA)"},
    {Fact::accepts_only, "the log has no rejected record: it may be filtered to ACCEPT"},
    {Fact::rejects_only, "the log has no accepted record: it may be filtered to REJECT"},
    {Fact::interface_not_configured,
     "the configuration lacks this interface: the log alone is "
     "judged"},
    {Fact::groups_allow, {}},
    {Fact::groups_allowed_request, {}},
    {Fact::groups_deny, {}},
    {Fact::groups_unsure, {}},
    {Fact::groups_not_checked, "no security group filters it"},
    {Fact::untracked, "the connection is not tracked, so replies need a rule of their own"},
    {Fact::acl_allows, {}},
    {Fact::acl_denies, {}},
    {Fact::acl_unsure, {}},
    {Fact::acl_not_checked, "no network ACL checks it: it stays inside the subnet, or is exempt"},
    {Fact::doubt_icmp_type, "the rule asks for an ICMP type, which flow logs do not have"},
    {Fact::doubt_prefix_list, {}},
    {Fact::doubt_group_members,
     "the members of a group that a rule names are not known (aws ec2 "
     "describe-network-interfaces)"},
    {Fact::doubt_unread_rules, {}},
    {Fact::doubt_no_groups, {}},
    {Fact::doubt_group,
     "a security group of the interface is not known (aws ec2 describe-security-groups)"},
    {Fact::doubt_acl,
     "the network ACL of the subnet is not known (aws ec2 describe-network-acls, "
     "describe-subnets)"},
    {Fact::doubt_subnet_of_peer,
     "whether the peer is in the same subnet is not known (aws ec2 describe-subnets)"},
    {Fact::doubt_transit_gateway,
     "it may have come through a transit gateway attachment in the same subnet, unchecked"},
    {Fact::doubt_load_balancer,
     "the address that was logged is a load balancer's: without pkt-srcaddr and pkt-dstaddr the "
     "packet's own address, which rules look at, is not known"},
    {Fact::opener_unclear, {}},
    {Fact::public_access_blocked,
     "VPC Block Public Access is on in its subnet, and the log has no reject-reason to tell"},
    {Fact::public_access_unknown,
     "VPC Block Public Access may have stopped it: neither the log (reject-reason) nor the subnet "
     "in --config tells (aws ec2 describe-subnets, BlockPublicAccessStates)"},
    {Fact::rules_deny_now,
     "the rules deny it now, and the log says ACCEPT: the configuration is "
     "not that of the time of the record"},
    {Fact::rules_allow_now,
     "the rules allow it now, and the log says REJECT: the configuration is "
     "not that of the time of the record"},
    {Fact::may_be_tracked, "a connection that is tracked goes on when a group's rule is removed"},
    {Fact::may_be_late, "it may have come after its connection was closed or forgotten"},
};

static_assert(base::is_whole<kFacts, &FactRow::fact>());
static_assert(std::size(kFacts) <= 64, "Facts has a bit each");

std::string prefix_list_words(const verdict::NamedRules& rules) {
  const auto* list = rules.group_rule == nullptr
                         ? nullptr
                         : std::get_if<PrefixListReference>(&rules.group_rule->peer);
  const std::string_view id = list == nullptr ? "PREFIX-LIST-ID" : std::string_view(list->id);
  return fmt::format(
      "the entries of a prefix list were not read (aws ec2 get-managed-prefix-list-entries "
      "--prefix-list-id {} > {}.json)",
      id, id);
}

/// The command that prints what was left out, again.
std::string unread_words(const Verdict& verdict, const verdict::NamedRules& rules) {
  const bool by_acl = rules.acl != nullptr && verdict.because.has(Fact::acl_unsure);
  return by_acl ? fmt::format(
                      "an entry of it was left out, since it could not be read (aws ec2 "
                      "describe-network-acls --network-acl-ids {}; `weir check --config` shows it)",
                      rules.acl->id)
                : fmt::format(
                      "a rule of {} was left out, since it could not be read (aws ec2 "
                      "describe-security-groups; `weir check --config` shows it)",
                      verdict::groups_words(rules));
}

/// The facts whose words name rules.
std::string words_of(Fact fact, const Verdict& verdict, const verdict::NamedRules& rules) {
  switch (fact) {
    case Fact::groups_allow:
      return verdict::group_rule_words(rules) + " allows it";
    case Fact::groups_allowed_request:
      return verdict::group_rule_words(rules) + " allows the connection that it belongs to";
    case Fact::groups_deny:
      return fmt::format("no rule of {} allows it", verdict::groups_words(rules));
    case Fact::groups_unsure:
      return verdict::group_rule_words(rules) + " may allow it";
    case Fact::acl_allows:
      return verdict::acl_rule_words(verdict, rules) + " allows it";
    case Fact::acl_denies:
      return verdict::acl_rule_words(verdict, rules) + " denies it";
    case Fact::acl_unsure:
      return verdict::acl_rule_words(verdict, rules) + " may decide about it";
    case Fact::doubt_prefix_list:
      return prefix_list_words(rules);
    case Fact::doubt_unread_rules:
      return unread_words(verdict, rules);
    case Fact::doubt_no_groups:
      return fmt::format(
          "the configuration names no security group of this interface, which must have one (aws "
          "ec2 describe-network-interfaces --network-interface-ids {})",
          rules.interface == nullptr ? "ENI-ID" : rules.interface->id);
    case Fact::opener_unclear:
      return rules.other_rule == nullptr
                 ? "the log does not tell which end opened the connection"
                 : fmt::format(
                       "the log does not tell which end opened the connection; if the other one "
                       "did, {} let it open",
                       verdict::other_rule_words(rules));
    default:
      return {};
  }
}

}  // namespace

std::string_view cause_name(Cause cause) noexcept { return base::name_in(kCauses, cause); }

std::vector<std::string> because_texts(const Verdict& verdict, const Network* network) {
  const verdict::NamedRules rules = verdict::rules_of(verdict, network);
  std::vector<std::string> texts;
  for (const FactRow& row : kFacts) {
    if (!verdict.because.has(row.fact)) continue;
    texts.push_back(row.text.empty() ? words_of(row.fact, verdict, rules) : std::string(row.text));
  }
  return texts;
}

}  // namespace weir
