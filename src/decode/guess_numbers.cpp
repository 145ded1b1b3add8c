// SPDX-License-Identifier: Apache-2.0
// decode: which columns of small numbers are ports, protocol, counts and codes. Every way to give
// the columns fields is tried, and judged by what numbers of one line have to do with each other:
// a packet has 20 bytes of header at least, ICMP has no ports, only TCP has flags.
#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "decode/guess_columns.hpp"

namespace weir::decode {
namespace {

using enum FieldId;

constexpr FieldId kNumberFields[] = {srcport, dstport,   protocol,     FieldId::packets,
                                     bytes,   tcp_flags, traffic_path, encryption_status};
/// More columns than that are not tried: the ways to give them fields grow too fast.
constexpr std::size_t kMostColumns = std::size(kNumberFields);
/// What the order of the columns weighs, beside what the numbers say.
constexpr double kOrderWeight = 0.15;
/// Columns of rubbish fit everything: then the first ways count.
constexpr std::size_t kMostTried = 100'000;
constexpr double kUnassigned = -3;
/// Fewer lines prove little.
constexpr std::size_t kEnoughNumbers = 16;

bool is_usual_protocol(std::uint64_t number) {
  constexpr std::uint64_t kUsual[] = {1, 2, 4, 6, 17, 41, 47, 50, 51, 58, 89, 132};
  return std::find(std::begin(kUsual), std::end(kUsual), number) != std::end(kUsual);
}

/// AWS VPC User Guide, "Flow log records": FIN, SYN and RST, and ACK only together with SYN.
bool is_usual_flags(std::uint64_t number) {
  return number <= 7 || (number >= 18 && number <= 23 && (number & 2) != 0);
}

/// Counts of lines for and against.
struct Tally {
  std::size_t held = 0;
  std::size_t all = 0;
  void add(bool holds) {
    ++all;
    held += holds ? 1U : 0U;
  }
  /// 0 where nothing speaks for or against.
  double score(double weight) const {
    if (all == 0) return 0;
    return weight * (2 * static_cast<double>(held) / static_cast<double>(all) - 1);
  }
};

class NumberSearch {
 public:
  explicit NumberSearch(GuessTable& table) : table_(table) {
    for (GuessColumn& column : table.columns) {
      if (!column.is_open() || column.told == 0 || columns_.size() == kMostColumns) continue;
      if (std::none_of(std::begin(kNumberFields), std::end(kNumberFields),
                       [&](FieldId id) { return column.may_be(id); })) {
        continue;
      }
      columns_.push_back(&column);
      auto& numbers = numbers_.emplace_back();
      for (const std::string_view token : column.tokens) numbers.push_back(guess_number(token));
    }
    direction_ = table.find(flow_direction);
    if (const GuessColumn* column = table.find(version)) {
      newest_ = *guess_number(column->tokens.front());
    }
  }

  void decide() {
    if (columns_.empty()) return;
    for (std::size_t i = 0; i < columns_.size(); ++i) fields_.push_back(fields_of(i));
    chosen_.assign(columns_.size(), unknown);
    try_column(0, 0);
    settle();
  }

 private:
  /// Fields that are worth trying: most numbers are protocols and flags that are in use.
  std::vector<FieldId> fields_of(std::size_t column) const {
    std::vector<FieldId> fields;
    for (const FieldId id : kNumberFields) {
      if (!columns_[column]->may_be(id)) continue;
      Tally usual;
      for (const auto& number : numbers_[column]) {
        if (!number) continue;
        usual.add(id == protocol    ? is_usual_protocol(*number)
                  : id == tcp_flags ? is_usual_flags(*number)
                                    : true);
      }
      if (2 * usual.held > usual.all) fields.push_back(id);
    }
    return fields;
  }

