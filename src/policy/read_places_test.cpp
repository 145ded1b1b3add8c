// SPDX-License-Identifier: Apache-2.0
// Interfaces, subnets, VPCs and prefix lists.
#include "policy/read_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/policy_testing.hpp"

namespace weir::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class Value>
std::vector<std::string> texts(const std::vector<Value>& values) {
  std::vector<std::string> all;
  for (const Value& value : values) all.push_back(to_string(value));
  return all;
}

TEST(ReadInterface, ReadsEveryField) {
  ReadResult result;
  result.read(R"({"NetworkInterfaces": [{
    "Association": {"PublicIp": "198.51.100.7", "IpOwnerId": "amazon"},
    "Attachment": {"AttachmentId": "eni-attach-1", "InstanceId": "i-1"},
    "ConnectionTrackingConfiguration": {"TcpEstablishedTimeout": 86400, "UdpTimeout": 40,
      "UdpStreamTimeout": 120},
    "Description": "web", "Groups": [{"GroupName": "a", "GroupId": "sg-1"}, {"GroupId": "sg-2"},
      {"GroupId": "sg-1"}],
    "InterfaceType": "interface", "NetworkInterfaceId": "eni-1", "OwnerId": "012345678901",
    "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1", "IsPrimaryIpv6": true}],
    "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.32/28"}], "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:1::/80"}],
    "PrivateIpAddress": "10.0.0.4", "PrivateIpAddresses": [
      {"Primary": false, "PrivateIpAddress": "10.0.0.5", "Association": {"PublicIp": "198.51.100.8"}},
      {"Primary": true, "PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "198.51.100.7"}}],
    "RequesterManaged": true, "SubnetId": "subnet-1", "VpcId": "vpc-1", "TagSet": []}]})");
  EXPECT_EQ(result.said(), "");
  ASSERT_EQ(result.network.interfaces.size(), 1U);
  const NetworkInterface& interface = result.network.interfaces[0];
  EXPECT_EQ(interface.id, "eni-1");
  EXPECT_EQ(interface.type, "interface");
  EXPECT_EQ(interface.subnet_id, "subnet-1");
  EXPECT_EQ(interface.vpc_id, "vpc-1");
  EXPECT_EQ(interface.account_id, "012345678901");
  EXPECT_EQ(interface.instance_id, "i-1");
  EXPECT_EQ(interface.description, "web");
  EXPECT_TRUE(interface.requester_managed);
  EXPECT_THAT(texts(interface.addresses), ElementsAre("10.0.0.4", "10.0.0.5", "2001:db8::1"));
  EXPECT_THAT(texts(interface.prefixes), ElementsAre("10.0.0.32/28", "2001:db8:1::/80"));
  EXPECT_THAT(texts(interface.public_addresses), ElementsAre("198.51.100.7", "198.51.100.8"));
  EXPECT_THAT(interface.group_ids, ElementsAre("sg-1", "sg-2"));
  EXPECT_EQ(interface.tcp_established_seconds, 86400U);
  EXPECT_EQ(interface.udp_seconds, 40U);
  EXPECT_EQ(interface.udp_stream_seconds, 120U);
}

TEST(ReadInterface, ReadsWhatOldAnswersHave) {
  const struct {
    const char* why;
    const char* item;
    std::vector<std::string> addresses;
  } cases[] = {
      {"an id alone", R"({"NetworkInterfaceId": "eni-1"})", {}},
      {"no list of addresses",
       R"({"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.4"})",
       {"10.0.0.4"}},
      {"no address beside the list, the primary one not first",
       R"({"NetworkInterfaceId": "eni-1", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.5"},
           {"Primary": true, "PrivateIpAddress": "10.0.0.4"}]})",
       {"10.0.0.4", "10.0.0.5"}},
      {"empty strings",
       R"({"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "", "Attachment": null})",
       {}},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(R"({"NetworkInterfaces": [)" + std::string(c.item) + "]}");
    EXPECT_EQ(result.said(), "") << c.why;
    ASSERT_EQ(result.network.interfaces.size(), 1U) << c.why;
    EXPECT_EQ(texts(result.network.interfaces[0].addresses), c.addresses) << c.why;
    EXPECT_EQ(result.network.interfaces[0].tcp_established_seconds, 0U) << c.why;
  }
}

