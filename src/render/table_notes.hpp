// SPDX-License-Identifier: Apache-2.0
// render: what stands under a table: what it could not show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/render.hpp"

namespace weir::render {

/// Gathers what tables left out; nothing is hidden from a person silently. Names and values are
/// printable.
class TableNotes {
 public:
  /// A field that has a column.
  void show(std::string_view name);
  /// A field without a column.
  void hide(std::string_view name);
  /// A field without a column that holds one value in every record so far.
  void hide_constant(std::string_view name, std::string_view value);
  /// A value that did not fit its column.
  void cut() noexcept { was_cut_ = true; }

  /// The notes as lines, empty if all was shown.
  std::string text(const Style& style) const;

 private:
  struct LeftOut {
    std::string name;
    std::string value;
    bool constant;
  };

  LeftOut* find(std::string_view name);
  bool is_constant(const LeftOut& field) const;

  std::vector<LeftOut> left_out_;
  std::vector<std::string> shown_;
  bool was_cut_ = false;
};

/// A line under a table, broken to the terminal's width.
std::string note_text(std::string_view note, const Style& style);

}  // namespace weir::render
