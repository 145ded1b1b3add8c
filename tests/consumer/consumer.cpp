// SPDX-License-Identifier: Apache-2.0
// consumer: uses the installed library as anyone else's program would: a format, and what
// `weir pairs` and `weir why` answer from.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>
#include <weir/conversation.hpp>
#include <weir/format.hpp>
#include <weir/pipeline.hpp>
#include <weir/source.hpp>
#include <weir/verdict.hpp>

namespace {

/// Hands the records of a run to conversations.
class Stitcher final : public weir::BatchSink {
 public:
  explicit Stitcher(weir::Conversations& conversations)
      : conversations_(conversations), part_(conversations.part()) {}
  weir::Result<bool> take(const weir::Batch& batch, const weir::Selection& selection) override {
    part_->add(batch, selection);
    conversations_.in_order(part_->end_block());
    return true;
  }
  void finish() { part_->finish(); }

 private:
  weir::Conversations& conversations_;
  std::unique_ptr<weir::Conversations::Part> part_;
};

bool parses_formats() {
  const auto format = weir::Format::parse("${srcaddr} ${dstaddr} ${bytes}");
  return format.has_value() && format.value().header() == "srcaddr dstaddr bytes";
}

bool ranks(weir::Conversations& conversations) {
  weir::ConversationRanking ranking({.limit = 1});
  {
    const auto visitor = ranking.visitor();
    weir::ConversationVisitor* const visitors[] = {visitor.get()};
    if (!conversations.visit(visitors).has_value()) return false;
  }
  std::uint16_t port = 0;
  const auto told = ranking.visit([&](const weir::Conversation& largest) -> weir::Result<bool> {
    port = largest.server_port;
    return true;
  });
  return told.has_value() && port == 443 && ranking.totals().conversations == 2;
}

bool groups_verdicts(weir::Conversations& conversations) {
  weir::VerdictGroups groups({.interfaces = conversations.interfaces()});
  {
    const auto visitor = groups.visitor();
    weir::ConversationVisitor* const visitors[] = {visitor.get()};
    if (!conversations.visit(visitors).has_value()) return false;
  }
  const std::vector<weir::VerdictGroup> rows = groups.rows();
  return groups.judged() == 3 && groups.level() == weir::VerdictGroupLevel::all &&
         rows.size() == 3 && rows.front().totals.bytes == 900 && rows.front().port == 443 &&
         weir::verdict_text(*rows.back().verdict, nullptr).starts_with("REJECT");
}

bool answers_from_conversations() {
  const std::vector<weir::Input> inputs = {"consumer-flows.log"};
  const std::string interface = "2 123456789012 eni-0a1b2c3d ";
  std::ofstream(inputs.front().name)
      << interface << "10.0.0.1 10.0.0.2 40000 443 6 5 900 1764000000 1764000060 ACCEPT OK\n"
      << interface << "10.0.0.2 10.0.0.1 443 40000 6 5 9000 1764000000 1764000060 ACCEPT OK\n"
      << interface << "10.0.0.9 10.0.0.2 40000 22 6 1 40 1764000060 1764000120 REJECT OK\n";
  weir::Conversations conversations({});
  Stitcher stitcher(conversations);
  weir::RunOptions options;
  options.threads = 1;
  options.decode.fields.add(conversations.fields());
  const weir::RunReport report = weir::run(inputs, options, stitcher);
  stitcher.finish();
  std::remove(inputs.front().name.c_str());
  return report.records == 3 && conversations.finish().has_value() && ranks(conversations) &&
         groups_verdicts(conversations);
}

}  // namespace

int main() { return parses_formats() && answers_from_conversations() ? 0 : 1; }
