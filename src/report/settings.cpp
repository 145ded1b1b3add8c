// SPDX-License-Identifier: Apache-2.0
// report: NAME=VALUE -> statements that set variables of SQL.
#include <fmt/format.h>

#include <algorithm>

#include "duckdb/instance.hpp"
#include "report/words.hpp"
#include "weir/ip.hpp"
#include "weir/report.hpp"

namespace weir {
namespace {

using report::split_words;

/// The parameter of reports with prices that says where they apply.
constexpr std::string_view kRegion = "region";

Unexpected complain(std::string message, std::string hint) {
  return Unexpected(
      {.code = ErrorCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

/// Digits, with a point in them if need be; few enough for SQL to keep all.
bool is_number(std::string_view text) {
  constexpr std::size_t kMostCharacters = 18;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const auto points = std::count(text.begin(), text.end(), '.');
  return text.size() <= kMostCharacters && digits > 0 && points <= 1 && is_digit(text.front()) &&
         is_digit(text.back()) && static_cast<std::size_t>(digits + points) == text.size();
}

std::string_view kind_words(ReportValueKind kind) {
  switch (kind) {
    case ReportValueKind::number:
      return "a number";
    case ReportValueKind::numbers:
      return "numbers with commas between them";
    case ReportValueKind::address:
      return "an address";
    case ReportValueKind::prefix:
      return "a prefix";
    case ReportValueKind::text:
      break;
  }
  return "a text";
}

/// What stands for a value in `--set address=IP`.
std::string_view placeholder(ReportValueKind kind) {
  switch (kind) {
    case ReportValueKind::number:
      return "N";
    case ReportValueKind::numbers:
      return "N,N";
    case ReportValueKind::address:
      return "IP";
    case ReportValueKind::prefix:
      return "PREFIX";
    case ReportValueKind::text:
      break;
  }
  return "TEXT";
}

/// The value as SQL has it; empty if it is not of that kind.
std::string sql_value(ReportValueKind kind, std::string_view text) {
  switch (kind) {
    case ReportValueKind::number:
      return is_number(text) ? std::string(text) : std::string();
    case ReportValueKind::numbers: {
      const std::vector<std::string_view> words = split_words(text, ',');
      if (words.empty() || !std::all_of(words.begin(), words.end(), is_number)) return {};
      return fmt::format("[{}]", fmt::join(words, ", "));
    }
    case ReportValueKind::address: {
      const std::optional<Ip> address = parse_ip(text);
      if (!address) return {};
      char written[kMaxIpText];
      return duckdb::quoted_text({written, write_ip(*address, written)});
    }
    case ReportValueKind::prefix:
      return parse_cidr(text) ? duckdb::quoted_text(text) : std::string();
    case ReportValueKind::text:
      break;
  }
  return text.empty() ? std::string() : duckdb::quoted_text(text);
}

const ReportParameter* find_parameter(const Report& report, std::string_view name) {
  const auto found =
      std::find_if(report.parameters.begin(), report.parameters.end(),
                   [&](const ReportParameter& parameter) { return parameter.name == name; });
  return found == report.parameters.end() ? nullptr : &*found;
}

std::string example_of(const Report& report, const ReportParameter& parameter) {
  return fmt::format("weir report {} --set {}={}", report.name, parameter.name,
                     parameter.value.empty() ? parameter.example : parameter.value);
}

Result<void> check_names(const Report& report, std::span<const std::string> assignments) {
  std::vector<std::string> names;
  for (const ReportParameter& parameter : report.parameters) names.push_back(parameter.name);
  const std::string hint =
      names.empty() ? fmt::format("the report {} has none", report.name)
                    : fmt::format("the report {} has {}: {}", report.name, fmt::join(names, ", "),
                                  example_of(report, report.parameters.front()));
  for (const std::string& assignment : assignments) {
    const std::string_view text = assignment;
    if (text.find('=') == std::string_view::npos) {
      return complain(fmt::format("cannot read '{}': --set takes NAME=VALUE", text), hint);
    }
    const std::string_view name = text.substr(0, text.find('='));
    if (find_parameter(report, name) == nullptr) {
      return complain(fmt::format("unknown parameter '{}' for --set", name), hint);
    }
  }
  return {};
}

/// The value that counts: the last one that was assigned, else the usual one.
/// Errors: usage, for one that has to be set and is not.
Result<std::string_view> value_of(const Report& report, const ReportParameter& parameter,
                                  std::span<const std::string> assignments) {
  std::string_view value = parameter.value;
  bool is_set = !parameter.value.empty();
  for (const std::string_view assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (assignment.substr(0, equals) != parameter.name) continue;
    value = assignment.substr(equals + 1);
    is_set = true;
  }
  if (is_set) return value;
  return complain(fmt::format("the report {} needs --set {}={}: {}", report.name, parameter.name,
                              placeholder(parameter.kind), parameter.meaning),
                  example_of(report, parameter));
}

/// What SQL knows a price by.
std::string price_statements(const Price& price) {
  return fmt::format(
      "-- {}\nSET VARIABLE usd_per_gb = {};\nSET VARIABLE price_bytes = {};\n"
      "SET VARIABLE price_date = {};\n",
      price_words(price), price.usd_per_gb, price.gb == "2^30" ? "1073741824" : "1000000000",
      duckdb::quoted_text(price.date));
}

}  // namespace

Result<ReportSettings> settle_report(const Report& report, std::span<const std::string> assignments,
                                     std::span<const Price> prices) {
  if (Result<void> checked = check_names(report, assignments); !checked) {
    return Unexpected(std::move(checked.error()));
  }
  ReportSettings settings;
  for (const ReportParameter& parameter : report.parameters) {
    const Result<std::string_view> value = value_of(report, parameter, assignments);
    if (!value) return Unexpected(value.error());
    const std::string in_sql = sql_value(parameter.kind, *value);
    if (in_sql.empty()) {
      return complain(fmt::format("{} takes {}, not '{}'", parameter.name,
                                  kind_words(parameter.kind), value->substr(0, 64)),
                      example_of(report, parameter));
    }
    if (parameter.name == kRegion && !report.price_item.empty()) {
      Result<Price> price = find_price(prices, report.price_item, *value);
      if (!price) return Unexpected(std::move(price.error()));
      settings.statements += price_statements(*price);
      settings.price = *std::move(price);
    } else {
      settings.statements +=
          fmt::format("SET VARIABLE {} = {};\n", duckdb::quoted_name(parameter.name), in_sql);
    }
  }
  return settings;
}

}  // namespace weir
