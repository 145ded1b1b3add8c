// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envelope/envelope_testing.hpp"

namespace weir::envelope {
namespace {

using namespace envelope_testing;

TEST(JsonObjects, BecomeLinesOfTheirOwnFormat) {
  const struct {
    const char* why;
    std::string bytes;
    std::vector<std::string> formats;
    std::vector<std::string> lines;
    std::uint64_t coarse_times = 0;
  } cases[] = {
      {"underscores; numbers, texts and null",
       R"({"version":2,"account_id":"000000000012","srcaddr":"10.0.0.1","dstport":22,"action":null})",
       {"version account-id srcaddr dstport action"},
       {"2 000000000012 10.0.0.1 22 -"}},
      {"hyphens; numbers as texts",
       R"([{"account-id":"unknown","pkt-srcaddr":"2001:db8::1","packets":"20","tcp-flags":"19"}])",
       {"account-id pkt-srcaddr packets tcp-flags"},
       {"unknown 2001:db8::1 20 19"}},
      {"parseVPC's names",
       R"({"accountId":"123456789010","srcAddr":"10.0.0.1","logStatus":"OK","start":1418530010})",
       {"account-id srcaddr log-status start"},
       {"123456789010 10.0.0.1 OK 1418530010"}},
      {"whole numbers with a point",
       R"({"srcaddr":"10.0.0.1","srcport":25238.0,"bytes":"412.0","packets":1e3})",
       {"srcaddr srcport bytes packets"},
       {"10.0.0.1 25238 412 1000"}},
      {"largest numbers stay exact",
       R"({"srcaddr":"10.0.0.1","bytes":18446744073709551615,"packets":9007199254740993})",
       {"srcaddr bytes packets"},
       {"10.0.0.1 18446744073709551615 9007199254740993"}},
      {"what is missing: null, nothing, a hyphen, None for a number",
       R"({"srcaddr":"-","dstaddr":"","interface_id":null,"packets":"None","start":"None"})",
       {"srcaddr dstaddr interface-id packets start"},
       {"- - - - -"}},
      {"None is a text for a text field, and NaN is the decoder's to reject",
       R"({"srcaddr":"10.0.0.1","vpc_id":"None","packets":"NaN","bytes":-1.5})",
       {"srcaddr vpc-id packets bytes"},
       {"10.0.0.1 None NaN -1.5"}},
      {"text is one token",
       R"({"srcaddr":"10.0.0.1","instance_tag":"web tier \u00e9 100%","dstaddr":"10.0.0.2"})",
       {"srcaddr instance-tag dstaddr"},
       {"10.0.0.1 web%20tier%20%C3%A9%20100%25 10.0.0.2"}},
      {"unknown names become text; metadata, nested values and repeated names are left out",
       R"({"srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","@ptr":"x","_id":1,"team":"red",
           "more":{"a":1},"srcAddr":"10.9.9.9"})",
       {"srcaddr dstaddr team"},
       {"10.0.0.1 10.0.0.2 red"}},
      {"two thirds of the names are enough",
       R"({"srcaddr":"10.0.0.1","bytes":1,"x":true})",
       {"srcaddr bytes x"},
       {"10.0.0.1 1 true"}},
      {"days are times, and counted",
       R"({"srcaddr":"10.0.0.1","start":"12/26/2022","end":"2022-12-27"})",
       {"srcaddr start end"},
       {"10.0.0.1 1672012800 1672099200"},
       2},
      {"times in words",
       R"({"srcaddr":"10.0.0.1","start":"2014-12-14T04:06:50Z","end":"2014-12-14T05:07:50+01:00"})",
       {"srcaddr start end"},
       {"10.0.0.1 1418530010 1418530070"}},
      {"startTime and endTime",
       R"({"srcAddr":"10.0.0.1","startTime":1418530010,"endTime":1418530070})",
       {"srcaddr start end"},
       {"10.0.0.1 1418530010 1418530070"}},
      {"a block ends where the format changes",
       R"({"srcaddr":"10.0.0.1","bytes":1}{"srcaddr":"10.0.0.2","bytes":2}
          {"dstaddr":"10.0.0.3","bytes":3})",
       {"srcaddr bytes", "dstaddr bytes"},
       {"10.0.0.1 1", "10.0.0.2 2", "10.0.0.3 3"}},
      {"other metadata is no other format",
       R"({"srcaddr":"10.0.0.1","bytes":1,"@a":1}{"srcaddr":"10.0.0.2","bytes":2,"@b":2})",
       {"srcaddr bytes"},
       {"10.0.0.1 1", "10.0.0.2 2"}},
      {"a row of Logs Insights without its message",
       R"({"results":[[{"field":"@timestamp","value":"2014-12-14"},
                       {"field":"srcAddr","value":"10.0.0.1"},{"field":"bytes","value":"40"},
                       {"field":"@ptr","value":"x"}]],"status":"Complete"})",
       {"srcaddr bytes"},
       {"10.0.0.1 40"}},
      {"JSON in a message",
       R"({"message":"{\"srcaddr\":\"10.0.0.1\",\"bytes\":40}\n"})",
       {"srcaddr bytes"},
       {"10.0.0.1 40"}},
      {"an array of objects as text",
       R"({"message":" [{\"srcaddr\":\"10.0.0.1\",\"bytes\":40},{\"srcaddr\":\"10.0.0.2\",\"bytes\":1}]"})",
       {"srcaddr bytes"},
       {"10.0.0.1 40", "10.0.0.2 1"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    for (const std::size_t chunk : {1, 2, 3, 7, 4096}) {
      const Reading reading = read_all(c.bytes, chunk);
      EXPECT_FALSE(reading.error) << reading.error->message;
      EXPECT_EQ(reading.kind, EnvelopeKind::json);
      EXPECT_EQ(reading.formats, c.formats);
      EXPECT_EQ(reading.texts(), c.lines);
      EXPECT_EQ(reading.coarse_times, c.coarse_times);
      EXPECT_TRUE(reading.rejects.empty()) << reading.rejects.front().detail;
    }
  }
}

