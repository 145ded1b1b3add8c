// SPDX-License-Identifier: Apache-2.0
// cli: standard input that is to be read twice.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "weir/result.hpp"

namespace weir::cli {

/// Standard input, which from now on can be read from its beginning again: what comes through a
/// pipe is copied to a temporary file that takes its place.
class SpooledInput {
 public:
  /// Errors: unreadable, if standard input or the file cannot be read or written.
  static Result<std::unique_ptr<SpooledInput>> create(const std::string& temp_directory);
  /// Goes back to the beginning.
  Result<void> rewind() const;

 private:
  explicit SpooledInput(off_t begin) : begin_(begin) {}
  off_t begin_;
};

}  // namespace weir::cli
