// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive, and as what stands in one: every member is read to its end or to an
// error that says where, and there is an end.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/source.hpp"

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // a bomb is read no further

void require(bool condition) {
  if (!condition) std::abort();
}

/// How many bytes it read, at most about `most`.
std::size_t drain(weir::Object& object, std::size_t most) {
  static std::array<char, std::size_t{1} << 16> piece;
  std::size_t total = 0;
  while (total < most) {
    const weir::Result<std::size_t> length = object.read(piece);
    if (!length) require(!length.error().message.empty() && !length.error().where.empty());
    if (!length || *length == 0) break;
    require(*length <= piece.size());
    total += *length;
  }
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::unique_ptr<weir::Object> object = weir::Object::from_memory("memory", bytes);
  if (!object->is_archive()) {
    drain(*object, kMostBytes);
    return 0;
  }
  weir::Archive archive(std::move(object));
  for (std::size_t total = 0; total < kMostBytes;) {
    auto member = archive.next();
    if (!member) {
      require(!member.error().message.empty() && member.error().where.starts_with("memory"));
      continue;
    }
    if (*member == nullptr) break;
    require(!(*member)->is_archive() && (*member)->name().starts_with("memory/"));
    total += drain(**member, kMostBytes - total) + 1;
  }
  return 0;
}
