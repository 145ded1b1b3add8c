// SPDX-License-Identifier: Apache-2.0
#include "weir/envelope.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envelope/envelope_testing.hpp"
#include "envelope/looks.hpp"

namespace weir::envelope {
namespace {

using namespace envelope_testing;

Error failure(ErrorCode code) { return {.code = code, .message = "no more"}; }

/// An object of one shape, and what must come out of it.
struct Shape {
  std::string why;
  std::string bytes;
  EnvelopeKind kind;
  std::string shape;
  std::vector<Line> lines;
  std::uint64_t passed_over = 0;
};

const std::string kA(kAccept);
const std::string kR(kReject);
const std::string kN(kNoData);
const std::string kHeader =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status";

/// gzip of {"messageType":"DATA_MESSAGE","logGroup":"vpc","logEvents":[…kAccept…, …kNoData…]}.
constexpr std::string_view kPayload =
    "H4sIAAAAAAAC/6WQywrCQAxFf2XIupZJZjoduytaXIgPaHciUusgBR/"
    "FVkGk/26KVnQtgXBzT7iEPODo6jrfu+xeOYhgHGfxZpakaTxJwIPDeT+5nK8Vk1tVvIzk5k5NDdHqAeWOAbLdlBzT5EdeR"
    "K+PZEYCSenAhHYoUQp3KgdsBFtb5B8gMCRfoY/"
    "GR/U9EQqSRnMnYVgKTZq5Rhso2cX1MpQiHo2SZSYWU2i99130712Dn0KtkKy0oenlUGn254vuZ9Cu2yf8ZOVwTAEAAA==";
/// gzip of {"messageType":"CONTROL_MESSAGE","logEvents":[…]}.
constexpr std::string_view kControlPayload =
    "H4sIAAAAAAAC/"
    "zXMwQrCMBBF0V8ZZl0Et9lJCS6sFtqCCxEJdkwHm6Q4gyCl/26Eun28e2YMJOI8dZ+J0GBZn7qmrm5H27a7vcUCx+Ttm6"
    "IKmsuM3OdTXpVzpy5MaLbF3/j15wpWA1bDQDnQ/cnRw0Bu1AHSA/pcc3TKKcKBIwkLiL7IhQ0u1+ULVqx6jpcAAAA=";

std::vector<Shape> all_shapes() {
  using enum EnvelopeKind;
  std::vector<Shape> shapes;
  const auto add = [&](Shape shape) { shapes.push_back(std::move(shape)); };

  add({"an S3 object: header and records",
       kHeader + '\n' + kA + '\n' + kR + '\n',
       bare_lines,
       "bare lines",
       {{1, 0, kHeader}, {2, 0, kA}, {3, 0, kR}}});
  add({"CR LF, blank line and comment are the decoder's, the last newline is added",
       "# mine\r\n\r\n" + kA + "\r\n" + kN,
       bare_lines,
       "bare lines",
       {{1, 0, "# mine\r"}, {2, 0, "\r"}, {3, 0, kA + '\r'}, {4, 0, kN}}});
  add({"a byte order mark is no part of the first field",
       "\xef\xbb\xbf" + kA + '\n',
       bare_lines,
       "bare lines",
       {{1, 0, kA}}});
  add({"a record whose first field is missing is no list item",
       "- 10.0.1.5 10.0.0.220 443\n- 10.0.1.6 10.0.0.220 443\n",
       bare_lines,
       "bare lines",
       {{1, 0, "- 10.0.1.5 10.0.0.220 443"}, {2, 0, "- 10.0.1.6 10.0.0.220 443"}}});
  add({"AWS's NAT gateway example begins with a missing instance",
       "- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5\n",
       bare_lines,
       "bare lines",
       {{1, 0, "- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5"}}});
  add({"a record whose fields are separated by tabs is one record",
       "2\t123456789010\teni-1235b8ca\t10.0.0.1\t10.0.0.2\n",
       bare_lines,
       "bare lines",
       {{1, 0, "2\t123456789010\teni-1235b8ca\t10.0.0.1\t10.0.0.2"}}});

  add({"an export task's object; a line without a time stays",
       "2015-11-05T09:30:29.000Z " + kA + "\n2015-11-05T09:30:30.000Z " + kN + "\noops\n",
       timestamped_lines,
       "lines with a timestamp",
       {{1, 25, kA}, {2, 25, kN}, {3, 0, "oops"}}});
  add({"aws logs tail --format short",
       "2015-11-05T09:30:29 " + kA + "\n2015-11-05T09:30:30 " + kN,
       timestamped_lines,
       "lines with a timestamp",
       {{1, 20, kA}, {2, 20, kN}}});
  add({"aws logs tail",
       "2015-11-05T09:30:29.123456+00:00 eni-1235b8ca123456789-all " + kA +
           "\n2015-11-05T09:30:30.123456+00:00 eni-0a-reject " + kR + '\n',
       timestamped_lines,
       "lines with a timestamp and a log stream",
       {{1, 59, kA}, {2, 47, kR}}});
  add({"a stream that is named for its interface alone",
       "2015-11-05T09:30:29+00:00 eni-1235b8ca123456789 " + kA + '\n',
       timestamped_lines,
       "lines with a timestamp and a log stream",
       {{1, 48, kA}}});
  add({"an interface that is the record's first field is no stream",
       "2015-11-05T09:30:29Z eni-1235b8ca 10.0.0.1 10.0.0.2 443 REJECT\n",
       timestamped_lines,
       "lines with a timestamp",
       {{1, 21, "eni-1235b8ca 10.0.0.1 10.0.0.2 443 REJECT"}}});

  const std::string filter_row = "EVENTS\t36284\t1418530099000\teni-1235b8ca123456789-all\t";
  add({"filter-log-events --output text",
       "SEARCHEDLOGSTREAMS\teni-1235b8ca123456789-all\tTrue\n" + filter_row + kA +
           "\t1418530010000\n" + filter_row + kN + "\t1431280876000\nNEXTTOKEN\tBxkq6kVGFtq2\n",
       tabbed_rows,
       "rows of aws --output text",
       {{2, 53, kA}, {3, 53, kN}},
       2});
  add({"get-log-events --output text begins with two page tokens",
       "b/3610\tf/3611\nEVENTS\t1418530099000\t" + kA + "\t1418530010000\n",
       tabbed_rows,
       "rows of aws --output text",
       {{2, 21, kA}},
       1});
  add({"a format of one field has no blank: the place in the row tells",
       "EVENTS\t1418530099000\t10.0.0.1\t1418530010000\n"
       "EVENTS\t36284000000000000000000000000\t1\teni-1-all\t10.0.0.2\t1418530010000\n",
       tabbed_rows,
       "rows of aws --output text",
       {{1, 21, "10.0.0.1"}, {2, 49, "10.0.0.2"}}});
  add({"--query 'events[].message' --output text: one line",
       kA + '\t' + kR + '\t' + kN + '\n',
       tabbed_rows,
       "rows of aws --output text",
       {{1, 0, kA}, {1, 115, kR}, {1, 229, kN}}});
  add({"two columns were asked for; the time is no record",
       "1418530010000\t" + kA + "\n1431280876000\t" + kN + '\n',
       tabbed_rows,
       "rows of aws --output text",
       {{1, 14, kA}, {2, 14, kN}},
       2});
  add({"get-query-results --output text",
       "Complete\nRESULTS\t@timestamp\t2014-12-14 04:06:50.000\nRESULTS\t@message\t" + kA +
           "\nRESULTS\t@ptr\tCmEKJgoi\nSTATISTICS\t1.0\t2.0\n",
       tabbed_rows,
       "rows of aws --output text",
       {{3, 17, kA}},
       2});

  add({"the console's download",
       "timestamp,message\n1418530010000," + kA + "\n1431280876000," + kN + '\n',
       message_csv,
       "CSV with a message column",
       {{2, 14, kA}, {3, 14, kN}}});
  add({"Logs Insights' download: quotes, another order, two records in one message",
       "@message,@timestamp\r\n\"" + kA + "\n" + kR + "\n\",2014-12-14\r\n\"" + kN +
           "\",2015-05-10\r\n",
       message_csv,
       "CSV with a message column",
       {{2, 1, kA}, {3, 0, kR}, {5, 1, kN}}});

  add({"FilterLogEvents",
       "{\n  \"events\": [\n    {\n      \"logStreamName\": \"eni-1-all\",\n"
       "      \"timestamp\": 1418530010000,\n      \"message\": \"" +
           kA + "\",\n      \"eventId\": \"36\"\n    },\n    {\"message\": \"" + kN +
           "\\n\", \"eventId\": \"37\"}\n  ],\n  \"searchedLogStreams\": []\n}\n",
       json,
       "CloudWatch Logs FilterLogEvents JSON",
       {{6, 18, kA}, {9, 17, kN}}});
  add({"GetLogEvents, two pages after each other",
       "{\"events\":[{\"ingestionTime\":1,\"timestamp\":1,\"message\":\"" + kA +
           "\"}],\"nextForwardToken\":\"f/1\"}{\"events\":[{\"message\":\"" + kN + "\"}]}",
       json,
       "CloudWatch Logs GetLogEvents JSON",
       {{1, 55, kA}, {1, 221, kN}}});
  add({"Logs Insights with the message",
       "{\"results\": [\n  [{\"field\": \"@timestamp\", \"value\": \"2014-12-14 04:06:50.000\"},\n"
       "   {\"field\": \"@message\", \"value\": \"" +
           kA + "\"}, {\"field\": \"@ptr\", \"value\": \"CmEK\"}]\n], \"status\": \"Complete\"}",
       json,
       "Logs Insights GetQueryResults JSON",
       {{3, 35, kA}}});
  add({"a subscription's payloads, back to back; the control message is passed over",
       "{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"id\":\"\",\"message\":\"CWL CONTROL "
       "MESSAGE: Checking health of destination Firehose.\"}]}"
       "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"id\":\"1\",\"message\":\"" +
           kA + "\"},{\"id\":\"2\",\"message\":\"" + kN + "\"}]}",
       json,
       "CloudWatch Logs subscription JSON",
       {{1, 195, kA}, {1, 333, kN}},
       1});
  add({"a Lambda event",
       fmt::format("{{\"awslogs\": {{\"data\": \"{}\"}}}}", kPayload),
       json,
       "base64 payloads in JSON: CloudWatch Logs subscription JSON",
       {{1, 22, kA}, {1, 22, kN}}});
  add({"a Kinesis event: a control message, then data",
       fmt::format("{{\"Records\": [{{\"kinesis\": {{\"data\": \"{}\"}}}},\n"
                   "{{\"kinesis\": {{\"data\": \"{}\"}}}}]}}",
                   kControlPayload, kPayload),
       json,
       "base64 payloads in JSON: CloudWatch Logs subscription JSON",
       {{2, 22, kA}, {2, 22, kN}},
       1});
  add({"Firehose, direct: objects back to back",
       "{\"message\":\"" + kA + "\"}{\"message\":\"" + kN + "\"}",
       json,
       "JSON objects with a message",
       {{1, 12, kA}, {1, 140, kN}}});
  add({"lines of JSON, message under other names",
       "{\"@message\": \"" + kA + "\"}\n{\"event\": {\"original\": \"" + kR +
           "\"}}\n{\"event.original\": \"" + kA + "\"}\n{\"log\": \"" + kR + "\"}\n{\"body\": \"" +
           kN + "\"}\n",
       json,
       "JSON objects with a message",
       {{1, 14, kA}, {2, 24, kR}, {3, 20, kA}, {4, 9, kR}, {5, 10, kN}}});
  add({"an array of strings",
       "[\n    \"" + kA + "\",\n    \"" + kN + "\"\n]\n",
       json,
       "JSON strings",
       {{2, 5, kA}, {3, 5, kN}}});
  add({"strings, one per line, as jq prints them",
       "\"" + kA + "\"\n\"" + kN + "\"\n",
       json,
       "JSON strings",
       {{1, 1, kA}, {2, 1, kN}}});
  add({"a test fixture: the first record counts, what is expected of it does not",
       "{\"input\": {\"message\": \"" + kA + "\"}, \"expected\": {\"message\": \"" + kR +
           "\", \"category\": [\"network\"]}}",
       json,
       "JSON objects with a message",
       {{1, 23, kA}},
       1});
  add({"a search engine's answer",
       "{\"hits\": {\"hits\": [{\"_source\": {\"message\": \"" + kA +
           "\"}}, {\"_source\": {\"message\": \"" + kN + "\"}}]}}",
       json,
       "JSON objects with a message",
       {{1, 44, kA}, {1, 188, kN}}});

  add({"a YAML list",
       "---\nLogType: AWS.VPCFlow\nLogs:\n  # first\n  - " + kA + "\n  - " + kN + "\n",
       list_items,
       "items of a YAML list",
       {{5, 4, kA}, {6, 4, kN}},
       4});
  add({"a list without a frame is one if its items begin as records do",
       "- " + kA + "\n- " + kR,
       list_items,
       "items of a YAML list",
       {{1, 2, kA}, {2, 2, kR}}});

  add({"an empty object", "", bare_lines, "bare lines", {}});
  add({"blank lines alone", "\n \n", bare_lines, "bare lines", {{1, 0, ""}, {2, 0, " "}}});
  add({"an empty page", "{\"events\": [], \"searchedLogStreams\": []}", json, "JSON", {}, 1});
  return shapes;
}

TEST(Envelope, TakesRecordsOutOfEveryShape) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.why);
    const Reading reading = read_all(shape.bytes);
    EXPECT_FALSE(reading.error) << reading.error->message;
    EXPECT_EQ(reading.kind, shape.kind) << envelope_kind_name(reading.kind);
    EXPECT_EQ(reading.shape, shape.shape);
    EXPECT_EQ(reading.lines, shape.lines);
    EXPECT_EQ(reading.passed_over, shape.passed_over);
    EXPECT_TRUE(reading.rejects.empty()) << reading.rejects.front().detail;
  }
}

