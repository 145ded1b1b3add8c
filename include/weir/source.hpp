// SPDX-License-Identifier: Apache-2.0
// source: names -> bytes, and bytes -> names.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/result.hpp"

namespace weir {

/// What the first bytes of an object say it is packed in.
enum class Container : std::uint8_t {
  plain,
  gzip,
  zstd,
  bzip2,
  xz,
  lz4,
  utf16,    ///< text that becomes UTF-8 while it is read
  parquet,  ///< what stands inside is not bytes of a log, from here on
  tar,      ///< several objects: see Archive
  zip,
};
std::string_view container_name(Container container) noexcept;

/// Where an input's bytes come from. A new kind is an enumerator here, and its row in
/// src/source/inputs.cpp, which the compiler asks for.
enum class InputKind : std::uint8_t {
  file,                    ///< a path
  standard_input,          ///< arrives once
  spooled_standard_input,  ///< standard input that is a file by now, so that it can be read again
};

/// Something that can be read: what one INPUT word stands for, or one of the files that it names.
struct Input {
  /// A word of a command line that is no directory and no glob: `-` is standard input.
  Input(std::string word);  // NOLINT(google-explicit-constructor): a name is an input
  Input(const char* word) : Input(std::string(word)) {}  // NOLINT(google-explicit-constructor)
  Input(std::string input_name, InputKind input_kind)
      : name(std::move(input_name)), kind(input_kind) {}

  /// For messages: as it was given, or `standard input`.
  std::string shown_name() const;
  /// The path that opens it as often as one likes; nothing for what arrives only once.
  std::optional<std::string> path() const;

  friend bool operator==(const Input&, const Input&) = default;

  std::string name;
  InputKind kind = InputKind::file;
};

/// Bytes that arrive once, in order.
/// Threads: one at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Fills a prefix of `out` and returns its length; 0 means the end.
  /// Errors: unreadable; damaged, after every byte before the damage has been handed out. After an
  /// error the stream is at its end.
  virtual Result<std::size_t> read(std::span<char> out) = 0;
};

/// A regular file.
struct FileOnDisk {
  std::string path;
  std::uint64_t bytes = 0;
};

/// What a regular file was when it was opened, to see later whether it is still that.
struct FileWatch {
  std::string path;
  std::uint64_t device = 0;
  std::uint64_t number = 0;  ///< its inode
  std::uint64_t bytes = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970
};

/// What has happened to a file while it was read.
enum class FileChange : std::uint8_t {
  shrank,     ///< bytes that were there are gone
  rewritten,  ///< as long as before, and written to
  grew,       ///< a log that is still written
  replaced,   ///< another file has its name, as after a rotation; the one that was opened was read
};
struct ChangedFile {
  FileChange change = FileChange::grew;
  std::uint64_t before = 0;  ///< bytes
  std::uint64_t after = 0;

  /// Whether records may be missing of what was there when it was opened, or mixed with others.
  bool has_lost() const noexcept { return change <= FileChange::rewritten; }
};
/// Nothing if it is what it was, or has no name any more: what was opened can be read all the same.
std::optional<ChangedFile> change_of(const FileWatch& watch);
/// A warning about a change: `where` names the file.
Error describe(const ChangedFile& changed, const std::string& name);

/// One named object, opened: a file or standard input, unpacked while it is read.
///
/// Memory: a few hundred KiB, whatever the object's size; for zstd also the window that a frame
/// asks for, at most 128 MiB.
/// Threads: one at a time.
class Object final : public ByteStream {
 public:
  /// Opens an input and looks at its first bytes, never at its name.
  /// Errors: not_found, unreadable.
  static Result<std::unique_ptr<Object>> open(const Input& input);
  /// Unpacks bytes in memory; `name` is for messages. The bytes must outlive the object.
  static std::unique_ptr<Object> from_memory(std::string name, std::string_view bytes);
  /// Unpacks what a stream gives. `around` says in what it is packed already, as packing() does.
  static std::unique_ptr<Object> from_stream(std::string name, std::unique_ptr<ByteStream> stream,
                                             const std::string& around);
  ~Object() override;

  /// Unpacked bytes. gzip with many members and zstd with many frames read as one stream, and what
  /// is packed again inside is unpacked too, kMostLayers deep. Parquet and archives are handed out
  /// as they are.
  /// Errors: unreadable; damaged, `where` names the object and the message its packed offset;
  /// unsupported for a zstd frame that needs a dictionary or a larger window.
  Result<std::size_t> read(std::span<char> out) override;

