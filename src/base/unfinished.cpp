// SPDX-License-Identifier: Apache-2.0
// base: files and folders that must not outlive the process.
#include "base/unfinished.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace weir::base {
namespace {

struct UnfinishedPaths {
  std::mutex mutex;
  std::vector<std::string> paths;
};

UnfinishedPaths& unfinished() {
  static UnfinishedPaths all;
  return all;
}

}  // namespace

Unfinished::Unfinished(std::string path) : path_(std::move(path)) {
  const std::lock_guard lock(unfinished().mutex);
  unfinished().paths.push_back(path_);
}

Unfinished::~Unfinished() {
  const std::lock_guard lock(unfinished().mutex);
  std::vector<std::string>& paths = unfinished().paths;
  const auto found = std::find(paths.begin(), paths.end(), path_);
  if (found != paths.end()) paths.erase(found);
}

void remove_unfinished() {
  const std::lock_guard lock(unfinished().mutex);
  for (const std::string& path : unfinished().paths) {
    std::error_code ignored;  // there is nobody left to tell
    std::filesystem::remove_all(path, ignored);
  }
}

}  // namespace weir::base
