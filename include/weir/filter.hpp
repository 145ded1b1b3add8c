// SPDX-License-Identifier: Apache-2.0
// filter: an expression over fields -> which rows of a batch match. Grammar: docs/filter.md.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"
#include "weir/result.hpp"

namespace weir {

/// A filter made ready for one format.
/// Threads: immutable, may be shared.
class BoundFilter {
 public:
  /// Keeps the rows of `selection` that match. Null follows three-valued logic as in SQL: a
  /// comparison with null is neither true nor false, and only what is true matches.
  void apply(const Batch& batch, Selection& selection) const;

  /// True if no record of this format can match because fields are missing from it.
  bool never_matches() const noexcept { return never_matches_; }
  /// Fields that the expression names and the format lacks, as written in the catalogue.
  const std::vector<std::string>& missing_fields() const noexcept { return missing_fields_; }

  struct Node;

 private:
  friend class Filter;
  std::shared_ptr<const Node> root_;
  bool never_matches_ = false;
  std::vector<std::string> missing_fields_;
};

/// A parsed filter expression.
/// Threads: immutable, may be shared.
class Filter {
 public:
  /// Parses an expression. Lists from a file (`in @hosts.txt`) are read here.
  /// Errors: usage; `excerpt` holds the expression with a caret under the place, the message what
  /// was expected, the hint a near name. Unreadable list files are not_found or unreadable.
  /// `own` are the blocks of one's own networks, which the word `private` includes.
  static Result<Filter> parse(std::string_view expression, std::span<const Cidr> own = {});

  /// The filter that keeps what each of `filters` keeps; without any, everything.
  static Filter all_of(std::span<const Filter> filters);

  /// The fields that the decoder must fill.
  const FieldSet& fields() const noexcept { return fields_; }
  /// The expression in its canonical spelling; parsing it gives the same filter.
  std::string to_string() const;
  BoundFilter bind(const FormatPtr& format) const;
  /// Filters that together keep what this one keeps, those first whose columns are cheap to have:
  /// the columns of the next are needed only in the rows that the ones before have kept. One filter
  /// if this is not a conjunction.
  std::vector<Filter> steps() const;

  struct Expression;

 private:
  std::shared_ptr<const Expression> expression_;
  FieldSet fields_;
};

}  // namespace weir
