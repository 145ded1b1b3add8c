// SPDX-License-Identifier: Apache-2.0
// decode: inference by token types. Counting fields is not enough: the console's "select all" gives
// the same fields in alphabetical order (observed: flowlogs-reader v5).
#include "decode/infer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/token_shape.hpp"
#include "decode/tokens.hpp"

namespace weir::decode {
namespace {

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
      if (tokens[i] == "-") continue;
      ++fit.telling;
      if (fields[i].id == FieldId::unknown || fits_field(tokens[i], fields[i].id)) ++fit.fitting;
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

Inference infer_format(std::span<const std::string_view> lines, std::size_t field_count,
                       std::span<const NamedFormat> candidates) {
  Inference inference;
  std::vector<Fit> fits;
  for (const NamedFormat& candidate : candidates) {
    if (candidate.format->size() == field_count) fits.push_back({.format = &candidate});
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
