// SPDX-License-Identifier: Apache-2.0
// envelope: one JSON unit -> records.
#pragma once

#include <simdjson.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "envelope/block_queue.hpp"
#include "envelope/field_line.hpp"
#include "envelope/json_cutter.hpp"
#include "envelope/ocsf_events.hpp"

namespace weir::envelope {

using DomElement = simdjson::dom::element;
using DomObject = simdjson::dom::object;
using DomArray = simdjson::dom::array;

/// True for the keys of arrays in which AWS puts one event or result a place.
bool is_event_array(std::string_view key) noexcept;

/// Finds the records in JSON values, wherever AWS and others put them: in a string `message`, as
/// an object whose keys are fields, as an event of OCSF, as a row of Logs Insights, or packed in a
/// base64 payload.
class JsonRecords {
 public:
  enum class Found : std::uint8_t {
    nothing,
    records,      ///< lines went to the queue, or a payload to payloads()
    passed_over,  ///< a part of the wrapping, such as a control message
    other,        ///< a record of another service, which service() names
    broken,       ///< problem() says why it is no JSON
  };

  struct Payload {
    std::string bytes;
    LineOrigin origin;
  };

  /// `repeated_names` counts the records that name a field, or what holds them, twice.
  JsonRecords(BlockQueue& queue, std::vector<Reject>& rejects, std::uint64_t& coarse_times,
              std::uint64_t& repeated_names)
      : queue_(queue),
        rejects_(rejects),
        coarse_times_(coarse_times),
        repeated_names_(repeated_names) {}

  /// Takes the records out of a unit. If `trusted`, the unit stands where only records stand, so
  /// that a message need not look like one.
  Found take_unit(const JsonUnit& unit, bool trusted);
  /// Takes the records out of a message: one per line, or JSON once more.
  Found take_message(std::string_view message, LineOrigin origin);

  const std::string& problem() const noexcept { return problem_; }
  std::string_view service() const noexcept { return service_; }
  /// Base64 payloads found, still packed. The caller empties it.
  std::deque<Payload>& payloads() noexcept { return payloads_; }
  /// What the first record stood in; empty before it is found.
  const std::string& shape() const noexcept { return shape_; }

 private:
  struct Members;
  struct Layout {
    FieldLayout fields;
    bool is_record = false;
    std::string_view service;  // that has these names; empty for a flow log
  };

  Found take_value(const DomElement& value, int depth, bool trusted);
  Found take_object(const DomObject& object, int depth, bool trusted);
  Found take_array(const DomArray& array, int depth, bool trusted);
  Found take_text(std::string_view text, int depth, bool trusted);
  Found take_json_text(std::string_view text, int depth);
  Found take_payload(const Members& members);
  Found take_fields(const DomObject& object);
  Found take_ocsf(const DomObject& object);
  Found take_insights_row(const DomArray& row, int depth);
  Found descend(const DomObject& object, int depth);

  Members find_members(const DomObject& object) const;
  const Layout& layout_of_names();
  void add_lines(std::string_view text);
  Found add_fields();
  bool has_repeated_names(const FieldLayout& fields) const;
  void add_line(const FormatPtr& format);
  LineOrigin locate(std::string_view text);
  void advance(std::string_view passed);
  void name_shape(std::string_view shape);
  std::string_view shape_of_messages(const DomObject& object) const;

  BlockQueue& queue_;
  std::vector<Reject>& rejects_;
  std::uint64_t& coarse_times_;
  std::uint64_t& repeated_names_;
  std::deque<Payload> payloads_;
  std::string problem_;
  std::string_view service_;
  std::string shape_;

  // The unit that is being taken.
  std::string_view unit_text_;
  std::string_view unit_key_;
  LineOrigin unit_place_;
  struct Cursor {
    std::size_t offset = 0;
    LineOrigin place;
  } cursor_;  // in the unit's text, behind the last string that was found

  std::vector<std::unique_ptr<simdjson::dom::parser>> parsers_;  // one for each JSON in JSON
  std::size_t parsers_in_use_ = 0;

  // Layouts by their names, since a file's objects have the same keys over and over.
  std::unordered_map<std::string, Layout> layouts_;
  std::unordered_map<std::string, FormatPtr> formats_;
  std::string signature_;
  const std::pair<const std::string, Layout>* last_layout_ = nullptr;

  // The record that is being written.
  std::vector<std::string_view> names_;
  std::vector<DomElement> values_;
  std::string line_;
  OcsfEvents ocsf_events_;
};

}  // namespace weir::envelope