  /// The file that the object is, as it is packed, for those that have to read it in another order;
  /// nothing for a pipe and for bytes in memory.
  const std::optional<FileOnDisk>& file() const noexcept;
  /// The same file as it was when it was opened.
  const std::optional<FileWatch>& watch() const noexcept;
  /// Bytes of a large file that is not packed, for which read_at() works; nothing for everything
  /// else.
  std::optional<std::uint64_t> plain_size() const noexcept;
  /// The same for an archive that is a file and not packed.
  std::optional<std::uint64_t> archive_size() const noexcept;
  /// Bytes from an offset; 0 means the end. Leaves what read() will hand out alone.
  /// Errors:  unreadable.
  /// Threads: may be called by several at once.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const;

  /// The name for messages: Input::shown_name().
  const std::string& name() const noexcept;
  /// The outermost one.
  Container container() const noexcept;
  /// What read() hands out, all packing taken off: plain, parquet, tar or zip.
  Container content() const noexcept;
  bool is_archive() const noexcept {
    return content() == Container::tar || content() == Container::zip;
  }
  /// How the bytes are packed, from the inside out: `gzip in tar in gzip`; empty if they are not.
  const std::string& packing() const noexcept;
  /// Packed bytes taken from the file so far.
  std::uint64_t packed_bytes() const noexcept;
  /// Unpacked bytes handed out so far.
  std::uint64_t unpacked_bytes() const noexcept;

 private:
  struct State;
  explicit Object(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Times that an object may be packed, and archives that it may stand in.
inline constexpr std::size_t kMostLayers = 4;

/// The objects that an archive holds (tar, zip), one after the other as they stand in it, and those
/// of the archives that stand in it, kMostLayers deep. Nothing is written anywhere: a member's name
/// is only a name. Folders, links, devices and empty files are skipped.
///
/// Memory:  a few hundred KiB, and the directory of a zip that is a file: members are unpacked
/// while
///          they are read.
/// Threads: one at a time, and with it the object that next() gave last.
class Archive {
 public:
  /// `object` is_archive().
  explicit Archive(std::unique_ptr<Object> object);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  /// The next object, named `ARCHIVE/MEMBER`, or null at the end. What is left of the one before is
  /// skipped.
  /// Errors: damaged; unsupported for what is encrypted, packed in an unknown way or nested too
  /// deep. The next call goes on behind it, where that can be found.
  Result<std::unique_ptr<Object>> next();
  /// Packed bytes taken from the file so far.
  std::uint64_t packed_bytes() const noexcept;
  /// Members passed over so far because of their names: hidden ones (`.name`), and the copies of
  /// metadata that macOS adds (`._name`, `__MACOSX/`).
  std::uint64_t left_out() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a whole input that is small, such as a configuration or a query, unpacked; nothing if it
/// is longer than `most` bytes. Errors: those of Object::open() and Object::read().
Result<std::optional<std::string>> read_whole(const Input& input, std::size_t most);

/// What a command line's INPUT words name, in a fixed order.
struct InputList {
  std::vector<Input> inputs;  ///< directories and globs are expanded, sorted
  std::vector<Error> errors;  ///< words that name nothing, directories that cannot be read
};

/// Expands files, directories (recursive; names that start with `.` are left out), globs (`*`, `?`,
/// `[...]`, `**`) and `-`. A word that exists is never taken as a glob. A name that several words
/// give is listed once, at its first place. Links are followed once.
InputList expand_inputs(std::span<const std::string> words);

/// How bytes are packed on their way out.
enum class Packing : std::uint8_t { none, gzip, zstd };

/// Somewhere to write.
/// Threads: one at a time.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Errors: unreadable when the file or pipe refuses. A closed pipe is an error like any other,
  /// with is_closed_pipe() true.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Ends the packed stream and hands everything to the operating system. Called once.
  virtual Result<void> finish() = 0;
  virtual bool is_closed_pipe() const noexcept { return false; }
};

/// Opens a file for writing (`-` or empty is standard output), packed as `packing` says. The file
/// has its name, and replaces another of that name, only when finish() has succeeded.
/// Errors: unreadable.
Result<std::unique_ptr<ByteSink>> open_sink(const std::string& name, Packing packing);
/// The packing that a file's name asks for: `.gz`, `.zst`, else none.
Packing packing_of(std::string_view name) noexcept;

/// A sink that keeps the bytes, for library users and tests.
class StringSink final : public ByteSink {
 public:
  Result<void> write(std::string_view bytes) override {
    text_.append(bytes);
    return {};
  }
  Result<void> finish() override { return {}; }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace weir
