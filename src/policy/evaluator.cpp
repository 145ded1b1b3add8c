// SPDX-License-Identifier: Apache-2.0
// policy: a packet at an interface -> what its security groups and its subnet's ACL say.
#include <algorithm>

#include "base/prefix.hpp"
#include "base/protocol.hpp"
#include "policy/compiled_network.hpp"

namespace weir {
namespace {

/// Interfaces that never have security groups.
/// Source: VPC User Guide, "NAT gateway basics"; "Transit gateway VPC attachments"; Gateway Load
/// Balancers Guide; Network Load Balancers Guide, "Update the security groups": none is allowed.
constexpr std::string_view kTypesWithoutGroups[] = {
    "natGateway",
    "nat_gateway",
    policy::kTransitGatewayInterface,
    "network_load_balancer",
    "gateway_load_balancer",
    "gateway_load_balancer_endpoint",
};

/// Interfaces whose connections are tracked whatever the rules say.
/// Source: EC2 User Guide, "Security group connection tracking", "Automatically tracked
/// connections".
constexpr std::string_view kTrackingTypes[] = {
    "natGateway",   "nat_gateway", "network_load_balancer",      "gateway_load_balancer_endpoint",
    "vpc_endpoint", "lambda",      "global_accelerator_managed",
};

template <std::size_t N>
bool is_one_of(const std::string_view (&types)[N], std::string_view type) noexcept {
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

/// The addresses of balancers that hand on their clients' own.
std::vector<Ip> find_balancers(const Network& network) {
  constexpr std::string_view kNameInDescription = "ELB net/";
  std::vector<Ip> addresses;
  for (const NetworkInterface& interface : network.interfaces) {
    if (interface.type != "network_load_balancer" &&
        !interface.description.starts_with(kNameInDescription)) {
      continue;
    }
    addresses.insert(addresses.end(), interface.addresses.begin(), interface.addresses.end());
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

/// Why it is not known whether a rule matches.
Doubt doubt_about(const SecurityGroupRule& rule) noexcept {
  if (policy::asks_for_icmp_type(rule.traffic)) return Doubt::icmp_type;
  return std::holds_alternative<PrefixListReference>(rule.peer) ? Doubt::prefix_list_entries
                                                                : Doubt::group_members;
}

/// The decision of an ACL that was perhaps not asked at all.
AclDecision weakened(AclDecision decision, Doubt doubt) noexcept {
  if (decision.allowed == Answer::possibly) return decision;
  if (decision.allowed == Answer::no) decision.allowed = Answer::possibly;
  // A doubt about which entry it was stays one, whether the ACL was asked or not.
  if (decision.doubt == Doubt::none) decision.doubt = doubt;
  return decision;
}

bool may_have_groups(const NetworkInterface& interface) {
  return !interface.group_ids.empty() || !is_one_of(kTypesWithoutGroups, interface.type);
}

policy::AddressesOfVpcs find_groupless(const Network& network) {
  policy::AddressesOfVpcs groupless;
  for (const NetworkInterface& interface : network.interfaces) {
    if (!interface.group_ids.empty() || !may_have_groups(interface)) continue;
    std::vector<Cidr>& addresses = groupless[interface.vpc_id];
    for (const Ip& address : interface.addresses) addresses.push_back(base::prefix_of(address));
    addresses.insert(addresses.end(), interface.prefixes.begin(), interface.prefixes.end());
  }
  return groupless;
}

}  // namespace

policy::CompiledNetwork::CompiledNetwork(const Network& read)
    : network(&read), groupless(find_groupless(read)), subnets(read) {
  policy::References references(read, groupless);
  groups.reserve(read.groups.size());
  for (const SecurityGroup& group : read.groups) {
    groups.push_back({{policy::CompiledGroupRules(group, RuleDirection::ingress, references),
                       policy::CompiledGroupRules(group, RuleDirection::egress, references)}});
  }
  classes = references.classes();
  acls.reserve(read.acls.size());
  for (const NetworkAcl& acl : read.acls) {
    acls.push_back({{policy::CompiledEntries(acl, RuleDirection::ingress),
                     policy::CompiledEntries(acl, RuleDirection::egress)}});
  }
  balancers = find_balancers(read);
  group_lists.reserve(read.interfaces.size());
  for (const NetworkInterface& interface : read.interfaces) {
    group_lists.push_back({group_places.size(), interface.group_ids.size()});
    for (const std::string& id : interface.group_ids) {
      const SecurityGroup* group = read.find_group(id);
      group_places.push_back(group == nullptr
                                 ? policy::kUnknownGroup
                                 : static_cast<std::uint32_t>(group - read.groups.data()));
    }
  }
}

bool policy::CompiledNetwork::may_be_unread(std::uint32_t interface,
                                            const Packet& packet) const noexcept {
  const auto may_admit = [&](const UnreadRule& unread) {
    return unread.direction == packet.direction && policy::may_match(unread.traffic, packet);
  };
  const auto any_admits = [&](const std::vector<UnreadRule>& unread) {
    return std::any_of(unread.begin(), unread.end(), may_admit);
  };
  if (any_admits(network->unread_rules)) return true;
  const auto places = groups_of(interface);
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    return place != kUnknownGroup && any_admits(network->groups[place].unread);
  });
}

bool policy::CompiledNetwork::admits_some_peer(std::uint32_t interface,
                                               const Packet& packet) const noexcept {
  const auto places = groups_of(interface);
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    if (place == kUnknownGroup) return true;
    const auto& rules = rules_of(place, packet.direction).rules();
    return std::any_of(rules.begin(), rules.end(), [&](const CompiledGroupRules::Rule& rule) {
      const auto* const prefix = std::get_if<Cidr>(&rule.peer);
      return may_match(rule.source->traffic, packet) &&
             (prefix == nullptr || base::is_ipv4(*prefix) == packet.peer.is_ipv4());
    });
  });
}

