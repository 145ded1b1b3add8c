// SPDX-License-Identifier: Apache-2.0
// cli: the table of verbs and flags, and the help that is printed from it.
#include "cli/commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/verbs.hpp"
#include "render/terminal_text.hpp"

namespace weir::cli {
namespace {

constexpr Flag kFlags[] = {
    {'w', "where", "EXPR", "only records that match, e.g. 'rejected and dst port 22'",
     &Options::where},
    {0, "since", "T", "only records that start at T or later: epoch, ISO 8601, 2h, yesterday",
     &Options::since},
    {0, "until", "T", "only records that start before T", &Options::until},
    {'n', "limit", "N", "stop after N records or groups; 0 means all", &Options::limit},
    {0, "format", "F",
     "fields of lines without a header: '${version} ${srcaddr} ...', or a file that "
     "`aws ec2 describe-flow-logs` printed",
     &Options::format},
    {0, "config", "DIR|FILE",
     "what `aws ec2 describe-security-groups`, `describe-network-acls` and the like printed; may "
     "be given several times",
     &Options::config},
    {0, "fields", "LIST", "fields to write, in this order: srcaddr,dstaddr,bytes",
     &Options::fields},
    {'o', "output", "KIND[:FILE]",
     "table, csv, tsv, json, ndjson, flowlog or parquet; a FILE ending in .gz or .zst is packed",
     &Options::output},
    {0, "partition", "LEVEL",
     "Parquet in folders as AWS lays them out, by day, hour or account-id; FILE is their directory",
     &Options::partition},
    {0, "by", "MEASURE", "what counts: bytes (flows where there are none), packets or flows",
     &Options::by},
    {0, "count", "", "count records and nothing else, which is faster: no packets, no bytes",
     &Options::count},
    {0, "every", "T", "length of a bucket of time: 30s, 5m, 1h, 1d", &Options::every},
    {0, "split", "FIELD", "one row for each value of FIELD in a bucket", &Options::split},
    {0, "memory", "SIZE",
     "keep at most SIZE (500M, 2Gi) in memory and the rest in temporary files; 60 % of the machine "
     "if not given",
     &Options::memory},
    {0, "temp-dir", "DIR", "directory of these files; $TMPDIR or /tmp if not given",
     &Options::temp_dir},
    {'w', "where", "EXPR",
     "only conversations of which a record matches, e.g. 'rejected and dst port 22'",
     &Options::where, "pairs"},
    {0, "dedup", "",
     "count packets once that several interfaces, NAT legs or flow logs have recorded",
     &Options::dedup},
    {'w', "where", "EXPR", "only rules for records that match, e.g. 'dst port 5432'",
     &Options::where, "suggest"},
    {0, "as", "SHAPE",
     "rules (the default; -o says how), aws-cli (commands), security-groups (JSON as "
     "describe-security-groups prints it, for `weir whatif --proposed`) or terraform",
     &Options::as},
    {0, "interface", "ENI", "only for this interface", &Options::interface},
    {0, "group", "SG", "only for the interfaces that carry this group", &Options::group},
    {0, "max-rules", "N",
     "rules of a group in each direction, IPv4 and IPv6 apart; 60 unless given, AWS's quota",
     &Options::max_rules},
    {0, "widen", "LENGTH",
     "where there are more, merge peers into prefixes as short as /LENGTH, and no shorter than it "
     "takes: 24, or 24,64 for IPv4 and IPv6; 0 may end in 0.0.0.0/0; none unless given",
     &Options::widen},
    {0, "each", "", "a paragraph a record instead of an answer a group", &Options::each},
    {0, "grouped", "", "a row a group instead of a row a record, for programs", &Options::grouped},
    {0, "proposed", "DIR|FILE",
     "the configuration as it would be, or the parts of it that change; may be given several times",
     &Options::proposed},
    {0, "findings", "", "only rules against which something can be said", &Options::findings},
    {0, "guard", "", "exit with 3 if anything is cut; what is only possible does not count",
     &Options::guard},
    {0, "strict", "", "stop at the first malformed line", &Options::strict},
    {0, "rejects", "FILE", "write every skipped line to FILE, as NDJSON with place and reason",
     &Options::rejects},
    {0, "threads", "N", "use at most N threads; all of the machine's unless told",
     &Options::threads},
    {0, "tz", "ZONE",
     "time zone of what is shown and of --since, --until: utc, local, Europe/Berlin", &Options::tz},
    {0, "color", "WHEN", "auto, always or never", &Options::color},
    {0, "progress", "WHEN",
     "a line on what is being done, how far it is and how long it will take: auto (on a terminal, "
     "after a second), always or never",
     &Options::progress},
    {0, "seed", "N", "another number, another log; 1 unless given", &Options::seed},
    {0, "size", "BYTES",
     "how much text before packing, to the last record that fits: 500K, 64MiB, 1GB",
     &Options::size},
    {0, "records", "N", "how many records; 1000 unless --size is given", &Options::records},
    {0, "fields", "FORMAT",
     "v2 (the default), v3, v4, v5, v7 to v11, all, or fields: '${srcaddr} ${dstaddr} ...'",
     &Options::fields, "synth"},
    {'o', "output", "FILE",
     "a file, packed if it ends in .gz or .zst; - for standard output; a DIRECTORY/ for objects as "
     "AWS lays them out",
     &Options::output, "synth"},
    {0, "objects", "N", "objects of a directory; 24 unless given", &Options::objects},
    {0, "plain", "", "objects of a directory as text, not gzip", &Options::plain},
    {0, "day", "DATE", "the day of the records; 2025-12-01 unless given", &Options::day},
    {0, "config", "DIRECTORY",
     "also write what `aws ec2 describe-...` would print of the company's networks, and let every "
     "verdict follow from it",
     &Options::config_directory, "synth"},
    {0, "interfaces", "N", "how many network interfaces the company has, about; 1280 unless given",
     &Options::interfaces},
    {'f', "file", "FILE", "a file with the query", &Options::file},
    {0, "table", "NAME=INPUT", "one more table of flow logs; may be given several times",
     &Options::table},
    {0, "safe", "",
     "refuse statements that change anything or reach other files: for the SQL of strangers",
     &Options::safe},
    {'n', "limit", "N", "stop after N rows; 0 means all, which a table has 1000 of otherwise",
     &Options::limit, "sql"},
    {0, "set", "NAME=VALUE",
     "the value of a parameter of the report: --set port=22; may be given several times",
     &Options::set},
    {0, "sql", "", "print the SQL of the report, to adapt it and to run it with `weir sql -f FILE`",
     &Options::sql},
    {0, "prices", "FILE",
     "a table of prices, in lines like nat-gateway-processing,us-east-1,0.045,10^9,2026-08,URL "
     "below item,region,usd_per_gb,gb,date,source",
     &Options::prices},
    {'n', "limit", "N", "stop after N rows; 0 means all, of which a table has 20 otherwise",
     &Options::limit, "report"},
    {'q', "quiet", "", "no summary and no warnings", &Options::quiet},
    {'v', "verbose", "", "more detail", &Options::verbose},
};

#define WEIR_READING_FLAGS \
  "where since until limit format output strict rejects threads tz color progress quiet verbose"

constexpr Verb kVerbs[] = {
    {"read",
     "[INPUT...]",
     "What is in these logs?",
     "where since until limit format fields output strict rejects threads tz color progress quiet "
     "verbose",
     {{{"weir read -n 20 flow-logs/", "the first 20 records below a directory"},
       {"weir read -w 'rejected and dst port 22' flow-logs/*.gz", "every rejected SSH attempt"},
       {"aws logs tail vpc | weir read -o ndjson", "records of CloudWatch Logs as JSON lines"}}},
     run_read},
    {"explain",
     "[INPUT... | RECORD]",
     "What does this record say, in words?",
     WEIR_READING_FLAGS,
     {{{"weir explain '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 "
        "20 "
        "4249 1418530010 1418530070 ACCEPT OK'",
        "one record in a sentence"},
       {"weir explain -n 5 -w rejected flow-logs/", "the first five rejects in words"},
       {"weir explain -v -n 1 flow-logs/", "one record, field by field"}}},
     run_explain},
    {"top",
     "FIELDS [INPUT...]",
     "Who or what most?",
     "where since until limit by count every format output memory temp-dir strict rejects threads "
     "tz "
     "color progress quiet verbose",
     {{{"weir top srcaddr --by bytes flow-logs/", "the ten sources that sent most"},
       {"weir top start,dstport --every 5m -w rejected flow-logs/",
        "the five minutes and ports with most refusals"},
       {"weir top interface-id,log-status -n 0 flow-logs/",
        "records of each interface and status"}}},
     run_top},
    {"timeline",
     "[INPUT...]",
     "When?",
     "where since until limit every split by count format output memory temp-dir strict rejects "
     "threads "
     "tz color progress quiet verbose",
     {{{"weir timeline --every 5m flow-logs/", "bytes in buckets of five minutes"},
       {"weir timeline --every 1h --split action --by flows flow-logs/",
        "accepted and rejected by hour"},
       {"weir timeline --since 2026-11-20 --until 2026-11-21 -o csv flow-logs/",
        "one day as CSV"}}},
     run_timeline},
    {"pairs",
     "[INPUT...]",
     "Which conversations?",
     "where since until limit by dedup config format output memory temp-dir strict rejects threads "
     "tz "
     "color progress quiet verbose",
     {{{"weir pairs flow-logs/", "the ten conversations with most bytes, both ways"},
       {"weir pairs -w 'rejected' --by flows flow-logs/",
        "conversations of which something was refused"},
       {"weir pairs --dedup -n 0 -o ndjson flow-logs/",
        "all of them as JSON lines, each byte counted once"}}},
     run_pairs},
    {"why",
     "[INPUT...]",
     "Why was it accepted or rejected?",
     "where since until limit config each grouped format output memory temp-dir strict rejects "
     "threads tz color progress quiet verbose",
     {{{"weir why -w rejected flow-logs/", "what stopped each reject, as far as the log proves it"},
       {"weir why -w rejected --config network/ flow-logs/",
        "with the rule that stopped it, of what `aws ec2 describe-...` printed"},
       {"weir why -v --each -n 1 -w 'dst port 22' --config network/ flow-logs/",
        "one record, with every rule that was looked at"}}},
     run_why},
    {"rules",
     "--config DIR [INPUT...]",
     "What did each rule of the security groups and network ACLs do?",
     "config where since until findings format output memory temp-dir strict rejects threads tz "
     "color progress quiet verbose",
     {{{"weir rules --config network/ flow-logs/", "flows of each rule, and what they say of it"},
       {"weir rules --config network/ --findings flow-logs/",
        "rules that are unused, wider than their use, shadowed or duplicates"},
       {"weir rules --config network/ -o ndjson flow-logs/ | jq 'select(.sole_flows == 0)'",
        "rules without which everything would pass as well"}}},
     run_rules},
    {"suggest",
     "[INPUT...]",
     "Which rules admit what was accepted, and no more?",
     "config interface group as max-rules widen where since until format output memory temp-dir "
     "strict rejects threads tz color progress quiet verbose",
     {{{"weir suggest --interface eni-0a1b2c3d flow-logs/",
        "a rule for each port and peer that was accepted there"},
       {"weir suggest --config network/ --group sg-0a1b2c3d --as terraform flow-logs/",
        "peers by their groups, as resources of Terraform"},
       {"weir suggest --config network/ --widen 24 --as security-groups flow-logs/ > new.json",
        "for every group, to be tried with `weir whatif --proposed new.json`"}}},
     run_suggest},
    {"whatif",
     "--config NOW --proposed DIR [INPUT...]",
     "What would a changed configuration cut or admit?",
     "config proposed guard where since until limit format output memory temp-dir strict rejects "
     "threads tz color progress quiet verbose",
     {{{"weir whatif --config network/ --proposed change/ flow-logs/",
        "the conversations that a change cuts or admits, the largest first"},
       {"weir whatif --config network/ --proposed change/ --guard -q flow-logs/",
        "exit status 3 if anything is cut, for a pipeline"},
       {"weir whatif --proposed network/ flow-logs/",
        "what the log accepted and this configuration would not"}}},
     run_whatif},
    {"check",
     "[INPUT...]",
     "Can I trust these logs?",
     "where since until limit format config output strict rejects threads tz color progress quiet "
     "verbose",
     {{{"weir check flow-logs/", "shapes, formats, malformed lines, gaps, duplicates"},
       {"weir check --config network/", "what a configuration holds, and what it lacks"},
       {"weir check --where 'rejected and dst port 22'", "only whether the expression is right"}}},
     run_check},
    {"sql",
     "[QUERY] [INPUT...]",
     "Anything else, in SQL over the table flows",
     "where since until limit table file safe format output memory temp-dir strict rejects threads "
     "tz color progress quiet",
     {{{"weir sql 'SELECT srcaddr, sum(bytes) FROM flows GROUP BY 1 ORDER BY 2 DESC LIMIT 5' logs/",
        "the five sources that sent most"},
       {"weir sql flow-logs/", "a prompt; .help lists what it understands"},
       {"weir sql -f report.sql --table before=old-logs/ --table after=new-logs/ -o csv",
        "a query in a file over two tables, as CSV"}}},
     run_sql},
    {"report",
     "[NAME] [INPUT...]",
     "Saved questions: what people ask of flow logs",
     "set sql prices where since until limit format output memory temp-dir strict rejects threads "
     "tz color progress quiet",
     {{{"weir report", "the questions, by group"},
       {"weir report port-scans --set targets=50 --since 24h flow-logs/",
        "who tried fifty hosts and ports or more since yesterday"},
       {"weir report nat-senders --sql > nat.sql; weir sql -f nat.sql flow-logs/",
        "a report's SQL, to adapt"}}},
     run_report},
    {"fields",
     "[FIELD...]",
     "What does each field mean?",
     "output color quiet verbose",
     {{{"weir fields", "every field of every version"},
       {"weir fields tcp-flags traffic-path", "two fields in full"},
       {"weir fields -v", "every field in full"}}},
     run_fields},
    {"convert",
     "-o KIND:FILE [INPUT...]",
     "The same records in another shape",
     "output fields partition where since until limit format memory temp-dir strict rejects "
     "threads tz color progress quiet verbose",
     {{{"weir convert -o parquet:flows.parquet flow-logs/", "one Parquet file, sorted by time"},
       {"weir convert -o flowlog:web.log.gz --fields srcaddr,dstaddr,bytes flow-logs/",
        "flow-log text with three fields"},
       {"weir convert --partition day -o parquet:archive/ flow-logs/",
        "Parquet in folders as AWS lays them out, for Athena and the like"}}},
     run_convert},
    {"synth",
     "",
     "Logs of an invented company, for benchmarks and demos",
     "seed size records fields output objects plain day config interfaces quiet",
     {{{"weir synth --records 20 --fields v5", "twenty records with every field of version 5"},
       {"weir synth --seed 7 --size 1GB -o flows.log.gz", "a gigabyte of text, packed"},
       {"weir synth --size 1GiB --objects 2000 -o flow-logs/",
        "two thousand objects, laid out as AWS does on S3"}}},
     run_synth},
};

#undef WEIR_READING_FLAGS

constexpr std::size_t kHelpWidth = 80;

/// Breaks text so that it stays within the width of help behind a column.
std::string wrap_behind(std::string_view text, std::size_t column) {
  std::string wrapped = render::wrap_text(text, kHelpWidth - column, 0);
  for (std::size_t at = 0; (at = wrapped.find('\n', at)) != std::string::npos; at += column) {
    wrapped.insert(++at, column, ' ');
  }
  return wrapped;
}

std::string flag_line(const Flag& flag) {
  constexpr std::size_t kColumn = 24;
  const std::string left =
      fmt::format("  {}--{}{}{}", flag.letter != 0 ? fmt::format("-{}, ", flag.letter) : "    ",
                  flag.name, flag.value.empty() ? "" : " ", flag.value);
  if (left.size() + 2 > kColumn) {
    return fmt::format("{}\n{:{}}{}\n", left, "", kColumn, wrap_behind(flag.help, kColumn));
  }
  return fmt::format("{:<{}}{}\n", left, kColumn, wrap_behind(flag.help, kColumn));
}

}  // namespace

std::span<const Flag> flags() { return kFlags; }
std::span<const Verb> verbs() { return kVerbs; }

const Flag& find_flag(std::string_view name, const Verb& verb) {
  const auto find = [name](std::string_view owner) {
    return std::find_if(std::begin(kFlags), std::end(kFlags),
                        [&](const Flag& flag) { return flag.name == name && flag.verb == owner; });
  };
  const auto* const own = find(verb.name);
  return own == std::end(kFlags) ? *find({}) : *own;
}

const Verb* find_verb(std::string_view name) {
  const auto found = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                  [name](const Verb& verb) { return verb.name == name; });
  return found == std::end(kVerbs) ? nullptr : found;
}

std::string general_help() {
  std::string text =
      "weir reads, queries and explains AWS VPC Flow Logs.\n\nusage: weir VERB [FLAGS] "
      "[INPUT...]\n\n";
  for (const Verb& verb : kVerbs) {
    text += fmt::format("  {:<10} {}\n", verb.name, verb.question);
  }
  text +=
      "\nINPUT is files, directories, globs or - for standard input, in any shape in which AWS\n"
      "delivers flow logs. `weir VERB --help` shows the flags of a verb and three examples.\n"
      "Exit status: 0 complete answer, 1 something was skipped, 2 no answer, 3 a guard found\n"
      "something.\n";
  return text;
}

std::string verb_help(const Verb& verb) {
  std::string text = fmt::format("{}\n\nusage: weir {} [FLAGS]{}{}\n\n", verb.question, verb.name,
                                 verb.arguments.empty() ? "" : " ", verb.arguments);
  std::string_view names = verb.flags;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    text += flag_line(find_flag(names.substr(0, end), verb));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  text += "\nexamples:\n";
  for (const Example& example : verb.examples) {
    text += fmt::format("  # {}\n  {}\n", example.meaning, example.command);
  }
  return text;
}

}  // namespace weir::cli
