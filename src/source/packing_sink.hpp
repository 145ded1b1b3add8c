// SPDX-License-Identifier: Apache-2.0
// source: bytes -> packed bytes. One sink a packing, each in front of another sink.
#pragma once

#include <memory>

#include "weir/source.hpp"

namespace weir::source {

/// One gzip member, without a name and without a time, so that equal bytes pack equally.
std::unique_ptr<ByteSink> make_gzip_sink(std::unique_ptr<ByteSink> next);
/// One zstd frame with a checksum.
/// Errors: unreadable, when there is not enough memory.
Result<std::unique_ptr<ByteSink>> make_zstd_sink(std::unique_ptr<ByteSink> next);

}  // namespace weir::source
