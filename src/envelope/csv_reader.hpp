// SPDX-License-Identifier: Apache-2.0
// envelope: bytes in any cut -> CSV rows (RFC 4180), in bounded memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/envelope.hpp"

namespace weir::envelope {

/// One row. Texts live until the reader is asked for the next row.
struct CsvRow {
  struct Cell {
    std::string_view text;
    bool quoted = false;
    LineOrigin origin;
  };
  std::vector<Cell> cells;
  LineOrigin origin;    ///< of the row's first byte
  std::string problem;  ///< why the row cannot be read, or empty
  bool too_long = false;
  std::string_view raw;  ///< the row as it is written, cut at 4 KiB; filled for a problem
};

/// True for the name of a column whose cells are records: `message`, `@message`.
bool is_message_column(std::string_view name) noexcept;

/// How cells are told apart. weir and databases write TSV without quotes.
struct CsvDialect {
  char delimiter = ',';
  bool has_quotes = true;
};

/// Cells may be quoted, quotes in them are doubled, and quoted cells may hold delimiters and
/// newlines. CR LF and LF end a row; the last row may lack it. Blank lines are no rows.
///
/// Memory: kMaxLineBytes. A row that is longer is reported, and reading goes on at the next line.
class CsvReader {
 public:
  explicit CsvReader(CsvDialect dialect) : dialect_(dialect) {}

  /// Gives the reader more bytes, which must live until next() has returned false.
  void feed(std::string_view bytes) { input_ = bytes; }
  /// Fills `row` and returns true, or returns false when it needs more bytes.
  bool next(CsvRow& row);
  /// Tells that no more bytes follow. Fills `row` and returns true if a row was unfinished.
  bool finish(CsvRow& row);
  /// What has been read of an unfinished row, cut at 4 KiB; empty between rows.
  std::string_view unfinished() const noexcept { return handed_out_ ? std::string_view() : raw_; }
  LineOrigin unfinished_origin() const noexcept { return row_origin_; }

 private:
  enum class State : std::uint8_t { cell_start, plain, quoted, quote, skip };
  struct Cell {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
    LineOrigin origin;
  };

  void begin_row();
  std::size_t run_length() const noexcept;
  void take_run(std::size_t length);
  bool take(char c, CsvRow& row);
  void begin_cell(bool quoted);
  void end_cell();
  bool end_row(CsvRow& row);

  CsvDialect dialect_;
  std::string_view input_;
  State state_ = State::cell_start;
  bool handed_out_ = true;  // the row below has been given away, or there is none yet
  std::string text_;        // the cells of the row, one after the other
  std::vector<Cell> cells_;
  std::string raw_;  // the row as it is written, cut
  std::size_t row_bytes_ = 0;
  std::string problem_;
  bool too_long_ = false;
  LineOrigin row_origin_;
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 0;
};

}  // namespace weir::envelope
