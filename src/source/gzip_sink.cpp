// SPDX-License-Identifier: Apache-2.0
// source: bytes -> gzip, through ISA-L.
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "source/packing_sink.hpp"

namespace weir::source {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;
// ISA-L counts in 32 bits.
constexpr std::size_t kMaxPiece = std::size_t{1} << 30;

class GzipSink final : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> next)
      : next_(std::move(next)),
        stream_(std::make_unique_for_overwrite<isal_zstream>()),
        level_buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(ISAL_DEF_LVL2_DEFAULT)),
        chunk_(std::make_unique_for_overwrite<char[]>(kChunkBytes)) {
    isal_deflate_init(stream_.get());
    stream_->gzip_flag = IGZIP_GZIP;
    stream_->level = 2;
    stream_->level_buf = level_buffer_.get();
    stream_->level_buf_size = ISAL_DEF_LVL2_DEFAULT;
  }

  Result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kMaxPiece);
      if (auto written = deflate(piece); !written) return written;
      bytes.remove_prefix(piece.size());
    }
    return {};
  }

  Result<void> finish() override {
    stream_->end_of_stream = 1;
    if (auto written = deflate({}); !written) return written;
    return next_->finish();
  }

  bool is_closed_pipe() const noexcept override { return next_->is_closed_pipe(); }

 private:
  Result<void> deflate(std::string_view bytes) {
    // ISA-L only reads through this pointer; its C interface lacks the const.
    stream_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    stream_->avail_in = static_cast<std::uint32_t>(bytes.size());
    do {
      stream_->next_out = reinterpret_cast<std::uint8_t*>(chunk_.get());
      stream_->avail_out = kChunkBytes;
      // It fails only on parameters, and these are fixed above.
      isal_deflate(stream_.get());
      if (auto written = next_->write({chunk_.get(), kChunkBytes - stream_->avail_out}); !written) {
        return written;
      }
    } while (stream_->avail_out == 0);
    return {};
  }

  std::unique_ptr<ByteSink> next_;
  std::unique_ptr<isal_zstream> stream_;
  std::unique_ptr<std::uint8_t[]> level_buffer_;
  std::unique_ptr<char[]> chunk_;
};

}  // namespace

std::unique_ptr<ByteSink> make_gzip_sink(std::unique_ptr<ByteSink> next) {
  return std::make_unique<GzipSink>(std::move(next));
}

}  // namespace weir::source
