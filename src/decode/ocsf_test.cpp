// SPDX-License-Identifier: Apache-2.0
// OCSF events of Security Lake, as JSON and as Parquet, read by Decoder.
#include "envelope/ocsf.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "decode/decode_testing.hpp"
#include "parquet/parquet_testing.hpp"

namespace weir::decode {
namespace {

using envelope::OcsfPlace;
using envelope::OcsfReading;
using envelope::OcsfWhen;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

/// What is not null, by its name.
using Record = std::map<std::string, std::string>;

struct Read {
  std::vector<Record> records;
  DecodeReport report;
  std::optional<Error> error;
};

Record record_of(const Batch& batch, std::size_t row) {
  Record record;
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const Column& column = batch.columns[i];
    const FormatField& field = batch.format->fields()[i];
    if (column.nulls.test(row)) continue;
    std::string& value = record[std::string(field.name)];
    if (field.type == FieldType::number || field.type == FieldType::time) {
      value = std::to_string(column.numbers[row]);
    } else if (field.type == FieldType::address) {
      value = to_string(column.addresses[row]);
    } else {
      value = column.texts[row];
    }
  }
  return record;
}

Read read(std::unique_ptr<Object> object) {
  Read read;
  auto decoder = Decoder::open(std::move(object), {});
  if (!decoder) {
    read.error = std::move(decoder.error());
    return read;
  }
  Batch batch;
  while (true) {
    Result<bool> more = (*decoder)->next(batch);
    if (!more) read.error = std::move(more.error());
    if (!more || !*more) break;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      read.records.push_back(record_of(batch, row));
    }
  }
  read.report = (*decoder)->report();
  return read;
}

Read read_json(const std::string& text) { return read(Object::from_memory("ocsf.json", text)); }

/// Sets the member at `src_endpoint.ip`.
void set(json& event, std::string_view path, json value) {
  std::string pointer = "/";
  for (const char c : path) pointer += c == '.' ? '/' : c;
  event[json::json_pointer(pointer)] = std::move(value);
}

/// The ends of a connection and what tells of which source it is.
json plain_event() {
  json event = {{"class_uid", 4001}};
  set(event, "metadata.product.name", "Amazon VPC");
  set(event, "metadata.product.version", "5");
  set(event, "src_endpoint.ip", "10.0.0.1");
  set(event, "dst_endpoint.ip", "10.0.0.2");
  return event;
}

/// Made of the mapping that AWS has published, src/envelope/ocsf.hpp, and of no file of anybody's:
/// egress through a NAT gateway, whose own address is srcaddr.
json egress_event() {
  json event = plain_event();
  set(event, "metadata.product.feature.name", "Flowlogs");
  set(event, "metadata.profiles", {"cloud", "security_control", "datetime"});
  set(event, "metadata.version", "1.1.0");
  set(event, "cloud.account.uid", "123456789010");
  set(event, "cloud.provider", "AWS");
  set(event, "cloud.region", "us-east-1");
  set(event, "cloud.zone", "use1-az1");
  event["src_endpoint"] = {{"ip", "10.0.1.5"},         {"port", 49152},
                           {"svc_name", "-"},          {"intermediate_ips", {"10.0.0.220"}},
                           {"interface_uid", "eni-1"}, {"vpc_uid", "vpc-1"},
                           {"subnet_uid", "subnet-1"}, {"instance_uid", "i-1"}};
  event["dst_endpoint"] = {{"ip", "203.0.113.5"}, {"port", 443}, {"svc_name", "S3"}};
  event["connection_info"] = {{"protocol_num", 6},      {"tcp_flags", 3},
                              {"protocol_ver", "IPv4"}, {"direction", "Outbound"},
                              {"direction_id", 2},      {"boundary", "Internet Gateway"},
                              {"boundary_id", 11}};
  event["traffic"] = {{"packets", 12}, {"bytes", 3456}};
  event["time"] = 1649721732000;
  event["start_time_dt"] = "2022-04-12T00:02:12.000Z";
  event["end_time_dt"] = "2022-04-11T20:03:08.000-04:00";
  event["status_code"] = "OK";
  event["action"] = "Allowed";
  event["action_id"] = 1;
  event["activity_id"] = 6;
  event["observables"] = json::array(
      {{{"name", "src_endpoint.ip"}, {"type_id", 2}, {"value", "10.0.1.5"}, {"more", {1, {2}}}}});
  event["unmapped"] = {{"sublocation_id", "-"}, {"reject_reason", "-"}, {"note", "x y"}};
  return event;
}

