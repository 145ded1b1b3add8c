// SPDX-License-Identifier: Apache-2.0
// decode: for guess.cpp: the sampled lines as columns, and what each column has become so far.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/field.hpp"
#include "weir/guess.hpp"

namespace weir::decode {

/// One column of the sample, and what it is taken for.
struct GuessColumn {
  std::vector<std::string_view> tokens;  ///< one per line
  std::vector<FieldId> candidates;       ///< fields that all of its values could belong to
  FieldId field = FieldId::unknown;
  GuessCertainty certainty = GuessCertainty::unknown;
  std::string why;
  std::vector<FieldId> others;
  std::size_t told = 0;  ///< values other than `-`

  void become(FieldId id, GuessCertainty how, std::string reason, std::vector<FieldId> also = {}) {
    field = id;
    certainty = how;
    why = std::move(reason);
    std::erase(also, id);
    others = std::move(also);
  }
  bool may_be(FieldId id) const {
    return std::find(candidates.begin(), candidates.end(), id) != candidates.end();
  }
  bool is_open() const { return field == FieldId::unknown; }
};

/// The order in which the fields seem to stand.
enum class ColumnOrder : std::uint8_t { none, table, alphabetical };

struct GuessTable {
  std::vector<GuessColumn> columns;
  std::size_t lines = 0;
  ColumnOrder order = ColumnOrder::none;

  GuessColumn* find(FieldId id) {
    for (GuessColumn& column : columns) {
      if (column.field == id) return &column;
    }
    return nullptr;
  }
  /// Columns without a field that could be this one.
  std::vector<GuessColumn*> open_for(FieldId id) {
    std::vector<GuessColumn*> open;
    for (GuessColumn& column : columns) {
      if (column.is_open() && column.may_be(id)) open.push_back(&column);
    }
    return open;
  }
};

inline std::optional<std::uint64_t> guess_number(std::string_view token) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (failure != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return number;
}

/// Whether fields stand in the order in which the columns seem to be: then what cannot be told
/// apart is taken in that order. Without one, AWS's table counts.
inline bool stands_before(FieldId a, FieldId b, ColumnOrder order) {
  return order == ColumnOrder::alphabetical ? field_info(a).name < field_info(b).name : a < b;
}

inline constexpr std::uint64_t kNewestVersion = 11;

/// Whether a value could belong to a field: stricter than fits_field(), since any field may stand
/// anywhere.
bool value_could_be(std::string_view token, FieldId id);
/// Whether logs of this kind and version have the field.
bool field_is_of(const FieldInfo& info, bool transit_gateway, std::uint64_t newest);

GuessTable guess_table_of(std::span<const std::string> lines);
/// Finds the version, and what each column could be by its values and that version.
void guess_candidates(GuessTable& table);
/// Decides which open columns are srcport, dstport, protocol, packets, bytes, tcp-flags,
/// traffic-path and encryption-status.
void guess_numbers(GuessTable& table);
/// Decides which open columns are srcaddr, dstaddr, pkt-srcaddr and pkt-dstaddr.
void guess_addresses(GuessTable& table);

}  // namespace weir::decode
