// SPDX-License-Identifier: Apache-2.0
// decode: one object, block by block, on the caller's thread. block_decoder.hpp and
// chunk_decoder.hpp do the work; the pipeline puts the same parts together for many threads.
#include <optional>

#include "decode/block_decoder.hpp"
#include "decode/chunk_decoder.hpp"
#include "decode/object_decoding.hpp"
#include "weir/decode.hpp"

namespace weir {

namespace {

/// What an object is read with, a block at a time.
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  virtual ~Blocks() = default;
  virtual std::string shape() const = 0;
  /// Fetches the next block and settles the formats of its records.
  virtual Result<bool> next(decode::ObjectDecoding& decoding) = 0;
  virtual decode::BatchMaker& maker() = 0;
  virtual void finish(decode::ObjectDecoding& decoding) = 0;
};

class LineBlocks final : public Blocks {
 public:
  LineBlocks(std::unique_ptr<Object> object, std::unique_ptr<Envelope> envelope,
             const DecodeOptions& options)
      : object_(std::move(object)), envelope_(std::move(envelope)), decoder_(options) {}

  std::string shape() const override { return decode::describe_shape(*object_, *envelope_); }
  Result<bool> next(decode::ObjectDecoding& decoding) override {
    Result<bool> more = envelope_->next(block_);
    if (!more || !*more) block_.text = {};
    decoder_.index(block_, decoding.shape());
    Result<void> settled = decoder_.settle(decoding);
    if (!more) return more;
    if (!settled) return Unexpected(std::move(settled.error()));
    return more;
  }
  decode::BatchMaker& maker() override { return decoder_; }
  void finish(decode::ObjectDecoding& decoding) override {
    decoding.finish(*envelope_, object_->packed_bytes(), object_->unpacked_bytes());
  }

 private:
  std::unique_ptr<Object> object_;
  std::unique_ptr<Envelope> envelope_;
  decode::BlockDecoder decoder_;
  LineBlock block_;
};

class RowBlocks final : public Blocks {
 public:
  explicit RowBlocks(const DecodeOptions& options)
      : wanted_(decode::wanted_of(options)), decoder_(options) {}

  Result<void> open(Object& object) {
    auto file = parquet::File::open(engine_, object);
    if (!file) return Unexpected(std::move(file.error()));
    file_ = *std::move(file);
    return {};
  }
  std::string shape() const override { return file_->shape(); }
  Result<bool> next(decode::ObjectDecoding& decoding) override {
    if (reader_ == nullptr) {
      const parquet::Part all{.first_row = 0, .rows = 0, .bytes = file_->bytes(), .is_all = true};
      auto reader = parquet::PartReader::open(engine_, file_, all, wanted_);
      if (!reader) return Unexpected(std::move(reader.error()));
      reader_ = *std::move(reader);
    }
    Result<bool> more = reader_->next(block_);
    decoder_.start(block_);
    Result<void> settled = decoder_.settle(decoding);
    if (more && !settled) return Unexpected(std::move(settled.error()));
    return more;
  }
  decode::BatchMaker& maker() override { return decoder_; }
  void finish(decode::ObjectDecoding& decoding) override {
    decoding.finish(file_->bytes(), file_->bytes());
  }

 private:
  parquet::Engine engine_;
  std::shared_ptr<const parquet::File> file_;
  parquet::Wanted wanted_;
  std::unique_ptr<parquet::PartReader> reader_;
  decode::ChunkDecoder decoder_;
  parquet::RowBlock block_;
};

Result<std::unique_ptr<Blocks>> open_blocks(std::unique_ptr<Object> object,
                                            const DecodeOptions& options) {
  if (object->is_archive()) {
    return Unexpected({.code = ErrorCode::unsupported,
                       .message = "this is an archive of several objects",
                       .where = object->name(),
                       .hint = "open each of them: Archive hands them out"});
  }
  if (object->content() == Container::parquet) {
    auto rows = std::make_unique<RowBlocks>(options);
    if (Result<void> opened = rows->open(*object); !opened) {
      return Unexpected(std::move(opened.error()));
    }
    return std::unique_ptr<Blocks>(std::move(rows));
  }
  auto envelope = Envelope::open(*object, object->name());
  if (!envelope) return Unexpected(std::move(envelope.error()));
  return std::unique_ptr<Blocks>(
      std::make_unique<LineBlocks>(std::move(object), *std::move(envelope), options));
}

}  // namespace

struct Decoder::State {
  State(const std::string& name, const DecodeOptions& chosen)
      : options(chosen), decoding(name, options) {}

  DecodeOptions options;
  decode::ObjectDecoding decoding;
  std::unique_ptr<Blocks> blocks;
  bool ended = false;

  void finish();
};

void Decoder::State::finish() {
  if (ended) return;
  ended = true;
  decoding.commit(blocks->maker().outcome());
  blocks->finish(decoding);
}

Decoder::Decoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Decoder::~Decoder() = default;

const DecodeReport& Decoder::report() {
  state_->finish();
  return state_->decoding.report();
}

Result<std::unique_ptr<Decoder>> Decoder::open(std::unique_ptr<Object> object,
                                               const DecodeOptions& options) {
  auto state = std::make_unique<State>(object->name(), options);
  auto blocks = open_blocks(std::move(object), state->options);
  if (!blocks) return Unexpected(std::move(blocks.error()));
  state->blocks = *std::move(blocks);
  state->decoding.report().shape = state->blocks->shape();
  // The first block tells whether this is a flow log at all. Damage before it is left for next().
  Result<bool> first = state->blocks->next(state->decoding);
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
    decode::BatchMaker& maker = state.blocks->maker();
    if (!state.ended && maker.next(batch)) return true;
    if (!state.ended) state.decoding.commit(maker.outcome());
    if (std::optional<Error> error = state.decoding.take_failure()) {
      state.finish();
      return Unexpected(*std::move(error));
    }
    Result<bool> block = state.blocks->next(state.decoding);
    if (!block) {
      state.decoding.fail(std::move(block.error()));
    } else if (!*block) {
      state.finish();
    }
  }
}

void Decoder::complete(Batch& batch, Selection& selection, std::size_t step) {
  state_->blocks->maker().complete(batch, selection, step);
}

}  // namespace weir
