// SPDX-License-Identifier: Apache-2.0
// envelope: base64 (RFC 4648), in which Lambda and Kinesis events carry their payload.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::envelope {

/// Decodes base64 with or without padding; newlines between the digits are allowed (RFC 2045).
/// Nothing if there is any other character or the length cannot be.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace weir::envelope
