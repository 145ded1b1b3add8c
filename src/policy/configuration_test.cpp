// SPDX-License-Identifier: Apache-2.0
// Documents and files: what is recognised, what is brought together, and what is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_testing.hpp"
#include "policy/policy_testing.hpp"

namespace weir::policy {
namespace {

using scratch_testing::ScratchDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSubnet =
    R"({"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"})";

std::string subnets(std::string_view items, std::string_view more = "") {
  return R"({"Subnets": [)" + std::string(items) + "]" + std::string(more) + "}";
}

TEST(ReadConfiguration, RecognisesAnswersInEveryDress) {
  const std::string answer = subnets(kSubnet);
  const std::string item = kSubnet;
  const struct {
    const char* why;
    std::string text;
  } cases[] = {
      {"as `aws` prints it", answer},
      {"a mark of byte order", "\xef\xbb\xbf" + answer},
      {"blanks around", "\r\n\t " + answer + "\r\n\n"},
      {"--query 'Subnets[]'", "[" + item + "]"},
      {"--query 'Subnets[0]'", item},
      {"jq -s", "[" + answer + "]"},
      {"jq -c '.Subnets[]', every item twice", item + "\n" + item + "\n"},
      {"two files in one", answer + answer},
      {"pages", subnets(kSubnet, R"(, "NextToken": "x")") + subnets("")},
      {"a recording of the API", R"({"status_code": 200, "data": )" + answer + "}"},
      {"with what boto adds",
       R"({"ResponseMetadata": {"RequestId": "x"}, "Subnets": [)" + item + "]}"},
      {"beside another answer", R"({"SecurityGroups": [], "Subnets": [)" + item + "]}"},
      {"a null token", subnets(kSubnet, R"(, "NextToken": null)")},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(c.text);
    EXPECT_EQ(result.said(), "") << c.why;
    ASSERT_EQ(result.network.subnets.size(), 1U) << c.why;
    EXPECT_EQ(result.network.subnets[0].id, "subnet-1") << c.why;
  }
}

TEST(ReadConfiguration, ReadsWhatPowerShellWrites) {
  std::string text = "\xff\xfe";
  for (const char c : subnets(kSubnet)) text += {c, '\0'};
  ReadResult result;
  result.read(text);
  EXPECT_EQ(result.said(), "");
  EXPECT_EQ(result.network.subnets.size(), 1U);
}

TEST(ReadConfiguration, RecognisesBareItemsOfEveryKind) {
  ReadResult result;
  result.read(R"([
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-2", "IsEgress": false, "IpProtocol": "-1",
     "CidrIpv4": "10.0.0.0/8"},
    {"GroupId": "sg-1", "GroupName": "web", "IpPermissions": []},
    {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": []},
    {"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1"},
    {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"},
    {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"},
    {"PrefixListId": "pl-1", "PrefixListName": "offices"}])");
  EXPECT_EQ(result.said(), "");
  EXPECT_EQ(result.network.groups.size(), 2U);
  EXPECT_EQ(result.network.acls.size(), 1U);
  EXPECT_EQ(result.network.interfaces.size(), 1U);
  EXPECT_EQ(result.network.subnets.size(), 1U);
  EXPECT_EQ(result.network.vpcs.size(), 1U);
  EXPECT_EQ(result.network.prefix_lists.size(), 1U);
}

TEST(ReadConfiguration, CountsWhatItRead) {
  ReadResult result;
  result.read(subnets(kSubnet) + subnets("") + R"({"Vpcs": []})", "x.json");
  ASSERT_EQ(result.report.read.size(), 2U);
  EXPECT_EQ(result.report.read[0].name, "x.json");
  EXPECT_EQ(result.report.read[0].kind, "Subnets");
  EXPECT_EQ(result.report.read[0].items, 1U);
  EXPECT_EQ(result.report.read[1].kind, "Vpcs");
  EXPECT_EQ(result.report.read[1].items, 0U);
}

TEST(ReadConfiguration, PassesOverOtherAnswers) {
  ReadResult result;
  // An instance carries groups and interfaces, without what a rule needs.
  result.read(R"({"Reservations": [{"ReservationId": "r-1", "Instances": [{"InstanceId": "i-1",
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "x"}]}]}]})");
  result.read(R"([{"InstanceId": "i-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "x"}]}])");
  result.read(R"({"FlowLogs": [{"FlowLogId": "fl-1"}]})");
  result.read("[]");
  EXPECT_TRUE(result.network.groups.empty());
  EXPECT_TRUE(result.network.subnets.empty());
  EXPECT_TRUE(result.report.read.empty());
  EXPECT_TRUE(result.report.skipped.empty()) << result.said();
  EXPECT_THAT(result.report.notes, ElementsAre("ignored, since weir does not use it: Reservations",
                                               "ignored, since weir does not use it: FlowLogs"));
}

