// SPDX-License-Identifier: Apache-2.0
// cli: lines from a terminal.
#include "cli/line_editor.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#ifdef WEIR_LIBEDIT
#include <histedit.h>
#endif

namespace weir::cli {
namespace {

void ignore_signal(int /*signal*/) {}

/// Lets Ctrl-C interrupt the read() that is at work, and do nothing else.
class InterruptedReads {
 public:
  InterruptedReads() {
    struct sigaction action {};
    action.sa_handler = ignore_signal;
    sigaction(SIGINT, &action, &before_);
    sigemptyset(&freed_);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&freed_, each);
    pthread_sigmask(SIG_UNBLOCK, &freed_, &mask_);
  }
  ~InterruptedReads() {
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
    sigaction(SIGINT, &before_, nullptr);
  }
  InterruptedReads(const InterruptedReads&) = delete;
  InterruptedReads& operator=(const InterruptedReads&) = delete;

 private:
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
};

Editing& editing_of(EditLine* editor) {
  void* editing = nullptr;
  el_get(editor, EL_CLIENTDATA, &editing);
  return *static_cast<Editing*>(editing);
}

char* show_prompt(EditLine* editor) { return editing_of(editor).prompt.data(); }

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
