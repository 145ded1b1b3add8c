// SPDX-License-Identifier: Apache-2.0
// source: tar, zip -> the objects in them, read through libarchive.
//
//   Object (logs.tar.gz, unpacked to a tar)  ->  ArchiveLevel  ->  Object (logs.tar.gz/a.log.gz)
//                                                  |
//                                      an archive again: a ArchiveLevel of its own, on top
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "source/archive_feed.hpp"
#include "source/libarchive.hpp"
#include "source/unpacker.hpp"
#include "weir/source.hpp"

namespace weir::source {
namespace {

constexpr std::size_t kTarBlock = 512;
/// What is damaged more often than this is no archive any more.
constexpr std::size_t kMostFaults = 1000;
/// libarchive keeps in memory what a header says: the holes of a sparse file, and for a zip that is
/// a file its whole directory. Some bytes of each take ten times as many.
constexpr std::uint64_t kLongestTarHeader = std::uint64_t{8} << 20;
constexpr std::uint64_t kLongestZipHeader = std::uint64_t{256} << 20;

/// The part of a path that members are named by; a name may be a mebibyte long.
std::string member_name(archive_entry* entry) {
  constexpr std::size_t kLongestName = 1024;
  const char* path = archive_entry_pathname_utf8(entry);
  if (path == nullptr) path = archive_entry_pathname(entry);
  std::string_view name = path == nullptr ? "(name in an unknown encoding)" : path;
  while (name.starts_with("./")) name.remove_prefix(2);
  if (name.size() <= kLongestName) return std::string(name);
  return fmt::format("{}...", name.substr(0, kLongestName));
}

/// Names as macOS's tar and zip add them (AppleDouble), and hidden ones, which are left out of
/// directories too.
bool is_left_out(std::string_view path) noexcept {
  if (path.starts_with("__MACOSX/") || path.find("/__MACOSX/") != std::string_view::npos) {
    return true;
  }
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.starts_with('.') && part != "." && part != "..") return true;
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return false;
}

/// APPNOTE.TXT 6.3.10, 4.3.16: how many members the end of a zip says that there are.
std::optional<std::uint64_t> members_told_by(std::string_view tail) {
  constexpr std::string_view kEnd{"PK\x05\x06", 4};
  constexpr std::size_t kCountAt = 10;
  const std::size_t end = tail.rfind(kEnd);
  if (end == std::string_view::npos || tail.size() < end + kCountAt + 2) return std::nullopt;
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(tail[end + kCountAt + i])};
  };
  return byte(0) | byte(1) << 8;
}

/// One archive that is being read.
class ArchiveLevel final : public std::enable_shared_from_this<ArchiveLevel> {
 public:
  explicit ArchiveLevel(std::unique_ptr<Object> object) : feed_(std::move(object)) {}

  const ArchiveFeed& feed() const { return feed_; }
  std::uint64_t left_out() const { return left_out_; }
  /// The next member, or null behind the last.
  Result<std::unique_ptr<Object>> next();

 private:
  class Member;

  Result<void> open();
  Result<bool> find_header(archive_entry*& entry);
  Result<void> at_end();
  Error fault(Error error);
  bool is_header_too_long(std::size_t more);
  Error damaged(const std::string& where);
  Result<std::size_t> read(std::span<char> out);
  Result<bool> next_piece();
  void fetch();

  static la_ssize_t on_read(::archive* reader, void* context, const void** bytes);
  static la_int64_t on_skip(::archive* reader, void* context, la_int64_t length);
  static la_int64_t on_seek(::archive* reader, void* context, la_int64_t offset, int whence);

  ArchiveFeed feed_;
  ArchiveHandle reader_;
  bool ended_ = false;
  std::size_t faults_ = 0;
  bool is_lost_ = false;  // between damage and the next header
  bool in_header_ = false;
  std::uint64_t header_bytes_ = 0;  // read for it
  std::uint64_t headers_ = 0;
  std::uint64_t left_out_ = 0;
  std::optional<Error> read_error_;
  // The member at hand:
  std::uint64_t member_ = 0;  // its number
  std::string name_;
  bool member_ended_ = false;
  std::optional<Error> member_error_;  // told once the bytes before it are handed out
  std::string_view piece_;             // not handed out yet
  std::size_t hole_ = 0;               // zeros before it
  std::uint64_t member_bytes_ = 0;
};

