// SPDX-License-Identifier: Apache-2.0
// base: where temporary files go, and how one is made.
#include "base/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace weir::base {

std::string temporary_directory(const std::string& asked) {
  if (!asked.empty()) return asked;
  const char* const usual = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  return usual == nullptr || *usual == '\0' ? "/tmp" : usual;
}

int open_nameless_file(const std::string& directory) {
  std::string name = directory + "/weir-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace weir::base
