// SPDX-License-Identifier: Apache-2.0
// explain: the clauses of which explain_record() builds its sentences.
//
// A clause function looks at few fields and returns words, or an empty string when the record does
// not hold what it would say. Sentences end with a period; clauses have neither capital nor period.
#pragma once

#include <string>

#include "explain/record_view.hpp"
#include "weir/time.hpp"

namespace weir::explain {

/// True if the record is about TCP: its protocol says so, or it has flags and no protocol.
bool is_tcp(const RecordView& record);

// traffic.cpp: what was sent, from where to where, and how much.
/// `SSH traffic (destination port 22, TCP) from 10.0.0.1 to 10.0.0.2`.
std::string traffic_words(const RecordView& record);
/// `: 20 packets, 4,249 bytes in 60 seconds from 2014-12-14 04:06:50 UTC`.
std::string amount_words(const RecordView& record, const TimeZone& zone);
/// That ICMP's type and code are not logged.
std::string icmp_sentence(const RecordView& record);

// place.cpp: at which interface or gateway, and whose it is.
/// ` through eni-1 (instance i-1) of account 1`; `preposition` stands for `through` if not empty.
std::string place_words(const RecordView& record, std::string_view preposition = {});
/// `nat_gateway` -> `the interface of a NAT gateway`, `efa` -> `an interface of type efa`.
std::string interface_words(std::string_view type);

// status.cpp: what AWS says about the traffic and about the record.
/// ` was accepted`, ` was rejected by VPC Block Public Access`, ` was recorded`.
std::string verdict_words(const RecordView& record);
/// What a REJECT does not tell.
std::string reject_sentence(const RecordView& record);
/// The whole explanation of a NODATA or SKIPDATA record; empty for records of traffic.
std::string no_traffic_sentence(const RecordView& record, const TimeZone& zone);
/// What is odd about the log status of a record of traffic.
std::string status_sentence(const RecordView& record);

// connection.cpp: what the TCP flags prove.
std::string connection_sentence(const RecordView& record);

// path.cpp: intermediates, AWS services, gateways, Availability Zones, encryption.
std::string path_sentence(const RecordView& record);
/// `S3` -> `Amazon S3`; an unknown code as it is.
std::string aws_service_words(std::string_view code);

// transit_gateway.cpp
/// VPCs and attachments at both sides.
std::string transit_sentence(const RecordView& record);
/// Packets that the Transit Gateway lost, and why; empty if it lost none.
std::string lost_packets_sentence(const RecordView& record);

}  // namespace weir::explain
