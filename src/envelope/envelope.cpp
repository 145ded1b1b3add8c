// SPDX-License-Identifier: Apache-2.0
// envelope: bytes -> lines. Takes the records out of whatever AWS wrapped around them.
#include "weir/envelope.hpp"

#include <algorithm>
#include <array>
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

namespace {

using envelope::EnvelopePtr;
using envelope::EnvelopeRow;
using envelope::Opening;

/// What nothing else has recognised.
std::optional<envelope::Recognition> all_lines(const envelope::SampleLines& /*lines*/) {
  return envelope::Recognition{};
}

// Everything that is to be known of an envelope: a row each, in the order of EnvelopeKind.
constexpr std::array<EnvelopeRow, kEnvelopeKinds> kEnvelopes = {{
    {EnvelopeKind::json, "json", envelope::recognise_json,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_json(std::move(it.stream), std::move(it.name), it.depth);
     }},
    {EnvelopeKind::message_csv, "message-csv", envelope::recognise_message_csv,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_message_csv(std::move(it.stream), it.recognition.csv);
     }},
    {EnvelopeKind::field_csv, "field-csv", envelope::recognise_field_csv,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_field_csv(std::move(it.stream), it.recognition.csv);
     }},
    {EnvelopeKind::tabbed_rows, "tabbed-rows", envelope::recognise_tabbed_rows,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_tabbed_rows(std::move(it.stream));
     }},
    {EnvelopeKind::timestamped_lines, "timestamped-lines", envelope::recognise_timestamped_lines,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_timestamped_lines(std::move(it.stream), it.recognition.has_streams);
     }},
    {EnvelopeKind::list_items, "list-items", envelope::recognise_list_items,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_list_items(std::move(it.stream));
     }},
    {EnvelopeKind::bare_lines, "bare-lines", all_lines,
     [](Opening it) -> Result<EnvelopePtr> {
       return envelope::make_bare_lines(std::move(it.stream));
     }},
}};

constexpr bool every_kind_has_its_row() {
  for (std::size_t i = 0; i < kEnvelopes.size(); ++i) {
    if (kEnvelopes[i].open == nullptr || kEnvelopes[i].kind != static_cast<EnvelopeKind>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(every_kind_has_its_row(), "kEnvelopes has a row for each EnvelopeKind, in its order");

const EnvelopeRow& row_of(EnvelopeKind kind) noexcept {
  return kEnvelopes[static_cast<std::size_t>(kind)];
}

}  // namespace

std::span<const EnvelopeRow> envelope::envelope_table() noexcept { return kEnvelopes; }

std::string_view envelope_kind_name(EnvelopeKind kind) noexcept { return row_of(kind).name; }

Result<std::unique_ptr<Envelope>> Envelope::open(ByteStream& stream, std::string name) {
  return envelope::open_envelope(stream, std::move(name), 0);
}

Result<envelope::EnvelopePtr> envelope::open_envelope(ByteStream& stream, std::string name,
                                                      int depth) {
  auto sampled = std::make_unique<envelope::SampledStream>(stream);
  if (auto filled = sampled->fill(); !filled) return Unexpected(std::move(filled.error()));
  if (sampled->sample().starts_with(envelope::kByteOrderMark))
    sampled->skip(envelope::kByteOrderMark.size());

  auto shape = envelope::recognise(sampled->sample(), sampled->complete(), name);
  if (!shape) return Unexpected(std::move(shape.error()));
  return row_of(shape->kind)
      .open({.stream = std::move(sampled),
             .recognition = *shape,
             .name = std::move(name),
             .depth = depth});
}

}  // namespace weir
