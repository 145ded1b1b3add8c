// SPDX-License-Identifier: Apache-2.0
// field: the catalogue of fields. Its rows are in include/weir/fields.inc; here are the words that
// they are written in, and what finds a row.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/edit_distance.hpp"
#include "weir/field.hpp"

namespace weir {
namespace {

constexpr std::uint64_t kInt32 = std::numeric_limits<std::int32_t>::max();
constexpr std::uint64_t kInt64 = std::numeric_limits<std::uint64_t>::max();

// What a row does not say has these values.
struct Row {
  std::uint64_t max = 0;
  ValueNames names = ValueNames::none;
  bool percent_encoded = false;
  bool open_set = false;
};

using enum FieldType;
using enum LogFamily;

constexpr ValueShape kAnyText{};
constexpr ValueShape kAddress{.kind = ValueShape::Kind::address};
constexpr ValueShape kUnixTime{.kind = ValueShape::Kind::digits, .fewest = 9, .most = 13};
constexpr ValueShape kOneOfValues{.kind = ValueShape::Kind::one_of_values};
constexpr ValueShape kAccount{.kind = ValueShape::Kind::account};
constexpr ValueShape kRegion{.kind = ValueShape::Kind::region};
constexpr ValueShape kZone{.kind = ValueShape::Kind::zone};
constexpr ValueShape kService{.kind = ValueShape::Kind::service};

constexpr ValueShape digits(int most) {
  return {.kind = ValueShape::Kind::digits, .most = static_cast<std::uint8_t>(most)};
}

constexpr ValueShape begins_with(std::string_view prefix, std::string_view not_with = {}) {
  return {.kind = ValueShape::Kind::begins_with, .prefix = prefix, .other_prefix = not_with};
}

constexpr ValueShape kNoArn{.kind = ValueShape::Kind::no_arn};

/// `kind`: what stands before the name of the resource, `:cluster/`.
constexpr ValueShape arn(std::string_view kind) {
  return {.kind = ValueShape::Kind::arn, .prefix = kind};
}

/// True if an identifier and a name are the same words.
constexpr bool are_same_words(std::string_view identifier, std::string_view name) {
  return std::equal(identifier.begin(), identifier.end(), name.begin(), name.end(),
                    [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

/// True if values of the type can have the shape: numbers and times have digits, addresses theirs.
constexpr bool are_fit(FieldType type, const ValueShape& shape) {
  using Kind = ValueShape::Kind;
  const bool has_digits = shape.kind == Kind::digits;
  if (type == number || type == time) return has_digits && shape.fewest <= shape.most;
  return !has_digits && (type == address) == (shape.kind == Kind::address);
}

// A row that does not hold together ends the compilation at its line, with one of these names in
// the message: none of them can be called while compiling.
void name_is_not_spelled_like_the_id() {}
void shape_does_not_fit_the_type() {}
void number_and_only_number_needs_a_largest_value() {}

consteval FieldInfo row(FieldId id, std::string_view identifier, std::string_view name, int version,
                        FieldType type, LogFamily family, ValueShape shape,
                        std::string_view meaning, std::string_view values, std::string_view example,
                        std::string_view missing, Row extra = {}) {
  if (!are_same_words(identifier, name)) name_is_not_spelled_like_the_id();
  if (!are_fit(type, shape)) shape_does_not_fit_the_type();
  const bool is_counted = type == number || type == time;
  if (is_counted != (extra.max > 0)) number_and_only_number_needs_a_largest_value();
  return {.id = id,
          .name = name,
          .version = static_cast<std::uint8_t>(version),
          .type = type,
          .family = family,
          .max = extra.max,
          .names = extra.names,
          .percent_encoded = extra.percent_encoded,
          .meaning = meaning,
          .values = values,
          .open_set = extra.open_set,
          .example = example,
          .missing = missing,
          .shape = shape};
}

constexpr std::string_view kNoTraffic = "NODATA and SKIPDATA records";
constexpr std::string_view kNever = "never";
constexpr std::string_view kNotEcs =
    "traffic that is not of an ECS task in awsvpc mode, or of a task of another account";
constexpr std::string_view kFargate = "as ecs-cluster-arn, and on Fargate";
constexpr std::string_view kNoTag =
    "no such tag key in the flow log, no such tag, or the resource belongs to another account; may "
    "also be missing or wrong in the first hour";
constexpr std::string_view kNoNextHop =
    "next hop of another account, without an interface (an internet gateway), in another Region, "
    "or "
    "ingress from a Transit Gateway or Network Load Balancer";
constexpr std::string_view kServices =
    "AMAZON AMAZON_APPFLOW AMAZON_CONNECT API_GATEWAY AURORA_DSQL CHIME_MEETINGS "
    "CHIME_VOICECONNECTOR CLOUD9 CLOUDFRONT CLOUDFRONT_ORIGIN_FACING CODEBUILD DYNAMODB EBS EC2 "
    "EC2_INSTANCE_CONNECT GLOBALACCELERATOR IVS_LOW_LATENCY IVS_REALTIME KINESIS_VIDEO_STREAMS "
    "MEDIA_PACKAGE_V2 ROUTE53 ROUTE53_HEALTHCHECKS ROUTE53_HEALTHCHECKS_PUBLISHING "
    "ROUTE53_RESOLVER S3 WORKSPACES_GATEWAYS";
constexpr std::string_view kInterfaceTypes =
    "nat_gateway network_load_balancer regional_nat_gateway transit_gateway vpc_endpoint";
constexpr std::string_view kNoTransitSide = "the side is not a VPC attachment";

constexpr Row kSmall{.max = kInt32};
// A larger value cannot stand in a packet: ports have 16 bits (RFC 9293, 3.1; RFC 768), the
// protocol of IPv4 and the next header of IPv6 have 8 (RFC 791, 3.1; RFC 8200, 3).
constexpr Row kPort{.max = 65535, .names = ValueNames::port};
constexpr Row kProtocol{.max = 255, .names = ValueNames::protocol};
constexpr Row kCounter{.max = kInt64};
constexpr Row kOpen{.open_set = true};
constexpr Row kTag{.percent_encoded = true};

constexpr std::array kCatalogue = {
#define WEIR_FIELD(id, name, ...) row(FieldId::id, #id, name, __VA_ARGS__),
#include "weir/fields.inc"
#undef WEIR_FIELD
};

static_assert(kCatalogue.size() == kFieldCount);

constexpr std::size_t kLongestName = 40;

/// A name without `-`, `_` and case: the form in which all spellings of a field are equal.
struct FoldedName {
  std::array<char, kLongestName> text{};
  std::size_t length = 0;

  constexpr explicit FoldedName(std::string_view name) {
    for (const char c : name) {
      if (c == '-' || c == '_') continue;
      if (length == text.size()) {
        length = 0;  // longer than every field: matches none
        return;
      }
      text[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  constexpr std::string_view view() const { return {text.data(), length}; }
};

struct IndexEntry {
  FoldedName name{""};
  FieldId id = FieldId::unknown;
};

constexpr std::array<IndexEntry, kFieldCount> kIndex = [] {
  std::array<IndexEntry, kFieldCount> index;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    index[i] = {.name = FoldedName(kCatalogue[i].name), .id = static_cast<FieldId>(i)};
  }
  std::sort(index.begin(), index.end(),
            [](const IndexEntry& a, const IndexEntry& b) { return a.name.view() < b.name.view(); });
  return index;
}();

}  // namespace

std::span<const FieldInfo> field_catalogue() noexcept { return kCatalogue; }

const FieldInfo& field_info(FieldId id) noexcept {
  return kCatalogue[static_cast<std::size_t>(id)];
}

FieldId find_field(std::string_view name) noexcept {
  const FoldedName folded(name);
  const auto found = std::lower_bound(
      kIndex.begin(), kIndex.end(), folded.view(),
      [](const IndexEntry& entry, std::string_view wanted) { return entry.name.view() < wanted; });
  return found != kIndex.end() && found->name.view() == folded.view() ? found->id
                                                                      : FieldId::unknown;
}

bool is_field_name(std::string_view name) noexcept {
  const FieldId id = find_field(name);
  if (id == FieldId::unknown) return false;
  const std::string_view written = field_info(id).name;
  return written.size() == name.size() &&
         std::equal(name.begin(), name.end(), written.begin(),
                    [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

std::vector<std::string_view> near_field_names(std::string_view name, std::size_t limit) {
  constexpr std::size_t kLongestWord = 64;  // nobody misspells a name into more than this
  std::vector<std::pair<std::size_t, std::string_view>> near;
  const std::string wanted(FoldedName(name.substr(0, kLongestWord)).view());
  for (const IndexEntry& entry : kIndex) {
    const std::string_view candidate = entry.name.view();
    const std::size_t distance = base::edit_distance(wanted, candidate);
    const bool part = wanted.size() >= 3 && candidate.find(wanted) != std::string_view::npos;
    const std::size_t allowed = std::max<std::size_t>(1, wanted.size() / 3);
    if (distance <= allowed || part) {
      near.emplace_back(distance <= allowed ? distance : candidate.size(),
                        field_info(entry.id).name);
    }
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < near.size() && i < limit; ++i) names.push_back(near[i].second);
  return names;
}

std::string column_name(std::string_view field_name) {
  std::string name(field_name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace weir
