// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "weir/format.hpp"

namespace weir {
namespace {

TEST(KnownFormats, AreAllThereWithANameAndAPageOfTheirOwn) {
  // A row of the table that is no format would be left out.
  EXPECT_EQ(known_formats().size(), 33U);
  std::set<std::string> names;
  std::set<std::string> headers;
  for (const NamedFormat& known : known_formats()) {
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
    EXPECT_TRUE(headers.insert(known.format->header()).second) << known.name << " is there twice";
    EXPECT_TRUE(known.source.starts_with("https://")) << known.name;
  }
}

TEST(KnownFormats, HaveAsManyFieldsAsTheirNamesSay) {
  for (const NamedFormat& known : known_formats()) {
    const std::size_t words = known.name.find(" fields");
    if (words == std::string::npos || words != known.name.size() - 7) continue;
    const std::size_t comma = known.name.rfind(' ', words - 1);
    EXPECT_EQ(known.name.substr(comma + 1, words - comma - 1), std::to_string(known.format->size()))
        << known.name;
  }
}

}  // namespace
}  // namespace weir