TEST(Envelope, OriginsSayWhereARecordStands) {
  for (const Shape& shape : all_shapes()) {
    if (shape.shape.starts_with("base64") || shape.bytes.starts_with("\xef")) continue;
    std::vector<std::string_view> lines;
    for (std::string_view rest = shape.bytes; !rest.empty();) {
      const std::size_t length = std::min(rest.find('\n'), rest.size());
      lines.push_back(rest.substr(0, length));
      rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    for (const Line& line : shape.lines) {
      ASSERT_LE(line.line, lines.size()) << shape.why;
      EXPECT_EQ(lines[line.line - 1].substr(line.column, line.text.size()), line.text) << shape.why;
    }
  }
}

TEST(Envelope, AnyCutOfTheBytesReadsAlike) {
  for (const Shape& shape : all_shapes()) {
    SCOPED_TRACE(shape.why);
    for (const std::size_t chunk : {1, 2, 3, 7, 64, 4096}) {
      EXPECT_EQ(read_all(shape.bytes, chunk).lines, shape.lines) << "chunks of " << chunk;
    }
  }
}

TEST(Envelope, ObjectsThatEndAnywhereAreReadWithoutHarm) {
  for (const Shape& shape : all_shapes()) {
    for (std::size_t size = 0; size < shape.bytes.size(); ++size) {
      const Reading reading = read_all(shape.bytes.substr(0, size));
      // Whatever the end did to the last record, no other is made up.
      const auto is_new = [&](const Line& line) {
        return looks_like_record(line.text) &&
               std::find(shape.lines.begin(), shape.lines.end(), line) == shape.lines.end();
      };
      EXPECT_LE(std::count_if(reading.lines.begin(), reading.lines.end(), is_new), 1)
          << shape.why << ", " << size;
    }
  }
}

TEST(Envelope, DamageNeverMakesAShorterRecord) {
  const Error damage = failure(ErrorCode::damaged);
  for (const Shape& shape : all_shapes()) {
    for (std::size_t size = 0; size < shape.bytes.size(); ++size) {
      ChunkedStream stream(std::string_view(shape.bytes).substr(0, size), 7, &damage);
      const Reading reading = read_all(stream);
      ASSERT_TRUE(reading.error) << shape.why << ", " << size;
      for (const Line& line : reading.lines) {
        if (!looks_like_record(line.text)) continue;
        EXPECT_THAT(shape.lines, testing::Contains(line)) << shape.why << ", " << size;
      }
    }
  }
}

TEST(Envelope, LinesBeforeTheDamageAreHandedOut) {
  const std::string bytes = kA + '\n' + kR + '\n' + kN.substr(0, 20);
  const Error error = failure(ErrorCode::damaged);
  ChunkedStream stream(bytes, 16, &error);
  const Reading reading = read_all(stream);
  EXPECT_EQ(reading.texts(), (std::vector<std::string>{kA, kR}));
  ASSERT_TRUE(reading.error);
  EXPECT_EQ(reading.error->code, ErrorCode::damaged);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.rejects[0].reason, RejectReason::cut_off);
  EXPECT_EQ(reading.rejects[0].line, 3u);
  EXPECT_EQ(reading.rejects[0].text, kN.substr(0, 20));
}