  void try_column(std::size_t column, double score) {
    if (++tried_ > kMostTried) return;
    if (column == columns_.size()) {
      if (score + kOrderWeight <= best_score_) return;
      const double with_order = score + kOrderWeight * order_of(chosen_);
      if (with_order <= best_score_) return;
      best_score_ = with_order;
      best_ = chosen_;
      return;
    }
    for (const FieldId id : fields_[column]) {
      if (std::find(chosen_.begin(), chosen_.begin() + static_cast<std::ptrdiff_t>(column), id) !=
          chosen_.begin() + static_cast<std::ptrdiff_t>(column)) {
        continue;
      }
      chosen_[column] = id;
      double with = score + alone(column, id);
      for (std::size_t before = 0; before < column; ++before) {
        if (chosen_[before] == unknown) continue;
        with += together(before, chosen_[before], column, id);
      }
      try_column(column + 1, with);
    }
    chosen_[column] = unknown;
    try_column(column + 1, score + kUnassigned);
  }

  /// What the values of a column say on their own.
  double alone(std::size_t column, FieldId id) {
    const auto [known, is_new] = alone_.try_emplace({column, id}, 0.0);
    if (!is_new) return known->second;
    Tally usual;
    std::set<std::uint64_t> different;
    for (const auto& number : numbers_[column]) {
      if (!number) continue;
      different.insert(*number);
      if (id == protocol) usual.add(is_usual_protocol(*number));
      if (id == tcp_flags) usual.add(is_usual_flags(*number));
    }
    const bool is_varied =
        different.size() > 3 || (!different.empty() && *different.rbegin() > 255);
    double score = usual.score(1.5);
    // What looks like the version is that of the newest field.
    if (field_info(id).version > newest_) score -= 2;
    if (id == srcport || id == dstport || id == FieldId::packets || id == bytes) {
      score += is_varied ? 0.5 : 0;
      score += id == srcport || id == dstport ? 0.1 : 0;
    }
    if (id == protocol || id == encryption_status) score += different.size() <= 8 ? 0.25 : -1;
    // Newer fields are rarer, where nothing else speaks.
    if (id == traffic_path) score -= 0.3;
    if (id == encryption_status) score -= 0.6;
    if (id == traffic_path && direction_ != nullptr) {
      Tally egress;
      for (std::size_t line = 0; line < table_.lines; ++line) {
        if (numbers_[column][line]) egress.add(direction_->tokens[line] == "egress");
      }
      score += egress.score(2);
    } else if (id == tcp_flags || id == traffic_path) {
      // Ingress records have no path; nearly all records have flags.
      const bool has_gaps = columns_[column]->told * 10 < most_told() * 9;
      score += (id == traffic_path) == has_gaps ? 0.4 : -0.4;
    }
    return known->second = score;
  }

  std::size_t most_told() const {
    std::size_t most = 0;
    for (const GuessColumn* column : columns_) most = std::max(most, column->told);
    return most;
  }

  /// What two columns say about each other.
  double together(std::size_t a, FieldId first, std::size_t b, FieldId second) {
    const std::array<std::size_t, 4> key = {a, static_cast<std::size_t>(first), b,
                                            static_cast<std::size_t>(second)};
    const auto [known, is_new] = together_.try_emplace(key, 0.0);
    if (!is_new) return known->second;
    if (second == protocol || (second == FieldId::packets && first == bytes)) {
      std::swap(a, b);
      std::swap(first, second);
    }
    Tally tally;
    double weight = 0;
    for (std::size_t line = 0; line < table_.lines; ++line) {
      const auto one = numbers_[a][line];
      const auto other = numbers_[b][line];
      if (!one || !other) continue;
      if (first == protocol && (second == srcport || second == dstport)) {
        weight = 2;
        const bool has_ports = *one == 6 || *one == 17;
        if (has_ports || *one == 1 || *one == 58) tally.add(has_ports == (*other != 0));
      } else if (first == protocol && second == tcp_flags) {
        weight = 2;
        if (*one != 6) tally.add(*other == 0);
      } else if (first == FieldId::packets && second == bytes) {
        weight = codes_only(a) ? 1 : 3;
        // RFC 791 and RFC 8200: a header has 20 bytes or 40, and a packet 65,535 at most.
        tally.add(*other >= 20 * *one && (*other >> 16) <= *one);
      }
    }
    // Counts hold in every line or are none.
    if (first == FieldId::packets && tally.held * 20 < tally.all * 19) {
      return known->second = -weight;
    }
    return known->second = tally.score(weight);
  }

