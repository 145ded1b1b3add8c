// SPDX-License-Identifier: Apache-2.0
// pipeline: objects -> the formats that they begin with.
#include "pipeline/peek_formats.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "weir/source.hpp"

namespace weir::pipeline {
namespace {

/// Longer than any header line and the record behind it that people are likely to have.
constexpr std::size_t kPeekBytes = 4096;

/// The format of the first record, or of a header without one, and how it is known. Nothing if
/// there is neither.
Result<std::optional<FormatUse>> first_use(std::unique_ptr<Object> object,
                                           const DecodeOptions& options) {
  Result<std::unique_ptr<Decoder>> decoder = Decoder::open(std::move(object), options);
  if (!decoder) return Unexpected(std::move(decoder.error()));
  Batch batch;
  const Result<bool> more = (*decoder)->next(batch);
  if (!more) return Unexpected(more.error());
  for (const FormatUse& use : (*decoder)->report().formats) {
    if (!*more || *use.format == *batch.format) return std::optional(use);
  }
  return std::optional<FormatUse>();
}

/// Looks at the first lines alone: a header among them settles what the rest is.
FormatPtr peek_header(const Input& input, const DecodeOptions& options) {
  Result<std::unique_ptr<Object>> object = Object::open(input);
  if (!object || (*object)->content() != Container::plain) return nullptr;
  std::array<char, kPeekBytes> bytes;
  const Result<std::size_t> length = (*object)->read(bytes);
  if (!length) return nullptr;
  const std::string_view text(bytes.data(), *length);
  const std::size_t line_end = text.rfind('\n');
  if (line_end == std::string_view::npos) return nullptr;
  const auto use =
      first_use(Object::from_memory(input.shown_name(), text.substr(0, line_end + 1)), options);
  return use && *use && (*use)->origin == FormatOrigin::header ? (*use)->format : nullptr;
}

/// Null if the object has no record.
Result<FormatPtr> peek(std::unique_ptr<Object> object, const DecodeOptions& options,
                       parquet::Engine& parquet, PeekedFormats& found) {
  if (object->content() == Container::parquet) {
    auto file = parquet::File::look_at(parquet, *object);
    if (!file) return Unexpected(std::move(file.error()));
    if (object->container() == Container::parquet && object->file()) found.files.push_back(*file);
    return (*file)->format();
  }
  const auto use = first_use(std::move(object), options);
  if (!use) return Unexpected(use.error());
  return *use ? (*use)->format : nullptr;
}

void add(Result<FormatPtr> format, PeekedFormats& found) {
  if (!format) {
    if (!found.failure) found.failure = std::move(format.error());
    return;
  }
  if (*format == nullptr) return;
  const auto same = [&](const FormatPtr& known) { return *known == **format; };
  if (std::none_of(found.formats.begin(), found.formats.end(), same)) {
    found.formats.push_back(*std::move(format));
  }
}

/// To come to a member, everything before it has to be unpacked.
void peek_archive(std::unique_ptr<Object> object, const DecodeOptions& options, std::size_t most,
                  parquet::Engine& parquet, PeekedFormats& found) {
  constexpr std::uint64_t kMostPackedBytes = std::uint64_t{64} << 20;
  Archive archive(std::move(object));
  for (std::size_t i = 0; i < most && archive.packed_bytes() < kMostPackedBytes; ++i) {
    Result<std::unique_ptr<Object>> member = archive.next();
    if (member && *member == nullptr) return;
    add(member ? peek(*std::move(member), options, parquet, found)
               : Result<FormatPtr>(Unexpected(std::move(member.error()))),
        found);
  }
}

void peek_input(const Input& input, const DecodeOptions& options, std::size_t most,
                parquet::Engine& parquet, PeekedFormats& found) {
  if (FormatPtr format = peek_header(input, options)) return add(std::move(format), found);
  Result<std::unique_ptr<Object>> object = Object::open(input);
  if (!object) return add(Unexpected(std::move(object.error())), found);
  if ((*object)->is_archive()) {
    return peek_archive(*std::move(object), options, most, parquet, found);
  }
  add(peek(*std::move(object), options, parquet, found), found);
}

}  // namespace

PeekedFormats peek_formats(std::span<const Input> inputs, DecodeOptions options, std::size_t most,
                           parquet::Engine& parquet) {
  options.fields = FieldSet();
  options.on_reject = nullptr;
  options.strict = false;
  PeekedFormats found;
  const std::size_t count = std::min(inputs.size(), most);
  for (std::size_t i = 0; i < count; ++i) {
    peek_input(inputs[i * inputs.size() / count], options, most / count, parquet, found);
  }
  return found;
}

std::optional<Format> union_of(std::span<const FormatPtr> formats) {
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

}  // namespace weir::pipeline
