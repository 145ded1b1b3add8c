// SPDX-License-Identifier: Apache-2.0
// cli: lines from a terminal.
#include "cli/line_editor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <filesystem>
#include <system_error>
#include <utility>

#ifdef WEIR_LIBEDIT
#include <histedit.h>
#endif

namespace weir::cli {
namespace {

/// Where Ctrl-C is told, since a signal handler knows nothing else.
volatile std::sig_atomic_t wake_end = -1;

void wake(int /*signal*/) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t written = write(wake_end, "", 1);
  errno = saved;
}

/// Lets Ctrl-C end the wait for a key, also one that has not begun yet, and do nothing else.
class InterruptedReads {
 public:
  InterruptedReads() {
    if (pipe(ends_.data()) == 0) {
      for (const int end : ends_) fcntl(end, F_SETFL, O_NONBLOCK);
      for (const int end : ends_) fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    wake_end = ends_[1];
    struct sigaction action {};
    action.sa_handler = wake;
    sigaction(SIGINT, &action, &before_);
    sigemptyset(&freed_);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&freed_, each);
    pthread_sigmask(SIG_UNBLOCK, &freed_, &mask_);
  }
  ~InterruptedReads() {
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    sigaction(SIGINT, &before_, nullptr);
    wake_end = -1;
    // Ctrl-C that came after the line was complete is meant for what the line begins.
    if (take_byte()) kill(getpid(), SIGINT);
    for (const int end : ends_) close(end);
  }
  InterruptedReads(const InterruptedReads&) = delete;
  InterruptedReads& operator=(const InterruptedReads&) = delete;

  /// Waits until a byte can be read from `file`. False, with EINTR, after Ctrl-C; what was typed
  /// before it comes first.
  bool wait(int file) const {
    std::array<pollfd, 2> waited = {pollfd{.fd = file, .events = POLLIN, .revents = 0},
                                    pollfd{.fd = ends_[0], .events = POLLIN, .revents = 0}};
    while (poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
    }
    if (waited[0].revents != 0 || !take_byte()) return true;
    errno = EINTR;
    return false;
  }

 private:
  bool take_byte() const {
    char byte = 0;
    return ::read(ends_[0], &byte, 1) == 1;
  }

  std::array<int, 2> ends_ = {-1, -1};
  struct sigaction before_ {};
  sigset_t freed_;
  sigset_t mask_;
};

#ifdef WEIR_LIBEDIT
constexpr int kHistoryLines = 2000;

bool ends_word(char c) {
  return c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') &&
         (c < 'A' || c > 'Z');
}

std::string_view last_word(std::string_view line) {
  std::size_t begin = line.size();
  while (begin > 0 && !ends_word(line[begin - 1])) --begin;
  return line.substr(begin);
}

/// What all words begin with.
std::string common_start(const std::vector<std::string>& words) {
  std::string start = words.front();
  for (const std::string& word : words) {
    const auto differ = std::mismatch(start.begin(), start.end(), word.begin(), word.end());
    start.erase(differ.first, start.end());
  }
  return start;
}
#endif

}  // namespace

std::string history_file(std::string_view verb) {
  const char* const state = std::getenv("XDG_STATE_HOME");  // NOLINT(concurrency-mt-unsafe)
  const char* const home = std::getenv("HOME");             // NOLINT(concurrency-mt-unsafe)
  std::string folder;
  if (state != nullptr && *state == '/') {
    folder = state;
  } else if (home != nullptr && *home == '/') {
    folder = std::string(home) + "/.local/state";
  } else {
    return {};
  }
  folder += "/weir";
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  return failure ? std::string() : folder + '/' + std::string(verb) + "_history";
}

