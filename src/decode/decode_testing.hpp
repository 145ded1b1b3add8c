// SPDX-License-Identifier: Apache-2.0
// decode: for tests: text in, records out as text. Written from AWS's rules, not from the writers.
#pragma once

#include <string>
#include <vector>

#include "weir/decode.hpp"
#include "weir/names.hpp"

namespace weir::decode {

struct Decoded {
  std::vector<std::string> records;  ///< values separated by blanks, `-` for null
  DecodeReport report;
  std::optional<Error> error;
};

inline std::string record_text(const Batch& batch, std::size_t row) {
  std::string text;
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const Column& column = batch.columns[i];
    const FieldType type = batch.format->fields()[i].type;
    if (i > 0) text += ' ';
    if (!column.decoded) {
      text += '?';
    } else if (column.nulls.test(row)) {
      text += '-';
    } else if (type == FieldType::number || type == FieldType::time) {
      text += std::to_string(column.numbers[row]);
    } else if (type == FieldType::address) {
      text += to_string(column.addresses[row]);
    } else {
      text += column.texts[row];
    }
  }
  return text;
}

inline Decoded decode_object(std::unique_ptr<Object> object, const DecodeOptions& options = {}) {
  Decoded decoded;
  auto decoder = Decoder::open(std::move(object), options);
  if (!decoder) {
    decoded.error = std::move(decoder.error());
    return decoded;
  }
  Batch batch;
  while (true) {
    Result<bool> more = (*decoder)->next(batch);
    if (!more) decoded.error = std::move(more.error());
    if (!more || !*more) break;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      decoded.records.push_back(record_text(batch, row));
    }
  }
  decoded.report = (*decoder)->report();
  return decoded;
}

inline Decoded decode_text(std::string_view text, const DecodeOptions& options = {},
                           const std::string& name = "test.log") {
  return decode_object(Object::from_memory(name, text), options);
}

}  // namespace weir::decode