TEST(ReadConfiguration, RepeatsAnErrorOfAws) {
  ReadResult result;
  result.read(R"({"status_code": 400, "data": {"Error": {"Code": "InvalidGroup.NotFound",
    "Message": "The security group 'sg-1' does not exist"}, "ResponseMetadata": {}}})");
  EXPECT_EQ(result.said(),
            "note: a.json: AWS answered with the error InvalidGroup.NotFound: The security group "
            "'sg-1' does not exist\n");
}

TEST(ReadConfiguration, NamesWhatIsNoAnswer) {
  const struct {
    const char* why;
    const char* text;
    const char* message;
  } cases[] = {
      {"empty", "", "a.json: the file is empty"},
      {"blank", " \n\n", "a.json: the file is empty"},
      {"--output text", "SUBNETS\tus-east-1a\t250\n", "a.json: this is not JSON"},
      {"--output yaml", "Subnets:\n- SubnetId: x\n", "a.json: this is not JSON"},
      {"a log", "2 123456789012 eni-1 - - - - - - - 1 2 - NODATA\n", "a.json: this is not JSON"},
      {"zeros", "\0\0\0", "a.json: the file is empty"},
      {"another JSON", R"({"resources": [{"type": "aws_subnet"}]})",
       "a.json: this JSON is not an answer of `aws ec2`"},
      {"an empty object", "{}", "a.json: this JSON is not an answer of `aws ec2`"},
      {"an object instead of a list", R"({"Subnets": {"SubnetId": "subnet-1"}})",
       "a.json: this JSON is not an answer of `aws ec2`"},
      {"numbers", "[1, 2]", "a.json: this JSON is not an answer of `aws ec2`"},
      {"lists without end", "[[[[[[[[1]]]]]]]]", "a.json: this JSON is not an answer of `aws ec2`"},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(c.text);
    EXPECT_THAT(result.said(), StartsWith(c.message)) << c.why;
    EXPECT_THAT(result.said(), HasSubstr("aws ec2 describe-security-groups")) << c.why;
    EXPECT_TRUE(result.report.read.empty()) << c.why;
  }
}

TEST(ReadConfiguration, NamesWhatIsNoAnswerAmongOthers) {
  ReadResult result;
  result.read(subnets(kSubnet) + "\n{\"x\": 1}\n{\"y\": 1}\n");
  EXPECT_EQ(result.network.subnets.size(), 1U);
  ASSERT_EQ(result.report.skipped.size(), 1U);
  EXPECT_EQ(result.report.skipped[0].where, "a.json:2:1");
  EXPECT_EQ(result.report.skipped[0].message,
            "2 values of this file, the first one here, are not answers of `aws ec2`");
}