TEST(JsonMessages, SeveralLinesInOneAndTheirPlace) {
  const std::string bytes = fmt::format("{{\"message\": \"{}\\n{}\\n\"}}\n{{\"message\": \"{}\"}}",
                                        kAccept, kReject, kNoData);
  const Reading reading = read_all(bytes);
  EXPECT_EQ(reading.lines, (std::vector<Line>{{1, 13, std::string(kAccept)},
                                              {1, 129, std::string(kReject)},
                                              {2, 13, std::string(kNoData)}}));
}

TEST(JsonMessages, OneWithEscapesIsPlacedWhereItsObjectBegins) {
  const Reading reading = read_all("\n  {\"message\": \"10.0.0.1\\u002010.0.0.2\"}");
  EXPECT_EQ(reading.lines, (std::vector<Line>{{2, 2, "10.0.0.1 10.0.0.2"}}));
}

TEST(JsonMessages, WhereOnlyRecordsStandTheyNeedNotLookLikeRecords) {
  const Reading reading =
      read_all(R"({"events": [{"message": "10.0.0.1"}, {"message": "REJECT"}]})");
  EXPECT_EQ(reading.texts(), (std::vector<std::string>{"10.0.0.1", "REJECT"}));
}

TEST(JsonMessages, OddUnitsAmongGoodOnesAreRejects) {
  const std::string bytes = fmt::format(
      "{{\"message\": \"{}\"}}\n{{\"status\": 1}}\n{{\"message\": \"{}\"\n{{\"message\": \"{}\"}}\n"
      "{{\"message\": \"{{oops\"}}\n{{\"message\": tru}}\n",
      kAccept, kReject, kNoData);
  const Reading reading = read_all(bytes);
  EXPECT_FALSE(reading.error);
  EXPECT_EQ(reading.texts(),
            (std::vector<std::string>{std::string(kAccept), std::string(kNoData)}));
  ASSERT_EQ(reading.rejects.size(), 4u);
  const struct {
    std::uint64_t line;
    std::uint32_t column;
    const char* detail;
  } expected[] = {{2, 1, "no record in it"},
                  {4, 1, "an object where none may be"},
                  {5, 1, "JSON in a string"},
                  {6, 1, ""}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(reading.rejects[i].reason, RejectReason::json);
    EXPECT_EQ(reading.rejects[i].line, expected[i].line);
    EXPECT_EQ(reading.rejects[i].column, expected[i].column);
    EXPECT_THAT(reading.rejects[i].detail, testing::HasSubstr(expected[i].detail));
  }
}

TEST(JsonMessages, AnOddEventIsAReject) {
  const Reading reading =
      read_all(fmt::format(R"({{"events": [{{"timestamp": 1}}, {{"message": "{}"}}]}})", kAccept));
  EXPECT_EQ(reading.texts(), std::vector<std::string>{std::string(kAccept)});
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.rejects[0].column, 13u);
}

TEST(Json, TruncationKeepsTheRecordsBefore) {
  const std::string whole = fmt::format(
      "{{\"events\": [\n{{\"message\": \"{}\"}},\n{{\"message\": \"{}\"}}\n]}}", kAccept, kReject);
  const Reading reading = read_all(std::string_view(whole).substr(0, whole.size() - 20));
  EXPECT_EQ(reading.texts(), std::vector<std::string>{std::string(kAccept)});
  ASSERT_TRUE(reading.error);
  EXPECT_EQ(reading.error->code, ErrorCode::damaged);
  EXPECT_EQ(reading.error->where, "object:3:1");
  EXPECT_THAT(reading.error->message, testing::HasSubstr("line 3"));
}

