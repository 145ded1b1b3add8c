// SPDX-License-Identifier: Apache-2.0
// conversation: all conversations -> the largest of them, or all of them in order.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/protocol.hpp"
#include "base/spill_file.hpp"
#include "base/spill_run.hpp"
#include "weir/conversation.hpp"

namespace weir {
namespace {

// Conversations without their records are written to the file as they are.
static_assert(std::is_trivially_copyable_v<Conversation>);

/// More than this are sorted, not kept in a heap.
constexpr std::uint64_t kMostInHeap = 100'000;
constexpr std::size_t kLeastRows = 1024;
constexpr std::size_t kRankMergeBytes = std::size_t{4} << 20;
constexpr std::size_t kLeastRankRunBytes = std::size_t{8} << 10;

/// The order of an answer. Total: no two conversations agree in all of it.
class ByMeasure {
 public:
  explicit ByMeasure(ConversationMeasure measure) : measure_(measure) {}
  bool operator()(const Conversation& a, const Conversation& b) const noexcept {
    const auto left = measure_of(a, measure_);
    const auto right = measure_of(b, measure_);
    if (left != right) return left > right;
    const auto ends = [](const Conversation& it) {
      return std::tie(it.packet_client, it.packet_server, it.server_port, it.protocol,
                      it.client_port, it.interface, it.client, it.server, it.forward.first,
                      it.backward.first, it.forward.last, it.backward.last, it.forward.bytes,
                      it.backward.bytes);
    };
    return ends(a) < ends(b);
  }

 private:
  ConversationMeasure measure_;
};

bool has_selected(const Conversation& conversation) noexcept {
  return std::any_of(conversation.records.begin(), conversation.records.end(),
                     [](const FlowRecord& record) { return record.selected; });
}

bool is_copy(const Conversation& conversation) noexcept {
  return conversation.forward.double_flows + conversation.backward.double_flows ==
         conversation.records.size();
}

std::int64_t first_of(const Conversation& conversation) noexcept {
  return conversation.records.front().start;
}
std::int64_t last_of(const Conversation& conversation) noexcept {
  return std::max(conversation.forward.last, conversation.backward.last);
}

/// A conversation that counts, and whether it or a copy of it is selected.
struct Counted {
  Conversation conversation;
  bool is_selected = false;
};

/// The conversation at another interface whose packets a copy has; null if none is known. All are
/// of one 5-tuple of packets.
Counted* original_of(const Conversation& copy, std::vector<Counted>& counted) noexcept {
  for (Counted& each : counted) {
    const Conversation& it = each.conversation;
    if (it.interface != copy.interface && first_of(it) <= last_of(copy) + base::kTimeSlack &&
        first_of(copy) <= last_of(it) + base::kTimeSlack) {
      return &each;
    }
  }
  return nullptr;
}

/// The worst verdict stays: packets that a copy was rejected for got no further.
void note_rejects(ConversationWay& way, const ConversationWay& of_copy, std::uint32_t interface) {
  if (of_copy.rejected == 0) return;
  if (way.copies_rejected == 0) way.rejected_interface = interface;
  way.copies_rejected += of_copy.rejected;
  way.copies_accepted += of_copy.accepted;
}

void fold(const Conversation& copy, Counted& original) {
  Conversation& it = original.conversation;
  const bool same_way =
      it.packet_client == copy.packet_client && it.client_port == copy.client_port;
  note_rejects(it.forward, same_way ? copy.forward : copy.backward, copy.interface);
  note_rejects(it.backward, same_way ? copy.backward : copy.forward, copy.interface);
  original.is_selected = original.is_selected || has_selected(copy);
}

}  // namespace

void ConversationTotals::add(const ConversationTotals& other) noexcept {
  conversations += other.conversations;
  copies += other.copies;
  rejected_elsewhere += other.rejected_elsewhere;
  RecordSums::add(other);
  doubles.add(other.doubles);
}

ConversationWay without_doubles(ConversationWay way) noexcept {
  way.flows -= way.double_flows;
  way.packets -= std::min(way.packets, way.double_packets);
  way.bytes -= std::min(way.bytes, way.double_bytes);
  return way;
}

unsigned __int128 measure_of(const Conversation& conversation,
                             ConversationMeasure measure) noexcept {
  const ConversationWay forward = without_doubles(conversation.forward);
  const ConversationWay backward = without_doubles(conversation.backward);
  switch (measure) {
    case ConversationMeasure::flows:
      return static_cast<unsigned __int128>(forward.flows) + backward.flows;
    case ConversationMeasure::packets:
      return static_cast<unsigned __int128>(forward.packets) + backward.packets;
    case ConversationMeasure::bytes:
      return static_cast<unsigned __int128>(forward.bytes) + backward.bytes;
  }
  return 0;
}

/// What the visitors have handed over.
struct ConversationRanking::State {
  explicit State(RankingOptions asked) : options(std::move(asked)) {}

