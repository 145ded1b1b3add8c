// SPDX-License-Identifier: Apache-2.0
// cli: groups of verdicts, in paragraphs for people and in rows for programs.
#include "cli/why_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/number_words.hpp"
#include "base/protocol.hpp"
#include "base/terminal_text.hpp"
#include "cli/sections.hpp"
#include "render/terminal_text.hpp"

namespace weir::cli {
namespace {

/// Answers beyond this are only counted: a person has stopped reading.
constexpr std::size_t kMostAnswers = 40;

Cell sum_cell(unsigned __int128 value) { return value; }
Cell optional_text(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

enum class Part : std::uint8_t {
  interface,
  peer,
  protocol,
  port,
  flows,
  packets,
  bytes,
  first,
  last
};

/// A column of a group, whoever reads it.
ResultColumn column_of(Part part) {
  switch (part) {
    case Part::interface:
      return {.name = "interface_id", .kind = CellKind::field, .field = FieldId::interface_id};
    case Part::peer:
      return {.name = "peer", .kind = CellKind::field, .field = FieldId::srcaddr};
    case Part::protocol:
      return {.name = "protocol", .kind = CellKind::field, .field = FieldId::protocol};
    case Part::port:
      return {.name = "port", .kind = CellKind::field, .field = FieldId::dstport};
    case Part::flows:
      return {.name = "flows", .kind = CellKind::count};
    case Part::packets:
      return {.name = "packets", .kind = CellKind::count};
    case Part::bytes:
      return {.name = "bytes", .kind = CellKind::byte_count};
    case Part::first:
      return {.name = "first", .kind = CellKind::time};
    case Part::last:
      break;
  }
  return {.name = "last", .kind = CellKind::time};
}

Cell cell_of(Part part, const VerdictGroup& row, const GroupedVerdicts& grouped) {
  const VerdictTotals& totals = row.totals;
  const bool has_service = grouped.level < VerdictGroupLevel::no_ports;
  switch (part) {
    case Part::interface:
      if (grouped.level >= VerdictGroupLevel::no_interfaces) return {};
      return optional_text(grouped.interfaces[row.interface].id);
    case Part::peer:
      return grouped.level < VerdictGroupLevel::no_peers ? Cell(row.peer) : Cell();
    case Part::protocol:
      return has_service ? sum_cell(row.protocol) : Cell();
    case Part::port:
      return has_service && base::has_services(row.protocol) ? sum_cell(row.port) : Cell();
    case Part::flows:
      return sum_cell(totals.flows);
    case Part::packets:
      return totals.has_packets ? sum_cell(totals.packets) : Cell();
    case Part::bytes:
      return totals.has_bytes ? sum_cell(totals.bytes) : Cell();
    case Part::first:
      return sum_cell(static_cast<std::uint64_t>(totals.first));
    case Part::last:
      break;
  }
  return sum_cell(static_cast<std::uint64_t>(totals.last));
}

/// Groups with one sentence.
struct GroupAnswer {
  std::string text;
  Verdict verdict;  // with the facts that all of them share
  VerdictTotals totals;
  std::vector<const VerdictGroup*> rows;
};

std::vector<GroupAnswer> gather(const GroupedVerdicts& grouped) {
  std::vector<GroupAnswer> answers;
  std::map<std::tuple<std::string, Cause, Certainty>, std::size_t> places;
  // A sentence takes longer to write than a row to add, and few stand for many rows.
  std::unordered_map<const Verdict*, std::size_t> known;
  for (const VerdictGroup& row : grouped.rows) {
    const Verdict& verdict = *row.verdict;
    const auto [found, is_first] = known.try_emplace(row.verdict);
    if (is_first) {
      std::string text = verdict_text(verdict, grouped.network);
      const auto [place, is_new] =
          places.try_emplace({text, verdict.cause, verdict.certainty}, answers.size());
      if (is_new) {
        answers.push_back({.text = std::move(text), .verdict = verdict, .totals = {}, .rows = {}});
      }
      found->second = place->second;
      Facts& because = answers[place->second].verdict.because;
      because = because.shared_with(verdict.because);
    }
    GroupAnswer& answer = answers[found->second];
    answer.totals.add(row.totals);
    answer.rows.push_back(&row);
  }
  std::stable_sort(answers.begin(), answers.end(), [](const GroupAnswer& a, const GroupAnswer& b) {
    const bool a_rejects = a.verdict.logged == Action::reject;
    const bool b_rejects = b.verdict.logged == Action::reject;
    return a_rejects != b_rejects ? a_rejects : a.totals.flows > b.totals.flows;
  });
  return answers;
}

class AnswerWriter {
 public:
  AnswerWriter(const GroupedVerdicts& grouped, std::uint64_t limit, bool verbose,
               const Output& output)
      : grouped_(grouped), limit_(limit), verbose_(verbose), output_(output) {}

  Result<void> write(const GroupAnswer& answer) {
    const bool one_interface = has_one_interface(answer);
    std::string out = is_first_ ? "" : "\n";
    is_first_ = false;
    render::append_painted(out, heading(answer, one_interface), render::Paint::title,
                           output_.style.color);
    out += '\n';
    append_sentence(out, answer.text, 2, output_.style);
    if (verbose_) {
      for (const std::string& fact : because_texts(answer.verdict, grouped_.network)) {
        append_sentence(out, "- " + fact, 4, output_.style);
      }
    }
    if (Result<void> done = output_.sink->write(out); !done) return done;
    return write_table(answer, one_interface);
  }

 private:
  std::size_t width() const { return std::max<std::size_t>(output_.style.width, 24); }

  bool has_one_interface(const GroupAnswer& answer) const {
    return grouped_.level >= VerdictGroupLevel::no_interfaces ||
           std::all_of(answer.rows.begin(), answer.rows.end(), [&](const VerdictGroup* row) {
             return row->interface == answer.rows.front()->interface;
           });
  }

  std::string heading(const GroupAnswer& answer, bool one_interface) const {
    std::string text = fmt::format("{}: {}", cause_words(answer.verdict),
                                   base::counted(answer.totals.flows, "flow"));
    if (answer.totals.has_bytes) text += ", " + human_bytes(answer.totals.bytes);
    if (one_interface && grouped_.level < VerdictGroupLevel::no_interfaces) {
      const std::string& id = grouped_.interfaces[answer.rows.front()->interface].id;
      if (!id.empty()) text += " at " + base::printable(id, output_.style.unicode);
    }
    return text;
  }

  Result<void> write_table(const GroupAnswer& answer, bool one_interface) {
    if (grouped_.level >= VerdictGroupLevel::no_interfaces) return {};
    const std::size_t shown =
        static_cast<std::size_t>(std::min<std::uint64_t>(limit_, answer.rows.size()));
    Style style = output_.style;
    style.width = width() - 4;
    std::string table;
    for (const std::vector<Part>& parts : layouts(one_interface)) {
      const ResultTable rows = table_of(answer, shown, parts);
      Style wide = style;
      wide.width = 10'000;
      wide.color = false;
      auto natural = rendered(rows, wide);
      if (!natural) return Unexpected(std::move(natural.error()));
      const bool fits = widest_line(*natural) <= style.width;
      if (!fits && &parts != &layouts(one_interface).back()) continue;
      auto fitted = rendered(rows, style);
      if (!fitted) return Unexpected(std::move(fitted.error()));
      table = *std::move(fitted);
      break;
    }
    std::string out = "\n";
    for (std::size_t at = 0; at < table.size();) {
      const std::size_t end = std::min(table.find('\n', at), table.size());
      out += "    " + table.substr(at, end - at) + '\n';
      at = end + 1;
    }
    if (shown < answer.rows.size()) {
      render::append_painted(out,
                             fmt::format("    {} of {} groups; -n 0 shows all\n", shown,
                                         with_thousands(answer.rows.size())),
                             render::Paint::faint, output_.style.color);
    }
    return output_.sink->write(out);
  }

  /// What a table shows, from the widest layout to the narrowest.
  const std::vector<std::vector<Part>>& layouts(bool one_interface) const {
    using enum Part;
    static const std::vector<std::vector<Part>> kWithInterface = {
        {interface, peer, protocol, port, flows, packets, bytes, first, last},
        {interface, peer, protocol, port, flows, bytes, first, last},
        {interface, peer, protocol, port, flows, bytes, last},
        {interface, peer, protocol, port, flows, bytes},
        {interface, peer, protocol, port, flows},
    };
    static const std::vector<std::vector<Part>> kWithout = {
        {peer, protocol, port, flows, packets, bytes, first, last},
        {peer, protocol, port, flows, bytes, first, last},
        {peer, protocol, port, flows, bytes, last},
        {peer, protocol, port, flows, last},
        {peer, protocol, port, flows},
    };
    return one_interface ? kWithout : kWithInterface;
  }

  bool is_told(Part part) const {
    if (part == Part::peer) return grouped_.level < VerdictGroupLevel::no_peers;
    if (part == Part::protocol || part == Part::port)
      return grouped_.level < VerdictGroupLevel::no_ports;
    return true;
  }

  ResultTable table_of(const GroupAnswer& answer, std::size_t shown,
                       const std::vector<Part>& parts) const {
    ResultTable table;
    for (const Part part : parts) {
      if (is_told(part)) table.columns.push_back(column_of(part));
    }
    for (std::size_t i = 0; i < shown; ++i) {
      std::vector<Cell>& row = table.rows.emplace_back();
      for (const Part part : parts) {
        if (is_told(part)) row.push_back(cell_of(part, *answer.rows[i], grouped_));
      }
    }
    return table;
  }

  /// A table without the notes under it.
  static Result<std::string> rendered(const ResultTable& table, const Style& style) {
    StringSink sink;
    auto done = write_result(table, OutputKind::table, sink, style);
    if (!done) return Unexpected(std::move(done.error()));
    const std::size_t notes = sink.text().find("\n\n");
    return sink.text().substr(0, notes == std::string::npos ? notes : notes + 1);
  }

  static std::size_t widest_line(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      widest = std::max(widest, display_width(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return widest;
  }

  const GroupedVerdicts& grouped_;
  std::uint64_t limit_;
  bool verbose_;
  const Output& output_;
  bool is_first_ = true;
};

}  // namespace

std::string cause_words(const Verdict& verdict) {
  if (verdict.cause == Cause::unknown && verdict.certainty == Certainty::possible) {
    return "Cause unclear";
  }
  return fmt::format("{}, {}", cause_name(verdict.cause), certainty_name(verdict.certainty));
}

Result<void> write_answers(const GroupedVerdicts& grouped, std::uint64_t limit, bool verbose,
                           const std::vector<std::string>& notes, const Output& output) {
  const std::vector<GroupAnswer> answers = gather(grouped);
  const std::size_t shown =
      limit == ~std::uint64_t{0} ? answers.size() : std::min(answers.size(), kMostAnswers);
  AnswerWriter writer(grouped, limit, verbose, output);
  for (std::size_t i = 0; i < shown; ++i) {
    if (Result<void> done = writer.write(answers[i]); !done) return done;
  }
  std::string below;
  if (shown < answers.size()) {
    std::uint64_t flows = 0;
    for (std::size_t i = shown; i < answers.size(); ++i) flows += answers[i].totals.flows;
    below = fmt::format("{} of {} answers; {} have others, which -n 0 shows\n", shown,
                        with_thousands(answers.size()), base::counted(flows, "flow"));
  }
  for (const std::string& note : notes) {
    below += render::wrap_text(base::printable(note, output.style.unicode), output.style.width, 0) +
             '\n';
  }
  if (!below.empty() && !answers.empty()) below.insert(below.begin(), '\n');
  return output.sink->write(below);
}

Result<void> write_groups(const GroupedVerdicts& grouped, std::uint64_t limit,
                          const Output& output) {
  using enum Part;
  constexpr Part kParts[] = {interface, peer, protocol, port, flows, packets, bytes, first, last};
  std::vector<ResultColumn> columns = {{.name = "verdict"},
                                       {.name = "cause"},
                                       {.name = "side"},
                                       {.name = "certainty"},
                                       {.name = "rule"}};
  for (const Part part : kParts) columns.push_back(column_of(part));
  columns.push_back({.name = "text"});
  auto writer = ResultWriter::create(std::move(columns), output.kind, *output.sink,
                                     output.style.machine_zone());
  if (!writer) return Unexpected(std::move(writer.error()));
  for (std::size_t i = 0; i < grouped.rows.size() && i < limit; ++i) {
    const VerdictGroup& row = grouped.rows[i];
    const Verdict& verdict = *row.verdict;
    const auto rule = deciding_rule(verdict, grouped.network);
    std::vector<Cell> cells = {
        std::string(verdict.logged == Action::accept ? "ACCEPT" : "REJECT"),
        std::string(cause_name(verdict.cause)),
        verdict.side == Side::unknown ? Cell() : Cell(std::string(side_name(verdict.side))),
        std::string(certainty_name(verdict.certainty)), rule ? Cell(to_string(*rule)) : Cell()};
    for (const Part part : kParts) cells.push_back(cell_of(part, row, grouped));
    cells.emplace_back(verdict_text(verdict, grouped.network));
    if (Result<void> done = (*writer)->write(cells); !done) return done;
  }
  return (*writer)->finish();
}

}  // namespace weir::cli
