// SPDX-License-Identifier: Apache-2.0
// cli: the run that `pairs`, `why`, `rules`, `suggest` and `whatif` share: flags -> configuration
// -> inputs -> conversations -> the verb's answer -> its notes -> exit status.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/reading.hpp"
#include "weir/conversation.hpp"
#include "weir/policy.hpp"

namespace weir::cli {

/// load_configuration(), with a line of progress.
Result<Configuration> load_with_progress(const std::vector<std::string>& paths,
                                         const Options& options);

/// What a verb asks of the run.
struct ConversationNeeds {
  std::string_view verb;
  bool configuration = false;       ///< --config has to be given
  std::uint64_t bytes_besides = 0;  ///< that the verb keeps besides records
};

/// What is known so far in a run over conversations.
class ConversationRun {
 public:
  ConversationRun(const Options& options, ConversationOptions stitching)
      : options_(options), stitching_(std::move(stitching)) {}

  const Options& options() const { return options_; }
  /// How records are stitched. The verb may change it in prepare().
  ConversationOptions& stitching() { return stitching_; }
  /// The rules of --config and what they were made of; null without --config.
  const Evaluator* policy() const { return policy_ ? &*policy_ : nullptr; }
  const Network* network() const { return policy_ ? &configuration_.network : nullptr; }

  /// Once the inputs are open.
  Reading& reading() { return *reading_; }
  Output& output() { return reading_->output(); }
  bool writes_table() const { return reading_->output().kind == OutputKind::table; }

  /// Once they are read.
  Conversations& conversations() { return *conversations_; }
  /// Frees their memory.
  void drop_conversations() { conversations_.reset(); }
  /// How many threads the flags leave for visiting.
  std::size_t threads() const;
  /// Visits with a visitor for each thread. `make` makes one; they are destroyed, or handed back by
  /// `done`, in the thread that calls this.
  template <class Make, class Done>
  Result<void> visit(const Make& make, const Done& done) {
    std::vector<decltype(make())> visitors;
    std::vector<ConversationVisitor*> pointers;
    for (std::size_t i = 0; i < threads(); ++i) {
      visitors.push_back(make());
      pointers.push_back(visitors.back().get());
    }
    Result<void> ended = conversations_->visit(pointers);
    for (auto& visitor : visitors) done(*visitor);
    return ended;
  }

  /// Says something on standard error once the answer is whole, unless --quiet was given.
  void say(std::string message) { messages_.push_back(std::move(message)); }
  /// The same for what stands under a table, if there is one.
  void say_without_table(const std::vector<std::string>& notes);

  /// The steps of run_conversations().
  Result<void> read_configuration(bool is_needed);
  Result<void> open_inputs();
  Result<void> stitch();
  void print_messages() const;

 private:
  const Options& options_;
  ConversationOptions stitching_;
  Configuration configuration_;
  std::optional<Evaluator> policy_;
  std::unique_ptr<Reading> reading_;
  std::optional<Conversations> conversations_;
  std::vector<std::string> messages_;
};

/// What one verb makes of conversations. Each function is called once, in this order.
class ConversationVerb {
 public:
  virtual ~ConversationVerb() = default;
  /// The configuration is read and no input is open yet.
  virtual Result<void> prepare(ConversationRun& /*run*/) { return {}; }
  /// The inputs are open and nothing of them is read.
  virtual Result<void> before_reading(ConversationRun& /*run*/) { return {}; }
  /// Writes the answer.
  virtual Result<void> answer(ConversationRun& run) = 0;
};

/// Runs a verb whose own flags are sound and returns its exit status. However the run ends once the
/// inputs are open, what was skipped of them is said.
int run_conversations(const Options& options, const ConversationNeeds& needs,
                      ConversationVerb& verb);

/// Notes that every table about conversations has: records left out, SKIPDATA.
void add_record_notes(std::vector<std::string>& notes, const Conversations& conversations);

}  // namespace weir::cli
