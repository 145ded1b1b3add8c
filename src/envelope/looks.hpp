// SPDX-License-Identifier: Apache-2.0
// envelope: what a token, a line or a file looks like, before any format is known.
#pragma once

#include <cstddef>
#include <string_view>

namespace weir::envelope {

/// Takes the next token off `rest`; blanks and tabs separate. Empty at the end.
std::string_view take_token(std::string_view& rest) noexcept;

/// `text` without blanks, tabs, CR and LF around it.
std::string_view trim(std::string_view text) noexcept;

/// Length of the ISO 8601 date and time that `line` begins with and a blank follows, else 0.
std::size_t leading_timestamp(std::string_view line) noexcept;

/// True if `line` has tokens such as only flow-log records have, or is a header line of one.
bool looks_like_record(std::string_view line) noexcept;

/// True if every token is the name of a flow-log field, and there are at least two.
bool looks_like_header(std::string_view line) noexcept;

/// True if `line` begins as every default record does: a version and an account.
bool begins_like_record(std::string_view line) noexcept;

/// True for `eni-…-all`, `…-accept` and `…-reject`: what CloudWatch Logs calls a flow log's stream.
bool is_stream_name(std::string_view token) noexcept;

/// True for `eni-…` and `tgw-…`.
bool is_interface_or_gateway(std::string_view token) noexcept;

/// Names the kind of file by its first bytes, with an article: `a JPEG image`. Empty if unknown.
std::string_view name_by_magic(std::string_view bytes) noexcept;

/// True for bytes that are no text: NUL bytes, or more control bytes than text has.
bool is_binary(std::string_view bytes) noexcept;

}  // namespace weir::envelope
