// SPDX-License-Identifier: Apache-2.0
// Security groups, their rules and network ACLs, as AWS prints and as people write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/policy_testing.hpp"
#include "policy/read_items.hpp"

namespace weir::policy {
namespace {

using testing::HasSubstr;

TEST(ReadGroup, ReadsEveryPermission) {
  const struct {
    const char* why;
    const char* permission;
    const char* rules;
  } cases[] = {
      {"a port",
       R"({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "ingress 0: tcp 22 from 10.0.0.0/8\n"},
      {"-1 has no ports", R"({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})",
       "ingress 0: all traffic from 0.0.0.0/0\n"},
      {"-1 with ports means all of them",
       R"({"IpProtocol": "-1", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})",
       "ingress 0: all traffic from 0.0.0.0/0\n"},
      {"a protocol by number, a string",
       R"({"IpProtocol": "50", "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: protocol 50 from 192.0.2.1/32\n"},
      {"a numbered protocol has no ports",
       R"({"IpProtocol": "50", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: protocol 50 from 192.0.2.1/32\n"},
      {"a protocol by number, a number",
       R"({"IpProtocol": 17, "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: udp 53 from 192.0.2.1/32\n"},
      {"6 is tcp",
       R"({"IpProtocol": "6", "FromPort": "80", "ToPort": "90", "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: tcp 80-90 from 192.0.2.1/32\n"},
      {"upper case",
       R"({"IpProtocol": "TCP", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: tcp 1 from 192.0.2.1/32\n"},
      {"no ports", R"({"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: tcp all ports from 192.0.2.1/32\n"},
      {"ports of -1",
       R"({"IpProtocol": "udp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: udp all ports from 192.0.2.1/32\n"},
      {"one end is open",
       R"({"IpProtocol": "tcp", "FromPort": -1, "ToPort": 50, "IpRanges": [{"CidrIp": "192.0.2.1/32"}]})",
       "ingress 0: tcp 0-50 from 192.0.2.1/32\n"},
      {"null is as good as missing",
       R"({"IpProtocol": "tcp", "FromPort": null, "ToPort": null, "IpRanges": [{"CidrIp": "192.0.2.1/32", "Description": null}], "Ipv6Ranges": null})",
       "ingress 0: tcp all ports from 192.0.2.1/32\n"},
      {"ICMP: a type, every code",
       R"({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})",
       "ingress 0: icmp type 8 from 0.0.0.0/0\n"},
      {"ICMP: a type and a code",
       R"({"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})",
       "ingress 0: icmp type 3 code 4 from 0.0.0.0/0\n"},
      {"ICMP: every type has every code",
       R"({"IpProtocol": "icmp", "FromPort": -1, "ToPort": 9, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})",
       "ingress 0: icmp all types from 0.0.0.0/0\n"},
      {"ICMPv6 without types", R"({"IpProtocol": "icmpv6", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]})",
       "ingress 0: icmpv6 all types from ::/0\n"},
      {"58 is icmpv6",
       R"({"IpProtocol": "58", "FromPort": 128, "ToPort": 0, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]})",
       "ingress 0: icmpv6 type 128 code 0 from ::/0\n"},
      {"many peers, in AWS's order of kinds",
       R"({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
           "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "123456789012"}],
           "PrefixListIds": [{"PrefixListId": "pl-1"}],
           "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
           "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "172.16.0.0/12"}]})",
       "ingress 0: tcp 443 from 10.0.0.0/8\n"
       "ingress 1: tcp 443 from 172.16.0.0/12\n"
       "ingress 2: tcp 443 from 2001:db8::/32\n"
       "ingress 3: tcp 443 from pl-1\n"
       "ingress 4: tcp 443 from sg-2\n"},
      {"no peer is no rule", R"({"IpProtocol": "tcp", "IpRanges": []})", ""},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(group_with(c.permission));
    EXPECT_EQ(result.said(), "") << c.why;
    ASSERT_EQ(result.network.groups.size(), 1U) << c.why;
    EXPECT_EQ(rules_text(result.network.groups[0]), c.rules) << c.why;
  }
}

TEST(ReadGroup, KeepsWhatDescribesIt) {
  ReadResult result;
  result.read(R"({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "Description": "front",
    "VpcId": "vpc-1", "OwnerId": "012345678901",
    "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2",
      "UserId": "210987654321", "VpcId": "vpc-2", "VpcPeeringConnectionId": "pcx-1",
      "PeeringStatus": "active", "Description": "the peer"}]}],
    "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]})");
  ASSERT_EQ(result.network.groups.size(), 1U);
  const SecurityGroup& group = result.network.groups[0];
  EXPECT_EQ(group.name, "web");
  EXPECT_EQ(group.description, "front");
  EXPECT_EQ(group.vpc_id, "vpc-1");
  EXPECT_EQ(group.account_id, "012345678901");
  ASSERT_EQ(group.rules.size(), 2U);
  EXPECT_EQ(group.rules[0].description, "the peer");
  const auto& peer = std::get<GroupReference>(group.rules[0].peer);
  EXPECT_EQ(peer.account_id, "210987654321");
  EXPECT_EQ(peer.vpc_id, "vpc-2");
  EXPECT_EQ(peer.peering_id, "pcx-1");
  EXPECT_EQ(peer.peering_status, "active");
  EXPECT_EQ(group.rules[1].direction, RuleDirection::egress);
  EXPECT_EQ(group.rules[1].index, 0U);
}

TEST(ReadGroup, LeavesOutWhatMakesNoSense) {
  constexpr const char* kGood =
      R"(, {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})";
  const struct {
    const char* why;
    const char* permission;
    const char* value;
    const char* message;
  } cases[] = {
      {"a port that is none",
       R"({"IpProtocol": "tcp", "FromPort": 70000, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "70000", "sg-1 IpPermissions[0]: FromPort is not a number from -1 to 65535"},
      {"a port that is a word",
       R"({"IpProtocol": "tcp", "FromPort": "ssh", "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "\"ssh\"", "sg-1 IpPermissions[0]: FromPort is not a number from -1 to 65535"},
      {"half a port",
       R"({"IpProtocol": "tcp", "FromPort": 22.5, "ToPort": 23, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "22.5", "sg-1 IpPermissions[0]: FromPort is not a number from -1 to 65535"},
      {"ports the wrong way round",
       R"({"IpProtocol": "tcp", "FromPort": 90, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "90", "sg-1 IpPermissions[0]: 90-80 is not a range of ports"},
      {"a CIDR that is none", R"({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/33"}]})",
       "\"10.0.0.0/33\"", "sg-1 IpPermissions[0].IpRanges[0]: \"10.0.0.0/33\" is not a CIDR block"},
      {"a CIDR that is missing", R"({"IpProtocol": "-1", "IpRanges": [{"Description": "x"}]})", "",
       "sg-1 IpPermissions[0].IpRanges[0]: CidrIp is missing"},
      {"a protocol that is none",
       R"({"IpProtocol": "sctp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})", "\"sctp\"",
       "sg-1 IpPermissions[0]: IpProtocol is none of -1, tcp, udp, icmp, icmpv6 and 0 to 255"},
      {"a protocol beyond a byte", R"({"IpProtocol": 256, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "256",
       "sg-1 IpPermissions[0]: IpProtocol is none of -1, tcp, udp, icmp, icmpv6 and 0 to 255"},
      {"no protocol", R"({"IpRanges": [{"CidrIp": "10.0.0.0/8"}]})", "",
       "sg-1 IpPermissions[0]: IpProtocol is missing"},
      {"a group without id", R"({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupName": "x"}]})",
       "", "sg-1 IpPermissions[0].UserIdGroupPairs[0]: GroupId is missing"},
      {"an ICMP type beyond a byte",
       R"({"IpProtocol": "icmp", "FromPort": 256, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
       "256", "sg-1 IpPermissions[0]: FromPort is not a number from -1 to 255"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    const std::string text = group_with(std::string(c.permission) + kGood);
    result.read(text);
    const std::string_view value = c.value;
    const std::string place = value.empty() ? "" : ":1:" + std::to_string(text.rfind(value) + 1);
    ASSERT_EQ(result.report.skipped.size(), 1U) << c.why;
    EXPECT_EQ(result.report.skipped[0].where, "a.json" + place) << c.why;
    EXPECT_EQ(result.report.skipped[0].message, c.message) << c.why;
    ASSERT_EQ(result.network.groups.size(), 1U) << c.why;
    EXPECT_EQ(rules_text(result.network.groups[0]), "ingress 0: tcp 1 from 10.0.0.0/8\n") << c.why;
  }
}

