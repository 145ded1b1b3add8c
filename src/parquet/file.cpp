// SPDX-License-Identifier: Apache-2.0
// parquet: one object -> which columns it has, and in which parts it can be read.
#include "parquet/file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "envelope/envelopes.hpp"
#include "envelope/field_line.hpp"
#include "envelope/other_logs.hpp"

namespace weir::parquet {
namespace {

/// Files below this are read in one part, without asking for their row groups.
constexpr std::uint64_t kLeastBytesInParts = std::uint64_t{4} << 20;
/// A part takes some milliseconds to begin, which are few beside those that its rows take.
constexpr std::uint64_t kLeastRowsOfPart = 400'000;
constexpr std::uint64_t kMostParts = 1024;

/// A path that DuckDB takes for that file and for nothing else: no pattern, no URL, no home.
std::string literal_path(const std::string& path) {
  std::string literal = path.starts_with('/') ? "" : "./";
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      literal += fmt::format("[{}]", c);
    } else {
      literal += c;
    }
  }
  return literal;
}

Result<std::unique_ptr<base::SpillFile>> copy_of(Object& object, std::uint64_t& bytes) {
  constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
  Result<std::unique_ptr<base::SpillFile>> copy = base::SpillFile::create({});
  if (!copy) return copy;
  std::vector<char> piece(kPieceBytes);
  while (true) {
    const Result<std::size_t> length = object.read(piece);
    if (!length) return Unexpected(length.error());
    if (*length == 0) return copy;
    const std::span<const char> read(piece.data(), *length);
    if (Result<void> kept = (*copy)->write((*copy)->reserve(*length), std::as_bytes(read)); !kept) {
      return Unexpected(std::move(kept.error()));
    }
    bytes += *length;
  }
}

Error other_schema(const std::vector<FileColumn>& columns, const std::string& name) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string_view> shown;
  for (const FileColumn& column : columns) {
    if (shown.size() < kShown) shown.emplace_back(column.name);
  }
  return {.code = ErrorCode::no_flow_log,
          .message = fmt::format("this Parquet file is not a flow log: its columns are {}{}",
                                 fmt::join(shown, ", "), columns.size() > kShown ? ", ..." : ""),
          .where = name,
          .hint =
              "a flow log has columns such as srcaddr, dstaddr, bytes, start and action; "
              "weir sql reads any other Parquet file as read_parquet('FILE')"};
}

/// What weir says itself of a file that DuckDB can read.
bool is_own_error(const Error& error) noexcept {
  return error.code == ErrorCode::other_log || error.code == ErrorCode::no_flow_log;
}

std::vector<std::int64_t> numbers_of(const duckdb::Api& api, duckdb::Chunk chunk,
                                     duckdb::Index column) {
  const duckdb::Vector vector = api.data_chunk_get_vector(chunk, column);
  const auto* const values = static_cast<const std::int64_t*>(api.vector_get_data(vector));
  return {values, values + api.data_chunk_get_size(chunk)};
}

}  // namespace

Error File::damaged(const Error& said) const {
  if (said.code == ErrorCode::unsupported) {  // there is no DuckDB
    Error error = said;
    error.where = name_;
    return error;
  }
  std::string message = said.message;
  for (std::size_t at = message.find(path_); !path_.empty() && at != std::string::npos;
       at = message.find(path_, at + name_.size())) {
    message.replace(at, path_.size(), name_);
  }
  return {.code = ErrorCode::damaged,
          .message = fmt::format("this Parquet file cannot be read: {}", message),
          .where = name_,
          .hint = "fetch the object again, or have it written again"};
}

Result<void> File::find_source(Engine& engine, Object& object) {
  if (object.file() && object.container() == Container::parquet) {
    path_ = object.file()->path;
    bytes_ = object.file()->bytes;
  } else {
    auto copy = copy_of(object, bytes_);
    if (!copy) return Unexpected(std::move(copy.error()));
    copy_ = *std::move(copy);
    path_ = engine.spelling_of_its_own(copy_->path());
  }
  path_ = literal_path(path_);
  source_ = duckdb::quoted_text(path_);
  return {};
}

Result<void> File::read_columns(duckdb::Instance& instance) {
  auto described = instance.describe(
      fmt::format("SELECT * FROM read_parquet({}, hive_partitioning = false)", source_));
  if (!described) return Unexpected(damaged(described.error()));
  std::vector<FileColumn>& all = *described;
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const FileColumn& column : all) names.emplace_back(column.name);
  const std::string_view service = envelope::service_of_names(names);
  if (!service.empty()) return Unexpected(envelope::other_log(service, name_));
  const envelope::FieldLayout layout = envelope::lay_out(names);
  const bool is_flow_log = layout.format != nullptr && layout.known > 0 &&
                           (envelope::is_record(layout) || layout.known * 2 >= layout.names);
  // What weir has written of OCSF has its names, too, but nothing nested.
  const bool is_nested = std::any_of(all.begin(), all.end(), [](const FileColumn& column) {
    return column.type == duckdb::Type::structure;
  });
  if (is_ocsf(all) && (is_nested || !is_flow_log)) return read_ocsf(instance);
  if (!is_flow_log) return Unexpected(other_schema(all, name_));
  format_ = layout.format;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (layout.positions[i] >= 0) columns_.push_back(std::move(all[i]));
  }
  return {};
}

