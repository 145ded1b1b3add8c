// SPDX-License-Identifier: Apache-2.0
// decode: the first lines of objects, for a guess at their format.
#include <fmt/format.h>

#include "decode/header.hpp"
#include "decode/tokens.hpp"
#include "weir/envelope.hpp"
#include "weir/format.hpp"
#include "weir/guess.hpp"

namespace weir {
namespace {

/// Lines that are looked at, of each number of fields.
constexpr std::size_t kMostGuessedLines = 2048;
constexpr std::size_t kMostGuessedCounts = 16;
/// Files of an archive that are looked at.
constexpr std::size_t kMostGuessedMembers = 64;

}  // namespace

Result<void> GuessSample::add(const Input& input) {
  Result<std::unique_ptr<Object>> object = Object::open(input);
  if (!object) return Unexpected(std::move(object.error()));
  if (!(*object)->is_archive()) return take(**object);
  Archive archive(*std::move(object));
  Result<void> all;
  for (std::size_t members = 0; members < kMostGuessedMembers; ++members) {
    Result<std::unique_ptr<Object>> member = archive.next();
    if (member && *member == nullptr) break;
    Result<void> taken = member ? take(**member) : Unexpected(std::move(member.error()));
    if (all && !taken) all = std::move(taken);
  }
  return all;
}

Result<void> GuessSample::take(Object& object) {
  const std::string name = object.name();
  const auto nothing = [&](std::string_view why) -> Result<void> {
    return Unexpected(Error{.code = ErrorCode::no_flow_log,
                            .message = fmt::format("nothing to guess: {}", why),
                            .where = name,
                            .hint = "read it without --guess and without --format"});
  };
  if (object.content() == Container::parquet) return nothing("Parquet names its columns");
  Result<std::unique_ptr<Envelope>> envelope = Envelope::open(object, name);
  if (!envelope) return Unexpected(std::move(envelope.error()));
  LineBlock block;
  const Result<bool> more = (*envelope)->next(block);
  if (!more) return Unexpected(more.error());
  if (block.format != nullptr) return nothing("the records name their fields");
  std::size_t taken = 0;
  for (std::string_view text = block.text; !text.empty();) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    const std::size_t fields = decode::count_tokens(line, kMaxFormatFields + 1);
    if (fields == 0 || fields > kMaxFormatFields || line[line.find_first_not_of(" \t\r")] == '#') {
      continue;
    }
    if (decode::is_header_line(line)) {
      if (taken == 0) return nothing("a header line names the fields");
      break;
    }
    ++taken;
    if (!lines_.contains(fields) && lines_.size() == kMostGuessedCounts) continue;
    if (lines_[fields].size() < kMostGuessedLines) lines_[fields].emplace_back(line);
  }
  return {};
}

}  // namespace weir