TEST(ReadGroup, IsNotReadWithoutItsRules) {
  ReadResult result;
  result.read(
      R"({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web"}, {"GroupName": "x"}]})");
  EXPECT_TRUE(result.network.groups.empty());
  EXPECT_THAT(result.said(),
              HasSubstr("sg-1: neither IpPermissions nor IpPermissionsEgress is there"));
  EXPECT_THAT(result.said(), HasSubstr("a group without an id: GroupId is missing"));
}

TEST(ReadAcl, ReadsEveryEntry) {
  const struct {
    const char* why;
    const char* entry;
    const char* text;
  } cases[] = {
      {"a port",
       R"({"RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": false, "CidrBlock": "10.0.0.0/8", "PortRange": {"From": 22, "To": 22}})",
       "ingress 100: allow tcp 22 10.0.0.0/8\n"},
      {"everything",
       R"({"RuleNumber": 100, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "0.0.0.0/0"})",
       "egress 100: deny all traffic 0.0.0.0/0\n"},
      {"no range: all ports",
       R"({"RuleNumber": 1, "Protocol": "17", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"})",
       "ingress 1: allow udp all ports 0.0.0.0/0\n"},
      {"a range is ignored unless TCP or UDP",
       R"({"RuleNumber": 1, "Protocol": "50", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 1, "To": 2}})",
       "ingress 1: allow protocol 50 0.0.0.0/0\n"},
      {"ICMP",
       R"({"RuleNumber": 1, "Protocol": "1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0", "IcmpTypeCode": {"Type": 8, "Code": -1}})",
       "ingress 1: allow icmp type 8 0.0.0.0/0\n"},
      {"ICMP without a type",
       R"({"RuleNumber": 1, "Protocol": "1", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0"})",
       "ingress 1: allow icmp all types 0.0.0.0/0\n"},
      {"ICMPv6",
       R"({"RuleNumber": 1, "Protocol": "58", "RuleAction": "allow", "Egress": false, "Ipv6CidrBlock": "::/0", "IcmpTypeCode": {"Type": 128, "Code": 0}})",
       "ingress 1: allow icmpv6 type 128 code 0 ::/0\n"},
      {"ICMPv6 with an IPv4 block is every type",
       R"({"RuleNumber": 1, "Protocol": "58", "RuleAction": "allow", "Egress": false, "CidrBlock": "0.0.0.0/0", "IcmpTypeCode": {"Type": 128, "Code": 0}})",
       "ingress 1: allow icmpv6 all types 0.0.0.0/0\n"},
      {"the implicit denies are none of the entries",
       R"({"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "0.0.0.0/0"},
          {"RuleNumber": 32768, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "Ipv6CidrBlock": "::/0"})",
       ""},
      {"ingress first, then by number",
       R"({"RuleNumber": 200, "Protocol": "-1", "RuleAction": "allow", "Egress": true, "CidrBlock": "10.0.0.0/8"},
          {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0.0/8"},
          {"RuleNumber": 300, "Protocol": "-1", "RuleAction": "deny", "Egress": false, "CidrBlock": "10.0.0.0/8"})",
       "ingress 300: deny all traffic 10.0.0.0/8\n"
       "egress 100: deny all traffic 10.0.0.0/8\n"
       "egress 200: allow all traffic 10.0.0.0/8\n"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(acl_with(c.entry));
    EXPECT_EQ(result.said(), "") << c.why;
    ASSERT_EQ(result.network.acls.size(), 1U) << c.why;
    const NetworkAcl& acl = result.network.acls[0];
    EXPECT_EQ(entries_text(acl), c.text) << c.why;
    EXPECT_TRUE(acl.is_default);
    EXPECT_EQ(acl.subnet_ids, std::vector<std::string>{"subnet-1"});
  }
}