/// The bytes of the member that next() gave last; nothing for those before it.
class ArchiveLevel::Member final : public ByteStream {
 public:
  explicit Member(std::shared_ptr<ArchiveLevel> level)
      : level_(std::move(level)), number_(level_->member_) {}
  Result<std::size_t> read(std::span<char> out) override {
    return number_ == level_->member_ ? level_->read(out) : std::size_t{0};
  }

 private:
  std::shared_ptr<ArchiveLevel> level_;
  std::uint64_t number_;
};

la_ssize_t ArchiveLevel::on_read(::archive* reader, void* context, const void** bytes) {
  auto& self = *static_cast<ArchiveLevel*>(context);
  Result<std::string_view> piece = self.feed_.read();
  if (!piece) {
    self.read_error_ = std::move(piece.error());
    archive_set_error(reader, EIO, "cannot be read");
    return -1;
  }
  // Zeros may fill any space between members.
  const bool is_gap = piece->find_first_not_of('\0') == std::string_view::npos;
  if (!is_gap && self.is_header_too_long(piece->size())) {
    archive_set_error(reader, EIO, "a header or a gap before it is too long");
    return -1;
  }
  *bytes = piece->data();
  return static_cast<la_ssize_t>(piece->size());
}

bool ArchiveLevel::is_header_too_long(std::size_t more) {
  if (!in_header_) return false;
  header_bytes_ += more;
  const bool is_tar = feed_.object().content() == Container::tar;
  return header_bytes_ > (is_tar ? kLongestTarHeader : kLongestZipHeader);
}

la_int64_t ArchiveLevel::on_skip(::archive* /*reader*/, void* context, la_int64_t length) {
  auto& self = *static_cast<ArchiveLevel*>(context);
  if (length <= 0) return 0;
  return static_cast<la_int64_t>(self.feed_.skip(static_cast<std::uint64_t>(length)));
}

la_int64_t ArchiveLevel::on_seek(::archive* /*reader*/, void* context, la_int64_t offset,
                                 int whence) {
  const auto place = static_cast<ArchiveLevel*>(context)->feed_.seek(offset, whence);
  return place ? static_cast<la_int64_t>(*place) : ARCHIVE_FATAL;
}

Result<void> ArchiveLevel::open() {
  reader_.reset(archive_read_new());
  if (reader_ == nullptr) {
    return Unexpected({.code = ErrorCode::unreadable,
                       .message = "not enough memory to read the archive",
                       .where = feed_.object().name()});
  }
  ::archive* const reader = reader_.get();
  if (feed_.object().content() == Container::tar) {
    archive_read_support_format_tar(reader);
    // `cat a.tar b.tar`
    archive_read_set_option(reader, "tar", "read_concatenated_archives", "1");
  } else {
    // Without the directory at its end links look like files; a pipe has no end yet.
    if (feed_.can_seek()) archive_read_support_format_zip_seekable(reader);
    archive_read_support_format_zip_streamable(reader);
  }
  archive_read_set_callback_data(reader, this);
  archive_read_set_read_callback(reader, &ArchiveLevel::on_read);
  if (feed_.can_seek()) {
    archive_read_set_skip_callback(reader, &ArchiveLevel::on_skip);
    archive_read_set_seek_callback(reader, &ArchiveLevel::on_seek);
  }
  if (archive_read_open1(reader) != ARCHIVE_OK) return Unexpected(damaged(feed_.object().name()));
  return {};
}

Error ArchiveLevel::damaged(const std::string& where) {
  Error error = read_error_ ? *std::exchange(read_error_, std::nullopt)
                            : Error{.code = ErrorCode::damaged,
                                    .message = fmt::format("damaged {} archive: {}",
                                                           container_name(feed_.object().content()),
                                                           words_of(reader_.get()))};
  error.where = where;
  error.hint =
      "the records before the damage were read; what stands behind it in the archive may be "
      "missing: fetch it again";
  return error;
}

