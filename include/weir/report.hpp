// SPDX-License-Identifier: Apache-2.0
// report: saved questions: SQL over the table flows, with what it needs and how its answer reads.
//
// Each is a file of reports/, which is embedded when weir is built. The comment at its head is its
// description:
//
//   -- Who receives most on a port                           title
//   -- group: traffic                                        one of report_groups()
//   -- needs: dstaddr bytes instance-tag|interface-tag       fields; of those with | at least one
//   -- better with: flow-direction, to tell sent from ...    fields that may be missing, and why
//   -- prices: nat-gateway-processing                        an item of the table of prices
//   -- parameter: port number = 443; the port that ...       a value that the user may set
//   -- parameter: address address e.g. 10.0.0.5; the ...     one that the user must set
//   -- read: How to read the answer; what the log cannot prove.
//   --   A line that is indented goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/field.hpp"
#include "weir/result.hpp"
#include "weir/sql.hpp"

namespace weir {

/// What a parameter takes, and what it is in SQL.
enum class ReportValueKind : std::uint8_t {
  number,   ///< 443, 0.2
  numbers,  ///< 22,3389; a list in SQL
  address,  ///< 10.0.0.5, 2001:db8::1; canonical text in SQL, as in the columns
  prefix,   ///< 10.0.0.0/8; text in SQL
  text,     ///< anything
};

struct ReportParameter {
  std::string name;
  ReportValueKind kind = ReportValueKind::text;
  std::string value;    ///< unless it is set; empty: it has to be
  std::string example;  ///< of one that has to be set
  std::string meaning;
};

struct Report {
  std::string name;   ///< `top-talkers`
  std::string title;  ///< `Who sends most`
  std::string group;
  std::vector<std::vector<FieldId>> needs;  ///< of each at least one
  std::vector<FieldId> better_with;
  std::string better_because;  ///< `to tell sent from received`
  std::string price_item;      ///< empty: nothing costs anything
  std::vector<ReportParameter> parameters;
  std::string reading;  ///< how to read the answer, sentences
  std::string sql;      ///< the whole file

  /// The lowest version of flow logs that have what it needs.
  int version() const;
  /// Fields that its SQL names and that inputs may lack: the table must have them all the same
  /// (SqlTable::more_fields).
  std::vector<std::string> optional_fields() const;
};

/// `traffic`, `security`, `cost`, `health`.
std::span<const std::string_view> report_groups() noexcept;

/// All reports, by group and then by name.
const std::vector<Report>& reports();
/// Errors: usage, with the nearest names.
Result<const Report*> find_report(std::string_view name);

/// Reads a report's file. Errors: malformed, with `name:line`.
Result<Report> parse_report(std::string_view name, std::string_view text);

/// Errors: usage if fields are missing that the report needs: which, the versions that introduced
/// them, and what to do.
Result<void> check_report_fields(const Report& report, std::span<const SqlColumn> columns);
/// Fields that would make the answer better and that the columns lack.
std::vector<FieldId> missing_better_fields(const Report& report,
                                           std::span<const SqlColumn> columns);

/// A row of the table of prices.
struct Price {
  std::string item;    ///< `nat-gateway-processing`
  std::string region;  ///< `us-east-1`
  std::string usd_per_gb;
  std::string gb;  ///< what a GB is: `10^9` or `2^30` bytes
  std::string date;
  std::string source;
};

/// The table that weir is built with, as CSV.
std::string_view built_in_prices() noexcept;
/// Reads a table of prices: CSV with a line of titles. Errors: malformed, with `name:line`.
Result<std::vector<Price>> parse_prices(std::string_view csv, std::string_view name);
/// The price of an item in a Region. Errors: usage, with the Regions that there are.
Result<Price> find_price(std::span<const Price> prices, std::string_view item,
                         std::string_view region);
/// The Region of a zone's id, which begins with the Region's letters: `use1-az4` -> `us-east-1`;
/// empty for what is none. Source: AWS documentation, "Availability Zone IDs for your AWS
/// resources".
std::string region_of_zone(std::string_view zone_id);
/// `0.045 USD per GB of 10^9 bytes, nat-gateway-processing in us-east-1, 2026-08, https://...`
std::string price_words(const Price& price);

/// What has to run before a report's SQL.
struct ReportSettings {
  std::string statements;      ///< `SET VARIABLE port = 443;`, a line each
  std::optional<Price> price;  ///< of a report with prices, in the Region of its parameter
};

/// Sets a report's parameters and its price. `assignments` are NAME=VALUE. No value gets into the
/// SQL other than as a number or quoted. Errors: usage, for what is unknown, missing or of the
/// wrong kind; those of find_price().
Result<ReportSettings> settle_report(const Report& report, std::span<const std::string> assignments,
                                     std::span<const Price> prices);

}  // namespace weir
