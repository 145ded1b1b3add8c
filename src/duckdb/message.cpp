// SPDX-License-Identifier: Apache-2.0
// duckdb: what DuckDB says about a failure -> an Error.
//
//   Binder Error: Referenced column "dstprt" not found in FROM clause!
//   Candidate bindings: "dstport"
//
//   LINE 1: SELECT dstprt FROM flows
//                  ^
#include "duckdb/message.hpp"

#include <algorithm>
#include <string>

namespace weir::duckdb {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// `Binder Error: what` -> `what`. Words such as `INTERNAL Error` stay: they are no one's mistake.
std::string_view without_kind(std::string_view line) {
  constexpr std::string_view kEnd = " Error: ";
  const std::size_t end = line.find(kEnd);
  if (end == std::string_view::npos || line.starts_with("INTERNAL")) return line;
  const std::string_view kind = line.substr(0, end);
  const bool is_kind = std::all_of(kind.begin(), kind.end(), [](char c) {
    return c == ' ' || c == '-' || c == '/' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return is_kind ? line.substr(end + kEnd.size()) : line;
}

std::string_view without_end_mark(std::string_view line) {
  while (!line.empty() && (line.back() == '!' || line.back() == '.' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  return line;
}

/// `LINE 2: text` and the line with the caret -> the same without the front.
std::string excerpt_of(std::string_view line, std::string_view caret) {
  const std::size_t front = line.find(": ") + 2;
  std::string excerpt(line.substr(front));
  if (caret.size() > front && caret.find('^') != std::string_view::npos) {
    excerpt += '\n';
    excerpt += caret.substr(front);
  }
  return excerpt;
}

bool starts_excerpt(std::string_view line) {
  return line.starts_with("LINE ") && line.find(": ") != std::string_view::npos;
}

}  // namespace

Error to_error(std::string_view said) {
  Error error = usage_error(std::string(without_end_mark(without_kind(take_line(said)))));
  while (!said.empty()) {
    const std::string_view line = take_line(said);
    if (starts_excerpt(line)) {
      error.excerpt = excerpt_of(line, take_line(said));
    } else if (!line.empty()) {
      if (!error.hint.empty()) error.hint += '\n';
      error.hint += line;
    }
  }
  return error;
}

}  // namespace weir::duckdb
