// SPDX-License-Identifier: Apache-2.0
// compute: groups and their sums.
//
// A group's key is a row of words: first a mask of the keys that are missing, then each key in
// turn, numbers and times one word, addresses two, texts the number that the pool gave them.
#include "weir/aggregate.hpp"

#include <algorithm>
#include <numeric>

#include "compute/group_table.hpp"
#include "compute/text_pool.hpp"

namespace weir {
namespace {

struct KeyColumn {
  GroupKey key;
  FieldId id = FieldId::unknown;
  FieldType type = FieldType::text;
  std::size_t first_word = 0;
};

std::uint64_t bucket_start(std::uint64_t time, const GroupKey& key) {
  const auto instant = static_cast<std::int64_t>(time);
  const std::int64_t offset = key.zone.offset_at(instant);
  const std::int64_t civil = instant + offset;
  const std::int64_t start =
      civil - ((civil % key.bucket_seconds) + key.bucket_seconds) % key.bucket_seconds;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, start - offset));
}

}  // namespace

struct Aggregator::State {
  std::vector<KeyColumn> keys;
  std::size_t words = 1;
  std::uint64_t all_missing = 0;
  GroupTable table{1};
  TextPool pool;
  std::uint64_t without_key = 0;
  std::vector<std::uint64_t> rows;  // key words of the selected rows of one batch

  void fill_key(const Batch& batch, const Selection& selection, std::size_t index);
  GroupValue value(std::span<const std::uint64_t> words_of_key, std::size_t index) const;
  bool before(std::size_t a, std::size_t b) const;
  std::vector<Group> groups(std::span<const std::size_t> order) const;
};

Aggregator::Aggregator(std::vector<GroupKey> keys) : state_(std::make_unique<State>()) {
  for (GroupKey& key : keys) {
    const FieldId id = find_field(key.field);
    const FieldType type = id == FieldId::unknown ? FieldType::text : field_info(id).type;
    state_->keys.push_back(
        {.key = std::move(key), .id = id, .type = type, .first_word = state_->words});
    state_->words += type == FieldType::address ? 2 : 1;
  }
  state_->all_missing = (std::uint64_t{1} << state_->keys.size()) - 1;
  state_->table = GroupTable(state_->words);
}

Aggregator::~Aggregator() = default;
Aggregator::Aggregator(Aggregator&&) noexcept = default;
Aggregator& Aggregator::operator=(Aggregator&&) noexcept = default;

FieldSet Aggregator::fields() const {
  FieldSet fields;
  for (const KeyColumn& key : state_->keys) fields.add(key.key.field);
  fields.add(FieldId::packets);
  fields.add(FieldId::bytes);
  return fields;
}

void Aggregator::State::fill_key(const Batch& batch, const Selection& selection,
                                 std::size_t index) {
  const KeyColumn& key = keys[index];
  const int position = key.id != FieldId::unknown ? batch.format->index_of(key.id)
                                                  : batch.format->index_of(key.key.field);
  const Column* const column =
      position < 0 ? nullptr : &batch.columns[static_cast<std::size_t>(position)];
  std::string_view previous_text;
  std::uint64_t previous_id = pool.intern({});
  for (std::size_t i = 0; i < selection.count; ++i) {
    std::uint64_t* const row_words = &rows[i * words];
    const std::size_t row = selection.rows[i];
    if (column == nullptr || column->nulls.test(row)) {
      row_words[0] |= std::uint64_t{1} << index;
      continue;
    }
    std::uint64_t* const word = row_words + key.first_word;
    switch (key.type) {
      case FieldType::number:
      case FieldType::time:
        *word = key.key.bucket_seconds > 0 ? bucket_start(column->numbers[row], key.key)
                                           : column->numbers[row];
        break;
      case FieldType::address:
        word[0] = column->addresses[row].high;
        word[1] = column->addresses[row].low;
        break;
      case FieldType::text:
        // Neighbouring records often share an interface, an account, an action.
        if (column->texts[row] != previous_text) {
          previous_text = column->texts[row];
          previous_id = pool.intern(previous_text);
        }
        *word = previous_id;
        break;
    }
  }
}

