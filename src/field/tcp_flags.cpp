// SPDX-License-Identifier: Apache-2.0
// field: TCP flags, number <-> text.
//
// AWS ORs the flags of all packets of a window and documents FIN, SYN, RST and SYN-ACK
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html); its Transit Gateway
// page adds PSH, ACK and URG (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html).
#include "field/ascii.hpp"
#include "weir/names.hpp"

namespace weir {
namespace {

struct Flag {
  std::uint8_t bits;
  std::string_view name;
};

// SYN-ACK stands first: AWS counts it as a flag of its own.
constexpr Flag kFlags[] = {{18, "SYN-ACK"}, {2, "SYN"},  {1, "FIN"},  {4, "RST"},  {8, "PSH"},
                           {16, "ACK"},     {32, "URG"}, {64, "ECE"}, {128, "CWR"}};

std::optional<std::uint8_t> find_flag(std::string_view name) noexcept {
  if (field::equal_ignoring_case(name, "none")) return std::uint8_t{0};
  for (const Flag& flag : kFlags) {
    if (field::equal_ignoring_case(flag.name, name)) return flag.bits;
  }
  return std::nullopt;
}

}  // namespace

std::string tcp_flags_text(std::uint64_t flags) {
  if (flags == 0) return "none";
  if (flags > 255) return std::to_string(flags);
  std::string text;
  std::uint64_t rest = flags;
  for (const Flag& flag : kFlags) {
    if ((rest & flag.bits) != flag.bits) continue;
    if (!text.empty()) text += '+';
    text += flag.name;
    rest &= ~std::uint64_t{flag.bits};
  }
  return text;
}

std::optional<std::uint8_t> find_tcp_flags(std::string_view name) noexcept {
  std::uint8_t flags = 0;
  while (true) {
    const std::size_t plus = name.find('+');
    const auto flag = find_flag(name.substr(0, plus));
    if (!flag) return std::nullopt;
    flags = static_cast<std::uint8_t>(flags | *flag);
    if (plus == std::string_view::npos) return flags;
    name.remove_prefix(plus + 1);
  }
}

}  // namespace weir
