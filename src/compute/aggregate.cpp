// SPDX-License-Identifier: Apache-2.0
// compute: groups and their sums, as the rest of the program sees them.
#include "weir/aggregate.hpp"

#include "compute/group_store.hpp"

namespace weir {
namespace {

/// More than this and sorting all groups is as good as a heap.
constexpr std::uint64_t kMostInHeap = 10'000;

}  // namespace

struct Aggregator::State {
  State(compute::KeyLayout layout, AggregateOptions options)
      : store(compute::GroupStore::create(std::move(layout), std::move(options))) {}

  compute::GroupStore::Visitor as_groups(const Visitor& visitor, std::uint64_t limit);

  std::unique_ptr<compute::GroupStore> store;
  std::unique_ptr<Part> part;  // of add()
};

Aggregator::Aggregator(std::vector<GroupKey> keys, AggregateOptions options)
    : state_(std::make_unique<State>(compute::KeyLayout(std::move(keys)), std::move(options))) {}
Aggregator::~Aggregator() = default;
Aggregator::Aggregator(Aggregator&&) noexcept = default;
Aggregator& Aggregator::operator=(Aggregator&&) noexcept = default;

FieldSet Aggregator::fields() const {
  FieldSet fields;
  for (const compute::KeyColumn& column : state_->store->layout().columns())
    fields.add(column.key.field);
  if (state_->store->counts_only()) return fields;
  fields.add(FieldId::packets);
  fields.add(FieldId::bytes);
  return fields;
}

std::unique_ptr<Aggregator::Part> Aggregator::part() { return state_->store->part(); }

void Aggregator::add(const Batch& batch, const Selection& selection) {
  if (state_->part == nullptr) state_->part = part();
  state_->part->add(batch, selection);
}

bool Aggregator::failed() const noexcept { return state_->store->failed(); }
Result<void> Aggregator::failure() const { return state_->store->failure(); }

Result<void> Aggregator::finish() {
  state_->part.reset();
  return state_->store->finish();
}

std::uint64_t Aggregator::group_count() const noexcept { return state_->store->group_count(); }
std::uint64_t Aggregator::without_key() const noexcept { return state_->store->without_key(); }
GroupTotals Aggregator::total() const { return state_->store->total(); }

/// Records as groups, up to a limit.
compute::GroupStore::Visitor Aggregator::State::as_groups(const Visitor& visitor,
                                                          std::uint64_t limit) {
  return [this, &visitor, left = limit,
          group = Group()](const compute::GroupRecord& record) mutable -> Result<bool> {
    if (left == 0) return false;
    --left;
    const compute::KeyLayout& layout = store->layout();
    group.values.resize(layout.columns().size());
    for (std::size_t i = 0; i < group.values.size(); ++i) {
      group.values[i] = layout.value(record.key, i, store->pool());
    }
    group.totals = record.totals;
    Result<bool> wanted = visitor(group);
    if (wanted) *wanted = *wanted && left > 0;
    return wanted;
  };
}

Result<void> Aggregator::visit(const Visitor& visitor) {
  compute::GroupStore& store = *state_->store;
  return store.visit(compute::GroupOrder(std::nullopt, store.layout(), store.pool()),
                     state_->as_groups(visitor, ~std::uint64_t{0}));
}

Result<void> Aggregator::visit_top(Measure measure, std::uint64_t limit, const Visitor& visitor) {
  compute::GroupStore& store = *state_->store;
  const compute::GroupOrder order(measure, store.layout(), store.pool());
  if (limit == 0) return {};
  if (limit > kMostInHeap) return store.visit(order, state_->as_groups(visitor, limit));
  compute::LargestGroups largest(order, static_cast<std::size_t>(limit));
  if (auto offered = store.offer_all(largest); !offered) return offered;
  return largest.visit(state_->as_groups(visitor, limit));
}

Result<std::vector<Group>> Aggregator::sorted() {
  std::vector<Group> groups;
  auto done = visit([&](const Group& group) -> Result<bool> {
    groups.push_back(group);
    return true;
  });
  if (!done) return Unexpected(std::move(done.error()));
  return groups;
}

Result<std::vector<Group>> Aggregator::top(Measure measure, std::uint64_t limit) {
  std::vector<Group> groups;
  auto done = visit_top(measure, limit, [&](const Group& group) -> Result<bool> {
    groups.push_back(group);
    return true;
  });
  if (!done) return Unexpected(std::move(done.error()));
  return groups;
}

}  // namespace weir
