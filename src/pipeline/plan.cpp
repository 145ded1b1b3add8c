// SPDX-License-Identifier: Apache-2.0
// pipeline: what is asked of a run -> what is asked of the decoder, and of Parquet files.
#include "pipeline/plan.hpp"

#include <utility>

#include "decode/chunk_decoder.hpp"

namespace weir::pipeline {
namespace {

/// True if rows that do not match are looked at too.
bool looks_at_all(const RunOptions& options) {
  return options.look_at_all || options.hand_on_all || options.decode.strict ||
         options.decode.on_reject != nullptr;
}

}  // namespace

DecodeOptions plan_decoding(const RunOptions& options) {
  DecodeOptions decode = options.decode;
  FieldSet first;
  if (options.since || options.until) first.add(FieldId::start);
  if (looks_at_all(options)) {
    decode.fields.add(first);
    if (options.filter) decode.fields.add(options.filter->fields());
    return decode;
  }
  if (!options.filter && !options.since && !options.until) return decode;
  const FieldSet rest = std::exchange(decode.fields, first);
  if (options.filter) {
    for (const Filter& step : options.filter->steps()) decode.later.push_back(step.fields());
  }
  decode.later.push_back(rest);
  return decode;
}

parquet::Wanted plan_parquet(const RunOptions& options, const DecodeOptions& decode) {
  parquet::Wanted wanted = decode::wanted_of(decode);
  // Looked at in the chunk, whether or not the column is converted.
  if (options.count_skipdata || options.only_traffic || !options.needs.empty())
    wanted.fields.emplace_back().add(FieldId::log_status);
  if (!looks_at_all(options)) {
    wanted.since = options.since;
    wanted.until = options.until;
  }
  return wanted;
}

}  // namespace weir::pipeline
