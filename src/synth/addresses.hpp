// SPDX-License-Identifier: Apache-2.0
// synth: numbers -> addresses as text, and which AWS service they belong to.
#pragma once

#include <cstdint>

#include "synth/network.hpp"

namespace weir::synth {

/// Values of pkt-src-aws-service that the invented addresses have.
enum class Service : std::uint8_t { none, amazon, s3, dynamodb, ec2, cloudfront, api_gateway };
const Word& service_word(Service service) noexcept;

/// Writes an address of no service.
void write_ipv4(std::uint32_t address, Endpoint& out) noexcept;
void write_ipv6(std::uint64_t high, std::uint64_t low, Endpoint& out) noexcept;

/// A public address from 64 random bits; one in 32 is in an EC2 range.
void public_address(std::uint64_t drawn, Endpoint& out) noexcept;
/// A public address of an AWS service.
void aws_address(Random& random, Endpoint& out) noexcept;
/// An address of S3 or DynamoDB.
void gateway_address(Random& random, Endpoint& out) noexcept;

}  // namespace weir::synth