const Record kEgress = {{"version", "5"},
                        {"account-id", "123456789010"},
                        {"interface-id", "eni-1"},
                        {"srcaddr", "10.0.0.220"},
                        {"dstaddr", "203.0.113.5"},
                        {"srcport", "49152"},
                        {"dstport", "443"},
                        {"protocol", "6"},
                        {"packets", "12"},
                        {"bytes", "3456"},
                        {"start", "1649721732"},
                        {"end", "1649721788"},
                        {"action", "ACCEPT"},
                        {"log-status", "OK"},
                        {"vpc-id", "vpc-1"},
                        {"subnet-id", "subnet-1"},
                        {"instance-id", "i-1"},
                        {"tcp-flags", "3"},
                        {"type", "IPv4"},
                        {"pkt-srcaddr", "10.0.1.5"},
                        {"pkt-dstaddr", "203.0.113.5"},
                        {"region", "us-east-1"},
                        {"az-id", "use1-az1"},
                        {"pkt-dst-aws-service", "S3"},
                        {"flow-direction", "egress"},
                        {"traffic-path", "8"},
                        // What has no place in a flow log.
                        {"class-uid", "4001"},
                        {"activity-id", "6"},
                        {"cloud.provider", "AWS"},
                        {"metadata.product.name", "Amazon VPC"},
                        {"metadata.product.feature.name", "Flowlogs"},
                        {"metadata.profiles", "cloud,security_control,datetime"},
                        {"metadata.version", "1.1.0"},
                        {"unmapped.note", "x y"}};

/// A rejected one that arrived, and a window without traffic.
json ingress_event() {
  json event = egress_event();
  event["src_endpoint"] = {{"ip", "198.51.100.7"}, {"port", 56858}, {"svc_name", "-"}};
  event["dst_endpoint"] = {{"ip", "10.0.1.5"},     {"port", 22},
                           {"svc_name", "-"},      {"interface_uid", "eni-1"},
                           {"vpc_uid", "vpc-1"},   {"subnet_uid", "subnet-1"},
                           {"instance_uid", "i-1"}};
  event["connection_info"] = {
      {"protocol_num", 6}, {"tcp_flags", 2},  {"protocol_ver", "IPv4"}, {"direction", "Inbound"},
      {"direction_id", 1}, {"boundary", "-"}, {"boundary_id", 99}};
  event["action"] = "Denied";
  event["action_id"] = 2;
  return event;
}

json no_data_event() {
  json event = ingress_event();
  event["src_endpoint"] = {{"ip", "-"}, {"svc_name", "-"}};
  event["dst_endpoint"] = {{"ip", "-"}, {"svc_name", "-"}, {"interface_uid", "eni-1"}};
  event["connection_info"] = {{"boundary", "-"}, {"direction", "-"}, {"protocol_ver", "-"}};
  event["traffic"] = json::object();
  event.erase("action_id");
  event["action"] = "-";
  event["activity_id"] = 0;
  event["status_code"] = "NODATA";
  return event;
}

/// Another source that has written Network Activity, with much that no flow log has.
json custom_event() {
  json event = {{"class_uid", 4001}, {"time", 1649721732}, {"duration", 12}};
  set(event, "metadata.product.name", "My Sensor");
  set(event, "metadata.product.version", "8.1.2");
  event["src_endpoint"] = {
      {"ip", "10.0.0.1"},       {"port", 55555},
      {"svc_name", "frontend"}, {"interface_uid", "eth0"},
      {"instance_uid", "i-1"},  {"intermediate_ips", {"10.9.0.1", "10.9.0.2"}}};
  event["dst_endpoint"] = {{"ip", "10.0.0.2"}, {"port", 443}, {"instance_uid", "i-2"}};
  event["connection_info"] = {{"protocol_name", "tcp"}, {"direction_id", 3}, {"boundary_id", 2}};
  event["traffic"] = {{"bytes", 1000}, {"packets", 4}};
  event["activity_id"] = 2;
  event["status_code"] = "200";
  event["disposition_id"] = 2;
  return event;
}

