// SPDX-License-Identifier: Apache-2.0
#include "synth/configuration.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/scratch_testing.hpp"
#include "synth/openings.hpp"
#include "weir/policy.hpp"
#include "weir/source.hpp"
#include "weir/synth.hpp"

namespace weir::synth {
namespace {

using Json = nlohmann::json;

/// What all accounts of a company have under a key.
std::vector<Json> items_of(const Network& network, const std::string& key) {
  std::vector<Json> items;
  for (const Account& account : network.accounts()) {
    for (const ConfigurationDocument& document : describe(network, account)) {
      if (document.key != key) continue;
      const Json parsed = Json::parse(document.text, nullptr, false);
      EXPECT_FALSE(parsed.is_discarded()) << document.name;
      EXPECT_EQ(parsed.at(key).size(), document.items) << document.name;
      items.insert(items.end(), parsed.at(key).begin(), parsed.at(key).end());
    }
  }
  return items;
}

std::set<std::string> ids_of(const Network& network, const std::string& key,
                             const std::string& id) {
  std::set<std::string> ids;
  for (const Json& item : items_of(network, key)) {
    EXPECT_TRUE(ids.insert(item.at(id).get<std::string>()).second) << item.at(id);
  }
  return ids;
}

TEST(SynthConfiguration, HasTheSizeThatWasAskedFor) {
  const struct {
    std::uint32_t interfaces;
    std::uint64_t least;
    std::uint64_t most;
    const char* why;
  } cases[] = {{1280, 1272, 1272, "as many as the log of a seed always had, but regional gateways"},
               {2000, 1980, 2020, "what the speed of verdicts is measured with"},
               {100, 88, 160, "each VPC has one of each role, so a few more"},
               {4000, 3960, 4040, "what fits the subnets"}};
  for (const auto& c : cases) {
    std::map<std::string, std::uint64_t> items;
    const Network network(1, c.interfaces);
    for (const Account& account : network.accounts()) {
      for (const ConfigurationDocument& document : describe(network, account)) {
        items[document.key] += document.items;
      }
    }
    EXPECT_GE(items["NetworkInterfaces"], c.least) << c.why;
    EXPECT_LE(items["NetworkInterfaces"], c.most) << c.why;
    EXPECT_EQ(items["SecurityGroups"], 296U) << c.why;
    EXPECT_EQ(items["NetworkAcls"], 48U) << c.why;
  }
}

TEST(SynthConfiguration, AddressesAreNotSharedInAVpc) {
  std::set<std::string> taken;
  for (const Json& item : items_of(Network(1, 4000), "NetworkInterfaces")) {
    const auto vpc = item.at("VpcId").get<std::string>();
    const auto address = item.at("PrivateIpAddress").get<std::string>();
    EXPECT_TRUE(taken.insert(vpc + ' ' + address).second) << vpc << ' ' << address;
  }
}

TEST(SynthConfiguration, WhatIsReferredToIsThere) {
  const Network network(3, 100);
  const std::set<std::string> groups = ids_of(network, "SecurityGroups", "GroupId");
  const std::set<std::string> subnets = ids_of(network, "Subnets", "SubnetId");
  ids_of(network, "SecurityGroupRules", "SecurityGroupRuleId");
  ids_of(network, "NetworkInterfaces", "NetworkInterfaceId");
  for (const Json& rule : items_of(network, "SecurityGroupRules")) {
    EXPECT_TRUE(groups.contains(rule.at("GroupId"))) << rule;
    if (rule.contains("ReferencedGroupInfo")) {
      EXPECT_TRUE(groups.contains(rule.at("ReferencedGroupInfo").at("GroupId"))) << rule;
    }
  }
  for (const Json& interface : items_of(network, "NetworkInterfaces")) {
    EXPECT_TRUE(subnets.contains(interface.at("SubnetId"))) << interface;
    for (const Json& group : interface.at("Groups")) {
      EXPECT_TRUE(groups.contains(group.at("GroupId"))) << interface;
    }
  }
  std::set<std::string> associated;
  for (const Json& acl : items_of(network, "NetworkAcls")) {
    for (const Json& association : acl.at("Associations")) {
      EXPECT_TRUE(associated.insert(association.at("SubnetId")).second) << "two ACLs: " << acl;
    }
  }
  EXPECT_EQ(associated, subnets);
}

TEST(SynthConfiguration, GroupsStayWithinQuotasAndWithoutDuplicates) {
  // AWS VPC User Guide, "Amazon VPC quotas": 60 rules a direction, 5 groups an interface; EC2 API,
  // AuthorizeSecurityGroupIngress: a rule that is there already is an error.
  std::map<std::string, std::size_t> rules;
  std::set<std::string> seen;
  for (Json rule : items_of(Network(1, 100), "SecurityGroupRules")) {
    const std::string key =
        rule.at("GroupId").get<std::string>() + (rule.at("IsEgress") ? " out" : " in");
    EXPECT_LE(++rules[key], 60U) << key;
    rule.erase("SecurityGroupRuleId");
    rule.erase("Description");
    EXPECT_TRUE(seen.insert(rule.dump()).second) << rule;
  }
}

TEST(SynthConfiguration, DependsOnTheSeedAlone) {
  const auto all = [](std::uint64_t seed) {
    std::string text;
    const Network network(seed, 100);
    for (const Account& account : network.accounts()) {
      for (const ConfigurationDocument& document : describe(network, account)) {
        text += document.name + document.text;
      }
    }
    return text;
  };
  EXPECT_EQ(all(1), all(1));
  EXPECT_NE(all(1), all(2));
}

/// What stands in a line of version 5, as far as rules ask.
struct Line {
  explicit Line(const std::string& text) {
    std::istringstream words(text);
    for (std::string word; words >> word;) values.push_back(word);
  }
  /// Places in the order of the fields of version 5.
  enum Place { interface = 2, source, destination, source_port, destination_port, protocol };
  static constexpr std::size_t kAction = 12;
  static constexpr std::size_t kStatus = 13;
  static constexpr std::size_t kTcpFlags = 17;
  static constexpr std::size_t kDirection = 27;

