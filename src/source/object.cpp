// SPDX-License-Identifier: Apache-2.0
// source: one input -> its bytes, unpacked.
#include <fmt/format.h>

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
    case Container::utf16:
      return source::make_utf16_unpacker();
    case Container::plain:
    case Container::parquet:
      break;
  }
  return source::make_plain_unpacker();
}

bool is_packed(Container container) noexcept {
  return container != Container::plain && container != Container::parquet;
}

/// One time that an object is packed: packed bytes and what unpacks them. Its first unpacked bytes
/// can be looked at before they are handed out.
class Layer final : public ByteStream {
 public:
  Layer(std::shared_ptr<source::PackedBytes> packed, Container container)
      : packed_(std::move(packed)), unpacker_(make_unpacker(container)) {}

  /// Waits for as many first bytes as tell what they are.
  std::string_view peek() {
    front_.resize(source::kMagicBytes);
    std::size_t length = 0;
    while (length < front_.size() && unpacker_ != nullptr &&
           source::may_be_packed({front_.data(), length})) {
      length += unpack(std::span(front_).subspan(length));
    }
    front_.resize(length);
    return front_;
  }

  Result<std::size_t> read(std::span<char> out) override {
    // The first piece is as long as it would be if nobody had looked at it.
    std::size_t length = front_.copy(out.data(), out.size());
    front_.erase(0, length);
    const bool at_hand = length == 0 || !packed_->window().empty();
    if (length < out.size() && at_hand && unpacker_ != nullptr)
      length += unpack(out.subspan(length));
    if (length > 0 || !failure_) return length;
    return Unexpected(*std::exchange(failure_, std::nullopt));
  }

 private:
  std::size_t unpack(std::span<char> out) {
    source::Unpacked step = unpacker_->unpack(*packed_, out);
    failure_ = std::move(step.error);
    if (step.length == 0 || failure_) unpacker_.reset();
    return step.length;
  }

  std::shared_ptr<source::PackedBytes> packed_;
  std::unique_ptr<source::Unpacker> unpacker_;  // null at the end
  std::optional<Error> failure_;                // told once the bytes before it are handed out
  std::string front_;                           // looked at, not handed out
};

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
    case Container::utf16:
      return "UTF-16";
  }
  return "";
}

struct Object::State {
  State(std::string object_name, source::PackedBytes bytes)
      : name(std::move(object_name)),
        packed(std::make_shared<source::PackedBytes>(std::move(bytes))) {}

  // The first bytes have to be at hand. Takes off one packing after the other.
  void choose_layers() {
    container = source::container_of(packed->window());
    layer = std::make_unique<Layer>(packed, container);
    if (container != Container::plain) packing = container_name(container);
    Container outer = container;
    for (std::size_t layers = 1; is_packed(outer) && layers < kMostLayers; ++layers) {
      const Container inner = source::container_of(layer->peek());
      if (!is_packed(inner)) return;
      packing = fmt::format("{} in {}", container_name(inner), packing);
      layer =
          std::make_unique<Layer>(std::make_shared<source::PackedBytes>(std::move(layer)), inner);
      outer = inner;
    }
  }

  std::string name;
  std::shared_ptr<source::PackedBytes> packed;  // as they lie in the file
  std::optional<FileOnDisk> file;
  std::optional<source::Descriptor> direct;  // the same file once more, if it is a plain one
  Container container = Container::plain;
  std::string packing;
  std::unique_ptr<Layer> layer;  // the innermost
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
  if (auto seen = state->packed->need(source::kMagicBytes); !seen) {
    return Unexpected(std::move(seen.error()));
  }
  state->choose_layers();
  if (state->container == Container::plain && direct) state->direct.emplace(*std::move(direct));
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

std::unique_ptr<Object> Object::from_memory(std::string name, std::string_view bytes) {
  auto state = std::make_unique<State>(std::move(name), source::PackedBytes(bytes));
  state->choose_layers();
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

Result<std::size_t> Object::read(std::span<char> out) {
  if (out.empty()) return std::size_t{0};
  Result<std::size_t> length = state_->layer->read(out);
  if (length) {
    state_->unpacked_bytes += *length;
  } else if (length.error().where.empty()) {
    length.error().where = state_->name;
  }
  return length;
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
const std::string& Object::packing() const noexcept { return state_->packing; }
std::uint64_t Object::packed_bytes() const noexcept { return state_->packed->offset(); }
std::uint64_t Object::unpacked_bytes() const noexcept { return state_->unpacked_bytes; }

}  // namespace weir
