// SPDX-License-Identifier: Apache-2.0
// render: what stands under a table: what it could not show.
#include "render/table_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/terminal_text.hpp"
#include "render/table_layout.hpp"
#include "render/terminal_text.hpp"

namespace weir::render {
namespace {

/// A text of a log can be a MiB long; a note is to be read.
constexpr std::size_t kWidestValue = 160;

void append_item(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

TableNotes::LeftOut* TableNotes::find(std::string_view name) {
  const auto found = std::find_if(left_out_.begin(), left_out_.end(),
                                  [&](const LeftOut& field) { return field.name == name; });
  return found == left_out_.end() ? nullptr : &*found;
}

void TableNotes::show(std::string_view name) {
  if (std::find(shown_.begin(), shown_.end(), name) == shown_.end()) shown_.emplace_back(name);
}

void TableNotes::hide(std::string_view name) {
  LeftOut* const known = find(name);
  if (known == nullptr) {
    left_out_.push_back({.name = std::string(name), .value = {}, .constant = false});
  } else {
    known->constant = false;
  }
}

void TableNotes::hide_constant(std::string_view name, std::string_view value) {
  const LeftOut* const known = find(name);
  if (known == nullptr) {
    left_out_.push_back({.name = std::string(name), .value = std::string(value), .constant = true});
  } else if (known->value != value) {
    hide(name);
  }
}

/// Another table may have shown the field, with other values.
bool TableNotes::is_constant(const LeftOut& field) const {
  return field.constant && std::find(shown_.begin(), shown_.end(), field.name) == shown_.end();
}

std::string TableNotes::text(const Style& style) const {
  bool was_cut = was_cut_;
  std::string constant;
  std::string missing;
  std::string hidden;
  for (const LeftOut& field : left_out_) {
    if (!is_constant(field)) {
      append_item(hidden, field.name);
    } else if (field.value == "-") {
      append_item(missing, field.name);
    } else {
      const std::string value = cut_text(field.value, kWidestValue, Cut::middle, style.unicode);
      was_cut = was_cut || value != field.value;
      append_item(constant, field.name + '=' + value);
    }
  }
  std::string out;
  if (!constant.empty()) out += note_text("same in every record: " + constant, style);
  if (!missing.empty()) out += note_text("missing in every record: " + missing, style);
  std::string partly = hidden.empty() ? "" : "not shown: " + hidden;
  if (was_cut) {
    if (!partly.empty()) partly += "; ";
    partly += fmt::format("values with {} are cut", ellipsis(style.unicode));
  }
  if (!partly.empty()) out += note_text(partly + "; widen the terminal or use -o ndjson", style);
  return out;
}

std::string note_text(std::string_view note, const Style& style) {
  std::string out;
  const std::size_t width = std::max(style.width, kLeastTableWidth);
  const std::string lines = wrap_text(base::printable(note, style.unicode), width, 2);
  for (std::string_view rest = lines; !rest.empty();) {
    const std::size_t length = std::min(rest.find('\n'), rest.size());
    append_painted(out, rest.substr(0, length), Paint::faint, style.color);
    out += '\n';
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return out;
}

}  // namespace weir::render
