// SPDX-License-Identifier: Apache-2.0
// conversation: all conversations -> the largest of them, or all of them in order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/spill_file.hpp"
#include "base/spill_run.hpp"
#include "weir/conversation.hpp"

namespace weir::conversation {

/// What conversations are ranked by.
enum class ConversationMeasure : std::uint8_t { flows, packets, bytes };

struct RankingOptions {
  ConversationMeasure measure = ConversationMeasure::bytes;
  std::uint64_t limit = 10;
  std::uint64_t memory_bytes = ~std::uint64_t{0};  ///< for all threads together
  std::string temp_directory;
  std::size_t threads = 1;
};

/// Sums over conversations.
struct ConversationTotals {
  std::uint64_t conversations = 0;
  std::uint64_t copies = 0;  ///< conversations of which every record is a copy; not in the others
  std::uint64_t flows = 0;
  unsigned __int128 bytes = 0;
  std::uint64_t double_flows = 0;      ///< besides `flows`
  unsigned __int128 double_bytes = 0;  ///< besides `bytes`

  void add(const ConversationTotals& other) noexcept;
};

/// Records, packets and bytes of one way that are in no other record.
ConversationWay without_doubles(ConversationWay way) noexcept;
/// A measure of both ways, doubles left out.
unsigned __int128 measure_of(const Conversation& conversation,
                             ConversationMeasure measure) noexcept;

/// Ranks conversations that have a selected record: largest first, ties by who talked to whom, and
/// when. Those of which every record is a copy are only counted.
/// Errors:  only the temporary file can fail.
/// Memory:  by the limit; where that is large, up to `memory_bytes`, then the file.
/// Threads: each has its own visitor; the rest is for one thread.
class ConversationRanking {
 public:
  explicit ConversationRanking(RankingOptions options) : options_(std::move(options)) {}

  std::unique_ptr<ConversationVisitor> visitor();

  /// Told conversations in order, without their records; returns false to hear no more.
  using Take = std::function<Result<bool>(const Conversation&)>;
  /// Once, when all visitors are gone.
  Result<void> visit(const Take& take);
  const ConversationTotals& totals() const noexcept { return totals_; }

 private:
  class Visitor;

  void write(std::vector<Conversation>& rows);
  Result<void> write_run(std::span<const Conversation> rows);
  void give(std::vector<Conversation> rows, const ConversationTotals& totals);
  Result<void> merge(const Take& take);

  RankingOptions options_;
  std::mutex mutex_;  // guards what follows while there are visitors
  std::vector<Conversation> rows_;
  std::vector<base::SpillRun> runs_;
  std::unique_ptr<base::SpillFile> file_;
  std::optional<Error> failure_;
  ConversationTotals totals_;
};

}  // namespace weir::conversation
