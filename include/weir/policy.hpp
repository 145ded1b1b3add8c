// SPDX-License-Identifier: Apache-2.0
// policy: what `aws ec2 describe-…` printed -> security groups and network ACLs, and what they
// decide about a packet.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "weir/ip.hpp"
#include "weir/progress.hpp"
#include "weir/result.hpp"

namespace weir {

/// Which way a rule looks, seen from the interface or the subnet, in AWS's words.
enum class RuleDirection : std::uint8_t { ingress, egress };
std::string_view rule_direction_name(RuleDirection direction) noexcept;

/// `-1` in rules: every protocol.
inline constexpr std::int16_t kAnyProtocol = -1;

struct PortRange {
  std::uint16_t from = 0;
  std::uint16_t to = 65535;

  constexpr bool contains(std::uint16_t port) const noexcept { return from <= port && port <= to; }
  constexpr bool is_all() const noexcept { return from == 0 && to == 65535; }
  friend constexpr auto operator<=>(const PortRange&, const PortRange&) = default;
};

/// What a rule says about a packet besides the address of its peer.
///
/// Source: EC2 API, IpPermission and NetworkAclEntry: ports count for TCP and UDP only, ICMP type
/// and code for ICMP and ICMPv6 only; every other protocol is matched by its number alone.
struct TrafficMatch {
  std::int16_t protocol = kAnyProtocol;  ///< IANA number, or kAnyProtocol
  PortRange ports = {};                  ///< of the destination; all unless TCP or UDP
  std::int16_t icmp_type = -1;           ///< -1: every type
  std::int16_t icmp_code = -1;           ///< -1: every code

  friend constexpr bool operator==(const TrafficMatch&, const TrafficMatch&) = default;
};

/// Peers of a security-group rule that are named by a prefix list.
struct PrefixListReference {
  std::string id;
  friend bool operator==(const PrefixListReference&, const PrefixListReference&) = default;
};

/// Peers of a security-group rule that are the members of a group.
struct GroupReference {
  std::string group_id;
  std::string account_id = {};
  std::string vpc_id = {};          ///< empty unless the group is in a peered VPC
  std::string peering_id = {};      ///< pcx-…, or empty
  std::string peering_status = {};  ///< `active`, `deleted`, …; or empty
  friend bool operator==(const GroupReference&, const GroupReference&) = default;
};

using RulePeer = std::variant<Cidr, PrefixListReference, GroupReference>;

/// One permission of a security group for one peer.
struct SecurityGroupRule {
  std::string rule_id;      ///< sgr-…; empty if only describe-security-groups was read
  std::uint32_t index = 0;  ///< place among the group's rules of its direction, from 0
  RuleDirection direction = RuleDirection::ingress;
  TrafficMatch traffic;
  RulePeer peer;
  std::string description;

  friend bool operator==(const SecurityGroupRule&, const SecurityGroupRule&) = default;
};

/// A rule or entry of which a part could not be read: what it matches at most. Nothing else is
/// known of it, so that what it could decide is not certain.
struct UnreadRule {
  RuleDirection direction = RuleDirection::ingress;
  TrafficMatch traffic;
  std::uint32_t number = 0;  ///< of an ACL's entry; 0: not known

  friend bool operator==(const UnreadRule&, const UnreadRule&) = default;
};

struct SecurityGroup {
  std::string id;
  std::string name;
  std::string description;
  std::string vpc_id;
  std::string account_id;
  std::vector<SecurityGroupRule> rules;  ///< ingress first; each direction in the file's order
  std::vector<UnreadRule> unread = {};

  friend bool operator==(const SecurityGroup&, const SecurityGroup&) = default;
};

struct AclEntry {
  std::uint32_t number = 0;  ///< 1 to 32766; the implicit denies are not among the entries
  RuleDirection direction = RuleDirection::ingress;
  bool allow = false;
  TrafficMatch traffic;
  Cidr peer;

  friend bool operator==(const AclEntry&, const AclEntry&) = default;
};

/// Numbers under which AWS prints the implicit denies of a network ACL.
/// Source: AWS CLI, describe-network-acls, examples.
inline constexpr std::uint32_t kImplicitDenyIpv4 = 32767;
inline constexpr std::uint32_t kImplicitDenyIpv6 = 32768;

struct NetworkAcl {
  std::string id;
  std::string vpc_id;
  std::string account_id;
  bool is_default = false;
  std::vector<std::string> subnet_ids;
  std::vector<AclEntry> entries;  ///< ingress first, then by number
  std::vector<UnreadRule> unread = {};

