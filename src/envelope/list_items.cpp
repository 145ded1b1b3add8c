// SPDX-License-Identifier: Apache-2.0
// envelope: records as items of a YAML list (observed: panther-analysis).
#include <optional>
#include <string_view>

#include "envelope/block_queue.hpp"
#include "envelope/envelopes.hpp"
#include "envelope/line_reader.hpp"
#include "envelope/looks.hpp"

namespace weir::envelope {

namespace {

/// `  - 2 1234…` -> `2 1234…`; nothing for a line that is no list item.
std::optional<std::string_view> list_item(std::string_view line) noexcept {
  std::string_view rest = line;
  if (take_token(rest) != "-") return std::nullopt;
  const std::size_t begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  return rest.substr(begin);
}

/// True for what may stand around the items: `---`, `key:`, `key: value`, comments, blank lines.
bool is_list_frame(std::string_view line) noexcept {
  const std::string_view text = trim(line);
  if (text.empty() || text == "---" || text == "..." || text.starts_with('#')) return true;
  // `Logs:` and `LogType: AWS.VPCFlow`, but no IPv6 address and no record.
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  if (colon + 1 < text.size() && text[colon + 1] != ' ') return false;
  return text.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
}

/// `- ` may begin a list item or a record whose first field is missing. It is a list if every other
/// line belongs to a YAML document, and either there is such a line or what follows the hyphen
/// begins as records begin.
bool is_list(const SampleLines& lines) {
  std::size_t items = 0;
  std::size_t records = 0;
  std::size_t frame = 0;
  std::size_t certain = 0;
  for (const std::string_view line : lines) {
    if (const auto item = list_item(line)) {
      if (item->front() < '0' || item->front() > '9') return false;
      ++items;
      if (looks_like_record(*item)) ++records;
      if (begins_like_record(*item)) ++certain;
    } else if (!is_list_frame(line)) {
      return false;
    } else if (!trim(line).starts_with('#')) {
      ++frame;
    }
  }
  return records > 0 && records * 2 >= items && (frame > 0 || certain == items);
}

class ListItems final : public QueuedEnvelope {
 public:
  explicit ListItems(StreamPtr stream) : reader_(std::move(stream), rejects_) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::list_items; }
  std::string describe() const override { return "items of a YAML list"; }

 protected:
  Result<bool> step() override {
    LineSlice slice;
    Result<bool> more = reader_.next(memory_, slice);
    if (!more || !*more) return more;
    std::uint64_t number = slice.first_line;
    while (!slice.text.empty()) {
      const std::size_t length = slice.text.find('\n');
      add(slice.text.substr(0, length), number++);
      slice.text.remove_prefix(length + 1);
    }
    return true;
  }

 private:
  void add(std::string_view line, std::uint64_t number) {
    if (const auto item = list_item(line)) {
      queue_.add(*item, {.line = number, .column = to_column(line.size() - item->size())});
    } else if (!is_list_frame(line)) {
      queue_.add(line, {.line = number, .column = 0});  // the decoder says what is wrong with it
    } else if (!trim(line).empty()) {
      ++passed_over_;
    }
  }

  LineReader reader_;
  PaddedText memory_;
};

}  // namespace

std::optional<Recognition> recognise_list_items(const SampleLines& lines) {
  return is_list(lines) ? std::optional(Recognition{}) : std::nullopt;
}

EnvelopePtr make_list_items(StreamPtr stream) {
  return std::make_unique<ListItems>(std::move(stream));
}

}  // namespace weir::envelope
