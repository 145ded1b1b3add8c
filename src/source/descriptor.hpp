// SPDX-License-Identifier: Apache-2.0
// source: an open file of the operating system, closed once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "weir/result.hpp"
#include "weir/source.hpp"

namespace weir::source {

/// A file descriptor and the name that messages call it by. Standard input and output are borrowed:
/// they stay open.
class Descriptor {
 public:
  static Result<Descriptor> open_for_reading(const std::string& path);
  static Result<Descriptor> open_for_writing(const std::string& path);
  /// A temporary file without a name in a directory, to be written and read.
  static Result<Descriptor> nameless_file(const std::string& directory);
  /// Takes over an open descriptor.
  static Descriptor owning(int number, std::string name) { return {number, std::move(name), true}; }
  static Descriptor standard_input() { return {0, "standard input", false}; }
  static Descriptor standard_output() { return {1, "standard output", false}; }

  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)),
        name_(std::move(other.name_)),
        owned_(other.owned_) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int number() const noexcept { return number_; }
  const std::string& name() const noexcept { return name_; }
  bool is_directory() const noexcept;
  bool is_terminal() const noexcept;

  /// Another descriptor of the same file, or nothing if the system has no more.
  std::optional<Descriptor> duplicate() const;

  /// Waits for at least one byte; 0 is the end.
  Result<std::size_t> read(std::span<char> out);
  /// The same from an offset of a regular file, whose position stays where it is.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const;
  /// What it is now, if it is a regular file; `path` is the name that leads to it.
  std::optional<FileWatch> watch(const std::string& path) const;
  /// Bytes of a regular file, nothing for everything else.
  std::optional<std::uint64_t> size() const noexcept;
  /// Writes everything, or returns the system's error number; 0 is success.
  int write_all(std::string_view bytes);
  /// Gives the file back to the system, which may only now tell that a write failed: returns the
  /// error number, 0 is success. Does nothing to a borrowed descriptor.
  int close();

 private:
  Descriptor(int number, std::string name, bool owned)
      : number_(number), name_(std::move(name)), owned_(owned) {}

  /// What the system's last call says.
  Error unreadable() const;

  int number_;
  std::string name_;
  bool owned_;
};

/// The system's words for an error number.
std::string system_message(int error_number);

}  // namespace weir::source
