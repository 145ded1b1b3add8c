// SPDX-License-Identifier: Apache-2.0
// source: INPUT words -> inputs, and what each kind of input is.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <iterator>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "source/descriptor.hpp"
#include "source/directory_walk.hpp"
#include "source/wildcard.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

constexpr std::string_view kStandardInputWord = "-";

source::Walked only_error(ErrorCode code, std::string message, const std::string& word,
                          std::string hint = {}) {
  return {{}, {{code, std::move(message), word, {}, std::move(hint)}}};
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.empty() ? "." : path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

source::Walked expand_pattern(const std::string& word) {
  // What stands before the first wildcard is a plain directory: `/data/2024-*/x` starts in /data/.
  const std::size_t slash = word.rfind('/', word.find_first_of("*?["));
  const std::size_t root_length = slash == std::string::npos ? 0 : slash + 1;
  const std::string root = word.substr(0, root_length);
  source::Walked walked;
  if (is_directory(root)) {
    walked = source::walk_directory(root, std::string_view(word).substr(root_length));
  }
  if (walked.paths.empty() && walked.errors.empty()) {
    return only_error(ErrorCode::not_found, "the pattern matched no file", word);
  }
  return walked;
}

source::Walked expand_word(const std::string& word) {
  if (word == kStandardInputWord) return {{word}, {}};
  struct stat status {};
  if (::stat(word.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) return {{word}, {}};
    source::Walked walked = source::walk_directory(word, {});
    if (walked.paths.empty() && walked.errors.empty()) {
      return only_error(ErrorCode::not_found, "the directory holds no files", word,
                        "names that begin with `.` are left out");
    }
    return walked;
  }
  if (errno != ENOENT && errno != ENOTDIR) {
    return only_error(ErrorCode::unreadable,
                      fmt::format("cannot be read: {}", source::system_message(errno)), word);
  }
  if (source::has_wildcard(word)) return expand_pattern(word);
  return only_error(ErrorCode::not_found, "no such file or directory", word);
}

}  // namespace

Input::Input(std::string word)
    : name(std::move(word)),
      kind(name == kStandardInputWord ? InputKind::standard_input : InputKind::file) {}

std::string Input::shown_name() const {
  switch (kind) {
    case InputKind::file:
      return name;
    case InputKind::standard_input:
    case InputKind::spooled_standard_input:
      return "standard input";
  }
  return name;
}

std::optional<std::string> Input::path() const {
  switch (kind) {
    case InputKind::file:
      return name;
    case InputKind::standard_input:
      return std::nullopt;
    case InputKind::spooled_standard_input:
      return "/dev/stdin";
  }
  return std::nullopt;
}

InputList expand_inputs(std::span<const std::string> words) {
  InputList list;
  std::unordered_set<std::string> listed;
  for (const std::string& word : words) {
    source::Walked walked = expand_word(word);
    for (std::string& path : walked.paths) {
      if (listed.insert(path).second) list.inputs.emplace_back(std::move(path));
    }
    std::move(walked.errors.begin(), walked.errors.end(), std::back_inserter(list.errors));
  }
  return list;
}

}  // namespace weir