/// Gives up on what has more faults than anyone reads of.
Error ArchiveLevel::fault(Error error) {
  if (++faults_ >= kMostFaults) {
    ended_ = true;
    error.message +=
        fmt::format("; after {} such faults the rest of the archive is not read", kMostFaults);
  }
  return error;
}

/// Finds the header of the next member; false at the end.
Result<bool> ArchiveLevel::find_header(archive_entry*& entry) {
  while (!ended_) {
    if (headers_ > 0 && !is_lost_) archive_read_data_skip(reader_.get());
    in_header_ = true;
    header_bytes_ = 0;
    const int status = archive_read_next_header(reader_.get(), &entry);
    in_header_ = false;
    if (status == ARCHIVE_EOF) return false;
    // A warning is about owners, times and the encoding of names.
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
      is_lost_ = false;
      ++headers_;
      return true;
    }
    if (status == ARCHIVE_FATAL) ended_ = true;
    if (std::exchange(is_lost_, true) && !ended_) continue;  // it is told already
    return Unexpected(fault(damaged(feed_.object().name())));
  }
  return false;
}

/// libarchive takes any end that stands between two members for the end of the archive.
Result<void> ArchiveLevel::at_end() {
  const auto cut = [&](std::string message) {
    return Unexpected(Error{.code = ErrorCode::damaged,
                            .message = std::move(message),
                            .where = feed_.object().name(),
                            .hint = "the members that were found were read; fetch the archive "
                                    "again"});
  };
  if (Result<void> drained = feed_.drain(); !drained) {
    Error error = std::move(drained.error());
    error.where = feed_.object().name();
    return Unexpected(std::move(error));
  }
  if (feed_.object().content() == Container::tar) {
    if (feed_.last_zeros() >= kTarBlock) return {};
    return cut("the tar archive has no end mark: it is cut, and members may be missing");
  }
  const auto told = members_told_by(feed_.tail());
  constexpr std::uint64_t kMoreThanFit = 0xffff;
  if (feed_.can_seek() || told == headers_ || told == kMoreThanFit) return {};
  if (!told) return cut("the zip archive has no end: it is cut, and members may be missing");
  return cut(fmt::format("the directory of the zip archive lists {} members, and {} were found",
                         *told, headers_));
}

Result<std::unique_ptr<Object>> ArchiveLevel::next() {
  ++member_;
  piece_ = {};
  hole_ = 0;
  if (reader_ == nullptr && !ended_) {
    if (Result<void> opened = open(); !opened) {
      ended_ = true;
      return Unexpected(std::move(opened.error()));
    }
  }
  while (!ended_) {
    archive_entry* entry = nullptr;
    const Result<bool> found = find_header(entry);
    if (!found) return Unexpected(found.error());
    if (!*found) break;
    const bool is_file =
        archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
    const bool is_empty = archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) == 0;
    if (!is_file || is_empty) continue;
    const std::string path = member_name(entry);
    if (is_left_out(path)) {
      ++left_out_;
      continue;
    }
    name_ = fmt::format("{}/{}", feed_.object().name(), path);
    if (archive_entry_is_encrypted(entry) > 0) {
      return Unexpected(fault({.code = ErrorCode::unsupported,
                               .message = "this member of the archive is encrypted",
                               .where = name_,
                               .hint = "unpack it with its password, and name what comes out"}));
    }
    member_ended_ = false;
    member_error_.reset();
    member_bytes_ = 0;
    fetch();  // a zip in a pipe does not say before its bytes how many there are
    if (member_ended_ && piece_.empty() && !member_error_) continue;
    return Object::from_stream(name_, std::make_unique<Member>(shared_from_this()),
                               feed_.object().packing());
  }
  if (!std::exchange(ended_, true)) {
    if (Result<void> whole = at_end(); !whole) return Unexpected(std::move(whole.error()));
  }
  return std::unique_ptr<Object>();
}

