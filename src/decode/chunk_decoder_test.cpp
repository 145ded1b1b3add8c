// SPDX-License-Identifier: Apache-2.0
// Parquet files of all makes, read by Decoder.
#include "decode/chunk_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/scratch_testing.hpp"
#include "decode/decode_testing.hpp"
#include "parquet/parquet_testing.hpp"

namespace weir::decode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ParquetDecoder : public parquet_testing::ParquetTest {
 protected:
  static Decoded decode(const std::string& path, const DecodeOptions& options = {}) {
    auto object = Object::open(path);
    EXPECT_TRUE(object) << object.error().message;
    return decode_object(*std::move(object), options);
  }
};

TEST_F(ParquetDecoder, ReadsWhatAwsWrites) {
  const std::string path = write(
      "aws.log.parquet",
      "SELECT 2::INTEGER AS version, '123456789010' AS account_id, 'eni-1' AS interface_id, "
      "'10.0.0.1' AS srcaddr, '2001:db8::1' AS dstaddr, 49152::INTEGER AS srcport, "
      "443::INTEGER AS dstport, 6::INTEGER AS protocol, 10::BIGINT AS packets, "
      "9007199254740993 AS bytes, 1661950735::BIGINT AS start, 1661950746::BIGINT AS \"end\", "
      "'ACCEPT' AS action, 'OK' AS log_status UNION ALL "
      "SELECT 2, '123456789010', 'eni-1', '-', NULL, NULL, NULL, NULL, NULL, NULL, 1661950735, "
      "1661950746, '-', 'NODATA'",
      "FORMAT parquet, COMPRESSION gzip");
  const Decoded decoded = decode(path);
  EXPECT_THAT(decoded.records,
              ElementsAre("2 123456789010 eni-1 10.0.0.1 2001:db8::1 49152 443 6 10 "
                          "9007199254740993 1661950735 1661950746 ACCEPT OK",
                          "2 123456789010 eni-1 - - - - - - - 1661950735 1661950746 - NODATA"));
  EXPECT_EQ(decoded.report.shape, "Parquet");
  ASSERT_EQ(decoded.report.formats.size(), 1U);
  EXPECT_EQ(*decoded.report.formats[0].format, Format::default_vpc());
  EXPECT_EQ(decoded.report.formats[0].origin, FormatOrigin::wrapping);
  EXPECT_EQ(decoded.report.formats[0].records, 2U);
  EXPECT_THAT(decoded.report.formats[0].sample, HasSubstr("eni-1 10.0.0.1 2001:db8::1 49152"));
}

