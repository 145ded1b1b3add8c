// SPDX-License-Identifier: Apache-2.0
// conversation: threads' records -> the store -> conversations.
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "conversation/fan_in.hpp"
#include "conversation/nat_legs.hpp"
#include "conversation/record_reader.hpp"
#include "conversation/record_store.hpp"
#include "conversation/tuple_visit.hpp"
#include "weir/conversation.hpp"

namespace weir {
namespace {

/// Records that a thread takes before it says so.
constexpr std::uint64_t kToldAtOnce = 4096;

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// Units that a thread keeps for each partition before it hands them over.
constexpr std::size_t kBufferUnits = 32;

}  // namespace

struct Conversations::State {
  explicit State(ConversationOptions given)
      : options(std::move(given)),
        hash(random_seed()),
        legs(hash),
        store(options.memory_bytes, options.temp_directory) {}

  class StorePart;

  std::uint32_t begin_block() {
    const std::lock_guard lock(mutex);
    block_rows.push_back(0);
    return static_cast<std::uint32_t>(block_rows.size() - 1);
  }
  void end_block(std::uint32_t block, std::uint64_t rows) {
    const std::lock_guard lock(mutex);
    block_rows[block] = rows;
  }
  /// What a part has found out.
  void add(const std::vector<conversation::InterfaceLog>& more,
           const conversation::RecordCounts& counted);
  void number_blocks();
  void observe_interfaces();
  Result<void> visit_partitions(std::atomic<std::size_t>& next, ConversationVisitor& visitor);

  ConversationOptions options;
  Progress* progress = nullptr;
  conversation::TupleHash hash;
  conversation::NatLegs legs;
  conversation::FanIn fan_in;
  conversation::RecordStore store;
  base::TextPool ids;

  std::mutex mutex;  // guards what follows, until all parts have finished
  std::vector<std::uint64_t> block_rows;
  std::vector<std::uint32_t> block_order;
  std::vector<conversation::InterfaceLog> logs;  // by number
  conversation::RecordCounts counts;

  // Set by finish().
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::vector<std::uint32_t> ranks;
  std::vector<ObservedInterface> interfaces;
  std::vector<conversation::OwnAddresses> own;
  std::vector<std::uint64_t> block_begin;
};

/// A thread's share. Records wait in buffers, one for each partition.
class Conversations::State::StorePart final : public Conversations::Part {
 public:
  explicit StorePart(State& state)
      : state_(state), reader_(state.ids, state.hash), legs_(state.legs), buffers_(new Buffers) {}

  void add(const Batch& batch, const Selection& selection) override;
  std::uint64_t end_block() override;
  void finish() override;

 private:
  struct Buffer {
    std::size_t count = 0;
    std::array<conversation::PackedRecord, kBufferUnits> units;
  };
  using Buffers = std::array<Buffer, conversation::RecordStore::kPartitions>;

  void begin_block();
  void keep(std::span<const conversation::PackedRecord> units);
  void flush(std::size_t partition);

  State& state_;
  conversation::RecordReader reader_;
  conversation::NatLegs::Part legs_;
  std::unique_ptr<Buffers> buffers_;
  bool is_in_block_ = false;
  std::uint32_t block_ = 0;
  std::uint64_t rows_ = 0;  // of the block so far
};

void Conversations::State::StorePart::begin_block() {
  if (is_in_block_) return;
  is_in_block_ = true;
  block_ = state_.begin_block();
  rows_ = 0;
}

void Conversations::State::StorePart::add(const Batch& batch, const Selection& selection) {
  if (state_.store.failed()) return;
  begin_block();
  reader_.begin(batch);
  std::size_t next = 0;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const bool selected = next < selection.count && selection.rows[next] == row;
    next += selected ? 1 : 0;
    std::array<conversation::PackedRecord, 2> units;
    const std::size_t count = reader_.read(row, selected, units);
    if (count == 0) continue;
    units[0].block = block_;
    units[0].row = static_cast<std::uint32_t>(rows_ + row);
    const conversation::RecordView view{.core = units.data(),
                                        .tail = count == 2 ? &units[1] : nullptr};
    const conversation::AddressTail addresses = conversation::ends_of(view).addresses;
    // What was rejected is no sign of a service: scanners send from one port to many.
    if (units[0].action() != Action::reject) state_.fan_in.add(units[0], addresses);
    if (state_.options.dedup) legs_.add(units[0], addresses, reader_.interface());
    keep(std::span(units).first(count));
  }
  rows_ += batch.rows;
}

void Conversations::State::StorePart::keep(std::span<const conversation::PackedRecord> units) {
  const std::size_t partition = conversation::RecordStore::partition_of(units.front().hash);
  Buffer& buffer = (*buffers_)[partition];
  if (buffer.count + units.size() > kBufferUnits) flush(partition);
  for (const conversation::PackedRecord& unit : units) buffer.units[buffer.count++] = unit;
}

void Conversations::State::StorePart::flush(std::size_t partition) {
  Buffer& buffer = (*buffers_)[partition];
  if (buffer.count == 0) return;
  state_.store.add(partition, std::span(buffer.units).first(buffer.count));
  buffer.count = 0;
}

std::uint64_t Conversations::State::StorePart::end_block() {
  begin_block();
  state_.end_block(block_, rows_);
  is_in_block_ = false;
  return block_;
}