/// Gets the next bytes of the member; false at its end.
Result<bool> ArchiveLevel::next_piece() {
  // Zeros that a sparse file leaves out may be more than anyone could read; these stand for them.
  constexpr std::uint64_t kMostZeros = 512;
  constexpr int kMostEmptyPieces = 100'000;
  for (int i = 0; i < kMostEmptyPieces; ++i) {
    const void* bytes = nullptr;
    std::size_t length = 0;
    la_int64_t place = 0;
    const int status = archive_read_data_block(reader_.get(), &bytes, &length, &place);
    if (status == ARCHIVE_EOF) return false;
    if (status != ARCHIVE_OK) {
      if (status == ARCHIVE_FATAL) ended_ = true;
      member_ended_ = true;
      member_error_ = fault(damaged(name_));
      if (status != ARCHIVE_WARN) return false;  // else it is about what the bytes are
    }
    const auto begin = static_cast<std::uint64_t>(std::max<la_int64_t>(place, 0));
    if (begin > member_bytes_) {
      hole_ = static_cast<std::size_t>(std::min(begin - member_bytes_, kMostZeros));
    }
    member_bytes_ = begin + length;
    piece_ = {static_cast<const char*>(bytes), length};
    if (hole_ > 0 || !piece_.empty()) return true;
    if (member_ended_) return false;
  }
  return Unexpected({.code = ErrorCode::damaged,
                     .message = "damaged archive: a member that is never at its end",
                     .where = name_});
}

/// Has bytes at hand, unless the member is at its end.
void ArchiveLevel::fetch() {
  if (hole_ > 0 || !piece_.empty() || member_ended_) return;
  const Result<bool> more = next_piece();
  if (!more) member_error_ = more.error();
  if (!more || !*more) member_ended_ = true;
}

Result<std::size_t> ArchiveLevel::read(std::span<char> out) {
  fetch();
  if (hole_ > 0) {
    const std::size_t length = std::min(out.size(), hole_);
    std::memset(out.data(), 0, length);
    hole_ -= length;
    return length;
  }
  const std::size_t length = piece_.copy(out.data(), out.size());
  piece_.remove_prefix(length);
  if (length == 0 && member_error_) return Unexpected(*std::exchange(member_error_, std::nullopt));
  return length;
}

}  // namespace
}  // namespace weir::source

namespace weir {

struct Archive::State {
  std::vector<std::shared_ptr<source::ArchiveLevel>> levels;  // each stands in the one before it
  std::shared_ptr<source::ArchiveLevel> outermost;
  std::uint64_t left_out = 0;  // of the levels that are done
};

Archive::Archive(std::unique_ptr<Object> object) : state_(std::make_unique<State>()) {
  state_->outermost = std::make_shared<source::ArchiveLevel>(std::move(object));
  state_->levels.push_back(state_->outermost);
}

Archive::~Archive() = default;

Result<std::unique_ptr<Object>> Archive::next() {
  auto& levels = state_->levels;
  while (!levels.empty()) {
    Result<std::unique_ptr<Object>> member = levels.back()->next();
    if (!member) return member;
    if (*member == nullptr) {
      state_->left_out += levels.back()->left_out();
      levels.pop_back();
    } else if (!(*member)->is_archive()) {
      return member;
    } else if (levels.size() == kMostLayers) {
      return Unexpected({.code = ErrorCode::unsupported,
                         .message = "this archive stands in more than three others",
                         .where = (*member)->name(),
                         .hint = "unpack it, and name what comes out"});
    } else {
      levels.push_back(std::make_shared<source::ArchiveLevel>(*std::move(member)));
    }
  }
  return std::unique_ptr<Object>();
}

std::uint64_t Archive::packed_bytes() const noexcept {
  return state_->outermost->feed().packed_bytes();
}

std::uint64_t Archive::left_out() const noexcept {
  std::uint64_t count = state_->left_out;
  for (const auto& level : state_->levels) count += level->left_out();
  return count;
}

}  // namespace weir