const Record kCustom = {{"srcaddr", "10.9.0.1"},
                        {"dstaddr", "10.0.0.2"},
                        {"srcport", "55555"},
                        {"dstport", "443"},
                        {"protocol", "6"},
                        {"packets", "4"},
                        {"bytes", "1000"},
                        {"start", "1649721732"},
                        {"action", "REJECT"},
                        {"interface-id", "eth0"},
                        {"instance-id", "i-1"},
                        {"class-uid", "4001"},
                        {"duration", "12"},
                        {"metadata.product.name", "My Sensor"},
                        {"metadata.product.version", "8.1.2"},
                        {"src-endpoint.svc-name", "frontend"},
                        {"src-endpoint.intermediate-ips", "10.9.0.1,10.9.0.2"},
                        {"dst-endpoint.instance-uid", "i-2"},
                        {"connection-info.direction-id", "3"},
                        {"connection-info.boundary-id", "2"},
                        {"activity-id", "2"},
                        {"status-code", "200"},
                        {"disposition-id", "2"}};

TEST(Ocsf, EveryPlaceOfTheTableGivesItsField) {
  for (const OcsfPlace& place : envelope::ocsf_places()) {
    SCOPED_TRACE(fmt::format("{} at {}", field_info(place.field).name, place.path));
    const auto expect = [&](const json& value, const std::string& expected) {
      json event = plain_event();
      set(event, place.path, value);
      const Read got = read_json(event.dump());
      ASSERT_FALSE(got.error) << got.error->message;
      ASSERT_EQ(got.records.size(), 1U);
      EXPECT_THAT(got.records[0], Contains(Pair(field_info(place.field).name, expected)));
    };
    const std::string example(field_info(place.field).example);
    switch (place.reading) {
      case OcsfReading::as_is:
      case OcsfReading::words_or_as_is:
        expect(example, example);
        break;
      case OcsfReading::first_of_list:
        expect(json::array({example}), example);
        break;
      case OcsfReading::seconds:
        expect(1649721732999, "1649721732");
        expect("1649721732999", "1649721732");
        expect(1649721732, "1649721732");
        expect("2022-04-11 20:02:12.000-04:00", "1649721732");
        break;
      case OcsfReading::protocol_name:
        expect("tcp", "6");
        expect("UDP", "17");
        break;
      case OcsfReading::words:
        break;
    }
    for (const envelope::OcsfWord& word : place.words) {
      if (word.to.empty()) continue;
      expect(std::string(word.from), std::string(word.to));
      if (word.from.find_first_not_of("0123456789") == std::string_view::npos) {
        expect(std::stoi(std::string(word.from)), std::string(word.to));
      }
    }
  }
}

TEST(Ocsf, EveryFieldOfTheCatalogueHasAPlace) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const FieldInfo& info = field_info(static_cast<FieldId>(i));
    SCOPED_TRACE(info.name);
    const auto& places = envelope::ocsf_places();
    const bool has_place = std::any_of(places.begin(), places.end(), [&](const OcsfPlace& place) {
      return place.field == static_cast<FieldId>(i);
    });
    // What AWS's mapping has no place for, it puts under `unmapped`. The default format, versions 3
    // to 5 have places but for the sublocation.
    const bool is_sublocation = info.name.starts_with("sublocation");
    EXPECT_EQ(has_place, info.version <= 5 && !is_sublocation);
    if (has_place) continue;
    std::string name(info.name);
    std::replace(name.begin(), name.end(), '-', '_');
    json event = plain_event();
    event["unmapped"] = {{name, info.example}};
    const Read got = read_json(event.dump());
    ASSERT_EQ(got.records.size(), 1U);
    EXPECT_THAT(got.records[0],
                Contains(Pair(info.name, info.percent_encoded ? percent_decode(info.example)
                                                              : std::string(info.example))));
  }
}

