// SPDX-License-Identifier: Apache-2.0
// fuzz: bytes -> Format::parse. What it takes, it takes again from its own header line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "weir/format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const weir::Result<weir::Format> format = weir::Format::parse(text);
  if (!format) return 0;
  const weir::Result<weir::Format> again = weir::Format::parse(format.value().header());
  if (!again || !(again.value() == format.value())) std::abort();
  return 0;
}
