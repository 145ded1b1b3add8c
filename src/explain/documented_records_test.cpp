// SPDX-License-Identifier: Apache-2.0
// explain: the example records of AWS's documentation, each with its whole explanation.
//
// Source: AWS VPC User Guide, "Flow log record examples"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html).
#include <gtest/gtest.h>

#include "explain/record_testing.hpp"
#include "weir/explain.hpp"

namespace weir::explain {
namespace {

TEST(DocumentedRecords, DefaultFormat) {
  constexpr std::string_view kFormat =
      "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
      "start end action log-status";
  const SentenceExample examples[] = {
      {"accepted SSH",
       "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 "
       "1418530010 1418530070 ACCEPT OK",
       "SSH traffic (destination port 22, TCP) from 172.31.16.139 to 172.31.16.21 through "
       "eni-1235b8ca123456789 of account 123456789010 was accepted: 20 packets, 4,249 bytes in "
       "60 seconds from 2014-12-14 04:06:50 UTC."},
      {"rejected RDP",
       "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 "
       "1418530010 1418530070 REJECT OK",
       "RDP traffic (destination port 3389, TCP) from 172.31.9.69 to 172.31.9.12 through "
       "eni-1235b8ca123456789 of account 123456789010 was rejected: 20 packets, 4,249 bytes in "
       "60 seconds from 2014-12-14 04:06:50 UTC. Flow logs do not say which rule rejected it; "
       "the packets may also have arrived after their connection was closed."},
      {"no data",
       "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
       "No traffic was seen on eni-1235b8ca123456789 of account 123456789010 between "
       "2015-05-10 18:01:16 and 18:02:14 UTC (NODATA)."},
      {"skipped records",
       "2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA",
       "AWS dropped flow log records for eni-11111111aaaaaaaaa of account 123456789010 between "
       "2015-05-10 18:01:16 and 18:02:14 UTC, for lack of internal capacity or because of an "
       "error (SKIPDATA). It does not log how many, so totals of this window are lower bounds."},
      {"ping, let in",
       "2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 1432917027 "
       "1432917142 ACCEPT OK",
       "ICMP traffic from 203.0.113.12 to 172.31.16.139 through eni-1235b8ca123456789 of "
       "account 123456789010 was accepted: 4 packets, 336 bytes in 115 seconds from 2015-05-29 "
       "16:30:27 UTC. The type and code of its ICMP messages are not logged."},
      {"its answer, not let out",
       "2 123456789010 eni-1235b8ca123456789 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094 "
       "1432917142 REJECT OK",
       "ICMP traffic from 172.31.16.139 to 203.0.113.12 through eni-1235b8ca123456789 of "
       "account 123456789010 was rejected: 4 packets, 336 bytes in 48 seconds from 2015-05-29 "
       "16:31:34 UTC. The type and code of its ICMP messages are not logged. Flow logs do not "
       "say which rule rejected it."},
      {"IPv6",
       "2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 "
       "2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT "
       "OK",
       "SSH traffic (destination port 22, TCP) from 2001:db8:1234:a100:8d6e:3477:df66:f105 to "
       "2001:db8:1234:a102:3304:8879:34cf:4071 through eni-1235b8ca123456789 of account "
       "123456789010 was accepted: 54 packets, 8,855 bytes in 112 seconds from 2016-10-31 "
       "11:35:08 UTC."},
  };
  expect_sentences(kFormat, examples);
}

TEST(DocumentedRecords, TcpFlagSequence) {
  constexpr std::string_view kFormat =
      "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr "
      "srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action "
      "tcp-flags log-status";
  const SentenceExample examples[] = {
      {"client opens its first connection",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43416 5001 "
       "52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK",
       "TCP traffic from port 43416 of 52.213.180.42 to port 5001 of 10.0.0.62 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 8 packets, 568 bytes in 58 seconds from 2019-08-26 19:47:55 UTC. "
       "52.213.180.42 opened the connection (SYN)."},
      {"server answers",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 "
       "52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK",
       "TCP traffic from port 5001 of 10.0.0.62 to port 43416 of 52.213.180.42 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 7 packets, 376 bytes in 58 seconds from 2019-08-26 19:47:55 UTC. 10.0.0.62 "
       "answered the connection request (SYN-ACK)."},
      {"client opens its second connection",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43418 5001 "
       "52.213.180.42 10.0.0.62 6 100701 70 1566848875 1566848933 ACCEPT 2 OK",
       "TCP traffic from port 43418 of 52.213.180.42 to port 5001 of 10.0.0.62 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 70 packets, 100,701 bytes in 58 seconds from 2019-08-26 19:47:55 UTC. "
       "52.213.180.42 opened the connection (SYN)."},
      {"server answers again",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 "
       "52.213.180.42 6 632 12 1566848875 1566848933 ACCEPT 18 OK",
       "TCP traffic from port 5001 of 10.0.0.62 to port 43418 of 52.213.180.42 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 12 packets, 632 bytes in 58 seconds from 2019-08-26 19:47:55 UTC. 10.0.0.62 "
       "answered the connection request (SYN-ACK)."},
      {"next window: server closes",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 "
       "52.213.180.42 6 63388 1219 1566848933 1566849113 ACCEPT 1 OK",
       "TCP traffic from port 5001 of 10.0.0.62 to port 43418 of 52.213.180.42 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 1,219 packets, 63,388 bytes in 180 seconds from 2019-08-26 19:48:53 UTC. "
       "10.0.0.62 closed its side of the connection (FIN); its opening was not seen in this "
       "window."},
      {"next window: client closes",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43418 5001 "
       "52.213.180.42 10.0.0.62 6 23294588 15774 1566848933 1566849113 ACCEPT 1 OK",
       "TCP traffic from port 43418 of 52.213.180.42 to port 5001 of 10.0.0.62 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 15,774 packets, 23,294,588 bytes in 180 seconds from 2019-08-26 19:48:53 "
       "UTC. 52.213.180.42 closed its side of the connection (FIN); its opening was not seen "
       "in this window."},
      {"a whole connection in one window, client",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43638 5001 "
       "52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK",
       "TCP traffic from port 43638 of 52.213.180.42 to port 5001 of 10.0.0.62 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 17 packets, 1,260 bytes in 60 seconds from 2019-08-27 19:12:13 UTC. "
       "52.213.180.42 opened the connection and closed its side (SYN, FIN)."},
      {"a whole connection in one window, server (AWS's line has two blanks)",
       "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
       "eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43638  10.0.0.62 "
       "52.213.180.42 6 967 14 1566933133 1566933193 ACCEPT 19 OK",
       "TCP traffic from port 5001 of 10.0.0.62 to port 43638 of 52.213.180.42 through "
       "eni-1235b8ca123456789 (instance i-01234567890123456) of account 123456789010 was "
       "accepted: 14 packets, 967 bytes in 60 seconds from 2019-08-27 19:12:13 UTC. 10.0.0.62 "
       "answered the connection request and closed its side (SYN-ACK, FIN)."},
  };
  expect_sentences(kFormat, examples);
}

TEST(DocumentedRecords, ZonalNatGateway) {
  constexpr std::string_view kFormat =
      "instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr";
  const SentenceExample examples[] = {
      {"instance to NAT gateway: the final host is in pkt-dstaddr",
       "- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5",
       "Traffic from 10.0.1.5 to 10.0.0.220 through eni-1235b8ca123456789 was recorded. The "
       "packets' own destination is 203.0.113.5, so an intermediate such as a NAT gateway or "
       "Transit Gateway stands between, or it is a secondary address of the interface."},
      {"NAT gateway to host",
       "- eni-1235b8ca123456789 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5",
       "Traffic from 10.0.0.220 to 203.0.113.5 through eni-1235b8ca123456789 was recorded."},
      {"host to NAT gateway",
       "- eni-1235b8ca123456789 203.0.113.5 10.0.0.220 203.0.113.5 10.0.0.220",
       "Traffic from 203.0.113.5 to 10.0.0.220 through eni-1235b8ca123456789 was recorded."},
      {"NAT gateway to instance: the host is in pkt-srcaddr",
       "- eni-1235b8ca123456789 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5",
       "Traffic from 10.0.0.220 to 10.0.1.5 through eni-1235b8ca123456789 was recorded. The "
       "packets' own source is 203.0.113.5, so an intermediate such as a NAT gateway or "
       "Transit Gateway stands between, or it is a secondary address of the interface."},
      {"at the instance: out",
       "i-01234567890123456 eni-1111aaaa2222bbbb3 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5",
       "Traffic from 10.0.1.5 to 203.0.113.5 through eni-1111aaaa2222bbbb3 (instance "
       "i-01234567890123456) was recorded."},
      {"at the instance: in",
       "i-01234567890123456 eni-1111aaaa2222bbbb3 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5",
       "Traffic from 203.0.113.5 to 10.0.1.5 through eni-1111aaaa2222bbbb3 (instance "
       "i-01234567890123456) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(DocumentedRecords, RegionalNatGateway) {
  constexpr std::string_view kFormat =
      "resource-id instance-id interface-id subnet-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr";
  const SentenceExample examples[] = {
      {"instance to regional NAT gateway",
       "nat-1234567890abcdef - - - 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5",
       "Traffic from 10.0.1.5 to 203.0.113.5 through regional NAT gateway nat-1234567890abcdef "
       "was recorded."},
      {"regional NAT gateway to host",
       "nat-1234567890abcdef - - - 107.22.182.139 203.0.113.5 107.22.182.139 203.0.113.5",
       "Traffic from 107.22.182.139 to 203.0.113.5 through regional NAT gateway "
       "nat-1234567890abcdef was recorded."},
      {"host to regional NAT gateway",
       "nat-1234567890abcdef - - - 203.0.113.5 107.22.182.139 203.0.113.5 107.22.182.139",
       "Traffic from 203.0.113.5 to 107.22.182.139 through regional NAT gateway "
       "nat-1234567890abcdef was recorded."},
      {"regional NAT gateway to instance",
       "nat-1234567890abcdef - - - 203.0.113.5 10.0.1.5 203.0.113.5 10.0.1.5",
       "Traffic from 203.0.113.5 to 10.0.1.5 through regional NAT gateway nat-1234567890abcdef "
       "was recorded."},
      {"at the instance: out",
       "- i-01234567890123456 eni-1111aaaa2222bbbb3 subnet-aaaaaaaa012345678 10.0.1.5 "
       "203.0.113.5 10.0.1.5 203.0.113.5",
       "Traffic from 10.0.1.5 to 203.0.113.5 through eni-1111aaaa2222bbbb3 (instance "
       "i-01234567890123456) was recorded."},
      {"at the instance: in",
       "- i-01234567890123456 eni-1111aaaa2222bbbb3 subnet-aaaaaaaa012345678 203.0.113.5 "
       "10.0.1.5 203.0.113.5 10.0.1.5",
       "Traffic from 203.0.113.5 to 10.0.1.5 through eni-1111aaaa2222bbbb3 (instance "
       "i-01234567890123456) was recorded."},
  };
  expect_sentences(kFormat, examples);
}

TEST(DocumentedRecords, TransitGatewaySeenFromInterfaces) {
  constexpr std::string_view kFormat =
      "version interface-id account-id vpc-id subnet-id instance-id srcaddr dstaddr srcport "
      "dstport protocol tcp-flags type pkt-srcaddr pkt-dstaddr action log-status";
  const SentenceExample examples[] = {
      {"request at the web server",
       "3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb "
       "i-01234567890123456 10.20.33.164 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 "
       "10.40.2.236 ACCEPT OK",
       "HTTP traffic (destination port 80, TCP) from 10.20.33.164 to 10.40.2.236 through "
       "eni-33333333333333333 (instance i-01234567890123456) of account 123456789010 was "
       "accepted. 10.20.33.164 opened the connection and closed its side (SYN, FIN)."},
      {"answer at the web server",
       "3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb "
       "i-01234567890123456 10.40.2.236 10.20.33.164 80 39812 6 19 IPv4 10.40.2.236 "
       "10.20.33.164 ACCEPT OK",
       "TCP traffic from HTTP port 80 of 10.40.2.236 to port 39812 of 10.20.33.164 (the reply "
       "side) through eni-33333333333333333 (instance i-01234567890123456) of account "
       "123456789010 was accepted. 10.40.2.236 answered the connection request and closed its "
       "side (SYN-ACK, FIN)."},
      {"request at the attachment: the client is in pkt-srcaddr",
       "3 eni-11111111111111111 123456789010 vpc-abcdefab012345678 subnet-11111111aaaaaaaaa - "
       "10.40.1.175 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK",
       "HTTP traffic (destination port 80, TCP) from 10.40.1.175 to 10.40.2.236 through "
       "eni-11111111111111111 of account 123456789010 was accepted. 10.20.33.164 opened the "
       "connection and closed its side (SYN, FIN). The packets' own source is 10.20.33.164, so "
       "an intermediate such as a NAT gateway or Transit Gateway stands between, or it is a "
       "secondary address of the interface."},
      {"answer at the attachment: the client is in pkt-dstaddr",
       "3 eni-22222222222222222 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - "
       "10.40.2.236 10.40.2.31 80 39812 6 19 IPv4 10.40.2.236 10.20.33.164 ACCEPT OK",
       "TCP traffic from HTTP port 80 of 10.40.2.236 to port 39812 of 10.40.2.31 (the reply "
       "side) through eni-22222222222222222 of account 123456789010 was accepted. 10.40.2.236 "
       "answered the connection request and closed its side (SYN-ACK, FIN). The packets' own "
       "destination is 10.20.33.164, so an intermediate such as a NAT gateway or Transit "
       "Gateway stands between, or it is a secondary address of the interface."},
  };
  expect_sentences(kFormat, examples);
}

TEST(DocumentedRecords, ServicePathAndDirection) {
  constexpr std::string_view kFormat =
      "version srcaddr dstaddr srcport dstport protocol start end type packets bytes "
      "account-id vpc-id subnet-id instance-id interface-id region az-id sublocation-type "
      "sublocation-id action tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service "
      "pkt-dst-aws-service traffic-path flow-direction log-status";
  const SentenceExample examples[] = {
      {"from Amazon S3",
       "5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 123456789012 "
       "vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b "
       "eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 19 52.95.128.179 10.0.0.71 "
       "S3 - - ingress OK",
       "TCP traffic from HTTP port 80 of 52.95.128.179 to port 34210 of 10.0.0.71 (the reply "
       "side) entering eni-1235b8ca123456789 (instance i-0c50d5961bcb2d47b) of account "
       "123456789012 was accepted: 14 packets, 15,044 bytes in 57 seconds from 2021-03-26 "
       "03:28:12 UTC. 52.95.128.179 answered the connection request and closed its side "
       "(SYN-ACK, FIN). The source is an address of Amazon S3."},
      {"to Amazon S3 through an internet gateway",
       "5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471 123456789012 "
       "vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b "
       "eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 3 10.0.0.71 52.95.128.179 - "
       "S3 8 egress OK",
       "HTTP traffic (destination port 80, TCP) from 10.0.0.71 to 52.95.128.179 leaving "
       "eni-1235b8ca123456789 (instance i-0c50d5961bcb2d47b) of account 123456789012 was "
       "accepted: 7 packets, 471 bytes in 57 seconds from 2021-03-26 03:28:12 UTC. 10.0.0.71 "
       "opened the connection and closed its side (SYN, FIN). The destination is an address of "
       "Amazon S3; the traffic goes through an internet gateway."},
  };
  expect_sentences(kFormat, examples);
}

}  // namespace
}  // namespace weir::explain
