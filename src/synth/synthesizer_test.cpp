// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "base/scratch_testing.hpp"
#include "decode/decode_testing.hpp"
#include "weir/source.hpp"
#include "weir/synth.hpp"

namespace weir {
namespace {

constexpr std::int64_t kDay = 1'764'547'200;

SynthOptions options_of(std::string_view fields, std::uint64_t records) {
  SynthOptions options;
  options.format = *parse_synth_format(fields);
  options.records = records;
  return options;
}

std::string text_of(const SynthOptions& options, std::size_t object = 0) {
  const Result<Synthesizer> made = Synthesizer::create(options);
  if (!made) return made.error().message;
  StringSink sink;
  const Result<SynthReport> report = made->write(object, sink);
  EXPECT_TRUE(report.has_value());
  EXPECT_EQ(report->bytes, sink.text().size());
  EXPECT_EQ(report->records + 1, std::count(sink.text().begin(), sink.text().end(), '\n'));
  return sink.text();
}

/// Records by the names of their fields, read without weir's decoder.
class Records {
 public:
  explicit Records(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      std::vector<std::string> values = split(text.substr(at, end - at));
      if (at == 0) {
        for (std::size_t i = 0; i < values.size(); ++i) places_[values[i]] = i;
      } else {
        rows_.push_back(std::move(values));
      }
      at = end + 1;
    }
  }
  std::size_t size() const { return rows_.size(); }
  const std::string& at(std::size_t row, const std::string& field) const {
    return rows_[row].at(places_.at(field));
  }
  std::int64_t number(std::size_t row, const std::string& field) const {
    return std::stoll(at(row, field));
  }
  bool is_ok(std::size_t row) const { return at(row, "log-status") == "OK"; }
  /// How many of 1,000,000 records have this value.
  std::size_t share(const std::string& field, std::string_view value) const {
    std::size_t count = 0;
    for (std::size_t row = 0; row < size(); ++row) count += at(row, field) == value ? 1 : 0;
    return count * 1'000'000 / size();
  }

 private:
  static std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> values;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      values.emplace_back(line.substr(at, end - at));
      at = end + 1;
    }
    return values;
  }

  std::map<std::string, std::size_t> places_;
  std::vector<std::vector<std::string>> rows_;
};

/// True if `text` has the shape of `pattern`, in which 9 stands for a digit, h for a hexadecimal
/// one.
bool has_shape(std::string_view text, std::string_view pattern) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(), [](char c, char p) {
    const bool is_digit = c >= '0' && c <= '9';
    if (p == '#') return is_digit;
    return p == '@' ? is_digit || (c >= 'a' && c <= 'f') : c == p;
  });
}

/// FNV-1a, for texts that are too long to stand here.
std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

