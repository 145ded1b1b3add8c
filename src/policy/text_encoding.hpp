// SPDX-License-Identifier: Apache-2.0
// policy: text of any encoding that shells write -> UTF-8.
#pragma once

#include <string>

namespace weir::policy {

/// Takes marks of byte order off, turns UTF-16 (what `>` of Windows PowerShell 5 writes) into
/// UTF-8, and bytes that are no UTF-8 into `?`, so that a description in an old code page costs
/// nothing.
std::string to_utf8(std::string bytes);

}  // namespace weir::policy
