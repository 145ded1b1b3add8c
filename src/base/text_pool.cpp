// SPDX-License-Identifier: Apache-2.0
// base: the pool of texts that all threads share.
#include "base/text_pool.hpp"

#include <algorithm>
#include <numeric>

namespace weir::base {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

}  // namespace

TextPool::Text TextPool::intern(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(text);
  if (found != ids_.end()) return {.id = found->second, .text = found->first};
  const auto id = static_cast<std::uint32_t>(texts_.size());
  const std::string_view kept = texts_.emplace_back(keep(text));
  ids_.emplace(kept, id);
  return {.id = id, .text = kept};
}

std::string_view TextPool::keep(std::string_view text) {
  if (text.empty()) return {};
  char* place = next_;
  if (text.size() > kBlockBytes / 4) {  // a block of its own
    place = blocks_.emplace_back(new char[text.size()]).get();
  } else {
    if (text.size() > room_) {
      place = blocks_.emplace_back(new char[kBlockBytes]).get();
      room_ = kBlockBytes;
    }
    next_ = place + text.size();
    room_ -= text.size();
  }
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

std::vector<std::uint32_t> TextPool::ranks() const {
  std::vector<std::uint32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(),
            [this](std::uint32_t a, std::uint32_t b) { return texts_[a] < texts_[b]; });
  std::vector<std::uint32_t> ranks(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    ranks[order[place]] = static_cast<std::uint32_t>(place);
  }
  return ranks;
}

}  // namespace weir::base
