// SPDX-License-Identifier: Apache-2.0
// source: bytes -> a file or standard output.
#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "source/descriptor.hpp"
#include "source/packing_sink.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

class FileSink final : public ByteSink {
 public:
  // Someone who watches a terminal wants each piece as it comes.
  explicit FileSink(source::Descriptor descriptor)
      : descriptor_(std::move(descriptor)),
        buffer_bytes_(descriptor_.is_terminal() ? 0 : kBufferBytes) {}

  Result<void> write(std::string_view bytes) override {
    if (buffer_.size() + bytes.size() < buffer_bytes_) {
      if (buffer_.capacity() < buffer_bytes_) buffer_.reserve(buffer_bytes_);
      buffer_.append(bytes);
      return {};
    }
    if (auto flushed = flush(); !flushed) return flushed;
    if (bytes.size() < buffer_bytes_) {
      buffer_.append(bytes);
      return {};
    }
    return check(descriptor_.write_all(bytes));
  }

  Result<void> finish() override {
    if (auto flushed = flush(); !flushed) return flushed;
    return check(descriptor_.close());
  }

  bool is_closed_pipe() const noexcept override { return error_number_ == EPIPE; }

 private:
  Result<void> flush() {
    if (error_number_ == 0) error_number_ = descriptor_.write_all(buffer_);
    buffer_.clear();
    return check(error_number_);
  }

  Result<void> check(int error_number) {
    if (error_number == 0) return {};
    error_number_ = error_number;
    return Unexpected({ErrorCode::unreadable,
                       fmt::format("cannot be written: {}", source::system_message(error_number)),
                       descriptor_.name(),
                       {},
                       {}});
  }

  source::Descriptor descriptor_;
  std::size_t buffer_bytes_;
  std::string buffer_;
  int error_number_ = 0;  // the first failure; nothing is written after it
};

}  // namespace

Result<std::unique_ptr<ByteSink>> open_sink(const std::string& name, Packing packing) {
  auto descriptor = name.empty() || name == "-"
                        ? Result<source::Descriptor>(source::Descriptor::standard_output())
                        : source::Descriptor::open_for_writing(name);
  if (!descriptor) return Unexpected(std::move(descriptor.error()));
  std::unique_ptr<ByteSink> file = std::make_unique<FileSink>(std::move(*descriptor));
  switch (packing) {
    case Packing::gzip:
      return source::make_gzip_sink(std::move(file));
    case Packing::zstd:
      return source::make_zstd_sink(std::move(file));
    case Packing::none:
      break;
  }
  return file;
}

Packing packing_of(std::string_view name) noexcept {
  if (name.ends_with(".gz")) return Packing::gzip;
  if (name.ends_with(".zst")) return Packing::zstd;
  return Packing::none;
}

}  // namespace weir
