// SPDX-License-Identifier: Apache-2.0
// render: sizes and shares as people read them; human_bytes() is public.
#pragma once

#include <string>

namespace weir::render {

/// Plain digits.
std::string decimal_text(unsigned __int128 value);
/// 0.123 -> `12.3 %`; what is more than nothing is never `0.0 %`.
std::string share_text(double share);

}  // namespace weir::render
