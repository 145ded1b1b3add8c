// SPDX-License-Identifier: Apache-2.0
// conversation: records -> both directions of each conversation, stitched. Behind `weir pairs`, and
// the evidence of `why`, `rules`, `suggest` and `whatif`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/batch.hpp"
#include "weir/ip.hpp"
#include "weir/policy.hpp"
#include "weir/progress.hpp"
#include "weir/record_sums.hpp"
#include "weir/result.hpp"

namespace weir {

enum class Action : std::uint8_t { none, accept, reject };

/// Which way a record's packets went, seen from its interface.
enum class Side : std::uint8_t { unknown, inbound, outbound };
std::string_view side_name(Side side) noexcept;

enum class Certainty : std::uint8_t { possible, likely, certain };
std::string_view certainty_name(Certainty certainty) noexcept;

/// How a side is known.
enum class SideOrigin : std::uint8_t {
  unknown,
  flow_direction,   ///< the record says so: certain
  configuration,    ///< one end is an address of the interface: certain
  common_address,   ///< one end (for IPv6, its /64) is in all records of the interface: likely
  private_address,  ///< one end is private; an interface's IPv4 address in a log is: likely
};

/// How sure a side is that is known in this way.
Certainty certainty_of(SideOrigin origin) noexcept;

/// Values of reject-reason. Source: VPC User Guide, "Flow log records".
enum class LoggedRejectReason : std::uint8_t {
  none,
  block_public_access,
  encryption_controls,
  other
};

/// What is kept of a record.
struct FlowRecord {
  Ip source;              ///< srcaddr
  Ip destination;         ///< dstaddr
  Ip packet_source;       ///< pkt-srcaddr; srcaddr where it is not logged
  Ip packet_destination;  ///< pkt-dstaddr; dstaddr where it is not logged
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::int64_t start = 0;  ///< Unix seconds
  std::int64_t end = 0;
  std::uint64_t sequence = 0;  ///< place among the records of the run, in the order of the input
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t tcp_flags = 0;
  Action action = Action::none;
  Side side = Side::unknown;  ///< of this record
  SideOrigin side_origin = SideOrigin::unknown;
  LoggedRejectReason reject_reason = LoggedRejectReason::none;
  bool has_tcp_flags = false;
  bool has_packets = false;
  bool has_bytes = false;
  bool has_packet_addresses = false;  ///< pkt-srcaddr and pkt-dstaddr are logged
  bool has_reject_reason = false;     ///< the log has reject-reason, though this one may have none
  bool selected = true;               ///< false: only here as evidence, the filter has dropped it
  bool is_double = false;  ///< the same packets are in another record (ConversationOptions::dedup)
};

/// One direction of a conversation.
struct ConversationWay {
  std::uint64_t flows = 0;  ///< records
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t with_packets = 0;  ///< records that have a packet count
  std::uint64_t with_bytes = 0;    ///< records that have a byte count
  // Of these, what is in another record too (ConversationOptions::dedup):
  std::uint64_t double_flows = 0;
  std::uint64_t double_packets = 0;
  std::uint64_t double_bytes = 0;
  // Where a copy at another interface was rejected (ConversationRanking): the sender's ACCEPT is
  // not what became of these packets.
  std::uint64_t copies_rejected = 0;     ///< records
  std::uint64_t copies_accepted = 0;     ///< records, of the same copies
  std::uint32_t rejected_interface = 0;  ///< whose; meaningful if there are any
  std::int64_t first = 0;                ///< earliest start
  std::int64_t last = 0;                 ///< latest end
  std::uint8_t tcp_flags = 0;            ///< of all records
};

/// How it is known who opened a conversation: the evidence that decided. docs/conversations.md says
/// how certain each makes it.
enum class OpenerOrigin : std::uint8_t {
  syn,         ///< SYN without ACK
  syn_ack,     ///< the other end sent SYN-ACK
  rules,       ///< the security groups admit it from one end only, or name the server's port
  rejected,    ///< nothing but rejected packets of one end is in the log
  accepted,    ///< packets of one end were accepted, those of the other only rejected
  ports,       ///< a port that clients do not pick answers
  peers,       ///< one end's address and port have many peers in this log
  first_seen,  ///< the earlier record
};

enum class TcpState : std::uint8_t {
  unknown,    ///< not TCP, or no flags in the log
  opened,     ///< SYN and SYN-ACK, or SYN and what only an open connection sends
  closed,     ///< FIN both ways, or RST after data
  refused,    ///< SYN answered by RST
  half_open,  ///< SYN without an answer
  midstream,  ///< no SYN: opened before the log begins, or idle in between
};
/// `syn`, `syn-ack`, `rules`, `rejected`, `accepted`, `ports`, `peers`, `first-seen`.
std::string_view opener_origin_name(OpenerOrigin origin) noexcept;
std::string_view tcp_state_name(TcpState state) noexcept;

/// Both directions of a 5-tuple of packets at one interface, from its opening to its end or a long
/// idle gap. Who the ends are is told in srcaddr's terms and in pkt-srcaddr's, which differ at NAT
/// gateways and at interfaces of transit gateways.
struct Conversation {
  std::uint32_t interface = 0;  ///< place in Conversations::interfaces()
  Ip client;                    ///< who opened it
  Ip server;
  Ip packet_client;
  Ip packet_server;
  std::uint16_t client_port = 0;
  std::uint16_t server_port = 0;
  std::uint8_t protocol = 0;
  OpenerOrigin opener_origin = OpenerOrigin::first_seen;
  /// How certain it is that the client opened it. Every stage inherits it: what hangs on who opened
  /// it is no more certain, and what is only possible is told for both ends.
  Certainty opener_certainty = Certainty::possible;
  Side opened = Side::unknown;  ///< inbound: opened from outside towards the interface
  SideOrigin side_origin = SideOrigin::unknown;
  TcpState state = TcpState::unknown;
  ConversationWay forward;   ///< client to server
  ConversationWay backward;  ///< server to client
  /// By start; at one instant, SYN before SYN-ACK before others; then by end and the values.
  std::span<const FlowRecord> records;

