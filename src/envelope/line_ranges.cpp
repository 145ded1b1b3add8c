// SPDX-License-Identifier: Apache-2.0
// envelope: a plain file -> blocks of lines, in any order.
#include "envelope/line_ranges.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "envelope/envelopes.hpp"
#include "envelope/reject.hpp"

namespace weir::envelope {
namespace {

/// Read beyond a range in one go, for the end of its last line: most lines are shorter.
constexpr std::size_t kUsualRest = 1024;
constexpr std::size_t kRestStep = std::size_t{64} << 10;

constexpr std::size_t kNone = std::string_view::npos;

}  // namespace

Result<LineRanges> LineRanges::over(const Object& object) {
  std::array<char, kByteOrderMark.size()> first{};
  const Result<std::size_t> got = object.read_at(0, first);
  if (!got) return Unexpected(got.error());
  const bool marked = std::string_view(first.data(), *got) == kByteOrderMark;
  return LineRanges(object, marked ? kByteOrderMark.size() : 0, object.plain_size().value_or(0));
}

std::uint64_t LineRanges::bytes_of(std::uint64_t index) const noexcept {
  return std::min<std::uint64_t>(kRangeBytes, end_ - begin_ - index * kRangeBytes) +
         (index == 0 ? begin_ : 0);
}

LineRanges::LineRanges(const Object& object, std::uint64_t begin, std::uint64_t end)
    : object_(&object),
      begin_(begin),
      end_(end),
      count_((end - begin + kRangeBytes - 1) / kRangeBytes) {}

Result<void> LineRanges::read(std::uint64_t index, LineBlock& block) const {
  block.text = {};
  block.first_line = 0;
  block.dropped_lines = 0;
  block.origins.clear();
  block.format = nullptr;
  block.rejects.clear();
  const std::uint64_t offset = begin_ + index * kRangeBytes;
  // The byte before the range tells whether a line begins with it.
  const std::size_t before = index > 0 ? 1 : 0;
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(kRangeBytes, end_ - offset)) + before;
  block.memory.reserve(kRangeBytes + before + kUsualRest);
  Result<std::string_view> lines = whole_lines(offset - before, wanted, before > 0, block);
  if (!lines) return Unexpected(std::move(lines.error()));
  block.text = *lines;
  return {};
}

Result<std::size_t> LineRanges::read_at(std::uint64_t offset, char* out, std::size_t bytes) const {
  const std::uint64_t left = end_ > offset ? end_ - offset : 0;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left));
  std::size_t done = 0;
  while (done < wanted) {
    Result<std::size_t> got = object_->read_at(offset + done, {out + done, wanted - done});
    if (!got) return got;
    if (*got == 0) break;  // the file has become shorter
    done += *got;
  }
  return done;
}

/// The lines that begin in the first `wanted` bytes from `offset`, but for the one that those bytes
/// start inside.
Result<std::string_view> LineRanges::whole_lines(std::uint64_t offset, std::size_t wanted,
                                                 bool starts_inside, LineBlock& block) const {
  PaddedText& memory = block.memory;
  Result<std::size_t> got = read_at(offset, memory.data(), wanted + kUsualRest);
  if (!got) return Unexpected(std::move(got.error()));
  std::string_view bytes(memory.data(), *got);
  std::size_t first = 0;
  if (starts_inside) {
    const std::size_t newline = bytes.substr(0, wanted - 1).find('\n');
    if (newline == kNone) return std::string_view();
    first = newline + 1;
  }
  wanted = std::min(wanted, bytes.size());
  if (first >= wanted) return std::string_view();
  std::size_t end = bytes.find('\n', wanted - 1);
  if (end != kNone) return bytes.substr(first, end + 1 - first);

  // The last line is longer than what was read beyond the range, or the file's last one.
  const std::size_t last = bytes.substr(first, wanted - first).rfind('\n');
  const std::size_t begin = last == kNone ? first : first + last + 1;
  std::string rest(bytes.substr(begin));
  while (rest.size() <= kMaxLineBytes) {
    const std::size_t known = rest.size();
    rest.resize(known + kRestStep);
    got = read_at(offset + begin + known, rest.data() + known, kRestStep);
    if (!got) return Unexpected(std::move(got.error()));
    rest.resize(known + *got);
    end = rest.find('\n', known);
    if (end != kNone || *got == 0) break;
  }
  if (end == kNone && rest.size() <= kMaxLineBytes) {
    end = rest.size();
    rest += '\n';
  }
  std::string_view lines = bytes.substr(first, begin - first);
  if (end == kNone || end > kMaxLineBytes) {
    const auto before = static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    block.rejects.push_back(
        too_long_reject({.line = before + 1, .column = 0}, kMaxLineBytes, rest));
    block.dropped_lines = 1;
    return lines;
  }
  std::string whole(lines);
  whole.append(rest, 0, end + 1);
  return memory.assign(whole);
}

}  // namespace weir::envelope
