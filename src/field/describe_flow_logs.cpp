// SPDX-License-Identifier: Apache-2.0
// field: what `aws ec2 describe-flow-logs` prints -> formats. Shape: Amazon EC2 API Reference,
// FlowLog (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html).
#include <fmt/format.h>
#include <simdjson.h>

#include "weir/format.hpp"

namespace weir {
namespace {

std::string text_member(const simdjson::dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get_string().get(text) == simdjson::SUCCESS ? std::string(text)
                                                                 : std::string();
}

Error wrong_shape(std::string_view name) {
  return {.code = ErrorCode::malformed,
          .message = "the JSON holds no flow log with a LogFormat",
          .where = std::string(name),
          .hint = "pass what `aws ec2 describe-flow-logs` prints"};
}

}  // namespace

Result<std::vector<DescribedFlowLog>> parse_describe_flow_logs(std::string_view json,
                                                               std::string_view name) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const simdjson::padded_string padded(json);
  if (const auto failure = parser.parse(padded).get(document); failure != simdjson::SUCCESS) {
    return Unexpected(
        {.code = ErrorCode::damaged,
         .message = fmt::format("no valid JSON: {}", simdjson::error_message(failure)),
         .where = std::string(name),
         .hint = "pass what `aws ec2 describe-flow-logs` prints"});
  }
  simdjson::dom::array flow_logs;
  if (document["FlowLogs"].get_array().get(flow_logs) != simdjson::SUCCESS) {
    return Unexpected(wrong_shape(name));
  }
  std::vector<DescribedFlowLog> described;
  for (const simdjson::dom::element flow_log : flow_logs) {
    const std::string log_format = text_member(flow_log, "LogFormat");
    if (log_format.empty()) continue;
    Result<Format> format = Format::parse_log_format(log_format, true);
    if (!format) {
      format.error().where = std::string(name);
      return Unexpected(std::move(format.error()));
    }
    described.push_back({.flow_log_id = text_member(flow_log, "FlowLogId"),
                         .log_group = text_member(flow_log, "LogGroupName"),
                         .format = std::make_shared<Format>(*std::move(format))});
  }
  if (described.empty()) return Unexpected(wrong_shape(name));
  return described;
}

}  // namespace weir
