// SPDX-License-Identifier: Apache-2.0
// envelope: JSON in every shape that AWS's tools give it, streamed in constant memory.
#include <fmt/format.h>

#include <array>
#include <iterator>

#include "envelope/block_queue.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/json_cutter.hpp"
#include "envelope/json_records.hpp"
#include "envelope/other_logs.hpp"
#include "envelope/reject.hpp"

namespace weir::envelope {
namespace {

using Found = JsonRecords::Found;

/// An object of its own inside a JSON string.
struct OpenPayload {
  std::string bytes;
  LineOrigin origin;
  std::unique_ptr<Object> object;
  EnvelopePtr envelope;
};

class JsonEnvelope final : public QueuedEnvelope {
 public:
  JsonEnvelope(StreamPtr stream, std::string name, int depth)
      : stream_(std::move(stream)),
        name_(std::move(name)),
        depth_(depth),
        records_(queue_, rejects_, coarse_times_, repeated_names_) {}

  /// Looks at the units of the sample until one holds a record, so that describe() can tell.
  Result<void> begin() {
    Result<std::size_t> got = stream_->read(buffer_);
    if (!got) return Unexpected(std::move(got.error()));
    cutter_.feed({buffer_.data(), *got});
    while (!found_any_ && cutter_.next(unit_)) {
      if (auto taken = take(unit_); !taken) return taken;
    }
    if (!records_.payloads().empty()) open_payload();
    return {};
  }

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::json; }
  std::string describe() const override {
    if (!payload_shape_.empty()) return fmt::format("base64 payloads in JSON: {}", payload_shape_);
    return records_.shape().empty() ? "JSON" : records_.shape();
  }

 protected:
  Result<bool> step() override {
    if (payload_) {
      step_payload();
      return true;
    }
    if (!records_.payloads().empty()) {
      open_payload();
      return true;
    }
    if (cutter_.next(unit_)) {
      if (auto taken = take(unit_); !taken) return Unexpected(std::move(taken.error()));
      return true;
    }
    Result<std::size_t> got = stream_->read(buffer_);
    if (!got) {
      if (cutter_.inside_value()) {
        rejects_.push_back(cut_off_reject(cutter_.unfinished(), cutter_.unfinished_text()));
      }
      return Unexpected(std::move(got.error()));
    }
    if (*got == 0) return finish();
    cutter_.feed({buffer_.data(), *got});
    return true;
  }

 private:
  Result<void> take(const JsonUnit& unit) {
    saw_unit_ = true;
    switch (unit.kind) {
      case JsonUnit::Kind::element:
        return take_element(unit);
      case JsonUnit::Kind::shell:
        return take_shell(unit);
      case JsonUnit::Kind::broken:
        reject(unit, unit.problem);
        break;
      case JsonUnit::Kind::too_long:
        rejects_.push_back(too_long_reject(unit.place, kMaxJsonUnitBytes, unit.text));
        break;
    }
    around_ = Around{};
    return {};
  }

  Result<void> take_element(const JsonUnit& unit) {
    if (first_key_.empty()) first_key_ = unit.key;
    const bool is_expected = is_event_array(unit.key) || (good_array_ == unit.array && found_any_);
    const Found found = records_.take_unit(unit, is_expected);
    Around unused;
    Around& around = unit.before.starts_with('{') ? around_ : unused;
    const bool is_part = found == Found::passed_over || found == Found::other;
    if (found == Found::records || is_part) around.found = true;
    if (found == Found::records) good_array_ = unit.array;
    if (found == Found::nothing) {
      // Arrays without records are a part of most documents: tags, categories, addresses.
      if (is_expected) {
        reject(unit, "no record in it");
        around.rejected = true;
      } else {
        ++passed_over_;
      }
      return {};
    }
    return settle(unit, found);
  }

  Result<void> take_shell(const JsonUnit& unit) {
    const Around around = std::exchange(around_, Around{});
    if (around.found || around.rejected) return {};
    const Found found = records_.take_unit(unit, found_in_shell_);
    if (found == Found::nothing) {
      if (is_empty_page(unit.text)) {
        ++passed_over_;
        found_page_ = true;
      } else {
        reject(unit, "no record in it");
      }
      return {};
    }
    if (found == Found::records) found_in_shell_ = true;
    return settle(unit, found);
  }

  Result<void> settle(const JsonUnit& unit, Found found) {
    switch (found) {
      case Found::records:
        found_any_ = true;
        if (!foreign_.empty()) keep_foreign();
        break;
      case Found::other:
        return take_foreign(unit);
      case Found::passed_over:
        ++passed_over_;
        found_page_ = true;
        break;
      case Found::broken:
        reject(unit, records_.problem());
        break;
      case Found::nothing:
        break;
    }
    return {};
  }

  /// A record of another service. Until a flow-log record is met, the object may be that service's.
  Result<void> take_foreign(const JsonUnit& unit) {
    constexpr std::size_t kEnough = 64;
    service_ = records_.service();
    foreign_.push_back(make_reject(RejectReason::other_log, unit.place,
                                   fmt::format("not a flow log but {}", service_), unit.text));
    if (found_any_) {
      keep_foreign();
    } else if (foreign_.size() == kEnough) {
      return Unexpected(other_log(service_, name_));
    }
    return {};
  }

