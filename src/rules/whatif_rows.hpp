// SPDX-License-Identifier: Apache-2.0
// rules: effects of a proposal, summed up in bounded space.
#pragma once

#include <compare>
#include <cstdint>
#include <map>

#include "conversation/opening.hpp"
#include "rules/distinct.hpp"
#include "weir/whatif.hpp"

namespace weir::rules {

/// What the conversations of a row have in common. Slots are those of RuleSlots.
struct WhatifKey {
  Effect effect = Effect::cut;
  Certainty certainty = Certainty::certain;
  std::size_t proposed = 0;
  std::size_t now = 0;  ///< LayerVerdict::kNoSlot if not known
  Side opened = Side::unknown;
  std::uint8_t protocol = 0;
  std::uint32_t interface = 0;
  std::uint16_t port = 0;

  friend auto operator<=>(const WhatifKey&, const WhatifKey&) = default;
};

struct WhatifSums {
  std::uint64_t conversations = 0;
  RecordSums records;
  PeerPrefixes peers{WhatifReplay::kCountedPeers};
  PortSet ports;
};

/// Rows by key. Beyond `most` rows, all of them leave out the port, then the interface; so what it
/// holds does not depend on the order in which conversations came, nor on how they were spread over
/// merged ones.
class WhatifRows {
 public:
  enum class Detail : std::uint8_t { everything, no_port, no_interface };

  explicit WhatifRows(std::size_t most) : most_(most) {}

  void add(WhatifKey key, const Ip& peer, const RecordSums& records);
  void merge(const WhatifRows& other);

  Detail detail() const noexcept { return detail_; }
  const std::map<WhatifKey, WhatifSums>& rows() const noexcept { return rows_; }

 private:
  void coarsen(Detail detail);
  void keep_bounded();
  static WhatifKey cut_down(WhatifKey key, Detail detail) noexcept;

  std::size_t most_;
  Detail detail_ = Detail::everything;
  std::map<WhatifKey, WhatifSums> rows_;
};

/// A row without its rules.
WhatifRow make_whatif_row(const WhatifKey& key, const WhatifSums& sums);

}  // namespace weir::rules