  friend bool operator==(const NetworkAcl&, const NetworkAcl&) = default;
};

struct PrefixList {
  std::string id;
  std::string name;
  bool has_entries = false;    ///< false: known by name or reference only
  bool is_incomplete = false;  ///< some of its entries could not be read
  std::vector<Cidr> entries;

  friend bool operator==(const PrefixList&, const PrefixList&) = default;
};

/// Whether VPC Block Public Access stops what a subnet exchanges with an internet gateway.
/// Source: EC2 API Reference, BlockPublicAccessStates, InternetGatewayBlockMode.
enum class PublicAccess : std::uint8_t {
  unknown,          ///< not printed
  open,             ///< `off`
  ingress_blocked,  ///< `block-ingress`
  blocked,          ///< `block-bidirectional`
};

struct Subnet {
  std::string id;
  std::string vpc_id;
  std::string account_id;
  std::string az_id;
  std::vector<Cidr> prefixes;
  PublicAccess public_access = PublicAccess::unknown;

  friend bool operator==(const Subnet&, const Subnet&) = default;
};

struct Vpc {
  std::string id;
  std::string account_id;
  std::vector<Cidr> prefixes;

  friend bool operator==(const Vpc&, const Vpc&) = default;
};

struct NetworkInterface {
  std::string id;
  std::string type;  ///< AWS's InterfaceType: `interface`, `natGateway`, `transit_gateway`, …
  std::string subnet_id;
  std::string vpc_id;
  std::string account_id;
  std::string instance_id;
  std::string description;
  bool requester_managed = false;
  bool is_incomplete = false;        ///< an address or group of it could not be read
  std::vector<Ip> addresses;         ///< private IPv4, the primary one first, then IPv6
  std::vector<Cidr> prefixes;        ///< delegated to the interface
  std::vector<Ip> public_addresses;  ///< never seen in rules or as the interface's in logs
  std::vector<std::string> group_ids;
  /// Idle seconds after which a connection is forgotten, where configured; 0 otherwise.
  std::uint32_t tcp_established_seconds = 0;
  std::uint32_t udp_seconds = 0;
  std::uint32_t udp_stream_seconds = 0;

  friend bool operator==(const NetworkInterface&, const NetworkInterface&) = default;
};

/// Everything that was read about networks, of any number of accounts, Regions and VPCs.
/// Threads: immutable once index() has been called, may be shared.
class Network {
 public:
  std::vector<SecurityGroup> groups;
  std::vector<NetworkAcl> acls;
  std::vector<PrefixList> prefix_lists;
  std::vector<Subnet> subnets;
  std::vector<Vpc> vpcs;
  std::vector<NetworkInterface> interfaces;
  std::vector<UnreadRule> unread_rules;  ///< of groups that nobody knows
  bool interfaces_incomplete = false;    ///< an interface or a page of them could not be read

  /// Makes the find functions know what the vectors hold now, and sorts the vectors by id.
  void index();

  const SecurityGroup* find_group(std::string_view id) const noexcept;
  const NetworkAcl* find_acl(std::string_view id) const noexcept;
  /// The ACL that a subnet is associated with, else the default one of its VPC, else null.
  const NetworkAcl* find_acl_of_subnet(std::string_view subnet_id) const noexcept;
  const PrefixList* find_prefix_list(std::string_view id) const noexcept;
  const Subnet* find_subnet(std::string_view id) const noexcept;
  const Vpc* find_vpc(std::string_view id) const noexcept;
  const NetworkInterface* find_interface(std::string_view id) const noexcept;

 private:
  struct AclOf {
    std::string id;  // of a subnet or of a VPC
    std::uint32_t acl = 0;
  };

