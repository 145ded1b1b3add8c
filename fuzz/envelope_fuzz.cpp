// SPDX-License-Identifier: Apache-2.0
// fuzz: bytes -> Envelope. Any two cuts of the bytes give the same lines, from the same places, and
// a block keeps what its header promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "weir/envelope.hpp"

namespace {

class ChunkedStream final : public weir::ByteStream {
 public:
  ChunkedStream(std::string_view bytes, std::size_t chunk) : bytes_(bytes), chunk_(chunk) {}

  weir::Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), chunk_, bytes_.size()});
    std::copy_n(bytes_.data(), size, out.data());
    bytes_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view bytes_;
  std::size_t chunk_;
};

void require(bool holds) {
  if (!holds) std::abort();
}

/// Checks a block and appends what it holds.
void append_block(const weir::LineBlock& block, std::string& transcript) {
  std::uint64_t lines = 0;
  std::string_view rest = block.text;
  while (!rest.empty()) {
    const std::size_t length = rest.find('\n');
    require(length != std::string_view::npos);
    const std::string_view line = rest.substr(0, length);
    rest.remove_prefix(length + 1);
    std::uint64_t number = block.first_line + lines;
    if (!block.origins.empty()) {
      require(lines < block.origins.size());
      number = block.origins[lines].line;
      transcript += std::to_string(block.origins[lines].column) + '@';
    }
    if (block.format != nullptr) {
      const auto blanks = std::count(line.begin(), line.end(), ' ');
      require(static_cast<std::size_t>(blanks) + 1 == block.format->size());
      require(line.find("  ") == std::string_view::npos && !line.empty());
      transcript += block.format->header() + ':';
    }
    transcript += std::to_string(number) + ' ';
    transcript.append(line).push_back('\n');
    ++lines;
  }
  require(block.origins.empty() || lines == block.origins.size());
}

/// Everything that comes out, as one text.
std::string read_all(std::string_view bytes, std::size_t chunk) {
  ChunkedStream stream(bytes, chunk);
  std::string transcript;
  auto envelope = weir::Envelope::open(stream, "fuzz");
  if (!envelope) return envelope.error().message;
  transcript += (*envelope)->describe() + '\n';
  weir::LineBlock block;
  while (true) {
    const auto more = (*envelope)->next(block);
    for (const weir::Reject& reject : block.rejects) {
      require(reject.text.size() <= 4096);
      transcript += "rejected " + std::to_string(reject.line) + ':' +
                    std::to_string(reject.column) + ' ' + reject.detail + '\n';
    }
    if (!more) transcript += more.error().message;
    if (!more || !*more) break;
    append_block(block, transcript);
  }
  transcript += std::to_string((*envelope)->passed_over()) + ' ' +
                std::to_string((*envelope)->coarse_times());
  return transcript;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read_all(bytes, size + 1);
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, std::size_t{16}})
    require(read_all(bytes, chunk) == whole);
  return 0;
}
