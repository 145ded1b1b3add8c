// SPDX-License-Identifier: Apache-2.0
// decode: which columns of addresses are srcaddr, dstaddr, pkt-srcaddr and pkt-dstaddr.
#include <fmt/format.h>

#include <array>
#include <map>

#include "decode/guess_columns.hpp"

namespace weir::decode {
namespace {

using enum FieldId;
using Columns = std::vector<GuessColumn*>;

/// Lines that have to agree before a direction counts as told.
constexpr std::size_t kFewestLines = 3;
constexpr double kMostly = 0.8;

double share_of_equals(const GuessColumn& a, const GuessColumn& b) {
  std::size_t equal = 0;
  std::size_t all = 0;
  for (std::size_t line = 0; line < a.tokens.size(); ++line) {
    if (a.tokens[line] == "-" || b.tokens[line] == "-") continue;
    ++all;
    equal += a.tokens[line] == b.tokens[line] ? 1U : 0U;
  }
  return all == 0 ? 0 : static_cast<double>(equal) / static_cast<double>(all);
}

/// `ingress`, `egress` or nothing, line by line: from flow-direction, else from traffic-path, which
/// egress records alone have.
std::vector<std::string_view> directions_of(GuessTable& table) {
  std::vector<std::string_view> directions(table.lines);
  if (const GuessColumn* column = table.find(flow_direction)) {
    for (std::size_t line = 0; line < table.lines; ++line) directions[line] = column->tokens[line];
  } else if (const GuessColumn* path = table.find(traffic_path)) {
    for (std::size_t line = 0; line < table.lines; ++line) {
      if (path->tokens[line] != "-") directions[line] = "egress";
    }
  }
  return directions;
}

/// How often the source is in the first column, by the interface's own address: the destination of
/// ingress, the source of egress (AWS VPC User Guide, "Flow log records").
struct Orientation {
  std::size_t first_is_source = 0;
  std::size_t second_is_source = 0;

