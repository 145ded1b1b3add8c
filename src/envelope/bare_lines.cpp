// SPDX-License-Identifier: Apache-2.0
// envelope: records, one per line, as AWS writes them to S3.
#include "envelope/envelopes.hpp"
#include "envelope/line_reader.hpp"

namespace weir::envelope {
namespace {

class BareLines final : public Envelope {
 public:
  explicit BareLines(StreamPtr stream) : reader_(std::move(stream), rejects_) {}

  EnvelopeKind kind() const noexcept override { return EnvelopeKind::bare_lines; }
  std::string describe() const override { return "bare lines"; }

 protected:
  Result<bool> fill(LineBlock& block) override {
    LineSlice slice;
    Result<bool> more = reader_.next(block.memory, slice);
    block.text = slice.text;
    block.first_line = slice.first_line;
    block.dropped_lines = 0;
    block.origins.clear();
    block.format = nullptr;
    return more;
  }

 private:
  LineReader reader_;
};

}  // namespace

EnvelopePtr make_bare_lines(StreamPtr stream) {
  return std::make_unique<BareLines>(std::move(stream));
}

}  // namespace weir::envelope
