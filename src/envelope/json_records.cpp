// SPDX-License-Identifier: Apache-2.0
// envelope: one JSON unit -> records.
#include "envelope/json_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "envelope/base64.hpp"
#include "envelope/looks.hpp"
#include "envelope/other_logs.hpp"
#include "envelope/reject.hpp"
#include "envelope/scalar_text.hpp"

namespace weir::envelope {
namespace {

using Found = JsonRecords::Found;

/// Levels of objects and arrays that are searched for a record.
constexpr int kMaxNesting = 16;
/// JSON inside strings inside JSON.
constexpr std::size_t kMaxNestedTexts = 3;
/// Sets of names that are remembered; data with more has no format worth remembering.
constexpr std::size_t kMaxLayouts = 256;

std::optional<std::string_view> string_of(const DomElement& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::optional(text) : std::nullopt;
}

bool is_scalar(const DomElement& value) { return !value.is_object() && !value.is_array(); }

/// The string member of an object member: `kinesis.data`.
std::optional<std::string_view> inner_string(const DomElement& value, std::string_view key) {
  DomObject object;
  if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
  DomElement member;
  if (object.at_key(key).get(member) != simdjson::SUCCESS) return std::nullopt;
  return string_of(member);
}

bool begins_json(std::string_view text) noexcept {
  return text.starts_with('{') || text.starts_with('[');
}

/// True for bytes that Lambda, Kinesis and Firehose carry in base64: gzip, zstd, JSON, a record.
bool is_packed_log(std::string_view bytes) noexcept {
  if (bytes.starts_with("\x1f\x8b") || bytes.starts_with("\x28\xb5\x2f\xfd")) return true;
  const std::string_view text = trim(bytes);
  return begins_json(text) || looks_like_record(text.substr(0, text.find('\n')));
}

}  // namespace

bool is_event_array(std::string_view key) noexcept {
  return key == "events" || key == "logEvents" || key == "results";
}

/// What one look at an object's members finds.
struct JsonRecords::Members {
  /// Strings that may be records, in order of preference. The first two are AWS's own.
  std::array<std::string_view, 7> texts;
  std::array<bool, 7> texts_again = {};  // whether the same key stands there once more
  std::string_view payload;
  std::string_view payload_key;
  bool payload_again = false;
  std::string_view message_type;

