// SPDX-License-Identifier: Apache-2.0
// compute: compact keys, a column at a time.
//
// Each loop runs over all selected rows, without a look at what is special about one. The few rows
// that are special are marked, and taken out at the end by putting the last row in their place.
#include "compute/batch_keys.hpp"

#include <algorithm>
#include <bit>

namespace weir::compute {

BatchKeys::BatchKeys(const KeyLayout& layout, base::TextPool& pool)
    : layout_(layout), texts_(pool) {
  for (const KeyColumn& column : layout.columns()) {
    sources_.push_back({.buckets = TimeBuckets(std::max<std::int64_t>(1, column.key.bucket_seconds),
                                               column.key.zone)});
  }
  other_rows_.reserve(kBatchRows);
}

void BatchKeys::find_columns(const Batch& batch) {
  const std::span<const KeyColumn> keys = layout_.columns();
  if (format_ != batch.format) {
    format_ = batch.format;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      sources_[i].position = keys[i].id != FieldId::unknown ? format_->index_of(keys[i].id)
                                                            : format_->index_of(keys[i].key.field);
    }
  }
  for (Source& source : sources_) {
    source.column =
        source.position < 0 ? nullptr : &batch.columns[static_cast<std::size_t>(source.position)];
    if (source.column != nullptr && !source.column->decoded) source.column = nullptr;
  }
}

/// Marks the places of rows whose bit is set in `nulls`, which has one bit per row.
void BatchKeys::drop(std::span<const std::uint64_t> nulls, const Selection& selection, bool all,
                     Bits& bits) {
  if (all) {
    for (std::size_t word = 0; word < bits.size(); ++word) bits[word] |= nulls[word];
    return;
  }
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::size_t row = selection.rows[i];
    bits[i / 64] |= (nulls[row / 64] >> (row % 64) & 1) << (i % 64);
  }
}

void BatchKeys::find_dropped(const Selection& selection, bool all, const CountColumns& counts,
                             KnownCounts known) {
  missing_.fill(0);
  other_.fill(0);
  any_missing_ = any_other_ = false;
  Bits nulls;
  nulls.fill(sources_.empty() ? 0 : ~std::uint64_t{0});
  for (const Source& source : sources_) {
    if (source.column == nullptr) continue;
    for (std::size_t word = 0; word < nulls.size(); ++word) {
      nulls[word] &= source.column->nulls.word(word);
    }
  }
  const auto any = [](const Bits& bits) {
    return std::any_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word != 0; });
  };
  if (any(nulls)) {
    drop(nulls, selection, all, missing_);
    any_missing_ = true;
  }
  nulls.fill(layout_.compact_words() == 0 ? ~std::uint64_t{0} : 0);
  for (const auto& [column, expected] :
       {std::pair(counts.packets, known.packets), std::pair(counts.bytes, known.bytes)}) {
    for (std::size_t word = 0; word < nulls.size(); ++word) {
      const std::uint64_t lacks = column == nullptr ? ~std::uint64_t{0} : column->nulls.word(word);
      nulls[word] |= expected ? lacks : ~lacks;
    }
  }
  if (any(nulls)) {
    drop(nulls, selection, all, other_);
    any_other_ = true;
  }
}

template <class ValueAt>
void BatchKeys::pack(const KeyColumn& key, const NullMask& nulls, bool all, ValueAt value_at) {
  std::uint64_t* const words = words_[key.word].data();
  const unsigned shift = key.shift;
  const unsigned bits = key.bits;
  const bool any_null = nulls.any();
  // A value fits if it and the value after it have no bit beyond; that holds for 2^64 - 1 too.
  const auto run = [&](auto row_of, auto present) {
    std::uint64_t beyond = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t row = row_of(i);
      const std::uint64_t keep = present(row);
      const std::uint64_t value = value_at(row) & keep;
      const std::uint64_t code = (value + 1) & keep;
      beyond |= (value | code) >> bits;
      words[i] |= code << shift;
    }
    return beyond;
  };
  const auto same_row = [](std::size_t i) { return i; };
  const auto listed_row = [this](std::size_t i) -> std::size_t { return rows_[i]; };
  const auto always = [](std::size_t) { return ~std::uint64_t{0}; };
  const auto not_null = [&nulls](std::size_t row) {
    return (nulls.word(row / 64) >> (row % 64) & 1) - 1;
  };
  const std::uint64_t beyond = all ? any_null ? run(same_row, not_null) : run(same_row, always)
                               : any_null ? run(listed_row, not_null)
                                          : run(listed_row, always);
  if (beyond == 0) return;
  any_other_ = true;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t row = rows_[i];
    const std::uint64_t value = value_at(row) & not_null(row);
    const bool fits = ((value | (value + 1)) >> bits) == 0;
    other_[i / 64] |= std::uint64_t{!fits} << (i % 64);
  }
}