TEST(Envelope, AnErrorBeforeTheFirstByteIsOpensError) {
  const Error error = failure(ErrorCode::unreadable);
  ChunkedStream stream({}, 1, &error);
  const auto envelope = Envelope::open(stream, "x");
  ASSERT_FALSE(envelope);
  EXPECT_EQ(envelope.error().code, ErrorCode::unreadable);
}

TEST(Envelope, OpensWithTheSampleAlone) {
  // A terminal or a slow pipe: what open() does not need must not be waited for.
  std::size_t pieces = 0;
  GeneratedStream stream([&](std::size_t) {
    ++pieces;
    return std::string(4096, ' ') + kA + '\n';
  });
  ASSERT_TRUE(Envelope::open(stream, "-"));
  EXPECT_LE(pieces, 17u);
}

TEST(Envelope, RefusesWhatIsNoFlowLog) {
  const struct {
    const char* why;
    std::string bytes;
    ErrorCode code;
    const char* message;
  } cases[] = {
      {"Parquet", "PAR1\x15\x04", ErrorCode::unsupported, "Parquet"},
      {"JPEG", std::string("\xff\xd8\xff\xe0\0\x10JFIF", 10), ErrorCode::no_flow_log,
       "a JPEG image"},
      {"PNG", "\x89PNG\r\n\x1a\n", ErrorCode::no_flow_log, "a PNG image"},
      {"PDF", "%PDF-1.7\n", ErrorCode::no_flow_log, "a PDF document"},
      {"zip", "PK\x03\x04\x14", ErrorCode::no_flow_log, "a zip archive"},
      {"a program",
       "\x7f"
       "ELF\x02\x01",
       ErrorCode::no_flow_log, "an ELF program"},
      {"pcap", "\xd4\xc3\xb2\xa1\x02", ErrorCode::no_flow_log, "a packet capture"},
      {"pcapng", "\x0a\x0d\x0d\x0a\x1c", ErrorCode::no_flow_log, "a packet capture"},
      {"UTF-32", std::string("\xff\xfe\0\0\x32\0\0\0", 8), ErrorCode::no_flow_log, "UTF-32"},
      {"gzip in too many layers", "\x1f\x8b\x08", ErrorCode::no_flow_log, "more than four times"},
      {"Snappy", std::string("\xff\x06\0\0sNaPpY\0", 11), ErrorCode::no_flow_log, "Snappy"},
      {"what S3 says of a missing key", "<?xml version=\"1.0\"?>\n<Error>", ErrorCode::no_flow_log,
       "an XML document"},
      {"AWS's marker object", "Permission Check Successful", ErrorCode::no_flow_log, "marker"},
      {"NUL bytes", std::string("abc\0def\n", 8), ErrorCode::no_flow_log, "not text"},
      {"control bytes", "\x01\x02\x03 hello", ErrorCode::no_flow_log, "not text"},
      {"OCSF of another class",
       R"({"metadata": {"version": "1.1.0"}, "class_uid": 3002, "x": [1]})", ErrorCode::other_log,
       "OCSF of another class than Network Activity"},
      {"a package's manifest", R"({"name": "x", "version": "1.0.0", "type": "module"})",
       ErrorCode::no_flow_log, "no flow-log record"},
      {"describe-flow-logs", R"({"FlowLogs": [{"FlowLogId": "fl-1", "LogFormat": "${srcaddr}"}]})",
       ErrorCode::no_flow_log, "no flow-log record"},
      {"describe-network-interfaces",
       R"({"NetworkInterfaces": [{"VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": [],
           "InterfaceType": "interface", "NetworkInterfaceId": "eni-1", "Attachment":
           {"InstanceId": "i-1"}, "PrivateIpAddress": "10.0.0.1"}]})",
       ErrorCode::no_flow_log, "no flow-log record"},
      {"CloudTrail",
       R"({"Records": [{"eventVersion": "1.08", "userIdentity": {"type": "IAMUser", "accountId":
           "123456789012"}, "sourceIPAddress": "192.0.2.1", "eventName": "CreateFlowLogs"}]})",
       ErrorCode::other_log, "CloudTrail"},
      {"a Resolver query log has addresses and ports",
       R"({"version": "1.1", "account_id": "123456789012", "query_timestamp": "2025-01-10T09:06:40Z",
           "query_name": "example.com.", "rcode": "NOERROR", "srcaddr": "10.0.0.1", "srcport": "5"})",
       ErrorCode::other_log, "Route 53 Resolver query log"},
      {"the same as a CSV",
       "version,account_id,query_timestamp,query_name,rcode,srcaddr,srcport\n1.1,1,t,n,R,10.0.0.1,"
       "5\n",
       ErrorCode::other_log, "Route 53 Resolver query log"},
      {"WAF", R"({"timestamp": 1, "webaclId": "arn", "terminatingRuleId": "x", "action": "ALLOW"})",
       ErrorCode::other_log, "WAF"},
      {"Network Firewall", R"({"firewall_name": "f", "event_timestamp": "1", "event": {"src_ip":
           "10.0.0.1", "dest_ip": "10.0.0.2"}})",
       ErrorCode::other_log, "Network Firewall"},
      {"AWS Config", R"({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [
           {"configurationItemVersion": "1.3", "resourceType": "AWS::EC2::Instance"}]})",
       ErrorCode::other_log, "Config"},
      {"DNS Activity", R"({"class_uid": 4003, "category_uid": 4, "query": {"hostname": "x"}})",
       ErrorCode::other_log, "another class than Network Activity"},
      {"CloudFront", "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes\n2019-12-04\t2\n",
       ErrorCode::other_log, "CloudFront"},
      {"an Application Load Balancer",
       "h2 2018-07-02T22:23:00.186641Z app/my-lb/50dc 10.0.1.252:48160 10.0.0.66:9000 0.000\n",
       ErrorCode::other_log, "Application Load Balancer"},
      {"a Network Load Balancer",
       "tls 2.0 2018-12-20T02:59:40 net/my-nlb/c6e7 g3d4 72.21.218.154:51341 172.100.100.185:443\n",
       ErrorCode::other_log, "Network Load Balancer"},
      {"a Classic Load Balancer",
       "2015-05-13T23:39:43.945958Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048\n",
       ErrorCode::other_log, "Classic Load Balancer"},
      {"S3 access logs",
       "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be b [06/Feb/2019:00:00:38 "
       "+0000] 192.0.2.3 - REST.GET\n",
       ErrorCode::other_log, "S3 access log"},
      {"connections of an Application Load Balancer",
       "2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "
       "4.036 \"CN=a\" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF2 Success\n"
       "2023-10-04T17:05:16.514108Z 203.0.113.2 36281 80 - - - - - - - TID_3180\n",
       ErrorCode::other_log, "Application Load Balancer connection log"},
      {"the same from Athena",
       "time,client_ip,client_port,listener_port,tls_protocol,tls_cipher,tls_handshake_latency\n"
       "2023-10-04T17:05:15Z,203.0.113.1,36280,443,TLSv1.2,x,4.036\n",
       ErrorCode::other_log, "Application Load Balancer connection log"},
      {"a Network Load Balancer's from Athena",
       "type\tversion\ttime\telb\tlistener_id\tclient_ip\tclient_port\ttcp_connection_time_ms\n",
       ErrorCode::other_log, "Network Load Balancer"},
      {"a Classic Load Balancer's from Athena",
       "timestamp,elb_name,request_ip,request_port,backend_ip,backend_port,elb_response_code\n",
       ErrorCode::other_log, "Classic Load Balancer"},
      {"S3's from Athena", "bucketowner bucket_name requestdatetime remoteip requester operation\n",
       ErrorCode::other_log, "S3 access log"},
      {"CloudFront's from Athena",
       "date,time,location,bytes,request_ip,method,host_header,response_result_type\n",
       ErrorCode::other_log, "CloudFront"},
      {"AWS Config uses flow-log words",
       R"([{"version": "1.3", "accountId": "123456789012", "resourceType": "AWS::EC2::Instance",
           "resourceId": "i-1", "vpcId": "vpc-1", "subnetId": "subnet-1"}])",
       ErrorCode::no_flow_log, "no flow-log record"},
      {"sums of Logs Insights are no records",
       R"json({"results": [[{"field": "srcAddr", "value": "10.0.0.1"}, {"field": "dstAddr", "value":
           "10.0.0.2"}, {"field": "sum(bytes)", "value": "42"}]], "status": "Complete"})json",
       ErrorCode::no_flow_log, "no flow-log record"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Reading reading = read_all(c.bytes);
    EXPECT_TRUE(reading.lines.empty());
    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.error->code, c.code);
    EXPECT_THAT(reading.error->message, testing::HasSubstr(c.message));
    EXPECT_EQ(reading.error->where, "object");
    EXPECT_FALSE(reading.error->hint.empty());
  }
}

