// SPDX-License-Identifier: Apache-2.0
// duckdb: a shared library -> a table of its functions.
#include "duckdb/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <vector>

namespace weir::duckdb {
namespace {

constexpr const char* kHint =
    "scripts/install-duckdb fetches it; WEIR_DUCKDB=FILE names a libduckdb.so that you have";

/// The folder of the running program, with its last slash.
std::string program_folder() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) return {};
  const std::string_view file(path.data(), static_cast<std::size_t>(length));
  return std::string(file.substr(0, file.rfind('/') + 1));
}

std::vector<std::string> candidates() {
  const char* const named = std::getenv("WEIR_DUCKDB");  // NOLINT(concurrency-mt-unsafe)
  if (named != nullptr && *named != '\0') return {named};
  std::vector<std::string> files;
  if (const std::string folder = program_folder(); !folder.empty()) {
    for (const char* place : {"", "../duckdb/", "../" WEIR_LIBRARY_FOLDER}) {
      files.push_back(folder + place + "libduckdb.so");
    }
  }
  files.emplace_back("libduckdb.so");  // the system's places
  return files;
}

Error unusable(std::string message) {
  return {.code = ErrorCode::unsupported, .message = std::move(message), .hint = kHint};
}

bool exists(const std::string& file) { return access(file.c_str(), F_OK) == 0; }

struct Library {
  Api api;
  Loaded loaded;
  std::optional<Error> error;
};

template <class Function>
bool find(void* handle, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(handle, name));
  return function != nullptr;
}

/// Fills the table; the name of the first function that is missing, or null.
const char* fill(void* handle, Api& api) {
#define WEIR_DUCKDB_FIND(result, name, parameters) \
  if (!find(handle, "duckdb_" #name, api.name)) return "duckdb_" #name;
  WEIR_DUCKDB_FUNCTIONS(WEIR_DUCKDB_FIND)
#undef WEIR_DUCKDB_FIND
  return nullptr;
}

void take(void* handle, const std::string& file, Library& library) {
  const char* const missing = fill(handle, library.api);
  const auto version = library.api.library_version;
  const std::string found = version == nullptr ? "another library" : version();
  if (!found.starts_with(kVersion)) {
    library.error =
        unusable(fmt::format("{} is DuckDB {}, and weir needs {}x", file, found, kVersion));
  } else if (missing != nullptr) {
    library.error = unusable(fmt::format("{} lacks the function {}", file, missing));
  } else {
    library.loaded = {.file = file, .version = found};
  }
}

void open(Library& library) {
  for (const std::string& file : candidates()) {
    const bool is_path = file.find('/') != std::string::npos;
    if (is_path && !exists(file)) {
      if (std::getenv("WEIR_DUCKDB") == nullptr) continue;  // NOLINT(concurrency-mt-unsafe)
      library.error = unusable(fmt::format("WEIR_DUCKDB names {}, which is not there", file));
      return;
    }
    // Never closed: threads of the library may outlive every connection.
    void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      if (!is_path) continue;
      library.error = unusable(fmt::format("DuckDB's library cannot be loaded: {}", dlerror()));
      return;
    }
    take(handle, file, library);
    return;
  }
  library.error =
      unusable("DuckDB is not installed (libduckdb.so), and SQL and Parquet are its work");
}

Library& library() {
  static Library* const kLibrary = new Library;  // never destroyed, like the library itself
  return *kLibrary;
}

}  // namespace

Result<const Api*> load() {
  static std::once_flag once;
  std::call_once(once, [] { open(library()); });
  if (library().error) return Unexpected(*library().error);
  return &library().api;
}

Loaded loaded() { return library().loaded; }

}  // namespace weir::duckdb
