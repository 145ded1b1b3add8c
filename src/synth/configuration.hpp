// SPDX-License-Identifier: Apache-2.0
// synth: network -> what `aws ec2 describe-…` would print about it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "synth/json_value.hpp"
#include "synth/network.hpp"

namespace weir::synth {

/// What one command prints.
struct ConfigurationDocument {
  std::string name;  ///< `123456789012/us-east-1/describe-vpcs.json`
  std::string key;   ///< `Vpcs`
  std::uint64_t items = 0;
  std::string text;
};

/// All of an account, as the company's groups and ACLs are at the time of its logs.
///
/// Source: EC2 API Reference, the actions after which the documents are named, as the AWS CLI
/// prints
///         them.
std::vector<ConfigurationDocument> describe(const Network& network, const Account& account);

// Its parts, each what stands behind the document's key.
JsonValue describe_groups(const Network& network, const Account& account);
JsonValue describe_group_rules(const Network& network, const Account& account);
JsonValue describe_acls(const Network& network, const Account& account);
JsonValue describe_interfaces(const Network& network, const Account& account);

}  // namespace weir::synth