TEST(Envelope, ARecordOfAnotherServiceAmongFlowLogsIsSkippedAlone) {
  const std::string query =
      R"({"query_timestamp": "x", "query_name": "y", "rcode": "z", "srcaddr": "10.0.0.1"})";
  const std::string record = R"({"message": ")" + kA + R"("})";
  for (const std::string& bytes :
       {query + '\n' + record + '\n' + record, record + '\n' + query + '\n' + record}) {
    const Reading reading = read_all(bytes);
    EXPECT_FALSE(reading.error);
    EXPECT_EQ(reading.lines.size(), 2);
    EXPECT_EQ(reading.rejects.size(), 1);
  }
}

TEST(Envelope, OneBinaryLineDoesNotCondemnALog) {
  const std::string bytes = kA + '\n' + std::string(64, '\0') + '\n' + kR + '\n';
  const Reading reading = read_all(bytes);
  EXPECT_FALSE(reading.error);
  EXPECT_EQ(reading.lines.size(), 3u);
}

TEST(Envelope, ALongLineIsDroppedAndTheNumbersStayRight) {
  const std::string at_limit(kMaxLineBytes, 'x');
  const std::string over_limit = at_limit + "yz";
  const std::string bytes =
      kA + '\n' + at_limit + '\n' + over_limit + '\n' + kR + '\n' + over_limit;
  for (const std::size_t chunk : {std::size_t{4096}, std::size_t{100'000}, bytes.size()}) {
    const Reading reading = read_all(bytes, chunk);
    EXPECT_FALSE(reading.error);
    EXPECT_EQ(reading.lines, (std::vector<Line>{{1, 0, kA}, {2, 0, at_limit}, {4, 0, kR}}));
    ASSERT_EQ(reading.rejects.size(), 2u);
    EXPECT_EQ(reading.rejects[0].reason, RejectReason::too_long);
    EXPECT_EQ(reading.rejects[0].line, 3u);
    EXPECT_EQ(reading.rejects[0].column, 0u);
    EXPECT_EQ(reading.rejects[0].text, over_limit.substr(0, 4096));
    EXPECT_EQ(reading.rejects[1].line, 5u);
  }
}

TEST(Envelope, InputWithoutANewlineCostsNoMemory) {
  constexpr std::size_t kPieces = 1024;  // of 64 KiB
  const struct {
    const char* why;
    std::string begin;
    char fill;
  } cases[] = {
      {"bare line", kA + '\n', 'x'},
      {"timestamped line", "2015-11-05T09:30:29Z " + kA + '\n', 'x'},
      {"cell of a row", "EVENTS\t1\t" + kA + "\t1\nEVENTS\t1\t", 'x'},
      {"CSV cell", "timestamp,message\n1," + kA + "\n1,\"", 'x'},
      {"JSON string", "{\"message\":\"" + kA + "\"}\n{\"message\":\"", 'x'},
      {"JSON blanks", "{\"message\":\"" + kA + "\"}\n", ' '},
      {"JSON brackets", "{\"message\":\"" + kA + "\"}\n", '['},
      {"JSON literal", "{\"message\":\"" + kA + "\"}\n[", '1'},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    GeneratedStream stream([&](std::size_t piece) {
      if (piece == 0) return c.begin;
      return piece <= kPieces ? std::string(std::size_t{64} << 10, c.fill) : std::string();
    });
    std::size_t waiting = 0;
    std::size_t lines = 0;
    auto envelope = Envelope::open(stream, "long");
    ASSERT_TRUE(envelope);
    LineBlock block;
    while (true) {
      const auto more = (*envelope)->next(block);
      waiting = std::max(waiting, block.rejects.size());
      if (!more || !*more) break;
      lines += block.origins.empty() ? 1 : block.origins.size();
    }
    EXPECT_EQ(lines, 1u);
    EXPECT_LE(waiting, 1000u);
  }
}

TEST(Envelope, AnArrayOfAnyLengthIsStreamed) {
  constexpr std::size_t kEvents = 300'000;
  GeneratedStream stream([](std::size_t piece) -> std::string {
    if (piece == 0) return "{\"events\": [";
    if (piece > kEvents + 1) return {};
    if (piece == kEvents + 1) return "], \"nextToken\": \"x\"}";
    return fmt::format("{}{{\"message\":\"2 {:012} eni-1 10.0.0.1 10.0.0.2\"}}",
                       piece > 1 ? "," : "", piece);
  });
  std::uint64_t next = 1;
  const Reading reading = read_all(stream, [&](const Line& line) {
    EXPECT_EQ(line.text, fmt::format("2 {:012} eni-1 10.0.0.1 10.0.0.2", next++));
  });
  EXPECT_EQ(next, kEvents + 1);
  EXPECT_LE(reading.largest_block, std::size_t{300} << 10);
  EXPECT_TRUE(reading.rejects.empty());
  EXPECT_FALSE(reading.error);
}

TEST(Envelope, OneLineOfManyTabbedRecordsIsStreamed) {
  constexpr std::size_t kRecords = 100'000;
  GeneratedStream stream([](std::size_t piece) -> std::string {
    return piece < kRecords ? kA + '\t' : std::string();
  });
  std::size_t count = 0;
  const Reading reading = read_all(stream, [&](const Line& line) {
    EXPECT_EQ(line.text, kA);
    EXPECT_EQ(line.column, count++ * (kA.size() + 1));
  });
  EXPECT_EQ(count, kRecords);
  EXPECT_LE(reading.largest_block, std::size_t{300} << 10);
}

TEST(Envelope, LargeBlocksOfBareLines) {
  std::string bytes;
  while (bytes.size() < std::size_t{2} << 20) bytes += kA + '\n';
  ChunkedStream stream(bytes, 100);
  auto envelope = Envelope::open(stream, "x");
  ASSERT_TRUE(envelope);
  LineBlock block;
  std::size_t blocks = 0;
  std::uint64_t lines = 0;
  for (; *(*envelope)->next(block); ++blocks) {
    EXPECT_EQ(block.first_line, lines + 1);
    EXPECT_TRUE(block.text.ends_with('\n'));
    lines += static_cast<std::uint64_t>(std::count(block.text.begin(), block.text.end(), '\n'));
  }
  EXPECT_EQ(lines * (kA.size() + 1), bytes.size());
  EXPECT_LE(blocks, 10u);
}

TEST(EnvelopeNames, AreDistinct) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kEnvelopeKinds; ++i) {
    names.push_back(envelope_kind_name(static_cast<EnvelopeKind>(i)));
  }
  for (int i = 0; i <= static_cast<int>(RejectReason::no_format); ++i) {
    names.push_back(reject_reason_name(static_cast<RejectReason>(i)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end() - 1,
                               [](auto a, auto b) { return a == b && a != "json"; }),
            names.end() - 1);
  EXPECT_THAT(names, testing::Not(testing::Contains("unknown")));
}

}  // namespace
}  // namespace weir::envelope
