// SPDX-License-Identifier: Apache-2.0
// compute: which stretches of time an interface's records cover.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace weir::compute {

struct TimeSpan {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// A union of spans. Spans nearer than a minute are one, so that a day of ordinary records is a
/// single span whatever their order.
class Coverage {
 public:
  void add(std::int64_t begin, std::int64_t end);
  /// Stretches longer than `shortest` between two covered ones.
  std::vector<TimeSpan> gaps(std::int64_t shortest) const;

 private:
  std::map<std::int64_t, std::int64_t> spans_;  // begin -> end
};

}  // namespace weir::compute