TEST(ReadConfiguration, ShowsWhereJsonBreaks) {
  const struct {
    const char* why;
    std::string text;
    const char* said;
  } cases[] = {
      {"cut off", "{\"Subnets\": [\n  {\"SubnetId\": \"subn",
       "a.json:2:21: truncated JSON: the text ends here, inside a string\n"
       "  {\"SubnetId\": \"subn\n"
       "                    ^\n"
       "was the command interrupted, or the disk full? Print it again; nothing of this value was "
       "read\n"},
      {"a comma too many", "{\"Subnets\": [\n  {\"SubnetId\": \"subnet-1\"},\n]}\n",
       "a.json:3:1: no valid JSON: a comma stands before this closing bracket, and nothing between "
       "them\n"
       "]}\n"
       "^\n"
       "print it again with --output json; nothing of this value was read\n"},
      {"the documents before it are kept", subnets(kSubnet) + "\n{\"Subnets\" [",
       "a.json:2:12: no valid JSON: a colon is missing before this\n"
       "{\"Subnets\" [\n"
       "           ^\n"
       "print it again with --output json; nothing of this value was read\n"},
      {"a number that no one can hold", "{\"Subnets\": [123456789012345678901234567890]}",
       "a.json:1:1: no valid JSON: "},
  };
  for (const auto& c : cases) {
    ReadResult result;
    result.read(c.text);
    EXPECT_THAT(result.said(), StartsWith(c.said)) << c.why;
  }
}

// Every prefix of a file is either whole or an error with a place; nothing is half read.
TEST(ReadConfiguration, SurvivesEveryCut) {
  const std::string text = group_with(
      R"({"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})");
  for (std::size_t length = 1; length < text.size(); ++length) {
    ReadResult result;
    result.read(text.substr(0, length));
    EXPECT_TRUE(result.network.groups.empty()) << length;
    ASSERT_EQ(result.report.skipped.size(), 1U) << length;
    EXPECT_EQ(result.report.skipped[0].code, ErrorCode::damaged) << length;
    EXPECT_THAT(result.report.skipped[0].where, StartsWith("a.json:1:")) << length;
  }
}

TEST(ReadConfiguration, BoundsWhatItSays) {
  std::string entries;
  for (int i = 0; i < 1000; ++i) entries += entries.empty() ? "{}" : ",{}";
  ReadResult result;
  result.read(acl_with(entries));
  ASSERT_EQ(result.report.skipped.size(), 21U);
  EXPECT_EQ(result.report.skipped[20].message,
            "980 more items or parts of items are wrong and left out");
}

TEST(ReadConfiguration, TellsThePlacesOfOneValueOneByOne) {
  ReadResult result;
  result.read(
      acl_with("\n{\"RuleNumber\": 70000},\n{\"RuleNumber\": 700001},\n{\"RuleNumber\": 70000}"));
  ASSERT_EQ(result.report.skipped.size(), 3U);
  EXPECT_EQ(result.report.skipped[0].where, "a.json:4:16");
  EXPECT_EQ(result.report.skipped[1].where, "a.json:5:16");
  EXPECT_EQ(result.report.skipped[2].where, "a.json:6:16");
  EXPECT_EQ(result.report.skipped[2].excerpt, "{\"RuleNumber\": 70000}]}]}\n               ^~~~~");
}

TEST(ReadConfiguration, OfTwoThatDifferTheLaterCounts) {
  ReadResult result;
  result.read(subnets(kSubnet), "a.json").read(subnets(kSubnet), "b.json");
  EXPECT_EQ(result.said(), "");
  result.read(subnets(R"({"SubnetId": "subnet-1", "VpcId": "vpc-2"})"), "c.json");
  EXPECT_EQ(result.said(),
            "note: subnet-1 was read twice, and they differ: what c.json says counts\n");
  EXPECT_EQ(result.network.subnets[0].vpc_id, "vpc-2");
}

TEST(ReadConfiguration, NoticesThatAPageIsMissing) {
  ReadResult result;
  result.read(subnets(kSubnet, R"(, "NextToken": "eyJ2Ijo")"));
  EXPECT_THAT(result.said(), HasSubstr("a.json ends with a NextToken, and no page of Subnets"));
}

