// SPDX-License-Identifier: Apache-2.0
// source: one input -> its bytes, unpacked.
#include <optional>
#include <utility>

#include "source/descriptor.hpp"
#include "source/packed_bytes.hpp"
#include "source/unpacker.hpp"
#include "weir/source.hpp"

namespace weir {
namespace {

/// Files below this are not worth reading in several places at once.
constexpr std::uint64_t kLeastDirectBytes = std::uint64_t{1} << 20;

class FileStream final : public ByteStream {
 public:
  explicit FileStream(source::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Result<std::size_t> read(std::span<char> out) override { return descriptor_.read(out); }

 private:
  source::Descriptor descriptor_;
};

std::unique_ptr<source::Unpacker> make_unpacker(Container container) {
  switch (container) {
    case Container::gzip:
      return source::make_gzip_unpacker();
    case Container::zstd:
      return source::make_zstd_unpacker();
    case Container::plain:
    case Container::parquet:
      break;
  }
  return source::make_plain_unpacker();
}

Result<source::Descriptor> open_descriptor(const Input& input) {
  const std::optional<std::string> path = input.path();
  auto descriptor = path ? source::Descriptor::open_for_reading(*path)
                         : Result<source::Descriptor>(source::Descriptor::standard_input());
  if (descriptor && descriptor->is_directory()) {
    return Unexpected(
        {ErrorCode::unreadable, "is a directory, not a file", descriptor->name(), {}, {}});
  }
  return descriptor;
}

}  // namespace

std::string_view container_name(Container container) noexcept {
  switch (container) {
    case Container::plain:
      return "plain";
    case Container::gzip:
      return "gzip";
    case Container::zstd:
      return "zstd";
    case Container::parquet:
      return "parquet";
  }
  return "";
}

struct Object::State {
  State(std::string object_name, source::PackedBytes bytes)
      : name(std::move(object_name)), packed(std::move(bytes)) {}

  // The first bytes have to be at hand.
  void choose_unpacker() {
    container = source::container_of(packed.window());
    unpacker = make_unpacker(container);
  }

  std::string name;
  source::PackedBytes packed;
  std::optional<FileOnDisk> file;
  std::optional<source::Descriptor> direct;  // the same file once more, if it is a plain one
  Container container = Container::plain;
  std::unique_ptr<source::Unpacker> unpacker;  // null at the end
  std::optional<Error> failure;                // told once the bytes before it are handed out
  std::uint64_t unpacked_bytes = 0;
};

Object::Object(std::unique_ptr<State> state) : state_(std::move(state)) {}
Object::~Object() = default;

Result<std::unique_ptr<Object>> Object::open(const Input& input) {
  auto descriptor = open_descriptor(input);
  if (!descriptor) return Unexpected(std::move(descriptor.error()));
  const std::optional<std::uint64_t> size = descriptor->size();
  const bool large = input.path() && size.value_or(0) >= kLeastDirectBytes;
  std::optional<source::Descriptor> direct = large ? descriptor->duplicate() : std::nullopt;
  auto stream = std::make_unique<FileStream>(std::move(*descriptor));
  auto state = std::make_unique<State>(input.shown_name(), source::PackedBytes(std::move(stream)));
  if (size) state->file = FileOnDisk{.path = input.path().value_or("/dev/stdin"), .bytes = *size};
  if (auto seen = state->packed.need(source::kMagicBytes); !seen) {
    return Unexpected(std::move(seen.error()));
  }
  state->choose_unpacker();
  if (state->container == Container::plain && direct) state->direct.emplace(*std::move(direct));
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

std::unique_ptr<Object> Object::from_memory(std::string name, std::string_view bytes) {
  auto state = std::make_unique<State>(std::move(name), source::PackedBytes(bytes));
  state->choose_unpacker();
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

Result<std::size_t> Object::read(std::span<char> out) {
  if (out.empty()) return std::size_t{0};
  std::size_t length = 0;
  if (state_->unpacker) {
    source::Unpacked step = state_->unpacker->unpack(state_->packed, out);
    length = step.length;
    state_->unpacked_bytes += length;
    state_->failure = std::move(step.error);
    if (length == 0 || state_->failure) state_->unpacker.reset();
  }
  if (length > 0 || !state_->failure) return length;

  Error failure = *std::exchange(state_->failure, std::nullopt);
  if (failure.where.empty()) failure.where = state_->name;
  return Unexpected(std::move(failure));
}

const std::optional<FileOnDisk>& Object::file() const noexcept { return state_->file; }

std::optional<std::uint64_t> Object::plain_size() const noexcept {
  return state_->direct ? state_->direct->size() : std::nullopt;
}

Result<std::size_t> Object::read_at(std::uint64_t offset, std::span<char> out) const {
  return state_->direct->read_at(offset, out);
}

Result<std::optional<std::string>> read_whole(const Input& input, std::size_t most) {
  Result<std::unique_ptr<Object>> object = Object::open(input);
  if (!object) return Unexpected(std::move(object.error()));
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  std::string text;
  while (text.size() <= most) {
    const std::size_t size = text.size();
    text.resize(size + kPiece);
    const Result<std::size_t> count = (*object)->read({text.data() + size, kPiece});
    if (!count) return Unexpected(count.error());
    text.resize(size + *count);
    if (*count == 0) return std::optional(std::move(text));
  }
  return std::optional<std::string>();
}

const std::string& Object::name() const noexcept { return state_->name; }
Container Object::container() const noexcept { return state_->container; }
std::uint64_t Object::packed_bytes() const noexcept { return state_->packed.offset(); }
std::uint64_t Object::unpacked_bytes() const noexcept { return state_->unpacked_bytes; }

}  // namespace weir
