// SPDX-License-Identifier: Apache-2.0
// policy: the members of an AWS answer, as far as they are there.
#include "policy/json_members.hpp"

#include <charconv>

namespace weir::policy {

std::optional<JsonElement> find_member(const JsonObject& object, std::string_view key) noexcept {
  JsonElement element;
  if (object[key].get(element) != simdjson::SUCCESS || element.is_null()) return std::nullopt;
  return element;
}

std::optional<JsonObject> find_object(const JsonObject& object, std::string_view key) noexcept {
  JsonObject found;
  if (object[key].get_object().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<JsonArray> find_array(const JsonObject& object, std::string_view key) noexcept {
  JsonArray found;
  if (object[key].get_array().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::string text_member(const JsonObject& object, std::string_view key) {
  const std::optional<JsonElement> element = find_member(object, key);
  if (!element || element->is_object() || element->is_array()) return {};
  std::string_view text;
  if (element->get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return json_text(*element);
}

bool flag_member(const JsonObject& object, std::string_view key) noexcept {
  bool value = false;
  return object[key].get_bool().get(value) == simdjson::SUCCESS && value;
}

std::string json_text(const JsonElement& element) { return simdjson::minify(element); }

NumberMember number_member(const JsonObject& object, std::string_view key) {
  const std::optional<JsonElement> element = find_member(object, key);
  if (!element) return {};
  std::int64_t value = 0;
  if (element->get_int64().get(value) == simdjson::SUCCESS) return {value, false};
  std::string_view text;
  if (element->get_string().get(text) != simdjson::SUCCESS) return {std::nullopt, true};
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || rest != end) return {std::nullopt, true};
  return {value, false};
}

}  // namespace weir::policy
