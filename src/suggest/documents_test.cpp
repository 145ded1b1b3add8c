// SPDX-License-Identifier: Apache-2.0
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes a part of std::regex for uninitialised when sanitizers are on (GCC bug 105562).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <regex>
#include <set>
#include <sstream>

#include "suggest/suggest_testing.hpp"

namespace weir::suggest {
namespace {

/// One of each kind of rule, for a group that exists and for an interface that needs a new one.
struct Example {
  Network network;
  Suggestions suggestions;

  Example() {
    add_interface(network, "eni-a", {"sg-web"}, {"10.0.0.10"});
    add_interface(network, "eni-b", {"sg-lb"}, {"10.0.0.20"});
    network.prefix_lists = {{.id = "pl-s3",
                             .name = "com.amazonaws.eu-central-1.s3",
                             .has_entries = true,
                             .entries = {cidr("198.51.100.0/24")}}};
    network.index();
    HandmadeLog log{{.peer = "10.0.0.20", .port = 8080},
                    {.peer = "192.0.2.0"},
                    {.peer = "192.0.2.1"},
                    {.peer = "2001:db8::1", .certainty = Certainty::likely},
                    {.peer = "192.0.2.9", .protocol = 1, .answers = 0},
                    {.peer = "2001:db8::1", .protocol = 58},
                    {.peer = "192.0.2.9", .protocol = 50},
                    {.opened = Side::outbound, .peer = "198.51.100.7"},
                    {.opened = Side::outbound, .peer = "192.0.2.53", .protocol = 17, .port = 53},
                    {.opened = Side::outbound, .peer = "192.0.2.53", .protocol = 17, .port = 54},
                    {.interface = "eni-new", .peer = "192.0.2.1"}};
    const Evaluator evaluator(network);
    suggestions = *log.suggest({.policy = &evaluator});
  }
};

TEST(SuggestDocuments, PermissionsReadBackAsTheyWere) {
  const Example example;
  const std::string document = security_groups_document(&example.network, example.suggestions);
  Network read;
  ConfigurationReport report;
  read_configuration("suggestion.json", document, read, report);
  EXPECT_TRUE(report.skipped.empty()) << report.skipped.front().message << '\n' << document;
  read.index();
  const Network adopted = adopt(&example.network, example.suggestions);
  ASSERT_EQ(read.groups.size(), 2U) << document;
  for (const SecurityGroup& group : read.groups) {
    const SecurityGroup* const original = adopted.find_group(group.id);
    ASSERT_NE(original, nullptr) << group.id;
    const auto lines = [](const SecurityGroup& of) {
      std::multiset<std::string> all;
      for (const SecurityGroupRule& rule : of.rules) {
        all.insert(std::string(rule_direction_name(rule.direction)) + ' ' +
                   to_string(rule.traffic) + ' ' + to_string(rule.peer) + ' ' + rule.description);
      }
      return all;
    };
    EXPECT_EQ(lines(group), lines(*original));
    EXPECT_FALSE(group.rules.empty());
  }
  ASSERT_EQ(read.interfaces.size(), 1U) << document;
  EXPECT_EQ(read.interfaces[0].id, "eni-new");
  EXPECT_EQ(read.interfaces[0].group_ids, std::vector<std::string>{"sg-suggested-1"});
}

TEST(SuggestDocuments, CommandsHoldOneArrayEach) {
  const Example example;
  const std::string commands = aws_cli_commands(example.suggestions);
  const std::regex command(
      "aws ec2 authorize-security-group-(ingress|egress) --group-id \"\\$GROUP\" "
      "--ip-permissions '([^']*)'\n");
  std::size_t permissions = 0;
  std::size_t found = 0;
  for (std::sregex_iterator at(commands.begin(), commands.end(), command), end; at != end; ++at) {
    ++found;
    simdjson::dom::parser parser;
    simdjson::dom::array array;
    const std::string json = (*at)[2].str();
    ASSERT_EQ(parser.parse(json).get(array), simdjson::SUCCESS) << json;
    for (const simdjson::dom::element permission : array) {
      ++permissions;
      std::string_view protocol;
      ASSERT_EQ(permission["IpProtocol"].get(protocol), simdjson::SUCCESS);
      std::int64_t from = 0;
      const bool has_from = permission["FromPort"].get(from) == simdjson::SUCCESS;
      EXPECT_EQ(has_from, protocol != "50") << protocol;
      if (protocol.starts_with("icmp")) {
        EXPECT_EQ(from, -1);
      }
    }
  }
  EXPECT_EQ(found, 3U) << commands;
  EXPECT_EQ(permissions, 8U) << commands;
  EXPECT_NE(commands.find("GROUP=sg-web\n"), std::string::npos) << commands;
}

TEST(SuggestDocuments, TerraformHasOneResourceARule) {
  const Example example;
  std::istringstream lines(terraform_document(example.suggestions));
  const std::regex block(
      "(resource|variable) \"([a-z_]+|group_of_[a-z_0-9]+)\"(?: \"([A-Za-z_][A-Za-z0-9_]*)\")? "
      "\\{");
  const std::regex argument(
      "  ([a-z0-9_]+) += (\"[^\"\\\\$%]*\"|-?[0-9]+|string|var\\.[a-z0-9_]+)");
  std::set<std::string> names;
  std::set<std::string> arguments;
  std::set<std::string> peers;
  std::size_t resources = 0;
  std::string type;
  std::string line;
  while (std::getline(lines, line)) {
    std::smatch match;
    if (line.empty()) {
      EXPECT_TRUE(type.empty()) << "blank line within a block";
    } else if (type.empty()) {
      ASSERT_TRUE(std::regex_match(line, match, block)) << line;
      type = match[1].str() == "variable" ? "variable" : match[2].str();
      EXPECT_TRUE(names.insert(match[1].str() + match[2].str() + match[3].str()).second) << line;
      arguments.clear();
    } else if (line == "}") {
      if (type != "variable") {
        ++resources;
        for (const char* needed : {"security_group_id", "ip_protocol", "description"}) {
          EXPECT_TRUE(arguments.contains(needed)) << needed;
        }
        EXPECT_EQ(arguments.contains("from_port"), arguments.contains("to_port"));
        EXPECT_TRUE(type == "aws_vpc_security_group_ingress_rule" ||
                    type == "aws_vpc_security_group_egress_rule")
            << type;
      }
      type.clear();
    } else {
      ASSERT_TRUE(std::regex_match(line, match, argument)) << line;
      EXPECT_TRUE(arguments.insert(match[1].str()).second) << line;
      for (const char* peer :
           {"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"}) {
        if (match[1].str() == peer) peers.insert(peer);
      }
    }
  }
  EXPECT_TRUE(type.empty()) << "a block is not closed";
  EXPECT_EQ(peers.size(), 4U) << "one of each kind of peer";
  std::size_t rules = 0;
  for (const Suggestion& proposal : example.suggestions.proposals) rules += proposal.rules.size();
  EXPECT_EQ(resources, rules);
}

TEST(SuggestDocuments, DescriptionsAreAsAwsWantsThem) {
  const std::regex allowed("[a-zA-Z0-9. _\\-:/()#,@\\[\\]+=&;{}!$*]{1,255}");
  SuggestedRule rule;
  const RecordSums most{
      .flows = ~std::uint64_t{0}, .packets = 1, .bytes = 1, .first = -5, .last = 253'402'300'799};
  rule.evidence = {most, ~std::uint64_t{0}, 0, Certainty::possible};
  rule.peers = ~std::uint64_t{0};
  rule.peers_are_more = true;
  rule.not_seen = ~std::uint64_t{0};
  rule.is_wider = true;
  rule.traffic.protocol = 1;
  EXPECT_TRUE(std::regex_match(rule_description(rule), allowed)) << rule_description(rule);
  EXPECT_THAT(
      rule_description(rule),
      testing::EndsWith("members not seen, wider than seen, every ICMP type, never answered, "
                        "weak evidence"))
      << "JSON has no other place for it";
  rule.not_seen = 0;
  rule.is_wider = false;
  rule.traffic.protocol = 6;
  const RecordSums day{
      .flows = 1, .packets = 1, .bytes = 1, .first = 1'700'000'000, .last = 1'700'086'400};
  rule.evidence = {day, 1, 1, Certainty::certain};
  rule.peers = 1;
  rule.peers_are_more = false;
  EXPECT_EQ(rule_description(rule), "weir: 1 flow, 1 peer, 2023-11-14 to 2023-11-15");
}

TEST(SuggestDocuments, NothingToSayIsSaidShortly) {
  EXPECT_EQ(aws_cli_commands({}), "");
  EXPECT_EQ(terraform_document({}), "");
  EXPECT_EQ(security_groups_document(nullptr, {}), "{\n  \"SecurityGroups\": [\n  ]\n}\n");
}

TEST(Adopt, KeepsWhatOthersReferTo) {
  Network network;
  add_interface(network, "eni-a", {"sg-shared", "sg-plain"}, {"10.0.0.1"});
  add_interface(network, "eni-b", {"sg-shared", "sg-plain"}, {"10.0.0.2"});
  add_interface(network, "eni-c", {"sg-other"}, {"10.0.0.3"});
  add_rule(network, "sg-other").peer = GroupReference{.group_id = "sg-shared"};
  add_rule(network, "sg-shared").peer = cidr("0.0.0.0/0");
  network.index();
  const Evaluator evaluator(network);
  const auto groups_of = [](const Network& of, const char* id) {
    return of.find_interface(id)->group_ids;
  };
  HandmadeLog log{{.interface = "eni-a", .peer = "192.0.2.1"}};

  // One of two: the shared group stays for those who refer to it, and the plain one goes.
  auto suggested = log.suggest({.policy = &evaluator, .interface_id = "eni-a"});
  ASSERT_TRUE(suggested);
  Network adopted = adopt(&network, *suggested);
  EXPECT_EQ(groups_of(adopted, "eni-a"), (std::vector<std::string>{"sg-shared", "sg-suggested-1"}));
  EXPECT_EQ(groups_of(adopted, "eni-b"), groups_of(network, "eni-b"));
  EXPECT_EQ(adopted.find_group("sg-shared")->rules.size(), 1U);

  // Both: the rules of the first group are replaced, and nobody carries another.
  log.add({.interface = "eni-b", .peer = "192.0.2.2"});
  suggested = log.suggest({.policy = &evaluator});
  ASSERT_TRUE(suggested);
  ASSERT_EQ(suggested->proposals.size(), 1U);
  EXPECT_EQ(suggested->proposals[0].group_id, "sg-plain");
  adopted = adopt(&network, *suggested);
  EXPECT_EQ(groups_of(adopted, "eni-a"), groups_of(network, "eni-a"));
  EXPECT_EQ(adopted.find_group("sg-plain")->rules.size(), 2U);
  EXPECT_TRUE(adopted.find_group("sg-shared")->rules.empty());
  EXPECT_EQ(adopted.find_group("sg-other")->rules.size(), 1U);
}

}  // namespace
}  // namespace weir::suggest
