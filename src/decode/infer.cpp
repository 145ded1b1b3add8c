// SPDX-License-Identifier: Apache-2.0
// decode: inference by token types. Counting fields is not enough: the console's "select all" gives
// the same fields in alphabetical order (observed: flowlogs-reader v5).
#include "decode/infer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "decode/tokens.hpp"
#include "weir/ip.hpp"

namespace weir::decode {
namespace {

bool is_number(std::string_view token, std::size_t fewest_digits, std::size_t most_digits) {
  return token.size() >= fewest_digits && token.size() <= most_digits &&
         std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// True if `token` is one of the blank-separated words.
bool is_word_of(std::string_view token, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == token) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

bool is_made_of(std::string_view token, bool (*allowed)(char)) {
  return !token.empty() && std::all_of(token.begin(), token.end(), allowed);
}

bool is_small_letter_digit_or_hyphen(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_capital_digit_or_underscore(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// `us-east-1`, `us-gov-west-1`: words joined by hyphens, a digit at the end.
bool is_region(std::string_view token) {
  return is_made_of(token, is_small_letter_digit_or_hyphen) && token.back() >= '0' &&
         token.back() <= '9' && std::count(token.begin(), token.end(), '-') >= 2;
}

/// `use1-az1`, and with more parts in Local and Wavelength Zones.
bool is_zone_id(std::string_view token) {
  return is_made_of(token, is_small_letter_digit_or_hyphen) && token.find("-az") != token.npos;
}

bool is_account(std::string_view token) { return token == "unknown" || is_number(token, 12, 12); }

constexpr double kGoodFit = 0.9;
/// Of formats so short that there is little to tell them by.
constexpr double kGoodFitOfFew = 0.97;
constexpr std::size_t kFewFields = 14;
constexpr double kClearLead = 0.05;
/// The same in the columns alone that two formats read differently.
constexpr double kClearLeadWhereTheyDiffer = 0.25;
/// One line may be odd.
constexpr std::uint64_t kFewestContradictions = 3;

struct Fit {
  const NamedFormat* format = nullptr;
  std::vector<FieldId> columns;        ///< field of each token; unknown if none or a new one
  std::vector<std::uint64_t> fitting;  ///< by column, of the telling ones
  std::uint64_t all_fitting = 0;
  std::uint64_t with_counts = 0;    ///< lines that have packets and bytes
  std::uint64_t too_few_bytes = 0;  ///< of these: fewer bytes than packets
  std::uint64_t with_times = 0;     ///< lines that have start and end
  std::uint64_t ends_early = 0;     ///< of these: the end stands before the start
};

/// What was seen in the lines, whatever the format.
struct Sample {
  std::vector<std::uint64_t> telling;  ///< tokens other than `-`, by column
  std::uint64_t all_telling = 0;
  std::size_t lines = 0;

  /// Without any telling token everything fits.
  double share(const Fit& fit) const {
    return all_telling == 0
               ? 1
               : static_cast<double>(fit.all_fitting) / static_cast<double>(all_telling);
  }
};

std::vector<FieldId> columns_of(const Format& format) {
  std::vector<FieldId> columns(format.tokens(), FieldId::unknown);
  for (std::size_t i = 0; i < format.size(); ++i) columns[format.place(i)] = format.fields()[i].id;
  return columns;
}

std::optional<std::uint64_t> number_of(const Fit& fit, FieldId id,
                                       std::span<const std::string_view> tokens) {
  const int index = fit.format->format->index_of(id);
  if (index < 0) return std::nullopt;
  const std::string_view token = tokens[fit.format->format->place(static_cast<std::size_t>(index))];
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (failure != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return number;
}

/// Counts what cannot be: a packet has bytes, and a window ends after it has begun.
void look_for_contradictions(std::span<const std::string_view> tokens, Fit& fit) {
  const auto packets = number_of(fit, FieldId::packets, tokens);
  const auto bytes = number_of(fit, FieldId::bytes, tokens);
  if (packets && bytes) {
    ++fit.with_counts;
    if (*bytes < *packets) ++fit.too_few_bytes;
  }
  const auto start = number_of(fit, FieldId::start, tokens);
  const auto end = number_of(fit, FieldId::end, tokens);
  if (start && end) {
    ++fit.with_times;
    if (*end < *start) ++fit.ends_early;
  }
}

void weigh(std::span<const std::string_view> tokens, Sample& sample, std::vector<Fit>& fits) {
  ++sample.lines;
  for (std::size_t column = 0; column < tokens.size(); ++column) {
    if (tokens[column] == "-") continue;
    ++sample.telling[column];
    ++sample.all_telling;
    for (Fit& fit : fits) {
      const FieldId id = fit.columns[column];
      if (id != FieldId::unknown && !fits_field(tokens[column], id)) continue;
      ++fit.fitting[column];
      ++fit.all_fitting;
    }
  }
  for (Fit& fit : fits) look_for_contradictions(tokens, fit);
}

/// What two formats make of the columns that they read differently.
struct Dispute {
  std::vector<std::size_t> columns;
  std::uint64_t telling = 0;
  std::uint64_t first = 0;   ///< tokens that fit the first format there
  std::uint64_t second = 0;  ///< and the second

  bool first_is_clear() const {
    const auto share = [&](std::uint64_t fitting) {
      return static_cast<double>(fitting) / static_cast<double>(telling);
    };
    return telling > 0 && share(first) >= kGoodFit &&
           share(first) - share(second) >= kClearLeadWhereTheyDiffer;
  }
};

Dispute compare(const Sample& sample, const Fit& first, const Fit& second) {
  Dispute dispute;
  for (std::size_t column = 0; column < first.columns.size(); ++column) {
    if (first.columns[column] == second.columns[column]) continue;
    dispute.columns.push_back(column);
    dispute.telling += sample.telling[column];
    dispute.first += first.fitting[column];
    dispute.second += second.fitting[column];
  }
  return dispute;
}

std::string describe_evidence(const Sample& sample, const Fit& best, const Fit* next) {
  const char* const plural = sample.lines == 1 ? "" : "s";
  std::string text =
      best.all_fitting < sample.all_telling
          ? fmt::format("{} of {} values in {} sampled line{} match", best.all_fitting,
                        sample.all_telling, sample.lines, plural)
          : fmt::format("{} sampled line{} match{}",
                        sample.lines == 1 ? "the" : fmt::format("all {}", sample.lines), plural,
                        sample.lines == 1 ? "es" : "");
  if (next != nullptr) {
    text += fmt::format("; next best: {}, {} of {} values", next->format->name, next->all_fitting,
                        sample.all_telling);
  }
  return text;
}

/// Why a format does not hold although the tokens fit; empty if it does.
std::string contradiction_of(const Fit& fit) {
  const auto mostly = [](std::uint64_t some, std::uint64_t all) {
    return some >= kFewestContradictions && 2 * some > all;
  };
  if (mostly(fit.too_few_bytes, fit.with_counts)) {
    return fmt::format("read as {}, {} of {} lines have fewer bytes than packets", fit.format->name,
                       fit.too_few_bytes, fit.with_counts);
  }
  if (mostly(fit.ends_early, fit.with_times)) {
    return fmt::format("read as {}, {} of {} lines end before they start", fit.format->name,
                       fit.ends_early, fit.with_times);
  }
  return {};
}

/// The best format with the columns that nobody can tell as texts of their own.
FormatPtr without_columns(const Format& format, const std::set<std::size_t>& untold) {
  std::vector<std::string> names(format.tokens());
  for (std::size_t i = 0; i < format.size(); ++i) names[format.place(i)] = format.fields()[i].name;
  for (const std::size_t column : untold) names[column] = fmt::format("column-{}", column + 1);
  const std::vector<std::string_view> views(names.begin(), names.end());
  Result<Format> rest = Format::from_columns(views);
  return rest ? std::make_shared<Format>(*std::move(rest)) : nullptr;
}

std::vector<Fit> candidates_with(std::size_t field_count, std::span<const NamedFormat> candidates) {
  std::vector<Fit> fits;
  for (const NamedFormat& candidate : candidates) {
    if (candidate.format->tokens() != field_count) continue;
    fits.push_back({.format = &candidate,
                    .columns = columns_of(*candidate.format),
                    .fitting = std::vector<std::uint64_t>(field_count)});
  }
  return fits;
}

/// Decides between the best and those that come near it.
void decide(const Sample& sample, const std::vector<Fit>& fits, Inference& inference) {
  const Fit& best = fits.front();
  std::set<std::size_t> untold;
  std::vector<std::string> rivals;
  bool is_ambiguous = false;
  for (const Fit& fit : std::span(fits).subspan(1)) {
    if (sample.share(best) - sample.share(fit) >= kClearLead) break;
    const Dispute dispute = compare(sample, best, fit);
    if (dispute.first_is_clear()) continue;
    rivals.push_back(fit.format->name);
    untold.insert(dispute.columns.begin(), dispute.columns.end());
    // Formats whose every told column is disputed have nothing in common.
    is_ambiguous |= dispute.telling > 0 || sample.all_telling == 0;
  }
  if (is_ambiguous) {
    inference.candidates.push_back(best.format->name);
    inference.candidates.insert(inference.candidates.end(), rivals.begin(), rivals.end());
    return;
  }
  inference.format =
      untold.empty() ? best.format->format : without_columns(*best.format->format, untold);
  if (untold.empty()) return;
  std::vector<std::size_t> numbers;
  numbers.reserve(untold.size());
  for (const std::size_t column : untold) numbers.push_back(column + 1);
  inference.evidence += fmt::format(
      "; columns {} hold nothing but - in the sample and stay text: {} would name them differently",
      fmt::join(numbers, ", "), fmt::join(rivals, ", "));
}

}  // namespace

bool fits_field(std::string_view token, FieldId id) {
  const FieldInfo& info = field_info(id);
  const ValueShape& shape = info.shape;
  switch (shape.kind) {
    case ValueShape::Kind::any:
      return true;
    case ValueShape::Kind::address:
      return parse_ip(token).has_value();
    case ValueShape::Kind::digits:
      return is_number(token, shape.fewest, shape.most);
    case ValueShape::Kind::one_of_values:
      return is_word_of(token, info.values);
    case ValueShape::Kind::begins_with:
      return token.starts_with(shape.prefix) &&
             (shape.other_prefix.empty() || !token.starts_with(shape.other_prefix));
    case ValueShape::Kind::arn:
      return token.starts_with("arn:") && token.find(shape.prefix) != token.npos;
    case ValueShape::Kind::no_arn:
      return !token.starts_with("arn:");
    case ValueShape::Kind::account:
      return is_account(token);
    case ValueShape::Kind::region:
      return is_region(token);
    case ValueShape::Kind::zone:
      return is_zone_id(token);
    case ValueShape::Kind::service:
      return is_made_of(token, is_capital_digit_or_underscore);
  }
  return true;
}

Inference infer_format(std::span<const std::string_view> lines, std::size_t field_count,
                       std::span<const NamedFormat> candidates) {
  Inference inference;
  std::vector<Fit> fits = candidates_with(field_count, candidates);
  if (fits.empty()) return inference;
  Sample sample{.telling = std::vector<std::uint64_t>(field_count)};
  std::vector<std::string_view> tokens;
  for (const std::string_view line : lines) {
    if (split_tokens(line, tokens, field_count + 1) == field_count) weigh(tokens, sample, fits);
  }
  if (sample.lines == 0) return inference;

  std::stable_sort(fits.begin(), fits.end(),
                   [](const Fit& a, const Fit& b) { return a.all_fitting > b.all_fitting; });
  const Fit& best = fits.front();
  inference.name = best.format->name;
  inference.confidence = sample.share(best);
  inference.evidence = describe_evidence(sample, best, fits.size() > 1 ? &fits[1] : nullptr);
  if (inference.confidence < (field_count < kFewFields ? kGoodFitOfFew : kGoodFit)) {
    return inference;
  }
  inference.contradiction = contradiction_of(best);
  if (inference.contradiction.empty()) decide(sample, fits, inference);
  return inference;
}

}  // namespace weir::decode
