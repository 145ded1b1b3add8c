// SPDX-License-Identifier: Apache-2.0
// policy: what a verdict costs in a large network: 2,000 interfaces with 5 of 300 groups each, 60
// rules a direction in a group, 40 entries a direction in 50 ACLs, prefix lists of 1,000. Items are
// packets.
//
// Each decision on some packets is first compared with the trace, which looks at rule by rule.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "weir/policy.hpp"

namespace weir {
namespace {

constexpr std::size_t kInterfaces = 2000;
constexpr std::size_t kGroups = 300;
constexpr std::size_t kGroupsOfInterface = 5;
constexpr std::size_t kRules = 60;
constexpr std::size_t kAcls = 50;
constexpr std::size_t kEntries = 40;
constexpr std::size_t kLists = 8;
constexpr std::size_t kListEntries = 1000;
constexpr std::size_t kPackets = 1 << 16;
constexpr std::size_t kCompared = 300;

class LargeNetwork {
 public:
  LargeNetwork() {
    Vpc& vpc = network.vpcs.emplace_back();
    vpc.id = "vpc-1";
    vpc.prefixes = {*parse_cidr("10.0.0.0/16")};
    for (std::size_t i = 0; i < kLists; ++i) add_list(i);
    for (std::size_t i = 0; i < kGroups; ++i) add_group(i);
    for (std::size_t i = 0; i < kAcls; ++i) add_acl(i);
    for (std::size_t i = 0; i < kInterfaces; ++i) add_interface(i);
    network.index();
  }

