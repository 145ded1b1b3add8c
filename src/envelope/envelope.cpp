// SPDX-License-Identifier: Apache-2.0
// envelope: bytes -> lines. Takes the records out of whatever AWS wrapped around them.
#include "weir/envelope.hpp"

#include <algorithm>
#include <cstring>

#include "envelope/envelopes.hpp"

namespace weir {

void PaddedText::reserve(std::size_t bytes) {
  if (bytes <= capacity_ && memory_ != nullptr) return;
  capacity_ = std::max(bytes, capacity_ + capacity_ / 2);
  // Not zeroed: pages that no text reaches cost nothing.
  memory_.reset(new char[capacity_ + 2 * kTextPadding]);
  std::memset(memory_.get(), '\n', kTextPadding);
}

std::string_view PaddedText::assign(std::string_view text) {
  reserve(text.size());
  std::memcpy(data(), text.data(), text.size());
  return {data(), text.size()};
}

Result<bool> Envelope::next(LineBlock& block) {
  Result<bool> more = fill(block);
  block.rejects.clear();
  block.rejects.swap(rejects_);
  return more;
}

std::string_view envelope_kind_name(EnvelopeKind kind) noexcept {
  switch (kind) {
    case EnvelopeKind::bare_lines:
      return "bare-lines";
    case EnvelopeKind::timestamped_lines:
      return "timestamped-lines";
    case EnvelopeKind::tabbed_rows:
      return "tabbed-rows";
    case EnvelopeKind::json:
      return "json";
    case EnvelopeKind::message_csv:
      return "message-csv";
    case EnvelopeKind::field_csv:
      return "field-csv";
    case EnvelopeKind::list_items:
      return "list-items";
  }
  return "unknown";
}

Result<std::unique_ptr<Envelope>> Envelope::open(ByteStream& stream, std::string name) {
  return envelope::open_envelope(stream, std::move(name), 0);
}

Result<envelope::EnvelopePtr> envelope::open_envelope(ByteStream& stream, std::string name,
                                                      int depth) {
  auto sampled = std::make_unique<envelope::SampledStream>(stream);
  if (auto filled = sampled->fill(); !filled) return Unexpected(std::move(filled.error()));
  if (sampled->sample().starts_with(envelope::kByteOrderMark))
    sampled->skip(envelope::kByteOrderMark.size());

  const auto shape = envelope::recognise(sampled->sample(), sampled->complete(), name);
  if (!shape) return Unexpected(shape.error());
  switch (shape->kind) {
    case EnvelopeKind::bare_lines:
      return envelope::make_bare_lines(std::move(sampled));
    case EnvelopeKind::timestamped_lines:
      return envelope::make_timestamped_lines(std::move(sampled), shape->has_streams);
    case EnvelopeKind::tabbed_rows:
      return envelope::make_tabbed_rows(std::move(sampled));
    case EnvelopeKind::json:
      return envelope::make_json(std::move(sampled), std::move(name), depth);
    case EnvelopeKind::message_csv:
      return envelope::make_message_csv(std::move(sampled), shape->csv);
    case EnvelopeKind::field_csv:
      return envelope::make_field_csv(std::move(sampled), shape->csv);
    case EnvelopeKind::list_items:
      return envelope::make_list_items(std::move(sampled));
  }
  return envelope::make_bare_lines(std::move(sampled));
}

}  // namespace weir
