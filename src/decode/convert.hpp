// SPDX-License-Identifier: Apache-2.0
// decode: tokens of one field -> one column. The kernel takes what is common, the rest is read here
// one by one, so that what is valid does not depend on the kernel.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "decode/kernels/kernels.hpp"
#include "weir/batch.hpp"
#include "weir/envelope.hpp"

namespace weir::decode {

/// Larger times are milliseconds: twelve digits as seconds would be the year 5138; thirteen were
/// seen (observed: flowlogs-reader).
inline constexpr std::uint64_t kLargestSeconds = 99'999'999'999;

/// Something wrong with a row.
struct RowFault {
  std::uint16_t row = 0;
  std::uint16_t field = 0;
  RejectReason reason = RejectReason::number;
};

/// A column that came as whole numbers, not as tokens.
template <class Integer>
struct WholeNumbers {
  const Integer* values = nullptr;
  const std::uint64_t* valid = nullptr;  ///< null if there are no nulls
  std::size_t count = 0;
  /// Number i stands at places[i] and belongs to row rows[i]; null: at i, and to row i.
  const std::uint16_t* places = nullptr;
  const std::uint16_t* rows = nullptr;
};

/// Turns tokens into values. `-` becomes null. Faulty rows get an arbitrary value and an entry in
/// faults().
/// Threads: one at a time.
class Converter {
 public:
  explicit Converter(const kernel::Table& kernel) : kernel_(kernel) {}

  /// Forgets the faults and the decoded texts of the batch before.
  void start_batch() {
    faults_.clear();
    decoded_texts_.clear();
  }
  void forget_faults() { faults_.clear(); }

  /// Fills a column. Token i belongs to row i, or, where `rows` is given, to row rows[i]; the
  /// values of other rows stay what they are. `percent_encoded` is for texts.
  void convert(const FormatField& field, std::size_t position, bool percent_encoded,
               const kernel::TokenColumn& tokens, const std::uint16_t* rows, Column& column);

  /// The same for the numbers and times of a column; std::int32_t, std::int64_t or std::uint64_t.
  template <class Integer>
  void convert(const FormatField& field, std::size_t position, const WholeNumbers<Integer>& numbers,
               Column& column);

  std::vector<RowFault>& faults() { return faults_; }
  std::uint64_t millisecond_times() const { return millisecond_times_; }
  void reset_millisecond_times() { millisecond_times_ = 0; }

 private:
  struct Job;
  template <class Integer>
  std::uint64_t take_all(const WholeNumbers<Integer>& numbers, Column& column);
  template <class Integer>
  std::uint64_t take_some(const WholeNumbers<Integer>& numbers, Column& column);
  void convert_numbers(const Job& job, std::uint64_t max);
  void convert_times(const Job& job);
  void convert_addresses(const Job& job);
  void convert_texts(const Job& job, bool percent_encoded);
  void decode_texts(const Job& job, std::string_view* texts);

  const kernel::Table& kernel_;
  std::vector<RowFault> faults_;
  std::deque<std::string> decoded_texts_;
  std::uint64_t millisecond_times_ = 0;
  std::vector<std::uint64_t> numbers_;  // for tokens that belong to some rows only
  std::vector<Ip> addresses_;
  std::vector<std::uint16_t> exceptions_;
};

}  // namespace weir::decode
