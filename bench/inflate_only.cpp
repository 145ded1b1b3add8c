// SPDX-License-Identifier: Apache-2.0
// bench: .gz files -> nothing. What no reader of .gz can be faster than.
//
// usage: inflate_only THREADS FILE...
//
// ISA-L as weir uses it: a file a thread, 1 MiB of input, a window of 256 KiB that stays in the
// second-level cache, checksums verified. Prints the number of bytes that came out.
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kInput = std::size_t{1} << 20;
constexpr std::size_t kWindow = std::size_t{256} << 10;

class Inflater {
 public:
  Inflater() : input_(kInput), window_(kWindow) {}

  /// Bytes that the file unpacks to, or -1 if it is damaged or not there.
  std::int64_t count(const char* name) {
    const int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    std::int64_t bytes = 0;
    bool good = true;
    begin_member();
    while (good) {
      const ssize_t got = read(file, input_.data(), kInput);
      if (got <= 0) break;
      good = unpack(static_cast<std::uint32_t>(got), bytes);
    }
    close(file);
    return good && state_.block_state == ISAL_BLOCK_FINISH ? bytes : -1;
  }

 private:
  void begin_member() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  bool unpack(std::uint32_t size, std::int64_t& bytes) {
    state_.next_in = input_.data();
    state_.avail_in = size;
    do {
      if (state_.block_state == ISAL_BLOCK_FINISH) {  // a further member follows
        std::uint8_t* const next = state_.next_in;
        const std::uint32_t left = state_.avail_in;
        begin_member();
        state_.next_in = next;
        state_.avail_in = left;
      }
      state_.next_out = window_.data();
      state_.avail_out = kWindow;
      if (isal_inflate(&state_) != ISAL_DECOMP_OK) return false;
      bytes += static_cast<std::int64_t>(kWindow - state_.avail_out);
    } while (state_.avail_in > 0 || state_.avail_out == 0);
    return true;
  }

  std::vector<std::uint8_t> input_;
  std::vector<std::uint8_t> window_;
  inflate_state state_{};
};

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 0;
  if (count < 1) {
    std::fprintf(stderr, "usage: inflate_only THREADS FILE...\n");
    return 2;
  }
  std::atomic<int> next{2};
  std::atomic<std::int64_t> bytes{0};
  std::atomic<bool> good{true};
  std::vector<std::jthread> threads(static_cast<std::size_t>(count));
  for (std::jthread& thread : threads) {
    thread = std::jthread([&] {
      Inflater inflater;
      for (int file = next++; file < argc; file = next++) {
        const std::int64_t found = inflater.count(argv[file]);
        if (found < 0) good = false;
        bytes += found;
      }
    });
  }
  threads.clear();
  std::printf("%lld\n", static_cast<long long>(bytes.load()));
  return good ? 0 : 1;
}
