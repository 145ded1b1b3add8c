// SPDX-License-Identifier: Apache-2.0
// pipeline: objects -> the formats that they begin with, without reading them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parquet/file.hpp"
#include "weir/decode.hpp"
#include "weir/format.hpp"

namespace weir::pipeline {

struct PeekedFormats {
  std::vector<FormatPtr> formats;  ///< each once, in the order in which they are met
  std::vector<std::shared_ptr<const parquet::File>> files;  ///< inputs that are Parquet, in order
  std::optional<Error> failure;  ///< the first object that is no flow log or cannot be read
};

/// Looks at the first record of each object, at most of `most` of them, evenly spread; of an
/// archive at those that stand at its beginning. `options` say what lines without a header are, and
/// `parquet` is opened by the first Parquet object.
PeekedFormats peek_formats(std::span<const Input> inputs, DecodeOptions options, std::size_t most,
                           parquet::Engine& parquet);

/// All fields of several formats, in the order in which they are met. Nothing if there are none.
std::optional<Format> union_of(std::span<const FormatPtr> formats);

}  // namespace weir::pipeline
