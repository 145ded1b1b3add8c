// SPDX-License-Identifier: Apache-2.0
// synth: what AWS prints of an account's networks, command by command.
#include "synth/configuration.hpp"

#include <fmt/format.h>

#include <utility>

#include "synth/group_plan.hpp"

namespace weir::synth {
namespace {

using Json = JsonValue;

/// `us-east-1b` of `use1-az2`: which letter has which number differs between accounts.
std::string zone_name(const Account& account, std::string_view zone) {
  return account.region + static_cast<char>('a' + (zone.back() - '1'));
}

Json ipv6_blocks(const std::string& association, std::uint64_t upper_half, std::uint8_t length,
                 const char* state) {
  return Json::list({{{"AssociationId", association},
                      {"Ipv6CidrBlock", prefix_text_v6(upper_half, length)},
                      {state, {{"State", "associated"}}}}});
}

Json describe_vpcs(const Network& network, const Account& account) {
  Json vpcs = Json::list();
  for (const std::uint32_t place : account.vpcs) {
    const Vpc& vpc = network.vpcs()[place];
    const std::string block = prefix_text(vpc.ipv4, 16);
    vpcs.push_back({{"CidrBlock", block},
                    {"CidrBlockAssociationSet",
                     Json::list({{{"AssociationId", named_id(network, "vpc-cidr-assoc", vpc.id)},
                                  {"CidrBlock", block},
                                  {"CidrBlockState", {{"State", "associated"}}}}})},
                    {"Ipv6CidrBlockAssociationSet",
                     ipv6_blocks(named_id(network, "vpc-cidr-assoc", vpc.id + " ipv6"), vpc.ipv6,
                                 56, "Ipv6CidrBlockState")},
                    {"IsDefault", false},
                    {"OwnerId", account.id},
                    {"State", "available"},
                    {"VpcId", vpc.id}});
  }
  return vpcs;
}

Json describe_subnets(const Network& network, const Account& account) {
  Json subnets = Json::list();
  for (const std::uint32_t place : account.vpcs) {
    const Vpc& vpc = network.vpcs()[place];
    for (const Subnet& subnet : vpc.subnets) {
      subnets.push_back({{"AvailabilityZone", zone_name(account, subnet.zone)},
                         {"AvailabilityZoneId", subnet.zone},
                         {"CidrBlock", prefix_text(subnet.ipv4, 20)},
                         {"Ipv6CidrBlockAssociationSet",
                          ipv6_blocks(named_id(network, "subnet-cidr-assoc", subnet.id),
                                      subnet.ipv6, 64, "Ipv6CidrBlockState")},
                         {"OwnerId", account.id},
                         {"State", "available"},
                         {"SubnetId", subnet.id},
                         {"VpcId", vpc.id}});
    }
  }
  return subnets;
}

/// AWS's own lists, with what is in them.
Json service_lists(const Network& network, const Account& account) {
  return Json::list(
      {{{"Cidrs", Json::list({"3.5.0.0/16", "16.12.0.0/16", "52.216.0.0/15"})},
        {"PrefixListId", service_list_id(network, account, Peers::object_store)},
        {"PrefixListName", fmt::format("com.amazonaws.{}.s3", account.region)}},
       {{"Cidrs", Json::list({"52.94.0.0/19"})},
        {"PrefixListId", service_list_id(network, account, Peers::key_value_store)},
        {"PrefixListName", fmt::format("com.amazonaws.{}.dynamodb", account.region)}}});
}

Json managed_lists(const Network& network, const Account& account) {
  return Json::list({{{"PrefixListId", offices_id(network, account)},
                      {"AddressFamily", "IPv4"},
                      {"State", "create-complete"},
                      {"PrefixListName", "offices"},
                      {"MaxEntries", 20},
                      {"Version", 1},
                      {"OwnerId", account.id}}});
}

Json office_entries() {
  constexpr int offices = 8;
  Json entries = Json::list();
  for (int i = 0; i < offices; ++i) {
    entries.push_back({{"Cidr", fmt::format("192.0.2.{}/28", 32 * i)},
                       {"Description", fmt::format("office {}", i + 1)}});
  }
  return entries;
}

std::string_view interface_type(Role role) {
  switch (role) {
    case Role::nat_gateway:
      return "nat_gateway";
    case Role::network_balancer:
      return "network_load_balancer";
    case Role::endpoint:
      return "vpc_endpoint";
    default:
      return "interface";
  }
}

Json describe_interface(const Network& network, const Account& account,
                        const Interface& interface) {
  Json groups = Json::list();
  for (const std::string& name : group_names(network, interface)) {
    groups.push_back({{"GroupId", group_id(network, interface.vpc, name)}, {"GroupName", name}});
  }
  const bool is_own = interface.instance != "-";
  const std::string_view address = interface.ipv4.address.text();
  Json made = {
      {"AvailabilityZone", zone_name(account, interface.subnet.zone)},
      {"AvailabilityZoneId", interface.subnet.zone},
      {"Description", is_own ? "" : "made by an AWS service"},
      {"Groups", std::move(groups)},
      {"InterfaceType", interface_type(interface.role)},
      {"Ipv6Addresses", Json::list({{{"Ipv6Address", interface.ipv6.address.text()}}})},
      {"NetworkInterfaceId", interface.id},
      {"OwnerId", account.id},
      {"PrivateIpAddress", address},
      {"PrivateIpAddresses", Json::list({{{"Primary", true}, {"PrivateIpAddress", address}}})},
      {"RequesterManaged", !is_own},
      {"SourceDestCheck", interface.role != Role::nat_gateway},
      {"Status", "in-use"},
      {"SubnetId", interface.subnet.id},
      {"VpcId", network.vpcs()[interface.vpc].id}};
  if (is_own) {
    made["Attachment"] = {{"DeviceIndex", 0},
                          {"InstanceId", interface.instance},
                          {"InstanceOwnerId", account.id},
                          {"Status", "attached"}};
  }
  return made;
}

}  // namespace

Json describe_interfaces(const Network& network, const Account& account) {
  Json interfaces = Json::list();
  for (const std::uint32_t vpc : account.vpcs) {
    for (const auto& of_role : network.vpcs()[vpc].interfaces) {
      for (const std::uint32_t place : of_role) {
        const Interface& interface = network.interfaces()[place];
        // AWS VPC User Guide, "Regional NAT gateways": they have no network interface.
        if (interface.role == Role::regional_nat_gateway) continue;
        interfaces.push_back(describe_interface(network, account, interface));
      }
    }
  }
  return interfaces;
}

std::vector<ConfigurationDocument> describe(const Network& network, const Account& account) {
  std::vector<ConfigurationDocument> documents;
  const auto add = [&](std::string_view command, std::string key, Json value) {
    const std::uint64_t items = value.size();
    Json document;
    document[key] = std::move(value);
    documents.push_back({.name = fmt::format("{}/{}/{}.json", account.id, account.region, command),
                         .key = std::move(key),
                         .items = items,
                         .text = document.document()});
  };
  add("describe-vpcs", "Vpcs", describe_vpcs(network, account));
  add("describe-subnets", "Subnets", describe_subnets(network, account));
  add("describe-network-interfaces", "NetworkInterfaces", describe_interfaces(network, account));
  add("describe-security-groups", "SecurityGroups", describe_groups(network, account));
  add("describe-security-group-rules", "SecurityGroupRules",
      describe_group_rules(network, account));
  add("describe-network-acls", "NetworkAcls", describe_acls(network, account));
  add("describe-prefix-lists", "PrefixLists", service_lists(network, account));
  add("describe-managed-prefix-lists", "PrefixLists", managed_lists(network, account));
  add("get-managed-prefix-list-entries-" + offices_id(network, account), "Entries",
      office_entries());
  return documents;
}

}  // namespace weir::synth