  Packet packet() {
    Packet packet;
    packet.direction = pick(2) == 0 ? RuleDirection::ingress : RuleDirection::egress;
    packet.peer = pick(3) == 0 ? public_address() : address(pick(kInterfaces));
    packet.protocol = static_cast<std::uint8_t>(pick(20) == 0 ? 1 : pick(5) == 0 ? 17 : 6);
    packet.destination_port =
        pick(3) == 0 ? static_cast<std::uint16_t>(1024 + pick(64'000)) : port();
    return packet;
  }
  std::uint32_t interface() { return static_cast<std::uint32_t>(pick(kInterfaces)); }

  Network network;

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  static std::string id(const char* kind, std::size_t number) {
    return kind + std::to_string(number);
  }
  static Ip address(std::size_t interface) {
    return Ip::from_ipv4(0x0a00'0000 | static_cast<std::uint32_t>(interface % kAcls) << 8 |
                         static_cast<std::uint32_t>(10 + interface / kAcls));
  }
  Ip public_address() { return Ip::from_ipv4(static_cast<std::uint32_t>(random_() | 0x4000'0000)); }
  std::uint16_t port() {
    constexpr std::uint16_t kUsual[] = {22, 53, 80, 443, 3306, 5432, 6379, 8080, 8443, 9092};
    return kUsual[pick(std::size(kUsual))];
  }
  Cidr prefix(std::size_t longest) {
    const Ip base = pick(2) == 0 ? public_address() : address(pick(kInterfaces));
    return *parse_cidr(to_string(base) + "/" + std::to_string(16 + pick(longest - 15)));
  }
  TrafficMatch traffic() {
    TrafficMatch traffic;
    traffic.protocol = static_cast<std::int16_t>(pick(20) == 0 ? 1 : pick(4) == 0 ? 17 : 6);
    if (traffic.protocol == 1) {
      traffic.icmp_type = 8;
      return traffic;
    }
    traffic.ports.from = port();
    traffic.ports.to = pick(4) == 0 ? std::uint16_t{65535} : traffic.ports.from;
    return traffic;
  }

  void add_list(std::size_t number) {
    PrefixList& list = network.prefix_lists.emplace_back();
    list.id = id("pl-", number);
    list.has_entries = true;
    for (std::size_t i = 0; i < kListEntries; ++i) list.entries.push_back(prefix(28));
  }

  void add_group(std::size_t number) {
    SecurityGroup& group = network.groups.emplace_back();
    group.id = id("sg-", number);
    group.vpc_id = "vpc-1";
    for (std::uint32_t i = 0; i < 2 * kRules; ++i) {
      SecurityGroupRule& rule = group.rules.emplace_back();
      rule.index = i % kRules;
      rule.direction = i < kRules ? RuleDirection::ingress : RuleDirection::egress;
      rule.traffic = traffic();
      const std::size_t kind = pick(10);
      if (kind < 4) {
        GroupReference reference;
        reference.group_id = id("sg-", pick(kGroups));
        rule.peer = reference;
      } else if (kind == 4) {
        rule.peer = PrefixListReference{id("pl-", pick(kLists))};
      } else {
        rule.peer = prefix(32);
      }
    }
  }

  void add_acl(std::size_t number) {
    NetworkAcl& acl = network.acls.emplace_back();
    acl.id = id("acl-", number);
    acl.vpc_id = "vpc-1";
    acl.subnet_ids = {id("subnet-", number)};
    for (std::uint32_t i = 0; i < 2 * kEntries; ++i) {
      AclEntry& entry = acl.entries.emplace_back();
      entry.number = 100 + i;
      entry.direction = i < kEntries ? RuleDirection::ingress : RuleDirection::egress;
      entry.allow = pick(2) == 0;
      entry.traffic = traffic();
      entry.peer = i % kEntries == kEntries - 1 ? *parse_cidr("0.0.0.0/0") : prefix(24);
    }
    Subnet& subnet = network.subnets.emplace_back();
    subnet.id = id("subnet-", number);
    subnet.vpc_id = "vpc-1";
    subnet.prefixes = {*parse_cidr("10.0." + std::to_string(number) + ".0/24")};
  }

  void add_interface(std::size_t number) {
    NetworkInterface& interface = network.interfaces.emplace_back();
    interface.id = id("eni-", number);
    interface.type = "interface";
    interface.vpc_id = "vpc-1";
    interface.subnet_id = id("subnet-", number % kAcls);
    interface.addresses = {address(number)};
    for (std::size_t i = 0; i < kGroupsOfInterface; ++i) {
      interface.group_ids.push_back(id("sg-", pick(kGroups)));
    }
  }

  std::mt19937_64 random_{20261125};
};

struct Question {
  std::uint32_t interface = 0;
  Packet packet;
};

struct Sample {
  Sample() : evaluator(large.network) {
    for (std::size_t i = 0; i < kPackets; ++i)
      questions.push_back({large.interface(), large.packet()});
  }
  LargeNetwork large;
  Evaluator evaluator;
  std::vector<Question> questions;
};

Sample& sample() {
  static Sample all;
  return all;
}

Answer best_of(const std::vector<TraceStep>& steps) {
  Answer best = Answer::no;
  for (const TraceStep& step : steps) best = std::max(best, step.matched);
  return best;
}

bool agrees_with_traces() {
  for (std::size_t i = 0; i < kCompared; ++i) {
    const auto& [interface, packet] = sample().questions[i];
    const Trace trace = sample().evaluator.trace(interface, packet);
    if (best_of(trace.groups) != sample().evaluator.groups(interface, packet).allowed) return false;
  }
  return true;
}

template <class Decide>
void run(benchmark::State& state, Decide&& decide) {
  if (!agrees_with_traces()) return state.SkipWithError("wrong answer");
  std::size_t at = 0;
  for (auto _ : state) {
    const auto& [interface, packet] = sample().questions[at++ % kPackets];
    benchmark::DoNotOptimize(decide(sample().evaluator, interface, packet));
  }
  state.SetItemsProcessed(state.iterations());
}

void policy_groups(benchmark::State& state) {
  run(state, [](const Evaluator& evaluator, std::uint32_t interface, const Packet& packet) {
    return evaluator.groups(interface, packet).allowed;
  });
}
BENCHMARK(policy_groups);

void policy_acl(benchmark::State& state) {
  run(state, [](const Evaluator& evaluator, std::uint32_t interface, const Packet& packet) {
    return evaluator.acl(interface, packet).allowed;
  });
}
BENCHMARK(policy_acl);

void policy_every_rule(benchmark::State& state) {
  run(state, [](const Evaluator& evaluator, std::uint32_t interface, const Packet& packet) {
    std::size_t count = 0;
    evaluator.each_matching_rule(
        interface, packet,
        [&](const SecurityGroup&, const SecurityGroupRule&, Answer) { ++count; });
    return count;
  });
}
BENCHMARK(policy_every_rule);

void policy_compile(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Evaluator(sample().large.network));
}
BENCHMARK(policy_compile)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weir