  /// The end that is not the interface's, as its packets have it: what rules look at. Meaningful if
  /// `opened` is known.
  const Ip& remote() const noexcept {
    return opened == Side::inbound ? packet_client : packet_server;
  }
  /// False if no record has pkt-srcaddr and pkt-dstaddr, so that the packets' own addresses may
  /// be others.
  bool has_packet_addresses = false;
  bool is_forward(const FlowRecord& record) const noexcept {
    return record.packet_source == packet_client && record.source_port == client_port;
  }
};

/// Seconds from `first` to `last`, both included.
struct TimeSpan {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// What the log as a whole says of one interface (or, where it is a transit gateway's, attachment;
/// for a regional NAT gateway, resource-id; empty where the format has none of them).
struct ObservedInterface {
  std::string id;
  std::vector<Ip> addresses;  ///< its own: configured, else inferred
  SideOrigin addresses_origin = SideOrigin::unknown;
  std::uint64_t accepted = 0;  ///< records
  std::uint64_t rejected = 0;
  std::uint64_t nodata = 0;
  std::uint64_t skipdata = 0;
  /// True: the records' format has interface-id, and they have none. They are a regional NAT
  /// gateway's, which has no interface (VPC User Guide, "Flow log records", interface-id).
  bool is_nameless = false;
  /// Windows of its SKIPDATA records, by time; those that touch or overlap are one.
  std::vector<TimeSpan> skipped;
  std::int64_t first = 0;                                   ///< earliest start of any record
  std::int64_t last = 0;                                    ///< latest end
  std::uint32_t configured = Evaluator::kUnknownInterface;  ///< handle in the configuration
};

struct ConversationOptions {
  /// Records beyond this go to a temporary file, and the answer is the same.
  std::uint64_t memory_bytes = ~std::uint64_t{0};
  std::string temp_directory;         ///< empty: $TMPDIR, or /tmp
  const Evaluator* policy = nullptr;  ///< whose interfaces tell sides, or null
  bool dedup = false;                 ///< mark records whose packets are in another one too
};

/// Takes conversations in one thread.
class ConversationVisitor {
 public:
  virtual ~ConversationVisitor() = default;
  /// All conversations of one 5-tuple of packets, at whatever interfaces: first by interface id,
  /// then by time. Which visitor gets which tuple, and when, is not determined; the contents are.
  /// A tuple of more than Conversations::kMostRecords records comes in several pieces.
  virtual void take(std::span<const Conversation> conversations) = 0;
  /// What it does, for Progress: a literal.
  virtual std::string_view work() const noexcept { return "stitching"; }
};

/// Stitches records together.
///
/// Shape:   add() batches, or have each thread add() to a part() of its own; finish(); then visit()
///          as often as needed. The answer does not depend on how rows were spread over parts.
/// Errors:  only a temporary file can fail. From then on what is added is dropped, failed() is true
///          and finish() says why.
/// Threads: parts are independent of one another; in_order() from any thread, one at a time;
///          everything else is for one thread.
/// Memory:  64 bytes a record, 128 with IPv6 or with other pkt-addresses, up to
///          ConversationOptions::memory_bytes, then a file; besides, the ids of interfaces and
///          about a MiB a thread. A visitor's thread takes some 40 MiB for the largest tuple.
class Conversations {
 public:
  /// Records of one tuple that are looked at together. A conversation that is longer is cut.
  static constexpr std::size_t kMostRecords = std::size_t{1} << 18;

