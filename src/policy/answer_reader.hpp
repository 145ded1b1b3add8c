// SPDX-License-Identifier: Apache-2.0
// policy: text of files -> the items of the AWS answers in it.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/answer_kind.hpp"
#include "policy/item_problems.hpp"
#include "policy/network_builder.hpp"
#include "weir/policy.hpp"

namespace weir::policy {

/// Reads files one by one. What they say goes to a network, what is to be said of them to a report.
///
/// Memory: about five times the file that is read.
class AnswerReader {
 public:
  AnswerReader(Network& network, ConfigurationReport& report)
      : report_(report), builder_(network, report.notes) {}

  /// `bytes` is the file's content, in any encoding that shells write.
  void read(std::string_view name, std::string bytes);
  /// Ends the reading, and notes what concerns all files.
  void finish();

 private:
  /// What became of the values of a file.
  struct Found {
    std::size_t known = 0;
    std::size_t passed_over = 0;
    std::size_t unknown = 0;
    std::size_t unnamed_lists = 0;
    std::size_t first_unknown = 0;  // where the document begins
  };

  void read_documents(std::string_view text, std::size_t offset);
  bool read_document(std::string_view text, std::size_t begin, std::size_t end);
  void take_value(const JsonElement& value, int depth);
  void take_object(const JsonObject& object, int depth);
  void take_answer(const JsonObject& answer);
  void take_item(AnswerKind kind, const JsonObject& item);
  void add_rule(OwnedRule rule);
  bool take_recorded(const JsonObject& object, int depth);
  void add_entries(std::string list_id, bool has_more);
  void end_file(std::string_view text);
  void note_page(const std::string& what, bool has_more);
  void miss_value(std::string_view text);
  void miss_pages();

  ConfigurationReport& report_;
  NetworkBuilder builder_;
  simdjson::dom::parser parser_;

  // The file that is being read.
  std::string name_;
  std::string text_;
  ItemProblems* problems_ = nullptr;
  std::map<AnswerKind, std::uint64_t> items_;
  Found found_;
  std::vector<Cidr> entries_;  // of a prefix list, in the answer that is being read
  bool any_entries_ = false;
  bool misses_entries_ = false;  // one of them could not be read

  // Of all files.
  std::map<std::string, std::string> more_pages_;  // what -> the last file, which names a next page
  std::set<std::string> passed_over_;              // keys of other answers
  std::size_t error_answers_ = 0;
};

}  // namespace weir::policy
