// SPDX-License-Identifier: Apache-2.0
// envelope: where OCSF events keep what a flow log says. JSON and Parquet are read by this table.
//
// Security Lake turns VPC flow logs into events of the class Network Activity (4001) of the Open
// Cybersecurity Schema Framework:
// https://docs.aws.amazon.com/security-lake/latest/userguide/open-cybersecurity-schema-framework.html
// (versions 1.0.0-rc.2 and 1.1.0). What becomes of each field, AWS has published at
// https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS, `*/VPC Flowlogs`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/field.hpp"
#include "weir/format.hpp"

namespace weir::envelope {

/// https://schema.ocsf.io/1.1.0/classes/network_activity
inline constexpr std::int64_t kNetworkActivity = 4001;
/// What `metadata.product.name` is where Security Lake has read VPC flow logs.
inline constexpr std::string_view kFlowLogProduct = "Amazon VPC";

/// Which events have the field at a place.
enum class OcsfWhen : std::uint8_t {
  always,
  flow_log,          ///< those made of flow logs: their product is kFlowLogProduct, or not named
  named_flow_log,    ///< those whose product is kFlowLogProduct
  packet_addresses,  ///< those of flow logs that have pkt-srcaddr and pkt-dstaddr
  /// Those recorded at the source's interface. AWS gives the interface to one end; where both have
  /// one, `connection_info.direction` tells.
  at_source,
  at_destination,  ///< all others
};

/// How a value becomes that of the field.
enum class OcsfReading : std::uint8_t {
  as_is,
  seconds,         ///< milliseconds, seconds, or a date and time
  first_of_list,   ///< the only one, as a rule
  words,           ///< one of `words`, or it says nothing about the field
  words_or_as_is,  ///< one of `words`, or as it is
  protocol_name,   ///< `tcp`
};

/// A value of OCSF and what flow logs have for it; empty if they have nothing.
struct OcsfWord {
  std::string_view from;
  std::string_view to;
};

/// A row of the table.
struct OcsfPlace {
  FieldId field;
  std::string_view path;
  OcsfWhen when = OcsfWhen::always;
  OcsfReading reading = OcsfReading::as_is;
  std::span<const OcsfWord> words = {};
  /// The member that says the same in words, where this one is a number.
  std::string_view caption = {};
  /// It says more than the field does, so that it is kept as text, too.
  bool is_also_text = false;
};

/// All rows; where a field has several, the first that an event has a value for counts.
std::span<const OcsfPlace> ocsf_places() noexcept;

/// The field that is kept under this path because it has no place in OCSF: `unmapped.reject_reason`
/// ("Any fields not present in an explicit mapping will be mapped to the unmapped object").
FieldId ocsf_unmapped_field(std::string_view path) noexcept;

/// Members that only repeat others, https://schema.ocsf.io/1.1.0/objects/observable, and are left
/// out.
bool is_ocsf_repetition(std::string_view path) noexcept;
/// Arrays of an event that belong to it, whatever else is cut out of JSON.
bool is_ocsf_array(std::string_view key) noexcept;

/// Whether something is so in all, some or none of the events that share a layout.
enum class InEvents : std::uint8_t { none, some, all };

/// A column of the flow log that events become.
struct OcsfColumn {
  /// One place to take the value from.
  struct Use {
    std::size_t path = 0;              ///< index among the paths
    const OcsfPlace* place = nullptr;  ///< null: as it is
  };
  std::string name;
  FieldId field = FieldId::unknown;
  std::vector<Use> uses;  ///< the first with a value counts
  /// Set for a text that is empty where a field has its value.
  bool is_rest = false;
};

/// What is known of the events that share a layout.
struct OcsfKnowledge {
  std::function<InEvents(OcsfWhen)> holds;
  /// Whether the value at a path may be one that no field can take.
  std::function<bool(std::size_t path)> may_have_rest;
};

/// The columns of events with these members: fields in the catalogue's order, then a text for each
/// member that has no place in a flow log, named by its path.
std::vector<OcsfColumn> ocsf_columns(std::span<const std::string> paths,
                                     const OcsfKnowledge& knowledge);
/// True if these columns make a record: they have an address or an interface.
bool is_ocsf_record(std::span<const OcsfColumn> columns) noexcept;

/// What a word means; nothing if it is not among the row's.
const OcsfWord* find_ocsf_word(const OcsfPlace& place, std::string_view text) noexcept;

/// True if a place takes every value that it may find.
bool takes_all(const OcsfPlace& place) noexcept;

}  // namespace weir::envelope