TEST(Json, AfterATopLevelArrayObjectsAreReadAgain) {
  const Reading reading = read_all(
      fmt::format("[{{\"message\": \"{}\"}}]\n{{\"message\": \"{}\"}}\n", kAccept, kReject));
  EXPECT_EQ(reading.lines.size(), 2u);
}

TEST(Json, PagesInAnArray) {
  const Reading reading = read_all(
      fmt::format(R"([{{"events": [{{"message": "{}"}}]}}, {{"events": [{{"message": "{}"}}]}}])",
                  kAccept, kNoData));
  EXPECT_EQ(reading.texts(),
            (std::vector<std::string>{std::string(kAccept), std::string(kNoData)}));
}

TEST(Json, AnOcsfEventWithoutEndsAmongRecordsIsAReject) {
  const Reading reading =
      read_all(fmt::format("{{\"message\": \"{}\"}}\n{{\"class_uid\": 4001}}\n", kAccept));
  EXPECT_FALSE(reading.error);
  EXPECT_EQ(reading.lines.size(), 1u);
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_THAT(reading.rejects[0].detail, testing::HasSubstr("OCSF"));
}

TEST(Json, AnOcsfEventKeepsItsArraysInAnyCut) {
  const std::string event =
      R"({"metadata":{"profiles":["cloud",[]]},"class_uid":4001,"src_endpoint":{"ip":"10.0.1.5",)"
      R"("intermediate_ips":["10.0.0.220"]},"tags":["a","b"],"observables":[{"x":[[1]]}]})";
  const std::string text = event + "\n" + event + "\n";
  const std::vector<std::string> expected = {"10.0.0.220 10.0.1.5 [\"cloud\",[]] 4001 a,b",
                                             "10.0.0.220 10.0.1.5 [\"cloud\",[]] 4001 a,b"};
  for (std::size_t chunk = 1; chunk < 80; ++chunk) {
    EXPECT_EQ(read_all(text, chunk).texts(), expected) << chunk;
  }
  for (std::size_t end = event.size() + 1; end < text.size() - 2; ++end) {
    const Reading reading = read_all(std::string_view(text).substr(0, end));
    EXPECT_EQ(reading.texts(), std::vector<std::string>{expected.front()}) << end;
    EXPECT_EQ(reading.passed_over, 0u);
  }
}

TEST(JsonPayloads, BrokenOnesAreRejects) {
  // H4sI… is the begin of a gzip member, and nothing follows.
  const Reading reading = read_all(fmt::format(
      "{{\"records\": [{{\"data\": \"H4sIAAAAAAAC\"}}]}}\n{{\"message\": \"{}\"}}", kAccept));
  EXPECT_EQ(reading.texts(), std::vector<std::string>{std::string(kAccept)});
  ASSERT_EQ(reading.rejects.size(), 1u);
  EXPECT_EQ(reading.rejects[0].reason, RejectReason::json);
  EXPECT_THAT(reading.rejects[0].detail, testing::StartsWith("base64 payload: "));
}

TEST(JsonPayloads, MayHoldLines) {
  // base64 of "10.0.0.1 10.0.0.2 443\n10.0.0.3 10.0.0.4 22\n".
  const Reading reading = read_all(
      R"({"records": [{"data": "MTAuMC4wLjEgMTAuMC4wLjIgNDQzCjEwLjAuMC4zIDEwLjAuMC40IDIyCg=="}]})");
  EXPECT_EQ(reading.lines,
            (std::vector<Line>{{1, 23, "10.0.0.1 10.0.0.2 443"}, {1, 23, "10.0.0.3 10.0.0.4 22"}}));
  EXPECT_EQ(reading.shape, "base64 payloads in JSON: bare lines");
}

TEST(Json, ManyRejectsDoNotPileUp) {
  GeneratedStream stream(
      [](std::size_t piece) -> std::string { return piece < 20'000 ? "{\"status\": 1}\n" : ""; });
  auto envelope = Envelope::open(stream, "x");
  ASSERT_TRUE(envelope);
  LineBlock block;
  std::size_t rejects = 0;
  std::size_t most = 0;
  while (true) {
    const auto more = (*envelope)->next(block);
    const std::size_t waiting = block.rejects.size();
    rejects += waiting;
    if (rejects > waiting) most = std::max(most, waiting);  // the first holds the sample's
    if (!more || !*more) break;
    EXPECT_TRUE(block.text.empty());
  }
  EXPECT_EQ(rejects, 20'000u);
  EXPECT_LE(most, 256u);
}

TEST(Json, AnyNumberOfNameSetsIsReadInBoundedMemory) {
  GeneratedStream stream([](std::size_t piece) -> std::string {
    if (piece == 2'000) return {};
    return fmt::format("{{\"srcaddr\":\"10.0.0.1\",\"bytes\":1,\"x{}\":1}}\n", piece);
  });
  const Reading reading = read_all(stream);
  EXPECT_EQ(reading.lines.size(), 2'000u);
  EXPECT_EQ(reading.formats.size(), 2'000u);
}

}  // namespace
}  // namespace weir::envelope
