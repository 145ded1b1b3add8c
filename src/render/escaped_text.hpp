// SPDX-License-Identifier: Apache-2.0
// render: text -> text that JSON, CSV, TSV and flow-log lines can hold.
#pragma once

#include <string_view>

#include "weir/render.hpp"

namespace weir::render {

/// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD, so that the output is
/// valid JSON whatever the log holds.
void append_json_string(TextBlock& out, std::string_view text);
/// The same without its quotes.
void append_json_text(TextBlock& out, std::string_view text);

/// A CSV cell: quoted only where RFC 4180 wants it, and when empty, since a bare empty cell means
/// that the value is missing.
void append_csv_text(TextBlock& out, std::string_view text);

/// A TSV cell: `\t`, `\n`, `\r` and `\\` for these bytes; `\-` for a text that is a lone hyphen,
/// since a bare one means that the value is missing.
void append_tsv_text(TextBlock& out, std::string_view text);

/// A value of a flow-log line. Fields that AWS percent-encodes are encoded; others only when they
/// would break the line. An empty text has no spelling in a flow log and is written as missing.
void append_log_text(TextBlock& out, std::string_view text, bool percent_encoded);

}  // namespace weir::render
