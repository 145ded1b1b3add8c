// SPDX-License-Identifier: Apache-2.0
// filter: and, or, not and constants over rows of bits.
#include <utility>

#include "filter/node.hpp"

namespace weir::filter {
namespace {

class ConstantNode final : public BoundFilter::Node {
 public:
  explicit ConstantNode(Constant value) : value_(value) {}
  void keep(const Batch& batch, Answer wanted, RowBits& rows) const override {
    if (value_ != (wanted == Answer::yes ? Constant::yes : Constant::no)) {
      rows = RowBits::none(batch.rows);
    }
  }

 private:
  Constant value_;
};

/// `and` and `or`, which differ in the answer that only all parts together can give.
class ChainNode final : public BoundFilter::Node {
 public:
  ChainNode(Answer unanimous, std::vector<NodePtr> parts)
      : unanimous_(unanimous), parts_(std::move(parts)) {}

  void keep(const Batch& batch, Answer wanted, RowBits& rows) const override {
    if (wanted == unanimous_) {
      for (const NodePtr& part : parts_) {
        if (rows.empty()) return;
        part->keep(batch, wanted, rows);
      }
      return;
    }
    RowBits found = RowBits::none(batch.rows);
    for (const NodePtr& part : parts_) {
      if (rows.empty()) break;
      RowBits hits = rows;  // a row for which one part speaks needs no other part
      part->keep(batch, wanted, hits);
      found.add(hits);
      rows.remove(hits);
    }
    rows = found;
  }

 private:
  Answer unanimous_;
  std::vector<NodePtr> parts_;
};

class NegationNode final : public BoundFilter::Node {
 public:
  explicit NegationNode(NodePtr part) : part_(std::move(part)) {}
  void keep(const Batch& batch, Answer wanted, RowBits& rows) const override {
    part_->keep(batch, opposite(wanted), rows);
  }

 private:
  NodePtr part_;
};

class FirstKnownNode final : public BoundFilter::Node {
 public:
  explicit FirstKnownNode(std::vector<NodePtr> parts) : parts_(std::move(parts)) {}
  void keep(const Batch& batch, Answer wanted, RowBits& rows) const override {
    RowBits found = RowBits::none(batch.rows);
    for (const NodePtr& part : parts_) {
      if (rows.empty()) break;
      RowBits hits = rows;
      part->keep(batch, wanted, hits);
      found.add(hits);
      rows.remove(hits);
      RowBits misses = rows;
      part->keep(batch, opposite(wanted), misses);
      rows.remove(misses);
    }
    rows = found;
  }

 private:
  std::vector<NodePtr> parts_;
};

}  // namespace

NodePtr constant_node(Constant value) { return std::make_shared<ConstantNode>(value); }

NodePtr all_of_node(std::vector<NodePtr> parts) {
  return std::make_shared<ChainNode>(Answer::yes, std::move(parts));
}

NodePtr any_of_node(std::vector<NodePtr> parts) {
  return std::make_shared<ChainNode>(Answer::no, std::move(parts));
}

NodePtr negation_node(NodePtr part) { return std::make_shared<NegationNode>(std::move(part)); }

NodePtr first_known_node(std::vector<NodePtr> parts) {
  return std::make_shared<FirstKnownNode>(std::move(parts));
}

}  // namespace weir::filter
