// SPDX-License-Identifier: Apache-2.0
// sql: what weir knows of addresses and numbers, as functions of SQL.
//
//   cidr_contains(prefix, address)    BOOLEAN   cidr_contains('10.0.0.0/8', srcaddr)
//   is_private(address)               BOOLEAN   not of the internet: 10.0.0.0/8, 100.64.0.0/10, ...
//   is_public(address)                BOOLEAN   all other unicast; neither is true of multicast
//   protocol_name(protocol)           VARCHAR   6 -> TCP
//   port_name(port[, protocol])       VARCHAR   22, 6 -> ssh
//   tcp_flags_text(flags)             VARCHAR   18 -> SYN-ACK
//
// A null among the arguments gives null, and so does a number without a name.
#pragma once

#include "duckdb/instance.hpp"
#include "weir/result.hpp"

namespace weir::sql {

/// An address of a log as a column of a table has it: canonical, null for `-` and nothing. It fails
/// at what is no address.
inline constexpr const char* kAddressFunction = "weir_address";
/// True, which DuckDB does not know: what depends on it is evaluated where it stands, in every row
/// there, and is not moved behind a condition that could spare a bad value.
inline constexpr const char* kTrueFunction = "weir_true";

/// Errors: what DuckDB says.
Result<void> register_functions(duckdb::Instance& instance);

}  // namespace weir::sql
