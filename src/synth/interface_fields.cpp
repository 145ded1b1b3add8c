// SPDX-License-Identifier: Apache-2.0
// synth: the fields that do not depend on the traffic.
#include "synth/interface_fields.hpp"

#include <fmt/format.h>

namespace weir::synth {
namespace {

std::string arn(const Account& account, std::string_view kind, std::string_view name) {
  return fmt::format("arn:aws:ecs:{}:{}:{}/{}", account.region, account.id, kind, name);
}

std::string task_text(FieldId field, const Interface& interface, const Account& account) {
  const Task& task = interface.task;
  if (task.id.empty()) return "-";
  switch (field) {
    case FieldId::ecs_cluster_arn:
      return arn(account, "cluster", task.cluster);
    case FieldId::ecs_cluster_name:
      return task.cluster;
    case FieldId::ecs_container_instance_arn:
      if (task.container_instance == "-") return "-";
      return arn(account, "container-instance",
                 fmt::format("{}/{}", task.cluster, task.container_instance));
    case FieldId::ecs_container_instance_id:
      return task.container_instance;
    case FieldId::ecs_container_id:
      return task.container;
    case FieldId::ecs_second_container_id:
      return task.second_container;
    case FieldId::ecs_service_name:
      return task.service;
    case FieldId::ecs_task_definition_arn:
      return arn(account, "task-definition",
                 fmt::format("{}:{}", task.service == "-" ? "batch" : task.service, task.revision));
    case FieldId::ecs_task_arn:
      return arn(account, "task", fmt::format("{}/{}", task.cluster, task.id));
    default:
      return task.id;
  }
}

std::string next_hop_text(FieldId field, const Interface& interface, const Network& network) {
  switch (field) {
    case FieldId::next_hop_interface_id:
      return interface.id;
    case FieldId::next_hop_subnet_id:
      return interface.subnet.id;
    case FieldId::next_hop_az_id:
      return interface.subnet.zone;
    case FieldId::next_hop_vpc_id:
      return network.vpcs()[interface.vpc].id;
    default:
      return interface.type;
  }
}

std::string own_text(FieldId field, const Interface& interface, const Network& network,
                     int version) {
  const auto tag = [&](FieldId first) {
    return interface.tags[static_cast<std::size_t>(field) - static_cast<std::size_t>(first)];
  };
  switch (field) {
    case FieldId::version:
      return fmt::format("{}", version);
    case FieldId::account_id:
      return interface.account_id;
    case FieldId::interface_id:
      return interface.id;
    case FieldId::vpc_id:
      return network.vpcs()[interface.vpc].id;
    case FieldId::subnet_id:
      return interface.subnet.id;
    case FieldId::instance_id:
      return interface.instance;
    case FieldId::region:
      return network.accounts()[interface.account].region;
    case FieldId::az_id:
      return interface.subnet.zone;
    case FieldId::resource_id:
      return interface.resource;
    case FieldId::interface_type:
      return interface.type;
    case FieldId::instance_tag:
    case FieldId::instance_tag_2:
    case FieldId::interface_tag:
    case FieldId::interface_tag_2:
    case FieldId::asg_tag:
    case FieldId::asg_tag_2:
      return tag(FieldId::instance_tag);
    default:
      return "-";  // sublocation-type, sublocation-id: no Outpost, no Local Zone
  }
}

bool is_task_field(FieldId field) {
  return field >= FieldId::ecs_cluster_arn && field <= FieldId::ecs_task_id;
}

}  // namespace

Origin origin_of(FieldId field, bool empty_window) noexcept {
  switch (field) {
    case FieldId::start:
    case FieldId::end:
    case FieldId::log_status:
      return Origin::traffic;
    case FieldId::srcaddr:
    case FieldId::dstaddr:
    case FieldId::srcport:
    case FieldId::dstport:
    case FieldId::protocol:
    case FieldId::packets:
    case FieldId::bytes:
    case FieldId::action:
    case FieldId::tcp_flags:
    case FieldId::type:
    case FieldId::pkt_srcaddr:
    case FieldId::pkt_dstaddr:
    case FieldId::pkt_src_aws_service:
    case FieldId::pkt_dst_aws_service:
    case FieldId::flow_direction:
    case FieldId::traffic_path:
    case FieldId::reject_reason:
    case FieldId::encryption_status:
      return empty_window ? Origin::interface : Origin::traffic;
    case FieldId::next_hop_interface_id:
    case FieldId::next_hop_subnet_id:
    case FieldId::next_hop_az_id:
    case FieldId::next_hop_vpc_id:
    case FieldId::next_hop_interface_type:
      return empty_window ? Origin::interface : Origin::next_hop;
    default:
      return Origin::interface;
  }
}

std::string interface_text(FieldId field, const Interface& interface, const Network& network,
                           int version, bool empty_window) {
  if (&interface == &network.nowhere()) return "-";
  if (is_task_field(field)) {
    // AWS computes these for the traffic of a task; a window without has none.
    return empty_window ? "-" : task_text(field, interface, network.accounts()[interface.account]);
  }
  if (origin_of(field, false) == Origin::next_hop && !empty_window) {
    return next_hop_text(field, interface, network);
  }
  return own_text(field, interface, network, version);
}

}  // namespace weir::synth
