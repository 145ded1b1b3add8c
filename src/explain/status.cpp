// SPDX-License-Identifier: Apache-2.0
// explain: what AWS says about the traffic (action) and about the record (log-status).
//
// Source: AWS VPC User Guide, "Flow log records"
// (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html).
#include <fmt/format.h>

#include <algorithm>

#include "base/protocol.hpp"
#include "explain/clauses.hpp"
#include "explain/words.hpp"

namespace weir::explain {
namespace {

bool describes_traffic(const RecordView& record) {
  constexpr FieldId kNumbers[] = {FieldId::srcport, FieldId::dstport, FieldId::protocol,
                                  FieldId::packets, FieldId::bytes,   FieldId::tcp_flags};
  return record.text(FieldId::action) || record.address(FieldId::srcaddr) ||
         record.address(FieldId::dstaddr) || record.address(FieldId::pkt_srcaddr) ||
         record.address(FieldId::pkt_dstaddr) ||
         std::ranges::any_of(kNumbers, [&](FieldId id) { return record.number(id).has_value(); });
}

std::string rejecter_words(const RecordView& record) {
  const auto reason = record.text(FieldId::reject_reason);
  if (!reason) return {};
  if (*reason == "BPA") return " by VPC Block Public Access";
  if (*reason == "EC") return " by VPC Encryption Controls at a VPC endpoint";
  return fmt::format(" for a reason that weir does not know ({})", quotable(*reason));
}

}  // namespace

std::string verdict_words(const RecordView& record) {
  const auto action = record.text(FieldId::action);
  if (!action) return " was recorded";
  if (*action == "ACCEPT") return " was accepted";
  if (*action == "REJECT") return " was rejected" + rejecter_words(record);
  return fmt::format(" was recorded with an action that AWS does not document ({})",
                     quotable(*action));
}

std::string reject_sentence(const RecordView& record) {
  if (record.text(FieldId::action) != "REJECT" || record.text(FieldId::reject_reason)) return {};
  const std::string rule = "Flow logs do not say which rule rejected it";
  // A late packet belongs to a connection: TCP only, and a SYN is never late.
  const auto protocol = record.number(FieldId::protocol);
  const bool may_be_late = (!protocol || is_tcp(record)) &&
                           (record.number(FieldId::tcp_flags).value_or(0) & base::kSyn) == 0;
  if (!may_be_late) return rule + ".";
  return rule + "; the packets may also have arrived after their connection was closed.";
}

std::string no_traffic_sentence(const RecordView& record, const TimeZone& zone) {
  const auto status = record.text(FieldId::log_status);
  if (!status || describes_traffic(record)) return {};
  const std::string window =
      window_words(record.number(FieldId::start), record.number(FieldId::end), zone);
  if (*status == "NODATA") {
    return fmt::format("No traffic was seen{}{} (NODATA).", place_words(record, "on"), window);
  }
  if (*status == "SKIPDATA") {
    return fmt::format(
        "AWS dropped flow log records{}{}, for lack of internal capacity or because of an error "
        "(SKIPDATA). It does not log how many, so totals of this window are lower bounds.",
        place_words(record, "for"), window);
  }
  return {};
}

std::string status_sentence(const RecordView& record) {
  const auto status = record.text(FieldId::log_status);
  if (!status || *status == "OK") return {};
  if (*status == "NODATA" || *status == "SKIPDATA") {
    return fmt::format(
        "Its log status is {} although it describes traffic: AWS documents no such "
        "record.",
        *status);
  }
  return fmt::format("Its log status {} is not one that AWS documents.", quotable(*status));
}

}  // namespace weir::explain
