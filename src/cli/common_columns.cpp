// SPDX-License-Identifier: Apache-2.0
// cli: inputs -> the columns that hold the records of all of them.
#include "cli/common_columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "weir/decode.hpp"
#include "weir/source.hpp"

namespace weir::cli {
namespace {

/// Opening ten thousand objects twice would be felt; beyond that the first format decides.
constexpr std::size_t kMostPeeks = 10'000;

/// Longer than any header line and the record behind it that people are likely to have.
constexpr std::size_t kPeekBytes = 4096;

/// The format of the first record, and how it is known.
std::optional<FormatUse> first_use(std::unique_ptr<Object> object, const DecodeOptions& options) {
  Result<std::unique_ptr<Decoder>> decoder = Decoder::open(std::move(object), options);
  if (!decoder) return std::nullopt;
  Batch batch;
  const Result<bool> more = (*decoder)->next(batch);
  if (!more || !*more) return std::nullopt;
  for (const FormatUse& use : (*decoder)->report().formats) {
    if (*use.format == *batch.format) return use;
  }
  return std::nullopt;
}

/// Looks at the first lines alone: a header among them settles what the rest is.
FormatPtr peek_header(const std::string& name, const DecodeOptions& options) {
  Result<std::unique_ptr<Object>> object = Object::open(name);
  if (!object) return nullptr;
  std::array<char, kPeekBytes> bytes;
  const Result<std::size_t> length = (*object)->read(bytes);
  if (!length) return nullptr;
  const std::string_view text(bytes.data(), *length);
  const std::size_t line_end = text.rfind('\n');
  if (line_end == std::string_view::npos) return nullptr;
  const auto use = first_use(Object::from_memory(name, text.substr(0, line_end + 1)), options);
  return use && use->origin == FormatOrigin::header ? use->format : nullptr;
}

FormatPtr peek(const std::string& name, const DecodeOptions& options) {
  if (FormatPtr format = peek_header(name, options)) return format;
  Result<std::unique_ptr<Object>> object = Object::open(name);
  if (!object) return nullptr;
  const auto use = first_use(*std::move(object), options);
  return use ? use->format : nullptr;
}

}  // namespace

std::optional<Format> common_columns(const Reading& reading) {
  const std::vector<std::string>& names = reading.names();
  if (names.size() < 2 || names.size() > kMostPeeks ||
      std::find(names.begin(), names.end(), "-") != names.end()) {
    return std::nullopt;
  }
  DecodeOptions options = reading.run_options().decode;
  options.fields = FieldSet();
  options.on_reject = nullptr;
  std::vector<FormatPtr> formats;
  for (const std::string& name : names) {
    const FormatPtr format = peek(name, options);
    const auto same = [&](const FormatPtr& known) { return *known == *format; };
    if (format != nullptr && std::none_of(formats.begin(), formats.end(), same)) {
      formats.push_back(format);
    }
  }
  if (formats.size() < 2) return std::nullopt;
  std::vector<std::string_view> fields;
  for (const FormatPtr& format : formats) {
    for (const FormatField& field : format->fields()) {
      if (std::find(fields.begin(), fields.end(), field.name) == fields.end()) {
        fields.push_back(field.name);
      }
    }
  }
  Result<Format> columns = Format::from_names(fields);
  if (!columns) return std::nullopt;
  return *std::move(columns);
}

}  // namespace weir::cli
