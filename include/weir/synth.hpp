// SPDX-License-Identifier: Apache-2.0
// synth: seed -> flow-log text. Invented traffic that looks like AWS's, for benchmarks and demos.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/format.hpp"
#include "weir/progress.hpp"
#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir {

/// What to invent. The same options give the same bytes on every machine.
struct SynthOptions {
  std::uint64_t seed = 1;
  Format format = Format::default_vpc();
  /// Uncompressed bytes with header lines; the last record is the last that fits. 0: `records`
  /// counts instead.
  std::uint64_t bytes = 0;
  std::uint64_t records = 1000;
  std::int64_t day = 1'764'547'200;  ///< Unix seconds of its midnight; 2025-12-01 unless changed
  /// 0: one log of all accounts. Else so many objects, each of one account and of its share of the
  /// day, as AWS puts them into a bucket.
  std::size_t objects = 0;
  /// About how many network interfaces the company has, from kLeastInterfaces to kMostInterfaces.
  std::uint32_t interfaces = kInterfaces;
  /// Every verdict follows from the rules that write_configuration() writes, but for packets that
  /// arrive after their connection is closed. Another log than without, though not by much.
  bool obey_rules = false;
  /// Told what is written, in bytes or records as the amount is; may be null.
  Progress* progress = nullptr;

  static constexpr std::uint32_t kInterfaces = 1280;
  static constexpr std::uint32_t kLeastInterfaces = 100;
  static constexpr std::uint32_t kMostInterfaces = 4000;
};

/// How much was written.
struct SynthReport {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  ///< uncompressed, with header lines
  std::size_t objects = 0;
};

/// How large a configuration is.
struct SynthConfigurationReport {
  std::uint64_t interfaces = 0;
  std::uint64_t groups = 0;
  std::uint64_t acls = 0;
  std::size_t files = 0;
};

/// Reads `v2` to `v5`, `v7` to `v11` (every field up to that version), `all`, or a format as
/// Format::parse() does.
/// Errors: usage; also for fields that only Transit Gateway flow logs have.
Result<Format> parse_synth_format(std::string_view text);

/// Invents the flow logs of a company: four accounts with VPCs, load balancers, instances, ECS
/// tasks, databases and NAT gateways, the clients that they serve and the scanners that they
/// refuse.
///
/// Shape:   a header line, then records in the order of their capture windows over one day. A
///          conversation gives one record per direction at every interface that sees it.
/// Memory:  about 4 MiB, more with many fields, whatever the amount.
/// Threads: immutable after create(); objects may be written at the same time.
class Synthesizer {
 public:
  /// Errors: usage, if the format has a Transit Gateway field, if the amount leaves an object
  /// without a record, or if the number of interfaces is out of range.
  static Result<Synthesizer> create(const SynthOptions& options);
  ~Synthesizer();
  Synthesizer(Synthesizer&& other) noexcept;
  Synthesizer& operator=(Synthesizer&& other) noexcept;

  /// Writes one object, the whole log if it is the only one. Does not finish the sink.
  /// Errors: what the sink reports.
  Result<SynthReport> write(std::size_t object, ByteSink& sink) const;

  /// The key under which AWS would put an object, without the ending that its packing asks for:
  /// `AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/ACCOUNT_vpcflowlogs_...log`.
  std::string object_name(std::size_t object) const;

  /// Writes every object below `directory`, which is made if need be.
  /// Errors: unreadable.
  Result<SynthReport> write_directory(const std::string& directory, Packing packing) const;

  /// Writes what `aws ec2 describe-…` would print of the company's networks below `directory`,
  /// which is made if need be: `ACCOUNT/REGION/describe-security-groups.json`, … Errors:
  /// unreadable.
  Result<SynthConfigurationReport> write_configuration(const std::string& directory) const;

 private:
  struct State;
  explicit Synthesizer(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace weir