bool policy::CompiledNetwork::groups_filter(std::uint32_t interface,
                                            const Packet& packet) const noexcept {
  if (!may_have_groups(network->interfaces[interface])) return false;
  return !policy::is_unfiltered(subnets.of(interface), packet.peer);
}

Evaluator::Evaluator(const Network& network) : state_(std::make_unique<State>(network)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

const Network& Evaluator::network() const noexcept { return *state_->network; }

std::uint32_t Evaluator::find_interface(std::string_view id) const noexcept {
  const NetworkInterface* found = network().find_interface(id);
  if (found == nullptr) return kUnknownInterface;
  return static_cast<std::uint32_t>(found - network().interfaces.data());
}

// Source: VPC User Guide, "Security group rules": the rules of all groups are one set, and any of
// them allows.
GroupDecision Evaluator::groups(std::uint32_t interface, const Packet& packet) const noexcept {
  if (!state_->is_known(interface)) {
    return {.allowed = Answer::possibly, .doubt = Doubt::unknown_interface};
  }
  if (!state_->groups_filter(interface, packet)) return {.allowed = Answer::yes, .checked = false};

  const auto places = state_->groups_of(interface);
  const auto sets = state_->classes.sets_of(packet.peer);
  bool all_known = true;
  for (const std::uint32_t place : places) {
    if (place == policy::kUnknownGroup) {
      all_known = false;
      continue;
    }
    const policy::CompiledGroupRules& rules = state_->rules_of(place, packet.direction);
    if (const SecurityGroupRule* rule = rules.first_match(packet, sets)) {
      GroupDecision decision{
          .allowed = Answer::yes, .group = &network().groups[place], .rule = rule};
      const auto* const prefix = std::get_if<Cidr>(&rule->peer);
      if (state_->hides_peer(packet) && (prefix == nullptr || !base::is_every_address(*prefix))) {
        decision.allowed = Answer::possibly;
        decision.doubt = Doubt::load_balancer;
      }
      return decision;
    }
  }
  for (const std::uint32_t place : places) {
    if (place == policy::kUnknownGroup) continue;
    GroupDecision decision{.allowed = Answer::possibly, .group = &network().groups[place]};
    state_->rules_of(place, packet.direction)
        .visit_matches(packet, sets, [&](const SecurityGroupRule& rule, Answer) {
          decision.rule = &rule;
          return true;
        });
    if (decision.rule == nullptr) continue;
    decision.doubt = doubt_about(*decision.rule);
    return decision;
  }
  if (state_->may_be_unread(interface, packet)) {
    return {.allowed = Answer::possibly, .doubt = Doubt::unread_rules};
  }
  if (!all_known) return {.allowed = Answer::possibly, .doubt = Doubt::unknown_group};
  // Source: VPC User Guide, "Security groups": an interface without a group of its own has the
  // default group of its VPC.
  if (places.empty()) return {.allowed = Answer::possibly, .doubt = Doubt::no_groups_named};
  if (state_->hides_peer(packet) && state_->admits_some_peer(interface, packet)) {
    return {.allowed = Answer::possibly, .doubt = Doubt::load_balancer};
  }
  return {};
}

Answer Evaluator::public_access_blocked(std::uint32_t interface,
                                        const Packet& packet) const noexcept {
  if (!state_->is_known(interface)) return Answer::possibly;
  const policy::SubnetPlan& plan = state_->subnets.of(interface);
  const bool is_local = (plan.vpc != nullptr && base::any_holds(plan.vpc->prefixes, packet.peer)) ||
                        base::any_holds(policy::kNeverOnInternet, packet.peer) ||
                        policy::is_unfiltered(plan, packet.peer);
  // What a load balancer of the VPC hands on has come past the gateway before, at the balancer's
  // own interface.
  if (is_local || state_->hides_peer(packet)) return Answer::no;
  switch (plan.public_access) {
    case PublicAccess::unknown:
      return Answer::possibly;
    case PublicAccess::open:
      return Answer::no;
    case PublicAccess::ingress_blocked:
      if (packet.direction == RuleDirection::egress) return Answer::no;
      break;
    case PublicAccess::blocked:
      break;
  }
  return Answer::yes;
}

AclDecision Evaluator::acl(std::uint32_t interface, const Packet& packet) const noexcept {
  if (!state_->is_known(interface)) {
    return {.allowed = Answer::possibly, .doubt = Doubt::unknown_interface};
  }
  const policy::SubnetPlan& subnet = state_->subnets.of(interface);
  const AclDecision unchecked{.allowed = Answer::yes, .checked = false, .acl = subnet.acl};
  if (policy::is_unfiltered(subnet, packet.peer)) return unchecked;

  // Source: Transit Gateways Guide, "How network ACLs work with transit gateways": what instances
  // send to an attachment is checked on its way in, in their own subnet too. What comes out of one
  // is not checked at all where it stays in the attachment's subnet.
  const bool is_attachment =
      network().interfaces[interface].type == policy::kTransitGatewayInterface;
  const bool is_ingress = packet.direction == RuleDirection::ingress;
  const Answer inside =
      is_attachment && is_ingress ? Answer::no : policy::is_inside(subnet, packet.peer);
  if (inside == Answer::yes) return unchecked;
  if (subnet.acl == nullptr) return {.allowed = Answer::possibly, .doubt = Doubt::unknown_acl};

  const AclDecision decision = state_->entries_of(*subnet.acl, packet.direction)
                                   .decide(*subnet.acl, packet, state_->hides_peer(packet));
  if (inside == Answer::possibly) return weakened(decision, Doubt::subnet_of_peer);
  const bool is_local = subnet.vpc != nullptr && base::any_holds(subnet.vpc->prefixes, packet.peer);
  if (is_ingress && !is_attachment && subnet.has_transit_gateway && !is_local) {
    return weakened(decision, Doubt::transit_gateway);
  }
  return decision;
}

// Source: EC2 User Guide, "Security group connection tracking", "Untracked connections".
bool Evaluator::untracked(std::uint32_t interface, const Packet& packet) const noexcept {
  if (!base::has_ports(packet.protocol) || !state_->is_known(interface)) return false;
  if (is_one_of(kTrackingTypes, network().interfaces[interface].type)) return false;
  const auto sets = state_->classes.sets_of(packet.peer);
  bool opens = false;
  bool admits_replies = false;
  for (const std::uint32_t place : state_->groups_of(interface)) {
    if (place == policy::kUnknownGroup) continue;
    opens = opens || state_->rules_of(place, packet.direction)
                         .visit_matches(packet, sets, [](const SecurityGroupRule& rule, Answer) {
                           const auto* prefix = std::get_if<Cidr>(&rule.peer);
                           return prefix != nullptr && base::is_every_address(*prefix);
                         });
    admits_replies =
        admits_replies ||
        state_->rules_of(place, policy::opposite(packet.direction)).admits_every_reply(packet);
  }
  return opens && admits_replies;
}

void Evaluator::each_matching_rule(std::uint32_t interface, const Packet& packet,
                                   const RuleVisitor& visitor) const {
  if (!state_->is_known(interface) || !state_->groups_filter(interface, packet)) return;
  const auto sets = state_->classes.sets_of(packet.peer);
  for (const std::uint32_t place : state_->groups_of(interface)) {
    if (place == policy::kUnknownGroup) continue;
    const SecurityGroup& group = network().groups[place];
    state_->rules_of(place, packet.direction)
        .visit_matches(packet, sets, [&](const SecurityGroupRule& rule, Answer answer) {
          visitor(group, rule, answer);
          return false;
        });
  }
}

}  // namespace weir