TEST(ReadConfiguration, BoundsWhatItSaysOfPages) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text +=
        R"({"PrefixListId": "pl-)" + std::to_string(i) + R"(", "Entries": [], "NextToken": "x"})";
  }
  ReadResult result;
  result.read(text);
  ASSERT_EQ(result.report.notes.size(), 6U);
  EXPECT_EQ(result.report.notes[5], "95 more pages are missing");
}

constexpr const char* kComplete = R"(
  {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "a", "IpPermissions": [], "IpPermissionsEgress": []}]}
  {"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}], "Entries": []}]}
  {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1",
    "PrivateIpAddress": "10.0.0.4", "Groups": [{"GroupId": "sg-1"}]}]}
  {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}]}
  {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]})";

std::string missing_of(const ScratchDirectory& directory) {
  const std::string path = directory.path();
  const Result<Configuration> loaded = load_configuration(std::span(&path, 1));
  if (!loaded) return loaded.error().message;
  std::string text;
  for (const std::string& line : loaded->report.missing) text += line + "\n";
  for (const std::string& line : loaded->report.notes) text += "note: " + line + "\n";
  return text;
}

TEST(LoadConfiguration, SaysWhatIsMissing) {
  const struct {
    const char* why;
    std::string more;
    const char* said;
  } cases[] = {
      {"nothing", "", ""},
      {"the entries of a prefix list",
       group_with(R"({"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]})", "sg-2"),
       "aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-1 > pl-1.json: rules refer to "
       "it, and match possibly without its entries\n"},
      {"a group that an interface carries",
       R"({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "SubnetId": "subnet-1", "Groups": [{"GroupId": "sg-8"}, {"GroupId": "sg-9"}]}]})",
       "aws ec2 describe-security-groups --group-ids sg-8 sg-9 > more-security-groups.json: "
       "interfaces carry 2 groups that were not read\n"},
      {"a subnet, and its ACL",
       R"({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "SubnetId": "subnet-9"}]})",
       "aws ec2 describe-subnets --subnet-ids subnet-9 > more-subnets.json: interfaces are in 1 "
       "subnet that was not read\n"
       "aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=subnet-9 > "
       "more-network-acls.json: the network ACL of 1 subnet was not read\n"},
      {"a group that a rule refers to",
       group_with(R"({"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-9"}]})", "sg-2"),
       "note: rules of sg-2 refer to a group that was not read (sg-9): in another account or "
       "Region, or deleted (AWS calls such a rule stale)\n"},
  };
  for (const auto& c : cases) {
    const ScratchDirectory directory;
    directory.write("a.json", kComplete);
    if (!c.more.empty()) directory.write("b.json", c.more);
    EXPECT_EQ(missing_of(directory), c.said) << c.why;
  }
}

TEST(LoadConfiguration, NamesTheCommandOfEveryKind) {
  const ScratchDirectory directory;
  directory.write("a.json", R"({"PrefixLists": []})");
  const std::string missing = missing_of(directory);
  for (const char* command :
       {"aws ec2 describe-security-groups > security-groups.json: ",
        "aws ec2 describe-network-acls > network-acls.json: ",
        "aws ec2 describe-network-interfaces > network-interfaces.json: ",
        "aws ec2 describe-subnets > subnets.json: ", "aws ec2 describe-vpcs > vpcs.json: "}) {
    EXPECT_THAT(missing, HasSubstr(command));
  }
}

