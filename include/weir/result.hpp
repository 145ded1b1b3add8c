// SPDX-License-Identifier: Apache-2.0
// result: how a failure travels. Mirrors std::expected (C++23) by name, so that it can go.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace weir {

/// What kind of failure this is, for programs; `Error::message` is for people.
enum class ErrorCode : std::uint8_t {
  usage,        ///< the caller asked for something that makes no sense: bad flag, bad expression
  not_found,    ///< no such file, directory or match
  unreadable,   ///< the operating system refused to read or write
  damaged,      ///< a container (gzip, zstd, JSON) is truncated or corrupt
  other_log,    ///< a log of another service; `service` names it
  no_flow_log,  ///< the bytes are readable but are not a VPC flow log
  ambiguous,    ///< several formats fit, and the caller has to choose
  unsupported,  ///< recognised, but this build does not read it
  malformed,    ///< a record cannot be read; fatal only under `strict`
};

/// A failure, as a person is told it: what and why, where, and what to try.
struct Error {
  ErrorCode code = ErrorCode::usage;
  std::string message = {};  ///< what happened and why, one sentence, no final period
  std::string where = {};    ///< file, `file:line:column` or empty
  std::string excerpt = {};  ///< the offending text with a caret under the place, or empty
  std::string hint = {};     ///< what to try, or empty
  std::string service = {};  ///< with ErrorCode::other_log: whose log it is
};

/// An Error for what the caller asked.
inline Error usage_error(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::usage, .message = std::move(message), .hint = std::move(hint)};
}

/// Wraps an Error on its way into a Result.
class Unexpected {
 public:
  explicit Unexpected(Error error) : error_(std::move(error)) {}
  Error& error() { return error_; }

 private:
  Error error_;
};

/// A value or an Error. Reading the absent alternative is a bug in the caller.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Unexpected failure) : state_(std::in_place_index<1>, std::move(failure.error())) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Unexpected failure) : error_(std::move(failure.error())), failed_(true) {}

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  Error& error() { return error_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace weir
