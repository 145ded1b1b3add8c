// SPDX-License-Identifier: Apache-2.0
// conversation: accepted records -> how many peers an address and port have.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "base/hash.hpp"
#include "base/protocol.hpp"
#include "conversation/packed_record.hpp"

namespace weir::conversation {

/// About how many peers each address and port have, up to 64: a server's has many, a client picks
/// a port for each connection.
///
/// Each end sets one bit of two words, which one its peer says; the word with fewer bits counts
/// (Cormode, Muthukrishnan: "An improved data stream summary", 2005). Ends that share both words
/// count too much, so that a log with more ends than words proves less, and the answer does not
/// depend on the order of records.
/// Threads: add() from any; the rest once all is added.
/// Memory:  8 MiB, touched where it is used.
class FanIn {
 public:
  FanIn() : words_(static_cast<std::uint64_t*>(std::calloc(2 * kWords, sizeof(std::uint64_t)))) {}

  void add(const PackedRecord& core, const AddressTail& addresses) noexcept {
    if (words_ == nullptr || core.source_port == 0 || core.destination_port == 0) return;
    const std::uint64_t source = hash_of(addresses.packet_source, core.source_port, core.protocol);
    const std::uint64_t destination =
        hash_of(addresses.packet_destination, core.destination_port, core.protocol);
    mark(source, destination);
    mark(destination, source);
  }

  /// Peers of this end, from 0 to 64.
  unsigned peers_of(const Ip& address, std::uint16_t port, std::uint8_t protocol) const noexcept {
    if (words_ == nullptr || port == 0) return 0;
    const std::uint64_t end = hash_of(address, port, protocol);
    const int first = std::popcount(words_.get()[first_of(end)]);
    const int second = std::popcount(words_.get()[second_of(end)]);
    return static_cast<unsigned>(first < second ? first : second);
  }

 private:
  static constexpr unsigned kWordBits = 19;
  static constexpr std::size_t kWords = std::size_t{1} << kWordBits;

  struct Free {
    void operator()(std::uint64_t* words) const noexcept { std::free(words); }
  };

  static std::uint64_t hash_of(const Ip& address, std::uint16_t port,
                               std::uint8_t protocol) noexcept {
    base::WordHash hash(std::uint64_t{port} << 8 | protocol);
    hash.add(address.high);
    hash.add(address.low);
    return base::scatter_all(hash.value());
  }
  static std::size_t first_of(std::uint64_t end) noexcept { return end >> (64 - kWordBits); }
  static std::size_t second_of(std::uint64_t end) noexcept {
    return kWords + (end >> (64 - 2 * kWordBits) & (kWords - 1));
  }
  void mark(std::uint64_t end, std::uint64_t peer) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << (peer & 63);
    for (const std::size_t place : {first_of(end), second_of(end)}) {
      std::uint64_t& word = words_.get()[place];
      const std::atomic_ref<std::uint64_t> shared(word);
      if ((shared.load(std::memory_order_relaxed) & bit) == 0) {
        shared.fetch_or(bit, std::memory_order_relaxed);
      }
    }
  }

  std::unique_ptr<std::uint64_t, Free> words_;
};

}  // namespace weir::conversation
