// SPDX-License-Identifier: Apache-2.0
// sql: batches -> a table function of DuckDB.
//
//   name in a query --replacement--> weir_flows(its name), or query(FlowTable::view())
//   bind    what columns there are                        once a mention in a query
//   init    which of them are wanted: a Scan              once a run of the query
//   local   a reader of that scan                         once a thread
//   read    the next batch -> vectors                     until there is none
#include "sql/scan.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "duckdb/library.hpp"
#include "sql/vector_writer.hpp"

namespace weir::sql {
namespace {

/// A table as questions see it, and its records as the log has them.
constexpr const char* kFlows = "weir_flows";
constexpr const char* kRecords = "weir_records";
/// DuckDB's own: a question as a table.
constexpr const char* kQuery = "query";

using duckdb::Api;

/// What the callbacks have from the registration on.
struct Registry {
  const Api& api;
  std::span<const std::unique_ptr<FlowTable>> tables;
  bool as_logged = false;
};

/// What bind() leaves for the others.
struct Bound {
  const Api& api;
  FlowTable& table;
  std::vector<TableColumn> columns;
};

/// One reading of a table, by all threads of a query.
class Scan {
 public:
  Scan(const Api& api, FlowTable& table, std::vector<TableColumn> columns, RunOptions options)
      : api_(api),
        table_(table),
        columns_(std::move(columns)),
        run_(table.source().inputs, std::move(options), &table.parquet()) {
    table_.add_run(&run_);
  }
  ~Scan() {
    RunReport report = run_.report();
    report.matched = matched_;
    report.skipdata = skipdata_;
    report.coverage = coverage_;
    table_.end_run(&run_, std::move(report), {.numbers = unfit_, .texts = mended_});
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  const Api& api() const { return api_; }
  FlowTable& table() { return table_; }
  pipeline::PulledRun& run() { return run_; }
  const std::vector<TableColumn>& columns() const { return columns_; }
  void add(const pipeline::BatchReader& reader, const VectorWriter& writer) {
    matched_ += reader.matched();
    skipdata_ += reader.skipdata();
    unfit_ += writer.unfit();
    mended_ += writer.mended();
    const std::lock_guard lock(coverage_mutex_);
    coverage_.add(reader.coverage());
  }

 private:
  const Api& api_;
  FlowTable& table_;
  const std::vector<TableColumn> columns_;  // those that are wanted, in the order of the vectors
  pipeline::PulledRun run_;
  std::atomic<std::uint64_t> matched_{0};
  std::atomic<std::uint64_t> skipdata_{0};
  std::mutex coverage_mutex_;
  FieldCoverage coverage_;  // guarded by the mutex
  std::atomic<std::uint64_t> unfit_{0};
  std::atomic<std::uint64_t> mended_{0};
};

/// A thread's part of a scan.
class Part {
 public:
  explicit Part(std::shared_ptr<Scan> scan)
      : scan_(std::move(scan)), reader_(scan_->run().reader()), writer_(scan_->api()) {}
  ~Part() { scan_->add(*reader_, writer_); }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  /// Fills the chunk with the next batch; leaves it empty at the end.
  void read(duckdb::Chunk output) {
    const Api& api = scan_->api();
    if (!reader_->next()) return api.data_chunk_set_size(output, 0);
    const Batch& batch = reader_->batch();
    if (batch.format != format_) settle_places(batch.format);
    const Selection& selection = reader_->selection();
    for (std::size_t i = 0; i < scan_->columns().size(); ++i) {
      write(scan_->columns()[i], places_[i], batch, selection,
            api.data_chunk_get_vector(output, i));
    }
    api.data_chunk_set_size(output, selection.count);
  }

 private:
  static constexpr int kAbsent = -1;

  /// Where the format has the fields of the wanted columns.
  void settle_places(const FormatPtr& format) {
    format_ = format;
    places_.clear();
    for (const TableColumn& column : scan_->columns()) {
      places_.push_back(column.field.id != FieldId::unknown ? format->index_of(column.field.id)
                                                            : format->index_of(column.field.name));
    }
  }

