// SPDX-License-Identifier: Apache-2.0
#include "duckdb/message.hpp"

#include <gtest/gtest.h>

namespace weir::duckdb {
namespace {

TEST(DuckdbMessage, IsTakenApart) {
  const struct {
    const char* why;
    const char* said;
    const char* message;
    const char* excerpt;
    const char* hint;
  } cases[] = {
      {"the kind of the error says nothing to a person",
       "Parser Error: syntax error at or near \"FORM\"\n\nLINE 1: SELECT * FORM flows\n"
       "                 ^",
       "syntax error at or near \"FORM\"", "SELECT * FORM flows\n         ^", ""},
      {"what stands between is a hint",
       "Binder Error: Referenced column \"dstprt\" not found in FROM clause!\n"
       "Candidate bindings: \"dstport\"\n\nLINE 2: dstprt\n        ^",
       "Referenced column \"dstprt\" not found in FROM clause", "dstprt\n^",
       "Candidate bindings: \"dstport\""},
      {"no place", "Out of Memory Error: failed to allocate", "failed to allocate", "", ""},
      {"a colon that ends no kind", "a: b Error: c", "a: b Error: c", "", ""},
      {"a bug of the library is shown as one", "INTERNAL Error: impossible",
       "INTERNAL Error: impossible", "", ""},
      {"nothing", "", "", "", ""},
  };
  for (const auto& c : cases) {
    const Error error = to_error(c.said);
    EXPECT_EQ(error.message, c.message) << c.why;
    EXPECT_EQ(error.excerpt, c.excerpt) << c.why;
    EXPECT_EQ(error.hint, c.hint) << c.why;
  }
}

}  // namespace
}  // namespace weir::duckdb
