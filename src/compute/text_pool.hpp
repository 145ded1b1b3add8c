// SPDX-License-Identifier: Apache-2.0
// compute: texts -> small numbers, so that groups compare words and not strings.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir {

class TextPool {
 public:
  std::uint32_t intern(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    const auto id = static_cast<std::uint32_t>(texts_.size());
    ids_.emplace(texts_.emplace_back(text), id);
    return id;
  }
  const std::string& text(std::uint64_t id) const { return texts_[id]; }

 private:
  std::deque<std::string> texts_;  // a deque: the views in ids_ must not move
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

}  // namespace weir
