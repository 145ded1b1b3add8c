// SPDX-License-Identifier: Apache-2.0
// sql: files that have no name of their own before they are whole.
#pragma once

#include <memory>
#include <string>

#include "sql/session_folder.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// A hidden folder in which files grow, and the place where they go when they are whole. Both are
/// in one file system, so that a file takes its name, or replaces another, in one step.
class WholeFiles {
 public:
  /// For one file. `path` may be a directory, or end in `/`: then it gets the file `usual_name`.
  /// Errors: unreadable; usage for a device, a pipe and the like, which cannot be replaced.
  static Result<WholeFiles> for_file(const std::string& path, const std::string& usual_name);
  /// For a tree of files below a directory, which is made if it is not there.
  /// Errors: unreadable; usage if it is there and no directory.
  static Result<WholeFiles> for_tree(const std::string& directory);

  const std::string& folder() const { return folder_->path(); }
  /// Where to write: a file that is to be made, or a directory.
  std::string growing() const { return folder() + "/growing"; }
  /// Where what is needed only while writing may be.
  std::string scratch() const { return folder() + "/scratch"; }
  /// The file, or the directory, that it will be.
  const std::string& target() const { return target_; }

  /// Gives the file its name. Errors: unreadable.
  Result<void> name_file() const;
  /// Moves every file of the tree into the same folder below the target, under the name `stem_HASH`
  /// `extension`. Errors: unreadable; files moved before it stay.
  Result<void> name_tree(const std::string& stem, const std::string& extension) const;

 private:
  WholeFiles(std::string target, std::unique_ptr<SessionFolder> folder)
      : target_(std::move(target)), folder_(std::move(folder)) {}
  static Result<WholeFiles> create(std::string target, const std::string& parent);

  std::string target_;
  std::unique_ptr<SessionFolder> folder_;
};

/// A failure to write what grows, as one of the file that it would be. Others stay what they are.
Error explain_write(Error error, const WholeFiles& files);

}  // namespace weir::sql