  std::set<std::uint64_t> different_of(std::size_t column) const {
    std::set<std::uint64_t> different;
    for (const auto& number : numbers_[column]) {
      if (number) different.insert(*number);
    }
    return different;
  }

  /// True if the numbers could as well be flags, paths or the like.
  bool codes_only(std::size_t column) const {
    const std::set<std::uint64_t> different = different_of(column);
    return different.size() <= 8 && (different.empty() || *different.rbegin() <= 63);
  }

  /// From -1 to 1: how many pairs stand in the order of the other columns, and how many do not.
  double order_of(const std::vector<FieldId>& fields) const {
    double order = 0;
    double pairs = 0;
    std::vector<FieldId> all;
    std::size_t next = 0;
    for (const GuessColumn& column : table_.columns) {
      const bool is_ours = next < columns_.size() && columns_[next] == &column;
      const FieldId id = is_ours ? fields[next++] : column.field;
      if (id == unknown) continue;
      for (const FieldId before : all) order += stands_before(before, id, table_.order) ? 1 : -1;
      pairs += static_cast<double>(all.size());
      all.push_back(id);
    }
    return pairs > 0 ? order / pairs : 0;
  }

  /// Flags tell the ends apart: SYN alone comes from the client, SYN-ACK from the server, and a
  /// server has the lower port, as a rule.
  Tally clients_are_sources(std::size_t source, std::size_t destination) const {
    Tally tally;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i]->field != tcp_flags) continue;  // settled before
      for (std::size_t line = 0; line < table_.lines; ++line) {
        const auto flags = numbers_[i][line];
        const auto from = numbers_[source][line];
        const auto to = numbers_[destination][line];
        if (!flags || !from || !to || (*flags & 2) == 0 || *from == *to) continue;
        tally.add(((*flags & 16) == 0) == (*from > *to));
      }
    }
    return tally;
  }

  const GuessColumn* chosen_for(FieldId id) const {
    const auto found = std::find(best_.begin(), best_.end(), id);
    return found == best_.end() ? nullptr
                                : columns_[static_cast<std::size_t>(found - best_.begin())];
  }

  /// True if the values prove more than that the field fits.
  bool is_likely(std::size_t column, FieldId id) const {
    if (columns_[column]->told < kEnoughNumbers) return false;
    const std::set<std::uint64_t> different = different_of(column);
    switch (id) {
      case protocol:
        // 17 and 58 are no flags, paths or states.
        return different.size() > 1 && different.contains(6) &&
               (different.contains(17) || different.contains(58)) &&
               std::all_of(different.begin(), different.end(), is_usual_protocol);
      case tcp_flags:
        return different.size() > 2 && *different.rbegin() >= 18 &&
               std::all_of(different.begin(), different.end(), is_usual_flags);
      case traffic_path:
        return direction_ != nullptr && only_egress(column);
      case FieldId::packets:
      case bytes:
        return chosen_for(FieldId::packets) != nullptr && chosen_for(bytes) != nullptr &&
               counts_hold();
      default:
        return false;
    }
  }

  bool only_egress(std::size_t column) const {
    bool has_ingress = false;
    for (std::size_t line = 0; line < table_.lines; ++line) {
      const bool is_egress = direction_->tokens[line] == "egress";
      if (numbers_[column][line] && !is_egress) return false;
      has_ingress |= direction_->tokens[line] == "ingress";
    }
    return has_ingress;
  }

  bool counts_hold() const {
    Tally tally;
    const auto place = [&](FieldId id) {
      return static_cast<std::size_t>(std::find(best_.begin(), best_.end(), id) - best_.begin());
    };
    const std::size_t few = place(FieldId::packets);
    const std::size_t many = place(bytes);
    if (codes_only(few)) return false;
    for (std::size_t line = 0; line < table_.lines; ++line) {
      const auto count = numbers_[few][line];
      const auto sum = numbers_[many][line];
      if (count && sum) tally.add(*count > 0 && *sum >= 20 * *count && (*sum >> 16) <= *count);
    }
    return tally.all >= kEnoughNumbers && tally.held * 50 >= tally.all * 49;
  }

  void settle() {
    std::set<FieldId> taken;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const FieldId id = best_[i];
      if (id == unknown || !is_likely(i, id)) continue;
      columns_[i]->become(id, GuessCertainty::likely, std::string(why(id)));
      taken.insert(id);
    }
    settle_ports(taken);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (best_[i] == unknown || !columns_[i]->is_open()) continue;
      std::vector<FieldId> others = columns_[i]->candidates;
      std::erase_if(others, [&](FieldId id) { return taken.contains(id); });
      columns_[i]->become(best_[i], GuessCertainty::possible, std::string(why(best_[i])),
                          std::move(others));
    }
  }

  static std::string_view why(FieldId id) {
    switch (id) {
      case protocol:
        return "protocol numbers, and ports are 0 where it is ICMP";
      case FieldId::packets:
        return "at most a twentieth of bytes in every line";
      case bytes:
        return "at least 20 times the packets of the line";
      case tcp_flags:
        return "sums of FIN, SYN, RST and SYN-ACK, 0 where it is not TCP";
      case traffic_path:
        return "1 to 8, and only egress records have it";
      case encryption_status:
        return "0 to 3";
      default:
        return "numbers up to 65535";
    }
  }

  /// Which port is whose, where the flags tell.
  void settle_ports(std::set<FieldId>& taken) {
    const auto place = [&](FieldId id) {
      return static_cast<std::size_t>(std::find(best_.begin(), best_.end(), id) - best_.begin());
    };
    std::size_t source = place(srcport);
    std::size_t destination = place(dstport);
    // Flags tell ports apart, and nothing else: all other numbers have to be accounted for.
    if (source == columns_.size() || destination == columns_.size() || codes_only(source) ||
        codes_only(destination) || !taken.contains(tcp_flags) || !taken.contains(protocol)) {
      return;
    }
    const Tally tally = clients_are_sources(source, destination);
    if (tally.all < kEnoughNumbers / 2) return;
    const double share = static_cast<double>(tally.held) / static_cast<double>(tally.all);
    if (share > 0.1 && share < 0.9) return;
    if (share <= 0.1) std::swap(source, destination);
    const std::string why = "ports; who sends SYN, in tcp-flags, has the higher one in srcport";
    columns_[source]->become(srcport, GuessCertainty::likely, why);
    columns_[destination]->become(dstport, GuessCertainty::likely, why);
    best_[source] = srcport;
    best_[destination] = dstport;
    taken.insert({srcport, dstport});
  }

  GuessTable& table_;
  std::vector<GuessColumn*> columns_;
  std::vector<std::vector<std::optional<std::uint64_t>>> numbers_;
  const GuessColumn* direction_ = nullptr;
  std::vector<std::vector<FieldId>> fields_;
  std::vector<FieldId> chosen_;
  std::vector<FieldId> best_;
  double best_score_ = -1e9;
  std::uint64_t newest_ = kNewestVersion;
  std::size_t tried_ = 0;
  std::map<std::pair<std::size_t, FieldId>, double> alone_;
  std::map<std::array<std::size_t, 4>, double> together_;
};

}  // namespace

void guess_numbers(GuessTable& table) { NumberSearch(table).decide(); }

}  // namespace weir::decode