TEST(Synth, TheSameSeedGivesTheSameBytesEverywhere) {
  const struct {
    std::string_view fields;
    std::uint64_t fingerprint;
  } cases[] = {
      {"v2", 6829455247686998729U}, {"v5", 12989437869262273494U}, {"all", 16331155917030352882U}};
  for (const auto& c : cases) {
    const SynthOptions options = options_of(c.fields, 20'000);
    const std::string text = text_of(options);
    EXPECT_EQ(fingerprint(text), c.fingerprint) << c.fields;
    EXPECT_EQ(text, text_of(options)) << c.fields;
    SynthOptions other = options;
    other.seed = 2;
    EXPECT_NE(text, text_of(other)) << c.fields;
  }
}

TEST(Synth, EveryLineIsARecord) {
  for (const std::string_view fields :
       {"v2", "v3", "v4", "v5", "v7", "v8", "v9", "v10", "v11", "all",
        "${bytes} ${srcaddr} ${next-hop-interface-id} ${log-status} ${ecs-task-id} ${start}",
        "log-status,interface-id,tcp-flags", "end", "next-hop-az-id", "account-id"}) {
    const std::string text = text_of(options_of(fields, 5000));
    const decode::Decoded decoded = decode::decode_text(text);
    EXPECT_FALSE(decoded.error.has_value()) << fields << ": " << decoded.error->message;
    EXPECT_EQ(decoded.records.size(), 5000U) << fields;
    EXPECT_EQ(decoded.report.rejected, 0U) << fields;
    std::string again = parse_synth_format(fields)->header() + '\n';
    for (const std::string& record : decoded.records) again += record + '\n';
    // Tags alone are spelled otherwise once they are decoded.
    if (!parse_synth_format(fields)->has(FieldId::instance_tag)) {
      EXPECT_TRUE(again == text) << fields << ": nothing is spelled in an unusual way";
    }
  }
}

TEST(Synth, AmountsAreExact) {
  for (const std::uint64_t bytes : {5'000U, 10'000U, 65'536U, 300'000U, 1'000'001U}) {
    SynthOptions options = options_of("v2", 0);
    options.bytes = bytes;
    const std::string text = text_of(options);
    EXPECT_LE(text.size(), bytes);
    // One more record would not fit: none is longer than 190 bytes.
    EXPECT_GT(text.size() + 190, bytes);
  }
  for (const std::uint64_t records : {1U, 2U, 999U, 40'000U}) {
    EXPECT_EQ(Records(text_of(options_of("v2", records))).size(), records);
  }
}

TEST(Synth, SharesAreThoseOfARealLog) {
  const std::string text = text_of(options_of("v5", 50'000));
  const Records records(text);
  const struct {
    const char* field;
    const char* value;
    std::size_t least, most;  // of a million
  } cases[] = {{"action", "REJECT", 120'000, 140'000},
               {"log-status", "NODATA", 8'000, 12'000},
               {"log-status", "SKIPDATA", 50, 500},
               {"type", "IPv6", 12'000, 18'000},
               {"protocol", "6", 850'000, 960'000},
               {"protocol", "17", 20'000, 60'000},
               {"protocol", "1", 5'000, 40'000},
               {"protocol", "58", 100, 3'000},
               {"flow-direction", "egress", 300'000, 600'000},
               {"traffic-path", "8", 200'000, 400'000},
               {"traffic-path", "1", 50'000, 200'000},
               {"traffic-path", "4", 500, 20'000},
               {"traffic-path", "7", 10'000, 40'000},
               {"pkt-dst-aws-service", "S3", 5'000, 60'000},
               {"account-id", "unknown", 10, 10'000}};
  for (const auto& c : cases) {
    const std::size_t share = records.share(c.field, c.value);
    EXPECT_GE(share, c.least) << c.field << ' ' << c.value;
    EXPECT_LE(share, c.most) << c.field << ' ' << c.value;
  }
  std::size_t ssh = 0;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (records.at(row, "dstport") == "22" && records.at(row, "srcaddr").starts_with("10.")) ++ssh;
  }
  EXPECT_GE(ssh, records.size() * 3 / 1000);
  EXPECT_LE(ssh, records.size() * 6 / 1000);
  EXPECT_GT(text.size() / records.size(), 235U);
  EXPECT_LT(text.size() / records.size(), 250U);
}

TEST(Synth, ValuesAreThoseThatAwsWrites) {
  const Records records(text_of(options_of("v5", 50'000)));
  const std::set<std::string> flags{"0", "1", "2", "3", "4", "7", "18", "19"};
  std::set<std::string> accounts;
  std::set<std::string> seen_flags;
  std::map<std::string, std::int64_t> last_minute;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::int64_t start = records.number(row, "start");
    const std::int64_t end = records.number(row, "end");
    const std::string& account = records.at(row, "account-id");
    accounts.insert(account);
    const std::int64_t window = records.at(row, "region") == "ap-southeast-2" ? 600 : 60;
    ASSERT_GT(end, start);
    ASSERT_EQ(start / window, end / window) << "one capture window";
    ASSERT_TRUE(start >= kDay && end < kDay + 86'400);
    const std::string& interface = records.at(row, "interface-id");
    ASSERT_TRUE(interface == "-" || has_shape(interface, "eni-@@@@@@@@@@@@@@@@@")) << interface;
    std::int64_t& last = last_minute[records.at(row, "region")];
    ASSERT_GE(start / window, last) << "ordered by capture window";
    last = start / window;
    if (!records.is_ok(row)) {
      ASSERT_EQ(records.at(row, "srcaddr"), "-");
      ASSERT_EQ(records.at(row, "action"), "-");
      continue;
    }
    ASSERT_GE(records.number(row, "bytes"), records.number(row, "packets") * 28);
    ASSERT_TRUE(flags.contains(records.at(row, "tcp-flags"))) << records.at(row, "tcp-flags");
    seen_flags.insert(records.at(row, "tcp-flags"));
    const std::string& protocol = records.at(row, "protocol");
    if (protocol == "1" || protocol == "58") {
      ASSERT_EQ(records.at(row, "srcport") + records.at(row, "dstport"), "00");
    }
    if (protocol != "6") {
      ASSERT_EQ(records.at(row, "tcp-flags"), "0");
    }
    ASSERT_EQ(records.at(row, "srcaddr").find(':') != std::string::npos,
              records.at(row, "type") == "IPv6");
    if (records.at(row, "flow-direction") == "ingress") {
      ASSERT_EQ(records.at(row, "traffic-path"), "-");
    }
  }
  EXPECT_EQ(seen_flags, flags);
  EXPECT_EQ(accounts.size(), 5U) << "four and `unknown`";
  EXPECT_TRUE(std::any_of(accounts.begin(), accounts.end(),
                          [](const std::string& id) { return id.starts_with('0'); }));
}

using FlowKey = std::tuple<std::string, std::string, std::string, std::string, std::string>;

FlowKey key_of(const Records& records, std::size_t row, bool reversed) {
  const char* const source[] = {"srcaddr", "srcport"};
  const char* const destination[] = {"dstaddr", "dstport"};
  const auto& first = reversed ? destination : source;
  const auto& second = reversed ? source : destination;
  return {records.at(row, first[0]), records.at(row, first[1]), records.at(row, second[0]),
          records.at(row, second[1]), records.at(row, "protocol")};
}

TEST(Synth, BothDirectionsOfAConversationAreThere) {
  const Records records(text_of(options_of("v5", 20'000)));
  std::set<std::pair<std::string, FlowKey>> seen;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (records.is_ok(row)) {
      seen.insert({records.at(row, "interface-id"), key_of(records, row, false)});
    }
  }
  std::size_t accepted = 0;
  std::size_t answered = 0;
  std::size_t refused_answers = 0;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (!records.is_ok(row)) continue;
    const bool has_other =
        seen.contains({records.at(row, "interface-id"), key_of(records, row, true)});
    if (records.at(row, "action") == "ACCEPT") {
      ++accepted;
      answered += has_other ? 1 : 0;
    } else if (has_other && records.at(row, "flow-direction") == "egress") {
      ++refused_answers;
    }
  }
  EXPECT_GT(answered * 100, accepted * 98);
  EXPECT_GT(refused_answers, 50U) << "a network ACL that denies replies";
}

TEST(Synth, BothEndsOfAnInternalConversationAgree) {
  const Records records(text_of(options_of("v5", 40'000)));
  using What = std::tuple<std::string, std::string, std::string, std::string>;
  struct Ends {
    std::multiset<What> leaving, coming;
    std::set<std::string> leaving_at, coming_at;
  };
  std::map<FlowKey, Ends> flows;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const auto internal = [&](const char* field, const char* packet_field) {
      return records.at(row, field).starts_with("10.") &&
             records.at(row, field) == records.at(row, packet_field);
    };
    if (!records.is_ok(row) || !internal("srcaddr", "pkt-srcaddr") ||
        !internal("dstaddr", "pkt-dstaddr")) {
      continue;
    }
    Ends& ends = flows[key_of(records, row, false)];
    const bool leaves = records.at(row, "flow-direction") == "egress";
    (leaves ? ends.leaving : ends.coming)
        .insert({records.at(row, "packets"), records.at(row, "bytes"), records.at(row, "start"),
                 records.at(row, "end")});
    (leaves ? ends.leaving_at : ends.coming_at).insert(records.at(row, "interface-id"));
  }
  std::size_t different = 0;
  for (const auto& [key, ends] : flows) {
    different += ends.leaving == ends.coming ? 0 : 1;
    for (const std::string& interface : ends.leaving_at) {
      EXPECT_FALSE(ends.coming_at.contains(interface)) << interface;
    }
  }
  EXPECT_GT(flows.size(), 2000U);
  EXPECT_LE(different, 2U) << "only the conversation in which the log ends may be cut";
}

TEST(Synth, NewFieldsHaveValuesAndGaps) {
  const Records records(text_of(options_of("all", 30'000)));
  for (const std::string field :
       {"pkt-src-aws-service", "ecs-cluster-arn", "ecs-container-instance-id", "ecs-service-name",
        "ecs-second-container-id", "ecs-task-id", "reject-reason", "resource-id",
        "encryption-status", "instance-tag", "interface-tag-2", "asg-tag", "interface-type",
        "next-hop-interface-id", "next-hop-interface-type", "subnet-id", "instance-id"}) {
    const std::size_t missing = records.share(field, "-");
    EXPECT_LT(missing, 1'000'000U) << field;
    EXPECT_GT(missing, 0U) << field;
  }
  EXPECT_EQ(records.share("sublocation-id", "-"), 1'000'000U);
  EXPECT_EQ(records.share("version", "11"), 1'000'000U);
  std::size_t natted = 0;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const bool by_bpa = records.at(row, "reject-reason") == "BPA";
    if (records.is_ok(row)) {
      ASSERT_EQ(records.at(row, "bytes") == "-", by_bpa);
    }
    if (by_bpa) {
      ASSERT_EQ(records.at(row, "action"), "REJECT");
    }
    if (records.at(row, "interface-type") == "nat_gateway" &&
        records.at(row, "pkt-dstaddr") != records.at(row, "dstaddr")) {
      ++natted;
    }
    for (const char* field : {"instance-tag", "interface-tag-2"}) {
      ASSERT_EQ(records.at(row, field).find_first_of("=, \xc3"), std::string::npos);
    }
  }
  EXPECT_GT(natted, 100U);
}

TEST(Synth, ObjectsHaveTheNamesAndShapeOfDelivery) {
  SynthOptions options = options_of("v2", 6000);
  options.objects = 40;
  const Result<Synthesizer> made = Synthesizer::create(options);
  ASSERT_TRUE(made.has_value());
  std::set<std::string> names;
  std::set<std::string> accounts;
  std::int64_t last_start = 0;
  for (std::size_t object = 0; object < options.objects; ++object) {
    const std::string key = made->object_name(object);
    const std::string id = key.substr(8, 12);
    const std::size_t region_end = key.find('/', 33);
    ASSERT_NE(region_end, std::string::npos) << key;
    const std::string region = key.substr(33, region_end - 33);
    ASSERT_TRUE(has_shape(id, "############")) << key;
    ASSERT_TRUE(has_shape(key, "AWSLogs/" + id + "/vpcflowlogs/" + region + "/2025/12/01/" + id +
                                   "_vpcflowlogs_" + region +
                                   "_fl-@@@@@@@@@@@@@@@@@_20251201T####Z_@@@@@@@@.log"))
        << key;
    names.insert(key);
    accounts.insert(id);
    const Records records(text_of(options, object));
    EXPECT_EQ(records.size(), 150U);
    for (std::size_t row = 0; row < records.size(); ++row) {
      const std::string& account = records.at(row, "account-id");
      EXPECT_TRUE(account == id || account == "unknown") << account;
    }
    EXPECT_GE(records.number(0, "start") + 600, last_start) << "each has its part of the day";
    last_start = records.number(0, "start");
  }
  EXPECT_EQ(names.size(), options.objects);
  EXPECT_EQ(accounts.size(), 4U);
  EXPECT_GT(last_start, kDay + 22 * 3600);
}

TEST(Synth, WritesDirectories) {
  const scratch_testing::ScratchDirectory scratch;
  SynthOptions options = options_of("v2", 0);
  options.bytes = 100'000;
  options.objects = 5;
  const Result<Synthesizer> made = Synthesizer::create(options);
  ASSERT_TRUE(made.has_value());
  for (const auto& [packing, ending] :
       {std::pair(Packing::gzip, ".log.gz"), std::pair(Packing::none, ".log")}) {
    const Result<SynthReport> report = made->write_directory(scratch.path(), packing);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->objects, 5U);
    EXPECT_GT(report->bytes, 99'000U);
    EXPECT_LE(report->bytes, 100'000U);
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
      if (entry.is_regular_file() && entry.path().string().ends_with(ending)) ++found;
    }
    EXPECT_EQ(found, 5U);
  }
  const Result<SynthReport> refused = made->write_directory("/dev/null/logs", Packing::none);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::unreadable);
}

TEST(Synth, RefusesWhatItCannotMake) {
  EXPECT_EQ(parse_synth_format("v6").error().code, ErrorCode::usage);
  EXPECT_EQ(parse_synth_format("srcaddr nonsense").error().code, ErrorCode::usage);
  EXPECT_NE(parse_synth_format("srcaddr tgw-id").error().message.find("tgw-id"), std::string::npos);
  SynthOptions options = options_of("v2", 3);
  options.objects = 4;
  EXPECT_EQ(Synthesizer::create(options).error().code, ErrorCode::usage);
  options.records = 4;
  EXPECT_TRUE(Synthesizer::create(options).has_value());
  options.bytes = 100;
  EXPECT_EQ(Synthesizer::create(options).error().code, ErrorCode::usage);
  options.format = Format::default_transit_gateway();
  options.bytes = 0;
  EXPECT_EQ(Synthesizer::create(options).error().code, ErrorCode::usage);
}

/// A disk that is full after some bytes.
class FullSink final : public ByteSink {
 public:
  Result<void> write(std::string_view bytes) override {
    written += bytes.size();
    if (written < 200'000) return {};
    return Unexpected({ErrorCode::unreadable, "no space left", {}, {}, {}});
  }
  Result<void> finish() override { return {}; }
  std::size_t written = 0;
};

TEST(Synth, StopsWhenTheSinkDoes) {
  const Result<Synthesizer> made = Synthesizer::create(options_of("v2", 1'000'000));
  ASSERT_TRUE(made.has_value());
  FullSink sink;
  const Result<SynthReport> report = made->write(0, sink);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().message, "no space left");
  EXPECT_LT(sink.written, 1'000'000U);
}

}  // namespace
}  // namespace weir