void Conversations::State::StorePart::finish() {
  if (is_in_block_) end_block();
  // Threads begin at different partitions, so that they rarely wait for each other.
  const std::size_t first =
      (reinterpret_cast<std::uintptr_t>(this) >> 6) % conversation::RecordStore::kPartitions;
  for (std::size_t i = 0; i < conversation::RecordStore::kPartitions; ++i) {
    flush((first + i) % conversation::RecordStore::kPartitions);
  }
  state_.add(reader_.logs(), reader_.counts());
  reader_.forget();
}

void Conversations::State::add(const std::vector<conversation::InterfaceLog>& more,
                               const conversation::RecordCounts& counted) {
  const std::lock_guard lock(mutex);
  if (logs.size() < more.size()) logs.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) logs[i].add(more[i]);
  counts.add(counted);
}

/// Gives each block its place: first those whose order was told, then the others.
void Conversations::State::number_blocks() {
  std::vector<bool> is_placed(block_rows.size());
  for (const std::uint32_t block : block_order) is_placed[block] = true;
  for (std::uint32_t block = 0; block < block_rows.size(); ++block) {
    if (!is_placed[block]) block_order.push_back(block);
  }
  block_begin.resize(block_rows.size());
  std::uint64_t rows = 0;
  for (const std::uint32_t block : block_order) {
    block_begin[block] = rows;
    rows += block_rows[block];
  }
}

void Conversations::State::observe_interfaces() {
  ranks = ids.ranks();
  logs.resize(ids.size());
  interfaces.resize(ids.size());
  own.resize(ids.size());
  for (std::size_t number = 0; number < ids.size(); ++number) {
    conversation::InterfaceLog& log = logs[number];
    const std::size_t rank = ranks[number];
    ObservedInterface& interface = interfaces[rank];
    interface.id = ids.text(number);
    own[rank] = conversation::OwnAddresses::resolve(interface.id, log, options.policy);
    interface.addresses = own[rank].addresses();
    interface.addresses_origin = own[rank].origin();
    interface.configured = own[rank].configured();
    interface.accepted = log.accepted;
    interface.rejected = log.rejected;
    interface.nodata = log.nodata;
    interface.skipdata = log.skipdata;
    interface.skipped = log.skipped.take();
    interface.is_nameless = log.is_nameless;
    if (log.first <= log.last) {
      interface.first = log.first;
      interface.last = log.last;
    }
    accepted += log.accepted;
    rejected += log.rejected;
  }
  logs.clear();
}

Result<void> Conversations::State::visit_partitions(std::atomic<std::size_t>& next,
                                                    ConversationVisitor& visitor) {
  const conversation::TupleContext context{.ranks = ranks,
                                           .interfaces = interfaces,
                                           .own = own,
                                           .block_begin = block_begin,
                                           .legs = options.dedup ? &legs : nullptr,
                                           .fan_in = &fan_in,
                                           .policy = options.policy};
  conversation::TupleVisit tuples(context, visitor);
  std::uint64_t untold = 0;
  const auto tell = [&] {
    if (progress != nullptr) progress->advance(std::exchange(untold, 0));
  };
  for (std::size_t partition = 0;
       (partition = next.fetch_add(1)) < conversation::RecordStore::kPartitions;) {
    const auto reader = store.sorted(partition);
    while (true) {
      const auto record = reader->next();
      if (!record) return Unexpected(record.error());
      if (!*record) break;
      tuples.add(**record);
      if (++untold == kToldAtOnce) tell();
    }
    tuples.finish();
    tell();
  }
  return {};
}

Conversations::Conversations(ConversationOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
Conversations::~Conversations() = default;

FieldSet Conversations::fields() const { return conversation::RecordReader::fields(); }

std::unique_ptr<Conversations::Part> Conversations::part() {
  return std::make_unique<State::StorePart>(*state_);
}

void Conversations::in_order(std::uint64_t block) {
  const std::lock_guard lock(state_->mutex);
  state_->block_order.push_back(static_cast<std::uint32_t>(block));
}

bool Conversations::failed() const noexcept { return state_->store.failed(); }

Result<void> Conversations::finish() {
  if (auto done = state_->store.failure(); !done) return done;
  state_->number_blocks();
  state_->observe_interfaces();
  return {};
}

std::span<const ObservedInterface> Conversations::interfaces() const noexcept {
  return state_->interfaces;
}
std::uint64_t Conversations::records() const noexcept { return state_->counts.records; }
std::uint64_t Conversations::nodata() const noexcept { return state_->counts.nodata; }
std::uint64_t Conversations::skipdata() const noexcept { return state_->counts.skipdata; }
std::uint64_t Conversations::without_tuple() const noexcept { return state_->counts.without_tuple; }
bool Conversations::accepts_only() const noexcept {
  return state_->accepted > 0 && state_->rejected == 0;
}
bool Conversations::rejects_only() const noexcept {
  return state_->rejected > 0 && state_->accepted == 0;
}

void Conversations::set_progress(Progress* progress) noexcept { state_->progress = progress; }

Result<void> Conversations::visit(std::span<ConversationVisitor* const> visitors) {
  if (state_->progress != nullptr && !visitors.empty()) {
    state_->progress->begin(visitors.front()->work(), ProgressUnit::records,
                            state_->counts.records);
  }
  std::atomic<std::size_t> next = 0;
  std::vector<Result<void>> ended(visitors.size());
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < visitors.size(); ++i) {
    others.emplace_back([this, &next, &visitor = *visitors[i], &end = ended[i]] {
      end = state_->visit_partitions(next, visitor);
    });
  }
  if (!visitors.empty()) ended.front() = state_->visit_partitions(next, *visitors.front());
  for (std::thread& other : others) other.join();
  for (Result<void>& end : ended) {
    if (!end) return std::move(end);
  }
  return {};
}

}  // namespace weir
