// SPDX-License-Identifier: Apache-2.0
// policy: problems of single items of a file, with their place.
#include "policy/item_problems.hpp"

#include <fmt/format.h>

#include "policy/json_scanner.hpp"

namespace weir::policy {
namespace {

constexpr std::size_t kToldOneByOne = 20;

/// True for bytes that may stand in a word or number, so that 70000 is not found in 700001.
bool continues_word(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-' || c == '.';
}

}  // namespace

std::size_t ItemProblems::find_next(std::string_view value) {
  if (value.empty()) return std::string_view::npos;
  std::size_t& from = behind_[std::string(value)];
  while (true) {
    const std::size_t at = text_.find(value, from);
    if (at == std::string_view::npos) return at;
    from = at + value.size();
    const bool alone = (at == 0 || !continues_word(text_[at - 1])) &&
                       (from == text_.size() || !continues_word(text_[from]));
    if (alone || value.front() == '"') return at;
  }
}

void ItemProblems::add(std::string_view item, std::string_view problem, std::string_view value) {
  if (++count_ > kToldOneByOne) return;
  const std::size_t at = find_next(value);
  Error error;
  if (at == std::string_view::npos) {
    error.code = ErrorCode::malformed;
    error.where = std::string(name_);
  } else {
    error = error_at(name_, text_, at, value.size());
  }
  error.message = fmt::format("{}: {}", item, problem);
  error.hint = "it is left out; everything else was read";
  errors_.push_back(std::move(error));
}

void ItemProblems::finish() {
  if (count_ <= kToldOneByOne) return;
  Error error;
  error.code = ErrorCode::malformed;
  error.where = std::string(name_);
  error.message =
      fmt::format("{} more items or parts of items are wrong and left out", count_ - kToldOneByOne);
  errors_.push_back(std::move(error));
}

}  // namespace weir::policy