TEST(ReadAcl, LeavesOutWhatMakesNoSense) {
  const struct {
    const char* entry;
    const char* message;
  } cases[] = {
      {R"({"RuleNumber": 0, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0.0/8"})",
       "acl-1 Entries[0]: RuleNumber is not a number from 1 to 32766"},
      {R"({"RuleNumber": 40000, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0.0/8"})",
       "acl-1 Entries[0]: RuleNumber is not a number from 1 to 32766"},
      {R"({"Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0.0/8"})",
       "acl-1 Entries[0]: RuleNumber is not a number from 1 to 32766"},
      {R"({"RuleNumber": 1, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "10.0.0.0/8"})",
       "acl-1 Entries[0]: Egress is neither true nor false"},
      {R"({"RuleNumber": 1, "Protocol": "-1", "RuleAction": "drop", "Egress": true, "CidrBlock": "10.0.0.0/8"})",
       "acl-1 Entries[0]: RuleAction is neither allow nor deny"},
      {R"({"RuleNumber": 1, "Protocol": "-1", "RuleAction": "deny", "Egress": true})",
       "acl-1 Entries[0]: neither CidrBlock nor Ipv6CidrBlock is there"},
      {R"({"RuleNumber": 1, "Protocol": "-1", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0/8"})",
       "acl-1 Entries[0]: \"10.0.0/8\" is not a CIDR block"},
      {R"({"RuleNumber": 1, "Protocol": "6", "RuleAction": "deny", "Egress": true, "CidrBlock": "10.0.0.0/8", "PortRange": {"From": 1, "To": 65536}})",
       "acl-1 Entries[0]: To is not a number from -1 to 65535"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(acl_with(c.entry));
    ASSERT_EQ(result.report.skipped.size(), 1U) << c.entry;
    EXPECT_EQ(result.report.skipped[0].message, c.message);
    ASSERT_EQ(result.network.acls.size(), 1U) << c.entry;
    EXPECT_TRUE(result.network.acls[0].entries.empty()) << c.entry;
  }
}

