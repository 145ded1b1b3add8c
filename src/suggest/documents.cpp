// SPDX-License-Identifier: Apache-2.0
// suggest: suggestions as AWS's JSON, as commands and as descriptions.
#include <fmt/format.h>

#include <algorithm>

#include "base/protocol.hpp"
#include "suggest/adopt.hpp"
#include "weir/suggest.hpp"
#include "weir/time.hpp"

namespace weir {
namespace {

/// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html: at most 255 of a-z,
/// A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*
constexpr std::size_t kMostDescription = 255;

std::string_view plural(std::uint64_t count) { return count == 1 ? "" : "s"; }

std::string day_text(std::int64_t time) {
  return format_iso8601(std::max<std::int64_t>(0, time)).substr(0, 10);
}

std::string group_json(const SecurityGroup& group) {
  std::string json = fmt::format("    {{\"GroupId\": {},\n", suggest::json_text(group.id));
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json += fmt::format("     \"{}\": {},\n", name, suggest::json_text(value));
  };
  add("GroupName", group.name);
  add("Description", group.description);
  add("VpcId", group.vpc_id);
  add("OwnerId", group.account_id);
  json += fmt::format("     \"IpPermissions\": {},\n     \"IpPermissionsEgress\": {}}}",
                      suggest::permissions_json(group.rules, RuleDirection::ingress, "     "),
                      suggest::permissions_json(group.rules, RuleDirection::egress, "     "));
  return json;
}

std::string interface_json(const NetworkInterface& interface) {
  std::string json =
      fmt::format("    {{\"NetworkInterfaceId\": {}, ", suggest::json_text(interface.id));
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json += fmt::format("\"{}\": {}, ", name, suggest::json_text(value));
  };
  add("InterfaceType", interface.type);
  add("SubnetId", interface.subnet_id);
  add("VpcId", interface.vpc_id);
  add("OwnerId", interface.account_id);
  const auto add_addresses = [&](std::string_view list, std::string_view name, bool is_ipv4) {
    std::string items;
    for (const Ip& address : interface.addresses) {
      if (address.is_ipv4() != is_ipv4) continue;
      items +=
          fmt::format("{}{{\"{}\": \"{}\"}}", items.empty() ? "" : ", ", name, to_string(address));
    }
    if (!items.empty()) json += fmt::format("\"{}\": [{}], ", list, items);
  };
  add_addresses("PrivateIpAddresses", "PrivateIpAddress", true);
  add_addresses("Ipv6Addresses", "Ipv6Address", false);
  json += "\"Groups\": [";
  for (std::size_t i = 0; i < interface.group_ids.size(); ++i) {
    json += fmt::format("{}{{\"GroupId\": {}}}", i == 0 ? "" : ", ",
                        suggest::json_text(interface.group_ids[i]));
  }
  return json + "]}";
}

/// `sg-… (2 interfaces)`, or the interface of a new group.
std::string subject_text(const Suggestion& proposal) {
  const std::size_t count = proposal.interface_ids.size();
  if (count != 1) return fmt::format("{} interfaces", count);
  return proposal.interface_ids.front().empty() ? "all records" : proposal.interface_ids.front();
}

std::vector<SecurityGroupRule> rules_of(const Suggestion& proposal) {
  std::vector<SecurityGroupRule> rules;
  for (const SuggestedRule& rule : proposal.rules) {
    SecurityGroupRule& plain = rules.emplace_back();
    plain.direction = rule.direction;
    plain.traffic = rule.traffic;
    plain.peer = rule.peer;
    plain.description = rule_description(rule);
  }
  return rules;
}

}  // namespace

std::string rule_description(const SuggestedRule& rule) {
  const RuleEvidence& evidence = rule.evidence;
  std::string text =
      fmt::format("weir: {} flow{}, {}{} peer{}, {} to {}", evidence.flows, plural(evidence.flows),
                  rule.peers_are_more ? "more than " : "", rule.peers, plural(rule.peers),
                  day_text(evidence.first), day_text(evidence.last));
  if (rule.not_seen > 0) {
    text += fmt::format(", {} more member{} not seen", rule.not_seen, plural(rule.not_seen));
  }
  if (rule.is_wider) text += ", wider than seen";
  if (base::has_icmp_types(rule.traffic.protocol)) text += ", every ICMP type";
  if (evidence.answered == 0) text += ", never answered";
  if (evidence.certainty == Certainty::possible) text += ", weak evidence";
  if (text.size() > kMostDescription) text.resize(kMostDescription);
  return text;
}

std::string security_groups_document(const Network* now, const Suggestions& suggestions) {
  const suggest::Adoption adoption = suggest::adopt_with_changes(now, suggestions);
  std::string json = "{\n  \"SecurityGroups\": [";
  for (std::size_t i = 0; i < adoption.groups.size(); ++i) {
    json += fmt::format("{}\n{}", i == 0 ? "" : ",",
                        group_json(*adoption.network.find_group(adoption.groups[i])));
  }
  json += "\n  ]";
  if (!adoption.interfaces.empty()) json += ",\n  \"NetworkInterfaces\": [";
  for (std::size_t i = 0; i < adoption.interfaces.size(); ++i) {
    json += fmt::format("{}\n{}", i == 0 ? "" : ",",
                        interface_json(*adoption.network.find_interface(adoption.interfaces[i])));
  }
  if (!adoption.interfaces.empty()) json += "\n  ]";
  return json + "\n}\n";
}

std::string aws_cli_commands(const Suggestions& suggestions) {
  std::string text;
  for (const Suggestion& proposal : suggestions.proposals) {
    text += fmt::format("{}# {}\n", text.empty() ? "" : "\n", subject_text(proposal));
    text += proposal.group_id.empty()
                ? "GROUP=sg-...  # a new group for it: aws ec2 create-security-group\n"
                : fmt::format("GROUP={}\n", proposal.group_id);
    const std::vector<SecurityGroupRule> rules = rules_of(proposal);
    for (const RuleDirection direction : {RuleDirection::ingress, RuleDirection::egress}) {
      const std::string json = suggest::permissions_json(rules, direction, "");
      if (json == "[]") continue;
      text += fmt::format(
          "aws ec2 authorize-security-group-{} --group-id \"$GROUP\" --ip-permissions '{}'\n",
          rule_direction_name(direction), json);
    }
  }
  if (text.empty()) return text;
  return text +
         "\n# These commands add. What the group admits already stays until it is taken away; of "
         "a new\n# group that is everything outbound:\n"
         "# aws ec2 revoke-security-group-egress --group-id \"$GROUP\" --ip-permissions "
         "'[{\"IpProtocol\": \"-1\", \"IpRanges\": [{\"CidrIp\": \"0.0.0.0/0\"}]}]'\n";
}

}  // namespace weir
