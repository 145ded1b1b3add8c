// SPDX-License-Identifier: Apache-2.0
// explain: at which interface or gateway the traffic was recorded, and whose it is.
#include <fmt/format.h>

#include <vector>

#include "explain/clauses.hpp"
#include "explain/words.hpp"

namespace weir::explain {
namespace {

struct Place {
  std::string preposition;
  std::string words;
};

/// `nat_gateway` -> `NAT gateway`; empty for a type that AWS has not documented yet.
std::string_view interface_title(std::string_view type) {
  if (type == "nat_gateway") return "NAT gateway";
  if (type == "regional_nat_gateway") return "regional NAT gateway";
  if (type == "network_load_balancer") return "Network Load Balancer";
  if (type == "transit_gateway") return "Transit Gateway";
  if (type == "vpc_endpoint") return "VPC endpoint";
  return {};
}

std::string ecs_words(const RecordView& record) {
  const auto cluster = record.text(FieldId::ecs_cluster_name);
  const std::string in = cluster ? " in cluster " + quotable(*cluster) : std::string();
  if (const auto service = record.text(FieldId::ecs_service_name)) {
    return "ECS service " + quotable(*service) + in;
  }
  if (const auto task = record.text(FieldId::ecs_task_id)) {
    return "ECS task " + quotable(*task) + in;
  }
  return cluster ? "ECS cluster " + quotable(*cluster) : std::string();
}

std::string type_words(const RecordView& record) {
  const auto type = record.text(FieldId::interface_type);
  if (!type) return {};
  const std::string_view title = interface_title(*type);
  return title.empty() ? "type " + quotable(*type) : std::string(title);
}

std::string instance_words(const RecordView& record) {
  const auto instance = record.text(FieldId::instance_id);
  return instance ? "instance " + quotable(*instance) : std::string();
}

/// What stands behind a place: `(NAT gateway)`, `(instance i-1, ECS service web)`.
std::string behind_words(const std::vector<std::string>& parts) {
  const std::string text = joined(parts, ", ");
  return text.empty() ? text : fmt::format(" ({})", text);
}

std::string through_words(const RecordView& record) {
  const auto direction = record.text(FieldId::flow_direction);
  if (direction == "ingress") return "entering";
  if (direction == "egress") return "leaving";
  return "through";
}

/// The most precise place that the record names.
Place place_of(const RecordView& record) {
  if (const auto gateway = record.text(FieldId::tgw_id)) {
    return {through_words(record), "Transit Gateway " + quotable(*gateway)};
  }
  if (const auto interface = record.text(FieldId::interface_id)) {
    return {through_words(record),
            quotable(*interface) +
                behind_words({type_words(record), instance_words(record), ecs_words(record)})};
  }
  // AWS VPC User Guide, "Flow log records": a regional NAT gateway has no interface, and
  // resource-id names it.
  if (const auto gateway = record.text(FieldId::resource_id)) {
    return {through_words(record), "regional NAT gateway " + quotable(*gateway) +
                                       behind_words({instance_words(record), ecs_words(record)})};
  }
  if (const std::string instance = instance_words(record); !instance.empty()) {
    return {"at", instance + behind_words({type_words(record), ecs_words(record)})};
  }
  if (const std::string ecs = ecs_words(record); !ecs.empty()) {
    return {"at", ecs + behind_words({type_words(record)})};
  }
  if (const auto subnet = record.text(FieldId::subnet_id)) return {"in", quotable(*subnet)};
  if (const auto vpc = record.text(FieldId::vpc_id)) return {"in", quotable(*vpc)};
  return {};
}

}  // namespace

std::string interface_words(std::string_view type) {
  const std::string_view title = interface_title(type);
  return title.empty() ? fmt::format("an interface of type {}", quotable(type))
                       : fmt::format("the interface of a {}", title);
}

std::string place_words(const RecordView& record, std::string_view preposition) {
  Place place = place_of(record);
  std::string text;
  if (!place.words.empty()) {
    const bool replaced = !preposition.empty() && place.preposition != "in";
    text = fmt::format(" {} {}", replaced ? preposition : place.preposition, place.words);
  }
  const auto account = record.text(FieldId::account_id);
  if (!account) return text;
  const char* const of = place.words.empty() ? "in" : "of";
  // AWS VPC User Guide, "Flow log records": interfaces that AWS services create, such as endpoints
  // and Network Load Balancers, may show `unknown`.
  if (*account == "unknown") return fmt::format("{} {} an unknown account", text, of);
  return fmt::format("{} {} account {}", text, of, quotable(*account));
}

}  // namespace weir::explain
