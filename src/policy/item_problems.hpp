// SPDX-License-Identifier: Apache-2.0
// policy: problems of single items of a file, with their place.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weir/result.hpp"

namespace weir::policy {

/// Collects the bad values of one file. The first are told one by one, the others are counted.
class ItemProblems {
 public:
  /// `text` is the file's, and must outlive this.
  ItemProblems(std::string_view name, std::string_view text, std::vector<Error>& errors)
      : name_(name), text_(text), errors_(errors) {}

  /// An item, or a part of one, that is left out. `item` says which: `sg-… IpPermissions[2]`.
  /// `value` is what is wrong, as it stands in the file; the place is where it stands first, or
  /// next if it was told before. The text is searched, for a parsed value does not know its place.
  void add(std::string_view item, std::string_view problem, std::string_view value);
  /// How many there were so far, told or not.
  std::size_t count() const noexcept { return count_; }
  /// Says how many were not told. Called once, at the file's end.
  void finish();

 private:
  std::size_t find_next(std::string_view value);

  std::string_view name_;
  std::string_view text_;
  std::vector<Error>& errors_;
  std::unordered_map<std::string, std::size_t> behind_;  // where the last one of a value ended
  std::size_t count_ = 0;
};

}  // namespace weir::policy
