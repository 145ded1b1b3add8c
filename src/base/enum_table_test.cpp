// SPDX-License-Identifier: Apache-2.0
#include "base/enum_table.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace weir::base {
namespace {

enum class Colour : std::uint8_t { red, green, blue };

constexpr NameRow<Colour> kAll[] = {
    {Colour::red, "red"}, {Colour::green, "green"}, {Colour::blue, "blue"}};
constexpr NameRow<Colour> kOneForgotten[] = {{Colour::red, "red"}, {Colour::green, "green"}};
constexpr NameRow<Colour> kOneOutOfPlace[] = {
    {Colour::red, "red"}, {Colour::blue, "blue"}, {Colour::green, "green"}};
constexpr NameRow<Colour> kOneTooMany[] = {{Colour::red, "red"},
                                           {Colour::green, "green"},
                                           {Colour::blue, "blue"},
                                           {static_cast<Colour>(3), "three"}};

TEST(EnumTable, IsWholeWithARowForEachEnumerator) {
  EXPECT_TRUE(names_all<kAll>());
  EXPECT_FALSE(names_all<kOneForgotten>());
  EXPECT_FALSE(names_all<kOneOutOfPlace>());
  EXPECT_FALSE(names_all<kOneTooMany>());
}

TEST(EnumTable, HasNoNameForWhatIsNoEnumerator) {
  EXPECT_EQ(name_in(kAll, Colour::blue), "blue");
  EXPECT_EQ(name_in(kAll, static_cast<Colour>(3)), "");
}

}  // namespace
}  // namespace weir::base
