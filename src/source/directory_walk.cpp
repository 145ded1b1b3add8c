// SPDX-License-Identifier: Apache-2.0
// source: a directory and a pattern -> the files below it that match.
//
// The pattern is matched while walking, one component a level, so that only directories that can
// lead to a match are listed. `**` makes several components possible at once: a set of them goes
// down with every directory, as in a nondeterministic automaton.
#include "source/directory_walk.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <utility>

#include "source/descriptor.hpp"
#include "source/wildcard.hpp"

namespace weir::source {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

// What the file system knows a file or directory by, whatever names lead to it.
using Identity = std::pair<dev_t, ino_t>;

class Pattern {
 public:
  // The components that the next name may match, ascending. The one past the last stands for
  // "below a directory that matched": it takes everything.
  using Places = std::vector<std::size_t>;
  struct Step {
    bool file_matches = false;
    Places below;  // empty: a directory of this name leads nowhere
  };

  explicit Pattern(std::string_view text) : directories_only_(text.ends_with('/')) {
    while (!text.empty()) {
      const std::string_view component = text.substr(0, text.find('/'));
      text.remove_prefix(std::min(component.size() + 1, text.size()));
      if (!component.empty()) components_.push_back(component);
    }
  }

  Places start() const {
    Places places;
    add(places, 0);
    return places;
  }

  Step advance(const Places& places, std::string_view name) const {
    Step step;
    for (const std::size_t place : places) {
      const bool any = place == components_.size() || components_[place] == "**";
      if (!matches_wildcard(any ? "*" : components_[place], name)) continue;
      if (any) {
        step.file_matches = step.file_matches || place == components_.size();
        add(step.below, place);
      } else {
        const bool last = place + 1 == components_.size();
        step.file_matches = step.file_matches || (last && !directories_only_);
        add(step.below, place + 1);
      }
    }
    std::sort(step.below.begin(), step.below.end());
    return step;
  }

 private:
  // `**` may also stand for no directory at all, so the component after it is possible as well.
  void add(Places& places, std::size_t place) const {
    for (; std::find(places.begin(), places.end(), place) == places.end(); ++place) {
      places.push_back(place);
      if (place == components_.size() || components_[place] != "**") return;
    }
  }

  std::vector<std::string_view> components_;
  bool directories_only_;
};

std::string join(const std::string& directory, std::string_view name) {
  const bool divided = directory.empty() || directory.back() == '/';
  return fmt::format("{}{}{}", directory, divided ? "" : "/", name);
}

class Walk {
 public:
  explicit Walk(std::string_view pattern) : pattern_(pattern) {}

  Walked run(const std::string& root) {
    pending_.push_back({root, pattern_.start()});
    list_pending();
    // Links wait until everything that has a name of its own is listed: it takes precedence.
    while (!links_.empty()) {
      std::sort(links_.begin(), links_.end(),
                [](const Entry& a, const Entry& b) { return a.path < b.path; });
      for (Entry& link : std::exchange(links_, {})) {
        follow(std::move(link));
        list_pending();
      }
    }
    std::sort(found_.paths.begin(), found_.paths.end());
    std::sort(found_.errors.begin(), found_.errors.end(),
              [](const Error& a, const Error& b) { return a.where < b.where; });
    return std::move(found_);
  }

 private:
  struct Entry {
    std::string path;
    Pattern::Places places;
    bool file_matches = false;
  };

  void list_pending() {
    while (!pending_.empty()) {
      const Entry directory = std::move(pending_.back());
      pending_.pop_back();
      list(directory);
    }
  }

  void list(const Entry& directory) {
    const std::string& path = directory.path;
    const std::unique_ptr<DIR, CloseDirectory> handle(::opendir(path.empty() ? "." : path.c_str()));
    struct stat status {};
    if (!handle || ::fstat(::dirfd(handle.get()), &status) != 0) return refuse(path, errno);
    const Identity identity{status.st_dev, status.st_ino};
    if (!listed_directories_.emplace(identity, directory.places).second) return;

    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(handle.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      Pattern::Step step = pattern_.advance(directory.places, name);
      if (!step.file_matches && step.below.empty()) continue;
      visit({join(path, name), std::move(step.below), step.file_matches},
            {status.st_dev, entry->d_ino}, entry->d_type);
    }
    if (errno != 0) refuse(path, errno);
  }

  void visit(Entry entry, Identity identity, unsigned char type) {
    if (type == DT_UNKNOWN) {
      struct stat status {};
      if (::lstat(entry.path.c_str(), &status) != 0) return refuse(entry.path, errno);
      type = static_cast<unsigned char>(IFTODT(status.st_mode));
    }
    if (type == DT_LNK) {
      links_.push_back(std::move(entry));
    } else if (type == DT_DIR) {
      if (!entry.places.empty()) pending_.push_back(std::move(entry));
    } else if (type == DT_REG && entry.file_matches) {
      const bool is_new = listed_files_.insert(identity).second;
      if (is_new || !following_) found_.paths.push_back(std::move(entry.path));
    }
  }

  void follow(Entry link) {
    following_ = true;
    struct stat status {};
    if (::stat(link.path.c_str(), &status) != 0) {
      if (errno != ENOENT) return refuse(link.path, errno);
      found_.errors.push_back(
          {ErrorCode::not_found, "is a link to a file that does not exist", link.path, {}, {}});
      return;
    }
    const Identity identity{status.st_dev, status.st_ino};
    visit(std::move(link), identity, static_cast<unsigned char>(IFTODT(status.st_mode)));
  }

  void refuse(const std::string& path, int error_number) {
    found_.errors.push_back({ErrorCode::unreadable,
                             fmt::format("cannot be listed: {}", system_message(error_number)),
                             path.empty() ? "." : path,
                             {},
                             {}});
  }

  Pattern pattern_;
  Walked found_;
  std::vector<Entry> pending_;
  std::vector<Entry> links_;
  bool following_ = false;
  // With the places: one directory may be reached for different parts of the pattern. There are
  // finitely many of both, so that the walk ends.
  std::set<std::pair<Identity, Pattern::Places>> listed_directories_;
  std::set<Identity> listed_files_;
};

}  // namespace

Walked walk_directory(const std::string& root, std::string_view pattern) {
  return Walk(pattern).run(root);
}

}  // namespace weir::source
