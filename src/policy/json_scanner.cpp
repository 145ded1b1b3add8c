// SPDX-License-Identifier: Apache-2.0
// policy: JSON text -> where each of its values ends, and where it is wrong.
#include "policy/json_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.hpp"

namespace weir::policy {
namespace {

constexpr std::size_t kMaxDepth = 1000;        // simdjson stops at 1024
constexpr char kRecordSeparator = '\x1e';      // RFC 7464: JSON text sequences
constexpr std::size_t kLongestExcerpt = 4096;  // bytes of a line on each side of a place

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Follows the grammar of RFC 8259, with a stack of brackets of its own, so that deep nesting costs
/// no stack of the program.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t offset, std::size_t most_values)
      : text_(text), at_(offset), most_values_(most_values) {}

  std::optional<JsonMistake> run() {
    do {
      skip_blanks();
      if (!step()) return mistake_;
    } while (!open_.empty());
    return std::nullopt;
  }
  std::size_t offset() const noexcept { return at_; }

 private:
  /// What may come next inside of the innermost bracket.
  enum class Expect : std::uint8_t { value, value_or_close, key, key_or_close, comma_or_close };

  bool step() {
    if (at_ == text_.size()) return fail(at_, "the text ends here, before the value does");
    const char c = text_[at_];
    if (c == '}' || c == ']') return close(c);
    switch (expect_) {
      case Expect::comma_or_close:
        if (c != ',') return fail(at_, "a comma or a closing bracket is missing before this");
        expect_ = open_.back() == '{' ? Expect::key : Expect::value;
        ++at_;
        return true;
      case Expect::key:
      case Expect::key_or_close:
        return key(c);
      default:
        return value(c);
    }
  }

  bool key(char c) {
    if (c != '"') return fail(at_, "a key in double quotes is missing here");
    if (!string()) return false;
    skip_blanks();
    if (at_ == text_.size()) return fail(at_, "the text ends here, before the value does");
    if (text_[at_] != ':') return fail(at_, "a colon is missing before this");
    ++at_;
    expect_ = Expect::value;
    return true;
  }

  bool value(char c) {
    if (++values_ > most_values_) return fail(at_, "this holds more values than any answer of AWS");
    if (c == '{' || c == '[') {
      if (open_.size() == kMaxDepth) return fail(at_, "this is nested too deeply");
      open_ += c;
      expect_ = c == '{' ? Expect::key_or_close : Expect::value_or_close;
      ++at_;
      return true;
    }
    expect_ = Expect::comma_or_close;
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return true;
      }
    }
    if (c == '\'') return fail(at_, "strings stand in double quotes");
    return fail(at_, "this is not JSON value");
  }

  bool close(char c) {
    if (open_.empty() || open_.back() != (c == '}' ? '{' : '[')) {
      return fail(at_, "a closing bracket without its opening one");
    }
    if (expect_ == Expect::key || (expect_ == Expect::value && c == ']')) {
      return fail(at_, "a comma stands before this closing bracket, and nothing between them");
    }
    if (expect_ == Expect::value) return fail(at_, "a value is missing before this");
    open_.pop_back();
    expect_ = Expect::comma_or_close;
    ++at_;
    return true;
  }

  bool string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return fail(text_[at_] == '\n' ? begin : at_,
                    text_[at_] == '\n' ? "this string has no closing quote in its line"
                                       : "a control character in a string");
      }
      if (text_[at_] == '\\' && !escape()) return false;
      ++at_;
    }
    if (at_ == text_.size()) return fail(at_, "the text ends here, inside a string");
    ++at_;
    return true;
  }

  /// Stops at the escape's last byte.
  bool escape() {
    constexpr std::string_view kEscapes = "\"\\/bfnrtu";
    const std::size_t begin = at_++;
    if (at_ == text_.size()) return fail(at_, "the text ends here, inside a string");
    if (kEscapes.find(text_[at_]) == std::string_view::npos) {
      return fail(begin, "JSON has no such escape");
    }
    if (text_[at_] != 'u') return true;
    const std::string_view digits = text_.substr(at_ + 1, 4);
    if (!std::all_of(digits.begin(), digits.end(), is_hex)) {
      return fail(begin, "four hexadecimal digits belong behind \\u");
    }
    at_ += digits.size();
    return true;
  }

  bool number() {
    const std::size_t begin = at_;
    if (text_[at_] == '-') ++at_;
    const bool leading_zero = at_ < text_.size() && text_[at_] == '0';
    const std::size_t whole = digits();
    bool good = whole > 0 && (whole == 1 || !leading_zero);
    if (good && at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      good = digits() > 0;
    }
    if (good && at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      good = digits() > 0;
    }
    return good || fail(begin, "this is not JSON number");
  }

  std::size_t digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - begin;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool fail(std::size_t offset, std::string_view problem) {
    mistake_ = {.offset = offset, .problem = problem};
    return false;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t most_values_;
  std::string open_;
  Expect expect_ = Expect::value;
  std::size_t values_ = 0;
  JsonMistake mistake_;
};

}  // namespace

std::size_t skip_between_values(std::string_view text, std::size_t offset) noexcept {
  while (offset < text.size() && (is_blank(text[offset]) || text[offset] == kRecordSeparator)) {
    ++offset;
  }
  return offset;
}

std::optional<JsonMistake> skip_json_value(std::string_view text, std::size_t& offset,
                                           std::size_t most) {
  Scanner scanner(text, offset, most);
  const std::optional<JsonMistake> mistake = scanner.run();
  offset = scanner.offset();
  return mistake;
}

Error error_at(std::string_view name, std::string_view text, std::size_t offset,
               std::size_t length) {
  offset = std::min(offset, text.size());
  // At the end of the text, the line that breaks off is what a person wants to see.
  std::size_t end_of_shown = offset;
  if (offset == text.size()) {
    while (end_of_shown > 0 && is_blank(text[end_of_shown - 1])) --end_of_shown;
    offset = end_of_shown;
  }
  const std::string_view before = text.substr(0, offset);
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::size_t end = std::min(text.find('\n', offset), text.size());
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t shown = std::max(begin, offset - std::min(offset, kLongestExcerpt));
  const std::size_t shown_end = std::min(end, offset + kLongestExcerpt);
  const std::size_t marked = std::min(length, shown_end - offset);
  Error error;
  error.code = ErrorCode::malformed;
  error.where = fmt::format("{}:{}:{}", name, line, offset - begin + 1);
  error.excerpt = base::draw_excerpt(text.substr(shown, shown_end - shown),
                                     {.begin = offset - shown, .end = offset - shown + marked});
  return error;
}

}  // namespace weir::policy