void BatchKeys::pack_column(const KeyColumn& key, Source& source, bool all) {
  if (source.column == nullptr) return;
  const Column& column = *source.column;
  switch (key.type) {
    case FieldType::number:
    case FieldType::time: {
      const std::uint64_t* const numbers = column.numbers.data();
      if (key.key.bucket_seconds == 0) {
        return pack(key, column.nulls, all, [=](std::size_t row) { return numbers[row]; });
      }
      return pack(key, column.nulls, all,
                  [&, numbers](std::size_t row) { return source.buckets.start_of(numbers[row]); });
    }
    case FieldType::address: {
      const Ip* const addresses = column.addresses.data();
      return pack(key, column.nulls, all, [=](std::size_t row) {
        const Ip& address = addresses[row];
        return (address.low & 0xffff'ffff) | (address.is_ipv4() ? 0 : ~std::uint64_t{0});
      });
    }
    case FieldType::text: {
      const std::string_view* const texts = column.texts.data();
      return pack(key, column.nulls, all, [=, this](std::size_t row) -> std::uint64_t {
        return texts_.number_of(texts[row]);
      });
    }
  }
}

void BatchKeys::remove_dropped() {
  const std::size_t used = (count_ + 63) / 64;
  const std::size_t tail = count_ % 64;
  for (std::size_t word = used; word-- > 0;) {
    std::uint64_t left = missing_[word] | other_[word];
    if (word + 1 == used && tail != 0) left &= (std::uint64_t{1} << tail) - 1;
    while (left != 0) {
      const auto bit = static_cast<std::size_t>(std::bit_width(left) - 1);
      left ^= std::uint64_t{1} << bit;
      const std::size_t place = word * 64 + bit;
      if ((missing_[word] >> bit & 1) != 0) {
        ++without_key_;
      } else {
        other_rows_.push_back(rows_[place]);
      }
      --count_;
      rows_[place] = rows_[count_];
      for (std::size_t w = 0; w < layout_.compact_words(); ++w)
        words_[w][place] = words_[w][count_];
    }
  }
}

void BatchKeys::read(const Batch& batch, const Selection& selection, const CountColumns& counts,
                     KnownCounts known) {
  const bool all = selection.count == batch.rows;
  count_ = selection.count;
  std::copy_n(selection.rows.begin(), count_, rows_.begin());
  other_rows_.clear();
  without_key_ = 0;
  find_columns(batch);
  find_dropped(selection, all, counts, known);
  for (std::size_t word = 0; word < layout_.compact_words(); ++word) {
    std::fill_n(words_[word].begin(), count_, std::uint64_t{0});
  }
  for (std::size_t i = 0; i < sources_.size() && layout_.compact_words() > 0; ++i) {
    pack_column(layout_.columns()[i], sources_[i], all);
  }
  if (any_missing_ || any_other_) remove_dropped();
}

void BatchKeys::full_key(std::size_t row, std::span<std::uint64_t> key) {
  std::fill(key.begin(), key.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const KeyColumn& column = layout_.columns()[i];
    const Column* const values = sources_[i].column;
    if (values == nullptr || values->nulls.test(row)) {
      key[0] |= std::uint64_t{1} << i;
      continue;
    }
    std::uint64_t* const words = &key[column.full_word];
    switch (column.type) {
      case FieldType::number:
      case FieldType::time:
        words[0] = values->numbers[row];
        if (column.key.bucket_seconds > 0) words[0] = sources_[i].buckets.start_of(words[0]);
        break;
      case FieldType::address:
        words[0] = values->addresses[row].high;
        words[1] = values->addresses[row].low;
        break;
      case FieldType::text:
        words[0] = texts_.number_of(values->texts[row]);
        break;
    }
  }
}

}  // namespace weir::compute
