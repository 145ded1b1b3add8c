// SPDX-License-Identifier: Apache-2.0
// decode: which format has this line?
#include "decode/format_chooser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "decode/header.hpp"
#include "decode/infer.hpp"
#include "decode/tokens.hpp"

namespace weir {
namespace {

constexpr std::size_t kSampleLines = 2048;
constexpr std::size_t kSampleBytes = 512;
// Every number of fields that is met costs a look at all candidates; rubbish has many.
constexpr std::size_t kMostFieldCounts = 64;

/// 1-based column of the first token after `fields` tokens, or just past the end of a short line.
std::size_t mismatch_column(std::string_view line, std::size_t fields) {
  std::vector<std::string_view> tokens;
  if (decode::split_tokens(line, tokens, fields + 1) <= fields) return line.size() + 1;
  return static_cast<std::size_t>(tokens.back().data() - line.data()) + 1;
}

std::string_view source_of(FormatOrigin origin) {
  switch (origin) {
    case FormatOrigin::header:
      return "the header has";
    case FormatOrigin::flag:
      return "--format has";
    case FormatOrigin::described:
      return "the described format has";
    case FormatOrigin::inferred:
      return "the other lines have";
    case FormatOrigin::wrapping:
      return "the columns have";
  }
  return "the format has";
}

/// Candidates from describe-flow-logs: the one whose id is in the object's name if there is one
/// (S3 keys hold it, see AWS VPC User Guide, "Flow log files"), else all different ones.
std::vector<NamedFormat> described_candidates(const std::string& object,
                                              const std::vector<DescribedFlowLog>& described) {
  std::vector<NamedFormat> candidates;
  for (const DescribedFlowLog& flow_log : described) {
    if (!flow_log.flow_log_id.empty() && object.find(flow_log.flow_log_id) != std::string::npos) {
      return {{.name = flow_log.flow_log_id, .format = flow_log.format}};
    }
    const bool known = std::any_of(candidates.begin(), candidates.end(), [&](const NamedFormat& c) {
      return *c.format == *flow_log.format;
    });
    if (!known) candidates.push_back({.name = flow_log.flow_log_id, .format = flow_log.format});
  }
  return candidates;
}

/// The command that looks at the columns of an object. Files in archives have no path of their own.
std::string guess_command(const std::string& object) {
  std::error_code unknown;
  const bool is_path =
      object.find('\'') == std::string::npos && std::filesystem::exists(object, unknown);
  const char* const quote = object.find(' ') == std::string::npos ? "" : "'";
  return fmt::format("`weir check --guess {0}{1}{0}`", is_path ? quote : "",
                     is_path ? object : "FILE");
}

}  // namespace

std::string_view format_origin_name(FormatOrigin origin) noexcept {
  switch (origin) {
    case FormatOrigin::header:
      return "header";
    case FormatOrigin::flag:
      return "--format";
    case FormatOrigin::described:
      return "describe-flow-logs";
    case FormatOrigin::inferred:
      return "inferred";
    case FormatOrigin::wrapping:
      return "named by its columns";
  }
  return "unknown";
}

decode::FormatChooser::FormatChooser(std::string object, const DecodeOptions& options)
    : object_(std::move(object)),
      given_(options.format),
      described_(described_candidates(object_, options.described)) {
  candidates_ = described_.empty() ? known_formats() : std::span<const NamedFormat>(described_);
  if (!described_.empty()) inferred_origin_ = FormatOrigin::described;
}

std::size_t decode::FormatChooser::add_use(FormatPtr format, FormatOrigin origin) {
  for (std::size_t i = 0; i < uses_.size(); ++i) {
    if (uses_[i].origin == origin && (uses_[i].format == format || *uses_[i].format == *format)) {
      return i;
    }
  }
  uses_.push_back({.format = std::move(format),
                   .origin = origin,
                   .confidence = 1,
                   .evidence = {},
                   .records = 0,
                   .sample = {}});
  return uses_.size() - 1;
}

decode::FormatChooser::Header decode::FormatChooser::take_header(std::string_view line,
                                                                 std::string_view below) {
  std::optional<field::HeaderNames> header = decode::read_header(line, below);
  if (!header) return Header::none;
  not_understood_ = std::move(header->problem);
  if (!header->format) return Header::not_understood;
  fixed_ = add_use(std::make_shared<Format>(*std::move(header->format)), FormatOrigin::header);
  return Header::taken;
}

void decode::FormatChooser::use_wrapping(const FormatPtr& format) {
  const bool wrapped = fixed_ != kNone && uses_[fixed_].origin == FormatOrigin::wrapping;
  if (wrapped && uses_[fixed_].format == format) return;
  if (!wrapped) before_wrapping_ = fixed_;
  fixed_ = add_use(format, FormatOrigin::wrapping);
}

std::size_t decode::FormatChooser::infer(std::span<const std::string_view> lines,
                                         std::size_t field_count) {
  decode::Inference inference = decode::infer_format(lines, field_count, candidates_);
  std::size_t index = kNone;
  if (inference.format != nullptr) {
    index = add_use(inference.format, inferred_origin_);
    uses_[index].confidence = inference.confidence;
    uses_[index].evidence = std::move(inference.evidence);
    most_fields_ = std::max(most_fields_, field_count);
  } else if (!inference.candidates.empty()) {
    ambiguous_[field_count] = std::move(inference.candidates);
  } else if (!inference.contradiction.empty()) {
    contradicted_[field_count] = std::move(inference.contradiction);
  }
  by_field_count_[field_count] = index;
  return index;
}

Result<void> decode::FormatChooser::look_at(std::string_view first_lines) {
  // Messages may stand among JSON objects that named their fields themselves.
  if (fixed_ != kNone && uses_[fixed_].origin == FormatOrigin::wrapping) fixed_ = before_wrapping_;
  if (settled_) return {};
  std::map<std::size_t, std::vector<std::string_view>> groups;
  std::size_t sampled = 0;
  bool header_follows = false;
  for (std::size_t at = 0; at < first_lines.size() && sampled < kSampleLines;) {
    const std::size_t end = std::min(first_lines.find('\n', at), first_lines.size());
    const std::string_view line = first_lines.substr(at, end - at);
    at = end + 1;
    const std::size_t fields = decode::count_tokens(line, kMaxFormatFields + 1);
    if (fields == 0 || line[line.find_first_not_of(" \t\r")] == '#') continue;
    header_follows = decode::is_header_line(line);
    if (header_follows) break;  // what follows has a format of its own
    groups[fields].push_back(line);
    ++sampled;
  }
  if (groups.empty()) {
    // Blank lines and comments alone decide nothing, unless a header follows them.
    settled_ = first_lines.find_first_not_of(" \t\r\n") != std::string_view::npos;
    return {};
  }
  settled_ = true;
  if (given_ != nullptr) {
    fixed_ = add_use(given_, FormatOrigin::flag);
    return {};
  }
  bool any = false;
  std::size_t most_lines = 0;
  for (const auto& [fields, lines] : groups) {
    const std::size_t index = infer(lines, fields);
    if (index == kNone) continue;
    any = true;
    if (lines.size() <= most_lines) continue;
    most_lines = lines.size();
    usual_ = index;
  }
  if (!any && !header_follows) return Unexpected(nothing_fits(groups));
  return {};
}

Error decode::FormatChooser::nothing_fits(
    const std::map<std::size_t, std::vector<std::string_view>>& groups) const {
  const auto most = std::max_element(
      groups.begin(), groups.end(),
      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  const std::size_t fields = most->first;
  const std::string_view sample = most->second.front();
  std::string excerpt(sample.substr(0, std::min(sample.size(), kSampleBytes)));
  std::replace_if(
      excerpt.begin(), excerpt.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  if (!ambiguous_.empty()) {
    const auto& [count, names] = *ambiguous_.begin();
    return {.code = ErrorCode::ambiguous,
            .message = fmt::format("the lines have no header, and their {} fields fit several "
                                   "formats alike: {}",
                                   count, fmt::join(names, "; ")),
            .where = object_,
            .excerpt = std::move(excerpt),
            .hint = fmt::format(
                "say which it is with --format '${{version}} ${{account-id}} ...' or with what "
                "`aws ec2 describe-flow-logs` prints; {} shows the columns",
                guess_command(object_))};
  }
  if (const auto why = contradicted_.find(fields); why != contradicted_.end()) {
    return {
        .code = ErrorCode::no_flow_log,
        .message = fmt::format("no header line, and no known order that holds: {}", why->second),
        .where = object_,
        .excerpt = std::move(excerpt),
        .hint = fmt::format("{} proposes a --format", guess_command(object_))};
  }
  const bool known_count = std::any_of(
      candidates_.begin(), candidates_.end(),
      [fields](const NamedFormat& candidate) { return candidate.format->tokens() == fields; });
  return {.code = ErrorCode::no_flow_log,
          .message = fmt::format(
              "not a flow log that weir can read: no header line, and {} (tried: {})",
              known_count
                  ? fmt::format("lines of {} fields whose values fit no known order", fields)
                  : fmt::format("no known format has {} field{}", fields, fields == 1 ? "" : "s"),
              inferred_origin_ == FormatOrigin::described
                  ? "the formats of describe-flow-logs"
                  : "default v2, every version's full set in table and alphabetical order, Transit "
                    "Gateway, AWS's examples"),
          .where = object_,
          .excerpt = std::move(excerpt),
          .hint = fmt::format(
              "if these are flow logs of a custom format, give its fields in order: --format "
              "'${{version}} ${{srcaddr}} ...'; {} proposes one",
              guess_command(object_))};
}

std::string decode::FormatChooser::mismatch_detail(std::size_t field_count) const {
  if (!not_understood_.empty()) {
    return fmt::format("the header above it is not understood: {}", not_understood_);
  }
  const std::string found =
      field_count > kMaxFormatFields
          ? fmt::format("more than {} fields", kMaxFormatFields)
          : fmt::format("{} field{}", field_count, field_count == 1 ? "" : "s");
  if (fixed_ != kNone) {
    return fmt::format("{}, {} {}", found, source_of(uses_[fixed_].origin),
                       uses_[fixed_].format->tokens());
  }
  if (const auto names = ambiguous_.find(field_count); names != ambiguous_.end()) {
    return fmt::format("{} fit several formats alike: {}", found, fmt::join(names->second, "; "));
  }
  if (const auto why = contradicted_.find(field_count); why != contradicted_.end()) {
    return fmt::format("{} fit no known format: {}", found, why->second);
  }
  if (most_fields_ == 0) return fmt::format("{}, before any header, fit no known format", found);
  return fmt::format("{}, {} {}", found, source_of(inferred_origin_), most_fields_);
}

decode::FormatChoice decode::FormatChooser::choose(std::string_view line) {
  if (!not_understood_.empty()) return {.reason = RejectReason::no_format};
  const std::size_t fields = decode::count_tokens(line, kMaxFormatFields + 1);
  std::size_t index = kNone;
  if (fixed_ != kNone) {
    if (uses_[fixed_].format->tokens() == fields) index = fixed_;
  } else if (const auto known = by_field_count_.find(fields); known != by_field_count_.end()) {
    index = known->second;
  } else if (by_field_count_.size() < kMostFieldCounts) {
    index = infer({&line, 1}, fields);
  }
  if (index == kNone) {
    return {.reason =
                ambiguous_.contains(fields) ? RejectReason::no_format : RejectReason::field_count};
  }
  usual_ = index;
  note_sample(index, line);
  return {.use = &uses_[index], .index = index, .reason = {}};
}

decode::FormatChooser::Mismatch decode::FormatChooser::explain(std::string_view line) const {
  return {.detail = mismatch_detail(decode::count_tokens(line, kMaxFormatFields + 1)),
          .column = mismatch_column(
              line, fixed_ != kNone ? uses_[fixed_].format->tokens() : most_fields_)};
}

decode::FormatChoice decode::FormatChooser::usual() const {
  if (!not_understood_.empty()) return {};
  const std::size_t index = fixed_ != kNone ? fixed_ : usual_;
  if (index == kNone) return {};
  return {.use = &uses_[index], .index = index, .reason = {}};
}

void decode::FormatChooser::note_sample(std::size_t index, std::string_view line) {
  FormatUse& use = uses_[index];
  if (!use.sample.empty()) return;
  use.sample = line.substr(0, std::min({line.find('\n'), line.size(), kSampleBytes}));
}

std::vector<FormatUse> decode::FormatChooser::take_uses() { return std::move(uses_); }

}  // namespace weir