  // Places in `acls`, sorted by id.
  std::vector<AclOf> acls_of_subnets_;
  std::vector<AclOf> default_acls_;
};

/// What came of one file of a configuration.
struct ConfigurationFile {
  std::string name;
  std::string kind;  ///< AWS's top-level key: `SecurityGroups`
  std::uint64_t items = 0;
};

struct ConfigurationReport {
  std::vector<ConfigurationFile> read;
  std::vector<Error> skipped;        ///< files and items that are not AWS output, and why
  std::vector<std::string> missing;  ///< commands that would print what is missing, with why
  std::vector<std::string> notes;    ///< e.g. rules that refer to a group which is not there
};

struct Configuration {
  Network network;
  ConfigurationReport report;
};

/// Reads what `aws ec2 describe-…` printed, and tells `progress` of it unless that is null: files,
/// or directories with files below them, recognised by their top-level key; several accounts,
/// Regions and pages are brought together.
///
/// Errors:  not_found or unreadable if a path is. A file that is not AWS output is not an error: it
///          is in the report. usage if nothing at all could be read.
/// Memory:  about five times the largest file, which may have 256 MiB.
/// Source:  EC2 API Reference: DescribeSecurityGroups, DescribeSecurityGroupRules,
///          DescribeNetworkAcls, DescribeNetworkInterfaces, DescribeSubnets, DescribeVpcs,
///          DescribePrefixLists, DescribeManagedPrefixLists, GetManagedPrefixListEntries.
Result<Configuration> load_configuration(std::span<const std::string> paths,
                                         Progress* progress = nullptr);

/// Reads one file's text, which may hold several documents, and adds it to what `network` holds;
/// Network::index() is left to the caller. `name` is what messages call it; the id of a prefix list
/// may stand in it, since get-managed-prefix-list-entries does not print the id. Pages that belong
/// together stand in one text.
void read_configuration(std::string_view name, std::string_view json, Network& network,
                        ConfigurationReport& report);

// ---- evaluation ----

/// A packet at an interface, as far as a flow log tells.
struct Packet {
  RuleDirection direction = RuleDirection::ingress;  ///< ingress: towards the interface
  Ip peer;                                           ///< the other end's address
  std::uint8_t protocol = 0;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  /// False: `peer` is srcaddr or dstaddr of a log without pkt-srcaddr and pkt-dstaddr.
  bool peer_is_of_packet = true;
};

/// Flow logs lack what some rules ask for (ICMP type, entries of a prefix list): then a rule
/// matches, or a layer allows, possibly.
enum class Answer : std::uint8_t { no, possibly, yes };

/// Why an answer is `possibly`; with a certain answer, why another rule may be the one that
/// decided.
enum class Doubt : std::uint8_t {
  none,
  icmp_type,            ///< the rule names an ICMP type or code, and the log has none
  prefix_list_entries,  ///< the entries of a prefix list were not read
  group_members,        ///< the interfaces that carry a referenced group were not read
  unread_rules,         ///< a rule that was left out as unreadable may decide
  no_groups_named,      ///< the configuration names no group of the interface, and it must have one
  unknown_group,        ///< a group of the interface was not read
  unknown_interface,    ///< the interface was not read
  unknown_acl,          ///< the subnet or its ACL was not read
  subnet_of_peer,       ///< whether the peer is in the same subnet is not known
  transit_gateway,      ///< it may have come through an attachment in the same subnet, unchecked
  load_balancer,        ///< the peer that was logged is a load balancer's, the packet's may not be
};

/// What the security groups of an interface say. Only packets that open a connection are asked
/// about: groups are stateful.
struct GroupDecision {
  Answer allowed = Answer::no;
  Doubt doubt = Doubt::none;
  bool checked = true;                      ///< false: no group filters this packet
  const SecurityGroup* group = nullptr;     ///< of `rule`
  const SecurityGroupRule* rule = nullptr;  ///< the first that matches; null if none does
};

/// What the network ACL of an interface's subnet says. ACLs are stateless: ask for every packet.
struct AclDecision {
  Answer allowed = Answer::no;
  Doubt doubt = Doubt::none;
  bool checked = true;              ///< false: the packet stays inside its subnet, or is exempt
  const NetworkAcl* acl = nullptr;  ///< null if it is not known
  /// Null: the implicit deny. Where it is not known whether an entry matched, that entry.
  const AclEntry* entry = nullptr;
  std::uint32_t number = 0;  ///< of the entry or of the implicit deny
};

/// One line of a trace: a rule that was looked at, and what came of it.
struct TraceStep {
  std::string rule;  ///< `sg-… ingress 0: tcp 22 from 10.0.0.0/8`
  Answer matched = Answer::no;
  std::string reason;  ///< `the port 443 is outside 22`
};

/// Why a packet was allowed or denied, rule by rule, in AWS's order of evaluation.
struct Trace {
  std::vector<TraceStep> groups;
  std::vector<TraceStep> acl;
  GroupDecision group_decision;
  AclDecision acl_decision;
};

/// Security groups and ACLs compiled for many packets. The interfaces of an account in a VPC are
/// taken to be complete if any was read, so that the members of its groups are known.
/// Threads: immutable, may be shared.
/// Cost:    well under a microsecond per decision with 5 groups of 60 rules, 40 entries and prefix
///          lists of 1,000.
/// Source:  VPC User Guide, "Security group rules", "Control subnet traffic with network access
///          control lists"; "How network ACLs work with transit gateways".
class Evaluator {
 public:
  static constexpr std::uint32_t kUnknownInterface = ~std::uint32_t{0};