  explicit Conversations(ConversationOptions options);
  ~Conversations();

  class Part {
   public:
    virtual ~Part() = default;
    /// Adds all rows of the batch; those in `selection` are the ones asked about, the others are
    /// evidence.
    virtual void add(const Batch& batch, const Selection& selection) = 0;
    /// Ends a block of input and returns its number, for in_order().
    virtual std::uint64_t end_block() = 0;
    virtual void finish() = 0;
  };

  /// The fields that add() reads.
  FieldSet fields() const;
  std::unique_ptr<Part> part();
  /// Tells that the block with this number is the next in the order of the input.
  void in_order(std::uint64_t block);
  bool failed() const noexcept;
  Result<void> finish();

  /// Valid after finish(), sorted by id.
  std::span<const ObservedInterface> interfaces() const noexcept;
  std::uint64_t records() const noexcept;  ///< that can be part of a conversation
  std::uint64_t nodata() const noexcept;
  std::uint64_t skipdata() const noexcept;
  std::uint64_t without_tuple() const noexcept;  ///< records that lack addresses or protocol
  /// True if the log has no rejected (accepted) record at all, though it has the others: it may
  /// have been filtered by TrafficType.
  bool accepts_only() const noexcept;
  bool rejects_only() const noexcept;

  /// Visits everything, on as many threads as there are visitors.
  Result<void> visit(std::span<ConversationVisitor* const> visitors);

  /// Who is told how far visits are, or null; it must outlive this.
  void set_progress(Progress* progress) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// ---- ranking ----

/// What conversations are ranked by.
enum class ConversationMeasure : std::uint8_t { flows, packets, bytes };

struct RankingOptions {
  ConversationMeasure measure = ConversationMeasure::bytes;
  std::uint64_t limit = 10;  ///< how many conversations are kept; the totals are of all
  std::uint64_t memory_bytes = ~std::uint64_t{0};  ///< for all visitors together
  std::string temp_directory;                      ///< empty: $TMPDIR, or /tmp
  std::size_t threads = 1;                         ///< how many visitors there will be
};

/// Sums over conversations.
struct ConversationTotals : RecordSums {
  std::uint64_t conversations = 0;
  std::uint64_t copies = 0;  ///< conversations of which every record is a copy; not in the others
  /// Of the conversations, those that a copy at another interface says were rejected.
  std::uint64_t rejected_elsewhere = 0;
  RecordSums doubles;  ///< besides the others: records whose packets are in another one too

  void add(const ConversationTotals& other) noexcept;
};

/// Records, packets and bytes of one way that are in no other record.
ConversationWay without_doubles(ConversationWay way) noexcept;
/// A measure of both ways, doubles left out.
unsigned __int128 measure_of(const Conversation& conversation,
                             ConversationMeasure measure) noexcept;

/// Ranks conversations that have a selected record: largest first, ties by who talked to whom, and
/// when. Those of which every record is a copy are only counted: the conversation that they are
/// copies of stands for them, with the worst verdict, and is selected if one of them is. A rejected
/// copy of records that are not known to be the same conversation stands for itself.
///
/// Shape:   Conversations::visit() with a visitor() for each thread; destroy the visitors; then
///          totals(), and visit() once.
/// Errors:  only the temporary file can fail, and visit() says so.
/// Threads: visitors may work side by side, and are made and destroyed in one thread; the rest is
///          for one thread.
/// Memory:  a Conversation (some 300 bytes) for each one that `limit` asks for and each visitor.
///          Beyond a limit of 100,000, up to `memory_bytes`, then a file.
class ConversationRanking {
 public:
  explicit ConversationRanking(RankingOptions options);
  ~ConversationRanking();

  std::unique_ptr<ConversationVisitor> visitor();

  /// Told conversations in order, without their records; returns false to hear no more.
  using Take = std::function<Result<bool>(const Conversation&)>;
  Result<void> visit(const Take& take);
  const ConversationTotals& totals() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir
