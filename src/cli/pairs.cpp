// SPDX-License-Identifier: Apache-2.0
// cli: `weir pairs`: both directions of each conversation, the largest first.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/number_words.hpp"
#include "cli/conversation_run.hpp"
#include "cli/grouping.hpp"
#include "cli/rule_cells.hpp"
#include "cli/verbs.hpp"
#include "render/field_text.hpp"
#include "weir/names.hpp"

namespace weir::cli {
namespace {

constexpr std::uint64_t kUsualPairs = 10;

using MakeCell = Cell (*)(const Conversation& conversation,
                          std::span<const ObservedInterface> interfaces);

/// A column of the answer, and how it is made.
struct PairColumn {
  ResultColumn column;
  MakeCell make;
};

Cell number_if(bool is_known, std::uint64_t value) { return is_known ? count_cell(value) : Cell(); }

Cell bytes_of(const ConversationWay& way) {
  return number_if(way.flows == 0 || way.with_bytes > 0, without_doubles(way).bytes);
}
Cell packets_of(const ConversationWay& way) {
  return number_if(way.flows == 0 || way.with_packets > 0, without_doubles(way).packets);
}

/// What became of one way: ACCEPT, REJECT, both, or nothing where there is no record.
Cell verdict_of(const ConversationWay& way) {
  // What an end accepted on its way out and the other end rejected was rejected.
  if (way.copies_rejected > 0 && way.copies_accepted == 0) return std::string("REJECT");
  if (way.copies_rejected > 0) return std::string("ACCEPT+REJECT");
  if (way.accepted > 0 && way.rejected > 0) return std::string("ACCEPT+REJECT");
  if (way.accepted > 0) return std::string("ACCEPT");
  return way.rejected > 0 ? Cell(std::string("REJECT")) : Cell();
}

using Observed = std::span<const ObservedInterface>;

const PairColumn kInterface = {
    {.name = "interface_id", .kind = CellKind::field, .field = FieldId::interface_id},
    [](const Conversation& it, Observed interfaces) {
      const std::string& id = interfaces[it.interface].id;
      return id.empty() ? Cell() : Cell(id);
    }};
const PairColumn kClient = {
    {.name = "client", .kind = CellKind::field, .field = FieldId::srcaddr},
    [](const Conversation& it, Observed) { return Cell(it.packet_client); }};
const PairColumn kClientPort = {
    {.name = "client_port", .kind = CellKind::field, .field = FieldId::srcport},
    [](const Conversation& it, Observed) { return count_cell(it.client_port); }};
const PairColumn kServer = {
    {.name = "server", .kind = CellKind::field, .field = FieldId::dstaddr},
    [](const Conversation& it, Observed) { return Cell(it.packet_server); }};
const PairColumn kServerPort = {
    {.name = "server_port", .kind = CellKind::field, .field = FieldId::dstport},
    [](const Conversation& it, Observed) { return count_cell(it.server_port); }};
const PairColumn kProtocol = {
    {.name = "protocol", .kind = CellKind::field, .field = FieldId::protocol},
    [](const Conversation& it, Observed) { return count_cell(it.protocol); }};
const PairColumn kFlows = {{.name = "flows", .kind = CellKind::count},
                           [](const Conversation& it, Observed) {
                             return Cell(measure_of(it, ConversationMeasure::flows));
                           }};
const PairColumn kPackets = {
    {.name = "packets", .kind = CellKind::count}, [](const Conversation& it, Observed) {
      const bool is_known = it.forward.with_packets + it.backward.with_packets > 0;
      return is_known ? Cell(measure_of(it, ConversationMeasure::packets)) : Cell();
    }};
const PairColumn kBytes = {
    {.name = "bytes", .kind = CellKind::byte_count}, [](const Conversation& it, Observed) {
      const bool is_known = it.forward.with_bytes + it.backward.with_bytes > 0;
      return is_known ? Cell(measure_of(it, ConversationMeasure::bytes)) : Cell();
    }};
const PairColumn kPacketsOut = {
    {.name = "packets_out", .kind = CellKind::count},
    [](const Conversation& it, Observed) { return packets_of(it.forward); }};
const PairColumn kBytesOut = {
    {.name = "bytes_out", .kind = CellKind::byte_count},
    [](const Conversation& it, Observed) { return bytes_of(it.forward); }};
const PairColumn kPacketsBack = {
    {.name = "packets_back", .kind = CellKind::count},
    [](const Conversation& it, Observed) { return packets_of(it.backward); }};
const PairColumn kBytesBack = {
    {.name = "bytes_back", .kind = CellKind::byte_count},
    [](const Conversation& it, Observed) { return bytes_of(it.backward); }};
const PairColumn kVerdict = {
    {.name = "verdict", .kind = CellKind::field, .field = FieldId::action},
    [](const Conversation& it, Observed) { return verdict_of(it.forward); }};
const PairColumn kVerdictBack = {
    {.name = "verdict_back", .kind = CellKind::field, .field = FieldId::action},
    [](const Conversation& it, Observed) { return verdict_of(it.backward); }};
/// An end with its port, as RFC 5952 writes it: `192.0.2.7:443`, `[2001:db8::1]:443`. ICMP and
/// other protocols without ports have zeros.
std::string end_text(const Conversation& conversation, const Ip& address, std::uint16_t port) {
  if (conversation.client_port == 0 && conversation.server_port == 0) return to_string(address);
  const std::string text = to_string(address);
  return address.is_ipv4() ? fmt::format("{}:{}", text, port) : fmt::format("[{}]:{}", text, port);
}

// What follows is for people, who have little room: a narrow terminal shows both ends whole.
const PairColumn kClientEnd = {
    {.name = "client", .kind = CellKind::field, .field = FieldId::srcaddr},
    [](const Conversation& it, Observed) {
      return Cell(end_text(it, it.packet_client, it.client_port));
    }};
const PairColumn kServerEnd = {
    {.name = "server", .kind = CellKind::field, .field = FieldId::dstaddr},
    [](const Conversation& it, Observed) {
      return Cell(end_text(it, it.packet_server, it.server_port));
    }};
const PairColumn kService = {
    {.name = "protocol"}, [](const Conversation& it, Observed) {
      std::string words = render::number_text(FieldId::protocol, it.protocol, TimeZone());
      const std::string_view service = service_name(it.server_port, it.protocol);
      return Cell(service.empty() ? words : fmt::format("{} {}", words, service));
    }};
const PairColumn kBothVerdicts = {
    {.name = "verdict", .kind = CellKind::field, .field = FieldId::action},
    [](const Conversation& it, Observed) {
      Cell out = verdict_of(it.forward);
      const Cell back = verdict_of(it.backward);
      if (out == back || std::holds_alternative<std::monostate>(back)) return out;
      const std::string words = std::get<std::string>(back) + " back";
      if (std::holds_alternative<std::monostate>(out)) return Cell(words);
      return Cell(std::get<std::string>(out) + ", " + words);
    }};
const PairColumn kState = {
    {.name = "state"}, [](const Conversation& it, Observed) {
      return it.state == TcpState::unknown ? Cell() : Cell(std::string(tcp_state_name(it.state)));
    }};
const PairColumn kOpened = {
    {.name = "opened"}, [](const Conversation& it, Observed) {
      return it.opened == Side::unknown ? Cell() : Cell(std::string(side_name(it.opened)));
    }};
const PairColumn kOpenedBy = {{.name = "opened_by"}, [](const Conversation& it, Observed) {
                                return Cell(std::string(opener_origin_name(it.opener_origin)));
                              }};
const PairColumn kCertainty = {{.name = "certainty"}, [](const Conversation& it, Observed) {
                                 return Cell(std::string(certainty_name(it.opener_certainty)));
                               }};
const PairColumn kFirst = {
    {.name = "first", .kind = CellKind::time}, [](const Conversation& it, Observed) {
      const std::int64_t other = it.backward.flows > 0 ? it.backward.first : it.forward.first;
      const std::int64_t first = it.forward.flows > 0 ? std::min(it.forward.first, other) : other;
      return count_cell(static_cast<std::uint64_t>(first));
    }};
const PairColumn kLast = {
    {.name = "last", .kind = CellKind::time}, [](const Conversation& it, Observed) {
      return count_cell(static_cast<std::uint64_t>(std::max(it.forward.last, it.backward.last)));
    }};
/// The interface that rejected one way, or nothing.
Cell rejecting_interface(const ConversationWay& way, const Conversation& it,
                         std::span<const ObservedInterface> interfaces) {
  if (way.copies_rejected + way.rejected == 0) return {};
  const std::uint32_t place = way.copies_rejected > 0 ? way.rejected_interface : it.interface;
  const std::string& id = interfaces[place].id;
  return id.empty() ? Cell() : Cell(id);
}
const PairColumn kRejectedAt = {
    {.name = "rejected_at", .kind = CellKind::field, .field = FieldId::interface_id},
    [](const Conversation& it, Observed interfaces) {
      Cell forward = rejecting_interface(it.forward, it, interfaces);
      const bool is_known = !std::holds_alternative<std::monostate>(forward);
      return is_known ? forward : rejecting_interface(it.backward, it, interfaces);
    }};
const PairColumn kDoubleBytes = {
    {.name = "double_bytes", .kind = CellKind::byte_count}, [](const Conversation& it, Observed) {
      return Cell(static_cast<unsigned __int128>(it.forward.double_bytes) +
                  it.backward.double_bytes);
    }};

/// Columns for a program, or for a person: there the first ones have to say it, since a narrow
/// terminal has no room for the others.
std::vector<PairColumn> columns_for(OutputKind kind, bool dedup) {
  std::vector<PairColumn> columns;
  if (kind == OutputKind::table) {
    columns = {kClientEnd, kServerEnd, kService,   kBytesOut, kBytesBack, kBothVerdicts,
               kState,     kOpened,    kInterface, kFirst,    kLast};
  } else {
    columns = {kInterface,   kClient, kClientPort, kServer,   kServerPort,  kProtocol,  kFlows,
               kPackets,     kBytes,  kPacketsOut, kBytesOut, kPacketsBack, kBytesBack, kVerdict,
               kVerdictBack, kState,  kOpened,     kOpenedBy, kCertainty,   kFirst,     kLast};
  }
  if (!dedup) return columns;
  if (kind == OutputKind::table) {
    columns.insert(columns.begin() + 6, kRejectedAt);
  } else {
    columns.push_back(kRejectedAt);
  }
  columns.push_back(kDoubleBytes);
  return columns;
}

ConversationMeasure measure_for(Measure measure) {
  switch (measure) {
    case Measure::flows:
      return ConversationMeasure::flows;
    case Measure::packets:
      return ConversationMeasure::packets;
    case Measure::bytes:
      break;
  }
  return ConversationMeasure::bytes;
}

void add_notes(ResultTable& table, const ConversationTotals& totals, std::uint64_t limit,
               const Conversations& conversations) {
  if (limit < totals.conversations) {
    table.notes.push_back(fmt::format("{} of {} conversations; -n 0 shows all", limit,
                                      with_thousands(totals.conversations)));
  }
  if (totals.doubles.flows > 0) {
    table.notes.push_back(fmt::format(
        "{} with {} left out: their packets are in another record too{}",
        base::counted(totals.doubles.flows, "record"), human_bytes(totals.doubles.bytes),
        totals.copies > 0
            ? fmt::format(", and so are all of {}", base::counted(totals.copies, "conversation"))
            : ""));
  }
  if (totals.rejected_elsewhere > 0) {
    table.notes.push_back(fmt::format(
        "{} rejected at another interface than the one whose records count: rejected_at names it",
        base::counted(totals.rejected_elsewhere, "conversation was", "conversations were")));
  }
  add_record_notes(table.notes, conversations);
}

class PairsVerb final : public ConversationVerb {
 public:
  explicit PairsVerb(std::optional<Measure> asked) : asked_(asked) {}

