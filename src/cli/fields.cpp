// SPDX-License-Identifier: Apache-2.0
// cli: `weir fields`: the catalogue.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/reading.hpp"
#include "cli/verbs.hpp"
#include "weir/field.hpp"

namespace weir::cli {
namespace {

std::string_view type_name(const FieldInfo& field) {
  switch (field.type) {
    case FieldType::number:
      return "number";
    case FieldType::time:
      return "time";
    case FieldType::address:
      return "address";
    case FieldType::text:
      return "text";
  }
  return "";
}

std::string_view family_name(LogFamily family) {
  switch (family) {
    case LogFamily::vpc:
      return "vpc";
    case LogFamily::transit_gateway:
      return "transit-gateway";
    case LogFamily::both:
      return "both";
  }
  return "";
}

Result<std::vector<const FieldInfo*>> choose_fields(const std::vector<std::string>& names) {
  std::vector<const FieldInfo*> fields;
  for (const std::string& name : names) {
    const FieldId id = find_field(name);
    if (id == FieldId::unknown) {
      const auto near = near_field_names(name);
      return Unexpected(
          usage_error(fmt::format("unknown field '{}'", name),
                      near.empty() ? "`weir fields` lists every field"
                                   : fmt::format("did you mean {}?", fmt::join(near, " or "))));
    }
    fields.push_back(&field_info(id));
  }
  if (!names.empty()) return fields;
  for (const FieldInfo& field : field_catalogue()) fields.push_back(&field);
  return fields;
}

/// Everything, for programs.
ResultTable full_field_table(const std::vector<const FieldInfo*>& fields) {
  ResultTable table;
  table.columns = {
      {.name = "name"},   {.name = "column"},  {.name = "version", .kind = CellKind::count},
      {.name = "type"},   {.name = "logs"},    {.name = "meaning"},
      {.name = "values"}, {.name = "example"}, {.name = "missing"}};
  for (const FieldInfo* field : fields) {
    table.rows.push_back({std::string(field->name), column_name(field->name),
                          static_cast<unsigned __int128>(field->version),
                          std::string(type_name(*field)), std::string(family_name(field->family)),
                          std::string(field->meaning), std::string(field->values),
                          std::string(field->example), std::string(field->missing)});
  }
  return table;
}

/// One line per field, for people.
ResultTable short_table(const std::vector<const FieldInfo*>& fields) {
  ResultTable table;
  table.columns = {{.name = "version", .kind = CellKind::count},
                   {.name = "field"},
                   {.name = "type"},
                   {.name = "meaning"}};
  for (const FieldInfo* field : fields) {
    table.rows.push_back({static_cast<unsigned __int128>(field->version), std::string(field->name),
                          std::string(type_name(*field)), std::string(field->meaning)});
  }
  table.notes.emplace_back("`weir fields FIELD` shows values, an example and when it is missing");
  return table;
}

/// A field in full.
std::string describe(const FieldInfo& field, const Style& style) {
  const std::string_view bold = style.color ? "\x1b[1m" : "";
  const std::string_view plain = style.color ? "\x1b[0m" : "";
  return fmt::format(
      "{}{}{} (version {}, {})\n  meaning  {}\n  values   {}{}\n  example  {}\n  missing  {}\n",
      bold, field.name, plain, field.version, type_name(field), field.meaning, field.values,
      field.open_set ? " (AWS adds values)" : "", field.example, field.missing);
}

}  // namespace

int run_fields(const Options& options) {
  const auto fields = choose_fields(options.arguments);
  if (!fields) return fail(fields.error());
  Result<Output> output = choose_output(options);
  if (!output) return fail(output.error());
  if (Result<void> opened = open_output(*output, {}); !opened) return fail(opened.error());
  Result<void> ended;
  if (output->kind != OutputKind::table) {
    ended = write_result(full_field_table(*fields), output->kind, *output->sink, output->style);
  } else if (options.arguments.empty() && !options.verbose) {
    ended = write_result(short_table(*fields), output->kind, *output->sink, output->style);
  } else {
    std::string text;
    for (const FieldInfo* field : *fields) {
      if (!text.empty()) text += '\n';
      text += describe(*field, output->style);
    }
    ended = output->sink->write(text);
  }
  if (ended) ended = output->sink->finish();
  if (!ended && !output->sink->is_closed_pipe()) return fail(ended.error());
  return kComplete;
}

}  // namespace weir::cli
