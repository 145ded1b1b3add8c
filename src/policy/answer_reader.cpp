// SPDX-License-Identifier: Apache-2.0
// policy: text of files -> the items of the AWS answers in it.
#include "policy/answer_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.hpp"
#include "policy/json_scanner.hpp"
#include "policy/listing.hpp"
#include "policy/read_items.hpp"
#include "policy/text_encoding.hpp"

namespace weir::policy {
namespace {

constexpr int kDeepest = 4;  // arrays of arrays of answers
constexpr std::size_t kShownKinds = 12;
constexpr std::size_t kShownErrorAnswers = 5;
constexpr std::size_t kShownPages = 5;
constexpr std::size_t kLongestMessage = 200;

bool is_lower_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_word(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The last `pl-…` of a file's name and its directories; empty if there is none.
std::string list_id_in(std::string_view name) {
  constexpr std::string_view kPrefix = "pl-";
  for (std::size_t begin = name.size(); begin > 0; --begin) {
    const std::size_t at = begin - 1;
    if (!name.substr(at).starts_with(kPrefix) || (at > 0 && is_word(name[at - 1]))) continue;
    std::size_t end = at + kPrefix.size();
    while (end < name.size() && is_lower_hex(name[end])) ++end;
    const bool whole = end == name.size() || !is_word(name[end]);
    if (end > at + kPrefix.size() && whole) return std::string(name.substr(at, end - at));
  }
  return {};
}

Error no_answer(std::string message, std::string where) {
  Error error;
  error.code = ErrorCode::malformed;
  error.message = std::move(message);
  error.where = std::move(where);
  error.hint = std::string(expected_answers());
  return error;
}

Error broken_json(std::string_view name, std::string_view text, const JsonMistake& mistake) {
  Error error = error_at(name, text, mistake.offset, 1);
  const bool cut = mistake.offset >= text.size();
  error.code = cut ? ErrorCode::damaged : ErrorCode::malformed;
  error.message = fmt::format("{}: {}", cut ? "truncated JSON" : "no valid JSON", mistake.problem);
  error.hint =
      cut ? "was the command interrupted, or the disk full? Print it again; nothing of this "
            "value was read"
          : "print it again with --output json; nothing of this value was read";
  return error;
}

}  // namespace

void AnswerReader::read(std::string_view name, std::string bytes) {
  name_ = std::string(name);
  text_ = to_utf8(std::move(bytes));
  const std::size_t size = text_.size();
  text_.append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view text = std::string_view(text_).substr(0, size);
  ItemProblems problems(name, text, report_.skipped);
  problems_ = &problems;
  items_.clear();
  found_ = {};
  const std::size_t begin = skip_between_values(text, 0);
  if (begin == size) {
    report_.skipped.push_back(no_answer("the file is empty", name_));
  } else if (text[begin] != '{' && text[begin] != '[') {
    report_.skipped.push_back(no_answer("this is not JSON", name_));
  } else {
    read_documents(text, begin);
    end_file(text);
  }
  problems.finish();
  problems_ = nullptr;
}

void AnswerReader::read_documents(std::string_view text, std::size_t offset) {
  while (offset < text.size()) {
    const std::size_t begin = offset;
    if (const auto mistake = skip_json_value(text, offset)) {
      report_.skipped.push_back(broken_json(name_, text, *mistake));
      miss_value(text.substr(begin));
      return;
    }
    if (!read_document(text, begin, offset)) return;
    offset = skip_between_values(text, offset);
  }
}

bool AnswerReader::read_document(std::string_view text, std::size_t begin, std::size_t end) {
  JsonElement value;
  const auto failure = parser_.parse(text.data() + begin, end - begin, false).get(value);
  if (failure != simdjson::SUCCESS) {
    // The scanner has found nothing: a number too large, half of a surrogate pair.
    Error error = error_at(name_, text, begin, 1);
    error.message = fmt::format("no valid JSON: {}", simdjson::error_message(failure));
    error.hint = "nothing of the value that begins here was read";
    report_.skipped.push_back(std::move(error));
    return false;
  }
  entries_.clear();
  any_entries_ = false;
  const std::size_t unknown = found_.unknown;
  take_value(value, 0);
  if (any_entries_) add_entries({}, false);
  if (unknown == 0 && found_.unknown > 0) found_.first_unknown = begin;
  return true;
}

void AnswerReader::end_file(std::string_view text) {
  for (const auto& [kind, items] : items_) {
    report_.read.push_back({name_, std::string(answer_key(kind)), items});
  }
  if (found_.unnamed_lists > 0) {
    Error error;
    error.code = ErrorCode::malformed;
    error.message =
        "an answer of get-managed-prefix-list-entries does not say which prefix list it is of";
    error.where = name_;
    error.hint =
        "name the file after the list, pl-0123456789abcdef0.json, or add \"PrefixListId\": "
        "\"pl-...\" beside \"Entries\"";
    report_.skipped.push_back(std::move(error));
  }
  if (found_.unknown == 0) return;
  const bool alone = found_.known == 0 && found_.passed_over == 0;
  report_.skipped.push_back(no_answer(
      alone ? "this JSON is not an answer of `aws ec2`"
            : fmt::format("{} of this file, the first one here, are not answers of `aws ec2`",
                          count_of(found_.unknown, "value")),
      alone ? name_ : error_at(name_, text, found_.first_unknown, 1).where));
}

void AnswerReader::take_value(const JsonElement& value, int depth) {
  JsonObject object;
  JsonArray array;
  if (value.get_object().get(object) == simdjson::SUCCESS) {
    take_object(object, depth);
  } else if (depth < kDeepest && value.get_array().get(array) == simdjson::SUCCESS) {
    for (const JsonElement element : array) take_value(element, depth + 1);
    if (depth == 0 && array.size() == 0) ++found_.passed_over;
  } else {
    ++found_.unknown;
  }
}

void AnswerReader::take_object(const JsonObject& object, int depth) {
  if (is_answer(object)) {
    take_answer(object);
  } else if (const std::optional<AnswerKind> kind = kind_of_item(object)) {
    take_item(*kind, object);
    ++found_.known;
  } else if (!take_recorded(object, depth)) {
    if (is_other_item(object)) {
      ++found_.passed_over;
    } else {
      ++found_.unknown;
    }
  }
}

/// Tools that record answers of the API (placebo for boto) wrap each with its HTTP status.
bool AnswerReader::take_recorded(const JsonObject& object, int depth) {
  if (depth < kDeepest && find_member(object, "status_code")) {
    if (const std::optional<JsonObject> data = find_object(object, "data")) {
      take_object(*data, depth + 1);
      return true;
    }
  }
  const std::optional<JsonObject> error = find_object(object, "Error");
  if (!error || text_member(*error, "Code").empty()) return false;
  ++found_.passed_over;
  if (error_answers_++ < kShownErrorAnswers) {
    report_.notes.push_back(fmt::format("{}: AWS answered with the error {}: {}", name_,
                                        base::shown_word(text_member(*error, "Code")),
                                        text_member(*error, "Message").substr(0, kLongestMessage)));
  }
  return true;
}

void AnswerReader::take_answer(const JsonObject& answer) {
  const bool has_more = !text_member(answer, "NextToken").empty();
  for (const auto& [key, value] : answer) {
    if (stands_beside(key)) continue;
    const std::optional<AnswerKind> kind = find_answer_kind(key);
    if (!kind) {
      passed_over_.insert(base::shown_word(key));
      ++found_.passed_over;
      continue;
    }
    ++found_.known;
    items_[*kind] += 0;  // an answer without items is read, too
    JsonArray array;
    if (value.get_array().get(array) != simdjson::SUCCESS) continue;
    for (const JsonElement element : array) {
      JsonObject item;
      if (element.get_object().get(item) == simdjson::SUCCESS) {
        take_item(*kind, item);
      } else {
        problems_->add(key, "an item is not an object", json_text(element));
      }
    }
    if (*kind == AnswerKind::prefix_list_entries) {
      add_entries(text_member(answer, "PrefixListId"), has_more);
    } else {
      note_page(std::string(key), has_more);
    }
  }
}

void AnswerReader::take_item(AnswerKind kind, const JsonObject& item) {
  const auto add = [this, kind](auto read) {
    if (!read) return;
    builder_.add(*std::move(read), name_);
    ++items_[kind];
  };
  switch (kind) {
    case AnswerKind::security_groups:
      return add(read_group(item, *problems_));
    case AnswerKind::security_group_rules:
      return add_rule(read_group_rule(item, *problems_));
    case AnswerKind::network_acls:
      return add(read_acl(item, *problems_));
    case AnswerKind::network_interfaces: {
      auto interface = read_interface(item, *problems_);
      if (!interface) builder_.miss_interfaces();
      return add(std::move(interface));
    }
    case AnswerKind::subnets:
      return add(read_subnet(item, *problems_));
    case AnswerKind::vpcs:
      return add(read_vpc(item, *problems_));
    case AnswerKind::prefix_lists:
      return add(read_prefix_list(item, *problems_));
    case AnswerKind::prefix_list_entries:
      any_entries_ = true;
      if (const auto entry = read_prefix_list_entry(item, *problems_)) {
        entries_.push_back(*entry);
        ++items_[kind];
      } else {
        misses_entries_ = true;
      }
  }
}

void AnswerReader::add_rule(OwnedRule rule) {
  if (!rule.is_unread) ++items_[AnswerKind::security_group_rules];
  builder_.add(std::move(rule), name_);
}

/// The answer does not say which list it is of; the file's name or a person may.
void AnswerReader::add_entries(std::string list_id, bool has_more) {
  any_entries_ = false;
  if (list_id.empty()) list_id = list_id_in(name_);
  if (list_id.empty()) {
    ++found_.unnamed_lists;
    std::uint64_t& read = items_[AnswerKind::prefix_list_entries];
    read -= std::min<std::uint64_t>(read, entries_.size());
    if (read == 0) items_.erase(AnswerKind::prefix_list_entries);
    entries_.clear();
    misses_entries_ = false;
    return;
  }
  const std::string what = fmt::format("Entries of {}", list_id);
  const bool continued = more_pages_.count(what) > 0;
  builder_.add_entries(list_id, std::move(entries_), continued, name_);
  if (misses_entries_) builder_.miss_entries(list_id);
  entries_.clear();
  misses_entries_ = false;
  note_page(what, has_more);
}

void AnswerReader::note_page(const std::string& what, bool has_more) {
  if (has_more) {
    more_pages_[what] = name_;
  } else {
    more_pages_.erase(what);
  }
}

/// A value that could not be read: other files may hold more of the same, and are not all there is.
void AnswerReader::miss_value(std::string_view text) {
  const auto names = [text](AnswerKind kind) {
    return text.find(answer_key(kind)) != std::string_view::npos;
  };
  if (names(AnswerKind::network_interfaces)) builder_.miss_interfaces();
  if (names(AnswerKind::security_group_rules)) builder_.miss_rules();
}

/// A page that did not follow may hold more of everything.
void AnswerReader::miss_pages() {
  for (const auto& [what, file] : more_pages_) {
    constexpr std::string_view kEntries = "Entries of ";
    if (what == answer_key(AnswerKind::network_interfaces)) builder_.miss_interfaces();
    if (what == answer_key(AnswerKind::security_group_rules)) builder_.miss_rules();
    if (what.starts_with(kEntries)) builder_.miss_entries(what.substr(kEntries.size()));
  }
}

void AnswerReader::finish() {
  miss_pages();
  builder_.finish();
  std::size_t shown = 0;
  for (const auto& [what, file] : more_pages_) {
    if (shown++ == kShownPages) {
      report_.notes.push_back(
          fmt::format("{} more pages are missing", more_pages_.size() - kShownPages));
      break;
    }
    report_.notes.push_back(
        fmt::format("{} ends with a NextToken, and no page of {} follows: a part may be missing; "
                    "without --max-items and --no-paginate `aws` prints everything",
                    file, what));
  }
  if (passed_over_.empty()) return;
  const std::vector<std::string> keys(passed_over_.begin(), passed_over_.end());
  report_.notes.push_back(
      fmt::format("ignored, since weir does not use it: {}", list_some(keys, kShownKinds)));
}

}  // namespace weir::policy
