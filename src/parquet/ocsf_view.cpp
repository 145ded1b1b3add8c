// SPDX-License-Identifier: Apache-2.0
// parquet: a file of OCSF events -> a query that has the columns of a flow log.
#include "parquet/ocsf_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "envelope/envelopes.hpp"
#include "envelope/ocsf.hpp"
#include "envelope/other_logs.hpp"
#include "parquet/column_types.hpp"
#include "parquet/ocsf_members.hpp"
#include "weir/names.hpp"

namespace weir::parquet {
namespace {

using duckdb::quoted_text;
using duckdb::Type;
using envelope::InEvents;
using envelope::OcsfColumn;
using envelope::OcsfPlace;
using envelope::OcsfReading;
using envelope::OcsfWhen;

std::string_view sql_name(Type type) noexcept {
  switch (type) {
    case Type::tinyint:
      return "TINYINT";
    case Type::smallint:
      return "SMALLINT";
    case Type::integer:
      return "INTEGER";
    case Type::utinyint:
      return "UTINYINT";
    case Type::usmallint:
      return "USMALLINT";
    case Type::uinteger:
      return "UINTEGER";
    case Type::bigint:
      return "BIGINT";
    case Type::ubigint:
      return "UBIGINT";
    default:
      return "VARCHAR";
  }
}

/// A value in SQL.
struct Value {
  std::string sql;
  Type type = Type::varchar;
  bool is_number() const noexcept { return type != Type::varchar; }
};

bool has_column(std::span<const duckdb::AnswerColumn> columns, std::string_view name) noexcept {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const duckdb::AnswerColumn& column) { return column.name == name; });
}

class Viewer {
 public:
  Viewer(std::vector<OcsfMember> members, std::map<std::string, std::string> constants)
      : members_(std::move(members)), constants_(std::move(constants)) {
    for (const OcsfMember& member : members_) paths_.push_back(member.path);
    decide_flow_log();
    decide_packet_addresses();
    decide_end();
  }

  std::vector<OcsfColumn> columns() const {
    return envelope::ocsf_columns(
        paths_, {.holds = [&](OcsfWhen when) { return fact(when).holds; },
                 .may_have_rest = [&](std::size_t path) { return may_have_rest(path); }});
  }

  Value value_of(const OcsfColumn& column) const {
    if (column.field == FieldId::unknown) return {.sql = text_of(column)};
    std::vector<Value> values;
    for (const OcsfColumn::Use& use : column.uses) values.push_back(when(use, value_of(use)));
    if (values.size() == 1) return values.front();
    const bool are_numbers = std::all_of(values.begin(), values.end(), [](const Value& each) {
      return each.is_number() && each.type != Type::ubigint;
    });
    std::string list;
    for (const Value& value : values) {
      if (!list.empty()) list += ", ";
      if (are_numbers) {
        list += value.sql;
      } else if (value.is_number() && column.field == FieldId::account_id) {
        list += fmt::format("format('{{:012d}}', {})", value.sql);
      } else if (value.is_number()) {
        list += fmt::format("CAST({} AS VARCHAR)", value.sql);
      } else {
        list += fmt::format("nullif(nullif({}, ''), '-')", value.sql);
      }
    }
    if (!are_numbers) return {.sql = fmt::format("coalesce({})", list)};
    return {.sql = fmt::format("coalesce({})", list), .type = Type::bigint};
  }

  /// What is Network Activity; empty if all of it, or if nothing tells.
  std::string condition() const {
    if (const OcsfMember* const uid = find("class_uid")) {
      if (is_constant("class_uid", fmt::format("{}", envelope::kNetworkActivity))) return {};
      return fmt::format("{} = '{}'", member_text(*uid), envelope::kNetworkActivity);
    }
    // "type_uid: class_uid * 100 + activity_id": https://schema.ocsf.io/1.1.0/base_event
    if (const OcsfMember* const type = find("type_uid")) {
      return fmt::format("starts_with({0}, '{1}') AND length({0}) = 6", member_text(*type),
                         envelope::kNetworkActivity);
    }
    if (const OcsfMember* const name = find("class_name")) {
      return fmt::format("{} = 'Network Activity'", member_text(*name));
    }
    return {};
  }

