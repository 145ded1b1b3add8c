// SPDX-License-Identifier: Apache-2.0
// source: gzip -> bytes, through ISA-L, any number of members.
//
// ISA-L inflates and sums; the trailer is compared here, because the length has to be counted in
// 64 bits anyway and a wrong sum should be told from a wrong length.
#include <fmt/format.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "source/unpacker.hpp"

namespace weir::source {
namespace {

constexpr std::size_t kTrailerBytes = 8;

std::uint32_t little_endian(const unsigned char* bytes) noexcept {
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

std::uint32_t clamp_to_32_bits(std::size_t length) noexcept {
  return static_cast<std::uint32_t>(
      std::min<std::size_t>(length, std::numeric_limits<std::uint32_t>::max()));
}

std::string_view header_problem(int status) noexcept {
  switch (status) {
    case ISAL_UNSUPPORTED_METHOD:
      return "broken gzip header: the compression method is not deflate";
    case ISAL_INCORRECT_CHECKSUM:
      return "broken gzip header: its checksum does not match";
    default:
      return "broken gzip header";
  }
}

std::string_view block_problem(int status) noexcept {
  switch (status) {
    case ISAL_INVALID_BLOCK:
      return "corrupt gzip member: bad deflate block";
    case ISAL_INVALID_SYMBOL:
      return "corrupt gzip member: bad deflate code";
    case ISAL_INVALID_LOOKBACK:
      return "corrupt gzip member: a copy from before its beginning";
    default:
      return "corrupt gzip member";
  }
}

class GzipUnpacker final : public Unpacker {
 public:
  // All zeros: before it notices a copy from before a member's beginning, ISA-L hands out what its
  // buffer held there, and that must not be what this memory held before.
  GzipUnpacker() : state_(std::make_unique<inflate_state>()) { isal_inflate_init(state_.get()); }

  Unpacked unpack(PackedBytes& packed, std::span<char> out) override;

 private:
  enum class Stage : std::uint8_t { between, header, body, broken_body, trailer, end };

  std::optional<Error> find_member(PackedBytes& packed);
  std::optional<Error> read_header(PackedBytes& packed);
  std::optional<Error> read_trailer(PackedBytes& packed);
  Unpacked inflate(PackedBytes& packed, std::span<char> out);
  std::string last_literals() const;
  void fail(std::string rest, Error failure) {
    rest_ = std::move(rest);
    failure_ = std::move(failure);
    stage_ = Stage::broken_body;
  }
  Unpacked hand_out_rest(std::span<char> out);

  static Error truncated(const PackedBytes& packed) {
    return damage_at(packed.offset(), "the object ends inside a gzip member");
  }
  void set_input(std::string_view window) noexcept;
  unsigned bits_read_ahead() const noexcept {
    return static_cast<unsigned>(std::max(state_->read_in_length, 0));
  }

  std::unique_ptr<inflate_state> state_;
  Stage stage_ = Stage::header;
  std::uint64_t member_bytes_ = 0;
  std::string rest_;  // what stands before the damage and is not handed out yet
  std::size_t rest_taken_ = 0;
  Error failure_;
};

Unpacked GzipUnpacker::unpack(PackedBytes& packed, std::span<char> out) {
  Unpacked done;
  while (done.length < out.size() && stage_ != Stage::end && !done.error) {
    if (done.length > 0 && packed.window().empty()) break;
    const std::span<char> rest = out.subspan(done.length);
    Unpacked step;
    switch (stage_) {
      case Stage::between:
        step.error = find_member(packed);
        break;
      case Stage::header:
        step.error = read_header(packed);
        break;
      case Stage::body:
        step = inflate(packed, rest);
        break;
      case Stage::broken_body:
        step = hand_out_rest(rest);
        break;
      case Stage::trailer:
        step.error = read_trailer(packed);
        break;
      case Stage::end:
        break;
    }
    done.length += step.length;
    done.error = std::move(step.error);
  }
  return done;
}

std::optional<Error> GzipUnpacker::find_member(PackedBytes& packed) {
  auto found = another_follows(packed, begins_gzip, "gzip member");
  if (!found) return std::move(found.error());
  stage_ = *found ? Stage::header : Stage::end;
  return {};
}

std::optional<Error> GzipUnpacker::read_header(PackedBytes& packed) {
  const std::uint64_t member_start = packed.offset();
  isal_inflate_reset(state_.get());
  isal_gzip_header header;
  isal_gzip_header_init(&header);
  while (true) {
    auto more = packed.need(1);
    if (!more) return std::move(more.error());
    if (!*more) return truncated(packed);
    set_input(packed.window());
    const std::uint32_t offered = state_->avail_in;
    const int status = isal_read_gzip_header(state_.get(), &header);
    packed.consume(offered - state_->avail_in);
    if (status == ISAL_DECOMP_OK) break;
    if (status != ISAL_END_INPUT) return damage_at(member_start, header_problem(status));
  }
  isal_inflate_reset(state_.get());
  state_->crc_flag = ISAL_GZIP_NO_HDR;
  member_bytes_ = 0;
  stage_ = Stage::body;
  return {};
}

Unpacked GzipUnpacker::inflate(PackedBytes& packed, std::span<char> out) {
  set_input(packed.window());
  const std::uint32_t offered = state_->avail_in;
  const std::uint32_t room = clamp_to_32_bits(out.size());
  state_->next_out = reinterpret_cast<std::uint8_t*>(out.data());
  state_->avail_out = room;
  const int status = isal_inflate(state_.get());
  const std::size_t consumed = offered - state_->avail_in;
  Unpacked step{room - state_->avail_out, {}};
  packed.consume(consumed);
  member_bytes_ += step.length;
  if (status < 0) {
    // ISA-L decodes ahead into a buffer of its own. What lies there when it meets damage was good.
    const auto ahead = reinterpret_cast<const char*>(state_->tmp_out_buffer);
    fail({ahead + state_->tmp_out_processed, ahead + state_->tmp_out_valid},
         damage_at(packed.offset() - (bits_read_ahead() + 7) / 8, block_problem(status)));
    return step;
  }
  if (state_->block_state == ISAL_BLOCK_FINISH) {
    stage_ = Stage::trailer;
    return step;
  }
  if (step.length > 0 || consumed > 0) return step;

  auto more = packed.need(offered + std::size_t{1});
  if (!more) {
    step.error = std::move(more.error());
  } else if (!*more) {
    fail(last_literals(), truncated(packed));
  }
  return step;
}

// One lookup of ISA-L gives literals together with the copy after them, and gives them all back
// when the copy lacks bits. Here the literals are asked for twice, with zeros and with ones in the
// place of what is missing: where both agree, the bits that are there have decided. Copies cannot
// agree by chance: the text that they would copy from is taken away.
std::string GzipUnpacker::last_literals() const {
  if (state_->block_state != ISAL_BLOCK_CODED) return {};
  std::array<std::string, 2> answers;
  for (const bool ones : {false, true}) {
    auto state = std::make_unique<inflate_state>(*state_);
    std::array<std::uint8_t, 8> missing{};
    if (ones) missing.fill(0xff);
    state->next_in = missing.data();
    state->avail_in = missing.size();
    std::array<char, 64> out{};
    state->next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state->avail_out = out.size();
    state->tmp_out_valid = 0;
    state->tmp_out_processed = 0;
    isal_inflate(state.get());
    answers[ones].assign(out.data(), out.size() - state->avail_out);
  }
  const auto differ =
      std::mismatch(answers[0].begin(), answers[0].end(), answers[1].begin(), answers[1].end());
  return {answers[0].begin(), differ.first};
}

Unpacked GzipUnpacker::hand_out_rest(std::span<char> out) {
  const std::string_view left = std::string_view(rest_).substr(rest_taken_);
  if (left.empty()) return {0, std::move(failure_)};
  const std::size_t length = left.copy(out.data(), out.size());
  rest_taken_ += length;
  return {length, {}};
}

std::optional<Error> GzipUnpacker::read_trailer(PackedBytes& packed) {
  // The first bytes of the trailer may already be in the bit buffer, above the padding bits that
  // end the last block.
  const std::size_t buffered = bits_read_ahead() / 8;
  auto more = packed.need(kTrailerBytes - buffered);
  if (!more) return std::move(more.error());
  if (!*more) {
    packed.consume(packed.window().size());
    return truncated(packed);
  }

  std::array<unsigned char, kTrailerBytes> trailer{};
  std::uint64_t bits = state_->read_in >> (bits_read_ahead() % 8);
  for (std::size_t i = 0; i < buffered; ++i, bits >>= 8) {
    trailer[i] = static_cast<unsigned char>(bits);
  }
  std::copy_n(packed.window().data(), kTrailerBytes - buffered, trailer.data() + buffered);
  packed.consume(kTrailerBytes - buffered);
  stage_ = Stage::between;

  const std::uint64_t trailer_start = packed.offset() - kTrailerBytes;
  if (little_endian(trailer.data()) != state_->crc) {
    return damage_at(trailer_start, "corrupt gzip member: CRC mismatch");
  }
  if (little_endian(trailer.data() + 4) != static_cast<std::uint32_t>(member_bytes_)) {
    return damage_at(trailer_start, "corrupt gzip member: length mismatch");
  }
  return {};
}

void GzipUnpacker::set_input(std::string_view window) noexcept {
  // ISA-L only reads through this pointer; its C interface lacks the const.
  state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(window.data()));
  state_->avail_in = clamp_to_32_bits(window.size());
}

}  // namespace

std::unique_ptr<Unpacker> make_gzip_unpacker() { return std::make_unique<GzipUnpacker>(); }

}  // namespace weir::source