  Result<void> prepare(ConversationRun& run) override {
    // Records and rows share what there is.
    ranking_bytes_ = run.stitching().memory_bytes / 4;
    run.stitching().memory_bytes -= ranking_bytes_;
    run.stitching().dedup = run.options().dedup;
    return {};
  }

  Result<void> answer(ConversationRun& run) override {
    const std::uint64_t limit = run.reading().limit(kUsualPairs);
    ConversationRanking ranking({.measure = measure_for(settle_measure(asked_, run.reading())),
                                 .limit = limit,
                                 .memory_bytes = ranking_bytes_,
                                 .temp_directory = run.options().temp_dir,
                                 .threads = run.threads()});
    auto visited = run.visit([&] { return ranking.visitor(); }, [](ConversationVisitor&) {});
    if (!visited) return visited;

    const std::vector<PairColumn> columns = columns_for(run.output().kind, run.options().dedup);
    ResultTable table;
    for (const PairColumn& each : columns) table.columns.push_back(each.column);
    add_notes(table, ranking.totals(), limit, run.conversations());
    run.say_without_table(table.notes);
    return write_rows(
        run.reading(), std::move(table), std::min(limit, ranking.totals().conversations),
        [&](const TakeRow& take) {
          return ranking.visit([&](const Conversation& conversation) {
            std::vector<Cell> row;
            row.reserve(columns.size());
            for (const PairColumn& each : columns) {
              row.push_back(each.make(conversation, run.conversations().interfaces()));
            }
            return take(std::move(row));
          });
        });
  }

 private:
  std::optional<Measure> asked_;
  std::uint64_t ranking_bytes_ = 0;
};

}  // namespace

int run_pairs(const Options& options) {
  const auto asked = parse_measure(options);
  if (!asked) return fail(asked.error());
  PairsVerb verb(*asked);
  return run_conversations(options, {.verb = "pairs"}, verb);
}

}  // namespace weir::cli