TEST(Ocsf, AnEventBecomesTheRecordThatItWasMadeOf) {
  EXPECT_THAT(read_json(egress_event().dump()).records, ElementsAre(kEgress));
  const Record ingress = read_json(ingress_event().dump()).records.at(0);
  EXPECT_THAT(ingress, Contains(Pair("interface-id", "eni-1")));
  EXPECT_THAT(ingress, Contains(Pair("srcaddr", "198.51.100.7")));
  EXPECT_THAT(ingress, Contains(Pair("pkt-srcaddr", "198.51.100.7")));
  EXPECT_THAT(ingress, Contains(Pair("flow-direction", "ingress")));
  EXPECT_THAT(ingress, Contains(Pair("action", "REJECT")));
  EXPECT_THAT(ingress, Not(Contains(Key("traffic-path"))));
  const Record no_data = read_json(no_data_event().dump()).records.at(0);
  EXPECT_THAT(no_data, Contains(Pair("log-status", "NODATA")));
  EXPECT_THAT(no_data, Contains(Pair("interface-id", "eni-1")));
  EXPECT_THAT(no_data, Not(Contains(Key("srcaddr"))));
  EXPECT_THAT(no_data, Not(Contains(Key("action"))));
}

TEST(Ocsf, WhatHasNoPlaceInAFlowLogStaysText) {
  EXPECT_THAT(read_json(custom_event().dump()).records, ElementsAre(kCustom));
}