  /// Of one key the first value counts.
  void take_payload(std::string_view key, std::optional<std::string_view> value) {
    if (!value) return;
    payload_again |= payload_key == key;
    if (payload_key != key) payload = *value;
    payload_key = key;
  }
  bool ocsf = false;
};

JsonRecords::Members JsonRecords::find_members(const DomObject& object) const {
  constexpr std::array<std::string_view, 7> kTextKeys = {
      "message", "@message", "body", "log", "event.original", "event", "Message"};
  Members members;
  for (const auto [key, value] : object) {
    const auto known = std::find(kTextKeys.begin(), kTextKeys.end(), key);
    if (known != kTextKeys.end()) {
      const auto place = static_cast<std::size_t>(known - kTextKeys.begin());
      std::string_view& text = members.texts[place];
      const auto string =
          key == "event" && !is_scalar(value) ? inner_string(value, "original") : string_of(value);
      members.texts_again[place] = members.texts_again[place] || (!text.empty() && string);
      if (text.empty() && string) text = *string;
    } else if (key == "data") {
      members.take_payload(key, string_of(value));
    } else if (key == "awslogs" || key == "kinesis") {
      members.take_payload(key, inner_string(value, "data"));
    } else if (key == "messageType") {
      members.message_type = string_of(value).value_or(std::string_view());
    } else if (key == "class_uid" || key == "category_uid") {
      members.ocsf = true;
    }
  }
  return members;
}

Found JsonRecords::take_unit(const JsonUnit& unit, bool trusted) {
  unit_text_ = unit.text;
  unit_key_ = unit.key;
  unit_place_ = unit.place;
  cursor_ = {.offset = 0, .place = unit.place};
  parsers_in_use_ = 0;
  if (unit.key == "logEvents" &&
      unit.before.find("\"CONTROL_MESSAGE\"") != std::string_view::npos) {
    name_shape("CloudWatch Logs subscription JSON");
    return Found::passed_over;
  }
  if (parsers_.empty()) parsers_.push_back(std::make_unique<simdjson::dom::parser>());
  DomElement value;
  const auto failure =
      parsers_[0]
          ->parse(reinterpret_cast<const std::uint8_t*>(unit.text.data()), unit.text.size(), false)
          .get(value);
  if (failure != simdjson::SUCCESS) {
    problem_ = simdjson::error_message(failure);
    return Found::broken;
  }
  parsers_in_use_ = 1;
  return take_value(value, 0, trusted);
}

Found JsonRecords::take_message(std::string_view message, LineOrigin origin) {
  unit_text_ = message;
  unit_key_ = {};
  unit_place_ = origin;
  cursor_ = {.offset = 0, .place = origin};
  parsers_in_use_ = 0;
  return take_text(message, 0, true);
}

Found JsonRecords::take_value(const DomElement& value, int depth, bool trusted) {
  if (depth == kMaxNesting) return Found::nothing;
  switch (value.type()) {
    case simdjson::dom::element_type::OBJECT:
      return take_object(DomObject{value}, depth, trusted);
    case simdjson::dom::element_type::ARRAY:
      return take_array(DomArray{value}, depth, trusted);
    case simdjson::dom::element_type::STRING: {
      const Found found = take_text(*string_of(value), depth, trusted);
      if (found == Found::records) name_shape("JSON strings");
      return found;
    }
    default:
      return Found::nothing;
  }
}

Found JsonRecords::take_object(const DomObject& object, int depth, bool trusted) {
  const Members members = find_members(object);
  if (members.ocsf) return take_ocsf(object);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html: CloudWatch
  // Logs sends these to see whether the destination is there.
  if (members.message_type == "CONTROL_MESSAGE") return Found::passed_over;
  if (const Found found = take_payload(members); found != Found::nothing) return found;
  bool broken = false;
  for (std::size_t i = 0; i < members.texts.size(); ++i) {
    const Found found = take_text(members.texts[i], depth, false);
    broken = broken || found == Found::broken;
    if (found == Found::nothing || found == Found::broken) continue;
    if (found == Found::records && members.texts_again[i]) ++repeated_names_;
    if (found == Found::records) name_shape(shape_of_messages(object));
    return found;
  }
  if (const Found found = take_fields(object); found != Found::nothing) return found;
  if (trusted) {
    for (const std::string_view text : {members.texts[0], members.texts[1]}) {
      const Found found = take_text(text, depth, true);
      if (found == Found::nothing || found == Found::broken) continue;
      if (found == Found::records) name_shape(shape_of_messages(object));
      return found;
    }
  }
  const Found found = descend(object, depth);
  return found == Found::nothing && broken ? Found::broken : found;
}

/// A row of Logs Insights, or values one by one.
Found JsonRecords::take_array(const DomArray& array, int depth, bool trusted) {
  if (const Found found = take_insights_row(array, depth); found != Found::nothing) return found;
  Found all = Found::nothing;
  for (const DomElement value : array) {
    const Found found = take_value(value, depth + 1, trusted);
    if (found == Found::other || found == Found::broken) return found;
    if (all != Found::records && found != Found::nothing) all = found;
  }
  return all;
}

/// Looks into the members in their order and stops at the first that holds a record: test fixtures
/// and documents of search engines repeat the record further down.
Found JsonRecords::descend(const DomObject& object, int depth) {
  for (const auto [key, value] : object) {
    if (is_scalar(value)) continue;
    const Found found = take_value(value, depth + 1, is_event_array(key));
    if (found != Found::nothing) return found;
  }
  return Found::nothing;
}

Found JsonRecords::take_text(std::string_view text, int depth, bool trusted) {
  const std::string_view body = trim(text);
  if (body.empty()) return Found::nothing;
  if (begins_json(body)) return take_json_text(body, depth);
  if (body.starts_with("CWL CONTROL MESSAGE")) return Found::passed_over;
  if (!trusted && !looks_like_record(body.substr(0, body.find('\n')))) return Found::nothing;
  add_lines(body);
  return Found::records;
}

Found JsonRecords::take_json_text(std::string_view text, int depth) {
  if (parsers_in_use_ > kMaxNestedTexts || depth == kMaxNesting) return Found::nothing;
  if (parsers_.size() == parsers_in_use_) {
    parsers_.push_back(std::make_unique<simdjson::dom::parser>());
  }
  const simdjson::padded_string padded(text);
  DomElement value;
  const auto failure = parsers_[parsers_in_use_]->parse(padded).get(value);
  if (failure != simdjson::SUCCESS) {
    problem_ = fmt::format("JSON in a string: {}", simdjson::error_message(failure));
    return Found::broken;
  }
  ++parsers_in_use_;
  const Found found = take_value(value, depth + 1, false);
  --parsers_in_use_;
  return found;
}

Found JsonRecords::take_payload(const Members& members) {
  if (members.payload.empty()) return Found::nothing;
  std::optional<std::string> bytes = decode_base64(members.payload);
  if (!bytes || !is_packed_log(*bytes)) return Found::nothing;
  if (members.payload_again) ++repeated_names_;
  payloads_.push_back({.bytes = *std::move(bytes), .origin = locate(members.payload)});
  return Found::records;
}

Found JsonRecords::take_fields(const DomObject& object) {
  names_.clear();
  values_.clear();
  for (const auto [key, value] : object) {
    if (!is_scalar(value)) continue;
    names_.push_back(key);
    values_.push_back(value);
  }
  const Found found = add_fields();
  if (found == Found::records) name_shape("JSON objects, one member per field");
  return found;
}

/// An event of OCSF. What weir itself has written of one has the fields of a flow log instead.
Found JsonRecords::take_ocsf(const DomObject& object) {
  if (const Found found = take_fields(object); found == Found::records) return found;
  if (ocsf_class_of(object) != OcsfClass::network_activity) {
    service_ = kOtherOcsf;
    return Found::other;
  }
  if (!ocsf_events_.take(object, line_, coarse_times_)) {
    problem_ = "an OCSF Network Activity event without an address or interface of an endpoint";
    return Found::broken;
  }
  add_line(ocsf_events_.format());
  name_shape("OCSF Network Activity, JSON");
  return Found::records;
}

/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html:
/// a row is an array of `{"field": …, "value": …}`.
Found JsonRecords::take_insights_row(const DomArray& row, int depth) {
  names_.clear();
  values_.clear();
  for (const DomElement cell : row) {
    DomObject object;
    DomElement field;
    DomElement value;
    if (cell.get(object) != simdjson::SUCCESS ||
        object.at_key("field").get(field) != simdjson::SUCCESS ||
        object.at_key("value").get(value) != simdjson::SUCCESS || !string_of(field)) {
      return Found::nothing;
    }
    // `count(*)` and `sum(bytes)`: the row is a sum over records and no record.
    if (string_of(field)->find('(') != std::string_view::npos) return Found::nothing;
    names_.push_back(*string_of(field));
    values_.push_back(value);
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto text = names_[i] == "@message" ? string_of(values_[i]) : std::nullopt;
    if (!text) continue;
    const Found found = take_text(*text, depth, true);
    if (found == Found::records) name_shape("Logs Insights GetQueryResults JSON");
    return found;
  }
  const Found found = add_fields();
  if (found == Found::records) name_shape("Logs Insights GetQueryResults JSON");
  return found;
}

/// Writes names_ and values_ as a line, if they are a record.
Found JsonRecords::add_fields() {
  const Layout& layout = layout_of_names();
  if (!layout.service.empty()) {
    service_ = layout.service;
    return Found::other;
  }
  if (!layout.is_record) return Found::nothing;
  if (has_repeated_names(layout.fields)) ++repeated_names_;
  ScalarText text;
  line_.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const int position = layout.fields.positions[i];
    if (position < 0) continue;
    if (!line_.empty()) line_ += ' ';
    append_token(line_, layout.fields.format->fields()[static_cast<std::size_t>(position)],
                 is_scalar(values_[i]) ? text.of(values_[i]) : std::string_view(), coarse_times_);
  }
  add_line(layout.fields.format);
  return Found::records;
}

