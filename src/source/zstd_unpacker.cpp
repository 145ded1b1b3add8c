// SPDX-License-Identifier: Apache-2.0
// source: zstd -> bytes, any number of frames.
//
// ZSTD_decompressStream() does not tell how much it wrote when it fails. So every call is given too
// little to do more than one thing that can fail: at most the next block, and that only after the
// block before it has left the decoder.
#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "source/unpacker.hpp"

namespace weir::source {
namespace {

// 128 MiB: what `zstd -d` accepts without being told otherwise. A frame may ask for 2 TiB.
constexpr int kMaxWindowLog = 27;
constexpr std::size_t kBlockHeaderBytes = 3;

struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class ZstdUnpacker final : public Unpacker {
 public:
  Unpacked unpack(PackedBytes& packed, std::span<char> out) override;

 private:
  enum class Stage : std::uint8_t { between, frame, end };

  std::optional<Error> find_frame(PackedBytes& packed);
  Unpacked decompress(PackedBytes& packed, std::span<char> out);
  Error failure(std::size_t status, std::uint64_t packed_offset) const;

  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context_;
  Stage stage_ = Stage::between;
  std::uint64_t frame_start_ = 0;
  std::size_t piece_ = 0;  // packed bytes of the next header or block
  bool holds_output_ = false;
};

Unpacked ZstdUnpacker::unpack(PackedBytes& packed, std::span<char> out) {
  Unpacked done;
  while (done.length < out.size() && stage_ != Stage::end && !done.error) {
    const std::size_t wanted = stage_ == Stage::frame ? piece_ : kMagicBytes;
    if (done.length > 0 && packed.window().size() < wanted) break;
    if (stage_ == Stage::between) {
      done.error = find_frame(packed);
    } else {
      Unpacked step = decompress(packed, out.subspan(done.length));
      done.length += step.length;
      done.error = std::move(step.error);
    }
  }
  return done;
}

std::optional<Error> ZstdUnpacker::find_frame(PackedBytes& packed) {
  auto found = another_follows(packed, begins_zstd, "zstd frame");
  if (!found) return std::move(found.error());
  if (!*found) {
    stage_ = Stage::end;
    return {};
  }
  if (!context_) {
    context_.reset(ZSTD_createDCtx());
    if (!context_) {
      return Error{.code = ErrorCode::unreadable, .message = "not enough memory to unpack zstd"};
    }
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  }
  frame_start_ = packed.offset();
  piece_ = ZSTD_initDStream(context_.get());
  holds_output_ = false;
  stage_ = Stage::frame;
  return {};
}

Unpacked ZstdUnpacker::decompress(PackedBytes& packed, std::span<char> out) {
  ZSTD_inBuffer input{nullptr, 0, 0};
  if (!holds_output_) {
    auto whole = packed.need(std::min(piece_, PackedBytes::kWindowBytes));
    if (!whole) return {0, std::move(whole.error())};
    if (packed.window().empty()) {
      return {0, damage_at(packed.offset(), "the object ends inside a zstd frame")};
    }
    input = {packed.window().data(), std::min(piece_, packed.window().size()), 0};
  }
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  const std::size_t status = ZSTD_decompressStream(context_.get(), &output, &input);
  if (ZSTD_isError(status)) return {0, failure(status, packed.offset())};
  packed.consume(input.pos);
  holds_output_ = output.pos == output.size;
  // The hint for a block includes the header after it, which would be read in the same call.
  piece_ = status > kBlockHeaderBytes ? status - kBlockHeaderBytes : status;
  if (status == 0) stage_ = Stage::between;
  return {output.pos, {}};
}

Error ZstdUnpacker::failure(std::size_t status, std::uint64_t packed_offset) const {
  switch (ZSTD_getErrorCode(status)) {
    case ZSTD_error_frameParameter_windowTooLarge:
      return {ErrorCode::unsupported,
              fmt::format("the zstd frame at packed byte {} needs a window of more than {} MiB",
                          frame_start_, (1 << kMaxWindowLog) >> 20),
              {},
              {},
              "unpack it with `zstd -d --long=31` and read the result"};
    case ZSTD_error_dictionary_wrong:
      return {ErrorCode::unsupported,
              fmt::format("the zstd frame at packed byte {} needs a dictionary", frame_start_),
              {},
              {},
              "unpack it with `zstd -d -D DICTIONARY` and read the result"};
    case ZSTD_error_memory_allocation:
      return {ErrorCode::unreadable, "not enough memory to unpack zstd", {}, {}, {}};
    default:
      return damage_at(packed_offset,
                       fmt::format("corrupt zstd frame: {}", ZSTD_getErrorName(status)));
  }
}

}  // namespace

std::unique_ptr<Unpacker> make_zstd_unpacker() { return std::make_unique<ZstdUnpacker>(); }

}  // namespace weir::source
