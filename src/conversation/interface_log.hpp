// SPDX-License-Identifier: Apache-2.0
// conversation: what all records of an interface have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "conversation/packed_record.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// The values that are at an end of every record: two, one or none of them.
class CommonEnds {
 public:
  void add(const Ip& a, const Ip& b) noexcept {
    if (state_ == State::none) return;
    if (state_ == State::unseen) return begin(a, b);
    const bool keeps_first = first_ == a || first_ == b;
    const bool keeps_second = state_ == State::two && (second_ == a || second_ == b);
    keep(keeps_first, keeps_second);
  }
  void add(const CommonEnds& other) noexcept;

  bool none() const noexcept { return state_ == State::none; }
  /// The only one that is left, or null.
  const Ip* only() const noexcept { return state_ == State::one ? &first_ : nullptr; }
  /// Both, the lower one first, or null.
  const Ip* two() const noexcept { return state_ == State::two ? &first_ : nullptr; }
  const Ip& second() const noexcept { return second_; }

 private:
  enum class State : std::uint8_t { unseen, two, one, none };

  void begin(const Ip& a, const Ip& b) noexcept {
    first_ = a < b ? a : b;
    second_ = a < b ? b : a;
    state_ = a == b ? State::one : State::two;
  }
  void keep(bool keeps_first, bool keeps_second) noexcept {
    if (keeps_first && (keeps_second || state_ == State::one)) return;
    if (!keeps_first) first_ = second_;
    state_ = keeps_first || keeps_second ? State::one : State::none;
  }

  Ip first_;
  Ip second_;
  State state_ = State::unseen;
};

/// Times that touch or overlap become one.
class TimeSpans {
 public:
  void add(std::int64_t first, std::int64_t last);
  void add(const TimeSpans& other);
  /// Sorted and joined.
  std::vector<TimeSpan> take();

 private:
  void join();

  std::vector<TimeSpan> spans_;
  std::size_t joined_ = 0;  // how many there were after the last join()
};

/// Sums over the records of one interface; the order in which they come makes no difference.
struct InterfaceLog {
  /// Addresses that flow-direction names: the lowest ones, so that memory has a bound.
  static constexpr std::size_t kMostNamed = 16;

  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t nodata = 0;
  std::uint64_t skipdata = 0;
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  CommonEnds ipv4;
  CommonEnds ipv6;
  CommonEnds ipv6_subnets;  ///< the /64 of both ends
  std::vector<Ip> named;    ///< sorted
  TimeSpans skipped;
  bool is_nameless = false;  ///< ObservedInterface::is_nameless

  void add_time(std::int64_t start, std::int64_t end) noexcept {
    first = std::min({first, start, end});
    last = std::max({last, start, end});
  }
  void add_ends(const Ip& source, const Ip& destination, LoggedDirection direction);
  void add(const InterfaceLog& other);

 private:
  void add_named(const Ip& address);
};

/// Regional NAT gateways and transit gateways forward: no address is their own alone.
inline bool only_forwards(std::string_view id) noexcept {
  return id.starts_with("nat-") || id.starts_with("tgw-");
}

/// RFC 1918, RFC 6598 (which AWS allows in a VPC) and RFC 4193. Source: VPC User Guide, "VPC CIDR
/// blocks".
bool is_private(const Ip& address) noexcept;

/// Which ends are an interface's own.
class OwnAddresses {
 public:
  /// `policy` may be null.
  static OwnAddresses resolve(std::string_view id, const InterfaceLog& log,
                              const Evaluator* policy);

  /// What one record says, or else the addresses.
  SideOrigin side_of(const RecordView& record, const RecordEnds& ends, Side& side) const noexcept;

  const std::vector<Ip>& addresses() const noexcept { return addresses_; }
  SideOrigin origin() const noexcept { return origin_; }
  std::uint32_t configured() const noexcept { return configured_; }

 private:
  void configure(const Evaluator& policy, std::string_view id);
  void infer(const InterfaceLog& log);
  bool is_configured(const Ip& address) const noexcept;
  bool is_inferred(const Ip& address) const noexcept;

  std::vector<Ip> addresses_;  // what people are shown
  SideOrigin origin_ = SideOrigin::unknown;
  std::uint32_t configured_ = Evaluator::kUnknownInterface;
  std::vector<Ip> configured_addresses_;
  std::vector<Cidr> configured_prefixes_;
  std::vector<Ip> inferred_;
  std::vector<Cidr> inferred_subnets_;
  bool private_is_own_ = false;
};

}  // namespace weir::conversation