TEST_F(ParquetDecoder, ReadsEveryTypeThatAValueMayHave) {
  const struct {
    const char* why;
    const char* column;
    const char* expected;
  } cases[] = {
      {"a smaller integer", "443::USMALLINT AS dstport", "443"},
      {"a larger integer", "443::UBIGINT AS dstport", "443"},
      {"a number as text", "'443' AS dstport", "443"},
      {"a double", "443.0::DOUBLE AS dstport", "443"},
      {"a float", "443.0::FLOAT AS dstport", "443"},
      {"a decimal", "443.00::DECIMAL(9, 2) AS dstport", "443"},
      {"pandas' missing number", "'nan'::DOUBLE AS dstport", "-"},
      {"Python's missing number", "'None' AS dstport", "-"},
      {"AWS's missing value", "'-' AS dstport", "-"},
      {"nothing", "'' AS dstport", "-"},
      {"null", "NULL::VARCHAR AS dstport", "-"},
      {"null as an integer", "NULL::INTEGER AS dstport", "-"},
      {"text as bytes", "'10.1.2.3'::BLOB AS dstaddr", "10.1.2.3"},
      {"an address that is missing", "'' AS dstaddr", "-"},
      {"a time in milliseconds", "1661950735123::BIGINT AS start", "1661950735"},
      {"a time as text", "'1661950735' AS start", "1661950735"},
      {"a time as a timestamp", "TIMESTAMP '2022-08-31 12:58:55' AS start", "1661950735"},
      {"a time with a zone", "TIMESTAMPTZ '2022-08-31 12:58:55+00' AS start", "1661950735"},
      {"a time as a date", "DATE '2022-08-31' AS start", "1661904000"},
      {"an account that lost its zeros", "12345678901::BIGINT AS account_id", "012345678901"},
      {"an account as a double", "123456789010::DOUBLE AS account_id", "123456789010"},
      {"an account that is unknown", "'unknown' AS account_id", "unknown"},
      {"a long text", "'eni-0123456789abcdef0' AS interface_id", "eni-0123456789abcdef0"},
      {"a tag, encoded as AWS does", "'web%20tier' AS instance_tag", "web tier"},
      {"a column that nobody knows", "'a b%20' AS my_column", "a b%20"},
      {"a list that nobody knows", "['x', 'y'] AS my_column", "[x, y]"},
      {"a number that nobody knows", "4::BIGINT AS my_column", "4"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Decoded decoded =
        decode(write("case.parquet", std::string("SELECT '10.0.0.1' AS srcaddr, ") + c.column));
    ASSERT_FALSE(decoded.error) << decoded.error->message;
    EXPECT_THAT(decoded.records, ElementsAre(std::string("10.0.0.1 ") + c.expected));
  }
}

TEST_F(ParquetDecoder, RejectsRowsWithTheirPlaceAndReason) {
  const struct {
    const char* why;
    const char* value;
    RejectReason reason;
    const char* detail;
  } cases[] = {
      {"no number", "'https' AS dstport", RejectReason::number, "dstport: 'https' is not a number"},
      {"negative", "-1::INTEGER AS dstport", RejectReason::number, "dstport: '-1' is not a number"},
      {"negative, 64 bits", "-1::BIGINT AS bytes", RejectReason::number,
       "bytes: '-1' is not a number"},
      {"too large", "4294967296::BIGINT AS dstport", RejectReason::number,
       "dstport: 4294967296 is larger than 65535"},
      {"a port that no packet can have", "65536::INTEGER AS dstport", RejectReason::number,
       "dstport: 65536 is larger than 65535"},
      {"a protocol that no packet can have", "256::INTEGER AS protocol", RejectReason::number,
       "protocol: 256 is larger than 255"},
      {"the same as text", "'70000' AS dstport", RejectReason::number,
       "dstport: 70000 is larger than 65535"},
      {"no whole number", "1.5::DOUBLE AS dstport", RejectReason::number,
       "dstport: '1.5' is not a number"},
      {"no address", "'10.0.0' AS dstaddr", RejectReason::address,
       "dstaddr: '10.0.0' is not an address"},
      {"no time", "'yesterday' AS start", RejectReason::time, "start: 'yesterday' is not a time"},
      {"no time either", "-5::BIGINT AS start", RejectReason::time, "start: '-5' is not a time"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const std::string value = c.value;
    const std::string name = value.substr(value.find(" AS ") + 4);
    const std::string expression = value.substr(0, value.find(" AS "));
    const Decoded decoded =
        decode(write("case.parquet",
                     "SELECT 'eni-' || i AS interface_id, '10.0.0.1' AS srcaddr, CASE WHEN i = "
                     "5000 THEN " +
                         expression + " END AS " + name + " FROM range(1, 6001) t(i)"));
    ASSERT_FALSE(decoded.error) << decoded.error->message;
    EXPECT_EQ(decoded.records.size(), 5999U);
    EXPECT_EQ(decoded.records[4998], "eni-4999 10.0.0.1 -");
    EXPECT_EQ(decoded.records[4999], "eni-5001 10.0.0.1 -");
    EXPECT_EQ(decoded.report.rejected, 1U);
    ASSERT_EQ(decoded.report.samples.size(), 1U);
    EXPECT_EQ(decoded.report.samples[0].reason, c.reason);
    EXPECT_EQ(decoded.report.samples[0].line, 5000U);
    EXPECT_EQ(decoded.report.samples[0].detail, c.detail);
    EXPECT_THAT(decoded.report.samples[0].text, HasSubstr("eni-5000 10.0.0.1"));
  }
}

TEST_F(ParquetDecoder, CompletesTheRowsThatAreLeft) {
  const std::string path =
      write("later.parquet",
            "SELECT i AS dstport, CASE WHEN i % 100 = 7 THEN 'x' ELSE '10.0.0.' || i % 256 END AS "
            "srcaddr, CASE WHEN i = 3 THEN 'y' ELSE i::VARCHAR END AS bytes FROM range(300) t(i)");
  DecodeOptions options;
  options.fields = FieldSet();
  options.fields.add(FieldId::bytes);
  options.later.emplace_back().add(FieldId::srcaddr);
  options.later.emplace_back().add(FieldId::dstport);
  auto object = Object::open(path);
  ASSERT_TRUE(object);
  auto decoder = Decoder::open(*std::move(object), options);
  ASSERT_TRUE(decoder) << decoder.error().message;
  Batch batch;
  ASSERT_TRUE(*(*decoder)->next(batch));
  ASSERT_EQ(batch.rows, 299U);  // row 3 has no number of bytes
  Selection selection;
  selection.count = 4;
  std::copy_n(std::array<std::uint16_t, 4>{2, 3, 6, 106}.data(), 4, selection.rows.data());
  (*decoder)->complete(batch, selection, 0);
  ASSERT_EQ(selection.count, 2U);  // rows 7 and 107 of the file have no address
  EXPECT_EQ(selection.rows[0], 2);
  EXPECT_EQ(selection.rows[1], 3);
  (*decoder)->complete(batch, selection, 1);
  EXPECT_EQ(batch.find(FieldId::dstport)->numbers[2], 2U);
  EXPECT_EQ(batch.find(FieldId::dstport)->numbers[3], 4U);
  EXPECT_EQ(to_string(batch.find(FieldId::srcaddr)->addresses[3]), "10.0.0.4");
  EXPECT_FALSE(*(*decoder)->next(batch));
  const DecodeReport& report = (*decoder)->report();
  EXPECT_EQ(report.records, 297U);
  ASSERT_EQ(report.samples.size(), 3U);
  EXPECT_EQ(report.samples[0].line, 4U);
  EXPECT_EQ(report.samples[1].line, 8U);
  EXPECT_EQ(report.samples[2].line, 108U);
}

TEST_F(ParquetDecoder, StopsAtTheFirstRejectUnderStrict) {
  DecodeOptions options;
  options.strict = true;
  const Decoded decoded = decode(
      write("strict.parquet",
            "SELECT CASE WHEN i IN (3000, 4000) THEN 'x' ELSE '1' END AS dstport, '10.0.0.1' AS "
            "srcaddr FROM range(1, 6001) t(i)"),
      options);
  EXPECT_EQ(decoded.records.size(), 2999U);
  ASSERT_TRUE(decoded.error);
  EXPECT_EQ(decoded.error->code, ErrorCode::malformed);
  EXPECT_THAT(decoded.error->where, HasSubstr("strict.parquet:3000"));
}

TEST_F(ParquetDecoder, ReadsWhatIsNoFile) {
  const std::string bytes = scratch_testing::read_file(
      write("memory.parquet", "SELECT '10.0.0.1' AS srcaddr, 22::INTEGER AS dstport"));
  EXPECT_THAT(decode_object(Object::from_memory("memory", bytes)).records,
              ElementsAre("10.0.0.1 22"));
}

TEST_F(ParquetDecoder, TakesNamesAsTheyAre) {
  for (const char* const name : {"a*b?.parquet", "[x].parquet", "it's.parquet", "~.parquet"}) {
    SCOPED_TRACE(name);
    const std::string path = scratch_.path(name);
    std::filesystem::rename(
        write("plain.parquet", "SELECT '10.0.0.1' AS srcaddr, 22::INTEGER AS dstport"), path);
    EXPECT_THAT(decode(path).records, ElementsAre("10.0.0.1 22"));
  }
}

TEST_F(ParquetDecoder, LeavesPartitionsOfThePathAlone) {
  const std::string name = "aws-account-id=123456789010/srcaddr=10.9.9.9/x.parquet";
  std::filesystem::create_directories(std::filesystem::path(scratch_.path(name)).parent_path());
  EXPECT_THAT(decode(write(name, "SELECT '10.0.0.1' AS srcaddr, 22::INTEGER AS dstport")).records,
              ElementsAre("10.0.0.1 22"));
}

TEST_F(ParquetDecoder, SaysWhatIsNoFlowLog) {
  const std::string whole = scratch_testing::read_file(
      write("whole.parquet", "SELECT '10.0.0.1' AS srcaddr, i AS bytes FROM range(9999) t(i)"));
  const struct {
    const char* why;
    std::string path;
    ErrorCode code;
    const char* message;
  } cases[] = {
      {"another table", write("other.parquet", "SELECT 1 AS id, 'x' AS name"),
       ErrorCode::no_flow_log, "its columns are id, name"},
      {"cut off", scratch_.write("cut.parquet", whole.substr(0, whole.size() / 2)),
       ErrorCode::damaged, "No magic bytes found at end of file"},
      {"its first bytes alone", scratch_.write("magic.parquet", "PAR1"), ErrorCode::damaged,
       "cannot be read"},
      {"an end that lies",
       scratch_.write("lies.parquet", whole.substr(0, whole.size() - 8) + "\xff\xff\xff\x7fPAR1"),
       ErrorCode::damaged, "cannot be read"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const Decoded decoded = decode(c.path);
    ASSERT_TRUE(decoded.error);
    EXPECT_EQ(decoded.error->code, c.code);
    EXPECT_THAT(decoded.error->message, HasSubstr(c.message));
    EXPECT_EQ(decoded.error->where, c.path);
  }
}

}  // namespace
}  // namespace weir::decode
