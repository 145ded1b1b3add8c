// SPDX-License-Identifier: Apache-2.0
// explain: one case a clause.
#include "weir/explain.hpp"

#include <gtest/gtest.h>

#include <string>

#include "explain/record_testing.hpp"

namespace weir::explain {
namespace {

TEST(ExplainRecord, ServicesAndProtocols) {
  constexpr std::string_view kFormat = "srcaddr dstaddr srcport dstport protocol";
  const SentenceExample examples[] = {
      {"the port alone makes a reply probable", "172.31.16.21 172.31.16.139 22 20641 6",
       "TCP traffic from SSH port 22 of 172.31.16.21 to port 20641 of 172.31.16.139 (probably "
       "the reply side) was recorded."},
      {"the lower of two known ports serves", "10.0.0.1 10.0.0.2 443 3389 6",
       "TCP traffic from HTTPS port 443 of 10.0.0.1 to port 3389 of 10.0.0.2 (probably the "
       "reply side) was recorded."},
      {"a registered port before a usual one", "10.0.0.1 10.0.0.2 9092 10050 6",
       "Zabbix agent traffic (destination port 10050, TCP) from 10.0.0.1 to 10.0.0.2 was "
       "recorded."},
      {"one port on both sides", "10.0.0.1 10.0.0.2 123 123 17",
       "NTP traffic (port 123 on both sides, UDP) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"known over UDP only", "10.0.0.1 10.0.0.2 45000 51820 17",
       "UDP traffic (destination port 51820, usually WireGuard) from 10.0.0.1 to 10.0.0.2 was "
       "recorded."},
      {"a usual port is hedged", "10.0.0.1 10.0.0.2 40000 9092 6",
       "TCP traffic (destination port 9092, usually Apache Kafka) from 10.0.0.1 to 10.0.0.2 "
       "was recorded."},
      {"so is the reply from one", "10.0.0.2 10.0.0.1 9092 40000 6",
       "TCP traffic from the usual Apache Kafka port 9092 of 10.0.0.2 to port 40000 of "
       "10.0.0.1 (probably the reply side) was recorded."},
      {"a high port opposite a low one is a client's", "10.0.0.1 10.0.0.2 22 50051 6",
       "TCP traffic from SSH port 22 of 10.0.0.1 to port 50051 of 10.0.0.2 (probably the reply "
       "side) was recorded."},
      {"no service on either side", "10.0.0.1 10.0.0.2 40000 40001 6",
       "TCP traffic from port 40000 of 10.0.0.1 to port 40001 of 10.0.0.2 was recorded."},
      {"HTTP/3", "10.0.0.1 10.0.0.2 40000 443 17",
       "HTTPS traffic (destination port 443, UDP) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"TCP has ports, even port 0", "10.0.0.1 10.0.0.2 0 0 6",
       "TCP traffic from port 0 of 10.0.0.1 to port 0 of 10.0.0.2 was recorded."},
      {"no ports", "fe80::1 ff02::2 0 0 58",
       "ICMPv6 traffic from fe80::1 to ff02::2 was recorded. The type and code of its ICMP "
       "messages are not logged."},
      {"no ports, less known", "10.0.0.1 10.0.0.2 0 0 50",
       "ESP traffic (protocol 50, Encap Security Payload) from 10.0.0.1 to 10.0.0.2 was "
       "recorded."},
      {"IP in IP is not IPv4", "10.0.0.1 10.0.0.2 0 0 4",
       "IPv4 encapsulation traffic (protocol 4) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"a keyword that says it all", "10.0.0.1 10.0.0.2 0 0 88",
       "EIGRP traffic (protocol 88) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"assigned without a keyword", "10.0.0.1 10.0.0.2 0 0 61",
       "Traffic of protocol 61 (any host internal protocol) from 10.0.0.1 to 10.0.0.2 was "
       "recorded."},
      {"for experiments", "10.0.0.1 10.0.0.2 0 0 253",
       "Traffic of protocol 253 (use for experimentation and testing) from 10.0.0.1 to "
       "10.0.0.2 was recorded."},
      {"unassigned", "10.0.0.1 10.0.0.2 0 0 200",
       "Traffic of protocol 200 (unassigned) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"reserved", "10.0.0.1 10.0.0.2 0 0 255",
       "Traffic of protocol 255 (reserved) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"larger than a protocol number", "10.0.0.1 10.0.0.2 0 0 256",
       "Traffic of protocol 256 (not an IP protocol number) from 10.0.0.1 to 10.0.0.2 was "
       "recorded."},
      {"addresses missing", "- - 40000 22 6",
       "SSH traffic (destination port 22, TCP) was recorded."},
      {"ports missing", "10.0.0.1 10.0.0.2 - - 6",
       "TCP traffic from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"protocol missing: any service is a guess", "10.0.0.1 10.0.0.2 40000 22 -",
       "Traffic (destination port 22, usually SSH) from 10.0.0.1 to 10.0.0.2 was recorded."},
      {"protocol missing, source side", "10.0.0.1 10.0.0.2 22 40000 -",
       "Traffic from the usual SSH port 22 of 10.0.0.1 to port 40000 of 10.0.0.2 (probably the "
       "reply side) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, EfaHasItsOwnName) {
  constexpr std::string_view kFormat = "type srcaddr dstaddr packets bytes";
  const SentenceExample examples[] = {
      {"Elastic Fabric Adapter", "EFA 10.0.0.1 10.0.0.2 5 500",
       "EFA (Elastic Fabric Adapter) traffic from 10.0.0.1 to 10.0.0.2 was recorded: 5 "
       "packets, 500 bytes."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, CountsAndTimes) {
  constexpr std::string_view kFormat = "packets bytes start end";
  const SentenceExample examples[] = {
      {"one of each", "1 1 1418530010 1418530011",
       "Traffic was recorded: 1 packet, 1 byte in 1 second from 2014-12-14 04:06:50 UTC."},
      {"start and end are one", "2 80 1418530010 1418530010",
       "Traffic was recorded: 2 packets, 80 bytes at 2014-12-14 04:06:50 UTC."},
      {"large numbers", "18446744073709551615 1000000 1418530010 1418530070",
       "Traffic was recorded: 18,446,744,073,709,551,615 packets, 1,000,000 bytes in 60 "
       "seconds from 2014-12-14 04:06:50 UTC."},
      {"end before start", "1 40 1418530010 1418530000",
       "Traffic was recorded: 1 packet, 40 bytes (start 2014-12-14 04:06:50 UTC, end "
       "2014-12-14 04:06:40 UTC: the end lies before the start)."},
      {"no end", "1 40 1418530010 -",
       "Traffic was recorded: 1 packet, 40 bytes from 2014-12-14 04:06:50 UTC on."},
      {"no start", "1 40 - 1418530010",
       "Traffic was recorded: 1 packet, 40 bytes until 2014-12-14 04:06:50 UTC."},
      {"no times", "1 40 - -", "Traffic was recorded: 1 packet, 40 bytes."},
      {"packets only", "7 - - -", "Traffic was recorded: 7 packets."},
      {"bytes only", "- 7 - -", "Traffic was recorded: 7 bytes."},
      {"times only, one date", "- - 1418530010 1418530070",
       "Traffic was recorded between 2014-12-14 04:06:50 and 04:07:50 UTC."},
      {"times only, two dates", "- - 1418530010 1418600000",
       "Traffic was recorded between 2014-12-14 04:06:50 and 23:33:20 UTC."},
      {"no date of this world", "- - 1418530010 18446744073709551615",
       "Traffic was recorded between 2014-12-14 04:06:50 UTC and Unix time "
       "18446744073709551615."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, InterfaceOrTheNextBest) {
  constexpr std::string_view kFormat = "interface-id account-id instance-id subnet-id vpc-id";
  const SentenceExample examples[] = {
      {"whole", "eni-1 123456789010 i-1 subnet-1 vpc-1",
       "Traffic through eni-1 (instance i-1) of account 123456789010 was recorded."},
      {"account that AWS does not name", "eni-1 unknown - subnet-1 vpc-1",
       "Traffic through eni-1 of an unknown account was recorded."},
      {"no interface", "- 123456789010 i-1 subnet-1 vpc-1",
       "Traffic at instance i-1 of account 123456789010 was recorded."},
      {"no instance either", "- 123456789010 - subnet-1 vpc-1",
       "Traffic in subnet-1 of account 123456789010 was recorded."},
      {"VPC only", "- - - - vpc-1", "Traffic in vpc-1 was recorded."},
      {"account only", "- 123456789010 - - -", "Traffic in account 123456789010 was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, WhatStandsBehindTheInterface) {
  constexpr std::string_view kFormat =
      "interface-id interface-type ecs-cluster-name ecs-service-name ecs-task-id flow-direction";
  const SentenceExample examples[] = {
      {"ECS service", "eni-1 - web frontend 0123 ingress",
       "Traffic entering eni-1 (ECS service frontend in cluster web) was recorded."},
      {"ECS task without a service", "eni-1 - web - 0123 egress",
       "Traffic leaving eni-1 (ECS task 0123 in cluster web) was recorded."},
      {"ECS cluster alone", "eni-1 - web - - -",
       "Traffic through eni-1 (ECS cluster web) was recorded."},
      {"interface of a NAT gateway", "eni-1 nat_gateway - - - egress",
       "Traffic leaving eni-1 (NAT gateway) was recorded."},
      {"interface type of tomorrow", "eni-1 quantum - - - sideways",
       "Traffic through eni-1 (type quantum) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, WhatStandsBehindWhereThereIsNoInterface) {
  constexpr std::string_view kFormat =
      "interface-id resource-id instance-id subnet-id ecs-cluster-name ecs-service-name "
      "interface-type";
  const SentenceExample examples[] = {
      {"ECS service alone", "- - - - web frontend -",
       "Traffic at ECS service frontend in cluster web was recorded."},
      {"before the subnet", "- - - subnet-1 web frontend -",
       "Traffic at ECS service frontend in cluster web was recorded."},
      {"on an instance", "- - i-1 subnet-1 web frontend -",
       "Traffic at instance i-1 (ECS service frontend in cluster web) was recorded."},
      {"behind a regional NAT gateway", "- nat-1 - - web frontend regional_nat_gateway",
       "Traffic through regional NAT gateway nat-1 (ECS service frontend in cluster web) was "
       "recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, ActionAndStatus) {
  constexpr std::string_view kFormat = "action log-status";
  const SentenceExample examples[] = {
      {"accepted", "ACCEPT OK", "Traffic was accepted."},
      {"rejected: the rule is not named, and it may be late", "REJECT OK",
       "Traffic was rejected. Flow logs do not say which rule rejected it; the packets may "
       "also have arrived after their connection was closed."},
      {"no action that AWS documents", "SUCCESS OK",
       "Traffic was recorded with an action that AWS does not document (SUCCESS)."},
      {"an action with NODATA", "ACCEPT NODATA",
       "Traffic was accepted. Its log status is NODATA although it describes traffic: AWS "
       "documents no such record."},
      {"an action with SKIPDATA", "REJECT SKIPDATA",
       "Traffic was rejected. Its log status is SKIPDATA although it describes traffic: AWS "
       "documents no such record. Flow logs do not say which rule rejected it; the packets may "
       "also have arrived after their connection was closed."},
      {"no status that AWS documents", "ACCEPT HALF",
       "Traffic was accepted. Its log status HALF is not one that AWS documents."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, RejectsAndTheirReasons) {
  constexpr std::string_view kFormat = "action protocol tcp-flags reject-reason";
  const SentenceExample examples[] = {
      {"a SYN is never late", "REJECT 6 2 -",
       "TCP traffic was rejected. The source tried to open a connection (SYN). Flow logs do "
       "not say which rule rejected it."},
      {"a FIN may be", "REJECT 6 1 -",
       "TCP traffic was rejected. The rejected packets carried FIN but no SYN. Flow logs do "
       "not say which rule rejected it; the packets may also have arrived after their "
       "connection was closed."},
      {"UDP has no connection to be late for", "REJECT 17 0 -",
       "UDP traffic was rejected. Flow logs do not say which rule rejected it."},
      {"Block Public Access", "REJECT 6 2 BPA",
       "TCP traffic was rejected by VPC Block Public Access. The source tried to open a "
       "connection (SYN)."},
      {"Encryption Controls", "REJECT 6 2 EC",
       "TCP traffic was rejected by VPC Encryption Controls at a VPC endpoint. The source "
       "tried to open a connection (SYN)."},
      {"a reason of tomorrow", "REJECT 6 2 MOON",
       "TCP traffic was rejected for a reason that weir does not know (MOON). The source tried "
       "to open a connection (SYN)."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, FlagsProveWhoOpened) {
  constexpr std::string_view kFormat = "srcaddr protocol tcp-flags";
  const SentenceExample examples[] = {
      {"middle", "10.0.0.1 6 0",
       "TCP traffic from 10.0.0.1 was recorded. No SYN, FIN or RST was seen in this window: "
       "the middle of a connection."},
      {"FIN", "10.0.0.1 6 1",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 closed its side of the connection "
       "(FIN); its opening was not seen in this window."},
      {"SYN", "10.0.0.1 6 2",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 opened the connection (SYN)."},
      {"SYN and FIN", "10.0.0.1 6 3",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 opened the connection and closed its "
       "side (SYN, FIN)."},
      {"RST", "10.0.0.1 6 4",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 reset the connection (RST), possibly "
       "refusing it."},
      {"FIN and RST", "10.0.0.1 6 5",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 closed its side of the connection and "
       "reset it (FIN, RST); its opening was not seen in this window."},
      {"SYN and RST", "10.0.0.1 6 6",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 opened the connection and reset it "
       "(SYN, RST)."},
      {"SYN-ACK", "10.0.0.1 6 18",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 answered the connection request "
       "(SYN-ACK)."},
      {"SYN-ACK and FIN", "10.0.0.1 6 19",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 answered the connection request and "
       "closed its side (SYN-ACK, FIN)."},
      {"SYN-ACK and RST", "10.0.0.1 6 22",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 answered the connection request and "
       "reset it (SYN-ACK, RST)."},
      {"all three", "10.0.0.1 6 23",
       "TCP traffic from 10.0.0.1 was recorded. 10.0.0.1 answered the connection request, "
       "closed its side and reset it (SYN-ACK, FIN, RST)."},
      {"flags of the Transit Gateway page", "10.0.0.1 6 24",
       "TCP traffic from 10.0.0.1 was recorded. No SYN, FIN or RST was seen in this window, "
       "only PSH, ACK: the middle of a connection."},
      {"no flags known", "10.0.0.1 6 -", "TCP traffic from 10.0.0.1 was recorded."},
      {"not TCP", "10.0.0.1 17 0", "UDP traffic from 10.0.0.1 was recorded."},
      {"no protocol, flags prove TCP", "10.0.0.1 - 2",
       "Traffic from 10.0.0.1 was recorded. 10.0.0.1 opened the connection (SYN)."},
      {"no protocol, nothing proven", "10.0.0.1 - 0", "Traffic from 10.0.0.1 was recorded."},
      {"no flags any more", "10.0.0.1 6 256", "TCP traffic from 10.0.0.1 was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, RejectedFlags) {
  constexpr std::string_view kFormat = "action tcp-flags";
  const SentenceExample examples[] = {
      {"rejected SYN-ACK", "REJECT 18",
       "Traffic was rejected. The source tried to answer a connection request (SYN-ACK). Flow "
       "logs do not say which rule rejected it."},
      {"rejected FIN and RST", "REJECT 5",
       "Traffic was rejected. The rejected packets carried FIN and RST but no SYN. Flow logs "
       "do not say which rule rejected it; the packets may also have arrived after their "
       "connection was closed."},
      {"rejected RST", "REJECT 4",
       "Traffic was rejected. The rejected packets carried RST but no SYN. Flow logs do not "
       "say which rule rejected it; the packets may also have arrived after their connection "
       "was closed."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, Intermediates) {
  constexpr std::string_view kFormat = "interface-type srcaddr dstaddr pkt-srcaddr pkt-dstaddr";
  const SentenceExample examples[] = {
      {"the interface says why", "nat_gateway 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5",
       "Traffic from 10.0.1.5 to 10.0.0.220 was recorded. The packets' own destination is "
       "203.0.113.5: this is the interface of a NAT gateway, which stands between."},
      {"both differ", "- 10.0.1.5 10.0.0.220 10.9.9.9 203.0.113.5",
       "Traffic from 10.0.1.5 to 10.0.0.220 was recorded. The packets' own source is 10.9.9.9 "
       "and destination is 203.0.113.5, so an intermediate such as a NAT gateway or Transit "
       "Gateway stands between, or it is a secondary address of the interface."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, AwsServicesAndTrafficPath) {
  constexpr std::string_view kFormat =
      "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path";
  const SentenceExample examples[] = {
      {"both ends are AWS services", "EC2 DYNAMODB ingress -",
       "Traffic was recorded. The source is an address of Amazon EC2 and the destination is an "
       "address of Amazon DynamoDB."},
      {"a code of tomorrow", "- SATELLITE egress 2",
       "Traffic was recorded. The destination is an address of the AWS service SATELLITE; the "
       "traffic goes through an internet gateway or a gateway VPC endpoint."},
      {"AWS without a service", "AMAZON - ingress -",
       "Traffic was recorded. The source is an address of AWS."},
      {"path 1", "- - egress 1",
       "Traffic was recorded. The traffic goes to another resource in the same VPC."},
      {"path 4", "- - egress 4",
       "Traffic was recorded. The traffic goes through an intra-Region VPC peering connection."},
      {"path of tomorrow", "- - egress 9",
       "Traffic was recorded. The traffic takes path 9, which AWS does not document."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, AvailabilityZonesAndNextHops) {
  constexpr std::string_view kFormat =
      "az-id next-hop-az-id flow-direction next-hop-interface-type";
  const SentenceExample examples[] = {
      {"same zone", "use1-az1 use1-az1 egress -",
       "Traffic was recorded: az-id use1-az1, next-hop-az-id use1-az1 and flow-direction "
       "egress."},
      {"out of the zone", "use1-az1 use1-az2 egress -",
       "Traffic was recorded. The traffic crosses Availability Zones, from use1-az1 to "
       "use1-az2."},
      {"into the zone", "use1-az1 use1-az2 ingress transit_gateway",
       "Traffic was recorded. The previous hop is the interface of a Transit Gateway; the "
       "traffic crosses Availability Zones, from use1-az2 to use1-az1."},
      {"direction missing", "use1-az1 use1-az2 - quantum",
       "Traffic was recorded. The next hop is an interface of type quantum; the traffic "
       "crosses Availability Zones, between use1-az1 and use1-az2."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, EncryptionStatus) {
  constexpr std::string_view kFormat = "encryption-status";
  const SentenceExample examples[] = {
      {"0", "0",
       "Traffic was recorded. VPC Encryption Controls sees the traffic as not encrypted."},
      {"1", "1",
       "Traffic was recorded. VPC Encryption Controls sees the traffic as encrypted by the "
       "Nitro System."},
      {"2", "2",
       "Traffic was recorded. VPC Encryption Controls sees the traffic as encrypted by the "
       "application."},
      {"3", "3",
       "Traffic was recorded. VPC Encryption Controls sees the traffic as encrypted by the "
       "Nitro System and by the application."},
      {"tomorrow", "4",
       "Traffic was recorded. The encryption status is 4, which AWS does not document."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, TransitGatewayRecords) {
  constexpr std::string_view kFormat =
      "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
      "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id "
      "tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id "
      "tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end "
      "log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded "
      "packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service "
      "pkt-dst-aws-service";
  const SentenceExample examples[] = {
      {"carried",
       "6 TransitGateway 123456789010 tgw-0abc tgw-attach-1 111111111111 222222222222 vpc-a "
       "vpc-b subnet-a subnet-b eni-a eni-b use1-az1 use1-az1 tgw-attach-2 10.1.0.5 10.2.0.9 "
       "41000 443 6 10 5000 1700185000 1700185060 OK IPv4 0 0 0 0 2 us-east-1 ingress - -",
       "HTTPS traffic (destination port 443, TCP) from 10.1.0.5 to 10.2.0.9 entering Transit "
       "Gateway tgw-0abc of account 123456789010 was recorded: 10 packets, 5,000 bytes in 60 "
       "seconds from 2023-11-17 01:36:40 UTC. 10.1.0.5 opened the connection (SYN). It goes "
       "from vpc-a (account 111111111111) to vpc-b (account 222222222222) (attachment "
       "tgw-attach-1, paired attachment tgw-attach-2)."},
      {"lost, one reason, other zone",
       "6 TransitGateway 123456789010 tgw-0abc tgw-attach-1 111111111111 222222222222 vpc-a "
       "vpc-b subnet-a subnet-b eni-a eni-b use1-az1 use1-az2 tgw-attach-2 10.1.0.5 10.2.0.9 "
       "41000 443 6 10 5000 1700185000 1700185060 OK IPv4 1 0 0 0 0 us-east-1 egress - -",
       "HTTPS traffic (destination port 443, TCP) from 10.1.0.5 to 10.2.0.9 leaving Transit "
       "Gateway tgw-0abc of account 123456789010 was recorded: 10 packets, 5,000 bytes in 60 "
       "seconds from 2023-11-17 01:36:40 UTC. No SYN, FIN or RST was seen in this window: the "
       "middle of a connection. It goes from vpc-a (account 111111111111) to vpc-b (account "
       "222222222222) (attachment tgw-attach-1, paired attachment tgw-attach-2). The Transit "
       "Gateway lost 1 packet for lack of a route. The traffic crosses Availability Zones, "
       "from use1-az1 to use1-az2."},
      {"lost, every reason, no pair, side that is no VPC",
       "6 TransitGateway 123456789010 tgw-0abc tgw-attach-1 111111111111 - vpc-a - subnet-a - "
       "eni-a - use1-az1 - - 10.1.0.5 192.0.2.9 41000 53 17 10 500 1700185000 1700185060 OK "
       "IPv4 1 2 3 4 0 us-east-1 ingress - -",
       "DNS traffic (destination port 53, UDP) from 10.1.0.5 to 192.0.2.9 entering Transit "
       "Gateway tgw-0abc of account 123456789010 was recorded: 10 packets, 500 bytes in 60 "
       "seconds from 2023-11-17 01:36:40 UTC. It comes from vpc-a (account 111111111111) "
       "(attachment tgw-attach-1). The Transit Gateway lost 1 packet for lack of a route, 2 "
       "packets to a blackhole route, 3 packets larger than the MTU and 4 packets whose time "
       "to live ran out."},
      {"no traffic",
       "6 TransitGateway 123456789010 tgw-0abc - - - - - - - - - - - - - - - - - - - "
       "1700185000 1700185060 NODATA - - - - - - us-east-1 - - -",
       "No traffic was seen on Transit Gateway tgw-0abc of account 123456789010 between "
       "2023-11-17 01:36:40 and 01:37:40 UTC (NODATA)."},
  };
  expect_sentences(kFormat, examples);
}

TEST(ExplainRecord, TimesAreShownInTheZone) {
  const RecordFixture record =
      record_of("packets start end log-status", "1 1418530010 1418530070 OK");
  const TimeZone berlin = TimeZone::find("+01:00").value();
  EXPECT_EQ(explain_record(record.batch, 0, berlin),
            "Traffic was recorded: 1 packet in 60 seconds from 2014-12-14 05:06:50 +01:00.");
}

TEST(ExplainRecord, ControlCharactersOfTheLogStayOutOfTheSentence) {
  const RecordFixture record = record_of("interface-id foo", "eni-\x1b[31m a\xc2\x9b\x7f");
  EXPECT_EQ(explain_record(record.batch, 0, {}),
            "Traffic through eni-\\x1b[31m was recorded. Fields that weir does not know: foo "
            "a\\u009b\\x7f.");
}

TEST(ExplainRecord, LongValuesAreCutBetweenCharacters) {
  const std::string value = std::string(119, 'x') + "\xc3\xa4\xc3\xb6";
  const RecordFixture record = record_of("interface-id", value);
  EXPECT_EQ(explain_record(record.batch, 0, {}),
            "Traffic through " + std::string(119, 'x') + "… was recorded.");
}

TEST(ExplainRecord, ColumnsThatNobodyAskedForAreNotSpokenOf) {
  RecordFixture record = record_of("srcaddr dstaddr", "10.0.0.1 10.0.0.2");
  record.batch.columns[1] = Column{};
  EXPECT_EQ(explain_record(record.batch, 0, {}), "Traffic from 10.0.0.1 was recorded.");
  EXPECT_EQ(explain_fields(record.batch, 0, {}).size(), 1u);
}

}  // namespace
}  // namespace weir::explain
