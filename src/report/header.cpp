// SPDX-License-Identifier: Apache-2.0
// report: the comment at the head of a file -> what the report is.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/words.hpp"
#include "weir/report.hpp"

namespace weir {
namespace {

using report::split_words;
using report::trimmed;

/// A line of the description, and those that go on with it.
struct Entry {
  std::string key;  ///< empty for the title
  std::string value;
  std::size_t line = 0;
};

class HeaderReader {
 public:
  HeaderReader(std::string_view name, std::string_view text) : name_(name) {
    report_.name = name;
    report_.sql = text;
  }

  Result<Report> read();

 private:
  Result<void> take(const Entry& entry);
  Result<void> take_parameter(std::string_view value);
  Result<void> take_needs(std::string_view value);
  Result<void> take_better(std::string_view value);
  Result<FieldId> field(std::string_view word) const;
  Unexpected complain(std::string message) const;

  std::string_view name_;
  std::size_t line_ = 0;
  Report report_;
};

std::vector<Entry> split_entries(std::string_view text) {
  constexpr std::string_view kMark = "-- ";
  std::vector<Entry> entries;
  for (std::size_t number = 1; text.starts_with(kMark); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(kMark.size(), end - kMark.size());
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t colon = line.find(": ");
    if (line.starts_with(' ') && !entries.empty()) {
      entries.back().value += fmt::format(" {}", trimmed(line));
    } else if (entries.empty() || colon == std::string_view::npos) {
      entries.push_back({.key = {}, .value = std::string(trimmed(line)), .line = number});
    } else {
      entries.push_back({.key = std::string(line.substr(0, colon)),
                         .value = std::string(trimmed(line.substr(colon + 2))),
                         .line = number});
    }
  }
  return entries;
}

std::optional<ReportValueKind> find_kind(std::string_view word) {
  constexpr std::pair<std::string_view, ReportValueKind> kinds[] = {
      {"number", ReportValueKind::number},   {"numbers", ReportValueKind::numbers},
      {"address", ReportValueKind::address}, {"prefix", ReportValueKind::prefix},
      {"text", ReportValueKind::text},
  };
  for (const auto& [name, kind] : kinds) {
    if (name == word) return kind;
  }
  return std::nullopt;
}

Unexpected HeaderReader::complain(std::string message) const {
  return Unexpected({.code = ErrorCode::malformed,
                     .message = std::move(message),
                     .where = fmt::format("{}:{}", name_, line_)});
}

Result<FieldId> HeaderReader::field(std::string_view word) const {
  const FieldId id = find_field(word);
  if (id == FieldId::unknown) return complain(fmt::format("unknown field '{}'", word));
  return id;
}

Result<void> HeaderReader::take_needs(std::string_view value) {
  for (std::string_view word : split_words(value, ' ')) {
    std::vector<FieldId> alternatives;
    for (const std::string_view name : split_words(word, '|')) {
      const Result<FieldId> id = field(name);
      if (!id) return Unexpected(id.error());
      alternatives.push_back(*id);
    }
    report_.needs.push_back(std::move(alternatives));
  }
  return {};
}

/// `flow-direction tcp-flags, to tell ...`
Result<void> HeaderReader::take_better(std::string_view value) {
  const std::size_t comma = value.find(',');
  if (comma == std::string_view::npos) return complain("better with needs a comma and a reason");
  for (const std::string_view word : split_words(value.substr(0, comma), ' ')) {
    const Result<FieldId> id = field(word);
    if (!id) return Unexpected(id.error());
    report_.better_with.push_back(*id);
  }
  report_.better_because = trimmed(value.substr(comma + 1));
  return {};
}

/// `port number = 443; the port` or `address address e.g. 10.0.0.5; the address`
Result<void> HeaderReader::take_parameter(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  const std::vector<std::string_view> words = split_words(value.substr(0, semicolon), ' ');
  const bool is_whole = semicolon != std::string_view::npos && words.size() == 4 &&
                        (words[2] == "=" || words[2] == "e.g.");
  if (!is_whole) return complain("a parameter is NAME KIND = VALUE; MEANING, or with e.g. for =");
  const std::optional<ReportValueKind> kind = find_kind(words[1]);
  if (!kind) return complain(fmt::format("no kind of value is called '{}'", words[1]));
  const bool is_required = words[2] != "=";
  report_.parameters.push_back({.name = std::string(words[0]),
                                .kind = *kind,
                                .value = std::string(is_required ? "" : words[3]),
                                .example = std::string(is_required ? words[3] : ""),
                                .meaning = std::string(trimmed(value.substr(semicolon + 1)))});
  return {};
}

Result<void> HeaderReader::take(const Entry& entry) {
  line_ = entry.line;
  if (entry.line == 1) {
    report_.title = entry.value;
  } else if (entry.key == "group") {
    report_.group = entry.value;
    const auto groups = report_groups();
    if (std::find(groups.begin(), groups.end(), entry.value) == groups.end()) {
      return complain(fmt::format("no group is called '{}'", entry.value));
    }
  } else if (entry.key == "needs") {
    return take_needs(entry.value);
  } else if (entry.key == "better with") {
    return take_better(entry.value);
  } else if (entry.key == "prices") {
    report_.price_item = entry.value;
  } else if (entry.key == "parameter") {
    return take_parameter(entry.value);
  } else if (entry.key == "read") {
    report_.reading = entry.value;
  } else {
    return complain(fmt::format("a line of a report's head is not called '{}'", entry.key));
  }
  return {};
}

Result<Report> HeaderReader::read() {
  for (const Entry& entry : split_entries(report_.sql)) {
    if (Result<void> taken = take(entry); !taken) return Unexpected(std::move(taken.error()));
  }
  const std::pair<std::string_view, bool> parts[] = {{"title", report_.title.empty()},
                                                     {"group", report_.group.empty()},
                                                     {"needs", report_.needs.empty()},
                                                     {"read", report_.reading.empty()}};
  for (const auto& [part, is_missing] : parts) {
    if (is_missing) return complain(fmt::format("the report's head has no {}", part));
  }
  return std::move(report_);
}

}  // namespace

Result<Report> parse_report(std::string_view name, std::string_view text) {
  return HeaderReader(name, text).read();
}

}  // namespace weir
