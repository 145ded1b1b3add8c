// SPDX-License-Identifier: Apache-2.0
// envelope: bytes in any cut -> JSON units small enough to be parsed one by one.
//
// Answers of CloudWatch Logs are one object with one long array, so a parser that wants the whole
// document would need memory for the whole file. The cutter hands out each element of the outermost
// array by itself, and what is left of the object, its shell, at its end:
//
//   {"events": [ {"message": …}, {"message": …} ], "nextToken": "…"}
//               └───element───┘ └───element───┘
//   └─────────────{"events": [], "nextToken": "…"}─────────────────┘ shell
//
// The arrays of an OCSF event hold parts of it and stay in the shell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/envelope.hpp"

namespace weir::envelope {

/// Longest unit that is kept whole.
inline constexpr std::size_t kMaxJsonUnitBytes = kMaxLineBytes * 16;

struct JsonUnit {
  enum class Kind : std::uint8_t {
    element,   ///< a value of an outermost array, or a string at the top level
    shell,     ///< an object at the top level without the contents of its arrays
    broken,    ///< `problem` says what is wrong at `place`; the cutter goes on behind it
    too_long,  ///< an element or shell that is longer than kMaxJsonUnitBytes
  };
  Kind kind = Kind::element;
  std::string_view text;    ///< simdjson's padding follows it; cut for broken and too_long
  std::string_view key;     ///< of the array that an element stands in; empty at the top level
  std::string_view before;  ///< what has been read so far of the object around an element
  std::uint64_t array = 0;  ///< counts the outermost arrays; 0 outside of one
  LineOrigin place;         ///< where the unit begins, or what is wrong
  std::string_view problem;
};

/// Cuts JSON values that follow each other, with or without newlines, into units. Structure is
/// checked here, so that one broken value costs itself and not the rest of the input: after a
/// mistake the cutter goes on at the next line that begins with a value. What strings and numbers
/// look like inside is the parser's business.
///
/// Memory: two times kMaxJsonUnitBytes at most.
class JsonCutter {
 public:
  /// Gives the cutter more bytes, which must live until next() has returned false.
  void feed(std::string_view bytes) {
    input_ = bytes;
    run_ = bytes.data();
  }
  /// Fills `unit` and returns true, or returns false when it needs more bytes. The unit's texts
  /// live until the next call.
  bool next(JsonUnit& unit);

  /// True if the bytes so far end inside a value.
  bool inside_value() const noexcept { return !stack_.empty() || in_element_; }
  /// Where the unfinished unit begins, and the beginning of its text.
  LineOrigin unfinished() const noexcept { return in_element_ ? element_place_ : shell_place_; }
  std::string_view unfinished_text() const noexcept;

 private:
  /// What may come next.
  enum class Expect : std::uint8_t {
    value,
    value_or_close,
    key,
    key_or_close,
    colon,
    comma_or_close,
  };

  /// Bytes of one unit, up to the limit.
  struct Buffer {
    std::string bytes;
    bool too_long = false;
    void clear();
    void append(std::string_view more);
  };

  bool take(char c, JsonUnit& unit);
  bool take_string(JsonUnit& unit);
  bool take_literal(JsonUnit& unit);
  bool open(char bracket, JsonUnit& unit);
  bool close(char bracket, JsonUnit& unit);
  bool begin_string(JsonUnit& unit);
  bool end_value(JsonUnit& unit);
  bool emit(JsonUnit& unit, JsonUnit::Kind kind, Buffer& buffer);
  bool fail(JsonUnit& unit, std::string_view problem);
  void skip_to_value();

  void begin_element();
  void consume();
  void consume_run(std::size_t bytes);
  void flush();
  Buffer* target() noexcept;
  std::string last_key() const;
  bool is_part_of_event() const;
  bool may_begin_value() const noexcept {
    return expect_ == Expect::value || expect_ == Expect::value_or_close;
  }
  /// True between the elements of an outermost array.
  bool at_array_level() const noexcept {
    return array_depth_ > 0 && stack_.size() == array_depth_ && !in_element_;
  }
  LineOrigin here() const noexcept;

  std::string_view input_;
  const char* run_ = nullptr;  // the bytes from here to the input are not in a buffer yet
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 0;
  bool at_line_start_ = true;  // nothing but blanks so far on this line

  std::string stack_;            // open brackets
  std::size_t array_depth_ = 0;  // stack_.size() inside the outermost array; 0 outside of one
  std::size_t kept_depth_ = 0;   // the same for an array that stays in the shell
  bool in_element_ = false;
  Expect expect_ = Expect::value;
  bool in_string_ = false;
  bool escaped_ = false;
  bool is_key_ = false;
  bool in_literal_ = false;
  bool skipping_ = false;     // after a mistake, until a line begins with a value
  bool recovering_ = false;   // after a mistake: brackets of the broken value may still come
  bool any_value_ = false;    // something stood at the top level
  bool has_strings_ = false;  // and it was a string: the output of `jq '.events[].message'`

  Buffer element_;
  Buffer shell_;
  LineOrigin element_place_;
  LineOrigin shell_place_;
  std::string array_key_;  // the key of the outermost array
  std::uint64_t array_ = 0;
};

}  // namespace weir::envelope