constexpr std::string_view kRules = R"({"SecurityGroupRules": [
  {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "GroupOwnerId": "123456789012",
   "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"},
  {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "123456789012",
   "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
   "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": "123456789012"}, "Description": "jump"},
  {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "GroupOwnerId": "123456789012",
   "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
   "PrefixListId": "pl-1"},
  {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "GroupOwnerId": "123456789012",
   "IsEgress": false, "IpProtocol": "icmpv6", "FromPort": -1, "ToPort": -1, "CidrIpv6": "::/0"}]})";

TEST(ReadGroupRules, MakeGroupsOfTheirOwn) {
  ReadResult result;
  result.read(kRules);
  EXPECT_EQ(result.said(), "");
  ASSERT_EQ(result.network.groups.size(), 1U);
  EXPECT_EQ(result.network.groups[0].account_id, "123456789012");
  EXPECT_EQ(rules_text(result.network.groups[0]),
            "ingress 0: tcp 22 from sg-2 sgr-1\n"
            "ingress 1: tcp 443 from pl-1 sgr-3\n"
            "ingress 2: icmpv6 all types from ::/0 sgr-4\n"
            "egress 0: all traffic to 0.0.0.0/0 sgr-2\n");
}

TEST(ReadGroupRules, GiveTheirIdsToTheRulesOfGroups) {
  constexpr std::string_view kGroups =
      R"({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web",
    "IpPermissions": [
      {"IpProtocol": "icmpv6", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
      {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
      {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
       "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "123456789012", "VpcId": "vpc-1"}]},
      {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
    "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]})";
  constexpr const char* kExpected =
      "ingress 0: icmpv6 all types from ::/0 sgr-4\n"
      "ingress 1: tcp 443 from pl-1 sgr-3\n"
      "ingress 2: tcp 22 from sg-2 sgr-1\n"
      "ingress 3: udp 53 from 10.0.0.0/8\n"
      "egress 0: all traffic to 0.0.0.0/0 sgr-2\n";
  for (const bool rules_first : {false, true}) {
    for (const bool one_file : {false, true}) {
      const std::string_view first = rules_first ? kRules : kGroups;
      const std::string_view second = rules_first ? kGroups : kRules;
      ReadResult result;
      if (one_file) {
        result.read(std::string(first) + std::string(second));
      } else {
        result.read(first).read(second);
      }
      EXPECT_EQ(result.said(), "");
      ASSERT_EQ(result.network.groups.size(), 1U);
      EXPECT_EQ(rules_text(result.network.groups[0]), kExpected);
    }
  }
}

TEST(ReadGroupRules, OfAnotherTimeAreNoted) {
  ReadResult result;
  result.read(group_with("") + std::string(kRules));
  EXPECT_THAT(result.said(), HasSubstr("rules that describe-security-groups lacks, in sg-1"));
  EXPECT_EQ(rules_text(result.network.groups[0]), "");
}

TEST(ReadGroupRules, LeaveOutWhatMakesNoSense) {
  const struct {
    const char* rule;
    const char* message;
  } cases[] = {
      {R"({"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1"})",
       "sgr-1 of sg-1: none of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupInfo.GroupId is "
       "there"},
      {R"({"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0"})",
       "sgr-1 of sg-1: IsEgress is neither true nor false"},
      {R"({"SecurityGroupRuleId": "sgr-1", "IsEgress": false, "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0"})",
       "sgr-1: SecurityGroupRuleId or GroupId is missing"},
      {R"({"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1", "CidrIpv6": "fe80"})",
       "sgr-1 of sg-1: \"fe80\" is not a CIDR block"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(R"({"SecurityGroupRules": [)" + std::string(c.rule) + "]}");
    ASSERT_EQ(result.report.skipped.size(), 1U) << c.rule;
    EXPECT_EQ(result.report.skipped[0].message, c.message);
    std::size_t rules = 0;
    std::size_t unread = result.network.unread_rules.size();
    for (const SecurityGroup& group : result.network.groups) {
      rules += group.rules.size();
      unread += group.unread.size();
    }
    EXPECT_EQ(rules, 0U);
    EXPECT_GE(unread, 1U) << "it could have decided";
  }
}

}  // namespace
}  // namespace weir::policy