TEST(Ocsf, PacketAddressesAreClaimedOnlyWhereTheFlowLogHadThem) {
  const struct {
    const char* why;
    const char* product;  ///< empty: none is named
    const char* version;
    bool has_intermediate;
    bool expected;
  } cases[] = {
      {"version 5 of the flow log", "Amazon VPC", "5", false, true},
      {"version 2 has none", "Amazon VPC", "2", false, false},
      {"nothing tells", "", "", false, false},
      {"an intermediate address is srcaddr", "", "", true, true},
      {"no flow log", "My Sensor", "5", false, false},
      {"no flow log, behind a proxy", "My Sensor", "5", true, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    json event = plain_event();
    event.erase("metadata");
    if (*c.product != '\0') {
      event["metadata"] = {{"product", {{"name", c.product}, {"version", c.version}}}};
    }
    if (c.has_intermediate) set(event, "src_endpoint.intermediate_ips", {"10.9.9.9"});
    const Record record = read_json(event.dump()).records.at(0);
    EXPECT_EQ(record.contains("pkt-srcaddr"), c.expected);
    EXPECT_EQ(record.contains("pkt-dstaddr"), c.expected);
    EXPECT_EQ(record.at("srcaddr"), c.has_intermediate ? "10.9.9.9" : "10.0.0.1");
  }
}

TEST(Ocsf, TheInterfaceIsThatOfTheEndAtWhichItWasRecorded) {
  const struct {
    const char* why;
    const char* source;
    const char* destination;
    const char* direction;
    const char* expected;
    const char* rest;  ///< the name of the text that keeps the other
  } cases[] = {
      {"egress", "eni-1", "", "Outbound", "eni-1", ""},
      {"ingress", "", "eni-2", "Inbound", "eni-2", ""},
      {"egress, and the other end is missing", "eni-1", "-", "Outbound", "eni-1", ""},
      {"no direction", "", "eni-2", "-", "eni-2", ""},
      {"both, egress", "eni-1", "eni-2", "Outbound", "eni-1", "dst-endpoint.interface-uid"},
      {"both, ingress", "eni-1", "eni-2", "Inbound", "eni-2", "src-endpoint.interface-uid"},
      {"both, no direction", "eni-1", "eni-2", "-", "eni-1", "dst-endpoint.interface-uid"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    json event = plain_event();
    if (*c.source != '\0') set(event, "src_endpoint.interface_uid", c.source);
    if (*c.destination != '\0') set(event, "dst_endpoint.interface_uid", c.destination);
    set(event, "connection_info.direction", c.direction);
    const Record record = read_json(event.dump()).records.at(0);
    EXPECT_EQ(record.at("interface-id"), c.expected);
    for (const char* const name : {"src-endpoint.interface-uid", "dst-endpoint.interface-uid"}) {
      EXPECT_EQ(record.contains(name), std::string_view(name) == c.rest) << name;
    }
  }
}

TEST(Ocsf, JsonIsReadInEveryWrapping) {
  const json event = egress_event();
  const std::string line = event.dump();
  const std::string expected_shape = "OCSF Network Activity, JSON";
  const struct {
    const char* why;
    std::string text;
  } cases[] = {
      {"lines", line + "\n" + line + "\n"},
      {"back to back", line + line},
      {"an array", "[" + line + ",\n" + line + "]"},
      {"written for people", event.dump(2) + "\n" + event.dump(4)},
      {"Records", json({{"Records", {event, event}}}).dump()},
      {"Records for people", json({{"Records", {event, event}}}).dump(2)},
      {"messages of CloudWatch Logs, which parseToOCSF has made",
       json({{"events", {{{"message", line}}, {{"message", line}}}}}).dump()},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Read got = read_json(c.text);
    EXPECT_FALSE(got.error);
    EXPECT_THAT(got.records, ElementsAre(kEgress, kEgress));
    EXPECT_EQ(got.report.rejected, 0U);
    if (std::string_view(c.why).find("CloudWatch") == std::string_view::npos) {
      EXPECT_EQ(got.report.shape, expected_shape);
    }
  }
}

/// Numbers as texts, at any depth.
void write_numbers_as_texts(json& value) {
  if (value.is_number()) value = value.dump();
  if (!value.is_structured()) return;
  for (json& each : value) write_numbers_as_texts(each);
}

TEST(Ocsf, NumbersMayBeTexts) {
  json event = egress_event();
  write_numbers_as_texts(event);
  EXPECT_THAT(read_json(event.dump()).records, ElementsAre(kEgress));
}

TEST(Ocsf, ValuesThatCannotBeAreCounted) {
  const struct {
    const char* why;
    const char* path;
    json value;
    RejectReason reason;
  } cases[] = {
      {"a port", "src_endpoint.port", 65536, RejectReason::number},
      {"a negative port", "dst_endpoint.port", -1, RejectReason::number},
      {"a protocol", "connection_info.protocol_num", 256, RejectReason::number},
      {"an address", "src_endpoint.ip", "10.0.0.256", RejectReason::address},
      {"bytes", "traffic.bytes", "many", RejectReason::number},
      {"a time", "start_time", "yesterday", RejectReason::time},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    json bad = plain_event();
    set(bad, c.path, c.value);
    const Read got = read_json(plain_event().dump() + "\n" + bad.dump() + "\n");
    EXPECT_EQ(got.records.size(), 1U);
    EXPECT_EQ(got.report.rejected, 1U);
    EXPECT_EQ(got.report.rejected_by_reason[static_cast<std::size_t>(c.reason)], 1U);
  }
  const Read none = read_json(plain_event().dump() + "\n{\"class_uid\":4001,\"time\":1}\n");
  EXPECT_EQ(none.records.size(), 1U);
  ASSERT_EQ(none.report.samples.size(), 1U);
  EXPECT_THAT(none.report.samples[0].detail, HasSubstr("without an address or interface"));
}

TEST(Ocsf, OtherClassesAreLeftOut) {
  const std::string dns = R"({"class_uid":4003,"src_endpoint":{"ip":"10.0.0.1"},"time":1})";
  const Read alone = read_json(dns + "\n" + dns);
  ASSERT_TRUE(alone.error);
  EXPECT_EQ(alone.error->code, ErrorCode::other_log);
  const Read mixed = read_json(dns + "\n" + plain_event().dump() + "\n" + dns + "\n");
  EXPECT_FALSE(mixed.error);
  EXPECT_EQ(mixed.records.size(), 1U);
  EXPECT_EQ(mixed.report.rejected_by_reason[static_cast<std::size_t>(RejectReason::other_log)], 2U);
}

TEST(Ocsf, WhatNamesNoClassIsTakenByItsTypeItsNameOrItsEnds) {
  const struct {
    const char* why;
    const char* members;
    bool is_network;
  } cases[] = {
      {"its type", R"("type_uid":400106)", true},
      {"another type", R"("type_uid":"400301")", false},
      {"its name", R"("class_name":"Network Activity")", true},
      {"another name", R"("class_name":"DNS Activity")", false},
      {"its ends", R"("category_uid":4)", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Read got = read_json(fmt::format(
        R"({{"category_uid":4,{},"src_endpoint":{{"ip":"10.0.0.1"}},"dst_endpoint":{{"ip":"::1"}}}})",
        c.members));
    EXPECT_EQ(got.records.size(), c.is_network ? 1U : 0U);
  }
}

TEST(Ocsf, AMemberMayHaveAnyName) {
  json event = plain_event();
  event["a b\n"] = 1;
  event[std::string("nul\0l", 5)] = 2;
  event["start"] = "kept beside the field";
  event["x"] = {{"y", {{"z", json::array({json::object({{"k", 1}})})}}}};
  const Record record = read_json(event.dump()).records.at(0);
  EXPECT_THAT(record, Contains(Pair("a-b-", "1")));
  EXPECT_THAT(record, Contains(Pair("nul-l", "2")));
  EXPECT_THAT(record, Contains(Pair("ocsf.start", "kept beside the field")));
  EXPECT_THAT(record, Contains(Pair("x.y.z", R"([{"k":1}])")));
}

class OcsfParquet : public parquet_testing::ParquetTest {
 protected:
  /// Writes events as DuckDB understands their JSON, with some columns changed.
  std::string write_events(const std::string& name, const std::vector<json>& events,
                           const std::string& columns = "*") {
    std::string lines;
    for (const json& event : events) lines += event.dump() + "\n";
    const std::string path = scratch_.write(name + ".ndjson", lines);
    return write(name, fmt::format("SELECT {} FROM read_json({}, format = 'newline_delimited', "
                                   "maximum_depth = -1, map_inference_threshold = -1)",
                                   columns, duckdb::quoted_text(path)));
  }

  static Read read_parquet(const std::string& path) {
    auto object = Object::open(path);
    EXPECT_TRUE(object) << object.error().message;
    return read(*std::move(object));
  }
};

TEST_F(OcsfParquet, SaysTheSameAsJson) {
  const std::vector<json> flow_logs = {egress_event(), ingress_event(), no_data_event()};
  std::vector<json> all = flow_logs;
  all.push_back(custom_event());
  const struct {
    const char* why;
    const std::vector<json>& events;
    const char* columns;
  } cases[] = {
      {"structs", flow_logs, "*"},
      {"of several sources", all, "*"},
      {"a map, as AWS Glue's table has it", flow_logs,
       "* REPLACE (MAP {'sublocation_id': unmapped.sublocation_id, 'reject_reason': "
       "unmapped.reject_reason, 'note': unmapped.note} AS unmapped)"},
      {"a list of pairs, as pandas writes a map", flow_logs,
       "* REPLACE ([['sublocation_id', unmapped.sublocation_id], ['reject_reason', "
       "unmapped.reject_reason], ['note', unmapped.note]] AS unmapped)"},
      {"numbers as doubles, as pandas writes columns with nulls", flow_logs,
       "* REPLACE (struct_pack(packets := traffic.packets::DOUBLE, bytes := traffic.bytes::DOUBLE) "
       "AS traffic, class_uid::DOUBLE AS class_uid, action_id::DOUBLE AS action_id, time::DOUBLE "
       "AS time)"},
      {"times as timestamps", flow_logs,
       "* REPLACE (start_time_dt::TIMESTAMPTZ AS start_time_dt, end_time_dt::TIMESTAMPTZ AS "
       "end_time_dt)"},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    SCOPED_TRACE(cases[i].why);
    std::string lines;
    for (const json& event : cases[i].events) lines += event.dump() + "\n";
    const Read got =
        read_parquet(write_events(fmt::format("{}.parquet", i), cases[i].events, cases[i].columns));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.records, read_json(lines).records);
    EXPECT_EQ(got.report.shape, "OCSF Network Activity, Parquet");
    EXPECT_EQ(got.report.rejected, 0U);
  }
}

TEST_F(OcsfParquet, ColumnsMayBeNamedByTheirPaths) {
  const std::string nested = write_events("nested.parquet", {egress_event()});
  const std::string flat = write(
      "flat.parquet",
      fmt::format("SELECT class_uid, src_endpoint.ip AS \"src_endpoint.ip\", dst_endpoint.ip AS "
                  "\"dst_endpoint.ip\", traffic.bytes AS \"traffic.bytes\", time FROM "
                  "read_parquet({})",
                  duckdb::quoted_text(nested)));
  EXPECT_THAT(read_parquet(flat).records, ElementsAre(Record{{"srcaddr", "10.0.1.5"},
                                                             {"dstaddr", "203.0.113.5"},
                                                             {"bytes", "3456"},
                                                             {"start", "1649721732"},
                                                             {"class-uid", "4001"}}));
}

TEST_F(OcsfParquet, NestedColumnsAreNeverTakenForAFlowLogsOwn) {
  // As many of the file's own columns are names of fields as are not.
  const Read got = read_parquet(
      write("narrow.parquet",
            "SELECT 4001 AS class_uid, 1649721732000 AS start_time, 1649721788000 AS end_time, "
            "'Allowed' AS action, 'us-east-1' AS region, {'ip': '10.0.0.1'} AS src_endpoint, "
            "{'ip': '10.0.0.2'} AS dst_endpoint"));
  ASSERT_EQ(got.records.size(), 1U);
  EXPECT_THAT(got.records[0], Contains(Pair("srcaddr", "10.0.0.1")));
  EXPECT_THAT(got.records[0], Contains(Pair("action", "ACCEPT")));
}

TEST(Ocsf, TheVersionOfAProductThatIsNotNamedIsNoFlowLogs) {
  json event = plain_event();
  event["metadata"] = {{"product", {{"version", "8.1.2"}}}};
  const Record record = read_json(event.dump()).records.at(0);
  EXPECT_THAT(record, Contains(Pair("metadata.product.version", "8.1.2")));
  EXPECT_THAT(record, Not(Contains(Key("version"))));
}

TEST_F(OcsfParquet, EveryPlaceOfTheTableGivesItsField) {
  for (const OcsfPlace& place : envelope::ocsf_places()) {
    SCOPED_TRACE(fmt::format("{} at {}", field_info(place.field).name, place.path));
    std::vector<json> events;
    const auto add = [&](const json& value) {
      json event = plain_event();
      set(event, place.path, value);
      events.push_back(std::move(event));
    };
    const bool is_list = place.reading == OcsfReading::first_of_list;
    if (is_list) add(json::array({field_info(place.field).example}));
    if (place.reading == OcsfReading::as_is) add(std::string(field_info(place.field).example));
    if (place.reading == OcsfReading::seconds) add(1649721732999);
    if (place.reading == OcsfReading::protocol_name) add("udp");
    for (const envelope::OcsfWord& word : place.words) add(std::string(word.from));
    std::string lines;
    for (const json& event : events) lines += event.dump() + "\n";
    const Read got = read_parquet(write_events("place.parquet", events));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.records, read_json(lines).records);
  }
}

TEST_F(OcsfParquet, RowsOfOtherClassesAreCountedOnce) {
  json dns = plain_event();
  dns["class_uid"] = 4003;
  std::vector<json> events(3, plain_event());
  events.insert(events.begin() + 1, dns);
  events.push_back(dns);
  const Read mixed = read_parquet(write_events("mixed.parquet", events));
  ASSERT_FALSE(mixed.error);
  EXPECT_EQ(mixed.records.size(), 3U);
  EXPECT_EQ(mixed.report.rejected_by_reason[static_cast<std::size_t>(RejectReason::other_log)], 2U);
  ASSERT_EQ(mixed.report.samples.size(), 2U);
  EXPECT_EQ(mixed.report.samples[0].line, 2U);
  EXPECT_EQ(mixed.report.samples[1].line, 5U);
  const Read alone = read_parquet(write_events("dns.parquet", {dns, dns}));
  ASSERT_TRUE(alone.error);
  EXPECT_EQ(alone.error->code, ErrorCode::other_log);
}

TEST_F(OcsfParquet, ValuesThatCannotBeAreCounted) {
  json bad = plain_event();
  set(bad, "src_endpoint.port", 65536);
  json good = plain_event();
  set(good, "src_endpoint.port", 65535);
  const Read got = read_parquet(write_events("ports.parquet", {good, bad}));
  EXPECT_EQ(got.records.size(), 1U);
  EXPECT_EQ(got.report.rejected_by_reason[static_cast<std::size_t>(RejectReason::number)], 1U);
}

TEST_F(OcsfParquet, EventsWithoutEndsAreNoFlowLog) {
  const Read got = read_parquet(
      write("ends.parquet", "SELECT {'version': '1'} AS metadata, 4001 AS class_uid, 1 AS time"));
  ASSERT_TRUE(got.error);
  EXPECT_EQ(got.error->code, ErrorCode::no_flow_log);
  EXPECT_THAT(got.error->message, HasSubstr("OCSF"));
}

}  // namespace
}  // namespace weir::decode
