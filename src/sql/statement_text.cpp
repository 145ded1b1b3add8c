// SPDX-License-Identifier: Apache-2.0
// sql: text of SQL -> statements.
#include <algorithm>
#include <string_view>

#include "weir/sql.hpp"

namespace weir {
namespace {

/// Walks over text piece by piece: a comment, a quoted text or name, or a single byte.
class Walk {
 public:
  explicit Walk(std::string_view sql) : sql_(sql) {}

  bool at_end() const { return at_ >= sql_.size(); }
  std::size_t place() const { return at_; }
  /// True if the text ended within quotes or a comment that has to be closed.
  bool is_open() const { return is_open_; }

  /// What a piece means to a statement.
  enum class Piece : std::uint8_t { blank, word, semicolon };
  Piece step() {
    const char c = sql_[at_];
    const std::string_view rest = sql_.substr(at_);
    if (rest.starts_with("--")) {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
      return Piece::blank;
    }
    if (rest.starts_with("/*")) {
      skip_to(at_ + 2, "*/");
      return Piece::blank;
    }
    if (c == '\'' || c == '"') {
      skip_to(at_ + 1, rest.substr(0, 1));
      return Piece::word;
    }
    if (const std::string_view quote = dollar_quote(rest); !quote.empty()) {
      skip_to(at_ + quote.size(), quote);
      return Piece::word;
    }
    ++at_;
    if (c == ';') return Piece::semicolon;
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' ? Piece::blank : Piece::word;
  }

 private:
  void skip_to(std::size_t from, std::string_view end) {
    const std::size_t found = sql_.find(end, from);
    is_open_ = found == std::string_view::npos;
    at_ = is_open_ ? sql_.size() : found + end.size();
  }

  /// `$$` or `$tag$` at the front, or nothing.
  static std::string_view dollar_quote(std::string_view text) {
    if (text.front() != '$') return {};
    const auto is_letter = [](char c) {
      return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    std::size_t end = 1;
    while (end < text.size() && is_letter(text[end])) ++end;
    return end < text.size() && text[end] == '$' ? text.substr(0, end + 1) : std::string_view();
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  bool is_open_ = false;
};

}  // namespace

bool SqlSession::is_incomplete(std::string_view sql) {
  Walk walk(sql);
  bool has_words = false;  // behind the last semicolon
  while (!walk.at_end()) {
    switch (walk.step()) {
      case Walk::Piece::blank:
        break;
      case Walk::Piece::word:
        has_words = true;
        break;
      case Walk::Piece::semicolon:
        has_words = false;
        break;
    }
  }
  return has_words || walk.is_open();
}

std::vector<std::string> SqlSession::split(std::string_view sql) {
  std::vector<std::string> statements;
  Walk walk(sql);
  std::size_t begin = 0;
  bool has_words = false;
  const auto take = [&](std::size_t end) {
    if (has_words) statements.emplace_back(sql.substr(begin, end - begin));
    has_words = false;
    begin = walk.place();
  };
  while (!walk.at_end()) {
    const std::size_t place = walk.place();
    const Walk::Piece piece = walk.step();
    has_words = has_words || piece == Walk::Piece::word;
    if (piece == Walk::Piece::semicolon) take(place);
  }
  take(sql.size());
  return statements;
}

}  // namespace weir
