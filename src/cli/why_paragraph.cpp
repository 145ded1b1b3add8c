// SPDX-License-Identifier: Apache-2.0
// cli: a record, its verdict and the trace behind it -> lines for a person.
#include "cli/why_paragraph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/terminal_text.hpp"
#include "render/terminal_text.hpp"
#include "weir/names.hpp"

namespace weir::cli {
namespace {

constexpr std::size_t kLeastWidth = 24;

/// The values of one row that the lines name.
class RowValues {
 public:
  RowValues(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}

  std::optional<std::uint64_t> number(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::nullopt : std::optional(column->numbers[row_]);
  }
  std::optional<Ip> address(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::nullopt : std::optional(column->addresses[row_]);
  }
  std::string_view text(FieldId id) const {
    const Column* const column = known(id);
    return column == nullptr ? std::string_view() : column->texts[row_];
  }

 private:
  const Column* known(FieldId id) const {
    const Column* const column = batch_.find(id);
    return column == nullptr || column->nulls.test(row_) ? nullptr : column;
  }

  const Batch& batch_;
  std::size_t row_;
};

std::string end_text(std::optional<Ip> address, std::optional<std::uint64_t> port,
                     std::uint64_t protocol) {
  if (!address) return "-";
  std::string text = to_string(*address);
  if (!port || (protocol != 6 && protocol != 17)) return text;
  return address->is_ipv4() ? fmt::format("{}:{}", text, *port)
                            : fmt::format("[{}]:{}", text, *port);
}

std::string record_line(const RowValues& values, const Style& style) {
  const std::uint64_t protocol = values.number(FieldId::protocol).value_or(0);
  std::string line;
  if (const auto start = values.number(FieldId::start)) {
    line += format_time(static_cast<std::int64_t>(*start), style.zone) + "  ";
  }
  line += fmt::format(
      "{} {} {}",
      end_text(values.address(FieldId::srcaddr), values.number(FieldId::srcport), protocol),
      style.unicode ? "\u2192" : "->",
      end_text(values.address(FieldId::dstaddr), values.number(FieldId::dstport), protocol));
  const std::string_view keyword = protocol_keyword(protocol);
  line += keyword.empty() ? fmt::format("  protocol {}", protocol) : fmt::format("  {}", keyword);
  return line;
}

/// What the rules were asked.
std::optional<Packet> packet_of(const RowValues& values, Side side) {
  const bool inbound = side == Side::inbound;
  auto peer = values.address(inbound ? FieldId::pkt_srcaddr : FieldId::pkt_dstaddr);
  if (!peer) peer = values.address(inbound ? FieldId::srcaddr : FieldId::dstaddr);
  if (!peer || side == Side::unknown) return std::nullopt;
  return Packet{
      .direction = inbound ? RuleDirection::ingress : RuleDirection::egress,
      .peer = *peer,
      .protocol = static_cast<std::uint8_t>(values.number(FieldId::protocol).value_or(0)),
      .source_port = static_cast<std::uint16_t>(values.number(FieldId::srcport).value_or(0)),
      .destination_port = static_cast<std::uint16_t>(values.number(FieldId::dstport).value_or(0))};
}

void append_steps(std::string& out, std::string_view title, const std::vector<TraceStep>& steps,
                  const Style& style) {
  if (steps.empty()) return;
  out += fmt::format("    {}\n", title);
  for (const TraceStep& step : steps) {
    const std::string_view matched = step.matched == Answer::yes  ? "matches"
                                     : step.matched == Answer::no ? "no"
                                                                  : "perhaps";
    std::string text = fmt::format("{}: {}", step.rule, matched);
    if (!step.reason.empty()) text += fmt::format(", {}", step.reason);
    append_sentence(out, text, 6, style);
  }
}

void append_trace(std::string& out, const RowValues& values, const Verdict& verdict,
                  const Evaluator& policy, const Style& style) {
  const std::uint32_t interface = policy.find_interface(values.text(FieldId::interface_id));
  const std::optional<Packet> packet = packet_of(values, verdict.side);
  if (interface == Evaluator::kUnknownInterface || !packet) return;
  const Trace trace = policy.trace(interface, *packet);
  const bool inbound = verdict.side == Side::inbound;
  if (inbound) append_steps(out, "network ACL:", trace.acl, style);
  append_steps(out,
               verdict.because.has(Fact::groups_are_stateful)
                   ? "security groups, if it opened a connection:"
                   : "security groups:",
               trace.groups, style);
  if (!inbound) append_steps(out, "network ACL:", trace.acl, style);
}

}  // namespace

void append_sentence(std::string& out, std::string_view text, std::size_t indent,
                     const Style& style) {
  const std::size_t width = std::max(style.width, kLeastWidth + indent) - indent;
  const std::string lines = render::wrap_text(base::printable(text, style.unicode), width, 0);
  std::size_t at = 0;
  out.append(indent, ' ');
  if (lines.starts_with("REJECT:") || lines.starts_with("ACCEPT:")) {
    at = lines.find(':');
    render::append_painted(out, lines.substr(0, at),
                           lines.front() == 'R' ? render::Paint::rejected : render::Paint::accepted,
                           style.color);
  }
  for (; at < lines.size(); ++at) {
    out += lines[at];
    if (lines[at] == '\n') out.append(indent, ' ');
  }
  out += '\n';
}

std::string verdict_paragraph(const Batch& batch, std::size_t row, const Verdict& verdict,
                              const Evaluator* policy, const Style& style, bool verbose) {
  const RowValues values(batch, row);
  const Network* const network = policy == nullptr ? nullptr : &policy->network();
  std::string out;
  render::append_painted(out, record_line(values, style), render::Paint::title, style.color);
  const std::string_view id = values.text(FieldId::interface_id);
  out +=
      fmt::format("\n  {}, {}{}{}\n", cause_name(verdict.cause), certainty_name(verdict.certainty),
                  id.empty() ? "" : ", at ", base::printable(id, style.unicode));
  append_sentence(out, verdict_text(verdict, network), 2, style);
  if (!verbose) return out;
  for (const std::string& fact : because_texts(verdict, network)) {
    append_sentence(out, "- " + fact, 4, style);
  }
  if (policy != nullptr) append_trace(out, values, verdict, *policy, style);
  return out;
}

}  // namespace weir::cli
