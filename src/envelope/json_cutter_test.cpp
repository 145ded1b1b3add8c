// SPDX-License-Identifier: Apache-2.0
#include "envelope/json_cutter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace weir::envelope {
namespace {

/// Units as text: `events@1:12 {"a":1}`; a shell is `shell`, a mistake `broken` with its reason.
std::vector<std::string> cut(std::string_view bytes, std::size_t chunk, bool* complete = nullptr) {
  JsonCutter cutter;
  JsonUnit unit;
  std::vector<std::string> units;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(chunk, bytes.size()))) {
    cutter.feed(bytes.substr(0, chunk));
    while (cutter.next(unit)) {
      const std::string place = fmt::format("{}:{}", unit.place.line, unit.place.column);
      switch (unit.kind) {
        case JsonUnit::Kind::element:
          units.push_back(fmt::format("{}@{} {}", unit.key, place, unit.text));
          break;
        case JsonUnit::Kind::shell:
          units.push_back(fmt::format("shell@{} {}", place, unit.text));
          break;
        case JsonUnit::Kind::broken:
          units.push_back(fmt::format("broken@{} {}", place, unit.problem));
          break;
        case JsonUnit::Kind::too_long:
          units.push_back(fmt::format("long@{}", place));
          break;
      }
    }
  }
  if (complete != nullptr) *complete = !cutter.inside_value();
  return units;
}

TEST(JsonCutter, CutsUnitsInAnyCutOfTheBytes) {
  const struct {
    const char* why;
    std::string_view bytes;
    std::vector<std::string> units;
  } cases[] = {
      {"elements, then the shell",
       R"({"events":[{"a":1},{"b":[2]}],"next":"x"})",
       {R"(events@1:11 {"a":1})", R"(events@1:19 {"b":[2]})",
        R"(shell@1:0 {"events":[],"next":"x"})"}},
      {"an array at the top level has no shell",
       R"([{"a":1}, "s", 12, null, [3, 4]])",
       {R"(@1:1 {"a":1})", R"(@1:10 "s")", "@1:15 12", "@1:19 null", "@1:25 [3, 4]"}},
      {"an array deeper in the object",
       R"({"hits":{"hits":[1],"n":1},"x":[2]})",
       {"hits@1:17 1", "x@1:32 2", R"(shell@1:0 {"hits":{"hits":[],"n":1},"x":[]})"}},
      {"objects back to back and one per line",
       "{\"a\":1}{\"a\":2}\n{\"a\":3}\n",
       {R"(shell@1:0 {"a":1})", R"(shell@1:7 {"a":2})", R"(shell@2:0 {"a":3})"}},
      {"brackets and quotes in strings",
       R"({"a":"]}[{\"\\","b":["}]",1]})",
       {R"(b@1:21 "}]")", "b@1:26 1", R"(shell@1:0 {"a":"]}[{\"\\","b":[]})"}},
      {"values between commas", "{},\n{}", {"shell@1:0 {}", "shell@2:0 {}"}},
      {"strings at the top level", "\"a\"\n\"b\"\n", {"@1:0 \"a\"", "@2:0 \"b\""}},
      {"empty containers", "[] {} {\"a\":[]}", {"shell@1:3 {}", "shell@1:6 {\"a\":[]}"}},
      {"a quote is missing",
       "{\"a\":\"x}\n{\"a\":2}\n",
       {"broken@1:8 a string without its closing quote", R"(shell@2:0 {"a":2})"}},
      {"a closing brace is missing: the next line is a value of its own",
       "{\"a\":1\n{\"a\":2}\n",
       {"broken@2:0 an object where none may be", R"(shell@2:0 {"a":2})"}},
      {"a closing brace is missing after a comma",
       "{\"a\":1,\n{\"a\":2}\n",
       {"broken@2:0 an object where none may be", R"(shell@2:0 {"a":2})"}},
      {"no JSON between values",
       "{\"a\":1}\noops\n{\"a\":2}\n",
       {R"(shell@1:0 {"a":1})", "broken@2:0 no JSON value", R"(shell@3:0 {"a":2})"}},
      {"two values without a comma", "{\"a\":1 2}\n", {"broken@1:7 a value where none may be"}},
      {"a trailing comma",
       "{\"a\":1,}\n",
       {"broken@1:7 a closing bracket where a value is missing"}},
      {"brackets that do not match",
       "{\"a\":[1}\n",
       {"a@1:6 1", "broken@1:7 a closing bracket without its opening one"}},
      {"a mistake in one event costs that event",
       "{\"events\": [\n  {\"m\": \"1},\n  {\"m\": \"2\"}\n]}\n{\"m\":3}\n",
       {"broken@2:12 a string without its closing quote", R"(shell@3:2 {"m": "2"})",
        R"(shell@5:0 {"m":3})"}},
      {"members of a broken object are no values",
       "{\n  \"a\" 1,\n  \"b\": {\n    \"c\": 1\n  }\n}\n{\"d\":1}\n",
       {"broken@2:6 a value where none may be", R"(shell@7:0 {"d":1})"}},
      {"nothing", " \n", {}},
  };
  for (const auto& c : cases) {
    for (const std::size_t chunk : {1, 2, 3, 7, 100}) {
      EXPECT_EQ(cut(c.bytes, chunk), c.units) << c.why << ", chunks of " << chunk;
    }
  }
}

TEST(JsonCutter, KnowsWhetherAValueIsUnfinished) {
  const struct {
    std::string_view bytes;
    bool complete;
  } cases[] = {{"", true},     {"{\"a\":1}", true},   {"[1]\n", true},
               {"{", false},   {"[1", false},         {"[1,", false},
               {"\"a", false}, {"{\"a\":[1]", false}, {"oops\n", true}};
  for (const auto& c : cases) {
    bool complete = false;
    cut(c.bytes, 1, &complete);
    EXPECT_EQ(complete, c.complete) << c.bytes;
  }
}

TEST(JsonCutter, DeepNestingIsAMistakeAndNoCrash) {
  std::string bytes(5000, '[');
  bytes += "\n{\"a\":1}\n";
  const std::vector<std::string> units = cut(bytes, 100);
  ASSERT_EQ(units.size(), 2u);
  EXPECT_EQ(units[0], "broken@1:1000 nested too deeply");
  EXPECT_EQ(units[1], "shell@2:0 {\"a\":1}");
}

TEST(JsonCutter, ALongUnitIsDroppedAndTheNextIsRead) {
  const std::string bytes = "[\"" + std::string(kMaxJsonUnitBytes, 'x') + "\", 1]{\"a\":\"" +
                            std::string(kMaxJsonUnitBytes, 'y') + "\"}{\"a\":2}";
  const std::vector<std::string> units = cut(bytes, std::size_t{1} << 16);
  ASSERT_EQ(units.size(), 4u);
  EXPECT_EQ(units[0], "long@1:1");
  EXPECT_TRUE(units[1].ends_with(" 1"));
  EXPECT_TRUE(units[2].starts_with("long@"));
  EXPECT_TRUE(units[3].ends_with("{\"a\":2}"));
}

}  // namespace
}  // namespace weir::envelope
