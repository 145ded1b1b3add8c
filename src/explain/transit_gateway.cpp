// SPDX-License-Identifier: Apache-2.0
// explain: what only Transit Gateway flow logs tell.
//
// Source: Amazon VPC Transit Gateways guide, "Transit Gateway Flow Logs"
// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html).
#include <fmt/format.h>

#include <vector>

#include "base/number_words.hpp"
#include "explain/clauses.hpp"
#include "explain/words.hpp"

namespace weir::explain {
namespace {

/// ` from vpc-1 (account 1)`.
std::string side_words(const RecordView& record, std::string_view preposition, FieldId vpc_field,
                       FieldId account_field) {
  const auto vpc = record.text(vpc_field);
  const auto account = record.text(account_field);
  if (!vpc && !account) return {};
  if (!vpc) return fmt::format(" {} account {}", preposition, quotable(*account));
  if (!account) return fmt::format(" {} {}", preposition, quotable(*vpc));
  return fmt::format(" {} {} (account {})", preposition, quotable(*vpc), quotable(*account));
}

std::string attachment_words(const RecordView& record) {
  const auto here = record.text(FieldId::tgw_attachment_id);
  const auto pair = record.text(FieldId::tgw_pair_attachment_id);
  const std::string parts[] = {here ? "attachment " + quotable(*here) : std::string(),
                               pair ? "paired attachment " + quotable(*pair) : std::string()};
  return joined(parts, ", ");
}

struct Loss {
  FieldId id;
  std::string_view words;
};

constexpr Loss kLosses[] = {
    {FieldId::packets_lost_no_route, "for lack of a route"},
    {FieldId::packets_lost_blackhole, "to a blackhole route"},
    {FieldId::packets_lost_mtu_exceeded, "larger than the MTU"},
    {FieldId::packets_lost_ttl_expired, "whose time to live ran out"},
};

}  // namespace

std::string transit_sentence(const RecordView& record) {
  const std::string from =
      side_words(record, "from", FieldId::tgw_src_vpc_id, FieldId::tgw_src_vpc_account_id);
  const std::string to =
      side_words(record, "to", FieldId::tgw_dst_vpc_id, FieldId::tgw_dst_vpc_account_id);
  const std::string attachments = attachment_words(record);
  if (from.empty() && to.empty()) {
    return attachments.empty() ? attachments : fmt::format("It used {}.", attachments);
  }
  return fmt::format("It {}{}{}{}.", to.empty() ? "comes" : "goes", from, to,
                     attachments.empty() ? "" : fmt::format(" ({})", attachments));
}

std::string lost_packets_sentence(const RecordView& record) {
  std::vector<std::string> parts;
  for (const Loss& loss : kLosses) {
    const std::uint64_t count = record.number(loss.id).value_or(0);
    if (count != 0)
      parts.push_back(fmt::format("{} {}", base::counted(count, "packet"), loss.words));
  }
  return parts.empty() ? std::string() : fmt::format("The Transit Gateway lost {}.", listed(parts));
}

}  // namespace weir::explain