/// Hands on line_.
void JsonRecords::add_line(const FormatPtr& format) {
  if (line_.size() > kMaxLineBytes) {
    rejects_.push_back(too_long_reject(unit_place_, kMaxLineBytes, line_));
  } else {
    queue_.add(line_, unit_place_, format);
  }
}

/// True if a name stands twice (RFC 8259, section 4: what then counts is up to the reader), or two
/// spellings of a field have different values.
bool JsonRecords::has_repeated_names(const FieldLayout& fields) const {
  ScalarText text;
  ScalarText first_text;
  return std::any_of(fields.repeated.begin(), fields.repeated.end(), [&](const auto& repetition) {
    const auto& [again, first] = repetition;
    if (names_[again] == names_[first]) return true;
    return is_scalar(values_[again]) && is_scalar(values_[first]) &&
           text.of(values_[again]) != first_text.of(values_[first]);
  });
}

const JsonRecords::Layout& JsonRecords::layout_of_names() {
  signature_.clear();
  for (const std::string_view name : names_) signature_.append(name).push_back('\0');
  if (last_layout_ != nullptr && last_layout_->first == signature_) return last_layout_->second;
  if (layouts_.size() == kMaxLayouts) {
    layouts_.clear();
    formats_.clear();
  }
  const auto [place, is_new] = layouts_.try_emplace(signature_);
  if (is_new) {
    FieldLayout fields = lay_out(names_);
    if (fields.format != nullptr) {
      // Layouts that keep the same fields share their format, so that blocks do not end between.
      fields.format = formats_.try_emplace(fields.format->header(), fields.format).first->second;
    }
    place->second = {
        .fields = fields, .is_record = is_record(fields), .service = service_of_names(names_)};
  }
  last_layout_ = &*place;
  return place->second;
}

