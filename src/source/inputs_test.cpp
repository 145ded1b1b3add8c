// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/scratch_testing.hpp"
#include "source/source_testing.hpp"

namespace weir::source {
namespace {

using namespace scratch_testing;
using namespace source_testing;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

// Expands words below a directory and gives the names from there, so that rows stay short.
class Expansion {
 public:
  Expansion(const ScratchDirectory& scratch, const Names& words) {
    const std::string prefix = scratch.path() + "/";
    Names full;
    for (const std::string& word : words) full.push_back(word == "-" ? word : prefix + word);
    InputList list = expand_inputs(full);
    for (Input& input : list.inputs) names.push_back(without(prefix, std::move(input.name)));
    for (Error& error : list.errors) {
      error.where = without(prefix, std::move(error.where));
      errors.push_back(std::move(error));
    }
  }

  Names names;
  std::vector<Error> errors;

 private:
  static std::string without(const std::string& prefix, std::string name) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  }
};

void make_tree(const ScratchDirectory& scratch) {
  for (const char* file : {"logs/2024/01/a.log.gz", "logs/2024/01/b.log", "logs/2024/02/a.log.gz",
                           "logs/2024.log", "logs/2025/a.log", "logs/.hidden", "logs/.git/a.log",
                           "logs/B.log", "logs/a.log", "plain.log", "odd[1].log", "odd1.log"}) {
    scratch.write(file, file);
  }
  fs::create_directories(scratch.path("empty/.git"));
}

TEST(ExpandInputs, Words) {
  const ScratchDirectory scratch;
  make_tree(scratch);
  const struct {
    const char* why;
    Names words;
    Names expected;
  } cases[] = {
      {"nothing", {}, {}},
      {"a file", {"plain.log"}, {"plain.log"}},
      {"words keep their order", {"plain.log", "logs/a.log"}, {"plain.log", "logs/a.log"}},
      {"standard input keeps its place",
       {"plain.log", "-", "logs/a.log"},
       {"plain.log", "-", "logs/a.log"}},
      {"a directory: everything below, bytewise, without hidden names",
       {"logs"},
       {"logs/2024.log", "logs/2024/01/a.log.gz", "logs/2024/01/b.log", "logs/2024/02/a.log.gz",
        "logs/2025/a.log", "logs/B.log", "logs/a.log"}},
      {"a slash at the end is not doubled", {"logs/2025/"}, {"logs/2025/a.log"}},
      {"a hidden name that is written out",
       {"logs/.hidden", "logs/.git"},
       {"logs/.hidden", "logs/.git/a.log"}},
      {"twice is once, at its first place",
       {"logs/a.log", "plain.log", "logs/2025", "logs/a.log", "logs/2025/*", "-", "-"},
       {"logs/a.log", "plain.log", "logs/2025/a.log", "-"}},
      {"a star stays in its directory",
       {"logs/*.log"},
       {"logs/2024.log", "logs/B.log", "logs/a.log"}},
      {"a wildcard in the middle",
       {"logs/2024/0?/a.*"},
       {"logs/2024/01/a.log.gz", "logs/2024/02/a.log.gz"}},
      {"two stars: any depth, also none", {"logs/**/a.log"}, {"logs/2025/a.log", "logs/a.log"}},
      {"two stars in the middle",
       {"logs/**/01/*"},
       {"logs/2024/01/a.log.gz", "logs/2024/01/b.log"}},
      {"two stars twice",
       {"logs/**/2024/**/a*"},
       {"logs/2024/01/a.log.gz", "logs/2024/02/a.log.gz"}},
      {"two stars at the end: everything below",
       {"logs/202[45]/**"},
       {"logs/2024/01/a.log.gz", "logs/2024/01/b.log", "logs/2024/02/a.log.gz", "logs/2025/a.log"}},
      {"two stars inside a name are one", {"logs/2**.log"}, {"logs/2024.log"}},
      {"a directory that matches stands for its files", {"logs/202[!4]*"}, {"logs/2025/a.log"}},
      {"a slash at the end: only directories",
       {"logs/202*/"},
       {"logs/2024/01/a.log.gz", "logs/2024/01/b.log", "logs/2024/02/a.log.gz", "logs/2025/a.log"}},
      {"slashes may be doubled", {"logs//2024//0*//b*"}, {"logs//2024//01/b.log"}},
      {"a word that exists is no pattern", {"odd[1].log"}, {"odd[1].log"}},
      {"a word that does not is one", {"odd[12].log"}, {"odd1.log"}},
      {"a hidden directory whose dot is written", {"logs/.g*/*"}, {"logs/.git/a.log"}},
  };
  for (const auto& c : cases) {
    const Expansion expansion(scratch, c.words);
    EXPECT_EQ(expansion.names, c.expected) << c.why;
    EXPECT_TRUE(expansion.errors.empty()) << c.why << ": " << expansion.errors[0].message;
  }
}

TEST(ExpandInputs, WordsThatNameNothing) {
  const ScratchDirectory scratch;
  make_tree(scratch);
  const struct {
    const char* why;
    std::string word;
    ErrorCode code;
    std::string message;
  } cases[] = {
      {"missing", "absent", ErrorCode::not_found, "no such file or directory"},
      {"below a file", "plain.log/absent", ErrorCode::not_found, "no such file or directory"},
      {"a pattern", "logs/*.parquet", ErrorCode::not_found, "the pattern matched no file"},
      {"a pattern below nothing", "absent/*", ErrorCode::not_found, "the pattern matched no file"},
      {"a pattern below a file", "plain.log/*", ErrorCode::not_found,
       "the pattern matched no file"},
      {"only directories", "logs/*.log/", ErrorCode::not_found, "the pattern matched no file"},
      {"two stars do not make a file a directory", "logs/a*/**", ErrorCode::not_found,
       "the pattern matched no file"},
      {"a directory without files", "empty", ErrorCode::not_found, "the directory holds no files"},
      {"a name longer than any", std::string(300, 'x'), ErrorCode::unreadable,
       "cannot be read: File name too long"},
  };
  for (const auto& c : cases) {
    const Expansion expansion(scratch, {c.word, "plain.log"});
    EXPECT_EQ(expansion.names, Names{"plain.log"}) << c.why;
    ASSERT_EQ(expansion.errors.size(), 1u) << c.why;
    EXPECT_EQ(expansion.errors[0].code, c.code) << c.why;
    EXPECT_EQ(expansion.errors[0].message, c.message) << c.why;
    EXPECT_EQ(expansion.errors[0].where, c.word) << c.why;
  }
  const InputList list = expand_inputs(std::vector<std::string>{""});
  ASSERT_EQ(list.errors.size(), 1u) << "an empty word";
  EXPECT_EQ(list.errors[0].code, ErrorCode::not_found);
}

TEST(ExpandInputs, LinksAreFollowedOnce) {
  const ScratchDirectory scratch;
  scratch.write("logs/2024/a.log", "a");
  scratch.write("elsewhere/b.log", "b");
  scratch.write("elsewhere/c.log", "c");
  fs::create_directory_symlink("2024", scratch.path("logs/current"));
  fs::create_directory_symlink("..", scratch.path("logs/2024/loop"));
  fs::create_directory_symlink(scratch.path("elsewhere"), scratch.path("logs/more"));
  fs::create_directory_symlink(scratch.path("logs"), scratch.path("elsewhere/back"));
  fs::create_symlink("2024/a.log", scratch.path("logs/a_again.log"));
  fs::create_symlink("more/b.log", scratch.path("logs/z_again.log"));
  const struct {
    const char* why;
    std::string word;
    Names expected;
  } cases[] = {
      {"a directory: real names first, links once",
       "logs",
       {"logs/2024/a.log", "logs/more/b.log", "logs/more/c.log"}},
      {"a link that is named, and a link from there to above it",
       "logs/current",
       {"logs/current/a.log", "logs/current/loop/more/b.log", "logs/current/loop/more/c.log"}},
      {"a file link that is named", "logs/a_again.log", {"logs/a_again.log"}},
      {"a pattern that only the link matches", "logs/cur*/*.log", {"logs/current/a.log"}},
      {"a pattern below any directory that only the link matches",
       "logs/**/current/*.log",
       {"logs/current/a.log"}},
      {"a pattern that the link and the directory match", "logs/*/a.log", {"logs/2024/a.log"}},
  };
  for (const auto& c : cases) {
    const Expansion expansion(scratch, {c.word});
    EXPECT_EQ(expansion.names, c.expected) << c.why;
    EXPECT_TRUE(expansion.errors.empty()) << c.why;
  }
}

TEST(ExpandInputs, WhatCannotBeFollowedIsTold) {
  const ScratchDirectory scratch;
  scratch.write("logs/a.log", "a");
  fs::create_symlink("absent", scratch.path("logs/dangling.log"));
  fs::create_symlink("itself", scratch.path("logs/itself"));
  const Expansion expansion(scratch, {"logs"});
  EXPECT_EQ(expansion.names, Names{"logs/a.log"});
  ASSERT_EQ(expansion.errors.size(), 2u);
  EXPECT_EQ(expansion.errors[0].where, "logs/dangling.log");
  EXPECT_EQ(expansion.errors[0].code, ErrorCode::not_found);
  EXPECT_EQ(expansion.errors[1].where, "logs/itself");
  EXPECT_EQ(expansion.errors[1].code, ErrorCode::unreadable);
}

TEST(ExpandInputs, ADirectoryThatIsClosedIsTold) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is closed to root";
  const ScratchDirectory scratch;
  scratch.write("logs/a.log", "a");
  scratch.write("logs/closed/b.log", "b");
  fs::permissions(scratch.path("logs/closed"), fs::perms::none);
  const Expansion expansion(scratch, {"logs"});
  fs::permissions(scratch.path("logs/closed"), fs::perms::owner_all);
  EXPECT_EQ(expansion.names, Names{"logs/a.log"});
  ASSERT_EQ(expansion.errors.size(), 1u);
  EXPECT_EQ(expansion.errors[0].where, "logs/closed");
  EXPECT_EQ(expansion.errors[0].message, "cannot be listed: Permission denied");
}

TEST(ExpandInputs, PipesAndDevicesOnlyByName) {
  const ScratchDirectory scratch;
  scratch.write("logs/a.log", "a");
  ASSERT_EQ(::mkfifo(scratch.path("logs/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Expansion(scratch, {"logs"}).names, Names{"logs/a.log"});
  EXPECT_EQ(Expansion(scratch, {"logs/pipe"}).names, Names{"logs/pipe"});
  EXPECT_EQ(expand_inputs(Names{"/dev/null"}).inputs, std::vector<Input>{"/dev/null"});
}

TEST(ExpandInputs, DirectoriesMayBeDeep) {
  const ScratchDirectory scratch;
  std::string path = "logs";
  for (int i = 0; i < 100; ++i) path += "/d";
  scratch.write(path + "/a.log", "a");
  EXPECT_EQ(Expansion(scratch, {"logs"}).names, Names{path + "/a.log"});
  EXPECT_EQ(Expansion(scratch, {"logs/**/a.log"}).names, Names{path + "/a.log"});
}

}  // namespace
}  // namespace weir::source
