// SPDX-License-Identifier: Apache-2.0
// envelope: one OCSF event in JSON -> the line of a flow log.
#pragma once

#include <simdjson.h>

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "envelope/ocsf.hpp"
#include "weir/format.hpp"

namespace weir::envelope {

/// What an object that has a class or a category is.
enum class OcsfClass : std::uint8_t { network_activity, other };

/// By `class_uid`, `type_uid` or `class_name`, whichever it has; without them by its endpoints.
OcsfClass ocsf_class_of(const simdjson::dom::object& event);

/// Threads: one at a time.
class OcsfEvents {
 public:
  /// Writes the event as a line of `format()`. False if it names no address and no interface.
  bool take(const simdjson::dom::object& event, std::string& line, std::uint64_t& coarse_times);
  const FormatPtr& format() const noexcept { return format_; }

 private:
  /// The text of a member, or of the members of a list, divided by commas.
  struct Value {
    std::string text;
    std::size_t first = 0;  ///< bytes of the first of a list
    bool is_missing() const noexcept { return text.empty() || text == "-"; }
    bool is_long_list() const noexcept { return first < text.size(); }
  };
  /// Members that decide how others are read.
  enum Decisive : std::uint8_t {
    product,
    version,
    source_ips,
    destination_ips,
    direction_id,
    direction,
    source_interface,
    source_vpc,
    source_subnet,
    source_instance,
    destination_interface,
    destination_vpc,
    destination_subnet,
    destination_instance,
    decisive_members,
  };
  struct Partial {
    OcsfColumn::Use use;
    int caption = -1;  ///< the path of the member that says it in words, if there is one
  };
  struct Columns {
    FormatPtr format;  ///< null: no record
    std::vector<OcsfColumn> columns;
  };
  /// Events with the same members.
  struct Shape {
    std::vector<std::string> paths;
    std::array<int, decisive_members> decisive{};
    /// Places that do not take every value.
    std::vector<Partial> partial;
    std::unordered_map<std::uint64_t, Columns> columns;  ///< by facts
  };
  /// What one event says of itself.
  struct Facts {
    bool is_flow_log = false;
    bool is_named = false;  ///< as one
    bool has_packet_addresses = false;
    bool is_at_source = false;
    bool hold(OcsfWhen when) const noexcept;
  };

  void flatten(const simdjson::dom::object& object, std::size_t path_bytes, int depth);
  void add(std::string_view path, const simdjson::dom::element& value);
  Shape& shape_of_members();
  Facts facts_of(const Shape& shape) const;
  const Value* decisive(const Shape& shape, Decisive member) const;
  bool has_rest(const Partial& partial);
  const Columns& columns_of(Shape& shape, const Facts& facts);
  /// The value that a place gives to its field; empty if none. Valid until the next call.
  std::string_view read(const OcsfColumn::Use& use);

  std::string path_;
  std::string signature_;
  std::vector<Value> values_;
  std::size_t count_ = 0;  // of the values of this event
  std::string number_;
  FormatPtr format_;
  std::unordered_map<std::string, Shape> shapes_;
  std::unordered_map<std::string, FormatPtr> formats_;
};

}  // namespace weir::envelope