void Aggregator::add(const Batch& batch, const Selection& selection) {
  State& state = *state_;
  state.rows.assign(selection.count * state.words, 0);
  for (std::size_t key = 0; key < state.keys.size(); ++key) state.fill_key(batch, selection, key);
  const Column* const packets = batch.find(FieldId::packets);
  const Column* const bytes = batch.find(FieldId::bytes);
  for (std::size_t i = 0; i < selection.count; ++i) {
    const std::span key(&state.rows[i * state.words], state.words);
    if (!state.keys.empty() && key[0] == state.all_missing) {
      ++state.without_key;
      continue;
    }
    const std::size_t row = selection.rows[i];
    GroupTotals& totals = state.table.at(key);
    ++totals.flows;
    if (packets != nullptr && !packets->nulls.test(row)) {
      totals.packets += packets->numbers[row];
      ++totals.with_packets;
    }
    if (bytes != nullptr && !bytes->nulls.test(row)) {
      totals.bytes += bytes->numbers[row];
      ++totals.with_bytes;
    }
  }
}

void Aggregator::merge(const Aggregator& other) {
  State& state = *state_;
  const State& theirs = *other.state_;
  state.without_key += theirs.without_key;
  std::vector<std::uint64_t> key;
  for (std::size_t group = 0; group < theirs.table.size(); ++group) {
    const auto words = theirs.table.key(group);
    key.assign(words.begin(), words.end());
    for (std::size_t i = 0; i < state.keys.size(); ++i) {
      const bool missing = (key[0] >> i & 1) != 0;
      if (state.keys[i].type != FieldType::text || missing) continue;
      std::uint64_t& word = key[state.keys[i].first_word];
      word = state.pool.intern(theirs.pool.text(word));
    }
    state.table.at(key).add(theirs.table.totals(group));
  }
}

std::size_t Aggregator::group_count() const noexcept { return state_->table.size(); }
std::uint64_t Aggregator::without_key() const noexcept { return state_->without_key; }

GroupValue Aggregator::State::value(std::span<const std::uint64_t> words_of_key,
                                    std::size_t index) const {
  if ((words_of_key[0] >> index & 1) != 0) return std::monostate{};
  const std::uint64_t* const word = &words_of_key[keys[index].first_word];
  switch (keys[index].type) {
    case FieldType::address:
      return Ip{.high = word[0], .low = word[1]};
    case FieldType::text:
      return pool.text(*word);
    default:
      return *word;
  }
}

/// Compares two groups by their values, key by key.
bool Aggregator::State::before(std::size_t a, std::size_t b) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const GroupValue left = value(table.key(a), i);
    const GroupValue right = value(table.key(b), i);
    if (left != right) return left < right;
  }
  return false;
}

std::vector<Group> Aggregator::State::groups(std::span<const std::size_t> order) const {
  std::vector<Group> groups;
  groups.reserve(order.size());
  for (const std::size_t index : order) {
    Group& group = groups.emplace_back();
    for (std::size_t i = 0; i < keys.size(); ++i)
      group.values.push_back(value(table.key(index), i));
    group.totals = table.totals(index);
  }
  return groups;
}

std::vector<Group> Aggregator::top(Measure measure, std::size_t limit) const {
  const State& state = *state_;
  std::vector<std::size_t> order(state.table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto larger = [&](std::size_t a, std::size_t b) {
    const auto left = measure_of(state.table.totals(a), measure);
    const auto right = measure_of(state.table.totals(b), measure);
    return left != right ? left > right : state.before(a, b);
  };
  const std::size_t wanted = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(wanted), order.end(),
                    larger);
  order.resize(wanted);
  return state.groups(order);
}

std::vector<Group> Aggregator::sorted() const {
  std::vector<std::size_t> order(state_->table.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return state_->before(a, b); });
  return state_->groups(order);
}

GroupTotals Aggregator::total() const {
  GroupTotals total;
  for (std::size_t group = 0; group < state_->table.size(); ++group) {
    total.add(state_->table.totals(group));
  }
  return total;
}

std::optional<unsigned __int128> measure_of(const GroupTotals& totals, Measure measure) noexcept {
  switch (measure) {
    case Measure::flows:
      return totals.flows;
    case Measure::packets:
      return totals.with_packets > 0 ? std::optional(totals.packets) : std::nullopt;
    case Measure::bytes:
      return totals.with_bytes > 0 ? std::optional(totals.bytes) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace weir
