// SPDX-License-Identifier: Apache-2.0
#include "synth/json_value.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weir::synth {
namespace {

TEST(JsonValue, IsWrittenAsTheAwsCliDoes) {
  JsonValue document = {{"Name", "web \"1\" \\"}, {"Default", false}, {"Count", -1}};
  document["Tags"] = JsonValue::list();
  document["Ranges"] = JsonValue::list({{{"From", 1}, {"To", 65535}}, "all"});
  document["Count"] = std::uint64_t{3};
  EXPECT_EQ(document.document(),
            "{\n"
            "    \"Name\": \"web \\\"1\\\" \\\\\",\n"
            "    \"Default\": false,\n"
            "    \"Count\": 3,\n"
            "    \"Tags\": [],\n"
            "    \"Ranges\": [\n"
            "        {\n"
            "            \"From\": 1,\n"
            "            \"To\": 65535\n"
            "        },\n"
            "        \"all\"\n"
            "    ]\n"
            "}\n");
  // What another library makes of it.
  const auto read = nlohmann::ordered_json::parse(document.document(), nullptr, false);
  ASSERT_FALSE(read.is_discarded());
  EXPECT_EQ(read.dump(4) + '\n', document.document());
}

}  // namespace
}  // namespace weir::synth
