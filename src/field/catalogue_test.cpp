// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "weir/field.hpp"

namespace weir::field {
namespace {

TEST(Catalogue, HasEveryFieldOfEveryVersion) {
  // AWS VPC User Guide: 54 fields of VPC flow logs; Transit Gateways guide: 18 fields of their own.
  const auto count = [](LogFamily family, int version) {
    const auto fields = field_catalogue();
    return std::count_if(fields.begin(), fields.end(), [&](const FieldInfo& field) {
      return field.version == version &&
             (family == LogFamily::transit_gateway) == (field.family == LogFamily::transit_gateway);
    });
  };
  const int vpc[][2] = {{2, 14}, {3, 7}, {4, 4},  {5, 4},  {7, 10},
                        {8, 1},  {9, 1}, {10, 1}, {11, 12}};
  std::ptrdiff_t total = 0;
  for (const auto& [version, expected] : vpc) {
    EXPECT_EQ(count(LogFamily::vpc, version), expected) << "version " << version;
    total += expected;
  }
  EXPECT_EQ(total, 54);
  EXPECT_EQ(count(LogFamily::transit_gateway, 6), 18);
  EXPECT_EQ(field_catalogue().size(), 54u + 18u)
      << "a version that is not listed above has a row; the last one is "
      << field_catalogue().back().name;
}

TEST(Catalogue, EveryRowIsComplete) {
  std::set<std::string_view> names;
  for (const FieldInfo& field : field_catalogue()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name << " stands twice";
    EXPECT_EQ(find_field(field.name), field.id) << field.name;
    EXPECT_EQ(find_field(column_name(field.name)), field.id) << field.name;
    EXPECT_TRUE(is_field_name(field.name));
    EXPECT_FALSE(field.meaning.empty()) << field.name;
    EXPECT_TRUE(field.meaning.ends_with('.')) << field.name;
    EXPECT_FALSE(field.values.empty()) << field.name;
    EXPECT_FALSE(field.example.empty()) << field.name;
    EXPECT_FALSE(field.missing.empty()) << field.name;
    EXPECT_EQ(field.max > 0, field.type == FieldType::number || field.type == FieldType::time)
        << field.name;
  }
}

TEST(FindField, AcceptsTheSpellingsOfAwsTools) {
  EXPECT_EQ(find_field("pktSrcAddr"), FieldId::pkt_srcaddr) << "Logs Insights";
  EXPECT_EQ(find_field("SRCADDR"), FieldId::srcaddr);
  EXPECT_EQ(find_field("nextHopAzId"), FieldId::next_hop_az_id);
  EXPECT_EQ(find_field("instance-tag2"), FieldId::instance_tag_2);
  EXPECT_EQ(find_field("srcport2"), FieldId::unknown);
  EXPECT_EQ(find_field(""), FieldId::unknown);
  EXPECT_EQ(find_field("-"), FieldId::unknown);
  EXPECT_EQ(find_field(std::string(100, 'a')), FieldId::unknown);
  EXPECT_TRUE(is_field_name("pkt_srcaddr"));
  EXPECT_FALSE(is_field_name("pktSrcAddr")) << "not in a header";
}

TEST(NearFieldNames, PutsTheNearestFirst) {
  EXPECT_EQ(near_field_names("dstprot").front(), "dstport");
  EXPECT_EQ(near_field_names("proto").front(), "protocol");
  EXPECT_EQ(near_field_names("src_adr").front(), "srcaddr");
  EXPECT_THAT(near_field_names("service"), testing::Contains("pkt-src-aws-service"));
  EXPECT_TRUE(near_field_names("foo").empty());
  EXPECT_TRUE(near_field_names(std::string(100000, 'x')).empty());
}

}  // namespace
}  // namespace weir::field
