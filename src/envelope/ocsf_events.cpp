// SPDX-License-Identifier: Apache-2.0
// envelope: one OCSF event in JSON -> the line of a flow log.
#include "envelope/ocsf_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "envelope/field_line.hpp"
#include "envelope/scalar_text.hpp"
#include "weir/names.hpp"

namespace weir::envelope {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 16;
/// Sets of members, and of what is known of them, that are remembered.
constexpr std::size_t kMaxShapes = 256;

std::optional<std::int64_t> number_of(const dom::object& object, std::string_view key) {
  dom::element value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc{} && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

bool is_list_of_scalars(const dom::array& list) {
  return std::all_of(list.begin(), list.end(), [](const dom::element& each) {
    return !each.is_object() && !each.is_array();
  });
}

/// Milliseconds, which OCSF has for `timestamp_t`, as seconds; observed are seconds, too:
/// https://github.com/ocsf/examples/tree/main/mappings/dataprepper/AWS/v1.1.0/VPC%20Flow
std::string_view seconds_of(std::string_view text) noexcept {
  constexpr std::size_t kLongestSeconds = 11;
  constexpr std::size_t kLongestMilliseconds = 14;
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  const bool is_long = text.size() > kLongestSeconds && text.size() <= kLongestMilliseconds;
  return is_number && is_long ? text.substr(0, text.size() - 3) : text;
}

}  // namespace

OcsfClass ocsf_class_of(const dom::object& event) {
  const auto as_class = [](bool is_it) {
    return is_it ? OcsfClass::network_activity : OcsfClass::other;
  };
  if (const auto uid = number_of(event, "class_uid")) return as_class(*uid == kNetworkActivity);
  // "type_uid: class_uid * 100 + activity_id": https://schema.ocsf.io/1.1.0/base_event
  constexpr std::int64_t kActivitiesOfClass = 100;
  if (const auto type = number_of(event, "type_uid")) {
    return as_class(*type / kActivitiesOfClass == kNetworkActivity);
  }
  std::string_view name;
  if (event.at_key("class_name").get(name) == simdjson::SUCCESS) {
    return as_class(name == "Network Activity");
  }
  return as_class(event.at_key("src_endpoint").error() == simdjson::SUCCESS &&
                  event.at_key("dst_endpoint").error() == simdjson::SUCCESS);
}

bool OcsfEvents::take(const dom::object& event, std::string& line, std::uint64_t& coarse_times) {
  count_ = 0;
  path_.clear();
  signature_.clear();
  flatten(event, 0, 0);
  Shape& shape = shape_of_members();
  const Columns& columns = columns_of(shape, facts_of(shape));
  format_ = columns.format;
  if (format_ == nullptr) return false;
  line.clear();
  for (std::size_t i = 0; i < columns.columns.size(); ++i) {
    std::string_view value;
    for (const OcsfColumn::Use& use : columns.columns[i].uses) {
      if (value.empty()) value = read(use);
    }
    if (i > 0) line += ' ';
    append_token(line, format_->fields()[i], value, coarse_times);
  }
  return true;
}

/// Notes the members of an object, which has the first bytes of path_ in front of them.
void OcsfEvents::flatten(const dom::object& object, std::size_t path_bytes, int depth) {
  for (const auto [key, value] : object) {
    path_.resize(path_bytes);
    if (path_bytes > 0) path_ += '.';
    path_ += key;
    std::replace(path_.begin(), path_.end(), '\0', '?');  // which divides paths in the signature
    dom::object inner;
    if (depth < kMaxDepth && value.get(inner) == simdjson::SUCCESS) {
      flatten(inner, path_.size(), depth + 1);
    } else if (count_ < kMaxFormatFields * 2 && !is_ocsf_repetition(path_)) {
      add(path_, value);
    }
  }
}

void OcsfEvents::add(std::string_view path, const dom::element& element) {
  signature_.append(path).push_back('\0');
  if (count_ == values_.size()) values_.emplace_back();
  Value& value = values_[count_++];
  value.text.clear();
  ScalarText scalar;
  dom::array list;
  if (element.get(list) != simdjson::SUCCESS) {
    if (element.is_object()) {
      value.text = simdjson::minify(element);
    } else {
      value.text = scalar.of(element);
    }
    value.first = value.text.size();
  } else if (is_list_of_scalars(list)) {
    bool is_first = true;
    for (const dom::element each : list) {
      if (!is_first) value.text += ',';
      value.text += scalar.of(each);
      if (std::exchange(is_first, false)) value.first = value.text.size();
    }
  } else {
    value.text = simdjson::minify(element);
    value.first = value.text.size();
  }
}

OcsfEvents::Shape& OcsfEvents::shape_of_members() {
  if (shapes_.size() == kMaxShapes) shapes_.clear();
  const auto [place, is_new] = shapes_.try_emplace(signature_);
  Shape& shape = place->second;
  if (!is_new) return shape;
  for (std::string_view rest = signature_; !rest.empty();) {
    const std::size_t end = rest.find('\0');
    shape.paths.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  const auto index_of = [&](std::string_view path) {
    const auto found = std::find(shape.paths.begin(), shape.paths.end(), path);
    return found == shape.paths.end() ? -1 : static_cast<int>(found - shape.paths.begin());
  };
  constexpr std::array<std::string_view, decisive_members> kPaths = {
      "metadata.product.name",         "metadata.product.version",
      "src_endpoint.intermediate_ips", "dst_endpoint.intermediate_ips",
      "connection_info.direction_id",  "connection_info.direction",
      "src_endpoint.interface_uid",    "src_endpoint.vpc_uid",
      "src_endpoint.subnet_uid",       "src_endpoint.instance_uid",
      "dst_endpoint.interface_uid",    "dst_endpoint.vpc_uid",
      "dst_endpoint.subnet_uid",       "dst_endpoint.instance_uid",
  };
  std::transform(kPaths.begin(), kPaths.end(), shape.decisive.begin(), index_of);
  for (const OcsfPlace& row : ocsf_places()) {
    const int path = index_of(row.path);
    if (path < 0 || row.is_also_text || takes_all(row)) continue;
    shape.partial.push_back({.use = {.path = static_cast<std::size_t>(path), .place = &row},
                             .caption = index_of(row.caption)});
  }
  return shape;
}

const OcsfEvents::Value* OcsfEvents::decisive(const Shape& shape, Decisive member) const {
  const int index = shape.decisive[member];
  if (index < 0) return nullptr;
  const Value& value = values_[static_cast<std::size_t>(index)];
  return value.is_missing() ? nullptr : &value;
}

OcsfEvents::Facts OcsfEvents::facts_of(const Shape& shape) const {
  const auto has = [&](Decisive member) { return decisive(shape, member) != nullptr; };
  const auto is = [&](Decisive member, std::string_view text) {
    return has(member) && decisive(shape, member)->text == text;
  };
  Facts facts;
  facts.is_named = is(product, kFlowLogProduct);
  facts.is_flow_log = !has(product) || facts.is_named;
  // Version 3 brought the packet's addresses: AWS VPC User Guide, "Flow log records".
  const bool is_three = facts.is_named && has(version) && !is(version, "2");
  facts.has_packet_addresses =
      facts.is_flow_log && (is_three || has(source_ips) || has(destination_ips));
  const bool is_ingress = is(direction_id, "1") || is(direction, "Inbound");
  const bool source =
      has(source_interface) || has(source_vpc) || has(source_subnet) || has(source_instance);
  const bool destination = has(destination_interface) || has(destination_vpc) ||
                           has(destination_subnet) || has(destination_instance);
  if (source != destination) {
    facts.is_at_source = source;
  } else if (has(source_interface) != has(destination_interface)) {
    facts.is_at_source = has(source_interface);
  } else {
    facts.is_at_source = !is_ingress;
  }
  return facts;
}

bool OcsfEvents::Facts::hold(OcsfWhen when) const noexcept {
  switch (when) {
    case OcsfWhen::always:
      return true;
    case OcsfWhen::flow_log:
      return is_flow_log;
    case OcsfWhen::named_flow_log:
      return is_named;
    case OcsfWhen::packet_addresses:
      return has_packet_addresses;
    case OcsfWhen::at_source:
      return is_at_source;
    case OcsfWhen::at_destination:
      return !is_at_source;
  }
  return false;
}

/// True if a member says what neither its field nor its caption does.
bool OcsfEvents::has_rest(const Partial& partial) {
  const Value& value = values_[partial.use.path];
  if (value.is_missing()) return false;
  if (partial.use.place->reading == OcsfReading::first_of_list) return value.is_long_list();
  if (partial.caption >= 0 && !values_[static_cast<std::size_t>(partial.caption)].is_missing()) {
    return false;
  }
  return read(partial.use).empty() && find_ocsf_word(*partial.use.place, value.text) == nullptr;
}

const OcsfEvents::Columns& OcsfEvents::columns_of(Shape& shape, const Facts& facts) {
  std::uint64_t key = (facts.is_flow_log ? 1U : 0U) | (facts.has_packet_addresses ? 2U : 0U) |
                      (facts.is_at_source ? 4U : 0U) | (facts.is_named ? 8U : 0U);
  constexpr std::size_t kFactBits = 4;
  for (std::size_t i = 0; i < shape.partial.size(); ++i) {
    if (has_rest(shape.partial[i])) key |= std::uint64_t{1} << (kFactBits + i);
  }
  if (shape.columns.size() == kMaxShapes) shape.columns.clear();
  const auto [place, is_new] = shape.columns.try_emplace(key);
  Columns& made = place->second;
  if (!is_new) return made;
  std::vector<OcsfColumn> columns = ocsf_columns(
      shape.paths,
      {.holds = [&](OcsfWhen when) { return facts.hold(when) ? InEvents::all : InEvents::none; },
       .may_have_rest =
           [&](std::size_t path) {
             return std::any_of(shape.partial.begin(), shape.partial.end(),
                                [&](const Partial& partial) {
                                  return partial.use.path == path && has_rest(partial);
                                });
           }});
  if (!is_ocsf_record(columns)) return made;
  std::vector<std::string_view> names;
  names.reserve(columns.size());
  for (const OcsfColumn& column : columns) names.emplace_back(column.name);
  auto format = Format::from_names(names);
  if (!format) return made;
  if (formats_.size() == kMaxShapes) formats_.clear();
  const auto shared = std::make_shared<const Format>(*std::move(format));
  // Events of different shapes share their format, so that blocks do not end between them.
  made.format = formats_.try_emplace(shared->header(), shared).first->second;
  made.columns = std::move(columns);
  return made;
}

std::string_view OcsfEvents::read(const OcsfColumn::Use& use) {
  const Value& value = values_[use.path];
  if (value.is_missing()) return {};
  if (use.place == nullptr) return value.text;
  switch (use.place->reading) {
    case OcsfReading::as_is:
      return value.text;
    case OcsfReading::seconds:
      return seconds_of(value.text);
    case OcsfReading::first_of_list:
      return std::string_view(value.text).substr(0, value.first);
    case OcsfReading::words:
    case OcsfReading::words_or_as_is:
      if (const OcsfWord* const word = find_ocsf_word(*use.place, value.text)) return word->to;
      return use.place->reading == OcsfReading::words ? std::string_view() : value.text;
    case OcsfReading::protocol_name: {
      const auto number = find_protocol(value.text);
      number_ = number ? fmt::format("{}", *number) : std::string();
      return number_;
    }
  }
  return {};
}

}  // namespace weir::envelope
