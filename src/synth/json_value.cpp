// SPDX-License-Identifier: Apache-2.0
// synth: a JSON document -> text.
#include "synth/json_value.hpp"

#include <algorithm>

namespace weir::synth {
namespace {

constexpr std::size_t kIndent = 4;

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') out += '\\';
    out += byte;
  }
  out += '"';
}

}  // namespace

JsonValue::JsonValue(std::initializer_list<Member> members) : kind_(Kind::object) {
  for (const Member& member : members) {
    keys_.push_back(member.key);
    items_.push_back(member.value);
  }
}

JsonValue JsonValue::list(std::vector<JsonValue> items) {
  JsonValue made;
  made.kind_ = Kind::list;
  made.items_ = std::move(items);
  return made;
}

JsonValue& JsonValue::operator[](std::string_view key) {
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found != keys_.end()) return items_[static_cast<std::size_t>(found - keys_.begin())];
  keys_.emplace_back(key);
  return items_.emplace_back();
}

std::string JsonValue::document() const {
  std::string out;
  append_to(out, 0);
  return out + '\n';
}

void JsonValue::append_to(std::string& out, std::size_t indent) const {
  if (kind_ == Kind::text) return append_text(out, text_);
  if (kind_ == Kind::plain) {
    out += text_;
    return;
  }
  const bool is_list = kind_ == Kind::list;
  out += is_list ? '[' : '{';
  for (std::size_t i = 0; i < items_.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    out.append(indent + kIndent, ' ');
    if (!is_list) {
      append_text(out, keys_[i]);
      out += ": ";
    }
    items_[i].append_to(out, indent + kIndent);
  }
  if (!items_.empty()) out.append(1, '\n').append(indent, ' ');
  out += is_list ? ']' : '}';
}

}  // namespace weir::synth