#ifdef WEIR_LIBEDIT
namespace {

/// What libedit's callbacks are given.
struct Editing {
  LineEditor::Complete complete;
  std::string prompt;
  const InterruptedReads* reads = nullptr;
};

Editing& editing_of(EditLine* editor) {
  void* editing = nullptr;
  el_get(editor, EL_CLIENTDATA, &editing);
  return *static_cast<Editing*>(editing);
}

char* show_prompt(EditLine* editor) { return editing_of(editor).prompt.data(); }

/// The next character; 0 at the end, -1 after Ctrl-C.
int read_character(EditLine* editor, wchar_t* character) {
  std::mbstate_t state{};
  while (true) {
    if (!editing_of(editor).reads->wait(STDIN_FILENO)) return -1;
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (count <= 0) return static_cast<int>(count);
    const std::size_t length = std::mbrtowc(character, &byte, 1, &state);
    if (length == static_cast<std::size_t>(-2)) continue;  // there are more bytes to it
    if (length != static_cast<std::size_t>(-1)) return 1;
    state = {};  // no character at all is passed over
  }
}

/// Completes the word before the cursor as far as it is certain, and lists what it may become.
unsigned char complete_word(EditLine* editor, int /*key*/) {
  const LineInfo* const info = el_line(editor);
  const std::string_view line(info->buffer, static_cast<std::size_t>(info->cursor - info->buffer));
  const std::vector<std::string> words = editing_of(editor).complete(line);
  if (words.empty()) return CC_ERROR;
  std::string rest = common_start(words).substr(last_word(line).size());
  if (words.size() == 1) rest += ' ';
  if (!rest.empty()) return el_insertstr(editor, rest.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
  std::fputc('\n', stdout);
  for (const std::string& word : words) std::fprintf(stdout, "%s  ", word.c_str());
  std::fputc('\n', stdout);
  return CC_REDISPLAY;
}

}  // namespace

struct LineEditor::State {
  std::string history_name;
  Editing editing;
  EditLine* editor = nullptr;
  History* history = nullptr;
};

LineEditor::LineEditor(std::string history_file, Complete complete)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.history_name = std::move(history_file);
  state.editing.complete = std::move(complete);
  std::setlocale(LC_CTYPE, "");  // characters take more than a byte
  state.editor = el_init("weir", stdin, stdout, stderr);
  state.history = history_init();
  HistEvent event;
  history(state.history, &event, H_SETSIZE, kHistoryLines);
  history(state.history, &event, H_SETUNIQUE, 1);
  if (!state.history_name.empty()) {
    history(state.history, &event, H_LOAD, state.history_name.c_str());
  }
  el_set(state.editor, EL_CLIENTDATA, &state.editing);
  el_set(state.editor, EL_PROMPT, show_prompt);
  el_set(state.editor, EL_GETCFN, read_character);
  el_set(state.editor, EL_EDITOR, "emacs");
  el_set(state.editor, EL_HIST, history, state.history);
  el_set(state.editor, EL_ADDFN, "weir-complete", "complete a word", complete_word);
  el_set(state.editor, EL_BIND, "^I", "weir-complete", nullptr);
  el_set(state.editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_source(state.editor, nullptr);  // ~/.editrc
}

LineEditor::~LineEditor() {
  HistEvent event;
  if (!state_->history_name.empty()) {
    history(state_->history, &event, H_SAVE, state_->history_name.c_str());
    chmod(state_->history_name.c_str(), S_IRUSR | S_IWUSR);  // addresses are nobody else's
  }
  el_end(state_->editor);
  history_end(state_->history);
}

LineEditor::Outcome LineEditor::read(const std::string& prompt, std::string& line) {
  const InterruptedReads interrupted_reads;
  state_->editing.prompt = prompt;
  state_->editing.reads = &interrupted_reads;
  int count = 0;
  errno = 0;
  const char* const text = el_gets(state_->editor, &count);
  if (text == nullptr || count <= 0) {
    if (errno != EINTR) return Outcome::end;
    el_reset(state_->editor);
    std::fputc('\n', stdout);
    return Outcome::interrupted;
  }
  line.assign(text, static_cast<std::size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  HistEvent event;
  if (line.find_first_not_of(" \t") != std::string::npos) {
    history(state_->history, &event, H_ENTER, line.c_str());
  }
  return Outcome::line;
}

#else

struct LineEditor::State {};

LineEditor::LineEditor(std::string /*history_file*/, Complete /*complete*/) {}

LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::read(const std::string& prompt, std::string& line) {
  const InterruptedReads interrupted_reads;
  std::fputs(prompt.c_str(), stdout);
  std::fflush(stdout);
  line.clear();
  while (true) {
    errno = 0;
    const int c = std::fgetc(stdin);
    if (c == '\n') return Outcome::line;
    if (c != EOF) {
      line += static_cast<char>(c);
      continue;
    }
    const bool is_interrupted = errno == EINTR;
    std::clearerr(stdin);
    if (!is_interrupted) return line.empty() ? Outcome::end : Outcome::line;
    std::fputc('\n', stdout);
    return Outcome::interrupted;
  }
}

#endif

}  // namespace weir::cli
