// SPDX-License-Identifier: Apache-2.0
// Suggestions from every log of the repository, replayed: nothing that was accepted is cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "weir/pipeline.hpp"
#include "weir/suggest.hpp"

namespace weir::suggest {
namespace {

class Feeder final : public BatchSink {
 public:
  explicit Feeder(Conversations& conversations)
      : conversations_(conversations), part_(conversations.part()) {}
  Result<bool> take(const Batch& batch, const Selection& selection) override {
    part_->add(batch, selection);
    conversations_.in_order(part_->end_block());
    return true;
  }
  void finish() { part_->finish(); }

 private:
  Conversations& conversations_;
  std::unique_ptr<Conversations::Part> part_;
};

Packet opening_of(const Conversation& conversation) {
  return {.direction =
              conversation.opened == Side::inbound ? RuleDirection::ingress : RuleDirection::egress,
          .peer = conversation.remote(),
          .protocol = conversation.protocol,
          .source_port = conversation.client_port,
          .destination_port = conversation.server_port};
}

/// Asks the adopted network about every accepted conversation.
class Replay final : public ConversationVisitor {
 public:
  Replay(const Conversations& conversations, const Evaluator& adopted)
      : interfaces_(conversations.interfaces()), adopted_(adopted) {}

  void take(std::span<const Conversation> conversations) override {
    for (const Conversation& conversation : conversations) replay(conversation);
  }

  std::uint64_t admitted = 0;
  std::vector<std::string> cut;

 private:
  void replay(const Conversation& conversation) {
    if (conversation.opened == Side::unknown) return;
    if (conversation.forward.accepted == 0) return;
    const std::string& id = interfaces_[conversation.interface].id;
    const std::uint32_t handle = adopted_.find_interface(id);
    if (handle == Evaluator::kUnknownInterface) return;
    const Packet packet = opening_of(conversation);
    const GroupDecision decision = adopted_.groups(handle, packet);
    if (decision.allowed == Answer::yes) {
      ++admitted;
    } else {
      cut.push_back(id + ' ' + to_string(packet.peer) + ' ' +
                    std::to_string(packet.destination_port));
    }
  }

  std::span<const ObservedInterface> interfaces_;
  const Evaluator& adopted_;
};

/// Returns how many conversations the suggestions admit.
std::uint64_t expect_nothing_cut(const std::vector<Input>& names, const Evaluator* policy,
                                 SuggestOptions options) {
  ConversationOptions conversation_options;
  conversation_options.policy = policy;
  Conversations conversations(conversation_options);
  Feeder feeder(conversations);
  RunOptions run_options;
  run_options.decode.fields = conversations.fields();
  run(names, run_options, feeder);
  feeder.finish();
  EXPECT_TRUE(conversations.finish());
  options.policy = policy;
  Suggester suggester(options, conversations.interfaces());
  {
    const std::unique_ptr<ConversationVisitor> visitor = suggester.visitor();
    ConversationVisitor* const visitors[] = {visitor.get()};
    EXPECT_TRUE(conversations.visit(visitors));
  }
  const auto suggestions = suggester.finish();
  EXPECT_TRUE(suggestions);
  const Network* const now = policy == nullptr ? nullptr : &policy->network();
  const Network adopted = adopt(now, *suggestions);
  const Evaluator evaluator(adopted);
  Replay replay(conversations, evaluator);
  ConversationVisitor* const visitors[] = {&replay};
  EXPECT_TRUE(conversations.visit(visitors));
  EXPECT_TRUE(replay.cut.empty()) << names.front().name << ": " << replay.cut.size()
                                  << " cut, first " << replay.cut.front();
  return replay.admitted;
}

std::vector<std::string> logs_below(const std::filesystem::path& directory) {
  std::vector<std::string> logs;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().string();
    if (!entry.is_regular_file() || name.ends_with(".expect.json")) continue;
    if (name.ends_with(".log.ndjson") || name.ends_with(".json.ndjson")) continue;
    logs.push_back(name);
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

TEST(SuggestFixtures, CutNothingOfAnyLog) {
  std::uint64_t admitted = 0;
  for (const std::string& log : logs_below("tests/corpus/accept")) {
    admitted += expect_nothing_cut({log}, nullptr, {});
  }
  EXPECT_GT(admitted, 50U);
}

TEST(SuggestFixtures, CutNothingOfTheExamples) {
  const std::vector<std::string> found = logs_below("examples/logs");
  const std::vector<Input> logs(found.begin(), found.end());
  const std::vector<std::string> paths = {"examples/network"};
  const auto configuration = load_configuration(paths);
  ASSERT_TRUE(configuration);
  const Evaluator policy(configuration->network);
  EXPECT_GT(expect_nothing_cut(logs, nullptr, {}), 500U);
  EXPECT_GT(expect_nothing_cut(logs, &policy, {}), 500U);
  EXPECT_GT(expect_nothing_cut(logs, &policy, {.max_rules = 3, .widen_ipv4 = 16}), 500U);
}

}  // namespace
}  // namespace weir::suggest