  void write(const TableColumn& column, int place, const Batch& batch, const Selection& selection,
             duckdb::Vector vector) {
    if (column.kind == ColumnKind::source_file) {
      return writer_.write_text(reader_->object_name(), selection.count, vector);
    }
    if (column.kind == ColumnKind::object_place) {
      const auto place_of_object = static_cast<std::int64_t>(reader_->object_place());
      std::fill_n(writer_.numbers(vector), selection.count, place_of_object);
      return;
    }
    const bool is_line = column.kind == ColumnKind::line_number;
    if (is_line || column.kind == ColumnKind::record_place) {
      std::int64_t* const out = writer_.numbers(vector);
      for (std::size_t i = 0; i < selection.count; ++i) {
        const std::uint16_t row = selection.rows[i];
        out[i] = static_cast<std::int64_t>(is_line ? reader_->line_number(row)
                                                   : reader_->record_place(row));
      }
      return;
    }
    const Column* const values =
        place == kAbsent ? nullptr : &batch.columns[static_cast<std::size_t>(place)];
    writer_.write(column.kind, values, selection, vector);
  }

  std::shared_ptr<Scan> scan_;
  std::unique_ptr<pipeline::BatchReader> reader_;
  VectorWriter writer_;
  FormatPtr format_;
  std::vector<int> places_;  // parallel to the scan's columns
};

template <class T>
void destroy(void* data) {
  delete static_cast<T*>(data);
}

/// SQL does not tell upper from lower case.
FlowTable* find_table(const Registry& registry, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (const auto& table : registry.tables) {
    const std::string& known = table->name();
    if (std::equal(known.begin(), known.end(), name.begin(), name.end(),
                   [&](char a, char b) { return lower(a) == lower(b); })) {
      return table.get();
    }
  }
  return nullptr;
}

void replace(duckdb::ReplacementInfo info, const char* name, void* data) {
  const Registry& registry = *static_cast<const Registry*>(data);
  FlowTable* const table = find_table(registry, name);
  if (table == nullptr) return;
  const Api& api = registry.api;
  const std::optional<std::string> view = table->view();
  api.replacement_scan_set_function_name(info, view ? kQuery : kFlows);
  const std::string& argument = view ? *view : table->name();
  duckdb::Value value = api.create_varchar_length(argument.data(), argument.size());
  api.replacement_scan_add_parameter(info, value);
  api.destroy_value(&value);
}

FlowTable* table_of(const Registry& registry, duckdb::BindInfo info) {
  const Api& api = registry.api;
  duckdb::Value value = api.bind_get_parameter(info, 0);
  char* const text = api.get_varchar(value);
  FlowTable* const table = text == nullptr ? nullptr : find_table(registry, text);
  api.free(text);
  api.destroy_value(&value);
  return table;
}

Result<std::vector<TableColumn>> copy_of(const Result<const std::vector<TableColumn>*>& columns) {
  if (!columns) return Unexpected(columns.error());
  return **columns;
}

void bind(duckdb::BindInfo info) {
  const Registry& registry =
      *static_cast<const Registry*>((*duckdb::load())->bind_get_extra_info(info));
  const Api& api = registry.api;
  FlowTable* const table = table_of(registry, info);
  if (table == nullptr) return api.bind_set_error(info, "there is no such table of flow logs");
  Result<std::vector<TableColumn>> columns =
      registry.as_logged ? table->logged_columns() : copy_of(table->columns());
  if (!columns) {
    table->fail(columns.error());
    return api.bind_set_error(info, columns.error().message.c_str());
  }
  for (const TableColumn& column : *columns) {
    duckdb::LogicalType type = api.create_logical_type(sql_type(column.kind));
    api.bind_add_result_column(info, column.name.c_str(), type);
    api.destroy_logical_type(&type);
  }
  api.bind_set_bind_data(
      info, new Bound{.api = api, .table = *table, .columns = *std::move(columns)}, destroy<Bound>);
  api.bind_set_cardinality(info, table->estimated_rows(), false);
}

void init(duckdb::InitInfo info) {
  // Before there is bind data nothing says where the functions are; the library is loaded by now.
  const Api& api = **duckdb::load();
  const Bound& bound = *static_cast<const Bound*>(api.init_get_bind_data(info));
  const std::vector<TableColumn>& all = bound.columns;
  std::vector<TableColumn> columns;
  RunOptions options = bound.table.run_options();
  options.decode.fields = FieldSet();
  for (duckdb::Index i = 0; i < api.init_get_column_count(info); ++i) {
    const duckdb::Index index = api.init_get_column_index(info, i);
    columns.push_back(all[index < all.size() ? index : 0]);
    if (!columns.back().field.name.empty()) options.decode.fields.add(columns.back().field.name);
  }
  if (options.count_skipdata) options.decode.fields.add("log-status");
  if (!options.needs.empty()) {
    options.decode.fields.add(FieldId::packets);
    options.decode.fields.add(FieldId::bytes);
  }
  // Every column is looked at when each bad line is to be kept or fatal.
  if (options.decode.strict || options.decode.on_reject) options.decode.fields = FieldSet::all();
  auto* const scan = new std::shared_ptr<Scan>(
      std::make_shared<Scan>(api, bound.table, std::move(columns), std::move(options)));
  api.init_set_init_data(info, scan, destroy<std::shared_ptr<Scan>>);
  api.init_set_max_threads(info, bound.table.threads());
}

/// The interface does not show a thread the scan yet, so its part is made at the first batch.
void init_thread(duckdb::InitInfo info) {
  const Api& api = **duckdb::load();
  api.init_set_init_data(info, new std::unique_ptr<Part>, destroy<std::unique_ptr<Part>>);
}

void read(duckdb::FunctionInfo info, duckdb::Chunk output) {
  const Api& api = **duckdb::load();
  auto& part = *static_cast<std::unique_ptr<Part>*>(api.function_get_local_init_data(info));
  const auto& scan = *static_cast<std::shared_ptr<Scan>*>(api.function_get_init_data(info));
  if (part == nullptr) part = std::make_unique<Part>(scan);
  part->read(output);
  if (api.data_chunk_get_size(output) > 0) return;
  if (const std::optional<Error> fatal = scan->run().fatal()) {
    scan->table().fail(*fatal);
    api.function_set_error(info, fatal->message.c_str());
  }
}

Result<void> register_function(duckdb::Instance& instance, const char* name,
                               const Registry& registry) {
  const Api& api = instance.api();
  duckdb::TableFunction function = api.create_table_function();
  api.table_function_set_name(function, name);
  duckdb::LogicalType text = api.create_logical_type(duckdb::Type::varchar);
  api.table_function_add_parameter(function, text);
  api.destroy_logical_type(&text);
  api.table_function_set_extra_info(function, new Registry(registry), destroy<Registry>);
  api.table_function_set_bind(function, bind);
  api.table_function_set_init(function, init);
  api.table_function_set_local_init(function, init_thread);
  api.table_function_set_function(function, read);
  api.table_function_supports_projection_pushdown(function, true);
  const duckdb::State done = api.register_table_function(instance.connection(), function);
  api.destroy_table_function(&function);
  if (done == duckdb::State::success) return {};
  return Unexpected({.code = ErrorCode::unsupported, .message = "DuckDB does not take the tables"});
}

}  // namespace

Result<void> register_tables(duckdb::Instance& instance,
                             std::span<const std::unique_ptr<FlowTable>> tables) {
  const Api& api = instance.api();
  const Registry flows{.api = api, .tables = tables, .as_logged = false};
  const Registry records{.api = api, .tables = tables, .as_logged = true};
  api.add_replacement_scan(instance.database(), replace, new Registry(flows), destroy<Registry>);
  if (auto done = register_function(instance, kFlows, flows); !done) return done;
  return register_function(instance, kRecords, records);
}

}  // namespace weir::sql