void JsonRecords::add_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    if (trim(line).empty()) continue;
    const LineOrigin origin = locate(line);
    if (line.size() > kMaxLineBytes) {
      rejects_.push_back(too_long_reject(origin, kMaxLineBytes, line));
    } else {
      queue_.add(line, origin);
    }
  }
}

/// Where a string of the unit stands in the object. Strings are asked for in their order, and each
/// is looked for a little way behind the one before; one that is not found, since it is written
/// with escapes, is placed where the unit begins.
LineOrigin JsonRecords::locate(std::string_view text) {
  constexpr std::size_t kWindow = 4096;
  const std::string_view window = unit_text_.substr(cursor_.offset, kWindow + text.size());
  const std::size_t at = window.find(text);
  if (at == std::string_view::npos) return unit_place_;
  advance(window.substr(0, at));
  const LineOrigin found = cursor_.place;
  advance(window.substr(at, text.size()));
  return found;
}

void JsonRecords::advance(std::string_view passed) {
  cursor_.offset += passed.size();
  cursor_.place.line += static_cast<std::uint64_t>(std::count(passed.begin(), passed.end(), '\n'));
  const std::size_t newline = passed.rfind('\n');
  const bool same_line = newline == std::string_view::npos;
  const std::uint64_t before = same_line ? std::uint64_t{cursor_.place.column} : 0;
  cursor_.place.column = to_column(before + passed.size() - (same_line ? 0 : newline + 1));
}

void JsonRecords::name_shape(std::string_view shape) {
  if (shape_.empty()) shape_ = shape;
}

std::string_view JsonRecords::shape_of_messages(const DomObject& object) const {
  if (unit_key_ == "logEvents") return "CloudWatch Logs subscription JSON";
  if (unit_key_ == "events") {
    const bool has_id = object.at_key("eventId").error() == simdjson::SUCCESS;
    return has_id ? "CloudWatch Logs FilterLogEvents JSON" : "CloudWatch Logs GetLogEvents JSON";
  }
  return "JSON objects with a message";
}

}  // namespace weir::envelope
