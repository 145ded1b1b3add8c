// SPDX-License-Identifier: Apache-2.0
// filter: the file behind `in @hosts.txt` -> values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "filter/value_set.hpp"

namespace weir::filter {

/// What the list files of one expression may still cost together.
struct ListBudget {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t values = 4'000'000;
};

/// Reads a list file into `builder`.
/// Errors: not_found, unreadable; those of add_list().
Result<void> add_list_file(const std::string& name, ListBudget& budget, ValueSetBuilder& builder);

/// Adds the values of a list: separated by blanks, commas or line ends, in quotes if need be; `#`
/// at the beginning of a value makes the rest of the line a comment.
/// Errors: usage, for a value that the field cannot hold, a quote that is not closed on its line,
/// and a list beyond the budget; `where` is name:line:column.
Result<void> add_list(std::string_view text, std::string_view name, ListBudget& budget,
                      ValueSetBuilder& builder);

}  // namespace weir::filter