  class Visitor;

  void write(std::vector<Conversation>& rows);
  Result<void> write_run(std::span<const Conversation> rows);
  void give(const std::vector<Conversation>& rows, const ConversationTotals& of_visitor);
  Result<void> merge(const Take& take);

  RankingOptions options;
  std::mutex mutex;  // guards what follows while there are visitors
  std::vector<Conversation> kept;
  std::vector<base::SpillRun> runs;
  std::unique_ptr<base::SpillFile> file;
  std::optional<Error> failure;
  ConversationTotals totals;
};

/// A thread's share: a heap of the largest so far with the least on top, or a sorted run to be.
class ConversationRanking::State::Visitor final : public ConversationVisitor {
 public:
  explicit Visitor(State& ranking)
      : ranking_(ranking),
        before_(ranking.options.measure),
        limit_(ranking.options.limit),
        is_heap_(limit_ <= kMostInHeap),
        most_rows_(std::max<std::uint64_t>(
            ranking.options.memory_bytes / sizeof(Conversation) / ranking.options.threads,
            kLeastRows)) {}
  ~Visitor() override { ranking_.give(rows_, totals_); }

  void take(std::span<const Conversation> conversations) override {
    if (std::none_of(conversations.begin(), conversations.end(), is_copy)) {
      for (const Conversation& conversation : conversations) {
        if (has_selected(conversation)) add(conversation);
      }
      return;
    }
    take_with_copies(conversations);
  }

 private:
  void take_with_copies(std::span<const Conversation> conversations) {
    counted_.clear();
    for (const Conversation& each : conversations) {
      if (!is_copy(each)) counted_.push_back({each, has_selected(each)});
    }
    const std::size_t originals = counted_.size();
    for (const Conversation& copy : conversations) {
      if (!is_copy(copy)) continue;
      Counted* const original = original_of(copy, counted_);
      if (original != nullptr) fold(copy, *original);
      if (!has_selected(copy)) continue;
      const bool is_lost =
          original == nullptr && copy.forward.rejected + copy.backward.rejected > 0;
      if (is_lost) {
        counted_.push_back({copy, true});
      } else {
        count_doubles(copy);
        ++totals_.copies;
      }
    }
    for (std::size_t i = 0; i < counted_.size(); ++i) {
      if (counted_[i].is_selected || i >= originals) add(counted_[i].conversation);
    }
  }

  void count_doubles(const Conversation& conversation) {
    for (const ConversationWay* way : {&conversation.forward, &conversation.backward}) {
      totals_.doubles.add({.flows = way->double_flows,
                           .packets = way->double_packets,
                           .bytes = way->double_bytes,
                           .first = way->first,
                           .last = way->last});
    }
  }

  void add(const Conversation& conversation) {
    count_doubles(conversation);
    ++totals_.conversations;
    const std::uint64_t rejects =
        conversation.forward.copies_rejected + conversation.backward.copies_rejected;
    totals_.rejected_elsewhere += rejects > 0 ? 1 : 0;
    for (const ConversationWay& way :
         {without_doubles(conversation.forward), without_doubles(conversation.backward)}) {
      totals_.RecordSums::add({.flows = way.flows,
                               .packets = way.packets,
                               .bytes = way.bytes,
                               .first = way.first,
                               .last = way.last});
    }
    if (limit_ == 0) return;
    if (is_heap_) return offer(conversation);
    rows_.push_back(conversation);
    rows_.back().records = {};
    if (rows_.size() >= most_rows_) ranking_.write(rows_);
  }