 private:
  /// How many events something holds for, and the SQL that tells where it is some.
  struct Fact {
    InEvents holds = InEvents::all;
    std::string sql;
  };

  const OcsfMember* find(std::string_view path) const {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const OcsfMember& each) { return each.path == path; });
    return found == members_.end() ? nullptr : &*found;
  }

  bool is_constant(const std::string& path, std::string_view value) const {
    const auto found = constants_.find(path);
    return found != constants_.end() && found->second == value;
  }

  const Fact& fact(OcsfWhen when) const { return facts_[static_cast<std::size_t>(when)]; }
  Fact& fact(OcsfWhen when) { return facts_[static_cast<std::size_t>(when)]; }

  static std::string is_text(const OcsfMember& member, std::string_view text) {
    return fmt::format("coalesce({} = {}, false)", member_text(member), quoted_text(text));
  }
  static std::string is_there(const OcsfMember& member) {
    if (member.is_list_of_scalars) return fmt::format("coalesce(len({}) > 0, false)", member.sql);
    return fmt::format("coalesce({} NOT IN ('', '-'), false)", member_text(member));
  }
  /// One of these is there; empty if the file has none of them.
  std::string any_is_there(std::initializer_list<std::string_view> paths) const {
    std::string sql;
    for (const std::string_view path : paths) {
      const OcsfMember* const member = find(path);
      if (member != nullptr) sql += (sql.empty() ? "" : " OR ") + is_there(*member);
    }
    return sql.empty() ? sql : fmt::format("({})", sql);
  }

  void decide_flow_log() {
    const OcsfMember* const product = find("metadata.product.name");
    Fact& named = fact(OcsfWhen::named_flow_log);
    if (is_constant("metadata.product.name", envelope::kFlowLogProduct)) return;
    named.holds = InEvents::none;
    if (product == nullptr) return;
    if (!constants_.contains("metadata.product.name")) {
      named = {.holds = InEvents::some, .sql = is_text(*product, envelope::kFlowLogProduct)};
    }
    const bool is_missing = is_constant("metadata.product.name", "-");
    if (is_missing) return;
    fact(OcsfWhen::flow_log) = {
        .holds = named.holds, .sql = fmt::format("(NOT {} OR {})", is_there(*product), named.sql)};
  }

  void decide_packet_addresses() {
    const Fact& flow_log = fact(OcsfWhen::flow_log);
    Fact& packet = fact(OcsfWhen::packet_addresses);
    const OcsfMember* const version = find("metadata.product.version");
    const OcsfMember* const product = find("metadata.product.name");
    const auto known = constants_.find("metadata.product.version");
    // Version 3 brought the packet's addresses: AWS VPC User Guide, "Flow log records".
    if (is_constant("metadata.product.name", envelope::kFlowLogProduct) &&
        known != constants_.end() && known->second != "2" && known->second != "-") {
      return;
    }
    std::string sql =
        any_is_there({"src_endpoint.intermediate_ips", "dst_endpoint.intermediate_ips"});
    if (version != nullptr && product != nullptr) {
      sql += fmt::format("{}({} AND {} AND NOT {})", sql.empty() ? "" : " OR ",
                         is_text(*product, envelope::kFlowLogProduct), is_there(*version),
                         is_text(*version, "2"));
    }
    if (sql.empty() || flow_log.holds == InEvents::none) {
      packet.holds = InEvents::none;
    } else {
      packet = {.holds = InEvents::some,
                .sql = flow_log.holds == InEvents::all
                           ? fmt::format("({})", sql)
                           : fmt::format("({} AND ({}))", flow_log.sql, sql)};
    }
  }

  void decide_end() {
    const std::string source =
        any_is_there({"src_endpoint.interface_uid", "src_endpoint.vpc_uid",
                      "src_endpoint.subnet_uid", "src_endpoint.instance_uid"});
    const std::string destination =
        any_is_there({"dst_endpoint.interface_uid", "dst_endpoint.vpc_uid",
                      "dst_endpoint.subnet_uid", "dst_endpoint.instance_uid"});
    if (source.empty() || destination.empty()) {
      fact(OcsfWhen::at_source).holds = source.empty() ? InEvents::none : InEvents::all;
      fact(OcsfWhen::at_destination).holds = source.empty() ? InEvents::all : InEvents::none;
      return;
    }
    const auto or_false = [](const std::string& sql) { return sql.empty() ? "false" : sql; };
    std::string ingress;
    if (const OcsfMember* const id = find("connection_info.direction_id")) {
      ingress = is_text(*id, "1");
    }
    if (const OcsfMember* const caption = find("connection_info.direction")) {
      ingress += (ingress.empty() ? "" : " OR ") + is_text(*caption, "Inbound");
    }
    const std::string sql =
        fmt::format("(CASE WHEN {0} <> {1} THEN {0} WHEN {2} <> {3} THEN {2} ELSE NOT ({4}) END)",
                    source, destination, or_false(any_is_there({"src_endpoint.interface_uid"})),
                    or_false(any_is_there({"dst_endpoint.interface_uid"})), or_false(ingress));
    fact(OcsfWhen::at_source) = {.holds = InEvents::some, .sql = sql};
    fact(OcsfWhen::at_destination) = {.holds = InEvents::some, .sql = "NOT " + sql};
  }

  Value when(const OcsfColumn::Use& use, Value value) const {
    if (use.place == nullptr || fact(use.place->when).holds == InEvents::all) return value;
    value.sql = fmt::format("CASE WHEN {} THEN {} END", fact(use.place->when).sql, value.sql);
    return value;
  }

  Value value_of(const OcsfColumn::Use& use) const {
    const OcsfMember& member = members_[use.path];
    const OcsfReading reading = use.place == nullptr ? OcsfReading::as_is : use.place->reading;
    switch (reading) {
      case OcsfReading::as_is:
        if (is_integer(member.type)) return {.sql = member.sql, .type = member.type};
        return {.sql = member_text(member)};
      case OcsfReading::seconds:
        if (!has_number_of_seconds(member)) return {.sql = member_seconds(member)};
        return {.sql = member_seconds(member),
                .type = member.type == Type::ubigint ? Type::ubigint : Type::bigint};
      case OcsfReading::first_of_list:
        if (!member.is_list_of_scalars) return {.sql = member_text(member)};
        return {.sql = fmt::format("CAST({}[1] AS VARCHAR)", member.sql)};
      case OcsfReading::words:
      case OcsfReading::words_or_as_is:
        return translated(*use.place, member);
      case OcsfReading::protocol_name:
        return {.sql = protocol_number(member), .type = Type::integer};
    }
    return {.sql = "NULL"};
  }

  static Value translated(const OcsfPlace& place, const OcsfMember& member) {
    const bool is_number = field_info(place.field).type != FieldType::text;
    const bool keeps_others = place.reading == OcsfReading::words_or_as_is;
    // What is no number stays a text for the decoder to judge.
    const bool gives_number = is_number && (!keeps_others || is_integer(member.type));
    std::string sql = "CASE " + (is_integer(member.type) ? member.sql : member_text(member));
    for (const envelope::OcsfWord& word : place.words) {
      const std::string from =
          is_integer(member.type) ? std::string(word.from) : quoted_text(word.from);
      const std::string to = word.to.empty() ? "NULL"
                             : gives_number  ? std::string(word.to)
                                             : quoted_text(word.to);
      sql += fmt::format(" WHEN {} THEN {}", from, to);
    }
    if (keeps_others) sql += " ELSE " + (gives_number ? member.sql : member_text(member));
    if (!gives_number) return {.sql = sql + " END"};
    return {.sql = sql + " END", .type = Type::bigint};
  }

  static std::string protocol_number(const OcsfMember& member) {
    constexpr std::uint64_t kProtocols = 256;
    std::string sql = fmt::format("CASE lower({})", member_text(member));
    for (std::uint64_t number = 0; number < kProtocols; ++number) {
      std::string keyword(protocol_keyword(number));
      if (keyword.empty()) continue;
      for (char& c : keyword) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      sql += fmt::format(" WHEN {} THEN {}", quoted_text(keyword), number);
    }
    return sql + " END";
  }

  /// A text column: the member, where no field has its value.
  std::string text_of(const OcsfColumn& column) const {
    const OcsfMember& member = members_[column.uses.front().path];
    std::string text = member_text(member);
    if (!column.is_rest) return text;
    std::string taken;
    for (const OcsfPlace& place : envelope::ocsf_places()) {
      const Fact& holds = fact(place.when);
      if (place.path != member.path || place.is_also_text || holds.holds == InEvents::none)
        continue;
      std::string sql = taken_by(place, member);
      if (holds.holds == InEvents::some) sql = fmt::format("({} AND {})", holds.sql, sql);
      taken += (taken.empty() ? "" : " OR ") + sql;
    }
    return fmt::format("CASE WHEN coalesce({}, false) THEN NULL ELSE {} END", taken, text);
  }

  /// Of flow logs AWS says in words what it says in numbers, and puts one address into
  /// intermediate_ips where it is needed at all.
  bool may_have_rest(std::size_t path) const {
    const std::string& name = members_[path].path;
    const bool is_sure =
        name.ends_with(".intermediate_ips") ||
        (name.ends_with("_id") && find(name.substr(0, name.size() - 3)) != nullptr);
    return !is_sure || !is_constant("metadata.product.name", envelope::kFlowLogProduct);
  }

  std::string taken_by(const OcsfPlace& place, const OcsfMember& member) const {
    if (envelope::takes_all(place)) return "true";
    if (place.reading == OcsfReading::first_of_list) {
      return member.is_list_of_scalars ? fmt::format("(len({}) <= 1)", member.sql) : "true";
    }
    if (place.reading == OcsfReading::protocol_name) {
      return fmt::format("({} IS NOT NULL)", protocol_number(member));
    }
    std::string words;
    for (const envelope::OcsfWord& word : place.words) {
      words += (words.empty() ? "" : ", ") + quoted_text(word.from);
    }
    const OcsfMember* const caption = place.caption.empty() ? nullptr : find(place.caption);
    return fmt::format("({} IN ({}) OR {})", member_text(member), words,
                       caption == nullptr ? "false" : is_there(*caption));
  }

  std::vector<OcsfMember> members_;
  std::vector<std::string> paths_;
  std::map<std::string, std::string> constants_;
  std::array<Fact, static_cast<std::size_t>(OcsfWhen::at_destination) + 1> facts_;
};

}  // namespace

