// SPDX-License-Identifier: Apache-2.0
// explain: what an address is by itself.
#include "base/address_blocks.hpp"
#include "explain/words.hpp"

namespace weir::explain {

std::string_view address_kind(const Ip& address) noexcept { return base::block_of(address).kind; }

}  // namespace weir::explain