  void offer(const Conversation& conversation) {
    if (rows_.size() == limit_) {
      if (!before_(conversation, rows_.front())) return;
      std::pop_heap(rows_.begin(), rows_.end(), before_);
      rows_.pop_back();
    }
    rows_.push_back(conversation);
    rows_.back().records = {};
    std::push_heap(rows_.begin(), rows_.end(), before_);
  }

  State& ranking_;
  ByMeasure before_;
  std::uint64_t limit_;
  bool is_heap_;
  std::uint64_t most_rows_;
  std::vector<Conversation> rows_;
  std::vector<Counted> counted_;  // of the tuple at hand
  ConversationTotals totals_;
};

ConversationRanking::ConversationRanking(RankingOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
ConversationRanking::~ConversationRanking() = default;

std::unique_ptr<ConversationVisitor> ConversationRanking::visitor() {
  return std::make_unique<State::Visitor>(*state_);
}

const ConversationTotals& ConversationRanking::totals() const noexcept { return state_->totals; }

/// Writes rows to the file as a sorted run, and clears them.
void ConversationRanking::State::write(std::vector<Conversation>& rows) {
  std::sort(rows.begin(), rows.end(), ByMeasure(options.measure));
  const std::lock_guard lock(mutex);
  if (!failure) {
    if (auto done = write_run(rows); !done) failure = std::move(done.error());
  }
  rows.clear();
}

Result<void> ConversationRanking::State::write_run(std::span<const Conversation> rows) {
  if (file == nullptr) {
    auto created = base::SpillFile::create(options.temp_directory);
    if (!created) return Unexpected(std::move(created.error()));
    file = *std::move(created);
  }
  const base::SpillRun run{.offset = file->reserve(rows.size_bytes()), .count = rows.size()};
  if (auto done = file->write(run.offset, std::as_bytes(rows)); !done) return done;
  runs.push_back(run);
  return {};
}

void ConversationRanking::State::give(const std::vector<Conversation>& rows,
                                      const ConversationTotals& of_visitor) {
  const std::lock_guard lock(mutex);
  totals.add(of_visitor);
  kept.insert(kept.end(), rows.begin(), rows.end());
}

Result<void> ConversationRanking::visit(const Take& take) {
  if (state_->failure) return Unexpected(*state_->failure);
  std::vector<Conversation>& kept = state_->kept;
  const RankingOptions& options = state_->options;
  std::sort(kept.begin(), kept.end(), ByMeasure(options.measure));
  if (!state_->runs.empty()) return state_->merge(take);
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(kept.size(), options.limit); ++i) {
    const auto wanted = take(kept[i]);
    if (!wanted) return Unexpected(wanted.error());
    if (!*wanted) break;
  }
  return {};
}

/// Runs of the file and what is in memory, in order.
Result<void> ConversationRanking::State::merge(const Take& take) {
  struct Source {
    std::optional<base::RunReader> reader;  // none: memory
    std::size_t place = 0;
    Conversation row;
  };
  const std::size_t buffer = std::max(kRankMergeBytes / runs.size(), kLeastRankRunBytes);
  std::vector<std::unique_ptr<Source>> sources;
  for (std::size_t i = 0; i <= runs.size(); ++i) {
    auto source = std::make_unique<Source>();
    if (i < runs.size()) source->reader.emplace(*file, runs[i], sizeof(Conversation), buffer);
    sources.push_back(std::move(source));
  }
  const auto advance = [&](Source& source) -> Result<bool> {
    if (!source.reader) {
      if (source.place == kept.size()) return false;
      source.row = kept[source.place++];
      return true;
    }
    const auto bytes = source.reader->next();
    if (!bytes) return Unexpected(bytes.error());
    if (*bytes != nullptr) std::memcpy(&source.row, *bytes, sizeof source.row);
    return *bytes != nullptr;
  };
  const ByMeasure by_measure(options.measure);
  const auto before = [&](const Source& a, const Source& b) { return by_measure(a.row, b.row); };
  std::uint64_t left = options.limit;
  const auto take_one = [&](const Source& source) -> Result<bool> {
    if (left == 0) return false;
    --left;
    return take(source.row);
  };
  return base::merge_sorted(std::move(sources), advance, before, take_one);
}

}  // namespace weir
