// SPDX-License-Identifier: Apache-2.0
#include "sql/session_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/scratch_testing.hpp"

namespace weir::sql {
namespace {

namespace fs = std::filesystem;

class SessionFolderTest : public testing::Test {
 protected:
  const scratch_testing::ScratchDirectory scratch_;
  const std::string parent_ = scratch_.path();
};

TEST_F(SessionFolderTest, GoesWithItsSessionAndAllThatIsInIt) {
  std::string path;
  {
    const auto folder = SessionFolder::create(parent_);
    ASSERT_TRUE(folder);
    path = (*folder)->path();
    std::ofstream(path + "/spilled") << "rows";
    EXPECT_TRUE(fs::exists(path + "/spilled"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(SessionFolderTest, LeavesFoldersThatAreInUse) {
  const auto first = SessionFolder::create(parent_);
  const auto second = SessionFolder::create(parent_);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_NE((*first)->path(), (*second)->path());
  EXPECT_TRUE(fs::exists((*first)->path()));
}

TEST_F(SessionFolderTest, RemovesWhatKilledSessionsLeftBehind) {
  const std::string left = parent_ + "/weir-sql-killed";
  fs::create_directory(left);
  std::ofstream(left + "/lock").flush();
  std::ofstream(left + "/spilled") << "rows";
  ASSERT_TRUE(SessionFolder::create(parent_));
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(SessionFolderTest, LeavesWhatIsNotItsOwn) {
  fs::create_directory(parent_ + "/target");
  std::ofstream(parent_ + "/target/lock").flush();
  fs::create_directory_symlink(parent_ + "/target", parent_ + "/weir-sql-link");
  fs::create_directory(parent_ + "/weir-sql-without-a-lock");
  ASSERT_TRUE(SessionFolder::create(parent_));
  EXPECT_TRUE(fs::exists(parent_ + "/target/lock")) << "links are not followed";
  EXPECT_TRUE(fs::exists(parent_ + "/weir-sql-without-a-lock")) << "one that is being made";
}

TEST_F(SessionFolderTest, SaysWhereNoneCanBeMade) {
  const auto folder = SessionFolder::create(parent_ + "/absent");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::unreadable);
  EXPECT_EQ(folder.error().where, parent_ + "/absent");
}

}  // namespace
}  // namespace weir::sql
