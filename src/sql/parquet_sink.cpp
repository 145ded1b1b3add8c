// SPDX-License-Identifier: Apache-2.0
// sql: lines of JSON -> a Parquet file.
#include <fmt/format.h>

#include <utility>

#include "duckdb/instance.hpp"
#include "sql/whole_files.hpp"
#include "weir/parquet.hpp"

namespace weir {
namespace {

using sql::WholeFiles;

class ParquetSink final : public ByteSink {
 public:
  ParquetSink(WholeFiles files, std::unique_ptr<ByteSink> lines)
      : files_(std::move(files)), lines_(std::move(lines)) {}

  Result<void> write(std::string_view bytes) override {
    is_empty_ = is_empty_ && bytes.empty();
    return about_target(lines_->write(bytes));
  }

  Result<void> finish() override {
    if (is_empty_) {
      return Unexpected({.code = ErrorCode::usage,
                         .message = "the answer has no rows, which a Parquet file cannot tell from "
                                    "no answer",
                         .where = files_.target(),
                         .hint = "-o csv"});
    }
    if (auto done = about_target(lines_->finish()); !done) return done;
    auto session = SqlSession::open({.tables = {},
                                     .threads = 1,
                                     .memory_bytes = 0,
                                     .temp_directory = files_.folder(),
                                     .safe = false,
                                     .time_zone = "UTC"});
    if (!session) return Unexpected(std::move(session.error()));
    const std::string statement = fmt::format(
        "COPY (SELECT * FROM read_json({}, format = 'newline_delimited', sample_size = -1, "
        "compression = 'zstd')) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {})",
        duckdb::quoted_text(files_.scratch()), duckdb::quoted_text(files_.growing()),
        kParquetGroupRows);
    if (auto written = (*session)->run(statement); !written) {
      return Unexpected(sql::explain_write(std::move(written.error()), files_));
    }
    return files_.name_file();
  }

 private:
  /// The file that grows is of no interest to anybody.
  Result<void> about_target(Result<void> done) const {
    if (!done) done.error().where = files_.target();
    return done;
  }

  WholeFiles files_;
  std::unique_ptr<ByteSink> lines_;
  bool is_empty_ = true;
};

}  // namespace

Result<std::unique_ptr<ByteSink>> open_parquet_sink(const std::string& path) {
  // Without the library there is no use in writing anything.
  if (const auto engine = find_sql_engine(); !engine) return Unexpected(engine.error());
  auto files = WholeFiles::for_file(path, "answer.parquet");
  if (!files) return Unexpected(std::move(files.error()));
  auto lines = open_sink(files->scratch(), Packing::zstd);
  if (!lines) return Unexpected(std::move(lines.error()));
  return std::unique_ptr<ByteSink>(
      std::make_unique<ParquetSink>(*std::move(files), *std::move(lines)));
}

}  // namespace weir
