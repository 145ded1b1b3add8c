// SPDX-License-Identifier: Apache-2.0
// synth: interface, field -> text. The fields that do not depend on the traffic.
#pragma once

#include <string>

#include "synth/network.hpp"
#include "weir/format.hpp"

namespace weir::synth {

/// Where the value of a field comes from.
enum class Origin : std::uint8_t { interface, next_hop, traffic };

/// In an empty window most fields are `-`, which is the same for every record of an interface.
Origin origin_of(FieldId field, bool empty_window) noexcept;

/// The text of a field whose origin is not the traffic. `version` is that of the format.
std::string interface_text(FieldId field, const Interface& interface, const Network& network,
                           int version, bool empty_window);

}  // namespace weir::synth
