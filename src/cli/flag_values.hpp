// SPDX-License-Identifier: Apache-2.0
// cli: the values of flags that several verbs share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/decode.hpp"
#include "weir/filter.hpp"
#include "weir/ip.hpp"

namespace weir::cli {

/// Reads a whole number. Errors: usage, naming --`flag`.
Result<std::uint64_t> parse_count(std::string_view flag, std::string_view text);

/// Reads --format: a list of fields, or a file that holds one or a describe-flow-logs answer.
/// Errors: usage, and what parse_describe_flow_logs() reports.
Result<void> parse_format(const std::string& flag, DecodeOptions& decode);

/// Reads every -w: all of them have to match. Errors: usage, of the first that is wrong.
/// `own` are the blocks that count as private besides IANA's.
Result<Filter> parse_where(const std::vector<std::string>& expressions,
                           std::span<const Cidr> own = {});

/// Reads `4096`, `500M`, `64MiB`, `2Gi`: what --`flag` was given. Never zero. Errors: usage.
Result<std::uint64_t> parse_size(std::string_view flag, std::string_view text);

}  // namespace weir::cli
