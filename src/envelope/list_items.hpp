// SPDX-License-Identifier: Apache-2.0
// envelope: the lines of a YAML list.
#pragma once

#include <optional>
#include <string_view>

namespace weir::envelope {

/// `  - 2 1234…` -> `2 1234…`; nothing for a line that is no list item.
std::optional<std::string_view> list_item(std::string_view line) noexcept;

/// True for what may stand around the items: `---`, `key:`, `key: value`, comments, blank lines.
bool is_list_frame(std::string_view line) noexcept;

}  // namespace weir::envelope
