// SPDX-License-Identifier: Apache-2.0
// filter: the file behind `in @hosts.txt` -> values.
#include "filter/list_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/excerpt.hpp"
#include "filter/token.hpp"
#include "weir/source.hpp"

namespace weir::filter {
namespace {

constexpr std::string_view kSeparators = " \t\r\v\f,";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Unexpected beyond_budget(std::string_view name) {
  constexpr ListBudget kWhole;
  return Unexpected(
      {.code = ErrorCode::usage,
       .message = fmt::format("the lists of an expression may hold {} MiB and {} values together",
                              kWhole.bytes >> 20, kWhole.values),
       .where = std::string(name),
       .hint = "prefixes say the same in fewer values"});
}

/// Cuts one line into values.
class ListLine {
 public:
  ListLine(std::string_view line, std::string_view file, std::size_t number)
      : line_(line), file_(file), number_(number) {}

  Result<void> add_values(ListBudget& budget, ValueSetBuilder& builder) {
    while (true) {
      at_ = std::min(line_.find_first_not_of(kSeparators, at_), line_.size());
      if (at_ == line_.size() || line_[at_] == '#') return {};
      if (budget.values == 0) return beyond_budget(file_);
      --budget.values;
      const std::size_t begin = at_;
      const bool quoted = line_[at_] == '"' || line_[at_] == '\'';
      std::string content;
      if (quoted && !read_quoted(line_, at_, content)) {
        return fail({begin, begin + 1},
                    {.code = ErrorCode::usage, .message = "this quote is not closed on its line"});
      }
      if (!quoted) at_ = std::min(line_.find_first_of(kSeparators, at_), line_.size());
      const std::string_view word = quoted ? content : line_.substr(begin, at_ - begin);
      if (auto added = builder.add_listed(word, quoted); !added) {
        return fail({begin, at_}, std::move(added.error()));
      }
    }
  }

 private:
  Unexpected fail(base::Place place, Error error) const {
    error.where = fmt::format("{}:{}:{}", file_, number_, place.begin + 1);
    error.excerpt = base::draw_excerpt(line_, place);
    return Unexpected(std::move(error));
  }

  std::string_view line_;
  std::string_view file_;
  std::size_t number_;
  std::size_t at_ = 0;
};

}  // namespace

Result<void> add_list_file(const std::string& name, ListBudget& budget, ValueSetBuilder& builder) {
  // A name with a zero byte would open the file before it.
  if (name.find('\0') != std::string::npos) {
    return Unexpected({.code = ErrorCode::not_found,
                       .message = "no such file or directory",
                       .where = base::shown_word(name)});
  }
  Result<std::optional<std::string>> text = read_whole({name, InputKind::file}, budget.bytes);
  if (!text) return Unexpected(std::move(text.error()));
  if (!*text) return beyond_budget(name);
  budget.bytes -= (*text)->size();
  builder.add_file(name);
  return add_list(**text, name, budget, builder);
}

Result<void> add_list(std::string_view text, std::string_view name, ListBudget& budget,
                      ValueSetBuilder& builder) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    ListLine line(text.substr(0, length), name, line_number);
    if (auto added = line.add_values(budget, builder); !added) return added;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return {};
}

}  // namespace weir::filter
