// SPDX-License-Identifier: Apache-2.0
// report: the table of prices. It is small and read once.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/words.hpp"
#include "weir/report.hpp"

namespace weir {
namespace {

using report::trimmed;

constexpr std::string_view kTitles = "item,region,usd_per_gb,gb,date,source";
constexpr std::string_view kDecimalGb = "10^9";
constexpr std::string_view kBinaryGb = "2^30";

constexpr std::string_view kBuiltIn =
#include "prices.inc"
    ;

/// The cells of a line; none is quoted.
std::vector<std::string> split_cells(std::string_view line) {
  std::vector<std::string> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    cells.emplace_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

/// Digits with a point between them, which SQL reads as a decimal: `0.045`.
bool is_price(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto is_digits = [](std::string_view digits) {
    return !digits.empty() && digits.size() <= 9 &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return is_digits(text.substr(0, point)) &&
         (point == std::string_view::npos || is_digits(text.substr(point + 1)));
}

Unexpected complain(std::string_view name, std::size_t line, std::string message) {
  return Unexpected({.code = ErrorCode::malformed,
                     .message = std::move(message),
                     .where = fmt::format("{}:{}", name, line),
                     .hint = fmt::format("the first line is {}, and one behind it looks like "
                                         "nat-gateway-processing,us-east-1,0.045,{},2026-08,URL",
                                         kTitles, kDecimalGb)});
}

}  // namespace

std::string_view built_in_prices() noexcept { return kBuiltIn; }

Result<std::vector<Price>> parse_prices(std::string_view csv, std::string_view name) {
  std::vector<Price> prices;
  std::size_t number = 0;
  while (!csv.empty()) {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    const std::string_view line = trimmed(csv.substr(0, end));
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (++number == 1) {
      if (line != kTitles)
        return complain(name, number, "the first line of a price table must name its columns");
      continue;
    }
    if (line.empty()) continue;
    if (std::any_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; })) {
      return complain(name, number, "a control character in a table of prices");
    }
    std::vector<std::string> cells = split_cells(line);
    if (cells.size() != 6) {
      return complain(name, number, fmt::format("{} cells instead of 6", cells.size()));
    }
    if (!is_price(cells[2])) {
      return complain(name, number, fmt::format("'{}' is not a price", cells[2].substr(0, 64)));
    }
    if (cells[3] != kDecimalGb && cells[3] != kBinaryGb) {
      return complain(name, number,
                      fmt::format("a GB is {} or {} bytes, not '{}'", kDecimalGb, kBinaryGb,
                                  cells[3].substr(0, 64)));
    }
    prices.push_back({.item = std::move(cells[0]),
                      .region = std::move(cells[1]),
                      .usd_per_gb = std::move(cells[2]),
                      .gb = std::move(cells[3]),
                      .date = std::move(cells[4]),
                      .source = std::move(cells[5])});
  }
  if (number == 0) return complain(name, 1, "the table of prices is empty");
  return prices;
}

Result<Price> find_price(std::span<const Price> prices, std::string_view item,
                         std::string_view region) {
  std::vector<std::string_view> regions;
  for (const Price& price : prices) {
    if (price.item != item) continue;
    if (price.region == region) return price;
    regions.push_back(price.region);
  }
  return Unexpected({.code = ErrorCode::usage,
                     .message = fmt::format("no price for {} in {}", item, region),
                     .hint = fmt::format("{}--prices FILE takes a table that has it: `weir report "
                                         "--help` shows one",
                                         regions.empty() ? std::string()
                                                         : fmt::format("there is one for {}; ",
                                                                       fmt::join(regions, ", ")))});
}

std::string region_of_zone(std::string_view zone_id) {
  constexpr std::pair<std::string_view, std::string_view> kAreas[] = {
      {"usg", "us-gov"}, {"us", "us"}, {"eu", "eu"}, {"ap", "ap"}, {"ca", "ca"},
      {"af", "af"},      {"me", "me"}, {"sa", "sa"}, {"il", "il"}, {"mx", "mx"}};
  constexpr std::pair<std::string_view, std::string_view> kPlaces[] = {
      {"ne", "northeast"}, {"se", "southeast"}, {"n", "north"},  {"s", "south"},
      {"e", "east"},       {"w", "west"},       {"c", "central"}};
  const std::string_view letters = zone_id.substr(0, zone_id.find('-'));
  if (letters.size() == zone_id.size() || letters.empty()) return {};
  const char number = letters.back();
  for (const auto& [area, area_name] : kAreas) {
    if (number < '1' || number > '9' || !letters.starts_with(area)) continue;
    const std::string_view rest = letters.substr(area.size(), letters.size() - area.size() - 1);
    for (const auto& [place, place_name] : kPlaces) {
      if (rest == place) return fmt::format("{}-{}-{}", area_name, place_name, number);
    }
  }
  return {};
}

std::string price_words(const Price& price) {
  return fmt::format("{} USD per GB of {} bytes, {} in {}, {}, {}", price.usd_per_gb, price.gb,
                     price.item, price.region, price.date, price.source);
}

}  // namespace weir