TEST(ReadInterface, LeavesOutWhatMakesNoSense) {
  ReadResult result;
  result.read(R"({"NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.256", "Ipv4Prefixes": [{"Ipv4Prefix": "x"}]},
    {"PrivateIpAddress": "10.0.0.1"}, 7]})");
  ASSERT_EQ(result.network.interfaces.size(), 1U);
  EXPECT_TRUE(result.network.interfaces[0].addresses.empty());
  ASSERT_EQ(result.report.skipped.size(), 4U) << result.said();
  EXPECT_EQ(result.report.skipped[0].where, "a.json:2:57");
  EXPECT_EQ(result.report.skipped[0].message,
            "eni-1: PrivateIpAddress '10.0.0.256' is not an address");
  EXPECT_EQ(result.report.skipped[1].message, "eni-1: \"x\" is not a CIDR block");
  EXPECT_EQ(result.report.skipped[2].message,
            "an interface without an id: NetworkInterfaceId is missing");
  EXPECT_EQ(result.report.skipped[3].message, "NetworkInterfaces: an item is not an object");
}

TEST(ReadSubnet, ReadsAssociatedBlocks) {
  ReadResult result;
  result.read(R"({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "123456789012",
    "AvailabilityZoneId": "use1-az1", "CidrBlock": "10.0.1.0/24", "Ipv6CidrBlockAssociationSet": [
      {"Ipv6CidrBlock": "2001:db8:0:1::/64", "Ipv6CidrBlockState": {"State": "associated"}},
      {"Ipv6CidrBlock": "2001:db8:0:2::/64", "Ipv6CidrBlockState": {"State": "disassociated"}},
      {"Ipv6CidrBlock": "2001:db8:0:3::/64"}]}]})");
  EXPECT_EQ(result.said(), "");
  ASSERT_EQ(result.network.subnets.size(), 1U);
  const Subnet& subnet = result.network.subnets[0];
  EXPECT_EQ(subnet.vpc_id, "vpc-1");
  EXPECT_EQ(subnet.account_id, "123456789012");
  EXPECT_EQ(subnet.az_id, "use1-az1");
  EXPECT_THAT(texts(subnet.prefixes),
              ElementsAre("10.0.1.0/24", "2001:db8:0:1::/64", "2001:db8:0:3::/64"));
}

TEST(ReadVpc, ReadsEveryBlockOnce) {
  ReadResult result;
  result.read(R"({"Vpcs": [{"VpcId": "vpc-1", "OwnerId": "123456789012", "CidrBlock": "10.0.0.0/16",
    "CidrBlockAssociationSet": [
      {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
      {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associated"}},
      {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "failed"}}],
    "Ipv6CidrBlockAssociationSet": [
      {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}]}]})");
  EXPECT_EQ(result.said(), "");
  ASSERT_EQ(result.network.vpcs.size(), 1U);
  EXPECT_EQ(result.network.vpcs[0].account_id, "123456789012");
  EXPECT_THAT(texts(result.network.vpcs[0].prefixes),
              ElementsAre("10.0.0.0/16", "10.1.0.0/16", "2001:db8::/56"));
}