  /// `network` must have been indexed and outlive this.
  explicit Evaluator(const Network& network);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  const Network& network() const noexcept;
  /// A handle for an interface: its place in Network::interfaces, or kUnknownInterface.
  std::uint32_t find_interface(std::string_view id) const noexcept;

  GroupDecision groups(std::uint32_t interface, const Packet& packet) const noexcept;
  AclDecision acl(std::uint32_t interface, const Packet& packet) const noexcept;
  /// True if the connection that this packet opens is not tracked, as far as rules and the kind of
  /// the interface tell: its replies rest on a rule, and losing either rule cuts it at once.
  /// Source: EC2 User Guide, "Security group connection tracking".
  bool untracked(std::uint32_t interface, const Packet& packet) const noexcept;

  /// Whether VPC Block Public Access stops the packet: it comes from or goes to the internet, in a
  /// subnet where that is blocked; possibly, where the subnet does not say, or was not read.
  /// Source: VPC User Guide, "Block public access to VPCs and subnets".
  Answer public_access_blocked(std::uint32_t interface, const Packet& packet) const noexcept;

  /// Told every rule of the interface's groups that matches, yes or possibly; in the order of the
  /// interface's groups and of their rules.
  using RuleVisitor = std::function<void(const SecurityGroup&, const SecurityGroupRule&, Answer)>;
  void each_matching_rule(std::uint32_t interface, const Packet& packet,
                          const RuleVisitor& visitor) const;

  Trace trace(std::uint32_t interface, const Packet& packet) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// ---- what configuration alone proves ----

enum class RuleFinding : std::uint8_t {
  shadowed,         ///< can never decide: earlier entries, or another rule of its group, cover it
  duplicate,        ///< matches exactly what an earlier one of the same list matches
  stale_reference,  ///< in AWS's sense: names a group that is deleted, or behind a deleted peering
};

/// One rule of a security group, or one entry of a network ACL, and what is the matter with it.
struct RuleProblem {
  RuleFinding finding = RuleFinding::shadowed;
  const SecurityGroup* group = nullptr;        ///< null if it is about an ACL
  const SecurityGroupRule* rule = nullptr;     ///< of `group`
  const NetworkAcl* acl = nullptr;             ///< null if it is about a group
  const AclEntry* entry = nullptr;             ///< of `acl`
  const SecurityGroupRule* by_rule = nullptr;  ///< of `group`: what contains `rule`, or equals it
  std::vector<const AclEntry*> by_entries;     ///< the earlier ones that cover `entry` together
  /// False: follows only if everything of that VPC was read (a group is gone if it is not there).
  bool proven = true;
  std::string reason;  ///< `entries 90 and 95 decide everything that 100 matches`
};

/// What is wrong with rules whatever the traffic: in the order of the groups, then of the ACLs,
/// and of their rules. What cannot be proven is left out, so that a rule without a problem may
/// still not be useful.
///
/// `network` must have been indexed, and outlive the answer.
/// Source: EC2 API, DescribeStaleSecurityGroups; VPC User Guide, "Network ACL rules".
std::vector<RuleProblem> find_rule_problems(const Network& network);

/// `tcp 22`, `udp 1024-65535`, `icmp type 8`, `all traffic`.
std::string to_string(const TrafficMatch& traffic);
/// `10.0.0.0/8`, `pl-…`, `sg-…`.
std::string to_string(const RulePeer& peer);

}  // namespace weir
