// SPDX-License-Identifier: Apache-2.0
// decode: the sampled lines as columns, and which fields the values of each column could belong to.
#include <fmt/format.h>

#include "decode/guess_columns.hpp"
#include "decode/infer.hpp"
#include "decode/tokens.hpp"
#include "weir/format.hpp"

namespace weir::decode {
namespace {

using enum FieldId;

/// 2014, the year before flow logs, and 2100.
constexpr std::uint64_t kEarliest = 1388534400;
constexpr std::uint64_t kLatest = 4102444800;
constexpr std::uint64_t kMostCounted = 100'000'000'000;
/// Lines from which on a constant is believed.
constexpr std::size_t kEnoughConstants = 8;

bool is_time(std::uint64_t number) {
  if (number > kLatest) number /= 1000;
  return number >= kEarliest && number < kLatest;
}

}  // namespace

bool value_could_be(std::string_view token, FieldId id) {
  if (!fits_field(token, id)) return false;
  const FieldInfo& info = field_info(id);
  const auto number = guess_number(token);
  const auto is_listed = [&] {
    const std::size_t at = info.values.find(token);
    const std::size_t end = at + token.size();
    return at != std::string_view::npos && (at == 0 || info.values[at - 1] == ' ') &&
           (end == info.values.size() || info.values[end] == ' ');
  };
  switch (id) {
    case version:
      return number && *number >= 2 && *number <= 11;
    case srcport:
    case dstport:
    case protocol:
      return number && *number <= info.max;
    case packets:
    case bytes:
      // Twelve digits are an account: no window holds a hundred billion bytes of one flow.
      return number && *number < kMostCounted;
    case tcp_flags:
      return number && *number <= 63;
    case traffic_path:
      return number && *number >= 1 && *number <= 8;
    case encryption_status:
      return number && *number <= 3;
    case start:
    case end:
      return number && is_time(*number);
    case reject_reason:
      return token == "BPA" || token == "EC";
    case interface_type:
    case next_hop_interface_type:
    case pkt_src_aws_service:
    case pkt_dst_aws_service:
      return is_listed();
    default:
      return true;
  }
}

bool field_is_of(const FieldInfo& info, bool transit_gateway, std::uint64_t newest) {
  if (info.family == LogFamily::transit_gateway) return transit_gateway;
  return info.version <= newest && !(transit_gateway && info.family == LogFamily::vpc);
}

namespace {

/// Fields that any text fits are never proposed from their values.
bool is_told_by_values(const FieldInfo& info) {
  return info.shape.kind != ValueShape::Kind::no_arn &&
         (info.shape.kind != ValueShape::Kind::any || info.id == reject_reason ||
          info.id == interface_type || info.id == next_hop_interface_type);
}

/// True if the column may hold the version of the format: one number in every line. 6 is that of
/// Transit Gateway logs alone, and TCP.
bool is_version(const GuessColumn& column, bool transit_gateway) {
  const std::string_view first = column.tokens.front();
  return value_could_be(first, version) && (first == "6") == transit_gateway &&
         std::all_of(column.tokens.begin(), column.tokens.end(),
                     [&](std::string_view token) { return token == first; });
}

/// True if a line without traffic has a value in the column: then it is no part of the traffic.
bool stands_without_traffic(const GuessTable& table, const GuessColumn& column) {
  for (std::size_t line = 0; line < table.lines; ++line) {
    if (column.tokens[line] == "-") continue;
    for (const GuessColumn& other : table.columns) {
      if (other.tokens[line] == "NODATA" || other.tokens[line] == "SKIPDATA") return true;
    }
  }
  return false;
}

/// Takes a column for the version, and returns the newest version that fields may have.
std::uint64_t take_version(GuessTable& table, bool transit_gateway) {
  std::vector<GuessColumn*> open;
  for (GuessColumn& column : table.columns) {
    if (is_version(column, transit_gateway)) open.push_back(&column);
  }
  if (open.empty()) return kNewestVersion;
  // AWS's table begins with the version, the alphabet nearly ends with it.
  GuessColumn& column = open.front() == &table.columns.front() ? *open.front() : *open.back();
  const bool is_likely = stands_without_traffic(table, column) ||
                         (&column == &table.columns.front() && table.lines >= kEnoughConstants);
  column.become(version, is_likely ? GuessCertainty::likely : GuessCertainty::possible,
                "the same number from 2 to 11 in every line",
                is_likely ? std::vector<FieldId>{}
                          : std::vector<FieldId>{protocol, tcp_flags, traffic_path, packets, bytes,
                                                 srcport, dstport, encryption_status});
  return is_likely ? *guess_number(column.tokens.front()) : kNewestVersion;
}

}  // namespace

GuessTable guess_table_of(std::span<const std::string> lines) {
  GuessTable table;
  std::vector<std::string_view> tokens;
  for (const std::string& line : lines) {
    const std::size_t count = split_tokens(line, tokens, kMaxFormatFields);
    if (table.columns.empty()) table.columns.resize(count);
    if (count != table.columns.size()) continue;
    ++table.lines;
    for (std::size_t i = 0; i < count; ++i) {
      table.columns[i].tokens.push_back(tokens[i]);
      table.columns[i].told += tokens[i] == "-" ? 0U : 1U;
    }
  }
  return table;
}

void guess_candidates(GuessTable& table) {
  if (table.lines == 0) return;
  const bool transit_gateway =
      std::any_of(table.columns.begin(), table.columns.end(), [](const GuessColumn& column) {
        return std::any_of(column.tokens.begin(), column.tokens.end(), [](std::string_view token) {
          return value_could_be(token, tgw_id) || value_could_be(token, tgw_attachment_id);
        });
      });
  const std::uint64_t newest = take_version(table, transit_gateway);
  const GuessColumn* const told = table.find(version);
  const bool could_still_be_the_version =
      told != nullptr && told->certainty == GuessCertainty::possible;
  for (GuessColumn& column : table.columns) {
    if (!column.is_open() || column.told == 0) continue;
    for (const FieldInfo& info : field_catalogue()) {
      if (info.id == version || !is_told_by_values(info) ||
          !field_is_of(info, transit_gateway, newest)) {
        continue;
      }
      const bool fits = std::all_of(
          column.tokens.begin(), column.tokens.end(),
          [&](std::string_view token) { return token == "-" || value_could_be(token, info.id); });
      if (fits) column.candidates.push_back(info.id);
    }
    if (could_still_be_the_version && is_version(column, transit_gateway)) {
      column.candidates.push_back(version);
    }
    // Counts that all look like times of our days are times.
    if (column.may_be(start)) column.candidates = {start, end};
  }
}

}  // namespace weir::decode