  void keep_foreign() {
    std::move(foreign_.begin(), foreign_.end(), std::back_inserter(rejects_));
    foreign_.clear();
  }

  /// An answer of CloudWatch Logs that says that there are no records.
  static bool is_empty_page(std::string_view shell) {
    for (const std::string_view key : {"\"events\"", "\"logEvents\"", "\"results\""}) {
      const std::size_t at = shell.find(key);
      if (at == std::string_view::npos) continue;
      const std::size_t value = shell.find_first_not_of(" \t\r\n:", at + key.size());
      if (value != std::string_view::npos && shell[value] == '[') return true;
    }
    return false;
  }

  void open_payload() {
    auto& waiting = records_.payloads();
    payload_.emplace();
    payload_->bytes = std::move(waiting.front().bytes);
    payload_->origin = waiting.front().origin;
    waiting.pop_front();
    if (depth_ + 1 > kMaxPayloadDepth) {
      return close_payload("payloads are nested too deeply");
    }
    payload_->object = Object::from_memory(name_, payload_->bytes);
    auto envelope = open_envelope(*payload_->object, name_, depth_ + 1);
    if (!envelope) return close_payload(envelope.error().message);
    payload_->envelope = *std::move(envelope);
    if (payload_shape_.empty()) payload_shape_ = payload_->envelope->describe();
  }

  void step_payload() {
    LineBlock& block = payload_block_;
    Result<bool> more = payload_->envelope->next(block);
    for (Reject& reject : block.rejects) {
      reject.detail = fmt::format("in a payload, its line {}: {}", reject.line, reject.detail);
      reject.line = payload_->origin.line;
      reject.column = 0;
      rejects_.push_back(std::move(reject));
    }
    if (!more) return close_payload(more.error().message);
    if (!*more) return close_payload({});
    while (!block.text.empty()) {
      const std::size_t length = block.text.find('\n');
      queue_.add(block.text.substr(0, length), payload_->origin, block.format);
      block.text.remove_prefix(length + 1);
    }
  }

  void close_payload(std::string_view problem) {
    if (!problem.empty()) {
      rejects_.push_back(make_reject(RejectReason::json, payload_->origin,
                                     fmt::format("base64 payload: {}", problem), {}));
    }
    if (payload_->envelope != nullptr) {
      passed_over_ += payload_->envelope->passed_over();
      coarse_times_ += payload_->envelope->coarse_times();
      repeated_names_ += payload_->envelope->repeated_names();
    }
    payload_.reset();
  }

  Result<bool> finish() {
    if (cutter_.inside_value()) {
      const LineOrigin place = cutter_.unfinished();
      return Unexpected(
          {.code = ErrorCode::damaged,
           .message = fmt::format("the JSON breaks off inside the value that begins in line {}",
                                  place.line),
           .where = fmt::format("{}:{}:{}", name_, place.line, place.column + std::uint64_t{1}),
           .hint = "the records before it were read; fetch the file again"});
    }
    // An empty array is an answer without records, as weir itself writes one.
    if (!foreign_.empty()) return Unexpected(other_log(service_, name_));
    if (found_any_ || found_page_ || !saw_unit_) return false;
    return Unexpected(no_record());
  }

  void reject(const JsonUnit& unit, std::string_view detail) {
    rejects_.push_back(make_reject(RejectReason::json, unit.place, std::string(detail), unit.text));
  }

  Error no_record() const {
    Error error = no_flow_log(
        "the JSON holds no flow-log record: no message, @message, body, log or event.original with "
        "a record, no object with flow-log fields, no Logs Insights row, no base64 payload",
        name_);
    if (first_key_ == "FlowLogs") {
      error.hint = "a describe-flow-logs answer is no log, but it names the format: --format FILE";
    }
    return error;
  }

  /// What has been seen of the top-level value that is being read.
  struct Around {
    bool found = false;
    bool rejected = false;
  };

  StreamPtr stream_;
  std::string name_;
  int depth_;
  JsonCutter cutter_;
  JsonUnit unit_;
  JsonRecords records_;
  std::optional<OpenPayload> payload_;
  LineBlock payload_block_;
  std::string payload_shape_;
  std::string first_key_;
  std::vector<Reject> foreign_;  // records of service_, while no flow log has been found
  std::string_view service_;
  std::uint64_t good_array_ = 0;  // the last array that held a record
  Around around_;
  bool saw_unit_ = false;
  bool found_any_ = false;
  bool found_in_shell_ = false;
  bool found_page_ = false;  // a control message, or a page without events
  std::array<char, kSampleBytes> buffer_;
};

}  // namespace

Result<EnvelopePtr> make_json(StreamPtr stream, std::string name, int depth) {
  auto envelope = std::make_unique<JsonEnvelope>(std::move(stream), std::move(name), depth);
  if (auto begun = envelope->begin(); !begun) return Unexpected(std::move(begun.error()));
  return EnvelopePtr(std::move(envelope));
}

}  // namespace weir::envelope
