// SPDX-License-Identifier: Apache-2.0
// explain: every field of a record with its words.
#include <gtest/gtest.h>

#include <string>

#include "explain/address_kind.hpp"
#include "explain/record_testing.hpp"
#include "weir/explain.hpp"

namespace weir::explain {
namespace {

std::string words_for(std::string_view names, std::string_view line, std::string_view field) {
  const RecordFixture record = record_of(names, line);
  for (const FieldExplanation& explanation : explain_fields(record.batch, 0, {})) {
    if (explanation.name == field) return explanation.words;
  }
  return "no such field";
}

TEST(ExplainFields, FollowsTheFormatAndKeepsValues) {
  const RecordFixture record = record_of("protocol tomorrow srcaddr dstport start action tcp-flags",
                                         "6 new 2001:DB8::0 22 1418530010 ACCEPT -");
  const struct {
    const char* name;
    const char* value;
    const char* words;
  } expected[] = {
      {"protocol", "6", "TCP (Transmission Control)"},
      {"tomorrow", "new", "not in weir's catalogue; kept as text"},
      {"srcaddr",
       "2001:db8::", "source address as the interface sees it; IPv6 for documentation (RFC 3849)"},
      {"dstport", "22", "SSH"},
      {"start", "1418530010", "2014-12-14 04:06:50 UTC, first packet in the window"},
      {"action", "ACCEPT", "the traffic was allowed"},
      {"tcp-flags", "-",
       "missing; AWS leaves it out in these cases: combinations that AWS holds invalid"},
  };
  const auto explanations = explain_fields(record.batch, 0, {});
  ASSERT_EQ(explanations.size(), std::size(expected));
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    EXPECT_EQ(explanations[i].name, expected[i].name);
    EXPECT_EQ(explanations[i].value, expected[i].value);
    EXPECT_EQ(explanations[i].words, expected[i].words);
  }
}

TEST(ExplainFields, WordsOfValues) {
  const struct {
    const char* field;
    const char* value;
    const char* words;
  } cases[] = {
      {"version", "5", "the highest version among the fields of the format"},
      {"account-id", "123456789010", "account that owns the network interface or Transit Gateway"},
      {"account-id", "unknown",
       "AWS does not name the owner of some interfaces that its services create"},
      {"srcaddr", "10.0.0.1", "source address as the interface sees it; private IPv4 (RFC 1918)"},
      {"pkt-dstaddr", "8.8.8.8", "destination address of the packet itself; public IPv4"},
      {"srcport", "41000", "ephemeral or unregistered port"},
      {"dstport", "3389", "RDP"},
      {"dstport", "9092", "usually Apache Kafka"},
      {"protocol", "58", "IPv6-ICMP (ICMP for IPv6)"},
      {"protocol", "88", "EIGRP"},
      {"protocol", "253", "use for experimentation and testing"},
      {"protocol", "200", "unassigned"},
      {"protocol", "300", "not an IP protocol"},
      {"packets", "1", "1 packet"},
      {"bytes", "4249", "4,249 bytes"},
      {"end", "1418530070", "2014-12-14 04:07:50 UTC, last packet in the window"},
      {"action", "REJECT",
       "the traffic was not allowed, or arrived after its connection was closed"},
      {"action", "SUCCESS", "a value that AWS does not document"},
      {"log-status", "OK", "logged normally"},
      {"log-status", "NODATA", "no traffic in the window"},
      {"log-status", "SKIPDATA", "AWS dropped records of the window"},
      {"log-status", "HALF", "a value that AWS does not document"},
      {"vpc-id", "vpc-1", "VPC of the interface"},
      {"az-id", "use1-az1", "Availability Zone ID (not its name) of the interface"},
      {"tcp-flags", "0", "no SYN, FIN or RST was seen in the window"},
      {"tcp-flags", "19", "SYN-ACK+FIN, seen in the window"},
      {"tcp-flags", "256", "a value that AWS does not document"},
      {"type", "IPv6", "IPv6 traffic"},
      {"type", "EFA", "Elastic Fabric Adapter traffic"},
      {"type", "IPX", "a value that AWS does not document"},
      {"pkt-src-aws-service", "S3", "an address of Amazon S3"},
      {"pkt-dst-aws-service", "MOON", "an address of the AWS service MOON"},
      {"flow-direction", "ingress", "into the interface"},
      {"flow-direction", "egress", "out of the interface"},
      {"flow-direction", "sideways", "a value that AWS does not document"},
      {"traffic-path", "1", "to another resource in the same VPC"},
      {"traffic-path", "8", "through an internet gateway"},
      {"traffic-path", "9", "a value that AWS does not document"},
      {"packets-lost-blackhole", "1200", "packets lost to a blackhole route: 1,200"},
      {"reject-reason", "BPA", "rejected by VPC Block Public Access"},
      {"reject-reason", "EC", "rejected by VPC Encryption Controls at a VPC endpoint"},
      {"reject-reason", "MOON", "a reason that weir does not know"},
      {"encryption-status", "0", "not encrypted"},
      {"encryption-status", "4", "a value that AWS does not document"},
      {"instance-tag", "web%20tier",
       "value of the first instance tag key of the flow log: web tier"},
      {"interface-type", "vpc_endpoint", "the interface of a VPC endpoint"},
      {"next-hop-interface-type", "quantum", "an interface of type quantum"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(words_for(c.field, c.value, c.field), c.words) << c.field << ' ' << c.value;
  }
}

TEST(ExplainFields, OtherFieldsDecideTheWords) {
  const struct {
    const char* why;
    const char* names;
    const char* line;
    const char* field;
    const char* words;
  } cases[] = {
      {"ICMP has no ports", "dstport protocol", "0 1", "dstport", "ICMP has no ports"},
      {"a port of another protocol", "dstport protocol", "51820 6", "dstport",
       "ephemeral or unregistered port"},
      {"UDP has no flags", "tcp-flags protocol", "0 17", "tcp-flags",
       "none, since the protocol is not TCP"},
      {"length of the window", "start end", "1418530010 1418530070", "end",
       "2014-12-14 04:07:50 UTC, last packet in the window, 60 seconds after start"},
      {"end before start", "start end", "1418530010 1418530000", "end",
       "2014-12-14 04:06:40 UTC, last packet in the window"},
      {"no packets to be first", "start log-status", "1418530010 NODATA", "start",
       "2014-12-14 04:06:50 UTC, beginning of the window"},
      {"no packets to be last", "end log-status", "1418530010 SKIPDATA", "end",
       "2014-12-14 04:06:50 UTC, end of the window"},
      {"nothing to log", "bytes log-status", "- NODATA", "bytes",
       "missing: a NODATA record describes no traffic"},
      {"missing from a record of traffic", "bytes log-status", "- OK", "bytes",
       "missing; AWS leaves it out in these cases: NODATA and SKIPDATA records, and rejects by VPC "
       "Block Public Access"},
      {"never missing", "version", "-", "version", "missing, which AWS does not document"},
      {"rarely missing", "region", "-", "region", "missing, which is rare"},
      {"directions of a Transit Gateway", "tgw-id flow-direction", "tgw-1 egress", "flow-direction",
       "out of the Transit Gateway"},
  };
  for (const auto& c : cases) EXPECT_EQ(words_for(c.names, c.line, c.field), c.words) << c.why;
}

TEST(AddressKind, FollowsTheRegistries) {
  const struct {
    const char* address;
    const char* kind;
  } cases[] = {
      {"10.255.255.255", "private IPv4 (RFC 1918)"},
      {"172.16.0.0", "private IPv4 (RFC 1918)"},
      {"172.32.0.0", "public IPv4"},
      {"192.168.1.1", "private IPv4 (RFC 1918)"},
      {"100.64.0.1", "shared IPv4 (RFC 6598)"},
      {"169.254.169.254", "link-local IPv4"},
      {"127.0.0.1", "loopback IPv4"},
      {"203.0.113.12", "IPv4 for documentation (RFC 5737)"},
      {"198.51.100.1", "IPv4 for documentation (RFC 5737)"},
      {"192.0.2.1", "IPv4 for documentation (RFC 5737)"},
      {"224.0.0.251", "multicast IPv4"},
      {"255.255.255.255", "broadcast IPv4"},
      {"240.0.0.1", "reserved IPv4"},
      {"0.0.0.0", "IPv4 of this network"},
      {"52.95.128.179", "public IPv4"},
      {"::", "unspecified IPv6"},
      {"::1", "loopback IPv6"},
      {"::2", "IPv6 outside the assigned space"},
      {"fd00:ec2::253", "unique local IPv6 (RFC 4193)"},
      {"fe80::1", "link-local IPv6"},
      {"2001:db8::1", "IPv6 for documentation (RFC 3849)"},
      {"ff02::fb", "multicast IPv6"},
      {"2600:1f18::1", "public IPv6"},
  };
  for (const auto& c : cases) EXPECT_EQ(address_kind(*parse_ip(c.address)), c.kind) << c.address;
}

}  // namespace
}  // namespace weir::explain
