// SPDX-License-Identifier: Apache-2.0
// cli: standard input -> a file that can be read from its beginning, and more than once.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "weir/result.hpp"

namespace weir::cli {

/// The name under which standard input can then be opened.
inline constexpr const char* kSpooledInput = "/dev/stdin";

/// Copies standard input into a file without a name in `directory` ($TMPDIR or /tmp if empty),
/// which takes its place. A file stays where it is. `stopped` is asked now and then.
/// Errors: unreadable, if standard input or the file cannot be read or written.
Result<void> spool_standard_input(const std::string& directory,
                                  const std::function<bool()>& stopped);

/// Standard input, which from now on can be read from where it stands again.
class SpooledInput {
 public:
  /// Errors: as spool_standard_input().
  static Result<std::unique_ptr<SpooledInput>> create(const std::string& directory);
  /// Goes back to the beginning.
  Result<void> rewind() const;

 private:
  explicit SpooledInput(off_t begin) : begin_(begin) {}
  off_t begin_;
};

}  // namespace weir::cli
