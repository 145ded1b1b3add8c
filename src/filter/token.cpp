// SPDX-License-Identifier: Apache-2.0
// filter: expression text -> tokens.
#include "filter/token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "field/ascii.hpp"

namespace weir::filter {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_word_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
  return letter || digit || beyond_ascii ||
         std::string_view("_-.:/+@%").find(c) != std::string_view::npos;
}

struct Symbol {
  std::string_view text;
  FilterTokenKind kind;
};

// Longer symbols stand before those that they begin with.
constexpr Symbol kSymbols[] = {
    {"==", FilterTokenKind::equal},
    {"!=", FilterTokenKind::not_equal},
    {"!~", FilterTokenKind::no_match},
    {"<=", FilterTokenKind::less_or_equal},
    {">=", FilterTokenKind::greater_or_equal},
    {"&&", FilterTokenKind::both},
    {"||", FilterTokenKind::either},
    {"=", FilterTokenKind::equal},
    {"!", FilterTokenKind::negation},
    {"<", FilterTokenKind::less},
    {">", FilterTokenKind::greater},
    {"~", FilterTokenKind::match},
    {"&", FilterTokenKind::has},
    {"(", FilterTokenKind::open},
    {")", FilterTokenKind::close},
    {",", FilterTokenKind::comma},
};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<FilterToken>> run() {
    std::vector<FilterToken> tokens;
    while (true) {
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      Result<FilterToken> token = next();
      if (!token) return Unexpected(std::move(token.error()));
      tokens.push_back(std::move(*token));
      if (tokens.back().kind == FilterTokenKind::end) return tokens;
    }
  }

 private:
  Result<FilterToken> next() {
    const std::size_t begin = at_;
    if (at_ == text_.size()) return finish(FilterTokenKind::end, begin, {});
    const char c = text_[at_];
    if (c == '\'' || c == '"') return quoted(FilterTokenKind::quoted, begin);
    if (c == '$') return field(begin);
    if (c == '@') return list_file(begin);
    if (is_word_character(c)) {
      while (at_ < text_.size() && is_word_character(text_[at_])) ++at_;
      return finish(FilterTokenKind::word, begin, std::string(text_.substr(begin, at_ - begin)));
    }
    for (const Symbol& symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol.text)) continue;
      at_ += symbol.text.size();
      return finish(symbol.kind, begin, std::string(symbol.text));
    }
    return fail({begin, begin + 1},
                fmt::format("unexpected character '{}'", base::shown_word(text_.substr(begin, 1))),
                c == '|' ? "write or, or ||" : "put text and patterns in quotes");
  }

  Result<FilterToken> quoted(FilterTokenKind kind, std::size_t begin) {
    std::string content;
    const std::size_t quote = at_;
    if (!read_quoted(text_, at_, content)) {
      return fail({quote, quote + 1}, fmt::format("this {} is never closed", text_[quote]),
                  "end the text with the same quote");
    }
    return finish(kind, begin, std::move(content));
  }

  Result<FilterToken> field(std::size_t begin) {
    const std::size_t close = text_.find('}', at_);
    if (!text_.substr(at_).starts_with("${") || close == std::string_view::npos) {
      return fail({begin, begin + 1}, "expected a field in braces after $", "${srcaddr}");
    }
    at_ = close + 1;
    return finish(FilterTokenKind::field, begin,
                  std::string(text_.substr(begin + 2, close - begin - 2)));
  }

  Result<FilterToken> list_file(std::size_t begin) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"')) {
      return quoted(FilterTokenKind::list_file, begin);
    }
    // A path may hold what words may not, such as `~`.
    const auto ends = [](char c) { return is_blank(c) || c == ',' || c == '(' || c == ')'; };
    while (at_ < text_.size() && !ends(text_[at_])) ++at_;
    if (at_ == begin + 1)
      return fail({begin, at_}, "expected a file name after @", "in @hosts.txt");
    return finish(FilterTokenKind::list_file, begin,
                  std::string(text_.substr(begin + 1, at_ - begin - 1)));
  }

  FilterToken finish(FilterTokenKind kind, std::size_t begin, std::string text) const {
    return {.kind = kind, .text = std::move(text), .place = {begin, at_}};
  }

  Unexpected fail(base::Place place, std::string message, std::string hint) const {
    return Unexpected({.code = ErrorCode::usage,
                       .message = std::move(message),
                       .excerpt = base::draw_excerpt(text_, place),
                       .hint = std::move(hint)});
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<FilterToken>> tokenize_filter(std::string_view expression) {
  return Tokenizer(expression).run();
}

bool is_bare_word(std::string_view text) noexcept {
  return !text.empty() && text.front() != '@' &&
         std::all_of(text.begin(), text.end(), is_word_character);
}

bool is_keyword(std::string_view word) noexcept {
  return field::lists_name("and|or|not|in|is|has|null", word);
}

std::string quote_text(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A backslash is literal unless what follows makes it an escape.
    const char next = i + 1 < text.size() ? text[i + 1] : '"';
    const bool escape = text[i] == '\\' && (next == '\\' || next == '"' || next == '\'');
    if (escape || text[i] == '"') quoted += '\\';
    quoted += text[i];
  }
  return quoted + '"';
}

bool read_quoted(std::string_view text, std::size_t& at, std::string& content) {
  const char quote = text[at++];
  while (at < text.size()) {
    const char c = text[at++];
    if (c == quote) return true;
    const bool escapes =
        c == '\\' && at < text.size() && (text[at] == '\'' || text[at] == '"' || text[at] == '\\');
    content += escapes ? text[at++] : c;
  }
  return false;
}

}  // namespace weir::filter