TEST(ReadPrefixLists, TakeTheIdFromWhereItStands) {
  constexpr const char* kEntries = R"({"Entries": [{"Cidr": "10.0.0.0/8", "Description": "x"}]})";
  const struct {
    const char* why;
    const char* name;
    const char* json;
    const char* id;
  } cases[] = {
      {"the file's name", "conf/pl-0123abc.json", kEntries, "pl-0123abc"},
      {"in the middle of it", "get-managed-prefix-list-entries-pl-0123abc.2.json", kEntries,
       "pl-0123abc"},
      {"the directory's name", "pl-0123abc/entries.json", kEntries, "pl-0123abc"},
      {"the last one counts", "pl-1/pl-2.json", kEntries, "pl-2"},
      {"what begins like an id and is none", "pl-1/pl-.json", kEntries, "pl-1"},
      {"a word that ends so", "pl-1/impl-2.json", kEntries, "pl-1"},
      {"a word that goes on", "pl-1/pl-entries.json", kEntries, "pl-1"},
      {"a person has added it", "pl-1.json",
       R"({"PrefixListId": "pl-2", "Entries": [{"Cidr": "10.0.0.0/8"}]})", "pl-2"},
      {"a bare list of entries", "pl-1.json", R"([{"Cidr": "10.0.0.0/8"}])", "pl-1"},
      {"describe-prefix-lists", "a.json",
       R"({"PrefixLists": [{"PrefixListId": "pl-3", "PrefixListName": "s3", "Cidrs": ["10.0.0.0/8"]}]})",
       "pl-3"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(c.json, c.name);
    EXPECT_EQ(result.said(), "") << c.why;
    ASSERT_EQ(result.network.prefix_lists.size(), 1U) << c.why;
    EXPECT_EQ(result.network.prefix_lists[0].id, c.id) << c.why;
    EXPECT_TRUE(result.network.prefix_lists[0].has_entries) << c.why;
    EXPECT_THAT(texts(result.network.prefix_lists[0].entries), ElementsAre("10.0.0.0/8")) << c.why;
  }
}

TEST(ReadPrefixLists, SayHowToNameTheFile) {
  ReadResult result;
  result.read(R"({"Entries": [{"Cidr": "10.0.0.0/8"}]})", "conf/entries.json");
  EXPECT_TRUE(result.network.prefix_lists.empty());
  EXPECT_TRUE(result.report.read.empty());
  EXPECT_THAT(result.said(), HasSubstr("conf/entries.json: an answer of "
                                       "get-managed-prefix-list-entries does not say which prefix "
                                       "list it is of"));
  EXPECT_THAT(result.said(), HasSubstr("name the file after the list"));
}

TEST(ReadPrefixLists, BringNameAndEntriesTogether) {
  constexpr const char* kNames =
      R"({"PrefixLists": [{"PrefixListId": "pl-1", "PrefixListName": "offices", "MaxEntries": 10}]})";
  constexpr const char* kEntries =
      R"({"Entries": [{"Cidr": "10.0.0.0/8"}, {"Cidr": "2001:db8::/32"}]})";
  for (const bool names_first : {true, false}) {
    ReadResult result;
    result.read(names_first ? kNames : kEntries, "pl-1.json");
    EXPECT_EQ(result.network.prefix_lists[0].has_entries, !names_first);
    result.read(names_first ? kEntries : kNames, "pl-1.json");
    EXPECT_EQ(result.said(), "");
    ASSERT_EQ(result.network.prefix_lists.size(), 1U);
    EXPECT_EQ(result.network.prefix_lists[0].name, "offices");
    EXPECT_TRUE(result.network.prefix_lists[0].has_entries);
    EXPECT_THAT(texts(result.network.prefix_lists[0].entries),
                ElementsAre("10.0.0.0/8", "2001:db8::/32"));
  }
}

TEST(ReadPrefixLists, TakePagesTogether) {
  ReadResult result;
  result.read(R"({"Entries": [{"Cidr": "10.0.0.0/8"}], "NextToken": "x"}
                 {"Entries": [{"Cidr": "172.16.0.0/12"}], "NextToken": "y"}
                 {"Entries": [{"Cidr": "192.168.0.0/16"}]})",
              "pl-1.json");
  EXPECT_EQ(result.said(), "");
  ASSERT_EQ(result.network.prefix_lists.size(), 1U);
  EXPECT_THAT(texts(result.network.prefix_lists[0].entries),
              ElementsAre("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"));
}

TEST(ReadPrefixLists, OfTwoThatDifferTheLaterCounts) {
  ReadResult result;
  result.read(R"({"Entries": [{"Cidr": "10.0.0.0/8"}, {"Cidr": "172.16.0.0/12"}]})", "pl-1.json");
  result.read(R"({"Entries": [{"Cidr": "172.16.0.0/12"}, {"Cidr": "10.0.0.0/8"}]})",
              "pl-1.old.json");
  EXPECT_EQ(result.said(), "") << "the order does not matter";
  result.read(R"({"Entries": [{"Cidr": "192.168.0.0/16"}]})", "old/pl-1.json");
  EXPECT_EQ(result.said(),
            "note: pl-1 was read twice, and they differ: what old/pl-1.json says counts\n");
  EXPECT_THAT(texts(result.network.find_prefix_list("pl-1")->entries),
              ElementsAre("192.168.0.0/16"));
}

TEST(ReadPrefixLists, AreKnownByReference) {
  ReadResult result;
  result.read(group_with(R"({"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-9"}]})"));
  ASSERT_NE(result.network.find_prefix_list("pl-9"), nullptr);
  EXPECT_FALSE(result.network.find_prefix_list("pl-9")->has_entries);
}

}  // namespace
}  // namespace weir::policy
