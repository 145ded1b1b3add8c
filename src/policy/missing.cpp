// SPDX-License-Identifier: Apache-2.0
// policy: what was read -> what ought to be read, too.
#include "policy/missing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "policy/listing.hpp"

namespace weir::policy {
namespace {

constexpr std::size_t kShownLists = 10;  // prefix lists, each with a command of its own
constexpr std::size_t kIdsInCommand = 5;

struct Wanted {
  std::string_view kind;
  std::string_view instead;  ///< another kind that serves as well
  std::string_view command;
  std::string_view file;
  std::string_view why;
};

constexpr Wanted kWanted[] = {
    {"SecurityGroups", "SecurityGroupRules", "describe-security-groups", "security-groups",
     "without them no rule of a security group is known"},
    {"NetworkAcls",
     {},
     "describe-network-acls",
     "network-acls",
     "without them no network ACL is known"},
    {"NetworkInterfaces",
     {},
     "describe-network-interfaces",
     "network-interfaces",
     "they say which groups, subnet and addresses an interface has, and who the members of a group "
     "are"},
    {"Subnets",
     {},
     "describe-subnets",
     "subnets",
     "they say which traffic stays inside a subnet, where no network ACL looks at it"},
    {"Vpcs",
     {},
     "describe-vpcs",
     "vpcs",
     "they say which address is Amazon's DNS server, which no rule filters"},
};

bool was_read(const ConfigurationReport& report, std::string_view kind) {
  return std::any_of(report.read.begin(), report.read.end(),
                     [kind](const ConfigurationFile& file) { return file.kind == kind; });
}

void find_missing_kinds(ConfigurationReport& report) {
  for (const Wanted& wanted : kWanted) {
    if (was_read(report, wanted.kind)) continue;
    if (!wanted.instead.empty() && was_read(report, wanted.instead)) continue;
    report.missing.push_back(
        fmt::format("aws ec2 {} > {}.json: {}", wanted.command, wanted.file, wanted.why));
  }
}

/// `sg-a sg-b ...`: the first ids, as arguments of a command.
std::string arguments_of(const std::set<std::string>& ids, std::string_view separator) {
  std::string text;
  std::size_t shown = 0;
  for (const std::string& id : ids) {
    if (shown++ == kIdsInCommand) return text + std::string(separator) + "...";
    if (shown > 1) text += separator;
    text += id;
  }
  return text;
}

void find_lists_without_entries(const Network& network, ConfigurationReport& report) {
  std::set<std::string> without;
  for (const SecurityGroup& group : network.groups) {
    for (const SecurityGroupRule& rule : group.rules) {
      const auto* reference = std::get_if<PrefixListReference>(&rule.peer);
      if (reference == nullptr) continue;
      const PrefixList* list = network.find_prefix_list(reference->id);
      if (list == nullptr || !list->has_entries) without.insert(reference->id);
    }
  }
  std::size_t shown = 0;
  for (const std::string& id : without) {
    if (shown++ == kShownLists) {
      report.missing.push_back(
          fmt::format("the entries of {} to which rules refer",
                      count_of(without.size() - kShownLists, "more prefix list")));
      return;
    }
    report.missing.push_back(
        fmt::format("aws ec2 get-managed-prefix-list-entries --prefix-list-id {} > {}.json: rules "
                    "refer to it, and match possibly without its entries",
                    id, id));
  }
}

void find_missing_of_interfaces(const Network& network, ConfigurationReport& report) {
  std::set<std::string> groups;
  std::set<std::string> subnets;
  std::set<std::string> without_acl;
  for (const Subnet& subnet : network.subnets) {
    if (network.find_acl_of_subnet(subnet.id) == nullptr) without_acl.insert(subnet.id);
  }
  for (const NetworkInterface& interface : network.interfaces) {
    for (const std::string& id : interface.group_ids) {
      if (network.find_group(id) == nullptr) groups.insert(id);
    }
    const std::string& subnet = interface.subnet_id;
    if (subnet.empty()) continue;
    if (network.find_subnet(subnet) == nullptr) subnets.insert(subnet);
    if (network.find_acl_of_subnet(subnet) == nullptr) without_acl.insert(subnet);
  }
  // Where nothing of a kind was read, the kind has been named already.
  if (!groups.empty() && !network.groups.empty()) {
    report.missing.push_back(fmt::format(
        "aws ec2 describe-security-groups --group-ids {} > more-security-groups.json: interfaces "
        "carry {} that {} not read",
        arguments_of(groups, " "), count_of(groups.size(), "group"),
        groups.size() == 1 ? "was" : "were"));
  }
  if (!subnets.empty() && !network.subnets.empty()) {
    report.missing.push_back(
        fmt::format("aws ec2 describe-subnets --subnet-ids {} > more-subnets.json: interfaces are "
                    "in {} that {} "
                    "not read",
                    arguments_of(subnets, " "), count_of(subnets.size(), "subnet"),
                    subnets.size() == 1 ? "was" : "were"));
  }
  if (!without_acl.empty() && !network.acls.empty()) {
    report.missing.push_back(fmt::format(
        "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values={} > "
        "more-network-acls.json: the network ACL of {} was not read",
        arguments_of(without_acl, ","), count_of(without_acl.size(), "subnet")));
  }
}

void note_references_to_nothing(const Network& network, ConfigurationReport& report) {
  std::set<std::string> absent;
  std::set<std::string> owners;
  for (const SecurityGroup& group : network.groups) {
    for (const SecurityGroupRule& rule : group.rules) {
      const auto* reference = std::get_if<GroupReference>(&rule.peer);
      if (reference == nullptr || network.find_group(reference->group_id) != nullptr) continue;
      absent.insert(reference->group_id);
      owners.insert(group.id);
    }
  }
  if (absent.empty()) return;
  const std::vector<std::string> absent_ids(absent.begin(), absent.end());
  const std::vector<std::string> owner_ids(owners.begin(), owners.end());
  report.notes.push_back(
      fmt::format("rules of {} refer to {} not read ({}): in another account or Region, or "
                  "deleted (AWS calls such a rule stale)",
                  list_some(owner_ids),
                  absent_ids.size() == 1 ? "a group that was"
                                         : fmt::format("{} groups that were", absent_ids.size()),
                  list_some(absent_ids)));
}

}  // namespace

void find_missing(const Network& network, ConfigurationReport& report) {
  find_missing_kinds(report);
  find_lists_without_entries(network, report);
  find_missing_of_interfaces(network, report);
  note_references_to_nothing(network, report);
}

}  // namespace weir::policy
