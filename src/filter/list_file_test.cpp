// SPDX-License-Identifier: Apache-2.0
#include "filter/list_file.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "base/scratch_testing.hpp"
#include "filter/filter_testing.hpp"

namespace weir::filter {
namespace {

/// A list of hosts, as a filter names it.
class ListFile {
 public:
  explicit ListFile(std::string_view content)
      : name_(scratch_.write("hosts of list.txt", content)) {}

  const std::string& name() const { return name_; }
  std::string quoted() const { return "@'" + name_ + "'"; }

 private:
  const scratch_testing::ScratchDirectory scratch_;
  const std::string name_;
};

TEST(FilterList, TakesEveryLayout) {
  const ListFile hosts(
      "\xef\xbb\xbf# our hosts\r\n"
      "10.0.0.1, 10.0.0.3 # two of them\r\n"
      "\r\n"
      "\t'10.0.0.5',\"2001:db8::/32\"\n"
      "10.1.0.0-10.1.0.9,,10.2.3.4/16");
  const auto test = batch::make_test_batch(
      "srcaddr", {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5", "2001:db8::1", "10.1.0.9",
                  "10.1.0.10", "10.2.255.255", "-"});
  EXPECT_EQ(matching_rows(test->batch, "srcaddr in " + hosts.quoted()), "0 2 3 4 5 7");
  EXPECT_EQ(matching_rows(test->batch, "src host in " + hosts.quoted()), "0 2 3 4 5 7");
  EXPECT_EQ(matching_rows(test->batch, "src " + hosts.quoted()), "0 2 3 4 5 7");
  EXPECT_EQ(matching_rows(test->batch, "srcaddr not in (10.0.0.2, " + hosts.quoted() + ")"), "6");
}

TEST(FilterList, HoldsNumbersNamesAndTexts) {
  const ListFile ports("ssh 443\n8000-8100\n");
  const ListFile tags("web 'web tier' \"#1\"\n");
  const auto test = batch::make_test_batch("dstport instance-tag",
                                           {"22 web", "443 #1", "8050 tier", "8101 -", "- web"});
  EXPECT_EQ(matching_rows(test->batch, "dst port in " + ports.quoted()), "0 1 2");
  EXPECT_EQ(matching_rows(test->batch, "instance-tag in " + tags.quoted()), "0 1 4");
}

TEST(FilterList, IsNamedInTheCanonicalForm) {
  const ListFile ports("22 443");
  const auto filter = Filter::parse("dstport in (80, " + ports.quoted() + ", 81)");
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->to_string(), "dstport in (80-81, @\"" + ports.name() + "\")");
  EXPECT_TRUE(Filter::parse(filter->to_string()));
  const ListFile nothing("# nobody\n");
  const auto test = batch::make_test_batch("dstport", {"22", "-"});
  EXPECT_EQ(matching_rows(test->batch, "dstport in " + nothing.quoted()), "");
  EXPECT_EQ(matching_rows(test->batch, "dstport not in " + nothing.quoted()), "0");
}

TEST(FilterList, SaysWhichLineIsWrong) {
  const ListFile hosts("10.0.0.1\n10.0.0.2, 10.0.0.256\n");
  const auto filter = Filter::parse("host in " + hosts.quoted());
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().code, ErrorCode::usage);
  EXPECT_EQ(filter.error().where, hosts.name() + ":2:11");
  EXPECT_EQ(filter.error().excerpt, "10.0.0.2, 10.0.0.256\n          ^~~~~~~~~~");
  EXPECT_EQ(filter.error().message,
            "host takes an address such as 10.0.0.1 or a prefix such as 10.0.0.0/8, not "
            "'10.0.0.256'");
  const ListFile open("10.0.0.1\n'10.0.0.2\n");
  const auto quote = Filter::parse("host in " + open.quoted());
  ASSERT_FALSE(quote);
  EXPECT_EQ(quote.error().where, open.name() + ":2:1");
  EXPECT_EQ(quote.error().message, "this quote is not closed on its line");
}

TEST(FilterList, SaysWhatCannotBeRead) {
  const struct {
    const char* why;
    const char* expression;
    ErrorCode code;
    const char* where;
  } cases[] = {
      {"missing", "host in @/nowhere/hosts.txt", ErrorCode::not_found, "/nowhere/hosts.txt"},
      {"a directory", "host in @/", ErrorCode::unreadable, "/"},
  };
  for (const auto& c : cases) {
    const auto filter = Filter::parse(c.expression);
    ASSERT_FALSE(filter) << c.why;
    EXPECT_EQ(filter.error().code, c.code) << c.why;
    EXPECT_EQ(filter.error().where, c.where) << c.why;
    EXPECT_EQ(filter.error().excerpt.substr(0, 9), "host in @") << c.why;
  }
}

TEST(FilterList, HasABudget) {
  ListBudget budget{.bytes = 100, .values = 3};
  ValueSetBuilder builder{ValuePlace(FieldRef(FieldId::dstport))};
  EXPECT_TRUE(add_list("1 2 3", "ports.txt", budget, builder));
  const auto beyond = add_list("4", "ports.txt", budget, builder);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().message,
            "the lists of an expression may hold 64 MiB and 4000000 values together");
  budget = {.bytes = 100, .values = 3};
  const auto endless = add_list_file("/dev/zero", budget, builder);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().where, "/dev/zero");
}

TEST(FilterList, HoldsAHundredThousandPrefixes) {
  std::string text;
  for (unsigned i = 0; i < 100'000; ++i) {
    // Every other /24, so that no two of them join.
    text += to_string(Ip::from_ipv4(i << 9)) + "/24\n";
  }
  ListBudget budget;
  ValueSetBuilder builder{ValuePlace(FieldRef(FieldId::srcaddr))};
  ASSERT_TRUE(add_list(text, "prefixes.txt", budget, builder));
  builder.add_file("prefixes.txt");
  const ValueSetPtr set = builder.finish();
  const auto& addresses = std::get<AddressSet>(set->values);
  EXPECT_EQ(addresses.ipv4.ranges().size(), 100'000U);
  EXPECT_EQ(set->spelling, "in @prefixes.txt");
  for (unsigned i = 0; i < 100'000; i += 997) {
    EXPECT_TRUE(addresses.contains(Ip::from_ipv4((i << 9) + 255))) << i;
    EXPECT_FALSE(addresses.contains(Ip::from_ipv4((i << 9) + 256))) << i;
  }
}

}  // namespace
}  // namespace weir::filter
