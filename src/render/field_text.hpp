// SPDX-License-Identifier: Apache-2.0
// render: values of flow-log fields -> what a person reads in a table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "render/terminal_text.hpp"
#include "weir/field.hpp"
#include "weir/render.hpp"

namespace weir::render {

/// A number of a field: `TCP`, `SYN-ACK`, `1.2 MiB`, `12,345`, a time in the zone, or digits.
std::string number_text(FieldId id, std::uint64_t value, const TimeZone& zone);

/// Unix seconds in the zone; plain digits beyond the year 9999.
std::string time_text(unsigned __int128 seconds, const TimeZone& zone);

/// True if values of a field line up at their right: numbers that are shown as digits.
bool aligns_right(FieldId id, FieldType type) noexcept;

/// The colour of a text value: green and red for the two actions.
Paint paint_of(FieldId id, std::string_view text) noexcept;

}  // namespace weir::render