  bool is_judged() const { return values[kStatus] == "OK" && values[interface] != "-"; }
  bool is_rejected() const { return values[kAction] == "REJECT"; }
  Packet packet() const {
    const bool is_egress = values[kDirection] == "egress";
    const auto number = [&](Place place) { return std::stoul(values[place]); };
    return {.direction = is_egress ? RuleDirection::egress : RuleDirection::ingress,
            .peer = *parse_ip(values[is_egress ? destination : source]),
            .protocol = static_cast<std::uint8_t>(number(protocol)),
            .source_port = static_cast<std::uint16_t>(number(source_port)),
            .destination_port = static_cast<std::uint16_t>(number(destination_port))};
  }

  std::vector<std::string> values;
};

TEST(SynthConfiguration, VerdictsFollowFromTheRules) {
  SynthOptions options;
  options.format = *parse_synth_format("v5");
  options.records = 20'000;
  options.interfaces = 300;
  options.obey_rules = true;
  StringSink sink;
  ASSERT_TRUE(Synthesizer::create(options)->write(0, sink).has_value());
  weir::Network rules;
  ConfigurationReport report;
  const Network network(options.seed, options.interfaces);
  for (const Account& account : network.accounts()) {
    for (const ConfigurationDocument& document : describe(network, account)) {
      read_configuration(document.name, document.text, rules, report);
    }
  }
  EXPECT_TRUE(report.skipped.empty());
  EXPECT_TRUE(report.notes.empty());
  rules.index();
  const Evaluator evaluator(rules);
  std::map<std::string, int> seen;
  std::istringstream lines(sink.text());
  std::string text;
  std::getline(lines, text);
  while (std::getline(lines, text)) {
    const Line line(text);
    if (!line.is_judged()) continue;
    const std::uint32_t interface = evaluator.find_interface(line.values[Line::interface]);
    ASSERT_NE(interface, Evaluator::kUnknownInterface) << text;
    const Packet packet = line.packet();
    const Answer acl = evaluator.acl(interface, packet).allowed;
    const Answer groups = evaluator.groups(interface, packet).allowed;
    const std::string& flags = line.values[Line::kTcpFlags];
    // SYN without ACK: a request, which is all that groups are asked about.
    const bool is_request = packet.protocol == 6 && (std::stoul(flags) & 18) == 2;
    if (!line.is_rejected()) {
      EXPECT_EQ(acl, Answer::yes) << text;
      if (is_request) {
        EXPECT_EQ(groups, Answer::yes) << text;
      }
      ++seen[is_request ? "accepted requests" : "other accepted records"];
    } else if (packet.direction == RuleDirection::egress) {
      EXPECT_EQ(acl, Answer::no) << text;
      ++seen["replies that an ACL denies"];
    } else if (is_request || packet.protocol != 6) {
      EXPECT_TRUE(acl == Answer::no || groups == Answer::no) << text;
      ++seen[groups == Answer::no ? "requests that groups deny" : "requests that an ACL denies"];
    } else {
      EXPECT_EQ(acl, Answer::yes) << text;
      ++seen["late packets"];
    }
  }
  for (const auto& [kind, most] : std::map<std::string, int>{{"accepted requests", 20'000},
                                                             {"other accepted records", 20'000},
                                                             {"replies that an ACL denies", 500},
                                                             {"requests that groups deny", 4000},
                                                             {"requests that an ACL denies", 500},
                                                             {"late packets", 300}}) {
    EXPECT_GT(seen[kind], 50) << kind;
    EXPECT_LT(seen[kind], most) << kind;
  }
}

TEST(SynthConfiguration, OpeningsTellWhatScannersMustNotTry) {
  const struct {
    Role role;
    Protocol protocol;
    std::uint16_t port;
    bool is_open;
    const char* why;
  } cases[] = {{Role::balancer, Protocol::tcp, 443, true, "customers"},
               {Role::balancer, Protocol::udp, 443, false, "another protocol"},
               {Role::balancer, Protocol::icmpv6, 0, false, "only IPv4 is pinged"},
               {Role::web, Protocol::icmp, 0, true, "ping"},
               {Role::bastion, Protocol::tcp, 22, false, "offices only"},
               {Role::nat_gateway, Protocol::tcp, 5900, true, "no group, and the ACL has replies"},
               {Role::nat_gateway, Protocol::tcp, 23, false, "the ACL"},
               {Role::nat_gateway, Protocol::udp, 161, false, "the ACL"}};
  for (const auto& c : cases) {
    EXPECT_EQ(is_open_to_everyone(c.role, c.protocol, c.port), c.is_open) << c.why;
  }
  EXPECT_TRUE(is_open_to_hosts(Role::database, Protocol::tcp, 5432));
  EXPECT_FALSE(is_open_to_hosts(Role::database, Protocol::tcp, 9200));
}

TEST(SynthConfiguration, IsWrittenBelowADirectory) {
  const scratch_testing::ScratchDirectory scratch;
  SynthOptions options;
  options.interfaces = 100;
  const Result<Synthesizer> made = Synthesizer::create(options);
  ASSERT_TRUE(made.has_value());
  const auto report = made->write_configuration(scratch.path());
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->groups, 296U);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, report->files);
  EXPECT_FALSE(made->write_configuration("/dev/null/configuration").has_value());
}

TEST(SynthConfiguration, RefusesACompanyThatDoesNotFit) {
  for (const std::uint32_t interfaces : {0U, 99U, 4001U, 4'000'000'000U}) {
    SynthOptions options;
    options.interfaces = interfaces;
    EXPECT_EQ(Synthesizer::create(options).error().code, ErrorCode::usage) << interfaces;
  }
}

}  // namespace
}  // namespace weir::synth