Result<void> File::read_ocsf(duckdb::Instance& instance) {
  auto view = make_ocsf_view(instance, source_, name_);
  if (!view) return Unexpected(is_own_error(view.error()) ? view.error() : damaged(view.error()));
  std::vector<std::string_view> names;
  for (const FileColumn& column : view->columns) names.emplace_back(column.name);
  auto format = Format::from_names(names);
  if (!format) return Unexpected(std::move(format.error()));
  format_ = std::make_shared<const Format>(*std::move(format));
  columns_ = view->columns;
  other_rows_ = std::move(view->other_rows);
  ocsf_ = *std::move(view);
  return {};
}

std::string File::shape() const {
  return ocsf_ ? fmt::format("OCSF Network Activity, {}", packing_) : packing_;
}

std::string File::rows(std::span<const std::size_t> columns, bool with_numbers) const {
  std::string file = fmt::format(
      "read_parquet({}, hive_partitioning = false, file_row_number = {})", source_, with_numbers);
  if (!ocsf_) return file;
  std::string list;
  for (const std::size_t column : columns) {
    list += fmt::format("{} AS {}, ", ocsf_->values[column],
                        duckdb::quoted_name(columns_[column].name));
  }
  list += with_numbers ? "file_row_number" : "1 AS one";
  return fmt::format("(SELECT {} FROM {}{}{})", list, file,
                     ocsf_->condition.empty() ? "" : " WHERE ", ocsf_->condition);
}

/// Small row groups are read together, so that a file of very many costs no more than its rows.
Result<void> File::find_parts(duckdb::Instance& instance) {
  if (bytes_ < kLeastBytesInParts) return {};
  auto groups =
      instance.query(fmt::format("SELECT max(row_group_num_rows)::BIGINT FROM parquet_metadata({}) "
                                 "GROUP BY row_group_id ORDER BY row_group_id",
                                 source_));
  if (!groups) return Unexpected(damaged(groups.error()));
  std::vector<std::int64_t> rows;
  while (true) {
    const Result<duckdb::Chunk> chunk = (*groups)->next();
    if (!chunk) return Unexpected(damaged(chunk.error()));
    if (*chunk == nullptr) break;
    const std::vector<std::int64_t> some = numbers_of(instance.api(), *chunk, 0);
    rows.insert(rows.end(), some.begin(), some.end());
  }
  std::uint64_t all_rows = 0;
  constexpr std::int64_t kMostRows = std::int64_t{1} << 40;
  for (std::int64_t& count : rows) {
    count = std::clamp<std::int64_t>(count, 0, kMostRows);  // a damaged file says anything
    all_rows += static_cast<std::uint64_t>(count);
  }
  const std::uint64_t wanted = std::max(kLeastRowsOfPart, all_rows / kMostParts);
  std::vector<Part> parts(1, Part{.first_row = 0, .rows = 0, .bytes = 0, .is_all = false});
  for (const std::int64_t count : rows) {
    if (parts.back().rows >= wanted) {
      const std::uint64_t first = parts.back().first_row + parts.back().rows;
      parts.push_back({.first_row = first, .rows = 0, .bytes = 0, .is_all = false});
    }
    parts.back().rows += static_cast<std::uint64_t>(count);
  }
  if (parts.size() == 1) {
    parts_.front().rows = all_rows;
    return {};
  }
  std::uint64_t bytes_left = bytes_;
  for (Part& part : parts) {
    part.bytes =
        static_cast<std::uint64_t>(static_cast<double>(bytes_) * static_cast<double>(part.rows) /
                                   static_cast<double>(all_rows));
    part.bytes = std::min(part.bytes, bytes_left);
    bytes_left -= part.bytes;
  }
  parts.back().bytes += bytes_left;
  parts_ = std::move(parts);
  return {};
}

Result<std::shared_ptr<const File>> File::open(Engine& engine, Object& object) {
  return open(engine, object, true);
}

Result<std::shared_ptr<const File>> File::look_at(Engine& engine, Object& object) {
  return open(engine, object, false);
}

Result<std::shared_ptr<const File>> File::open(Engine& engine, Object& object, bool in_parts) {
  const std::shared_ptr<File> file(new File);
  file->name_ = object.name();
  file->packing_ = object.packing();
  auto instance = engine.connect();
  if (!instance) return Unexpected(file->damaged(instance.error()));
  Result<void> done = file->find_source(engine, object);
  if (done) done = file->read_columns(**instance);
  file->parts_.push_back({.first_row = 0, .rows = 0, .bytes = file->bytes_, .is_all = true});
  if (done && in_parts) done = file->find_parts(**instance);
  if (!done) return Unexpected(std::move(done.error()));
  return std::shared_ptr<const File>(file);
}

}  // namespace weir::parquet