TEST(LoadConfiguration, BoundsWhatItSays) {
  const ScratchDirectory directory;
  std::string permissions;
  std::string interfaces;
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(i);
    permissions += std::string(i == 0 ? "" : ",") +
                   R"({"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-)" + number +
                   R"("}], "UserIdGroupPairs": [{"GroupId": "sg-a)" + number + R"("}]})";
    interfaces += std::string(i == 0 ? "" : ",") + R"({"NetworkInterfaceId": "eni-a)" + number +
                  R"(", "SubnetId": "subnet-a)" + number + R"(", "Groups": [{"GroupId": "sg-b)" +
                  number + R"("}]})";
  }
  directory.write("a.json", kComplete);
  directory.write("b.json", group_with(permissions, "sg-2"));
  directory.write("c.json", R"({"NetworkInterfaces": [)" + interfaces + "]}");
  const std::string missing = missing_of(directory);
  EXPECT_LT(missing.size(), 4000U) << missing;
  EXPECT_THAT(missing, HasSubstr("the entries of 990 more prefix lists to which rules refer"));
  EXPECT_THAT(missing,
              HasSubstr("1000 groups that were not read (sg-a0, sg-a1, sg-a10 and 997 more)"));
}

TEST(LoadConfiguration, WalksDirectoriesInTheOrderOfNames) {
  const ScratchDirectory directory;
  directory.write("111/us-east-1/subnets.json", subnets(kSubnet));
  directory.write("222/eu-west-1/subnets.json",
                  subnets(R"({"SubnetId": "subnet-2", "VpcId": "vpc-2"})"));
  directory.write("222/eu-west-1/.hidden.json", "rubbish");
  directory.write("222/notes.txt", "what is this?\n");
  const std::string path = directory.path();
  const Result<Configuration> loaded = load_configuration(std::span(&path, 1));
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->network.subnets.size(), 2U);
  EXPECT_NE(loaded->network.find_subnet("subnet-2"), nullptr);
  ASSERT_EQ(loaded->report.read.size(), 2U);
  EXPECT_EQ(loaded->report.read[0].name, directory.path("111/us-east-1/subnets.json"));
  ASSERT_EQ(loaded->report.skipped.size(), 1U);
  EXPECT_EQ(loaded->report.skipped[0].where, directory.path("222/notes.txt"));
}

TEST(LoadConfiguration, FailsWhenThereIsNothing) {
  const ScratchDirectory directory;
  directory.write("empty/.keep", "");
  directory.write("rubbish/a.txt", "x");
  const struct {
    const char* why;
    std::string path;
    ErrorCode code;
    const char* message;
  } cases[] = {
      {"no such path", directory.path("nowhere"), ErrorCode::not_found,
       "no such file or directory"},
      {"no file", directory.path("empty"), ErrorCode::not_found, "the directory holds no files"},
      {"no configuration", directory.path("rubbish"), ErrorCode::usage,
       "no file here holds a configuration that `aws ec2` printed"},
  };
  for (const auto& c : cases) {
    const Result<Configuration> loaded = load_configuration(std::span(&c.path, 1));
    ASSERT_FALSE(loaded) << c.why;
    EXPECT_EQ(loaded.error().code, c.code) << c.why;
    EXPECT_THAT(loaded.error().message, StartsWith(c.message)) << c.why;
    EXPECT_THAT(loaded.error().where, StartsWith(c.path)) << c.why;
  }
  EXPECT_FALSE(load_configuration({}));
}

TEST(LoadConfiguration, ReadsTheExampleNetwork) {
  const std::string path = "examples/network";
  const Result<Configuration> loaded = load_configuration(std::span(&path, 1));
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->report.skipped.empty());
  EXPECT_THAT(loaded->network.groups, Not(testing::IsEmpty()));
  EXPECT_THAT(loaded->network.acls, Not(testing::IsEmpty()));
  EXPECT_THAT(loaded->network.interfaces, Not(testing::IsEmpty()));
  for (const SecurityGroup& group : loaded->network.groups) {
    for (const SecurityGroupRule& rule : group.rules) {
      EXPECT_FALSE(rule.rule_id.empty()) << group.id << " " << to_string(rule.traffic);
    }
  }
}

}  // namespace
}  // namespace weir::policy
