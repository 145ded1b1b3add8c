// SPDX-License-Identifier: Apache-2.0
// decode: which format has this line? A header line decides until the next one; then what the
// caller gave; then the tokens themselves, one answer for each number of fields.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/decode.hpp"

namespace weir::decode {

/// What a line is read as, or why it cannot be read.
struct FormatChoice {
  const FormatUse* use = nullptr;
  std::size_t index = 0;                            ///< of `use`, stable while the object is read
  RejectReason reason = RejectReason::field_count;  ///< if there is no use
};

class FormatChooser {
 public:
  FormatChooser(std::string object, const DecodeOptions& options);

  /// Told each block of lines that no wrapping names the fields of. Settles how lines without a
  /// header are read, from the first of them.
  /// Errors: no_flow_log, ambiguous.
  Result<void> look_at(std::string_view first_lines);
  /// What a line is as a header.
  enum class Header : std::uint8_t {
    none,            ///< it is a record, or rubbish
    taken,           ///< it names the fields of the lines that follow
    not_understood,  ///< it does, but nobody knows how: no line is a record until the next header
  };
  /// `below` are lines that follow it, as far as they are at hand.
  Header take_header(std::string_view line, std::string_view below);
  /// What is wrong with the header that was not understood.
  const std::string& not_understood() const { return not_understood_; }
  /// The lines that follow are written in a format that their wrapping named.
  void use_wrapping(const FormatPtr& format);

  FormatChoice choose(std::string_view line);
  /// Why choose() has no answer for a line, in words, and the column where it goes wrong.
  struct Mismatch {
    std::string detail;
    std::size_t column = 0;
  };
  Mismatch explain(std::string_view line) const;
  /// What the next line is most probably read as; no use if nothing is known.
  FormatChoice usual() const;
  /// Remembers the first line that was read with a format.
  void note_sample(std::size_t index, std::string_view line);
  void count(std::size_t index, std::uint64_t records) { uses_[index].records += records; }
  /// Formats that read at least one record or stood in a header, in order of appearance.
  std::vector<FormatUse> take_uses();

 private:
  std::size_t add_use(FormatPtr format, FormatOrigin origin);
  std::size_t infer(std::span<const std::string_view> lines, std::size_t field_count);
  Error nothing_fits(const std::map<std::size_t, std::vector<std::string_view>>& groups) const;
  std::string mismatch_detail(std::size_t field_count) const;

  static constexpr std::size_t kNone = ~std::size_t{0};

  std::string object_;
  FormatPtr given_;
  std::vector<NamedFormat> described_;
  std::span<const NamedFormat> candidates_;
  FormatOrigin inferred_origin_ = FormatOrigin::inferred;

  std::vector<FormatUse> uses_;
  std::size_t fixed_ = kNone;            // the one format of all lines, when known
  std::size_t before_wrapping_ = kNone;  // what was fixed before the wrapping named the fields
  std::map<std::size_t, std::size_t> by_field_count_;          // else: index of a use, or kNone
  std::map<std::size_t, std::vector<std::string>> ambiguous_;  // names of formats that fit alike
  std::map<std::size_t, std::string> contradicted_;  // why the one that fits does not hold
  std::size_t usual_ = kNone;  // what choose() said last, while nothing is fixed
  std::size_t most_fields_ = 0;
  std::string not_understood_;  // why the last header is not; empty if it is
  bool settled_ = false;
};

}  // namespace weir::decode
