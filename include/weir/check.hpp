// SPDX-License-Identifier: Apache-2.0
// check: what a careful reader must know before trusting totals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/batch.hpp"
#include "weir/decode.hpp"

namespace weir {

/// How much a finding matters for totals.
enum class Severity : std::uint8_t { note, warning };

/// One thing found. `topic` groups findings: formats, malformed, skipdata, ...
struct Finding {
  std::string topic;
  Severity severity = Severity::note;
  std::string subject;  ///< object, interface, reason: what the finding is about
  std::uint64_t count = 0;
  std::optional<std::int64_t> first;  ///< Unix seconds
  std::optional<std::int64_t> last;
  std::string detail;
};

/// Records that are compared for being duplicates: every record with at least this many before it.
inline constexpr std::size_t kDuplicateWindow = std::size_t{1} << 22;
/// Findings of one topic that are listed; the rest is counted in one line.
inline constexpr std::size_t kFindingsPerTopic = 20;

/// Looks at every record of a run.
///
/// Memory:  by interfaces, formats and objects; duplicates within a window of kDuplicateWindow
///          records.
/// Threads: one at a time.
class Checker {
 public:
  Checker();
  ~Checker();

  /// Every column of `batch` must be decoded.
  void add(const Batch& batch);
  void object_done(const DecodeReport& report);
  /// An object that could not be read, or not to its end.
  void object_failed(const Error& error);
  /// A file that grew or was replaced while it was read.
  void file_changed(const Error& warning);
  /// Objects that are logs of another service.
  void other_log(const std::string& service, std::uint64_t objects = 1);
  /// Members of archives that were passed over because of their names.
  void members_left_out(std::uint64_t members);

  /// Findings in a fixed order of topics; the same input gives the same findings.
  std::vector<Finding> findings() const;
  std::uint64_t records() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
