// SPDX-License-Identifier: Apache-2.0
// source: bytes -> a file or standard output.
#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "source/descriptor.hpp"
#include "source/new_file.hpp"
#include "source/packing_sink.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

class FileSink final : public ByteSink {
 public:
  // Someone who watches a terminal wants each piece as it comes.
  explicit FileSink(source::NewFile file)
      : file_(std::move(file)), descriptor_(&file_->descriptor()) {
    watch_terminal();
  }
  explicit FileSink(source::Descriptor descriptor)
      : borrowed_(std::move(descriptor)), descriptor_(&*borrowed_) {
    watch_terminal();
  }

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
    return check(descriptor_->write_all(bytes));
  }

  Result<void> finish() override {
    if (auto flushed = flush(); !flushed) return flushed;
    if (file_) {
      if (auto named = check(file_->take_name()); !named) return named;
    }
    return check(descriptor_->close());
  }

  bool is_closed_pipe() const noexcept override { return error_number_ == EPIPE; }

 private:
  Result<void> flush() {
    if (error_number_ == 0) error_number_ = descriptor_->write_all(buffer_);
    buffer_.clear();
    return check(error_number_);
  }

  Result<void> check(int error_number) {
    if (error_number == 0) return {};
    error_number_ = error_number;
    return Unexpected({ErrorCode::unreadable,
                       fmt::format("cannot be written: {}", source::system_message(error_number)),
                       descriptor_->name(),
                       {},
                       {}});
  }

  void watch_terminal() { buffer_bytes_ = descriptor_->is_terminal() ? 0 : kBufferBytes; }

  std::optional<source::NewFile> file_;         // of a name
  std::optional<source::Descriptor> borrowed_;  // standard output
  source::Descriptor* descriptor_;              // of one of them
  std::size_t buffer_bytes_ = kBufferBytes;
  std::string buffer_;
  int error_number_ = 0;  // the first failure; nothing is written after it
};

}  // namespace

Result<std::unique_ptr<ByteSink>> open_sink(const std::string& name, Packing packing) {
  std::unique_ptr<ByteSink> file;
  if (name.empty() || name == "-") {
    file = std::make_unique<FileSink>(source::Descriptor::standard_output());
  } else {
    auto opened = source::NewFile::open(name);
    if (!opened) return Unexpected(std::move(opened.error()));
    file = std::make_unique<FileSink>(*std::move(opened));
  }
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
