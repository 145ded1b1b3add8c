// SPDX-License-Identifier: Apache-2.0
// suggest: suggestions as Terraform.
#include <fmt/format.h>

#include <set>

#include "base/prefix.hpp"
#include "suggest/adopt.hpp"
#include "suggest/permissions.hpp"
#include "suggest/prefixes.hpp"
#include "weir/suggest.hpp"

namespace weir {
namespace {

/// A name of Terraform: letters, digits and underscores, no digit first, never used before.
class Names {
 public:
  std::string make(std::string_view text) {
    std::string name;
    for (const char byte : text) {
      const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                            (byte >= '0' && byte <= '9');
      name += is_plain ? byte : '_';
    }
    if (name.empty() || (name.front() >= '0' && name.front() <= '9'))
      name.insert(name.begin(), '_');
    std::string unique = name;
    for (int i = 2; !used_.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
    return unique;
  }

 private:
  std::set<std::string> used_;
};

struct PeerArgument {
  std::string_view name;
  std::string value;
};

PeerArgument peer_argument(const RulePeer& peer) {
  if (const auto* group = std::get_if<GroupReference>(&peer)) {
    return {"referenced_security_group_id", group->group_id};
  }
  if (const auto* list = std::get_if<PrefixListReference>(&peer)) {
    return {"prefix_list_id", list->id};
  }
  const Cidr& prefix = std::get<Cidr>(peer);
  return {base::is_ipv4(prefix) ? "cidr_ipv4" : "cidr_ipv6", to_string(prefix)};
}

std::string port_name(const TrafficMatch& traffic) {
  std::string protocol = suggest::protocol_text(traffic.protocol);
  if (traffic.ports.is_all()) return protocol;
  if (traffic.ports.from == traffic.ports.to)
    return fmt::format("{} {}", protocol, traffic.ports.from);
  return fmt::format("{} {} {}", protocol, traffic.ports.from, traffic.ports.to);
}

std::string resource(const SuggestedRule& rule, const std::string& group_name,
                     const std::string& group_value, Names& names) {
  const PeerArgument peer = peer_argument(rule.peer);
  const std::string_view direction = rule_direction_name(rule.direction);
  std::string text =
      fmt::format("resource \"aws_vpc_security_group_{}_rule\" \"{}\" {{\n", direction,
                  names.make(fmt::format("{} {} {} {}", group_name, direction,
                                         port_name(rule.traffic), peer.value)));
  // Terraform's own formatter lines up the equal signs.
  const std::string_view widest = peer.name.size() > std::string_view("security_group_id").size()
                                      ? peer.name
                                      : "security_group_id";
  const auto add = [&](std::string_view name, std::string_view value) {
    text += fmt::format("  {:<{}} = {}\n", name, widest.size(), value);
  };
  add("security_group_id", group_value);
  add("description", suggest::json_text(rule_description(rule)));
  add(peer.name, suggest::json_text(peer.value));
  add("ip_protocol", suggest::json_text(suggest::protocol_text(rule.traffic.protocol)));
  if (suggest::has_from_and_to(rule.traffic.protocol)) {
    const suggest::FromTo ports = suggest::from_and_to(rule.traffic);
    add("from_port", fmt::format("{}", ports.from));
    add("to_port", fmt::format("{}", ports.to));
  }
  return text + "}\n";
}

}  // namespace

std::string terraform_document(const Suggestions& suggestions) {
  std::string text;
  Names names;
  Names variables;
  for (std::size_t i = 0; i < suggestions.proposals.size(); ++i) {
    const Suggestion& proposal = suggestions.proposals[i];
    if (proposal.rules.empty()) continue;
    std::string group_name = proposal.group_id;
    std::string group_value = suggest::json_text(proposal.group_id);
    if (group_name.empty()) {
      group_name = proposal.interface_ids.size() == 1 && !proposal.interface_ids.front().empty()
                       ? proposal.interface_ids.front()
                       : suggest::proposed_group_id(suggestions, i);
      const std::string variable = variables.make(fmt::format("group_of {}", group_name));
      group_value = fmt::format("var.{}", variable);
      text += fmt::format(
          "{}variable \"{}\" {{\n  type        = string\n  description = \"Security group for "
          "{}\"\n"
          "}}\n",
          text.empty() ? "" : "\n", variable,
          proposal.interface_ids.size() == 1
              ? group_name
              : fmt::format("{} interfaces", proposal.interface_ids.size()));
    }
    for (const SuggestedRule& rule : proposal.rules) {
      if (!text.empty()) text += '\n';
      text += resource(rule, group_name, group_value, names);
    }
  }
  return text;
}

}  // namespace weir
