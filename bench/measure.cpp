// SPDX-License-Identifier: Apache-2.0
// bench: a command -> its wall time, processor time and peak memory.
//
// usage: measure CPUS TIMEOUT COMMAND...
//
// CPUS is how many processors it may use. The command's standard output goes
// where this program's goes; the last line of standard error is
//   measured STATUS WALL_NS CPU_NS PEAK_KIB CLOCK_NS
// CLOCK_NS is what a million dependent additions took just before: on a shared host the processor
// is not always equally fast, and the report says how far it went. The program is small because a
// child's peak memory counts the process that forked it.
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using Clock = std::chrono::steady_clock;

std::int64_t nanoseconds(Clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

std::int64_t nanoseconds(const timeval& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::int64_t>(time.tv_usec) * 1'000;
}

std::int64_t calibrate() {
  const Clock::time_point begin = Clock::now();
  std::uint64_t sum = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    ++sum;
    asm volatile("" : "+r"(sum));  // each addition waits for the one before
  }
  return nanoseconds(Clock::now() - begin);
}

/// Leaves this process, and what it starts, the first `count` of the processors that it has.
bool use_processors(int count) {
  cpu_set_t had;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (sched_getaffinity(0, sizeof had, &had) != 0) return false;
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&cpus) < count; ++cpu) {
    if (CPU_ISSET(cpu, &had)) CPU_SET(cpu, &cpus);
  }
  return sched_setaffinity(0, sizeof cpus, &cpus) == 0;
}

pid_t child = 0;

void stop_child(int) { kill(-child, SIGKILL); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: measure CPUS TIMEOUT COMMAND...\n");
    return 2;
  }
  if (!use_processors(std::atoi(argv[1]))) {
    std::perror("measure: sched_setaffinity");
    return 2;
  }
  const std::int64_t clock = calibrate();
  const Clock::time_point begin = Clock::now();
  child = fork();
  if (child == 0) {
    setpgid(0, 0);
    execvp(argv[3], argv + 3);
    std::perror(argv[3]);
    _exit(127);
  }
  setpgid(child, child);
  for (const int signal : {SIGALRM, SIGTERM, SIGINT}) std::signal(signal, stop_child);
  alarm(static_cast<unsigned>(std::atoi(argv[2])));
  int status = 0;
  rusage used{};
  while (wait4(child, &status, 0, &used) < 0) {
  }
  std::fprintf(stderr, "measured %d %lld %lld %ld %lld\n",
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
               static_cast<long long>(nanoseconds(Clock::now() - begin)),
               static_cast<long long>(nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime)),
               used.ru_maxrss, static_cast<long long>(clock));
  return 0;
}
