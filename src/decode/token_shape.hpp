// SPDX-License-Identifier: Apache-2.0
// decode: does this text look like a value of that field? Stricter than conversion, since it has to
// tell formats apart.
#pragma once

#include <string_view>

#include "weir/field.hpp"

namespace weir::decode {

bool fits_field(std::string_view token, FieldId id);

}  // namespace weir::decode
