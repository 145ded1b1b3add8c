// SPDX-License-Identifier: Apache-2.0
// policy: what kind of AWS answer a JSON object is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "policy/json_members.hpp"

namespace weir::policy {

/// The answers that are read.
enum class AnswerKind : std::uint8_t {
  security_groups,
  security_group_rules,
  network_acls,
  network_interfaces,
  subnets,
  vpcs,
  prefix_lists,
  prefix_list_entries,
};

/// AWS's top-level key: `SecurityGroups`.
std::string_view answer_key(AnswerKind kind) noexcept;
std::optional<AnswerKind> find_answer_kind(std::string_view key) noexcept;

/// True if the object is an answer: every member is an array, or one of those that AWS and its
/// tools put beside (NextToken, ResponseMetadata). An instance, which also has `SecurityGroups`, is
/// none.
bool is_answer(const JsonObject& object);
/// True for the members of an answer that are not what was asked for.
bool stands_beside(std::string_view key) noexcept;
/// The kind of a single item, as `--query 'SecurityGroups[]'` prints them; told by its ids.
std::optional<AnswerKind> kind_of_item(const JsonObject& object);
/// True for an item that looks like AWS's, whatever it is: it has an id, an ARN or a name.
bool is_other_item(const JsonObject& object);
/// True for a key as AWS writes them: `RouteTables`.
bool is_aws_key(std::string_view key) noexcept;

/// What is read, for messages.
std::string_view expected_answers() noexcept;

}  // namespace weir::policy
