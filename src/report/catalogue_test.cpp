// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "weir/report.hpp"

namespace weir::report {
namespace {

using testing::HasSubstr;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Reports, AreTheFilesAllOfThem) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("reports")) {
    if (entry.path().extension() != ".sql") continue;
    ++files;
    const std::string name = entry.path().stem();
    const Result<Report> read = parse_report(name, text_of(entry.path()));
    ASSERT_TRUE(read) << name << ": " << read.error().where << ' ' << read.error().message;
    const Result<const Report*> found = find_report(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ((*found)->sql, read->sql) << name;
  }
  EXPECT_EQ(reports().size(), files);
  EXPECT_EQ(built_in_prices(), text_of("reports/prices.csv"));
}

/// The lines behind the head.
std::string query_of(const Report& report) {
  const std::size_t last = report.sql.rfind("\n-- ");
  const std::size_t comment = report.sql.rfind("\n--   ");
  const std::size_t begin = comment == std::string::npos ? last : std::max(last, comment);
  return report.sql.substr(report.sql.find('\n', begin + 1));
}

TEST(Reports, SayWhatTheirSqlUses) {
  for (const Report& report : reports()) {
    const std::string query = query_of(report);
    EXPECT_LE(report.title.size(), 73U) << report.name;
    EXPECT_EQ(report.title.back(), '?') << report.name;
    EXPECT_EQ(report.reading.back(), '.') << report.name;
    EXPECT_THAT(query, HasSubstr("ORDER BY")) << report.name;
    std::set<FieldId> described(report.better_with.begin(), report.better_with.end());
    for (const auto& alternatives : report.needs) {
      described.insert(alternatives.begin(), alternatives.end());
    }
    for (const FieldId id : described) {
      EXPECT_THAT(query, HasSubstr(column_name(field_info(id).name))) << report.name;
    }
    for (const ReportParameter& parameter : report.parameters) {
      if (parameter.name == "region") continue;  // picks the price
      EXPECT_THAT(query, HasSubstr("getvariable('" + parameter.name + "')")) << report.name;
    }
  }
}

TEST(Reports, HaveValuesAndPricesForTheirSql) {
  const std::vector<Price> prices = *parse_prices(built_in_prices(), "prices");
  for (const Report& report : reports()) {
    std::vector<std::string> assignments;
    bool has_region = false;
    for (const ReportParameter& parameter : report.parameters) {
      has_region = has_region || parameter.name == "region";
      if (parameter.value.empty()) {
        assignments.push_back(parameter.name + '=' + parameter.example);
      }
    }
    const auto settings = settle_report(report, assignments, prices);
    ASSERT_TRUE(settings) << report.name << ": " << settings.error().message;
    const bool asks_price = query_of(report).find("'usd_per_gb'") != std::string::npos;
    EXPECT_EQ(asks_price, settings->price.has_value()) << report.name;
    EXPECT_EQ(asks_price, has_region) << report.name;
  }
}

TEST(Reports, AreInTheDocumentation) {
  const std::string text = text_of("docs/reports.md");
  for (const Report& report : reports()) {
    std::vector<std::string> better;
    for (const FieldId id : report.better_with) {
      better.push_back(fmt::format("`{}`", field_info(id).name));
    }
    std::vector<std::string> parameters;
    for (const ReportParameter& parameter : report.parameters) {
      parameters.push_back(fmt::format("`{}={}`", parameter.name, parameter.value));
    }
    const std::string row =
        fmt::format("| `{}` | {} | {} | {} | {} |\n", report.name, report.version(), report.title,
                    fmt::join(better, " "), fmt::join(parameters, " "));
    EXPECT_THAT(text, HasSubstr(row));
  }
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = text.find("\n| `", at)) != std::string::npos; ++at) ++rows;
  EXPECT_EQ(rows, reports().size());
}

TEST(FindReport, NamesTheNearest) {
  const struct {
    const char* why;
    const char* name;
    const char* hint;
  } cases[] = {
      {"a letter is missing", "port-scan", "did you mean port-scans"},
      {"two letters are exchanged", "top-takers", "did you mean top-talkers"},
      {"words in another order", "pairs-top", "top-pairs"},
      {"half a name", "exposure", "did you mean ssh-rdp-exposure?"},
      {"nothing like it", "qqqq", "`weir report` lists them all"},
      {"a letter", "x", "`weir report` lists them all"},
      {"nothing", "", "`weir report` lists them all"},
  };
  for (const auto& c : cases) {
    const Result<const Report*> found = find_report(c.name);
    ASSERT_FALSE(found) << c.why;
    EXPECT_THAT(found.error().hint, HasSubstr(c.hint)) << c.why;
  }
  EXPECT_FALSE(find_report(std::string(100'000, 'a')));
}

}  // namespace
}  // namespace weir::report
