// SPDX-License-Identifier: Apache-2.0
// guess: lines without a header in an order that nobody knows -> a proposal for `--format`, column
// by column, with what speaks for it. A person has to confirm it; nothing is read by it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir {

/// How sure a column of a proposal is.
enum class GuessCertainty : std::uint8_t {
  certain,   ///< no other field has such values
  likely,    ///< the values of this column and of others speak for it
  possible,  ///< other fields fit as well; the order of AWS's table or of the alphabet decided
  unknown,   ///< nothing speaks for any field
};
std::string_view guess_certainty_name(GuessCertainty certainty) noexcept;

struct GuessedColumn {
  std::string field;  ///< `srcaddr`; `column-7` if nothing speaks for any field
  GuessCertainty certainty = GuessCertainty::unknown;
  std::string example;  ///< the first value other than `-`; empty if there is none
  std::string why;
  std::vector<std::string> others;  ///< fields that fit as well
};

/// A proposal for lines of one number of fields.
struct FormatGuess {
  std::vector<GuessedColumn> columns;
  std::size_t lines = 0;  ///< that were looked at
  std::string known;      ///< name of the known order that weir reads them in anyway, if any

  /// `${version} ${srcaddr} ...`: what `--format` takes.
  std::string format() const;
};

/// Proposes a format for lines that all have the same number of fields.
FormatGuess guess_format(std::span<const std::string> lines);

/// Lines without a header from the beginning of objects, by their number of fields.
class GuessSample {
 public:
  /// Adds the first lines of an object, or of each of the first in an archive. Errors: what Object,
  /// Archive and Envelope report; no_flow_log if the records name their fields, so that there is
  /// nothing to guess. Of several in an archive the first.
  Result<void> add(const Input& input);
  const std::map<std::size_t, std::vector<std::string>>& lines() const { return lines_; }

 private:
  Result<void> take(Object& object);

  std::map<std::size_t, std::vector<std::string>> lines_;
};

}  // namespace weir
