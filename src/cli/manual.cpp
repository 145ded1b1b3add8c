// SPDX-License-Identifier: Apache-2.0
// cli: the manual page. The sections on verbs and flags come from the tables, the others stand
// here.
#include "cli/manual.hpp"

#include <fmt/format.h>

#include <vector>

#include "cli/commands.hpp"

namespace weir::cli {
namespace {

constexpr std::string_view kDescription = R"(.SH DESCRIPTION
.B weir
reads, queries and explains flow logs of Amazon VPC and of transit gateways.
It recognises their form and their fields by itself, counts what it cannot read, and never changes its input.
.PP
.I INPUT
is files, directories, globs or
.B \-
for standard input, in any form in which AWS delivers flow logs: text, gzip, zstd, Parquet, and JSON of CloudWatch Logs and Firehose.
Without one, standard input is read.
.PP
Flags stand behind the verb, before, between or behind the arguments.
Behind
.B \-\-
every word is an argument.
.B weir help
.I VERB
shows the flags of a verb.
)";

constexpr std::string_view kEnd = R"(.SH FILTER EXPRESSIONS
The
.I EXPR
of
.B \-\-where
compares fields with values:
.BR = ,
.BR != ,
.BR < ,
.BR <= ,
.BR > ,
.BR >= ,
.B \(ti
(regular expression),
.BR in ,
.B "not in"
and
.BR "is null" .
Comparisons are joined with
.BR and ,
.BR or ,
.B not
and parentheses.
The words of
.BR tcpdump (8)
are understood as well.
.PP
.nf
.RS
action = REJECT and dstport in (22, 3389, 8000\-8100)
srcaddr in 10.0.0.0/8 and bytes > 1M
rejected and src net 203.0.113.0/24 and dst port ssh
.RE
.fi
.SH EXIT STATUS
.TP
.B 0
The answer is complete.
.TP
.B 1
The answer is partial: some lines or files were skipped, and standard error says how many.
.TP
.B 2
There is no answer: a mistake in the command line, or input that cannot be read.
.TP
.B 3
.B \-\-guard
found something.
.SH ENVIRONMENT
.TP
.B NO_COLOR
If not empty, turn colours off.
.TP
.B CLICOLOR_FORCE
If not empty and not 0, colour the output even if it goes to no terminal.
.TP
.B COLUMNS
Width of tables, instead of the terminal's.
.TP
.B TMPDIR
Directory of temporary files, instead of /tmp.
.TP
.B TZ
Time zone of
.BR "\-\-tz local" .
.SH SEE ALSO
.BR aws (1),
.BR duckdb (1)
)";

/// Text as man(7) prints it unchanged: no hyphen becomes a dash, no line a command.
std::string manual_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      default:
        escaped += c;
    }
  }
  if (escaped.starts_with('.')) escaped.insert(0, "\\&");
  return escaped;
}

/// `**-n, --limit** *N*`.
std::string flag_heading(const Flag& flag) {
  std::string heading = ".TP\n\\fB";
  if (flag.letter != 0) heading += fmt::format("\\-{}\\fR, \\fB", flag.letter);
  heading += fmt::format("\\-\\-{}\\fR", manual_text(flag.name));
  if (!flag.value.empty()) heading += fmt::format(" \\fI{}\\fR", manual_text(flag.value));
  return heading + '\n';
}

/// A help text as a sentence.
std::string sentence(std::string_view help) {
  std::string text(help);
  if (text.front() >= 'a' && text.front() <= 'z' && (text.find(' ') < text.find_first_of(",;-"))) {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return manual_text(text) + (text.ends_with('.') ? "\n" : ".\n");
}

std::string verbs_section() {
  std::string text = ".SH VERBS\n";
  for (const Verb& verb : verbs()) {
    text += fmt::format(".SS {}\n.B weir {}\n[\\fIFLAGS\\fR] {}\n.PP\n{}", manual_text(verb.name),
                        manual_text(verb.name), manual_text(verb.usage), sentence(verb.summary));
    text += ".PP\nFlags:";
    std::string_view comma = " ";
    for (const FlagGroup& group : verb.groups) {
      for (const FlagId id : group.flags) {
        text += fmt::format("{}\\fB\\-\\-{}\\fR", comma, manual_text(flag_of(id).name));
        comma = ", ";
      }
    }
    text += ".\n";
    for (const Example& example : verb.examples) {
      text += fmt::format(".PP\n{}.PP\n.nf\n.RS\n{}\n.RE\n.fi\n", sentence(example.meaning),
                          manual_text(example.command));
    }
  }
  return text;
}

std::string flags_section() {
  std::string text = fmt::format(".SH FLAGS\n{}\n", manual_text(repeated_flags_text()));
  for (const Flag& flag : flags()) {
    text += flag_heading(flag) + sentence(help_of(flag));
    if (!flag.more.empty()) text += manual_text(flag.more) + '\n';
    std::vector<std::string_view> names;
    for (const Verb& verb : verbs()) {
      if (verb.has(flag.id)) names.push_back(verb.name);
    }
    text += fmt::format("(\\fI{}\\fR)\n", fmt::join(names, ", "));
  }
  return text +
         ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow the flags of a verb and three "
         "examples.\n";
}

}  // namespace

std::string manual_page() {
  std::string text = fmt::format(
      ".\\\" Written by `weir help \\-\\-generate man`.\n.TH WEIR 1 \"\" \"weir {}\" \"User "
      "Commands\"\n.SH NAME\nweir \\- read, query and explain AWS VPC Flow Logs\n.SH SYNOPSIS\n"
      ".B weir\n\\fIVERB\\fR [\\fIFLAGS\\fR] [\\fIINPUT\\fR...]\n",
      WEIR_VERSION);
  text += kDescription;
  text += verbs_section();
  text += flags_section();
  text += kEnd;
  return text;
}

}  // namespace weir::cli
