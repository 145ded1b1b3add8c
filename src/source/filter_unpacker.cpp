// SPDX-License-Identifier: Apache-2.0
// source: bzip2, xz, lz4 -> bytes, any number of streams one after the other.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "source/libarchive.hpp"
#include "source/unpacker.hpp"

namespace weir::source {
namespace {

struct LibarchiveFilter {
  std::string_view unit;
  int (*support)(::archive*);
};
constexpr LibarchiveFilter kBzip2{"bzip2 stream", archive_read_support_filter_bzip2};
constexpr LibarchiveFilter kXz{"xz stream", archive_read_support_filter_xz};
constexpr LibarchiveFilter kLz4{"lz4 frame", archive_read_support_filter_lz4};

class FilterUnpacker final : public Unpacker {
 public:
  // The longest piece that a filter looks at to see whether a further stream begins.
  static constexpr std::size_t kMostKept = 32;

  explicit FilterUnpacker(const LibarchiveFilter& filter) : filter_(filter) {}

  Unpacked unpack(PackedBytes& packed, std::span<char> out) override {
    if (reader_ == nullptr) {
      packed_ = &packed;
      if (!open()) return {0, failure()};
    }
    const la_ssize_t length =
        is_empty_ ? 0 : archive_read_data(reader_.get(), out.data(), out.size());
    if (length < 0) return {0, failure()};
    if (length > 0) return {static_cast<std::size_t>(length), {}};
    return {0, what_follows()};
  }

 private:
  bool open() {
    start_ = packed_->offset();
    reader_.reset(archive_read_new());
    if (reader_ == nullptr) return false;
    filter_.support(reader_.get());
    archive_read_support_format_raw(reader_.get());
    archive_read_support_format_empty(reader_.get());
    if (archive_read_open(reader_.get(), this, nullptr, &FilterUnpacker::feed, nullptr) !=
        ARCHIVE_OK) {
      return false;
    }
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader_.get(), &entry);
    // What a filter does not know, damaged or too short, would be handed out as it is.
    constexpr int kFilterAndSource = 2;
    if (archive_filter_count(reader_.get()) < kFilterAndSource) {
      archive_set_error(reader_.get(), EIO, "its beginning is damaged or cut");
      return false;
    }
    is_empty_ = status == ARCHIVE_EOF;
    return status == ARCHIVE_OK || is_empty_;
  }

  /// Lends libarchive the bytes at hand; they stay until it asks for more.
  static la_ssize_t feed(::archive* reader, void* context, const void** bytes) {
    auto& self = *static_cast<FilterUnpacker*>(context);
    self.take_back();
    Result<bool> more = self.packed_->need(1);
    if (!more) {
      self.read_error_ = std::move(more.error());
      archive_set_error(reader, EIO, "cannot be read");
      return -1;
    }
    const std::string_view window = self.packed_->window();
    *bytes = window.data();
    self.lent_ = window.size();
    return static_cast<la_ssize_t>(window.size());
  }

  void take_back() {
    const std::string_view lent = packed_->window().substr(0, lent_);
    last_lent_ = lent.substr(lent.size() - std::min(lent.size(), kMostKept));
    packed_->consume(std::exchange(lent_, 0));
  }

  /// libarchive passes over whatever follows the last stream; here only zeros may.
  std::optional<Error> what_follows() {
    const std::uint64_t used =
        start_ + static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
    if (used < packed_->offset()) {  // it has asked for more than it knew to use
      const auto unused = static_cast<std::size_t>(packed_->offset() - used);
      const std::string_view rest =
          std::string_view(last_lent_)
              .substr(last_lent_.size() - std::min(unused, last_lent_.size()));
      if (unused > rest.size() || rest.find_first_not_of('\0') != std::string_view::npos) {
        return damage_at(used,
                         fmt::format("bytes that are no {0} follow the last {0}", filter_.unit));
      }
    }
    packed_->consume(
        used < packed_->offset() ? 0 : std::min<std::size_t>(used - packed_->offset(), lent_));
    lent_ = 0;
    constexpr auto kNothingBegins = [](std::string_view) noexcept { return false; };
    Result<bool> more = another_follows(*packed_, kNothingBegins, filter_.unit);
    return more ? std::nullopt : std::optional(std::move(more.error()));
  }

  Error failure() {
    if (read_error_) return *std::exchange(read_error_, std::nullopt);
    if (reader_ == nullptr) {
      return {.code = ErrorCode::unreadable,
              .message = fmt::format("not enough memory to unpack the {}", filter_.unit)};
    }
    Error error = damage_at(packed_->offset() + lent_,
                            fmt::format("corrupt {}: {}", filter_.unit, words_of(reader_.get())));
    // libarchive unpacks 64 KiB at a time, and gives none of a piece with damage in it.
    error.hint = "the records up to 64 KiB before the damage were read; fetch the object again";
    return error;
  }

  const LibarchiveFilter& filter_;
  ArchiveHandle reader_;
  PackedBytes* packed_ = nullptr;
  bool is_empty_ = false;  // it unpacks to nothing
  std::uint64_t start_ = 0;
  std::size_t lent_ = 0;
  std::string last_lent_;  // the end of what was lent before
  std::optional<Error> read_error_;
};

}  // namespace

std::unique_ptr<Unpacker> make_bzip2_unpacker() { return std::make_unique<FilterUnpacker>(kBzip2); }
std::unique_ptr<Unpacker> make_xz_unpacker() { return std::make_unique<FilterUnpacker>(kXz); }
std::unique_ptr<Unpacker> make_lz4_unpacker() { return std::make_unique<FilterUnpacker>(kLz4); }

}  // namespace weir::source