  /// 1: the first column is the source, -1: the second is, 0: nobody knows.
  int verdict() const {
    const std::size_t all = first_is_source + second_is_source;
    if (all < kFewestLines) return 0;
    const double share = static_cast<double>(first_is_source) / static_cast<double>(all);
    return share >= kMostly ? 1 : share <= 1 - kMostly ? -1 : 0;
  }
};

/// The address that most lines of an interface have at one end or the other.
std::map<std::string_view, std::string_view> own_addresses(const GuessColumn& interfaces,
                                                           const GuessColumn& a,
                                                           const GuessColumn& b) {
  std::map<std::string_view, std::map<std::string_view, std::size_t>> counts;
  for (std::size_t line = 0; line < interfaces.tokens.size(); ++line) {
    if (a.tokens[line] == "-" || b.tokens[line] == "-") continue;
    ++counts[interfaces.tokens[line]][a.tokens[line]];
    ++counts[interfaces.tokens[line]][b.tokens[line]];
  }
  std::map<std::string_view, std::string_view> own;
  for (const auto& [interface, addresses] : counts) {
    const auto most = std::max_element(
        addresses.begin(), addresses.end(),
        [](const auto& left, const auto& right) { return left.second < right.second; });
    // An interface with one peer has two such addresses.
    const auto as_often = std::count_if(addresses.begin(), addresses.end(), [&](const auto& other) {
      return other.second == most->second;
    });
    if (as_often == 1) own[interface] = most->first;
  }
  return own;
}

Orientation orient(GuessTable& table, const GuessColumn& a, const GuessColumn& b) {
  Orientation orientation;
  const GuessColumn* const interfaces = table.find(interface_id);
  if (interfaces == nullptr) return orientation;
  const std::vector<std::string_view> directions = directions_of(table);
  const auto own = own_addresses(*interfaces, a, b);
  for (std::size_t line = 0; line < table.lines; ++line) {
    const auto address = own.find(interfaces->tokens[line]);
    if (address == own.end() || a.tokens[line] == b.tokens[line]) continue;
    const bool own_is_first = a.tokens[line] == address->second;
    if (!own_is_first && b.tokens[line] != address->second) continue;
    if (directions[line] == "egress") {
      ++(own_is_first ? orientation.first_is_source : orientation.second_is_source);
    } else if (directions[line] == "ingress") {
      ++(own_is_first ? orientation.second_is_source : orientation.first_is_source);
    }
  }
  return orientation;
}

/// Names two columns that are the ends of a flow.
void name_ends(GuessTable& table, GuessColumn& a, GuessColumn& b, FieldId source,
               FieldId destination, bool others_fit) {
  int verdict = orient(table, a, b).verdict();
  const bool is_told = verdict != 0;
  if (!is_told) verdict = stands_before(source, destination, table.order) ? 1 : -1;
  const std::string why =
      is_told ? "the interface's own address is the source of egress and the destination of ingress"
              : "addresses; nothing in the values tells source and destination apart";
  const auto certainty = !is_told     ? GuessCertainty::possible
                         : others_fit ? GuessCertainty::likely
                                      : GuessCertainty::certain;
  const auto also = [&](FieldId other) {
    std::vector<FieldId> all;
    if (!is_told) all.push_back(other);
    if (!others_fit) return all;
    if (!is_told || other == destination) all.push_back(pkt_srcaddr);
    if (!is_told || other == source) all.push_back(pkt_dstaddr);
    return all;
  };
  a.become(verdict > 0 ? source : destination, certainty, why,
           also(verdict > 0 ? destination : source));
  b.become(verdict > 0 ? destination : source, certainty, why,
           also(verdict > 0 ? source : destination));
}

/// Four columns are two pairs that are equal but for NAT. The packet's own address is never that of
/// the interface where the two differ.
void name_four(GuessTable& table, const Columns& open) {
  constexpr std::array<std::array<std::size_t, 4>, 3> kPairings = {
      {{0, 2, 1, 3}, {0, 3, 1, 2}, {0, 1, 2, 3}}};  // first pair, second pair
  const auto* best = &kPairings.front();
  double most = -1;
  for (const auto& pairing : kPairings) {
    const double equal = share_of_equals(*open[pairing[0]], *open[pairing[1]]) +
                         share_of_equals(*open[pairing[2]], *open[pairing[3]]);
    if (equal > most) {
      most = equal;
      best = &pairing;
    }
  }
  const auto& [a, a_twin, b, b_twin] = *best;
  name_ends(table, *open[a], *open[b], srcaddr, dstaddr, true);
  const auto twin_of = [](GuessColumn& column, GuessColumn& twin) {
    const FieldId packet = column.field == srcaddr ? pkt_srcaddr : pkt_dstaddr;
    std::vector<FieldId> also = column.others;
    also.push_back(column.field);
    twin.become(
        packet, GuessCertainty::possible,
        fmt::format("the same address as {} in nearly every line", field_info(column.field).name),
        std::move(also));
    column.certainty = GuessCertainty::possible;
  };
  twin_of(*open[a], *open[a_twin]);
  twin_of(*open[b], *open[b_twin]);
}

}  // namespace

void guess_addresses(GuessTable& table) {
  Columns open;
  for (GuessColumn& column : table.columns) {
    if (column.is_open() && column.told > 0 && column.may_be(srcaddr)) open.push_back(&column);
  }
  const bool may_be_packets = std::any_of(open.begin(), open.end(), [](const GuessColumn* column) {
    return column->may_be(pkt_srcaddr);
  });
  if (open.size() == 4 && may_be_packets) {
    name_four(table, open);
  } else if (open.size() == 2) {
    name_ends(table, *open[0], *open[1], srcaddr, dstaddr, may_be_packets);
  } else if (open.size() == 1) {
    open[0]->become(srcaddr, GuessCertainty::possible, "addresses; which end is not told",
                    {dstaddr, pkt_srcaddr, pkt_dstaddr});
  } else if (open.size() == 3) {
    name_ends(table, *open[0], *open[1], srcaddr, dstaddr, true);
    for (GuessColumn* column : {open[0], open[1]}) {
      const FieldId own = column->field;
      column->become(own, GuessCertainty::possible, "addresses; which of three is not told",
                     {srcaddr, dstaddr, pkt_srcaddr, pkt_dstaddr});
    }
    open[2]->become(pkt_srcaddr, GuessCertainty::possible, "addresses; which end is not told",
                    {pkt_dstaddr, srcaddr, dstaddr});
  }
}

}  // namespace weir::decode
