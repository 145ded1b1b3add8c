// SPDX-License-Identifier: Apache-2.0
// decode: logs without a header in every known order mean what they mean with their header, or weir
// says that it cannot tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/decode_testing.hpp"
#include "decode/invented_lines_testing.hpp"

namespace weir::decode {
namespace {

using testing::HasSubstr;

/// Checks that no value of a headerless log is under another field's name.
void expect_the_same_or_said(const NamedFormat& known, const std::string& lines, const char* what) {
  SCOPED_TRACE(known.name + ", " + what);
  const Decoded named = decode_text(known.format->header() + "\n" + lines);
  const Decoded bare = decode_text(lines);
  ASSERT_FALSE(named.error) << named.error->message;
  if (bare.error) {
    EXPECT_TRUE(bare.error->code == ErrorCode::ambiguous) << bare.error->message;
    EXPECT_THAT(bare.error->hint, HasSubstr("--guess"));
    return;
  }
  ASSERT_EQ(bare.report.formats.size(), 1U);
  const FormatUse& use = bare.report.formats.front();
  EXPECT_EQ(bare.records, named.records);
  bool is_whole = true;
  for (std::size_t i = 0; i < known.format->size(); ++i) {
    const std::string& expected = known.format->fields()[i].name;
    const std::string& name = use.format->fields()[i].name;
    const bool is_untold = name == fmt::format("column-{}", i + 1);
    EXPECT_TRUE(name == expected || is_untold) << name << " for " << expected;
    is_whole &= !is_untold;
  }
  if (!is_whole) {
    EXPECT_THAT(use.evidence, HasSubstr("would name them differently"));
  }
}

TEST(KnownOrders, HeaderlessLogsReadAsWithTheirHeaderOrAreSaidToBeAmbiguous) {
  const struct {
    const char* what;
    InventedTraffic traffic;
  } kinds[] = {
      {"IPv4", {}},
      {"IPv6", {.ipv6 = true}},
      {"ECS tasks", {.ecs = true}},
      {"ECS tasks and IPv6", {.ipv6 = true, .ecs = true}},
      {"nothing but NODATA", {.only_nodata = true}},
      {"an interface that AWS manages", {.managed = true}},
  };
  for (const NamedFormat& known : known_formats()) {
    for (const auto& kind : kinds) {
      for (const std::size_t count : {1U, 2U, 16U, 200U}) {
        expect_the_same_or_said(known, invented_lines(*known.format, count, kind.traffic),
                                kind.what);
      }
    }
  }
}

TEST(KnownOrders, AreInferredFromOrdinaryTraffic) {
  for (const NamedFormat& known : known_formats()) {
    const Decoded bare = decode_text(invented_lines(*known.format, 64, {.ecs = true}));
    ASSERT_FALSE(bare.error) << known.name << ": " << bare.error->message;
    ASSERT_EQ(bare.report.formats.size(), 1U) << known.name;
    EXPECT_EQ(bare.report.formats.front().format->header(), known.format->header()) << known.name;
  }
}

TEST(KnownOrders, OneEcsTaskAmongManyOthersTellsTheOrderOfItsFields) {
  for (const NamedFormat& known : known_formats()) {
    if (known.format->index_of(FieldId::ecs_task_id) < 0) continue;
    const std::string lines =
        invented_lines(*known.format, 400) + invented_lines(*known.format, 2, {.ecs = true});
    const Decoded bare = decode_text(lines);
    ASSERT_FALSE(bare.error) << known.name << ": " << bare.error->message;
    EXPECT_EQ(bare.report.formats.front().format->header(), known.format->header()) << known.name;
  }
}

TEST(KnownOrders, AnOrderThatFitsButCannotBeIsRefusedWithTheReason) {
  const struct {
    const char* what;
    const char* format;
    const char* reason;
  } cases[] = {
      {"bytes before packets",
       "version account-id interface-id srcaddr dstaddr srcport dstport protocol bytes packets "
       "start end action log-status",
       "fewer bytes than packets"},
      {"end before start",
       "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
       "end start action log-status",
       "end before they start"},
      {"packets before bytes where AWS's example has them the other way round",
       "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport "
       "dstport pkt-srcaddr pkt-dstaddr protocol packets bytes start end action tcp-flags "
       "log-status",
       "fewer bytes than packets"},
  };
  for (const auto& c : cases) {
    const Decoded bare = decode_text(invented_lines(*Format::parse(c.format), 64));
    ASSERT_TRUE(bare.error) << c.what;
    EXPECT_THAT(bare.error->message, HasSubstr(c.reason)) << c.what;
    EXPECT_THAT(bare.error->hint, HasSubstr("--guess")) << c.what;
  }
}

}  // namespace
}  // namespace weir::decode
