// SPDX-License-Identifier: Apache-2.0
// synth: values -> a JSON document, as the AWS CLI prints one.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::synth {

/// A text, a number, a truth value, a list, or an object whose members keep their order.
class JsonValue {
 public:
  struct Member;

  JsonValue() : JsonValue(std::initializer_list<Member>()) {}
  template <std::convertible_to<std::string_view> Text>
  JsonValue(const Text& text) : kind_(Kind::text), text_(std::string_view(text)) {}
  template <std::integral Number>
  JsonValue(Number number) : text_(std::to_string(number)) {
    if constexpr (std::same_as<Number, bool>) text_ = number ? "true" : "false";
  }
  /// An object.
  JsonValue(std::initializer_list<Member> members);
  static JsonValue list(std::vector<JsonValue> items = {});

  /// A member of an object, which is added at its end if it is not there.
  JsonValue& operator[](std::string_view key);
  /// An item of a list.
  JsonValue& item(std::size_t place) { return items_[place]; }
  void push_back(JsonValue item) { items_.push_back(std::move(item)); }
  std::size_t size() const { return items_.size(); }

  /// The document in lines that are indented by four blanks. Texts are printable ASCII.
  std::string document() const;

 private:
  enum class Kind : std::uint8_t { plain, text, list, object };

  void append_to(std::string& out, std::size_t indent) const;

  Kind kind_ = Kind::plain;
  std::string text_;               // of a text; of plain ones as JSON spells them
  std::vector<std::string> keys_;  // of an object, one per item
  std::vector<JsonValue> items_;
};

struct JsonValue::Member {
  std::string key;
  JsonValue value;
};

}  // namespace weir::synth
