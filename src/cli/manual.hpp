// SPDX-License-Identifier: Apache-2.0
// cli: the tables of verbs and flags -> the manual page weir(1).
#pragma once

#include <string>

namespace weir::cli {

/// In the language of man(7).
std::string manual_page();

}  // namespace weir::cli
