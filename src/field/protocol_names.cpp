// SPDX-License-Identifier: Apache-2.0
// field: protocol numbers and their names, from protocol_numbers.csv.
#include <array>

#include "field/ascii.hpp"
#include "weir/names.hpp"

namespace weir {
namespace {

struct RegistryRow {
  std::uint8_t first;
  std::uint8_t last;
  std::string_view keyword;
  std::string_view description;
  std::string_view aliases;  // joined by `|`
};

constexpr RegistryRow kRegistry[] = {
#include "protocol_numbers.inc"
};

constexpr std::array<RegistryRow, 256> kProtocols = [] {
  std::array<RegistryRow, 256> protocols{};
  for (const RegistryRow& row : kRegistry) {
    for (std::size_t number = row.first; number <= row.last; ++number) protocols[number] = row;
  }
  return protocols;
}();

}  // namespace

std::string_view protocol_keyword(std::uint64_t number) noexcept {
  return number < kProtocols.size() ? kProtocols[number].keyword : std::string_view{};
}

std::string_view protocol_description(std::uint64_t number) noexcept {
  return number < kProtocols.size() ? kProtocols[number].description : std::string_view{};
}

std::optional<std::uint8_t> find_protocol(std::string_view keyword) noexcept {
  if (keyword.empty()) return std::nullopt;
  for (const RegistryRow& row : kRegistry) {
    if (field::equal_ignoring_case(row.keyword, keyword) ||
        field::lists_name(row.aliases, keyword)) {
      return row.first;
    }
  }
  return std::nullopt;
}

}  // namespace weir
