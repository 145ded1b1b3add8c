// SPDX-License-Identifier: Apache-2.0
// base: tables with a row for each enumerator, checked by the compiler to be whole.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace weir::base {

/// What a table says of an enumerator, where a name is all that there is to say.
template <class Enum>
struct NameRow {
  Enum value;
  std::string_view name;
};

/// Whether an enumerator has the value. Compilers write `weir::Cause::allowed` for one that does,
/// and `(weir::Cause)7` for a value without a name.
template <auto kValue>
constexpr bool is_enumerator() noexcept {
  const std::string_view function = __PRETTY_FUNCTION__;
  const std::string_view value = function.substr(function.rfind("kValue = ") + 9);
  return (value[0] < '0' || value[0] > '9') && value[0] != '(';
}

/// True if row i is about enumerator i, and every enumerator has its row. `value` is the member of
/// a row that is its enumerator. Enumerators count from 0 without a gap.
template <const auto& kTable, auto kMember>
constexpr bool is_whole() noexcept {
  constexpr std::size_t count = std::size(kTable);
  for (std::size_t i = 0; i < count; ++i) {
    if (static_cast<std::size_t>(kTable[i].*kMember) != i) return false;
  }
  using Enum = std::remove_cvref_t<decltype(kTable[0].*kMember)>;
  return is_enumerator<static_cast<Enum>(count - 1)>() &&
         !is_enumerator<static_cast<Enum>(count)>();
}

/// The name of an enumerator, from a table that is whole; empty for a number that is none.
template <class Enum, std::size_t kCount>
constexpr std::string_view name_in(const NameRow<Enum> (&table)[kCount], Enum value) noexcept {
  const auto place = static_cast<std::size_t>(value);
  return place < kCount ? table[place].name : std::string_view();
}
/// is_whole() for tables of names.
template <const auto& kTable>
constexpr bool names_all() noexcept {
  return is_whole<kTable, &std::remove_cvref_t<decltype(kTable[0])>::value>();
}

}  // namespace weir::base