bool is_ocsf(std::span<const duckdb::AnswerColumn> columns) noexcept {
  return has_column(columns, "class_uid") || has_column(columns, "category_uid") ||
         (has_column(columns, "src_endpoint") && has_column(columns, "dst_endpoint"));
}

Result<OcsfView> make_ocsf_view(duckdb::Instance& instance, const std::string& source,
                                const std::string& name) {
  const std::string rows = fmt::format("read_parquet({}, hive_partitioning = false)", source);
  auto members = ocsf_members(instance, rows);
  if (!members) return Unexpected(std::move(members.error()));
  auto constants = constant_members(instance, source);
  if (!constants) return Unexpected(std::move(constants.error()));
  const Viewer viewer(*std::move(members), *std::move(constants));
  OcsfView view;
  view.condition = viewer.condition();
  if (!view.condition.empty()) {
    auto others = find_other_rows(instance, source, view.condition);
    if (!others) return Unexpected(std::move(others.error()));
    if (!*others) return Unexpected(envelope::other_log(envelope::kOtherOcsf, name));
    view.other_rows = **std::move(others);
    if (view.other_rows.count == 0) view.condition.clear();
  }
  const std::vector<OcsfColumn> columns = viewer.columns();
  if (!envelope::is_ocsf_record(columns)) {
    return Unexpected(
        {.code = ErrorCode::no_flow_log,
         .message =
             "these are OCSF events, but none of their columns is an address or an interface "
             "of an endpoint",
         .where = name,
         .hint = "flow logs in OCSF are of the class Network Activity, with src_endpoint.ip and "
                 "dst_endpoint.ip"});
  }
  for (const OcsfColumn& column : columns) {
    Value value = viewer.value_of(column);
    view.columns.push_back({.name = column.name, .type = value.type});
    // Whatever DuckDB makes of it, the type is the one that is promised.
    view.values.push_back(fmt::format("CAST({} AS {})", value.sql, sql_name(value.type)));
  }
  return view;
}

}  // namespace weir::parquet
