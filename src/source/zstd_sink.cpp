// SPDX-License-Identifier: Apache-2.0
// source: bytes -> zstd.
#include <fmt/format.h>
#include <zstd.h>

#include <memory>
#include <utility>

#include "source/packing_sink.hpp"

namespace weir::source {
namespace {

constexpr int kLevel = 3;

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};
using Context = std::unique_ptr<ZSTD_CCtx, FreeCompressor>;

class ZstdSink final : public ByteSink {
 public:
  ZstdSink(std::unique_ptr<ByteSink> next, Context context)
      : next_(std::move(next)),
        context_(std::move(context)),
        chunk_bytes_(ZSTD_CStreamOutSize()),
        chunk_(std::make_unique_for_overwrite<char[]>(chunk_bytes_)) {
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  Result<void> write(std::string_view bytes) override { return compress(bytes, ZSTD_e_continue); }

  Result<void> finish() override {
    if (auto written = compress({}, ZSTD_e_end); !written) return written;
    return next_->finish();
  }

  bool is_closed_pipe() const noexcept override { return next_->is_closed_pipe(); }

 private:
  Result<void> compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{chunk_.get(), chunk_bytes_, 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      if (ZSTD_isError(left)) {
        return Unexpected({ErrorCode::unreadable,
                           fmt::format("cannot pack as zstd: {}", ZSTD_getErrorName(left)),
                           {},
                           {},
                           {}});
      }
      if (auto written = next_->write({chunk_.get(), output.pos}); !written) return written;
      if (directive == ZSTD_e_end ? left == 0 : input.pos == input.size) return {};
    }
  }

  std::unique_ptr<ByteSink> next_;
  Context context_;
  std::size_t chunk_bytes_;
  std::unique_ptr<char[]> chunk_;
};

}  // namespace

Result<std::unique_ptr<ByteSink>> make_zstd_sink(std::unique_ptr<ByteSink> next) {
  Context context(ZSTD_createCCtx());
  if (!context) {
    return Unexpected({ErrorCode::unreadable, "not enough memory to pack as zstd", {}, {}, {}});
  }
  return std::unique_ptr<ByteSink>(std::make_unique<ZstdSink>(std::move(next), std::move(context)));
}

}  // namespace weir::source
