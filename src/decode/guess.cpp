// SPDX-License-Identifier: Apache-2.0
// decode: a proposal for lines in an order that nobody knows. First what only one field can hold,
// then times, numbers and addresses by what they have to do with each other, then the gaps.
#include "weir/guess.hpp"

#include <fmt/format.h>

#include "decode/guess_columns.hpp"
#include "decode/infer.hpp"
#include "weir/format.hpp"

namespace weir {
namespace {

using decode::ColumnOrder;
using decode::GuessColumn;
using decode::GuessTable;
using enum FieldId;

/// Columns that have to be in order before an order is believed.
constexpr std::size_t kFewestInOrder = 4;
/// Columns that only one field can be.
void take_the_only_ones(GuessTable& table) {
  for (GuessColumn& column : table.columns) {
    if (!column.is_open() || column.candidates.size() != 1) continue;
    const FieldId id = column.candidates.front();
    if (table.find(id) != nullptr || table.open_for(id).size() > 1) continue;
    column.become(id, GuessCertainty::certain,
                  fmt::format("no other field holds {}", field_info(id).values));
  }
}

/// Fields with the same values: the interface's own and those of its next hop. The first is rarely
/// missing and far more common.
void take_own_and_next_hop(GuessTable& table) {
  constexpr std::pair<FieldId, FieldId> kPairs[] = {
      {interface_id, next_hop_interface_id},     {vpc_id, next_hop_vpc_id},
      {subnet_id, next_hop_subnet_id},           {az_id, next_hop_az_id},
      {interface_type, next_hop_interface_type}, {pkt_src_aws_service, pkt_dst_aws_service}};
  for (const auto& [own, other] : kPairs) {
    std::vector<GuessColumn*> open = table.open_for(own);
    if (open.empty() || open.size() > 2 || table.find(own) != nullptr) continue;
    if (open.size() == 1) {
      open[0]->become(
          own, own == pkt_src_aws_service ? GuessCertainty::possible : GuessCertainty::likely,
          fmt::format("{}; {} is rarer", field_info(own).values, field_info(other).name), {other});
      if (own == pkt_src_aws_service) open[0]->why = "names of AWS services; which end is not told";
      continue;
    }
    const bool is_told = open[0]->told != open[1]->told && own != pkt_src_aws_service;
    const bool first_is_own =
        is_told ? open[0]->told > open[1]->told : decode::stands_before(own, other, table.order);
    const auto certainty = is_told ? GuessCertainty::likely : GuessCertainty::possible;
    const std::string why = is_told ? "the column that is missing more often is the next hop's"
                                    : "nothing in the values tells the two columns apart";
    open[first_is_own ? 0 : 1]->become(own, certainty, why, {other});
    open[first_is_own ? 1 : 0]->become(other, certainty, why, {own});
  }
}

void take_times(GuessTable& table) {
  const std::vector<GuessColumn*> open = table.open_for(start);
  if (open.size() == 1) {
    open[0]->become(start, GuessCertainty::possible, "times; one column alone may be the end too",
                    {end});
  }
  if (open.size() != 2) return;
  std::size_t before = 0;
  std::size_t after = 0;
  for (std::size_t line = 0; line < table.lines; ++line) {
    const auto first = decode::guess_number(open[0]->tokens[line]);
    const auto second = decode::guess_number(open[1]->tokens[line]);
    before += first < second ? 1U : 0U;
    after += first > second ? 1U : 0U;
  }
  const bool is_told = (before == 0) != (after == 0);
  const bool first_is_start = is_told ? after == 0 : decode::stands_before(start, end, table.order);
  const std::string why = is_told ? "times; start is never after end"
                                  : "times; nothing in the values tells start and end apart";
  const auto certainty = is_told ? GuessCertainty::certain : GuessCertainty::possible;
  const auto also = [&](FieldId id) {
    return is_told ? std::vector<FieldId>{} : std::vector<FieldId>{id};
  };
  open[first_is_start ? 0 : 1]->become(start, certainty, why, also(end));
  open[first_is_start ? 1 : 0]->become(end, certainty, why, also(start));
}

/// The order in which the columns that are told stand.
ColumnOrder order_of(const GuessTable& table) {
  std::vector<FieldId> told;
  for (const GuessColumn& column : table.columns) {
    if (column.field != unknown && column.certainty <= GuessCertainty::likely) {
      told.push_back(column.field);
    }
  }
  if (told.size() < kFewestInOrder) return ColumnOrder::none;
  for (const ColumnOrder order : {ColumnOrder::table, ColumnOrder::alphabetical}) {
    const auto is_wrong = [&](FieldId a, FieldId b) { return !decode::stands_before(a, b, order); };
    if (std::adjacent_find(told.begin(), told.end(), is_wrong) == told.end()) return order;
  }
  return ColumnOrder::none;
}

/// ECS names and ids are what their ARNs end with.
void take_names_of_arns(GuessTable& table) {
  constexpr std::pair<FieldId, FieldId> kPairs[] = {
      {ecs_cluster_arn, ecs_cluster_name},
      {ecs_container_instance_arn, ecs_container_instance_id},
      {ecs_task_arn, ecs_task_id}};
  for (const auto& [arn, name] : kPairs) {
    const GuessColumn* const arns = table.find(arn);
    if (arns == nullptr) continue;
    for (GuessColumn& column : table.columns) {
      if (!column.is_open() || column.told == 0) continue;
      bool is_end = true;
      for (std::size_t line = 0; line < table.lines && is_end; ++line) {
        const std::string_view token = column.tokens[line];
        is_end = token == "-" ? arns->tokens[line] == "-"
                              : arns->tokens[line].ends_with(fmt::format("/{}", token));
      }
      if (!is_end) continue;
      column.become(name, GuessCertainty::certain,
                    fmt::format("what {} ends with", field_info(arn).name));
      break;
    }
  }
}

/// Columns of nothing but `-`, and texts: where just as many fields of the order are missing
/// between their neighbours, they are probably these.
void fill_gaps(GuessTable& table) {
  if (table.order == ColumnOrder::none) return;
  std::vector<FieldId> all;
  std::uint64_t newest = decode::kNewestVersion;
  const GuessColumn* const told = table.find(version);
  if (told != nullptr && told->certainty <= GuessCertainty::likely) {
    newest = *decode::guess_number(told->tokens.front());
  }
  for (const FieldInfo& info : field_catalogue()) {
    if (decode::field_is_of(info, table.find(tgw_id) != nullptr, newest)) all.push_back(info.id);
  }
  std::sort(all.begin(), all.end(), [&](FieldId a, FieldId b) {
    return a != b && decode::stands_before(a, b, table.order);
  });
  const auto place_of = [&](std::size_t column) {
    return std::find(all.begin(), all.end(), table.columns[column].field);
  };
  for (std::size_t at = 0; at < table.columns.size();) {
    std::size_t stop = at;
    while (stop < table.columns.size() && table.columns[stop].is_open()) ++stop;
    if (stop == at) {
      ++at;
      continue;
    }
    const auto from = at == 0 ? all.begin() : place_of(at - 1) + (place_of(at - 1) != all.end());
    const auto to = stop == table.columns.size() ? all.end() : place_of(stop);
    if (from <= to && static_cast<std::size_t>(to - from) == stop - at) {
      for (std::size_t i = at; i < stop; ++i) {
        const FieldId id = from[static_cast<std::ptrdiff_t>(i - at)];
        GuessColumn& column = table.columns[i];
        const bool fits =
            std::all_of(column.tokens.begin(), column.tokens.end(), [&](std::string_view token) {
              return token == "-" || decode::value_could_be(token, id);
            });
        if (!fits || table.find(id) != nullptr) continue;
        column.become(id, GuessCertainty::possible,
                      table.order == ColumnOrder::table
                          ? "its place in AWS's table, where the others stand in order"
                          : "its place in the alphabet, in which the others stand");
      }
    }
    at = stop;
  }
}

void say_why_not(GuessColumn& column) {
  if (!column.is_open()) return;
  if (column.told == 0) {
    column.why = "holds nothing but - in the sample";
  } else if (column.candidates.empty()) {
    column.why = "no field is known by such values";
  } else {
    column.why = "several fields hold such values";
    column.others = column.candidates;
  }
}

/// Where the lines fit an order that weir knows, what cannot be told apart is taken as in it.
std::string adopt_known_order(std::span<const std::string> lines, GuessTable& table) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  const decode::Inference known =
      decode::infer_format(views, table.columns.size(), known_formats());
  if (known.format == nullptr) return {};
  const std::span<const FormatField> fields = known.format->fields();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const GuessColumn& column = table.columns[i];
    if (column.certainty <= GuessCertainty::likely && column.field != fields[i].id) return {};
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    GuessColumn& column = table.columns[i];
    if (column.certainty <= GuessCertainty::likely || fields[i].id == unknown) continue;
    std::vector<FieldId> others = std::move(column.others);
    if (!column.is_open() && column.field != fields[i].id) others.push_back(column.field);
    column.become(fields[i].id, GuessCertainty::possible,
                  fmt::format("its place in a known order: {}", known.name), std::move(others));
  }
  return known.name;
}

}  // namespace

