// SPDX-License-Identifier: Apache-2.0
// policy: what was read -> what ought to be read, too.
#pragma once

#include "weir/policy.hpp"

namespace weir::policy {

/// Adds to `missing` the commands that would print what nothing was read of or what is referred to
/// and is not there, and to `notes` rules that refer to groups which are not there. Each finding is
/// one line, however many ids it is about. `network` has been indexed.
void find_missing(const Network& network, ConfigurationReport& report);

}  // namespace weir::policy
