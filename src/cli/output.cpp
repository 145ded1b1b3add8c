// SPDX-License-Identifier: Apache-2.0
// cli: -o: which kind of answer goes where, and the sink that it goes to.
#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "cli/standard_output.hpp"
#include "cli/terminal.hpp"
#include "weir/parquet.hpp"
#include "weir/source.hpp"

namespace weir::cli {
namespace {

constexpr std::string_view kParquet = "parquet";

bool same_file(const std::string& a, const std::string& b) {
  struct stat left {};
  struct stat right {};
  return stat(a.c_str(), &left) == 0 && stat(b.c_str(), &right) == 0 &&
         left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

bool names_terminal(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) return false;
  const int descriptor = open(file.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_terminal = isatty(descriptor) == 1;
  close(descriptor);
  return is_terminal;
}

}  // namespace

Result<void> keep_apart(const Output& output, const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    const std::optional<std::string> path = input.path();
    if (output.file.empty() || !path || !same_file(*path, output.file)) continue;
    return Unexpected(
        usage_error(fmt::format("{} is an input and cannot be the output too", output.file),
                    "give -o another file"));
  }
  return {};
}

bool asks_for_parquet(const Options& options) {
  return options.output == kParquet || options.output.starts_with(fmt::format("{}:", kParquet));
}

Result<Output> choose_output(const Options& options) {
  Output output;
  Result<Style> style = make_style(options.color, options.tz);
  if (!style) return Unexpected(std::move(style.error()));
  output.style = *style;
  output.kind = stdout_is_terminal() ? OutputKind::table : OutputKind::tsv;
  if (options.output.empty()) return output;
  const std::size_t colon = std::min(options.output.find(':'), options.output.size());
  const std::string kind = options.output.substr(0, colon);
  if (colon < options.output.size()) output.file = options.output.substr(colon + 1);
  // Opened by its name, standard output would be cut to nothing where it is a file.
  if (output.file == "-" || output.file == "/dev/stdout") output.file.clear();
  if (kind == kParquet) {
    if (output.file.empty()) {
      return Unexpected(usage_error("Parquet needs a file: -o parquet:flows.parquet"));
    }
    output.is_parquet = true;
    output.style.is_zoned = false;  // its times have a type of their own
    output.kind = OutputKind::ndjson;
    return output;
  }
  // flags.cpp lists the kinds, and the command line lets no other through.
  output.kind = find_output_kind(kind).value_or(OutputKind::table);
  // A file is no terminal: nobody wants its escape sequences or its width.
  if (!output.file.empty()) output.style.color = options.color == "always";
  return output;
}

Result<void> open_output(Output& output, const std::vector<Input>& inputs) {
  if (auto apart = keep_apart(output, inputs); !apart) return apart;
  auto sink = output.is_parquet ? open_parquet_sink(output.file)
                                : open_text_sink(output.file, output.kind, output.style);
  if (!sink) return Unexpected(std::move(sink.error()));
  output.sink = *std::move(sink);
  return {};
}

Result<std::unique_ptr<ByteSink>> open_text_sink(const std::string& file, OutputKind kind,
                                                 const Style& style) {
  auto sink = open_sink(file, packing_of(file));
  if (!sink) return sink;
  const bool is_standard_output = file.empty() || file == "-";
  // /dev/tty and /dev/stdout are terminals under another name.
  const bool is_terminal = is_standard_output ? stdout_is_terminal() : names_terminal(file);
  if (!is_terminal && !is_standard_output) return sink;
  if (!is_terminal) return make_pipe_sink(*std::move(sink));
  return make_terminal_sink(*std::move(sink), {.unicode = shows_unicode(),
                                               .colors = kind == OutputKind::table && style.color,
                                               .tabs = kind == OutputKind::tsv});
}

}  // namespace weir::cli
