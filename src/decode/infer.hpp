// SPDX-License-Identifier: Apache-2.0
// decode: lines without a header -> the format that fits them, or why no format fits.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/format.hpp"

namespace weir::decode {

/// True if a token looks like a value of the field (FieldInfo::shape). Stricter than conversion,
/// since it has to tell formats apart.
bool fits_field(std::string_view token, FieldId id);

/// A format for lines with one number of fields.
struct Inference {
  FormatPtr format;                     ///< null: nothing fits well enough, or several do
  std::string name;                     ///< of the best candidate
  double confidence = 0;                ///< share of the telling tokens that fit the best
  std::vector<std::string> candidates;  ///< names of formats that fit equally well, if ambiguous
  std::string evidence;                 ///< what was looked at: `all tokens of 120 lines fit ...`
  std::string contradiction;  ///< why the best does not hold although its tokens fit, if so
};

/// Judges lines that all have `field_count` tokens. A `-` tells nothing, since any field may be
/// missing. A candidate wins if at least nine in ten of the telling tokens fit it, no other
/// candidate comes near, in all columns or in those where the two differ, and what it makes of the
/// numbers is possible: bytes are not fewer than packets, no window ends before it starts. Where
/// candidates differ only in columns that hold nothing but `-`, these columns become text under
/// names of their own (`column-30`), and the rest is read.
Inference infer_format(std::span<const std::string_view> lines, std::size_t field_count,
                       std::span<const NamedFormat> candidates);

}  // namespace weir::decode
