// SPDX-License-Identifier: Apache-2.0
// consumer: uses the installed library as anyone else's program would.
#include <weir/format.hpp>

int main() {
  const auto format = weir::Format::parse("${srcaddr} ${dstaddr} ${bytes}");
  return format.has_value() && format.value().header() == "srcaddr dstaddr bytes" ? 0 : 1;
}
