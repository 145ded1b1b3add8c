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
    case Container::bzip2:
      return source::make_bzip2_unpacker();
    case Container::xz:
      return source::make_xz_unpacker();
    case Container::lz4:
      return source::make_lz4_unpacker();
    case Container::utf16:
      return source::make_utf16_unpacker();
    case Container::plain:
    case Container::parquet:
    case Container::tar:
    case Container::zip:
      break;
  }
  return source::make_plain_unpacker();
}

bool is_packed(Container container) noexcept {
  return container != Container::plain && container < Container::parquet;
}

/// One time that an object is packed: packed bytes and what unpacks them. Its first unpacked bytes
/// can be looked at before they are handed out.
class Layer final : public ByteStream {
 public:
  Layer(std::shared_ptr<source::PackedBytes> packed, Container container)
      : packed_(std::move(packed)), unpacker_(make_unpacker(container)) {}

  /// Waits for as many first bytes as tell what they are.
  std::string_view peek() {
    front_.resize(source::kTarHeaderBytes);
    std::size_t length = 0;
    while (unpacker_ != nullptr && !source::tells_container({front_.data(), length})) {
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
      return "Parquet";
    case Container::bzip2:
      return "bzip2";
    case Container::xz:
      return "xz";
    case Container::lz4:
      return "lz4";
    case Container::utf16:
      return "UTF-16";
    case Container::tar:
      return "tar";
    case Container::zip:
      return "zip";
  }
  return "";
}

struct Object::State {
  State(std::string object_name, source::PackedBytes bytes)
      : name(std::move(object_name)),
        packed(std::make_shared<source::PackedBytes>(std::move(bytes))) {}

  /// Waits for as many first bytes as tell what they are.
  Result<void> look() {
    while (!source::tells_container(packed->window())) {
      const Result<bool> more = packed->need(packed->window().size() + 1);
      if (!more) return Unexpected(more.error());
      if (!*more) break;
    }
    return {};
  }

  /// The first bytes have to be at hand. Takes off one packing after the other.
  void choose_layers() {
    container = content = source::container_of(packed->window());
    layer = std::make_unique<Layer>(packed, container);
    add_packing(container);
    for (std::size_t layers = 1; is_packed(content); ++layers) {
      content = layers < kMostLayers ? source::container_of(layer->peek()) : Container::plain;
      add_packing(content);
      if (!is_packed(content)) return;
      auto bytes = std::make_shared<source::PackedBytes>(std::move(layer));
      layer = std::make_unique<Layer>(std::move(bytes), content);
    }
  }

  void add_packing(Container inner) {
    if (inner == Container::plain) return;
    packing = packing.empty() ? std::string(container_name(inner))
                              : fmt::format("{} in {}", container_name(inner), packing);
  }

  std::string name;
  std::shared_ptr<source::PackedBytes> packed;  // as they lie in the file
  std::optional<FileOnDisk> file;
  std::optional<FileWatch> watch;
  std::optional<source::Descriptor> direct;  // the same file once more, to be read anywhere
  std::optional<Error> look_failure;         // told once the bytes before it are handed out
  Container container = Container::plain;
  Container content = Container::plain;
  std::string packing;
  std::unique_ptr<Layer> layer;  // the innermost
  std::uint64_t unpacked_bytes = 0;
};

Object::Object(std::unique_ptr<State> state) : state_(std::move(state)) {}
Object::~Object() = default;

Result<std::unique_ptr<Object>> Object::open(const Input& input) {
  auto descriptor = open_descriptor(input);
  if (!descriptor) return Unexpected(std::move(descriptor.error()));
  std::optional<FileWatch> watch = descriptor->watch(input.path().value_or("/dev/stdin"));
  const bool is_file = watch.has_value();
  const std::uint64_t bytes = is_file ? watch->bytes : 0;
  std::optional<source::Descriptor> direct =
      is_file && input.path() ? descriptor->duplicate() : std::nullopt;
  auto stream = std::make_unique<FileStream>(std::move(*descriptor));
  auto state = std::make_unique<State>(input.shown_name(), source::PackedBytes(std::move(stream)));
  state->watch = std::move(watch);
  if (is_file)
    state->file = FileOnDisk{.path = input.path().value_or("/dev/stdin"), .bytes = bytes};
  if (Result<void> seen = state->look(); !seen) return Unexpected(std::move(seen.error()));
  state->choose_layers();
  const bool is_plain = state->container == Container::plain && bytes >= kLeastDirectBytes;
  const bool is_archive = state->container == Container::tar || state->container == Container::zip;
  if (direct && (is_plain || is_archive)) state->direct.emplace(*std::move(direct));
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

std::unique_ptr<Object> Object::from_memory(std::string name, std::string_view bytes) {
  auto state = std::make_unique<State>(std::move(name), source::PackedBytes(bytes));
  state->choose_layers();
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

std::unique_ptr<Object> Object::from_stream(std::string name, std::unique_ptr<ByteStream> stream,
                                            const std::string& around) {
  auto state = std::make_unique<State>(std::move(name), source::PackedBytes(std::move(stream)));
  state->packing = around;
  if (Result<void> seen = state->look(); !seen) state->look_failure = std::move(seen.error());
  state->choose_layers();
  return std::unique_ptr<Object>(new Object(std::move(state)));
}

Result<std::size_t> Object::read(std::span<char> out) {
  if (out.empty()) return std::size_t{0};
  Result<std::size_t> length = state_->layer->read(out);
  if (length && *length == 0 && state_->look_failure) {
    length = Unexpected(*std::exchange(state_->look_failure, std::nullopt));
  }
  if (length) {
    state_->unpacked_bytes += *length;
  } else if (length.error().where.empty()) {
    length.error().where = state_->name;
  }
  return length;
}

const std::optional<FileOnDisk>& Object::file() const noexcept { return state_->file; }

const std::optional<FileWatch>& Object::watch() const noexcept { return state_->watch; }

std::optional<std::uint64_t> Object::plain_size() const noexcept {
  const bool is_plain = state_->container == Container::plain;
  return is_plain && state_->direct ? state_->direct->size() : std::nullopt;
}

std::optional<std::uint64_t> Object::archive_size() const noexcept {
  const bool is_plain = state_->container == Container::plain;
  return !is_plain && state_->direct ? state_->direct->size() : std::nullopt;
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
Container Object::content() const noexcept { return state_->content; }
const std::string& Object::packing() const noexcept { return state_->packing; }
std::uint64_t Object::packed_bytes() const noexcept { return state_->packed->offset(); }
std::uint64_t Object::unpacked_bytes() const noexcept { return state_->unpacked_bytes; }

}  // namespace weir
