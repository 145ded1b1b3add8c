// SPDX-License-Identifier: Apache-2.0
// envelope: what AWS's other services log, which often lies in the same bucket as flow logs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "weir/result.hpp"

namespace weir::envelope {

/// The service whose records have members or columns of these names; empty if none is known.
std::string_view service_of_names(std::span<const std::string_view> names);

/// The service that has written all of these lines, as text; empty if none is known, or if one of
/// them may be something else. Values alone never tell.
std::string_view service_of_lines(std::span<const std::string_view> lines);

/// OCSF of a class that is not Network Activity.
inline constexpr std::string_view kOtherOcsf = "OCSF of another class than Network Activity";

/// The error that skips an object as a whole: `excerpt` is the service alone.
Error other_log(std::string_view service, const std::string& name);

}  // namespace weir::envelope
