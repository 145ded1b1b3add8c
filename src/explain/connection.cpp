// SPDX-License-Identifier: Apache-2.0
// explain: what the TCP flags of a window prove about the connection.
//
// AWS ORs the flags of all packets of the window and records FIN, SYN, RST and SYN-ACK; a record of
// the middle of a connection has 0 (AWS VPC User Guide, "Flow log records", tcp-flags).
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/protocol.hpp"
#include "explain/clauses.hpp"
#include "explain/words.hpp"
#include "weir/names.hpp"

namespace weir::explain {
namespace {

bool has(std::uint64_t flags, std::uint64_t bits) { return (flags & bits) == bits; }

/// `SYN-ACK, FIN`.
std::string flag_list(std::uint64_t flags) {
  std::string text = tcp_flags_text(flags);
  for (std::size_t at = 0; (at = text.find('+', at)) != std::string::npos; ++at) {
    text.replace(at, 1, ", ");
  }
  return text;
}

// pkt-srcaddr is the sender itself; srcaddr may be an intermediate's interface.
std::string sender_words(const RecordView& record) {
  const auto own = record.address(FieldId::pkt_srcaddr);
  const auto source = own ? own : record.address(FieldId::srcaddr);
  return source ? to_string(*source) : "The source";
}

std::string rejected_sentence(const RecordView& record, std::uint64_t flags) {
  if (has(flags, base::kSyn)) {
    const char* const attempt =
        has(flags, base::kAck) ? "answer a connection request" : "open a connection";
    return fmt::format("{} tried to {} ({}).", sender_words(record), attempt, flag_list(flags));
  }
  if (!has(flags, base::kFin) && !has(flags, base::kRst)) {
    return "The rejected packets carried no SYN, FIN or RST.";
  }
  return fmt::format("The rejected packets carried {} but no SYN.",
                     has(flags, base::kFin | base::kRst) ? "FIN and RST"
                     : has(flags, base::kFin)            ? "FIN"
                                                         : "RST");
}

std::string middle_sentence(std::uint64_t flags) {
  const std::string only = flags == 0 ? "" : fmt::format(", only {}", flag_list(flags));
  return fmt::format("No SYN, FIN or RST was seen in this window{}: the middle of a connection.",
                     only);
}

}  // namespace

std::string connection_sentence(const RecordView& record) {
  const auto logged = record.number(FieldId::tcp_flags);
  if (!logged || *logged > 255 || !is_tcp(record)) return {};
  const std::uint64_t flags = *logged;
  if (record.text(FieldId::action) == "REJECT") return rejected_sentence(record, flags);

  std::vector<std::string> deeds;
  if (has(flags, base::kSyn)) {
    deeds.emplace_back(has(flags, base::kAck) ? "answered the connection request"
                                              : "opened the connection");
  }
  if (has(flags, base::kFin)) {
    deeds.emplace_back(deeds.empty() ? "closed its side of the connection" : "closed its side");
  }
  if (has(flags, base::kRst))
    deeds.emplace_back(deeds.empty() ? "reset the connection" : "reset it");
  if (deeds.empty()) return middle_sentence(flags);

  const bool opening_unseen = !has(flags, base::kSyn) && has(flags, base::kFin);
  // A closed port answers a SYN with RST; so does a host that gives up later.
  const bool possibly_refused = !has(flags, base::kSyn) && !has(flags, base::kFin);
  return fmt::format("{} {} ({}){}.", sender_words(record), listed(deeds), flag_list(flags),
                     opening_unseen     ? "; its opening was not seen in this window"
                     : possibly_refused ? ", possibly refusing it"
                                        : "");
}

}  // namespace weir::explain
