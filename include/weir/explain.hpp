// SPDX-License-Identifier: Apache-2.0
// explain: one record -> words.
#pragma once

#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/time.hpp"

namespace weir {

/// One field of a record, explained.
struct FieldExplanation {
  std::string name;   ///< with hyphens, as AWS writes it
  std::string value;  ///< as it stands in the log; `-` when missing
  std::string words;  ///< what it says: `TCP`, `SSH`, `SYN-ACK and FIN seen in the window`
};

/// Says what a record says, in one or more plain sentences that a student understands and an
/// expert accepts. Nothing is claimed that the record does not hold.
/// Shape: every column of `batch` must be decoded.
std::string explain_record(const Batch& batch, std::size_t row, const TimeZone& zone);

/// The same, field by field in the format's order.
std::vector<FieldExplanation> explain_fields(const Batch& batch, std::size_t row,
                                             const TimeZone& zone);

}  // namespace weir
