// SPDX-License-Identifier: Apache-2.0
// cli: the values of flags that several verbs share, from text to what they mean.
#include "cli/flag_values.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <charconv>
#include <optional>

#include "weir/source.hpp"

namespace weir::cli {
namespace {

/// A file's whole text, or nothing if it is no readable file.
std::optional<std::string> read_small_file(const std::string& name) {
  constexpr std::size_t kLargest = std::size_t{64} << 20;
  struct stat status {};
  if (stat(name.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  Result<std::optional<std::string>> text = read_whole({name, InputKind::file}, kLargest);
  return text ? *std::move(text) : std::nullopt;
}

/// Factor of `M` or `MB` (thousands), `Mi` or `MiB`; 0 for anything else.
std::uint64_t unit_bytes(std::string_view unit) {
  constexpr std::string_view kUnits = "KMGT";
  if (!unit.empty() && unit.back() == 'B') unit.remove_suffix(1);
  if (unit.empty()) return 1;
  const std::size_t power = kUnits.find(unit.front());
  const bool binary = unit.substr(1) == "i";
  if (power == std::string_view::npos || (unit.size() > 1 && !binary)) return 0;
  std::uint64_t bytes = 1;
  for (std::size_t i = 0; i <= power; ++i) bytes *= binary ? 1024 : 1000;
  return bytes;
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view flag, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size()) return value;
  return Unexpected(usage_error(fmt::format("--{} needs a number, not '{}'", flag, text)));
}

Result<void> parse_format(const std::string& flag, DecodeOptions& decode) {
  if (flag.empty()) return {};
  std::string text = flag;
  std::string name = "--format";
  if (std::optional<std::string> content = read_small_file(flag)) {
    name = flag;
    text = *std::move(content);
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{') {
    auto described = parse_describe_flow_logs(text, name);
    if (!described) return Unexpected(std::move(described.error()));
    decode.described = *std::move(described);
    return {};
  }
  Result<Format> format = Format::parse_log_format(text);
  if (!format) return Unexpected(std::move(format.error()));
  decode.format = std::make_shared<Format>(*std::move(format));
  return {};
}

Result<Filter> parse_where(const std::vector<std::string>& expressions, std::span<const Cidr> own) {
  std::vector<Filter> filters;
  for (const std::string& expression : expressions) {
    Result<Filter> filter = Filter::parse(expression, own);
    if (!filter) return filter;
    filters.push_back(*std::move(filter));
  }
  return Filter::all_of(filters);
}

Result<std::uint64_t> parse_size(std::string_view flag, std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, count);
  const std::uint64_t unit = unit_bytes({rest, static_cast<std::size_t>(end - rest)});
  if (failure == std::errc{} && count > 0 && unit > 0 && count <= kMost / unit) return count * unit;
  return Unexpected(
      usage_error(fmt::format("cannot read '{}' as a size (--{})", text, flag),
                  fmt::format("use whole numbers of bytes, K, M or G (thousands), KiB, MiB or GiB: "
                              "--{} 64MiB",
                              flag)));
}

}  // namespace weir::cli
