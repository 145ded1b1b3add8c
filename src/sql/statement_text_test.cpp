// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weir/sql.hpp"

namespace weir {
namespace {

using testing::ElementsAreArray;

TEST(SqlStatements, AreCutAtSemicolonsOutsideOfQuotesAndComments) {
  const struct {
    const char* why;
    const char* text;
    std::vector<std::string> statements;
    bool incomplete;
  } cases[] = {
      {"one statement that has its end", "SELECT 1;", {"SELECT 1"}, false},
      {"one that waits for its end", "SELECT 1", {"SELECT 1"}, true},
      {"two on a line", "SELECT 1; SELECT 2;", {"SELECT 1", " SELECT 2"}, false},
      {"a semicolon in a text", "SELECT ';';", {"SELECT ';'"}, false},
      {"a quote in a text is doubled", "SELECT 'it''s; so';", {"SELECT 'it''s; so'"}, false},
      {"a text that is open", "SELECT 'a;", {"SELECT 'a;"}, true},
      {"a semicolon in a name", "SELECT \"a;b\";", {"SELECT \"a;b\""}, false},
      {"a semicolon in a line's comment", "SELECT 1 -- a;b\n;", {"SELECT 1 -- a;b\n"}, false},
      {"a semicolon in a comment", "SELECT /* ; */ 1;", {"SELECT /* ; */ 1"}, false},
      {"a comment that is open", "SELECT 1; /* so", {"SELECT 1"}, true},
      {"dollars quote", "SELECT $$;$$;", {"SELECT $$;$$"}, false},
      {"dollars with a tag quote", "SELECT $a$;$$;$a$;", {"SELECT $a$;$$;$a$"}, false},
      {"a parameter is no quote", "SELECT $1;", {"SELECT $1"}, false},
      {"nothing", "", {}, false},
      {"blanks and comments are no statement", " -- nothing\n ; ;", {}, false},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(SqlSession::split(c.text), ElementsAreArray(c.statements)) << c.why;
    EXPECT_EQ(SqlSession::is_incomplete(c.text), c.incomplete) << c.why;
  }
}

}  // namespace
}  // namespace weir
