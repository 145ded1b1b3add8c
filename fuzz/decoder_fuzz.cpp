// SPDX-License-Identifier: Apache-2.0
// fuzz: any bytes through source, envelope and decoder. Checks what must hold of every batch, that
// the counters add up, and that asking for fewer columns never loses a record.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "weir/decode.hpp"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

struct Counts {
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
};

/// True if the vector that belongs to a field's type has a value for each row.
bool has_values(const weir::Column& column, const weir::FormatField& field, std::size_t rows) {
  switch (field.type) {
    case weir::FieldType::address:
      return column.addresses.size() >= rows;
    case weir::FieldType::text:
      return column.texts.size() >= rows;
    default:
      return column.numbers.size() >= rows;
  }
}

Counts decode(std::string_view bytes, const weir::DecodeOptions& options) {
  Counts counts;
  auto decoder = weir::Decoder::open(weir::Object::from_memory("fuzz", bytes), options);
  if (!decoder) return counts;
  weir::Batch batch;
  while (true) {
    const weir::Result<bool> more = (*decoder)->next(batch);
    if (!more || !*more) break;
    check(batch.rows > 0 && batch.rows <= weir::kBatchRows);
    check(batch.columns.size() == batch.format->size());
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
      if (batch.columns[i].decoded)
        check(has_values(batch.columns[i], batch.format->fields()[i], batch.rows));
    }
    counts.records += batch.rows;
  }
  const weir::DecodeReport& report = (*decoder)->report();
  check(report.records == counts.records);
  for (const std::uint64_t count : report.rejected_by_reason) counts.rejected += count;
  check(report.rejected == counts.rejected);
  return counts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Counts all = decode(bytes, {});
  weir::DecodeOptions one;
  one.fields = weir::FieldSet();
  one.fields.add(weir::FieldId::srcaddr);
  const Counts fewer = decode(bytes, one);
  check(fewer.records >= all.records);
  check(fewer.records + fewer.rejected == all.records + all.rejected);
  return 0;
}
