// SPDX-License-Identifier: Apache-2.0
// synth: network ACLs, as AWS prints them.
#include <fmt/format.h>

#include <span>
#include <string_view>

#include "synth/configuration.hpp"
#include "synth/group_plan.hpp"

namespace weir::synth {
namespace {

using Json = JsonValue;

struct Entry {
  std::uint32_t number;
  bool allow;
  RuleProtocol protocol;
  std::uint16_t from;
  std::uint16_t to;
  std::string_view prefix;
};

constexpr bool kAllow = true;
constexpr bool kDeny = false;
constexpr std::string_view kEveryone = "0.0.0.0/0";
constexpr std::string_view kEveryoneV6 = "::/0";
constexpr std::string_view kCompany = "10.0.0.0/8";
constexpr std::string_view kAmazonV6 = "2600:1f00::/24";
using enum RuleProtocol;

// Public subnets. Ping gets in and its answers do not get out; nor does anything to the silenced
// network.
constexpr Entry kOpenIn[] = {
    {10, kDeny, all, 0, 0, "198.51.100.0/28"},    {11, kDeny, all, 0, 0, "198.51.100.32/28"},
    {12, kDeny, all, 0, 0, "198.51.100.64/28"},   {13, kDeny, all, 0, 0, "198.51.100.96/28"},
    {100, kAllow, tcp, 443, 443, kEveryone},      {110, kAllow, tcp, 80, 80, kEveryone},
    {120, kAllow, tcp, 1024, 65535, kEveryone},   {130, kAllow, udp, 1024, 65535, kEveryone},
    {140, kAllow, udp, 123, 123, kEveryone},      {150, kAllow, icmp, 0, 0, kEveryone},
    {160, kAllow, all, 0, 0, kCompany},           {200, kAllow, tcp, 443, 443, kEveryoneV6},
    {210, kAllow, tcp, 1024, 65535, kEveryoneV6}, {220, kAllow, all, 0, 0, kAmazonV6},
};
constexpr Entry kOpenOut[] = {
    {70, kDeny, all, 0, 0, kSilencedPrefix},   {80, kAllow, icmp, 0, 0, kCompany},
    {90, kDeny, icmp, 0, 0, kEveryone},        {100, kAllow, tcp, 443, 443, kEveryone},
    {110, kAllow, tcp, 80, 80, kEveryone},     {120, kAllow, tcp, 1024, 65535, kEveryone},
    {130, kAllow, udp, 123, 123, kEveryone},   {160, kAllow, all, 0, 0, kCompany},
    {200, kAllow, tcp, 443, 443, kEveryoneV6}, {210, kAllow, tcp, 1024, 65535, kEveryoneV6},
    {220, kAllow, all, 0, 0, kAmazonV6},
};
// Private subnets. Network load balancers bring in strangers' addresses.
constexpr Entry kInnerIn[] = {
    {100, kAllow, all, 0, 0, kCompany},
    {110, kAllow, tcp, 1024, 65535, kEveryone},
    {120, kAllow, udp, 1024, 65535, kEveryone},
    {200, kAllow, all, 0, 0, kAmazonV6},
};
constexpr Entry kInnerOut[] = {
    {100, kAllow, all, 0, 0, kCompany},         {110, kAllow, tcp, 443, 443, kEveryone},
    {120, kAllow, tcp, 80, 80, kEveryone},      {130, kAllow, udp, 123, 123, kEveryone},
    {140, kAllow, tcp, 1024, 65535, kEveryone}, {200, kAllow, all, 0, 0, kAmazonV6},
};
constexpr Entry kDataIn[] = {
    {100, kAllow, tcp, 5432, 5432, kCompany},
    {110, kAllow, tcp, 3306, 3306, kCompany},
    {120, kAllow, tcp, 6379, 6379, kCompany},
};
constexpr Entry kDataOut[] = {
    {100, kAllow, tcp, 1024, 65535, kCompany},
};
// AWS VPC User Guide, "Default network ACL for a VPC".
constexpr Entry kDefault[] = {
    {100, kAllow, all, 0, 0, kEveryone},
    {101, kAllow, all, 0, 0, kEveryoneV6},
};
constexpr Entry kImplicit[] = {
    {32767, kDeny, all, 0, 0, kEveryone},
    {32768, kDeny, all, 0, 0, kEveryoneV6},
};

std::string_view number_text(RuleProtocol protocol) {
  constexpr std::string_view texts[] = {"-1", "1", "6", "17", "58"};
  return texts[static_cast<std::size_t>(protocol)];
}

void add_entries(Json& entries, std::span<const Entry> rows, bool outbound) {
  for (const Entry& row : rows) {
    const bool is_ipv6 = row.prefix.find(':') != std::string_view::npos;
    Json entry = {{is_ipv6 ? "Ipv6CidrBlock" : "CidrBlock", row.prefix}, {"Egress", outbound}};
    if (row.protocol == icmp) entry["IcmpTypeCode"] = {{"Code", -1}, {"Type", -1}};
    if (row.protocol == tcp || row.protocol == udp) {
      entry["PortRange"] = {{"From", row.from}, {"To", row.to}};
    }
    entry["Protocol"] = number_text(row.protocol);
    entry["RuleAction"] = row.allow ? "allow" : "deny";
    entry["RuleNumber"] = row.number;
    entries.push_back(std::move(entry));
  }
}

/// Whom an ACL is for: all subnets of a tier, or those of a zone among them.
struct Plan {
  std::string_view name;
  std::span<const Entry> in;
  std::span<const Entry> out;
  Tier tier;
  std::uint32_t first = 0;  ///< of the subnets of the tier
  std::uint32_t count = 0;
};

const Plan kPlans[] = {
    {"public", kOpenIn, kOpenOut, Tier::open, 0, 3},
    {"private-1", kInnerIn, kInnerOut, Tier::inner, 0, 1},
    {"private-2", kInnerIn, kInnerOut, Tier::inner, 1, 1},
    {"private-3", kInnerIn, kInnerOut, Tier::inner, 2, 1},
    {"data", kDataIn, kDataOut, Tier::data, 0, 3},
    {"default", kDefault, kDefault, Tier::data, 0, 0},
};

Json describe_acl(const Network& network, const Vpc& vpc, const Plan& plan) {
  const std::string id = named_id(network, "acl", fmt::format("{} {}", vpc.id, plan.name));
  Json associations = Json::list();
  std::uint32_t place = 0;
  for (const Subnet& subnet : vpc.subnets) {
    if (subnet.tier != plan.tier) continue;
    if (place >= plan.first && place - plan.first < plan.count) {
      associations.push_back({{"NetworkAclAssociationId", named_id(network, "aclassoc", subnet.id)},
                              {"NetworkAclId", id},
                              {"SubnetId", subnet.id}});
    }
    ++place;
  }
  Json entries = Json::list();
  for (const bool outbound : {true, false}) {
    add_entries(entries, outbound ? plan.out : plan.in, outbound);
    add_entries(entries, kImplicit, outbound);
  }
  return {{"Associations", std::move(associations)},
          {"Entries", std::move(entries)},
          {"IsDefault", plan.name == "default"},
          {"NetworkAclId", id},
          {"Tags", Json::list()},
          {"VpcId", vpc.id},
          {"OwnerId", network.accounts()[vpc.account].id}};
}

}  // namespace

Json describe_acls(const Network& network, const Account& account) {
  Json acls = Json::list();
  for (const std::uint32_t vpc : account.vpcs) {
    for (const Plan& plan : kPlans) {
      acls.push_back(describe_acl(network, network.vpcs()[vpc], plan));
    }
  }
  return acls;
}

}  // namespace weir::synth
