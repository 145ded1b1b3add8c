// SPDX-License-Identifier: Apache-2.0
// decode: inference by token types. Counting fields is not enough: the console's "select all" gives
// the same fields in alphabetical order (observed: flowlogs-reader v5).
#include "decode/infer.hpp"

#include <fmt/format.h>

#include <algorithm>

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
constexpr double kClearLead = 0.05;

struct Fit {
  const NamedFormat* format = nullptr;
  std::uint64_t telling = 0;  ///< tokens other than `-`
  std::uint64_t fitting = 0;

  /// Without any telling token everything fits.
  double share() const {
    return telling == 0 ? 1 : static_cast<double>(fitting) / static_cast<double>(telling);
  }
};

void weigh(std::span<const std::string_view> tokens, std::vector<Fit>& fits) {
  for (Fit& fit : fits) {
    const auto fields = fit.format->format->fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string_view token = tokens[fit.format->format->place(i)];
      if (token == "-") continue;
      ++fit.telling;
      if (fields[i].id == FieldId::unknown || fits_field(token, fields[i].id)) ++fit.fitting;
    }
  }
}

std::string describe_evidence(const Fit& best, std::size_t lines, const Fit* next) {
  const char* const plural = lines == 1 ? "" : "s";
  std::string text = best.fitting < best.telling
                         ? fmt::format("{} of {} values in {} sampled line{} match", best.fitting,
                                       best.telling, lines, plural)
                         : fmt::format("{} sampled line{} match{}",
                                       lines == 1 ? "the" : fmt::format("all {}", lines), plural,
                                       lines == 1 ? "es" : "");
  if (next != nullptr) {
    text += fmt::format("; next best: {}, {} of {} values", next->format->name, next->fitting,
                        next->telling);
  }
  return text;
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
  std::vector<Fit> fits;
  for (const NamedFormat& candidate : candidates) {
    if (candidate.format->tokens() == field_count) fits.push_back({.format = &candidate});
  }
  if (fits.empty()) return inference;

  std::vector<std::string_view> tokens;
  std::size_t judged = 0;
  for (const std::string_view line : lines) {
    if (split_tokens(line, tokens, field_count + 1) != field_count) continue;
    weigh(tokens, fits);
    ++judged;
  }
  if (judged == 0) return inference;

  std::stable_sort(fits.begin(), fits.end(),
                   [](const Fit& a, const Fit& b) { return a.share() > b.share(); });
  const Fit& best = fits.front();
  const Fit* const next = fits.size() > 1 ? &fits[1] : nullptr;
  inference.confidence = best.share();
  inference.evidence = describe_evidence(best, judged, next);
  if (best.share() < kGoodFit) return inference;
  for (const Fit& fit : fits) {
    if (best.share() - fit.share() < kClearLead) inference.candidates.push_back(fit.format->name);
  }
  if (inference.candidates.size() == 1) {
    inference.best = best.format;
    inference.candidates.clear();
  }
  return inference;
}

}  // namespace weir::decode
