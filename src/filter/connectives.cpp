// SPDX-License-Identifier: Apache-2.0
// filter: and, or, not and constants over rows of bits.
#include <utility>

#include "filter/node.hpp"

namespace weir {
namespace {

RowBits without(const RowBits& rows, const RowBits& removed) {
  RowBits rest;
  for (std::size_t i = 0; i < rest.words.size(); ++i) {
    rest.words[i] = rows.words[i] & ~removed.words[i];
  }
  return rest;
}

void add(RowBits& rows, const RowBits& more) {
  for (std::size_t i = 0; i < rows.words.size(); ++i) rows.words[i] |= more.words[i];
}

void keep(RowBits& rows, const RowBits& kept) {
  for (std::size_t i = 0; i < rows.words.size(); ++i) rows.words[i] &= kept.words[i];
}

bool is_empty(const RowBits& rows) {
  std::uint64_t all = 0;
  for (const std::uint64_t word : rows.words) all |= word;
  return all == 0;
}

class ConstantNode final : public BoundFilter::Node {
 public:
  explicit ConstantNode(Constant value) : value_(value) {}
  Truth evaluate(const Batch&, const RowBits& live) const override {
    return {.yes = value_ == Constant::yes ? live : RowBits{},
            .no = value_ == Constant::no ? live : RowBits{}};
  }

 private:
  Constant value_;
};

class AllOfNode final : public BoundFilter::Node {
 public:
  explicit AllOfNode(std::vector<NodePtr> parts) : parts_(std::move(parts)) {}
  Truth evaluate(const Batch& batch, const RowBits& live) const override {
    Truth truth{.yes = live, .no = {}};
    RowBits open = live;  // a row that one part denies needs no other part
    for (const NodePtr& part : parts_) {
      if (is_empty(open)) break;
      const Truth answer = part->evaluate(batch, open);
      keep(truth.yes, answer.yes);
      add(truth.no, answer.no);
      open = without(open, answer.no);
    }
    return truth;
  }

 private:
  std::vector<NodePtr> parts_;
};

class AnyOfNode final : public BoundFilter::Node {
 public:
  explicit AnyOfNode(std::vector<NodePtr> parts) : parts_(std::move(parts)) {}
  Truth evaluate(const Batch& batch, const RowBits& live) const override {
    Truth truth{.yes = {}, .no = live};
    RowBits open = live;
    for (const NodePtr& part : parts_) {
      if (is_empty(open)) break;
      const Truth answer = part->evaluate(batch, open);
      add(truth.yes, answer.yes);
      keep(truth.no, answer.no);
      open = without(open, answer.yes);
    }
    return truth;
  }

 private:
  std::vector<NodePtr> parts_;
};

class NegationNode final : public BoundFilter::Node {
 public:
  explicit NegationNode(NodePtr part) : part_(std::move(part)) {}
  Truth evaluate(const Batch& batch, const RowBits& live) const override {
    Truth truth = part_->evaluate(batch, live);
    std::swap(truth.yes, truth.no);
    return truth;
  }

 private:
  NodePtr part_;
};

class FirstKnownNode final : public BoundFilter::Node {
 public:
  explicit FirstKnownNode(std::vector<NodePtr> parts) : parts_(std::move(parts)) {}
  Truth evaluate(const Batch& batch, const RowBits& live) const override {
    Truth truth;
    RowBits open = live;
    for (const NodePtr& part : parts_) {
      if (is_empty(open)) break;
      const Truth answer = part->evaluate(batch, open);
      add(truth.yes, answer.yes);
      add(truth.no, answer.no);
      open = without(without(open, answer.yes), answer.no);
    }
    return truth;
  }

 private:
  std::vector<NodePtr> parts_;
};

}  // namespace

NodePtr constant_node(Constant value) { return std::make_shared<ConstantNode>(value); }

NodePtr all_of_node(std::vector<NodePtr> parts) {
  return std::make_shared<AllOfNode>(std::move(parts));
}

NodePtr any_of_node(std::vector<NodePtr> parts) {
  return std::make_shared<AnyOfNode>(std::move(parts));
}

NodePtr negation_node(NodePtr part) { return std::make_shared<NegationNode>(std::move(part)); }

NodePtr first_known_node(std::vector<NodePtr> parts) {
  return std::make_shared<FirstKnownNode>(std::move(parts));
}

}  // namespace weir
