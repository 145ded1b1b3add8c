// SPDX-License-Identifier: Apache-2.0
// report: every report that weir is built with.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "weir/report.hpp"

namespace weir {
namespace {

struct Source {
  std::string_view name;
  std::string_view text;
};

constexpr Source kSources[] = {
#include "reports.inc"
};

constexpr std::array<std::string_view, 4> kGroups = {"traffic", "security", "cost", "health"};

std::size_t place_of_group(std::string_view group) {
  return static_cast<std::size_t>(std::find(kGroups.begin(), kGroups.end(), group) -
                                  kGroups.begin());
}

std::vector<Report> read_sources() {
  std::vector<Report> all;
  for (const Source& source : kSources) {
    // A head that cannot be read is a mistake in reports/, which catalogue_test.cpp finds.
    if (Result<Report> report = parse_report(source.name, source.text)) {
      all.push_back(*std::move(report));
    }
  }
  std::sort(all.begin(), all.end(), [](const Report& a, const Report& b) {
    return std::tuple(place_of_group(a.group), std::string_view(a.name)) <
           std::tuple(place_of_group(b.group), std::string_view(b.name));
  });
  return all;
}

/// How unlike a name is what was typed: pairs of neighbouring letters that one has and not the
/// other, in parts of all. Words may stand in another order: `pairs-top` is near `top-pairs`.
double unlikeness(std::string_view wanted, std::string_view name) {
  const auto count_shared = [](std::string_view from, std::string_view in) {
    std::size_t shared = 0;
    for (std::size_t i = 0; i + 2 <= from.size(); ++i) {
      if (in.find(from.substr(i, 2)) != std::string_view::npos) ++shared;
    }
    return shared;
  };
  const std::size_t pairs = wanted.size() + name.size() - 2;
  const std::size_t shared = count_shared(wanted, name) + count_shared(name, wanted);
  return 1 - static_cast<double>(shared) / static_cast<double>(pairs);
}

std::vector<std::string_view> near_names(std::string_view wanted) {
  constexpr std::size_t kMostNames = 3;
  constexpr std::size_t kLongestWord = 64;
  constexpr double kFarthest = 0.55;
  wanted = wanted.substr(0, kLongestWord);
  std::vector<std::pair<double, std::string_view>> near;
  for (const Report& report : reports()) {
    if (wanted.size() < 2) break;
    const double distance = unlikeness(wanted, report.name);
    if (distance <= kFarthest) near.emplace_back(distance, report.name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string_view> names;
  for (const auto& [distance, name] : near) {
    if (names.size() < kMostNames) names.push_back(name);
  }
  return names;
}

}  // namespace

std::span<const std::string_view> report_groups() noexcept { return kGroups; }

const std::vector<Report>& reports() {
  static const std::vector<Report> kReports = read_sources();
  return kReports;
}

Result<const Report*> find_report(std::string_view name) {
  for (const Report& report : reports()) {
    if (report.name == name) return &report;
  }
  const std::vector<std::string_view> near = near_names(name);
  return Unexpected({.code = ErrorCode::usage,
                     .message = fmt::format("unknown report '{}'", name),
                     .hint = near.empty()
                                 ? "`weir report` lists them all"
                                 : fmt::format("did you mean {}? `weir report` lists them all",
                                               fmt::join(near, " or "))});
}

int Report::version() const {
  int version = 2;
  for (const std::vector<FieldId>& alternatives : needs) {
    int lowest = field_info(alternatives.front()).version;
    for (const FieldId id : alternatives) {
      lowest = std::min<int>(lowest, field_info(id).version);
    }
    version = std::max(version, lowest);
  }
  return version;
}

std::vector<std::string> Report::optional_fields() const {
  std::vector<std::string> fields;
  for (const FieldId id : better_with) fields.emplace_back(field_info(id).name);
  for (const std::vector<FieldId>& alternatives : needs) {
    if (alternatives.size() < 2) continue;
    for (const FieldId id : alternatives) fields.emplace_back(field_info(id).name);
  }
  return fields;
}

}  // namespace weir
