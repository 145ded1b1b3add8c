// SPDX-License-Identifier: Apache-2.0
// decode: one object, block by block, on the caller's thread. block_decoder.hpp does the work; the
// pipeline puts the same parts together for many threads.
#include "decode/block_decoder.hpp"
#include "decode/object_decoding.hpp"
#include "weir/decode.hpp"

namespace weir {

struct Decoder::State {
  State(std::unique_ptr<Object> opened, const DecodeOptions& chosen)
      : object(std::move(opened)),
        options(chosen),
        decoding(object->name(), options),
        block_decoder(options) {}

  std::unique_ptr<Object> object;
  DecodeOptions options;
  ObjectDecoding decoding;
  BlockDecoder block_decoder;
  std::unique_ptr<Envelope> envelope;
  LineBlock block;
  bool ended = false;

  Result<bool> next_block();
  void finish();
};

/// Fetches the next block and settles the formats of its lines.
Result<bool> Decoder::State::next_block() {
  Result<bool> more = envelope->next(block);
  if (!more || !*more) block.text = {};
  block_decoder.index(block, block_decoder.shape());
  Result<void> settled = block_decoder.settle(decoding);
  if (!more) return more;
  if (!settled) return Unexpected(std::move(settled.error()));
  return more;
}

void Decoder::State::finish() {
  if (ended) return;
  ended = true;
  decoding.commit(block_decoder.outcome());
  decoding.finish(*envelope, object->packed_bytes(), object->unpacked_bytes());
}

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::~Decoder() = default;

const DecodeReport& Decoder::report() {
  state_->finish();
  return state_->decoding.report();
}

Result<std::unique_ptr<Decoder>> Decoder::open(std::unique_ptr<Object> object,
                                               const DecodeOptions& options) {
  auto state = std::make_unique<State>(std::move(object), options);
  auto envelope = Envelope::open(*state->object, state->object->name());
  if (!envelope) return Unexpected(std::move(envelope.error()));
  state->envelope = *std::move(envelope);
  state->decoding.report().shape = describe_shape(*state->object, *state->envelope);
  // The first block tells whether this is a flow log at all. Damage before it is left for next().
  Result<bool> first = state->next_block();
  if (!first && first.error().code != ErrorCode::damaged)
    return Unexpected(std::move(first.error()));
  if (!first) {
    state->decoding.fail(std::move(first.error()));
  } else if (!*first) {
    state->finish();
  }
  return std::unique_ptr<Decoder>(new Decoder(std::move(state)));
}

Result<bool> Decoder::next(Batch& batch) {
  State& state = *state_;
  while (true) {
    if (state.ended && !state.decoding.failed()) return false;
    if (!state.ended && state.block_decoder.next(batch)) return true;
    if (!state.ended) state.decoding.commit(state.block_decoder.outcome());
    if (std::optional<Error> error = state.decoding.take_failure()) {
      state.finish();
      return Unexpected(*std::move(error));
    }
    Result<bool> block = state.next_block();
    if (!block) {
      state.decoding.fail(std::move(block.error()));
    } else if (!*block) {
      state.finish();
    }
  }
}

void Decoder::complete(Batch& batch, Selection& selection, std::size_t step) {
  state_->block_decoder.complete(batch, selection, step);
}

}  // namespace weir
