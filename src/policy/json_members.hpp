// SPDX-License-Identifier: Apache-2.0
// policy: the members of an AWS answer, as far as they are there. Old and new versions of the API
// differ in what they leave out, so a member that is missing or null reads as empty.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::policy {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

/// A member, unless it is missing or null.
std::optional<JsonElement> find_member(const JsonObject& object, std::string_view key) noexcept;
std::optional<JsonObject> find_object(const JsonObject& object, std::string_view key) noexcept;
std::optional<JsonArray> find_array(const JsonObject& object, std::string_view key) noexcept;

/// A string, or a number or word as it is written; empty for everything else.
std::string text_member(const JsonObject& object, std::string_view key);
/// True only for true.
bool flag_member(const JsonObject& object, std::string_view key) noexcept;
/// A value as it stands in the file, for messages.
std::string json_text(const JsonElement& element);

/// A whole number, also one in quotes; nothing if the member is missing, and `broken` is set if it
/// is there and is no such number.
struct NumberMember {
  std::optional<std::int64_t> value;
  bool broken = false;
};
NumberMember number_member(const JsonObject& object, std::string_view key);

/// Calls `visit(JsonObject, place)` for the objects of an array, and `otherwise(JsonElement,
/// place)` for what else is in it.
template <class Visit, class Otherwise>
void each_object(const JsonObject& object, std::string_view key, Visit visit, Otherwise otherwise) {
  const std::optional<JsonArray> array = find_array(object, key);
  if (!array) return;
  std::size_t place = 0;
  for (const JsonElement element : *array) {
    JsonObject item;
    if (element.get_object().get(item) == simdjson::SUCCESS) {
      visit(item, place);
    } else {
      otherwise(element, place);
    }
    ++place;
  }
}
/// The same, where nothing but objects counts.
template <class Visit>
void each_object(const JsonObject& object, std::string_view key, Visit visit) {
  each_object(object, key, visit, [](const JsonElement&, std::size_t) {});
}

}  // namespace weir::policy