std::string_view guess_certainty_name(GuessCertainty certainty) noexcept {
  switch (certainty) {
    case GuessCertainty::certain:
      return "certain";
    case GuessCertainty::likely:
      return "likely";
    case GuessCertainty::possible:
      return "possible";
    case GuessCertainty::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string FormatGuess::format() const {
  std::string line;
  for (const GuessedColumn& column : columns) {
    if (!line.empty()) line += ' ';
    line += fmt::format("${{{}}}", column.field);
  }
  return line;
}

FormatGuess guess_format(std::span<const std::string> lines) {
  GuessTable table = decode::guess_table_of(lines);
  decode::guess_candidates(table);
  take_the_only_ones(table);
  table.order = order_of(table);
  take_times(table);
  take_own_and_next_hop(table);
  take_names_of_arns(table);
  table.order = order_of(table);
  decode::guess_numbers(table);
  decode::guess_addresses(table);
  fill_gaps(table);
  FormatGuess guess{.columns = {}, .lines = table.lines, .known = {}};
  guess.known = adopt_known_order(lines, table);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    GuessColumn& column = table.columns[i];
    say_why_not(column);
    GuessedColumn& out = guess.columns.emplace_back();
    out.field = column.is_open() ? fmt::format("column-{}", i + 1)
                                 : std::string(field_info(column.field).name);
    out.certainty = column.certainty;
    out.why = std::move(column.why);
    for (const FieldId id : column.others) out.others.emplace_back(field_info(id).name);
    const auto told = std::find_if(column.tokens.begin(), column.tokens.end(),
                                   [](std::string_view token) { return token != "-"; });
    if (told != column.tokens.end()) out.example = *told;
  }
  return guess;
}

}  // namespace weir
