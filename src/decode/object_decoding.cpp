// SPDX-License-Identifier: Apache-2.0
// decode: what is known of an object across its blocks.
#include "decode/object_decoding.hpp"

#include <fmt/format.h>

namespace weir::decode {

ObjectDecoding::ObjectDecoding(const std::string& name, const DecodeOptions& options)
    : options_(options), chooser_(name, options), rejects_(name, options, report_) {
  report_.name = name;
}

std::uint64_t ObjectDecoding::pass_lines(std::uint64_t count) {
  const std::uint64_t first = lines_ + 1;
  lines_ += count;
  return first;
}

void ObjectDecoding::commit(BlockOutcome& outcome) {
  rejects_.add(outcome);
  for (const auto& [use, records] : outcome.records) {
    report_.records += records;
    chooser_.count(use, records);
  }
  report_.blank_lines += outcome.blank_lines;
  report_.comments += outcome.comments;
  report_.headers += outcome.headers;
  report_.millisecond_times += outcome.millisecond_times;
  report_.coarse_times += outcome.coarse_times;
  outcome = BlockOutcome();
}

void ObjectDecoding::finish(const Envelope& envelope, std::uint64_t packed_bytes,
                            std::uint64_t unpacked_bytes) {
  report_.passed_over = envelope.passed_over();
  report_.coarse_times += envelope.coarse_times();
  report_.repeated_names = envelope.repeated_names();
  finish(packed_bytes, unpacked_bytes);
}

void ObjectDecoding::finish(std::uint64_t packed_bytes, std::uint64_t unpacked_bytes) {
  report_.packed_bytes = packed_bytes;
  report_.unpacked_bytes = unpacked_bytes;
  report_.formats = chooser_.take_uses();
}

std::string describe_shape(const Object& object, const Envelope& envelope) {
  if (object.packing().empty()) return envelope.describe();
  return fmt::format("{}, {}", object.packing(), envelope.describe());
}

}  // namespace weir::decode
