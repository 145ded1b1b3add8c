// SPDX-License-Identifier: Apache-2.0
// envelope: bytes in any cut -> JSON units small enough to be parsed one by one.
#include "envelope/json_cutter.hpp"

#include <simdjson.h>

#include <algorithm>

#include "envelope/json_records.hpp"
#include "envelope/ocsf.hpp"
#include "envelope/reject.hpp"

namespace weir::envelope {
namespace {

constexpr std::size_t kMaxDepth = 1000;  // simdjson stops at 1024
constexpr std::size_t kMaxKeyBytes = 64;
constexpr char kRecordSeparator = '\x1e';  // RFC 7464: JSON text sequences

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool ends_literal(char c) noexcept {
  constexpr std::string_view kStructure = ",:]}[{\"";
  return is_blank(c) || kStructure.find(c) != std::string_view::npos;
}

}  // namespace

void JsonCutter::Buffer::clear() {
  bytes.clear();
  too_long = false;
}

void JsonCutter::Buffer::append(std::string_view more) {
  if (too_long) return;
  too_long = bytes.size() + more.size() > kMaxJsonUnitBytes;
  bytes.append(more.substr(0, kMaxJsonUnitBytes - bytes.size()));
}

bool JsonCutter::next(JsonUnit& unit) {
  while (!input_.empty()) {
    if (skipping_) {
      skip_to_value();
    } else if (in_string_) {
      if (take_string(unit)) return true;
    } else if (in_literal_) {
      if (take_literal(unit)) return true;
    } else if (take(input_.front(), unit)) {
      return true;
    }
  }
  flush();
  return false;
}

bool JsonCutter::take(char c, JsonUnit& unit) {
  if (is_blank(c)) {
    consume();
    return false;
  }
  if (stack_.empty()) {
    expect_ = Expect::value;
    const bool is_separator = (c == ',' && any_value_) || c == kRecordSeparator;
    if (is_separator || (recovering_ && (c == ']' || c == '}'))) {
      consume();
      return false;
    }
    if (recovering_ && c == '"' && !has_strings_) {  // a member of the broken value
      skipping_ = true;
      at_line_start_ = false;
      return false;
    }
  }
  switch (c) {
    case '{':
    case '[':
      return open(c, unit);
    case '}':
    case ']':
      return close(c, unit);
    case '"':
      return begin_string(unit);
    case ',':
      if (expect_ != Expect::comma_or_close) return fail(unit, "a comma where none may be");
      expect_ = stack_.back() == '{' ? Expect::key : Expect::value;
      consume();
      return false;
    case ':':
      if (expect_ != Expect::colon) return fail(unit, "a colon where none may be");
      expect_ = Expect::value;
      consume();
      return false;
    default:
      if (stack_.empty()) return fail(unit, "no JSON value");
      if (!may_begin_value()) return fail(unit, "a value where none may be");
      if (at_array_level()) begin_element();
      in_literal_ = true;
      return false;
  }
}

bool JsonCutter::open(char bracket, JsonUnit& unit) {
  if (!may_begin_value()) {
    return fail(unit,
                bracket == '{' ? "an object where none may be" : "an array where none may be");
  }
  if (stack_.size() == kMaxDepth) return fail(unit, "nested too deeply");
  if (stack_.empty()) {
    any_value_ = true;
    flush();
    shell_.clear();
    shell_place_ = here();
  } else if (at_array_level()) {
    begin_element();
  }
  stack_ += bracket;
  if (bracket == '[' && array_depth_ == 0 && kept_depth_ == 0) {
    flush();
    array_key_ = stack_.size() > 1 ? last_key() : std::string();
    if (is_part_of_event()) kept_depth_ = stack_.size();
  }
  if (bracket == '[' && array_depth_ == 0 && kept_depth_ == 0) {
    consume();
    flush();
    array_depth_ = stack_.size();
    ++array_;
  } else {
    consume();
  }
  expect_ = bracket == '{' ? Expect::key_or_close : Expect::value_or_close;
  return false;
}

bool JsonCutter::close(char bracket, JsonUnit& unit) {
  const bool is_object = bracket == '}';
  if (stack_.empty() || stack_.back() != (is_object ? '{' : '[')) {
    return fail(unit, "a closing bracket without its opening one");
  }
  const Expect empty = is_object ? Expect::key_or_close : Expect::value_or_close;
  if (expect_ != Expect::comma_or_close && expect_ != empty) {
    return fail(unit, "a closing bracket where a value is missing");
  }
  if (at_array_level()) {
    flush();
    array_depth_ = 0;
  }
  consume();
  if (stack_.size() == 1) flush();
  if (kept_depth_ == stack_.size()) kept_depth_ = 0;
  stack_.pop_back();
  if (stack_.empty() && !is_object) return false;  // an array at the top level has no shell
  return end_value(unit);
}

bool JsonCutter::begin_string(JsonUnit& unit) {
  is_key_ = expect_ == Expect::key || expect_ == Expect::key_or_close;
  if (!is_key_ && !may_begin_value()) return fail(unit, "a string where none may be");
  if (stack_.empty()) {
    if (any_value_ && !has_strings_) return fail(unit, "no JSON value");
    any_value_ = has_strings_ = true;
    begin_element();
  } else if (at_array_level()) {
    begin_element();
  }
  consume();
  in_string_ = true;
  escaped_ = false;
  return false;
}

bool JsonCutter::take_string(JsonUnit& unit) {
  std::size_t length = 0;
  for (; length < input_.size(); ++length) {
    const char c = input_[length];
    if (c == '\n' || (c == '"' && !escaped_)) break;
    escaped_ = c == '\\' && !escaped_;
  }
  consume_run(length);
  if (input_.empty()) return false;
  if (input_.front() == '\n') return fail(unit, "a string without its closing quote");
  in_string_ = false;
  consume();
  if (!is_key_) return end_value(unit);
  expect_ = Expect::colon;
  return false;
}

bool JsonCutter::take_literal(JsonUnit& unit) {
  const auto end = std::find_if(input_.begin(), input_.end(), ends_literal);
  consume_run(static_cast<std::size_t>(end - input_.begin()));
  if (input_.empty()) return false;
  in_literal_ = false;
  return end_value(unit);
}

bool JsonCutter::end_value(JsonUnit& unit) {
  expect_ = Expect::comma_or_close;
  if (in_element_ && stack_.size() == array_depth_) {
    flush();
    in_element_ = false;
    unit.place = element_place_;
    return emit(unit, JsonUnit::Kind::element, element_);
  }
  if (!stack_.empty()) return false;
  unit.place = shell_place_;
  return emit(unit, JsonUnit::Kind::shell, shell_);
}

bool JsonCutter::emit(JsonUnit& unit, JsonUnit::Kind kind, Buffer& buffer) {
  const std::size_t size = buffer.bytes.size();
  const bool in_array = kind == JsonUnit::Kind::element && !stack_.empty();
  buffer.bytes.append(simdjson::SIMDJSON_PADDING, '\0');
  unit.kind = buffer.too_long ? JsonUnit::Kind::too_long : kind;
  unit.text = std::string_view(buffer.bytes).substr(0, size);
  unit.key = in_array ? std::string_view(array_key_) : std::string_view();
  unit.before = in_array ? std::string_view(shell_.bytes) : std::string_view();
  unit.array = in_array ? array_ : 0;
  unit.problem = {};
  return true;
}

bool JsonCutter::fail(JsonUnit& unit, std::string_view problem) {
  flush();
  const char c = input_.front();
  // An object that starts a line is more likely the next value than a part of the broken one.
  skipping_ = stack_.empty() || !at_line_start_ || (c != '{' && c != '[');
  unit = {.kind = JsonUnit::Kind::broken,
          .text = inside_value() ? unfinished_text() : input_.substr(0, kRejectTextBytes),
          .key = {},
          .before = {},
          .array = 0,
          .place = here(),
          .problem = problem};
  if (!inside_value()) unit.text = unit.text.substr(0, unit.text.find('\n'));
  if (skipping_) at_line_start_ = false;
  stack_.clear();
  array_depth_ = 0;
  kept_depth_ = 0;
  in_element_ = false;
  in_string_ = false;
  in_literal_ = false;
  recovering_ = true;
  return true;
}

void JsonCutter::skip_to_value() {
  const char c = input_.front();
  if (!at_line_start_) {
    consume_run(std::min(input_.find('\n'), input_.size()));
    if (!input_.empty()) consume();
  } else if (is_blank(c)) {
    consume();
  } else if (c == '{' || c == '[' || (c == '"' && has_strings_)) {
    skipping_ = false;
  } else {
    at_line_start_ = false;
  }
}

void JsonCutter::begin_element() {
  flush();
  element_.clear();
  element_place_ = here();
  in_element_ = true;
}

void JsonCutter::consume() {
  const char c = input_.front();
  input_.remove_prefix(1);
  if (c == '\n') {
    ++line_;
    column_ = 0;
    at_line_start_ = true;
  } else {
    ++column_;
    at_line_start_ = at_line_start_ && is_blank(c);
  }
}

/// Consumes bytes without a newline that are not at the start of a line.
void JsonCutter::consume_run(std::size_t bytes) {
  input_.remove_prefix(bytes);
  column_ += bytes;
  at_line_start_ = at_line_start_ && bytes == 0;
}

/// Moves what was consumed into the buffer of its unit. Called wherever the unit changes.
void JsonCutter::flush() {
  const auto length = static_cast<std::size_t>(input_.data() - run_);
  if (Buffer* buffer = target(); buffer != nullptr && length > 0) buffer->append({run_, length});
  run_ = input_.data();
}

/// The key that the shell ends with: `…"events": `.
std::string JsonCutter::last_key() const {
  const std::string_view bytes = shell_.bytes;
  const std::size_t end = bytes.rfind('"');
  if (shell_.too_long || end == std::string_view::npos || end == 0) return {};
  const std::size_t begin = bytes.rfind('"', end - 1);
  if (begin == std::string_view::npos || end - begin > kMaxKeyBytes) return {};
  return std::string(bytes.substr(begin + 1, end - begin - 1));
}

/// True if the array that begins is a part of an OCSF event: by its key, or because the class of
/// the event has been seen.
bool JsonCutter::is_part_of_event() const {
  constexpr std::size_t kLooked = 4096;
  if (is_ocsf_array(array_key_)) return true;
  return stack_.size() > 1 && !is_event_array(array_key_) && array_key_ != "Records" &&
         std::string_view(shell_.bytes).substr(0, kLooked).find("\"class_uid\"") !=
             std::string_view::npos;
}

/// The unit that the next byte belongs to; null between the units.
JsonCutter::Buffer* JsonCutter::target() noexcept {
  if (in_element_) return &element_;
  return stack_.empty() || array_depth_ > 0 ? nullptr : &shell_;
}

LineOrigin JsonCutter::here() const noexcept {
  return {.line = line_, .column = to_column(column_)};
}

std::string_view JsonCutter::unfinished_text() const noexcept {
  const std::string& bytes = in_element_ ? element_.bytes : shell_.bytes;
  return std::string_view(bytes).substr(0, kRejectTextBytes);
}

}  // namespace weir::envelope
